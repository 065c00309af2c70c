"""What typst is asked to make, as plain data that can go to another process and come back as one file."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from popmap.typesetting.families import FAMILIES, ROOM, as_typst

MAIN, DATA, PICTURE = "main.typ", "data.json", "picture.svg"
_LABELS = ROOM / "labels.typ"
_GENERIC = b'font-family="sans-serif"'
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Job:
    """One document or picture to make.

    Attributes:
        files: What typst reads, by name; MAIN is where it begins.
        made_at: The time a document states as its own, None for a picture.
        tagged: Whether a document is to be read by itself, as PDF/UA-1.
        scale: Pixels of a picture for each of its drawing; 0 for a document.
        scripts: Whether a text in it needs the fonts of scripts that have fonts of their own.
    """

    files: Mapping[str, bytes]
    made_at: datetime | None = None
    tagged: bool = True
    scale: float = 0.0
    scripts: bool = False


def pdf_job(template: Path, data: Mapping[str, object], made_at: datetime, pictures: Mapping[str, bytes], tagged: bool) -> Job:
    """Return the job of a document; see `typesetting.pdf`."""
    # A worker imports this module, too, and is to hold no more memory than it needs.
    from popmap.typesetting.glyphs import of_scripts

    beside = {path.name: path.read_bytes() for path in sorted(template.parent.glob("*.typ")) if path != template}
    drawn = {name: _named(content) for name, content in pictures.items()}
    said = json.dumps(data, ensure_ascii=False)
    scripts = of_scripts(said)
    files = {MAIN: template.read_bytes(), DATA: said.encode(), **_shared(scripts), **beside, **drawn}
    return Job(files, made_at.replace(microsecond=0), tagged, scripts=scripts)


def png_job(picture: bytes, scale: float) -> Job:
    """Return the job of a picture; see `typesetting.png`."""
    from popmap.typesetting.labels import lifted

    page = f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{PICTURE}")\n'
    drawing, labels = lifted(picture)
    files = {MAIN: page.encode(), PICTURE: _named(drawing)}
    if labels:
        # A pixel of an SVG is the 96th part of an inch (CSS), and an inch has 72 points.
        upon = f'''#import "families.typ": families
#import "labels.typ": labelled
#set text(font: families)
#set page(foreground: context labelled(json("{DATA}"), 0.75pt))
'''
        files |= {MAIN: f"{upon}{page}".encode(), DATA: json.dumps(labels).encode(), **_shared(scripts=True)}
    return Job(files, scale=scale, scripts=bool(labels))


def _shared(scripts: bool) -> dict[str, bytes]:
    """Return the files that a template may import whatever its folder."""
    return {"families.typ": as_typst(scripts), _LABELS.name: _LABELS.read_bytes()}


def _named(picture: bytes) -> bytes:
    """Return an SVG document that asks for the fonts there are; which one is the generic one differs from machine to machine."""
    return picture.replace(_GENERIC, f'font-family="{", ".join(FAMILIES)}"'.encode())


def send_job(out: BinaryIO, job: Job) -> None:
    """Write a job to a pipe."""
    facts = {
        "made_at": job.made_at.isoformat() if job.made_at else "",
        "tagged": job.tagged,
        "scale": job.scale,
        "scripts": job.scripts,
        "files": list(job.files),
    }
    send(out, facts, job.files.values())


def receive_job(source: BinaryIO) -> Job | None:
    """Return the next job from a pipe, None when there is none to come."""
    found = receive(source)
    if found is None:
        return None
    facts, blobs = found
    made_at = datetime.fromisoformat(facts["made_at"]) if facts["made_at"] else None
    return Job(dict(zip(facts["files"], blobs, strict=True)), made_at, facts["tagged"], facts["scale"], facts["scripts"])


def send(out: BinaryIO, facts: Mapping[str, Any], blobs: Iterable[bytes]) -> None:
    """Write facts and contents to a pipe, each with its length before it."""
    blobs = list(blobs)
    for part in (json.dumps({**facts, "blobs": len(blobs)}).encode(), *blobs):
        out.write(_LENGTH.pack(len(part)))
        out.write(part)
    out.flush()


def receive(source: BinaryIO) -> tuple[dict[str, Any], list[bytes]] | None:
    """Return what `send` wrote, None where the pipe ends before it.

    Raises:
        EOFError: The pipe ends in the middle.
    """
    if not (head := source.read(_LENGTH.size)):
        return None
    facts = json.loads(_whole(source, head))
    return facts, [_whole(source, source.read(_LENGTH.size)) for _ in range(facts["blobs"])]


def _whole(source: BinaryIO, head: bytes) -> bytes:
    if len(head) < _LENGTH.size:
        raise EOFError("the pipe ended")
    (size,) = _LENGTH.unpack(head)
    content = source.read(size)
    if len(content) < size:
        raise EOFError("the pipe ended")
    return content
