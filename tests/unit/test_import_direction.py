"""The house's one-way streets: what each room pulls in when it is imported, and who may import what."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "popmap"
# From left to right; a room uses rooms of streets further left only, never one of its own street.
STREETS: tuple[tuple[str, ...], ...] = (
    ("errors", "formats", "queries"),
    ("uploads", "typesetting"),
    ("register", "filters", "views"),
    ("facets",),
    ("building",),
    ("store",),
    ("columns", "stated"),
    ("numbering", "selected"),
    ("rewriting",),
    ("selection", "flow_rows"),
    ("checks", "flow", "tables", "counting", "cards", "answering", "importing"),
    ("summary", "findings", "differences"),
    ("exports", "convert", "opened", "reports"),
    ("renderings",),
    ("past", "lists"),
    ("feed",),
    ("api", "evidence"),
    ("ui",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
PLACE = {room: place for place, street in enumerate(STREETS) for room in street}
DATABASE, SCREEN = "duckdb", "streamlit"
MODULES = sorted(PACKAGE.rglob("*.py"))


def module(path: Path) -> str:
    """Return a file's module by its dotted name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room(name: str) -> str:
    """Return the room of a module: the part behind popmap, or "" for what is in none."""
    top, part, *_ = (*name.split("."), "")
    part = part if top == "popmap" else ""
    return part if part in PLACE or (PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").exists() else ""


@cache
def loaded_by(*names: str) -> frozenset[str]:
    """Return the modules a fresh interpreter holds after importing these."""
    code = f"import sys, {', '.join(names)}; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return frozenset(done.stdout.split())


def named_in(path: Path) -> set[str]:
    """Return the modules a file names in its import statements, those inside functions too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            found |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_room_has_its_place():
    """A new room has to be given its place here, and a place whose room is gone is taken away."""
    assert {room(module(path)) for path in MODULES} - {""} == set(PLACE)


@pytest.mark.parametrize("name", [name for name in PLACE if PLACE[name] < PLACE["cli"]])
def test_what_a_room_pulls_in(name: str):
    """A fresh interpreter that imported a whole room holds rooms to its left only, and streamlit only behind the interface."""
    loaded = loaded_by(*(module(path) for path in MODULES if room(module(path)) == name))
    used = {room(one) for one in loaded} - {name, ""}
    assert {one for one in used if PLACE[one] >= PLACE[name]} == set()
    assert (DATABASE in loaded) == ("store" in {name, *used})
    assert (SCREEN in loaded) == (name == "ui")


def test_the_command_line_needs_no_screen():
    """Commands that show nothing start without streamlit, which takes a second to import."""
    loaded = loaded_by("popmap.cli")
    assert SCREEN not in loaded and "popmap.ui" not in loaded


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_what_a_file_names(path: Path):
    """No line of a file, inside functions either, imports to the right; only the store names duckdb, only the interface streamlit."""
    names = named_in(path)
    tops = {name.split(".")[0] for name in names}
    own = room(module(path))
    assert DATABASE not in tops or path == PACKAGE / "store.py"
    assert SCREEN not in tops or own == "ui"
    used = {room(name) for name in names} - {own, ""}
    assert {one for one in used if PLACE[one] >= PLACE.get(own, -1)} == set()
