"""Pictures below each other as one picture: the same pixels, whatever filters the rows came with."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from popmap import typesetting
from popmap.checks.run import open_checked
from popmap.evidence import pictures
from popmap.evidence.stacking import stacked
from popmap.filters import Filter
from tests.benchmarks.generate import generate

ROWS = st.lists(st.tuples(st.sampled_from(range(5)), st.binary(min_size=12, max_size=12)), min_size=1, max_size=4)


def png(rows: list[tuple[int, bytes]], kind: bytes = b"\x08\x06\x00\x00\x00") -> bytes:
    """Return a picture of three pixels in a row, of filters and filtered bytes."""
    content = b"".join(bytes([which]) + row for which, row in rows)
    chunks = ((b"IHDR", struct.pack(">II", 3, len(rows)) + kind), (b"IDAT", zlib.compress(content)), (b"IEND", b""))
    packed = (struct.pack(">I", len(said)) + name + said + struct.pack(">I", zlib.crc32(name + said)) for name, said in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def pixels(picture: bytes) -> np.ndarray:
    """Return what a picture shows."""
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGBA"))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=3))
def test_the_same_pixels(parts: list[list[tuple[int, bytes]]]):
    """A stack shows what its pictures show below each other."""
    drawn = [png(rows) for rows in parts]
    whole = b"".join(stacked(drawn, 3, sum(map(len, parts))))
    assert (pixels(whole) == np.concatenate([pixels(each) for each in drawn])).all()


@pytest.mark.parametrize(
    ("drawn", "width", "height"),
    [
        ([b"no picture"], 3, 1),
        ([png([(0, bytes(12))])], 4, 1),
        ([png([(0, bytes(12))])], 3, 2),
        ([png([(0, bytes(12))] * 2)], 3, 1),
        ([png([(0, bytes(12))], b"\x08\x02\x00\x00\x00")], 3, 1),
        ([], 3, 1),
    ],
)
def test_only_what_fits(drawn: list[bytes], width: int, height: int):
    """Pictures of another kind, width or height are refused rather than put together wrongly."""
    with pytest.raises(ValueError, match="picture"):
        list(stacked(drawn, width, height))


def test_a_map_drawn_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A map that is drawn row by row is the map drawn at once, but for the edges of its lines; it says when it is drawn."""
    generate(tmp_path, 300, vendors=150, categories=5)
    store = open_checked(tmp_path)
    monkeypatch.setattr(pictures, "MOST_PIXELS", 3_000_000)
    at_once = pixels(b"".join(pictures.map_png(store, Filter())))
    monkeypatch.setattr(pictures, "_AT_ONCE", 0)
    asked, told = [], []

    def draw(drawing: bytes, scale: float) -> bytes:
        asked.append(scale)
        return typesetting.png(drawing, scale)

    by_row = pixels(b"".join(pictures.map_png(store, Filter(), draw, lambda: told.append(len(asked)))))
    assert len(asked) > 1 and told == [len(asked)] and by_row.shape == at_once.shape
    assert (np.abs(by_row.astype(int) - at_once).max(axis=2) > 128).mean() < 0.002
