"""Documents and pictures set by typst."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from popmap import typesetting

MADE_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TEMPLATE = """#import "style.typ": note
#set document(title: "A title")
#let data = json("data.json")
#set text(lang: "en", font: ("Liberation Sans", "DejaVu Sans"))
= A title
#note(data.name)
#image("drawing.svg", alt: "A drawing")
"""
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" font-family="sans-serif"><text y="20">Drawn words</text></svg>'


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """Return a template with another file beside it."""
    (tmp_path / "style.typ").write_text("#let note(words) = block[Note: #words]")
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE)
    return path


def test_the_same_document_everywhere(template: Path, tmp_path: Path):
    """Another folder, time zone, locale and hash seed give the same bytes."""
    code = (
        "import sys; from datetime import UTC, datetime; from pathlib import Path; from popmap.typesetting import pdf; "
        f"made_at = datetime.fromtimestamp({MADE_AT.timestamp()}, UTC).astimezone(); "
        f"document = pdf(Path({str(template)!r}), {{'name': 'Åse'}}, made_at, {{'drawing.svg': {DRAWING!r}}}); "
        "sys.stdout.buffer.write(document)"
    )
    elsewhere = {"TZ": "Asia/Kolkata", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[2])}
    there = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **elsewhere}, capture_output=True, check=True)
    here = typesetting.pdf(template, {"name": "Åse"}, MADE_AT, {"drawing.svg": DRAWING})
    assert here.startswith(b"%PDF") and there.stdout == here


@pytest.mark.parametrize("name", ['#panic("x")', "*not bold*", "$ x", "</svg>", '"); #read("main.typ")', "= Heading", "\\u{7}"])
def test_text_is_never_markup(template: Path, name: str):
    """What stands in a register reaches the page as its characters: code in it neither runs nor breaks the document."""
    assert typesetting.pdf(template, {"name": name}, MADE_AT, {"drawing.svg": DRAWING}).startswith(b"%PDF")


@pytest.mark.parametrize("scale", [1, 2])
def test_a_picture_has_the_size_of_its_drawing(scale: int):
    """A PNG is as large as the SVG times the scale, and the same each time."""
    picture = typesetting.png(DRAWING, scale)
    assert struct.unpack(">II", picture[16:24]) == (120 * scale, 40 * scale)
    assert picture == typesetting.png(DRAWING, scale)
