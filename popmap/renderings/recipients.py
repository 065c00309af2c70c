"""The paragraph of a privacy notice on recipients and transfers (Art. 13(1)(e)-(f)), in English sentences from the register's rows."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from popmap import typesetting
from popmap.renderings.entries import mechanism
from popmap.renderings.facts import Facts
from popmap.renderings.paper import origin
from popmap.renderings.words import NOT_STATED, ROLES, Row, items, listed, markdown, marked, plain, said, sentence, unique
from popmap.typesetting.written import all_written_out

TEMPLATE = Path(__file__).parent / "notice.typ"
TITLE = "Who receives personal data, and where it goes"
LEAD = "Paragraph for a privacy notice: recipients and transfers, Art. 13(1)(e) and (f) GDPR."
_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the paragraph.

    Attributes:
        heading: Its heading.
        sentences: Its first sentences.
        points: What is listed after them.
    """

    heading: str
    sentences: tuple[str, ...]
    points: tuple[str, ...] = ()


def parts(facts: Facts) -> tuple[Part, ...]:
    """Return the paragraph's parts: recipients, transfers, and what has to be stated before it is published.

    Retired vendors and categories stated not to be personal data are no matter of a privacy notice; the last part names them.
    """
    shown = [row for row in facts.vendors if row["status"] != "retired"]
    personal = {row["vendor_id"]: _personal(facts, row) for row in shown}
    receiving = [row for row in shown if personal[row["vendor_id"]] or not facts.by_vendor.get(row["vendor_id"])]
    flows = tuple(flow for row in receiving for flow in personal[row["vendor_id"]])
    return (
        _recipients(facts, receiving, personal),
        _transfers(facts, receiving, flows),
        _open(facts, shown, receiving, flows),
    )


def as_markdown(facts: Facts) -> bytes:
    """Return the paragraph as Markdown."""
    lines = [f"# {TITLE}", LEAD]
    for part in parts(facts):
        lines += [f"## {markdown(part.heading)}", *map(markdown, part.sentences)]
        lines += ["\n".join(f"- {markdown(point)}" for point in part.points)] if part.points else []
    lines += ["## Where this is from", "\n".join(f"- {markdown(label)}: {markdown(text)}" for label, text in origin(TITLE, facts))]
    return ("\n\n".join(lines) + "\n").encode()


def as_text(facts: Facts) -> bytes:
    """Return the paragraph as plain text, in lines of at most 100 characters where words allow."""
    lines = [TITLE.upper(), *_wrapped(LEAD)]
    for part in parts(facts):
        lines += ["", part.heading.upper()]
        for words in part.sentences:
            lines += _wrapped(plain(words))
        for point in part.points:
            lines += _wrapped(plain(point), "- ")
    lines += [
        "",
        "WHERE THIS IS FROM",
        *(line for label, text in origin(TITLE, facts) for line in _wrapped(plain(f"{label}: {text}"), "- ")),
    ]
    return ("\n".join(lines) + "\n").encode()


def as_pdf(facts: Facts) -> bytes:
    """Return the paragraph as an accessible PDF."""
    found = [
        {"heading": plain(part.heading), "sentences": [*map(plain, part.sentences)], "points": [*map(plain, part.points)]}
        for part in parts(facts)
    ]
    data = {"title": TITLE, "lead": LEAD, "parts": found, "origin": [[plain(label), plain(text)] for label, text in origin(TITLE, facts)]}
    return typesetting.pdf(TEMPLATE, all_written_out(data), facts.made_at)


def _wrapped(text: str, start: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=start, subsequent_indent=" " * len(start), break_long_words=False, break_on_hyphens=False
    )


def _personal(facts: Facts, vendor: Row) -> tuple[Row, ...]:
    return tuple(flow for flow in facts.by_vendor.get(vendor["vendor_id"], ()) if _is_personal(facts, flow))


def _is_personal(facts: Facts, flow: Row) -> bool:
    category = facts.all_categories.get(flow["category_id"])
    return category is None or category["personal"] != "no"


def _recipients(facts: Facts, vendors: list[Row], personal: dict[str, tuple[Row, ...]]) -> Part:
    if not vendors:
        return Part("Recipients (Art. 13(1)(e))", ("No recipient of personal data is stated.",))
    # A notice speaks for the organisation, so it says "we" where the name is not stated.
    who = facts.settings.organisation.get("name")
    first = f"{f'{who} discloses' if who else 'We disclose'} personal data to the following recipients."
    return Part("Recipients (Art. 13(1)(e))", (first,), tuple(_recipient(facts, row, personal[row["vendor_id"]]) for row in vendors))


def _recipient(facts: Facts, vendor: Row, flows: tuple[Row, ...]) -> str:
    known = [said(vendor, "role", ROLES)] if vendor["role"] else []
    known += ["announced"] if vendor["status"] == "proposed" else []
    start = marked(vendor["name"], vendor, "name") + (f" ({', '.join(known)})" if known else "")
    if not flows:
        return f"{start}: what it receives is not stated."
    received = []
    for purpose, condition in dict.fromkeys((flow["purpose"], flow["condition"]) for flow in flows):
        chosen = [flow for flow in flows if (flow["purpose"], flow["condition"]) == (purpose, condition)]
        data = listed(unique(facts.category_name(flow["category_id"]) for flow in chosen))
        why = f"for the purpose “{said(chosen[0], 'purpose')}”" if purpose else "for a purpose that is not stated"
        when = f", {said(chosen[0], 'condition')}" if condition else ""
        received.append(f"{data} {why}{when}")
    return sentence(f"{start} receives {'; and '.join(received)}")


def _transfers(facts: Facts, vendors: list[Row], flows: tuple[Row, ...]) -> Part:
    heading = "Transfers to third countries (Art. 13(1)(f))"
    third: dict[tuple[str, str], list[str]] = {}
    inside: dict[str, list[str]] = {}
    blank = [row["vendor_id"] for row in vendors if not facts.by_vendor.get(row["vendor_id"])]
    for flow in flows:
        codes = items(flow, "locations")
        outside = [facts.country_name(code) for code in codes if facts.is_third(code)]
        if outside:
            third.setdefault((marked(listed(outside), flow, "locations"), _ground(flow)), []).append(flow["vendor_id"])
        elif flow["transfer_state"] == "inside-eea":
            inside.setdefault(marked(listed(facts.places(flow)), flow, "locations"), []).append(flow["vendor_id"])
        else:
            blank.append(flow["vendor_id"])
    points = [
        f"{_names(facts, keys)}: personal data is processed in {where}, outside the European Economic Area. {ground}"
        for (where, ground), keys in third.items()
    ]
    points += [
        f"{_names(facts, keys)}: personal data is processed in {where}, inside the European Economic Area."
        for where, keys in inside.items()
    ]
    if blank:
        points.append(
            f"Where the data is processed, and so whether it is transferred to a third country, is not stated for: {_names(facts, blank)}."
        )
    if not points:
        return Part(heading, ("No transfer is stated.",))
    return Part(heading, ("Some recipients process personal data outside the European Economic Area.",) if third else (), tuple(points))


def _ground(flow: Row) -> str:
    stated, state = flow["transfer_mechanism"], flow["transfer_state"]
    if state == "adequacy":
        said = f"the register states: {mechanism(flow)}" if stated else "the register itself states no mechanism"
        return f"The Commission has adopted an adequacy decision that covers it; {said}."
    if stated == "none":
        return "The register states that the transfer rests on no mechanism of Chapter V GDPR."
    if stated is None:
        return "What the transfer rests on is not stated, and no adequacy decision covers it as it is stated."
    if state == "no-mechanism":
        return f"The register states: {mechanism(flow)}; no adequacy decision in force covers the transfer."
    copy = "" if stated == "derogation" else " How to obtain a copy of the safeguards is not stated."
    return f"The transfer rests on: {mechanism(flow)}.{copy}"


def _names(facts: Facts, keys: list[str]) -> str:
    return listed(unique(facts.vendor_name(key) for key in keys))


def _open(facts: Facts, shown: list[Row], receiving: list[Row], flows: tuple[Row, ...]) -> Part:
    """Return what a person has to state or decide before the paragraph is published."""
    points = []
    if facts.filtered:
        points.append(f"This is an extract, not all recipients: {facts.filtered}.")
    roles = [row["vendor_id"] for row in receiving if not row["role"]]
    if roles:
        points.append(f"The role is not stated of: {_names(facts, roles)}.")
    used = unique(flow["category_id"] for flow in flows)
    rows = [facts.all_categories[key] for key in used if key in facts.all_categories]
    doubtful = [facts.category_name(row["category_id"]) for row in rows if row["personal"] is None]
    if doubtful:
        points.append(f"Whether it is personal data is not stated of: {listed(doubtful)}.")
    kept = {row["vendor_id"] for row in receiving}
    harmless = [row["vendor_id"] for row in shown if row["vendor_id"] not in kept]
    if harmless:
        points.append(f"Left out, receiving only what is stated not to be personal data: {_names(facts, harmless)}.")
    retired = [row["vendor_id"] for row in facts.vendors if row["status"] == "retired"]
    if retired:
        points.append(f"Left out, being retired, as stated: {_names(facts, retired)}.")
    points.append("Recipients other than vendors, such as authorities, are not in the register.")
    return Part(
        "Before publication (not part of the notice)", (f"What is “{NOT_STATED}” above has to be stated by a person first.",), tuple(points)
    )
