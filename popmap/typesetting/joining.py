"""Several PDFs as one: for documents that would take too much memory to set at once.

It reads what typst writes and no other PDF: a plain cross-reference table, a flat page tree, one outline, one structure tree, and no object
inside a compressed stream. ISO 32000-1:2008, chapters 7.5 (file structure), 12.3.3 (outlines) and 14.7 (logical structure).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

# A string (typst writes one with brackets or backslashes in it as hexadecimal digits), or a reference.
_PART = re.compile(rb"\([^()\\]*\)|\b(\d+) 0 R\b")
_TABLE = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_PLACE = re.compile(rb"/StructParent(s?) (\d+)")
_KEY = re.compile(rb"/ID\(U([0-9xy]+)\)")
_HEADERS = re.compile(rb"/Headers\[[^\]]*\]")
_NUMBER = re.compile(rb"(\d+) (\d+) 0 R")
_NAME = re.compile(rb"\(U([0-9xy]+)\)\s*(\d+) 0 R")


@dataclass(frozen=True, slots=True)
class _Document:
    """A PDF taken apart: its objects by number, and the numbers of those that stand for the whole."""

    objects: dict[int, bytes]
    root: int
    info: int
    pages: int
    outline: int
    structure: int
    metadata: int


def joined(documents: Sequence[bytes]) -> bytes:
    """Return PDFs made by `typesetting.pdf` as one: their pages, bookmarks and tags one after another, all else as in the first.

    Args:
        documents: One or more, none of them without a heading.
    """
    if len(documents) == 1:
        return documents[0]
    parts = [_taken_apart(document) for document in documents]
    objects: list[bytes] = []
    first = 1
    catalogue, pages, outline, structure, whole = 1, 2, 3, 4, 5
    used = whole
    shifts = []
    for part in parts:
        shifts.append(used)
        used += max(part.objects)
    kept: dict[int, bytes] = {}
    kids, elements, nums, names, ends = [], [], [], [], []
    place = count = 0
    for number, (part, shift) in enumerate(zip(parts, shifts, strict=True), start=first):
        same = {part.pages: pages, part.outline: outline, part.structure: whole}
        left_out = {part.root, part.pages, part.outline, part.structure}
        if number > first:
            left_out |= {part.info, part.metadata}
        for key, content in part.objects.items():
            if key not in left_out:
                kept[key + shift] = _moved(content, shift, same, place, number)
        kids += [int(found) + shift for found in re.findall(rb"(\d+) 0 R", _entry(part.objects[part.pages], b"Kids"))]
        tree = part.objects[part.structure]
        elements += [int(found) + shift for found in re.findall(rb"(\d+) 0 R", _entry(tree, b"K"))]
        numbered = [(int(at) + place, int(found) + shift) for at, found in _NUMBER.findall(_entry(tree, b"Nums"))]
        nums += numbered
        names += [(b"U%dp%s" % (number, name), int(found) + shift) for name, found in _NAME.findall(tree)]
        place = max((at for at, _ in nums), default=-1) + 1
        marks = part.objects[part.outline]
        ends.append((_reference(marks, b"First") + shift, _reference(marks, b"Last") + shift))
        count += int(_found(rb"/Count (-?\d+)", marks))
    for (_, last), (following, _) in zip(ends, ends[1:], strict=False):
        kept[last] = kept[last].replace(b"<<", b"<</Next %d 0 R" % following, 1)
        kept[following] = kept[following].replace(b"<<", b"<</Prev %d 0 R" % last, 1)
    for element in elements:
        kept[element] = kept[element].replace(b"/S/Document", b"/S/Part", 1)
    tree = parts[0].objects[parts[0].structure]
    roles = re.search(rb"/RoleMap<<.*?>>", tree)
    first_root = parts[0].objects[parts[0].root]
    same = {parts[0].pages: pages, parts[0].outline: outline, parts[0].structure: structure}
    kept[catalogue] = _moved(first_root, shifts[0], same, 0, first)
    kept[pages] = b"<</Type/Pages/Count %d/Kids[%s]>>\n" % (len(kids), _references(kids))
    kept[outline] = b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>\n" % (ends[0][0], ends[-1][1], count)
    listed = b" ".join(b"%d %d 0 R" % each for each in nums)
    keys = b"".join(b"(%s) %d 0 R " % each for each in sorted(names))
    limits = b"/IDTree<</Names[%s]>>" % keys if names else b""
    kept[structure] = b"<</Type/StructTreeRoot%s/K[%d 0 R]/ParentTree<</Nums[%s]>>/ParentTreeNextKey %d%s>>\n" % (
        roles[0] if roles else b"",
        whole,
        listed,
        place,
        limits,
    )
    kept[whole] = b"<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>\n" % (structure, _references(elements))
    del objects
    return _written(kept, catalogue, parts[0].info + shifts[0])


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
    at = {name: _reference(objects[root], name) for name in (b"Pages", b"Outlines", b"StructTreeRoot", b"Metadata")}
    return _Document(objects, root, _reference(trailer, b"Info"), at[b"Pages"], at[b"Outlines"], at[b"StructTreeRoot"], at[b"Metadata"])


def _moved(content: bytes, shift: int, same: dict[int, int], place: int, part: int) -> bytes:
    """Return an object with its references, its place among the tags and its keys moved to where they stand in the whole."""
    head, stream, rest = content.partition(b"\nstream\n")

    def new(found: re.Match[bytes]) -> bytes:
        if found[1] is None:
            return found[0]
        number = int(found[1])
        return b"%d 0 R" % same.get(number, number + shift)

    head = _PART.sub(new, head)
    if place and b"/StructParent" in head:
        head = _PLACE.sub(lambda found: b"/StructParent%s %d" % (found[1], int(found[2]) + place), head)
    if b"(U" in head:
        head = _KEY.sub(lambda found: b"/ID(U%dp%s)" % (part, found[1]), head)
        head = _HEADERS.sub(lambda found: found[0].replace(b"(U", b"(U%dp" % part), head)
    return head + stream + rest


def _entry(content: bytes, name: bytes) -> bytes:
    """Return the array of a dictionary's entry."""
    return _found(rb"/%s\[([^\]]*)\]" % name, content)


def _reference(content: bytes, name: bytes) -> int:
    return int(_found(rb"/%s (\d+) 0 R" % name, content))


def _references(numbers: Sequence[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _found(pattern: bytes, content: bytes) -> bytes:
    found = re.search(pattern, content)
    if not found:
        raise ValueError(f"a PDF without {pattern!r}")
    return found[1]


def _written(kept: dict[int, bytes], root: int, info: int) -> bytes:
    out = [b"%PDF-1.7\n%\x80\x80\x80\x80\n\n"]
    size = len(out[0])
    offsets = {}
    digest = hashlib.sha256()
    for number in sorted(kept):
        offsets[number] = size
        body = b"%d 0 obj\n%sendobj\n\n" % (number, kept[number])
        digest.update(body)
        out.append(body)
        size += len(body)
    last = max(kept)
    lines = [b"0000000000 65535 f\r\n"]
    lines += [b"%010d 00000 n\r\n" % offsets[number] if number in offsets else b"0000000000 65535 f\r\n" for number in range(1, last + 1)]
    mark = digest.hexdigest()[:32].encode()
    out += [b"xref\n0 %d\n" % (last + 1), *lines]
    out.append(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (last + 1, root, info, mark, mark, size))
    return b"".join(out)
