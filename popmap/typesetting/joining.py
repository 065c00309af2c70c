"""Several PDFs as one: for documents that would take too much memory to set at once.

It reads what typst writes and no other PDF: a plain cross-reference table, a flat page tree, one outline, one structure tree, and no object
inside a compressed stream. ISO 32000-1:2008, chapters 7.5 (file structure), 12.3.3 (outlines) and 14.7 (logical structure).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from popmap.typesetting.objects import Writer

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
# What matters inside a string: an escaped character, and brackets, which may stand in it in pairs (7.3.4.2).
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_PLACE = re.compile(rb"/StructParent(s?) (\d+)")
_KEY = re.compile(rb"\(U[0-9xy]+\)")
_NUMBER = re.compile(rb"(\d+) (\d+) 0 R")
_NAME = re.compile(rb"\(U([0-9xy]+)\)\s*(\d+) 0 R")


# The numbers of the objects that stand for the whole.
_CATALOGUE, _PAGES, _OUTLINE, _STRUCTURE, _WHOLE = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class _Document:
    """A PDF taken apart: its objects by number, and the numbers of those that stand for the whole, 0 for one that is not there."""

    objects: dict[int, bytes]
    root: int
    info: int
    pages: int
    outline: int
    structure: int
    metadata: int

    def whole(self) -> _Document:
        """Return it with those objects alone that stand for the whole."""
        return replace(self, objects={key: self.objects[key] for key in (self.root, self.structure)})


def joined(documents: Iterable[bytes], over: Iterable[bytes] | None = None) -> bytes:
    """Return PDFs made by `typesetting.pdf` as one; see `pieces`."""
    return b"".join(pieces(documents, over))


def pieces(documents: Iterable[bytes], over: Iterable[bytes] | None = None, *, last_first: bool = False) -> Iterator[bytes]:
    """Yield PDFs made by `typesetting.pdf` as one: their pages, bookmarks and tags one after another, all else as in the first.

    Args:
        documents: One or more, none of them without a heading; they are looked at once, one after another, and none is held longer.
        over: PDFs of as many pages in all, without tags, such as page numbers: each of their pages is drawn upon one of the documents', as
            a footer. They are looked at after all documents.
        last_first: Whether the last document stands before the others, such as contents that name the pages of the others.

    Raises:
        ValueError: For a PDF that typst did not write, or pages that are too few or too many.
    """
    writer = Writer()
    used, place, count = _WHOLE, 0, 0
    # What is only known when all documents have been seen, or changes with what follows: small, and so it can wait.
    kept: dict[int, bytes] = {}
    kids, elements, nums, names, ends, per_document = [], [], [], [], [], []
    first: _Document | None = None
    yield writer.start()
    for number, document in enumerate(documents, start=1):
        part = _taken_apart(document)
        shift, used = used, used + max(part.objects)
        same = {part.pages: _PAGES, part.outline: _OUTLINE, part.structure: _WHOLE}
        left_out = {part.root, *same} | ({part.info, part.metadata} if first else set())
        tree, marks = part.objects[part.structure], part.objects[part.outline]
        pages, tops = _listed(part.objects[part.pages], b"Kids"), _listed(tree, b"K")
        outer = (_reference(marks, b"First"), _reference(marks, b"Last"))
        waiting = {*pages, *tops, *outer} | (
            {_reference(part.objects[page], b"Resources") for page in pages} if over is not None else set()
        )
        per_document.append(len(pages))
        kids += [kid + shift for kid in pages]
        elements += [element + shift for element in tops]
        nums += [(int(at) + place, int(found) + shift) for at, found in _NUMBER.findall(_array(tree, b"Nums"))]
        names += [(b"U%dp%s" % (number, name), int(found) + shift) for name, found in _NAME.findall(tree)]
        ends.append((outer[0] + shift, outer[1] + shift))
        count += int(_found(rb"/Count (-?\d+)", marks))
        for key, content in part.objects.items():
            if key in left_out:
                continue
            moved = _moved(content, shift, same, place, number)
            if key in waiting:
                kept[key + shift] = moved
            else:
                yield writer.piece(key + shift, moved)
        place = max((at for at, _ in nums), default=-1) + 1
        if not first:
            first = part.whole()
    if not first:
        raise ValueError("no PDF to join")
    if last_first:
        kids, elements, ends = (_turned(every, by) for every, by in ((kids, per_document[-1]), (elements, 1), (ends, 1)))
    _bind(kept, ends, elements)
    same = {first.pages: _PAGES, first.outline: _OUTLINE, first.structure: _STRUCTURE}
    kept[_CATALOGUE] = _moved(first.objects[first.root], _WHOLE, same, 0, 1)
    kept[_PAGES] = b"<</Type/Pages/Count %d/Kids[%s]>>\n" % (len(kids), _references(kids))
    kept[_OUTLINE] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>\n" % (ends[0][0], ends[-1][1], count)
    kept[_WHOLE] = b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>\n" % (_STRUCTURE, _references(elements))
    roles = re.search(rb"/RoleMap<<.*?>>", first.objects[first.structure])
    kept[_STRUCTURE] = b"<</Type/StructTreeRoot%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d%s>>\n" % (
        roles[0] if roles else b"",
        _WHOLE,
        b" ".join(b"%d %d 0 R" % each for each in nums),
        place,
        b"/IDTree<</Names[%s]>>" % b"".join(b"(%s) %d 0 R " % each for each in sorted(names)) if names else b"",
    )
    found = 0
    for upper in map(_taken_apart, over or ()):
        pages = _listed(upper.objects[upper.pages], b"Kids")
        used = _draw_over(kept, kids[found : found + len(pages)], upper, pages, used)
        found += len(pages)
    if over is not None and found != len(kids):
        raise ValueError(f"{found} pages to draw upon {len(kids)}")
    for key in sorted(kept):
        yield writer.piece(key, kept.pop(key))
    yield writer.end(_CATALOGUE, first.info + _WHOLE)


def page_count(document: bytes) -> int:
    """Return how many pages a PDF of typst has."""
    return int(_found(rb"/Type/Pages/Count (\d+)", document))


def bookmarks(document: bytes) -> list[tuple[int, str, int]]:
    """Return the bookmarks of a PDF of typst in order: the level (1 for a chapter), the words and the number of the page, from 1."""
    whole = _taken_apart(document)
    pages = {number: at for at, number in enumerate(_listed(whole.objects[whole.pages], b"Kids"), start=1)}
    found: list[tuple[int, str, int]] = []

    def walk(number: int, level: int) -> None:
        while number:
            mark = whole.objects[number]
            place = _reference(whole.objects[_reference(mark, b"Dest")], b"")
            found.append((level, _words(mark), pages[place]))
            if b"/First " in mark:
                walk(_reference(mark, b"First"), level + 1)
            number = _reference(mark, b"Next") if b"/Next " in mark else 0

    if whole.outline:
        walk(_reference(whole.objects[whole.outline], b"First"), 1)
    return found


def _words(mark: bytes) -> str:
    """Return a bookmark's title: plain with escapes, or UTF-16 as hexadecimal digits."""
    start = mark.index(b"/Title") + len(b"/Title")
    if mark[start : start + 1] == b"<":
        return bytes.fromhex(mark[start + 1 : mark.index(b">", start)].decode()).decode("utf-16")
    plain = mark[start + 1 : _string_end(mark, start) - 1].decode("latin-1")
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), plain, flags=re.DOTALL)


def _bind(kept: dict[int, bytes], ends: Sequence[tuple[int, int]], elements: Sequence[int]) -> None:
    """Let each document's last bookmark lead to the first of the next, and call each one's outermost tag a part."""
    for (_, last), (following, _) in pairwise(ends):
        kept[last] = _with(kept[last], b"/Next %d 0 R" % following)
        kept[following] = _with(kept[following], b"/Prev %d 0 R" % last)
    for element in elements:
        kept[element] = kept[element].replace(b"/S/Document", b"/S/Part", 1)


def _turned(every: list[Any], by: int) -> list[Any]:
    """Return a list with so many of its last before the others."""
    return every[-by:] + every[:-by]


def _draw_over(kept: dict[int, bytes], kids: Sequence[int], upper: _Document, pages: Sequence[int], used: int) -> int:
    """Draw the pages of a document upon those kept, inside what a screen reader leaves out; return the last number used."""
    for key, content in upper.objects.items():
        if key not in (upper.root, upper.pages, upper.info, upper.metadata, *pages):
            kept[key + used] = _moved(content, used, {}, 0, 0)
    stamp = used + max(upper.objects) + 1
    fresh = stamp
    drawn = b"/Artifact<</Type/Pagination/Subtype/Footer/Attached[/Bottom]>>BDC q /PopOver Do Q EMC\n"
    kept[stamp] = b"<</Length %d>>\nstream\n%s\nendstream\n" % (len(drawn), drawn)
    for page, kid in zip(pages, kids, strict=False):
        content, resources = (_reference(upper.objects[page], name) + used for name in (b"Contents", b"Resources"))
        box = _array(upper.objects[page], b"MediaBox")
        kept[content] = _with(kept[content], b"/Type/XObject/Subtype/Form/BBox[%s]/Resources %d 0 R" % (box, resources))
        own, lower = _reference(kept[kid], b"Contents"), _reference(kept[kid], b"Resources")
        kept[kid] = kept[kid].replace(b"/Contents %d 0 R" % own, b"/Contents[%d 0 R %d 0 R]" % (own, stamp), 1)
        # Pages may share their resources, so each gets its own.
        stamp_entry = b"/PopOver %d 0 R" % content
        extended = kept[lower]
        extended = (
            extended.replace(b"/XObject<<", b"/XObject<<" + stamp_entry, 1)
            if b"/XObject<<" in extended
            else _with(extended, b"/XObject<<%s>>" % stamp_entry)
        )
        fresh += 1
        kept[fresh] = extended
        kept[kid] = kept[kid].replace(b"/Resources %d 0 R" % lower, b"/Resources %d 0 R" % fresh, 1)
    return fresh


def _with(content: bytes, entry: bytes) -> bytes:
    """Return a dictionary with one more entry."""
    return content.replace(b"<<", b"<<" + entry, 1)


def _taken_apart(document: bytes) -> _Document:
    table = int(_found(_TABLE.pattern, document))
    head = re.compile(rb"xref\s+0 (\d+)\s+").match(document, table)
    if not head:
        raise ValueError("a PDF without a plain cross-reference table")
    offsets = {}
    for number in range(1, int(head[1])):
        line = document[head.end() + 20 * number : head.end() + 20 * number + 20]
        if line[17:18] == b"n":
            offsets[number] = int(line[:10])
    ends = dict(zip(sorted(offsets.values()), [*sorted(offsets.values())[1:], table], strict=True))
    objects = {}
    for number, offset in offsets.items():
        whole = document[offset : ends[offset]]
        objects[number] = whole[whole.index(b"obj") + 3 : whole.rindex(b"endobj")].lstrip()
    trailer = document[document.index(b"trailer", table) :]
    root = _reference(trailer, b"Root")
    pages, outline, structure, metadata = (
        _reference(objects[root], name) if b"/%s " % name in objects[root] else 0
        for name in (b"Pages", b"Outlines", b"StructTreeRoot", b"Metadata")
    )
    return _Document(objects, root, _reference(trailer, b"Info"), pages, outline, structure, metadata)


def _moved(content: bytes, shift: int, same: dict[int, int], place: int, part: int) -> bytes:
    """Return an object with its references, its place among the tags and its keys moved to where they stand in the whole."""
    head, stream, rest = content.partition(b"\nstream\n")

    def new(found: re.Match[bytes]) -> bytes:
        number = int(found[1])
        return b"%d 0 R" % same.get(number, number + shift)

    def changed(plain: bytes) -> bytes:
        plain = _REFERENCE.sub(new, plain)
        if place and b"/StructParent" in plain:
            plain = _PLACE.sub(lambda found: b"/StructParent%s %d" % (found[1], int(found[2]) + place), plain)
        return plain

    out, at = [], 0
    while (start := head.find(b"(", at)) >= 0:
        before, end = head[at:start], _string_end(head, start)
        string = head[start:end]
        # A key of a header cell, or such keys in an array; never what a name in the register says.
        if _KEY.fullmatch(string) and (before.endswith((b"/ID", b"[")) or not before.strip()):
            string = b"(U%dp%s" % (part, string[2:])
        out += [changed(before), string]
        at = end
    return b"".join([*out, changed(head[at:]), stream, rest])


def _string_end(content: bytes, start: int) -> int:
    """Return where a string ends that begins at an opening bracket."""
    depth = 0
    for found in _IN_STRING.finditer(content, start):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    raise ValueError("a PDF with a string that does not end")


def _array(content: bytes, name: bytes) -> bytes:
    """Return the array of a dictionary's entry."""
    return _found(rb"/%s\[([^\]]*)\]" % name, content)


def _listed(content: bytes, name: bytes) -> list[int]:
    """Return the numbers of the objects in an entry's array."""
    return [int(found) for found in re.findall(rb"(\d+) 0 R", _array(content, name))]


def _reference(content: bytes, name: bytes) -> int:
    """Return the number of the object an entry refers to, or of the first one at all for no name."""
    return int(_found(rb"/%s (\d+) 0 R" % name if name else rb"(\d+) 0 R", content))


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _found(pattern: bytes, content: bytes) -> bytes:
    found = re.search(pattern, content)
    if not found:
        raise ValueError(f"a PDF without {pattern!r}")
    return found[1]
