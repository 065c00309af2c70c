"""The findings of a register as text for people, as JSON, and as SARIF for code review tools."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from popmap import __version__
from popmap.findings import Finding, Hit, findings, hits
from popmap.register.faults import shorten
from popmap.register.schema import INTERNAL
from popmap.store import Store
from popmap.tables import own_rules

SHOWN = 5
SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PLURALS = {"error": "errors", "warning": "warnings", "note": "notes"}


def counts(found: Iterable[Hit]) -> dict[str, int]:
    """Return how many findings there are of each severity, worst first."""
    totals = dict.fromkeys(_PLURALS, 0)
    for hit in found:
        totals[hit.severity] += hit.count
    return totals


def text(store: Store, everything: bool) -> Iterator[str]:
    """Yield the findings as lines for people: worst first, grouped by rule, each with its place and what to do.

    Args:
        store: The register.
        everything: Whether to list every finding rather than the first few of each rule.
    """
    found = hits(store)
    sizes = ", ".join(f"{number:,} {name}" for name, number in store.counts.items() if name in ("categories", "vendors", "flows"))
    yield f"{_plain(store.settings.title or 'Register without a title')}: {sizes}\n"
    yield f"Fingerprint {store.fingerprint}, findings as of {store.as_of}\n\n"
    for hit in found:
        yield f"{hit.severity.upper()}: {_plain(hit.title)} ({hit.count:,}) [{hit.code}, {_plain(hit.article)}]\n"
        shown = hit.count if everything else min(SHOWN, hit.count)
        for finding in findings(store, hit, shown):
            yield f"  {_line(finding)}\n"
        if hit.count > shown:
            yield f"  and {hit.count - shown:,} more\n"
        yield f"  What to do: {_plain(hit.hint)}\n\n"
    yield f"{summary(found)}\n"


def summary(found: Iterable[Hit]) -> str:
    """Return how many findings there are, in words."""
    stated = [f"{number:,} {name if number == 1 else _PLURALS[name]}" for name, number in counts(found).items() if number]
    return f"{', '.join(stated)}." if stated else "No findings."


def json_report(store: Store, *, internal: bool = True) -> Iterator[str]:
    """Yield the findings as one JSON object in pieces: about, counts, rules (why and what to do) and every finding, worst first.

    Args:
        store: The register.
        internal: Whether a finding about a cell that is kept from outsiders says what stands in it.
    """
    found = hits(store)
    own = frozenset() if internal else own_rules(store)
    about = {
        "register": store.settings.title,
        "fingerprint": store.fingerprint,
        "as_of": store.as_of.isoformat(),
        "rows": dict(store.counts),
        "popmap": __version__,
    }
    rules = [
        {
            "code": hit.code,
            "severity": hit.severity,
            "title": hit.title,
            "article": hit.article,
            "why": hit.why,
            "hint": hit.hint,
            "findings": hit.count,
        }
        for hit in found
    ]
    head = {"about": about, "counts": counts(found), "rules": rules}
    members = ",\n".join(f"{_dump(name)}: {_dump(value)}" for name, value in head.items())
    yield f'{{\n{members},\n"findings": ['
    yield from _joined(_dump(_record(hit, finding, internal, own)) for hit in found for finding in findings(store, hit))
    yield "]\n}\n"


def sarif(store: Store) -> Iterator[str]:
    """Yield the findings as SARIF 2.1.0 (OASIS Standard) in pieces; a region's line is the row as a spreadsheet counts it."""
    found = hits(store)
    driver = {"name": "popmap", "version": __version__, "rules": [_sarif_rule(hit) for hit in found]}
    yield f'{{\n"$schema": {_dump(SARIF_SCHEMA)},\n"version": "2.1.0",\n"runs": [{{\n"tool": {_dump({"driver": driver})},\n"results": ['
    yield from _joined(
        _dump(_sarif_result(store.folder, index, hit, finding)) for index, hit in enumerate(found) for finding in findings(store, hit)
    )
    yield "]\n}]\n}\n"


# Reports for machines hold every finding.
REPORTS: Mapping[str, Callable[[Store], Iterator[str]]] = {"json": json_report, "sarif": sarif}


def _line(finding: Finding) -> str:
    said = [part for part in (finding.subject, finding.value and f"“{finding.value}”", finding.detail) if part]
    return _plain(f"{finding.place or 'the register'}: {'; '.join(dict.fromkeys(said)) or 'see the rule'}")


def _plain(words: str) -> str:
    """Return text on one line in which nothing moves a terminal's cursor or turns its writing round."""
    line = shorten(words, 400)
    return "".join(character if character.isprintable() else "\ufffd" for character in line)


def _record(hit: Hit, finding: Finding, internal: bool, own: frozenset[str]) -> dict[str, object]:
    shown = internal or (hit.code not in own and (finding.table, finding.column) not in INTERNAL)
    return {
        "code": hit.code,
        "severity": hit.severity,
        "file": finding.file or None,
        "table": finding.table or None,
        "row": finding.row,
        "column": finding.column or None,
        "subject": finding.subject or None,
        "value": (finding.value if shown else "") or None,
        "detail": (finding.detail if shown else "") or None,
        "row_id": finding.row_id or None,
    }


def _sarif_rule(hit: Hit) -> dict[str, object]:
    return {
        "id": hit.code,
        "shortDescription": {"text": hit.title},
        "fullDescription": {"text": hit.why},
        "help": {"text": hit.hint},
        "defaultConfiguration": {"level": hit.severity},
        "properties": {"article": hit.article},
    }


def _sarif_result(folder: Path, index: int, hit: Hit, finding: Finding) -> dict[str, object]:
    said = "; ".join(dict.fromkeys(part for part in (finding.subject, finding.detail) if part))
    parts = [hit.code, finding.table, finding.row_id, finding.column, finding.value, finding.detail]
    result: dict[str, object] = {
        "ruleId": hit.code,
        "ruleIndex": index,
        "level": hit.severity,
        "message": {"text": f"{hit.title}: {said}. {hit.hint}" if said else f"{hit.title}. {hit.hint}"},
        # The same finding in the next run, whatever row it has moved to.
        "partialFingerprints": {"popmap/v1": hashlib.sha256(_dump(parts).encode()).hexdigest()},
    }
    if finding.file:
        place: dict[str, object] = {"artifactLocation": {"uri": _uri(folder / finding.file)}}
        if finding.row is not None:
            place["region"] = {"startLine": finding.row}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _joined(items: Iterable[str]) -> Iterator[str]:
    """Yield JSON array items with the commas between them, some thousand at a time."""
    separator = "\n"
    rest = iter(items)
    while block := list(islice(rest, 2_000)):
        yield separator + ",\n".join(block)
        separator = ",\n"
    yield "\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
