"""The report's chapters in their order, as plain data for the template, and the drawings they show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from popmap.counting import flow_count
from popmap.evidence import map_sheets, matrix_sheets
from popmap.evidence.memory import give_back
from popmap.evidence.parties import Parties, parties
from popmap.evidence.pictures import alone
from popmap.evidence.report import facts, gaps, method, rows
from popmap.evidence.report.quotes import Proofs
from popmap.evidence.report.words import shown, undrawable
from popmap.filters import Filter, to_english
from popmap.flow.describe import describe
from popmap.flow.paths import flow_graph
from popmap.store import Store
from popmap.typesetting.labels import lifted

Data = dict[str, Any]
# Paper -> pixels a drawing may be high on the page with the chapter's heading, and on the pages after it; a page's text is 720 wide.
_ROOM = {"a4": (790.0, 960.0), "letter": (660.0, 840.0)}
# Nodes of a layer, for the words about a map whose sheets merge none.
_ALL = 1_000_000
# Chapters that begin below the one before where it leaves room.
_RUNNING_ON = frozenset({"categories", "activities", "sources", "evidence"})
# With more rows than these, a table becomes a list of paragraphs.
_MOST_VENDORS, _MOST_FLOWS = 1_000, 3_000
_NUMBERED = (
    "The numbers under “No.” are the rows of the register's file; other chapters refer to them. Whatever a row does not mention is not "
    "stated in the register."
)


def gathered(store: Store, asked: Filter, internal: bool, key_fingerprint: str, paper: str, drawings: dict[str, bytes]) -> Iterator[Data]:
    """Yield the chapters in order, so that those of a large register need not be held together.

    Args:
        store: The register.
        asked: The filter.
        internal: Whether columns kept from outsiders are in it.
        key_fingerprint: The fingerprint of the key the pack is signed with, "" for none.
        paper: "a4" or "letter".
        drawings: Takes each chapter's drawings by their file names when it is yielded.
    """
    characters = undrawable(facts.about_texts(store))
    number = 0
    for chapter in _chapters(store, asked, internal, paper, drawings):
        number += not chapter.get("more", False)
        characters |= undrawable(chapter)
        yield chapter | {"number": number, "continued": False, "after": 0, "fresh": chapter["kind"] not in _RUNNING_ON}
    last = {"number": number + 1, "continued": False, "after": 0, "fresh": True}
    yield method.method(store, key_fingerprint, characters) | last


def _chapters(store: Store, asked: Filter, internal: bool, paper: str, drawings: dict[str, bytes]) -> Iterator[Data]:
    whole = parties(store, asked)
    proofs = Proofs(store, facts.source_numbers(store), internal)
    yield facts.summed(store, asked)
    yield _map(store, asked, whole, paper, drawings)
    _done_with(store)
    yield _matrix(whole, paper, drawings)
    many = len(whole.vendors) > _MOST_VENDORS
    said = f"{_count(len(whole.vendors), 'vendor', 'vendors')}, under the headings they are published under. {_NUMBERED}"
    yield rows.vendors(store, asked, internal) | {"dense": many, "said": said}
    said = f"{_count(len(whole.categories), 'category', 'categories')} of personal data. {_NUMBERED}"
    yield rows.categories(store, asked, internal) | {"said": said}
    yield from _flows(store, asked, internal, proofs)
    _done_with(store)
    activities = rows.activities(store, asked, internal)
    named = {
        "vendors": [(party.key, party.name) for party in whole.vendors],
        "categories": [(party.key, party.name) for party in whole.categories],
        "activities": activities.pop("names"),
    }
    yield activities | {"said": _activities_said(len(activities["rows"]))}
    evidence = rows.other_evidence(proofs, named, not asked)
    if evidence["groups"]:
        yield evidence | {"dense": many, "said": "The words behind the tables of vendors, categories and processing activities."}
    found = gaps.gaps(store, asked)
    yield found | {"said": _gaps_said(found["count"])}
    said = "The documents the register quotes. Where a chapter cites S1, it means the first of them, and so on."
    yield facts.sources(store, proofs.cited) | {"said": said}


def _done_with(store: Store) -> None:
    """Give the room that a chapter took to the next: what was remembered for it is not asked for again."""
    store.forget()
    give_back()


def _map(store: Store, asked: Filter, whole: Parties, paper: str, drawings: dict[str, bytes]) -> Data:
    first, room = _ROOM[paper]
    found = map_sheets.sheets(whole, first, room)
    said = describe(flow_graph(store, asked, top=_ALL), to_english(asked, store.known) if asked else "")
    scope = "Bands are as thick as the flows they stand for; a dashed edge holds flows that no source states."
    pages = []
    place = 1
    for number, sheet in enumerate(found, start=1):
        body, high = map_sheets.draw(sheet, shown)
        drawings[f"map-{number}.svg"], labels = lifted(alone(body, map_sheets.WIDTH, high))
        names = [item.vendor.name for item in sheet.items if item.vendor]
        caption = _sheet(number, len(found), place, len(names), len(whole.vendors))
        flows = sum(pair.flows for item in sheet.items for _, pair in item.pairs)
        alt = f"Data map, {caption}: {_count(flows, 'flow', 'flows')} to {', '.join(names) or 'no vendor'}. A later chapter lists them."
        page = {"file": f"map-{number}.svg", "alt": f"{said} {alt}" if number == 1 else alt, "caption": caption, "share": 100}
        pages.append(page | ({"labels": labels, "wide": map_sheets.WIDTH} if labels else {}))
        place += len(names)
    return {"kind": "pictures", "title": "Data map", "said": [said, scope], "sheets": pages, "many": len(pages) > 1}


def _matrix(whole: Parties, paper: str, drawings: dict[str, bytes]) -> Data:
    room = _ROOM[paper][1] - 90
    found = matrix_sheets.sheets(whole, room, shown)
    pages = []
    for number, sheet in enumerate(found, start=1):
        body, wide, high = matrix_sheets.draw(sheet, shown)
        drawings[f"matrix-{number}.svg"], labels = lifted(alone(body, wide, high))
        categories = ", ".join(party.name for party in sheet.categories)
        caption = f"Sheet {number:,} of {len(found):,}: {sheet.vendors[0].name} to {sheet.vendors[-1].name}, by {categories}"
        page = {"file": f"matrix-{number}.svg", "alt": f"Matrix, {caption}.", "caption": caption, "share": 100}
        pages.append(page | ({"labels": labels, "wide": wide} if labels else {}))
    said = "How many flows each vendor (row) has of each category (column). A dashed frame holds flows that no source states."
    return {"kind": "pictures", "title": "Matrix", "said": [said], "sheets": pages, "many": len(pages) > 1}


def _flows(store: Store, asked: Filter, internal: bool, proofs: Proofs) -> Iterator[Data]:
    """Yield the chapter of flows a category at a time."""
    count = flow_count(store, asked)
    said = f"{_count(count, 'flow', 'flows')}: each category with the vendors that receive it, what for, and the words it rests on."
    chapter = {"kind": "flows", "said": f"{said} {_NUMBERED}", "legend": method.LEGEND, "dense": count > _MOST_FLOWS}
    groups = ([[name, listed, rows.solid(listed)]] for name, listed in rows.flow_groups(store, asked, internal, proofs))
    yield chapter | {"groups": next(groups, [])}
    for group in groups:
        yield chapter | {"groups": group, "more": True}


def _sheet(number: int, sheets: int, first: int, shown_here: int, vendors: int) -> str:
    last = first + shown_here - 1
    which = (
        f"vendors {first:,} to {last:,} of {vendors:,}"
        if shown_here > 1
        else f"vendor {first:,} of {vendors:,}"
        if shown_here
        else "no vendor"
    )
    return f"Sheet {number:,} of {sheets:,}: {which}"


def _activities_said(count: int) -> str:
    if not count:
        return "The register states no processing activity behind this filter."
    said = _count(count, "processing activity", "processing activities")
    return f"{said}, the record of Art. 30. Whatever a row does not mention is not stated in the register."


def _gaps_said(count: int) -> str:
    if not count:
        return "popmap's rules report nothing behind this filter."
    return (
        f"{_count(count, 'finding', 'findings')} of popmap's rules, worst first. Rows are named, or given by the numbers they have under "
        "“No.” in this report's tables."
    )


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
