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
    ("past", "lists", "editing"),
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


# Libraries that most rooms use are imported once; then each line's modules in a process of its own that has nothing else. What a
# library pulls in is none of popmap's, so neither popmap nor the two libraries that are asked about may be among it.
_EACH = """
import gc, os, sys, warnings
import numpy, pandas, pyarrow, pyarrow.compute, pyarrow.csv, pyarrow.parquet
assert not {"popmap", "duckdb", "streamlit"} & set(sys.modules)
gc.freeze()
# The libraries' threads are idle and of no use to the copies, which only import.
warnings.simplefilter("ignore", DeprecationWarning)
for line in sys.stdin:
    if not os.fork():
        for name in line.split():
            __import__(name)
        sys.stdout.write(" ".join(sys.modules) + "\\n")
        sys.stdout.flush()
        os._exit(0)
    assert os.wait()[1] == 0, line
"""


@cache
def loaded_by_each(*imports: tuple[str, ...]) -> dict[tuple[str, ...], frozenset[str]]:
    """Return, for each of some lists of modules, what a fresh interpreter holds after importing them, without the libraries' own."""
    asked = "".join(f"{' '.join(names)}\n" for names in imports)
    done = subprocess.run([sys.executable, "-c", _EACH], input=asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return dict(zip(imports, (frozenset(line.split()) for line in done.stdout.splitlines()), strict=True))


def modules_of(name: str) -> tuple[str, ...]:
    """Return the modules of a room."""
    return tuple(module(path) for path in MODULES if room(module(path)) == name)


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


_ROOMS = [name for name in PLACE if PLACE[name] < PLACE["cli"]]


@pytest.mark.parametrize("name", _ROOMS)
def test_what_a_room_pulls_in(name: str):
    """A fresh interpreter that imported a whole room holds rooms to its left only, and streamlit only behind the interface."""
    loaded = loaded_by_each(*(modules_of(each) for each in _ROOMS))[modules_of(name)]
    used = {room(one) for one in loaded} - {name, ""}
    assert {one for one in used if PLACE[one] >= PLACE[name]} == set()
    assert (DATABASE in loaded) == ("store" in {name, *used})
    assert (SCREEN in loaded) == (name == "ui")


def test_the_command_line_needs_no_screen():
    """Commands that show nothing start without streamlit, which takes a second to import."""
    loaded = loaded_by_each(("popmap.cli",))[("popmap.cli",)]
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
