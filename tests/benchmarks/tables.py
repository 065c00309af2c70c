"""The smaller tables of a made-up register, and how it is written."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from popmap.register.schema import ACTIVITIES, ALIASES, BY_NAME, CATEGORIES, EVIDENCE, VENDOR_ROLES, VENDORS, Table
from tests.benchmarks import words
from tests.benchmarks.dice import one

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
SOURCE = "notice"
EVIDENCE_SCHEMA = pa.schema([(column.name, pa.string()) for column in EVIDENCE.columns])
_NOTICE = "A made-up privacy notice. The register beside it was generated; nothing in it is about anyone.\n"
_SETTINGS = """title = "Made-up register"
review_period_days = 365

[organisation]
name = "Example organisation"

[[sources]]
id = "{source}"
title = "A made-up privacy notice"
file = "sources/notice.txt"
sha256 = "{digest}"
"""
Row = dict[str, str | list[str] | None]


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables of one register refer to.

    Attributes:
        categories: Category keys.
        vendors: Vendor keys.
        category_rows: The rows of categories.
        vendor_rows: The rows of vendors.
        uses: Keys of the taxonomy's data uses.
        places: Lists of processing countries, joined by `;`.
        abroad: Whether each of them has a country outside the EEA.
    """

    categories: Sequence[str]
    vendors: Sequence[str]
    category_rows: Sequence[Row]
    vendor_rows: Sequence[Row]
    uses: Sequence[str]
    places: Sequence[str]
    abroad: Sequence[bool]


def name_all(categories: int, vendors: int, seed: int) -> Names:
    """Return the names of a register of this size; countries and taxonomy keys are those of data/reference."""
    countries = {row["country"]: row["eea"] == "yes" for row in _reference("countries")}
    inside = [country for country, eea in countries.items() if eea]
    keys = [row["key"] for row in _reference("data_categories")]
    category_rows = [_category(number, keys, seed) for number in range(categories)]
    vendor_rows = [_vendor(number, inside, seed) for number in range(vendors)]
    outside = [country for country in ("US", "GB", "CH", "IN", "CA", "JP", "BR", "AU", "SG", "IL", "ZA", "UA") if country in countries]
    places = _places(inside, outside, seed)
    return Names(
        [str(row["category_id"]) for row in category_rows],
        [str(row["vendor_id"]) for row in vendor_rows],
        category_rows,
        vendor_rows,
        [row["key"] for row in _reference("data_uses")],
        places,
        [any(not countries[country] for country in place.split(";")) for place in places],
    )


def write_small(folder: Path, names: Names, proof: pa.Table, seed: int) -> None:
    """Write everything but the flows, as Parquet.

    Args:
        folder: The register folder.
        names: What `name_all` returned.
        proof: Evidence about flows.
        seed: The register's seed.
    """
    _write(folder, CATEGORIES, names.category_rows)
    _write(folder, VENDORS, names.vendor_rows)
    _write(folder, ACTIVITIES, [_activity(number, names, seed) for number in range(max(2, len(names.categories) // 3))])
    _write(folder, ALIASES, _aliases(names))
    own = [_stated("categories", row["category_id"], row["name"]) for row in names.category_rows]
    own += [_stated("vendors", row["vendor_id"], row["name"]) for row in names.vendor_rows[: max(1, len(names.vendor_rows) * 4 // 5)]]
    evidence = pa.concat_tables([pa.Table.from_pylist(own, EVIDENCE_SCHEMA), proof])
    pq.write_table(evidence, folder / "evidence.parquet", compression="zstd")
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "notice.txt").write_bytes(_NOTICE.encode())
    digest = hashlib.sha256(_NOTICE.encode()).hexdigest()
    (folder / "register.toml").write_text(_SETTINGS.format(source=SOURCE, digest=digest), encoding="utf-8")


def as_csv(folder: Path) -> None:
    """Replace a register's Parquet files by CSV files of the same content."""
    with duckdb.connect(":memory:") as connection:
        for path in sorted(folder.glob("*.parquet")):
            lists = [f"array_to_string({name}, ';') AS {name}" for name in _many(BY_NAME[path.stem])]
            columns = f"* REPLACE ({', '.join(lists)})" if lists else "*"
            connection.execute(
                f"COPY (SELECT {columns} FROM read_parquet({_text(path)})) TO {_text(path.with_suffix('.csv'))} (HEADER, DELIMITER ',')"
            )
            path.unlink()


def _many(table: Table) -> list[str]:
    return [column.name for column in table.columns if column.many]


def _text(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _write(folder: Path, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    schema = pa.schema([(column.name, pa.list_(pa.string()) if column.many else pa.string()) for column in table.columns])
    pq.write_table(pa.Table.from_pylist(list(rows), schema), folder / f"{table.name}.parquet", compression="zstd")


def _reference(name: str) -> list[dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _category(number: int, keys: Sequence[str], seed: int) -> Row:
    first = words.CATEGORIES[number % len(words.CATEGORIES)]
    name = first if number < len(words.CATEGORIES) else f"{first} {number // len(words.CATEGORIES) + 1}"
    roll = one(number, seed, "category")
    return {
        "category_id": _slug(name),
        "name": name,
        "description": f"{name} as collected from {words.SUBJECTS[roll % len(words.SUBJECTS)]}" if roll % 5 else None,
        "personal": "yes" if roll % 7 else None,
        "special_category": words.SPECIAL.get(first, "none" if roll % 3 else None),
        "data_subjects": [words.SUBJECTS[roll % len(words.SUBJECTS)], words.SUBJECTS[(roll + 1) % len(words.SUBJECTS)]]
        if roll % 11 > 3
        else None,
        "retention_period": words.PERIODS[roll % len(words.PERIODS)] if roll % 13 > 5 else None,
        "taxonomy_keys": [keys[roll % len(keys)]] if roll % 17 > 3 else None,
    }


def _places(inside: Sequence[str], outside: Sequence[str], seed: int) -> list[str]:
    """Return 80 lists of one to three countries, about two in five of them with one outside the EEA."""
    places: dict[str, None] = {}
    for number in count():
        roll = one(number, seed, "places")
        some = {inside[roll % len(inside)]}
        if roll % 5 < 2:
            some.add(outside[0] if roll % 3 else outside[roll // 7 % len(outside)])
        if roll % 4 == 0:
            some.add(inside[roll // 11 % len(inside)])
        places[";".join(sorted(some))] = None
        if len(places) == 80 or number > 2_000:
            return list(places)
    raise AssertionError


def _vendor(number: int, inside: Sequence[str], seed: int) -> Row:
    roll = one(number, seed, "vendor")
    # Consecutive vendors get other beginnings; 40 x 30 x 8 names before a number is needed.
    first, rest = words.FIRST[number * 7 % len(words.FIRST)], number // len(words.FIRST)
    second, kind = (
        words.SECOND[(rest * 7 + number) % len(words.SECOND)],
        words.KINDS[(number * 3 + rest // len(words.SECOND)) % len(words.KINDS)],
    )
    again = number // (len(words.FIRST) * len(words.SECOND) * len(words.KINDS))
    name = f"{first}{second} {kind}" + (f" {again + 1}" if again else "")
    day = words.DAYS[roll % len(words.DAYS)]
    return {
        "vendor_id": _slug(name),
        "name": name,
        "legal_name": f"{name} Ltd" if roll % 3 == 0 else None,
        "company": f"{first} Group" if roll % 10 < 4 else None,
        "section": words.SECTIONS[roll % 97 % len(words.SECTIONS)] if roll % 20 else None,
        "role": VENDOR_ROLES[roll % 89 % len(VENDOR_ROLES)] if roll % 9 > 2 else None,
        "country": ("US" if roll % 4 == 0 else inside[roll % len(inside)]) if roll % 8 > 1 else None,
        "website": f"https://{_slug(name)}.example" if roll % 6 else None,
        "agreement_url": f"https://{_slug(name)}.example/agreement" if roll % 7 > 2 else None,
        "agreement_signed_on": day if roll % 7 > 3 else None,
        "agreement_expires_on": f"{int(day[:4]) + 3}{day[4:8]}01" if roll % 7 > 4 else None,
        "certifications": [words.CERTIFICATIONS[roll % 4], words.CERTIFICATIONS[(roll + 1) % 4]] if roll % 5 > 2 else None,
        "status": ("active", "active", "active", "active", "proposed", "retired")[roll % 6] if roll % 12 else None,
        "added_on": day if roll % 3 else None,
        "reviewed_on": words.DAYS[roll // 7 % len(words.DAYS)] if roll % 5 > 1 else None,
    }


def _activity(number: int, names: Names, seed: int) -> Row:
    roll = one(number, seed, "activity")
    categories = sorted({names.categories[(roll + step) % len(names.categories)] for step in range(3)})
    vendors = sorted({names.vendors[(roll + step * 11) % len(names.vendors)] for step in range(4)})
    return {
        "activity_id": f"activity-{number + 1}",
        "name": f"Activity {number + 1}",
        "role": "controller" if roll % 3 else None,
        "purpose": words.purpose(number),
        "legal_basis": ("contract", "legitimate-interests", "consent")[roll % 3] if roll % 5 else None,
        "legitimate_interest": "To keep the service secure; assessed" if roll % 7 > 4 else None,
        "category_ids": categories,
        "vendor_ids": vendors,
        "data_subjects": [words.SUBJECTS[roll % len(words.SUBJECTS)]] if roll % 4 else None,
        "retention_period": words.PERIODS[roll % len(words.PERIODS)] if roll % 3 else None,
        "automated_decisions": "no" if roll % 2 else None,
        "reviewed_on": words.DAYS[roll // 3 % len(words.DAYS)] if roll % 3 else None,
    }


def _aliases(names: Names) -> list[Row]:
    rows: list[Row] = [
        {"kind": "vendor", "alias": str(row["name"]).split()[0] + " (service)", "id": row["vendor_id"]} for row in names.vendor_rows[::10]
    ]
    seen, numbers = set(), count(2)
    for row in rows:
        if row["alias"] in seen:
            row["alias"] = f"{row['alias']} {next(numbers)}"
        seen.add(row["alias"])
    return rows


def _stated(table: str, key: Any, quote: Any) -> Row:
    return {"table": table, "row_id": key, "column": "name", "status": "stated", "source_id": SOURCE, "locator": "line 1", "quote": quote}
