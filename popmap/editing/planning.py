"""What edits would change, and what stands in their way: asked of the register before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from popmap.differences import differences
from popmap.editing.edits import Edits, Row, row_id
from popmap.editing.rows import EDITABLE, NAMED, Rows, by_id, editable_columns
from popmap.facets import slug
from popmap.register.cells import canonical
from popmap.register.faults import KINDS
from popmap.register.schema import ACTIVITIES, BY_NAME, CATEGORIES, FLOWS, LIST_SEPARATOR, VENDORS, Table
from popmap.rewriting import as_table
from popmap.store import Store

_NOUNS = {VENDORS: "vendor", CATEGORIES: "category", FLOWS: "flow", ACTIVITIES: "activity"}
# What refers to a vendor or a category, in its flows and in an activity's list.
_REFERRING = {VENDORS: ("vendor_id", "vendor_ids"), CATEGORIES: ("category_id", "category_ids")}


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one row.

    Attributes:
        before: What the register states, nothing for a new row.
        after: What it shall state, nothing for a row that goes away.
        confirmed: The columns that say what they did, but no longer by inference.
    """

    before: Row
    after: Row
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What edits would do.

    Attributes:
        fingerprint: The register's content they were asked on.
        steps: By table, what becomes of each row.
        changes: The same in words, a line for each row.
        obstacles: What has to be mended first, each a sentence that names row and column and says what to do.
    """

    fingerprint: str
    steps: Mapping[str, tuple[Step, ...]]
    changes: tuple[str, ...]
    obstacles: tuple[str, ...]


def plan(store: Store, edits: Mapping[str, Edits]) -> Plan:
    """Return what edits would do to a register.

    Args:
        store: The register.
        edits: By table name.
    """
    countries = frozenset(code for (code,) in store.query("SELECT country FROM countries"))
    obstacles: list[str] = []
    steps = {
        table.name: tuple(_steps(store, table, edits[table.name], countries, obstacles)) for table in EDITABLE if edits.get(table.name)
    }
    obstacles += _doubles(store, steps)
    obstacles += _left_behind(store, steps)
    obstacles += _unknown(store, steps)
    return Plan(store.fingerprint, steps, tuple(_in_words(store, steps)), tuple(dict.fromkeys(obstacles)))


def new_names(store: Store, table: Table, edits: Mapping[str, Edits]) -> dict[str, str]:
    """Return the keys that new rows of a table will have, and their names."""
    if table.name not in edits or not edits[table.name].added:
        return {}
    steps = plan(store, {table.name: edits[table.name]}).steps[table.name]
    return {step.after[table.key[0]]: step.after["name"] for step in steps if not step.before and step.after.get("name")}


def called(table: Table, row: Row) -> str:
    """Return what people call a row: "vendor Kombo", "flow logs → sentry"."""
    name = row.get("name") or row_id(table, row) if table is not FLOWS else " → ".join(filter(None, map(row.get, FLOWS.key[:2])))
    return f"{_NOUNS[table]} {name}" if name else f"a new {_NOUNS[table]}"


def _steps(store: Store, table: Table, edits: Edits, countries: frozenset[str], obstacles: list[str]) -> Iterator[Step]:
    """Yield what becomes of each row; what was edited and is no longer there is an obstacle."""
    stated = {row_id(table, row): row for row in by_id(store, table, [*edits.changed, *edits.removed])}
    for key in edits.removed:
        if key in stated:
            yield Step(stated[key], {})
    for key, cells in edits.changed.items():
        if key not in stated:
            obstacles.append(f"The {_NOUNS[table]} {key} that was edited is no longer in the register: discard these edits.")
            continue
        new = dict(_canonical(table, cells, stated[key], countries, obstacles))
        same = tuple(name for name, cell in new.items() if cell and cell == stated[key].get(name, ""))
        yield Step(stated[key], {**stated[key], **new}, same)
    taken = {row[table.key[0]] for row in stated.values()}
    for cells in edits.added:
        row = dict(_canonical(table, cells, cells, countries, obstacles))
        if table in NAMED and row.get("name"):
            row = {table.key[0]: _new_key(store, table, row["name"], taken), **row}
        needed = ("name",) if table in NAMED else FLOWS.key[:2]
        missing = [column for column in needed if not row.get(column)]
        if missing:
            obstacles.append(f"{called(table, row).capitalize()}: {_words(missing[0])} is not stated. State it, or delete the row.")
        yield Step({}, row)


def _canonical(table: Table, cells: Row, row: Row, countries: frozenset[str], obstacles: list[str]) -> Iterator[tuple[str, str]]:
    """Yield cells in their canonical form; what is not allowed in one is an obstacle."""
    for column in editable_columns(table):
        if column.name not in cells:
            continue
        text, faults = canonical(cells[column.name], column, countries)
        for code, value in faults:
            kind = KINDS[code]
            hint = kind.hint.format(more=", ".join(column.choices))
            obstacles.append(f"{_first_upper(called(table, row))}, {_words(column.name)} “{value[:80]}”: {kind.message}. {hint}")
        yield column.name, text


def _new_key(store: Store, table: Table, name: str, taken: set[str]) -> str:
    """Return a key made from a name that no row has."""
    base, number = slug(name), 1
    while (key := base if number == 1 else f"{base}-{number}") in taken or by_id(store, table, [key]):
        number += 1
    taken.add(key)
    return key


def _doubles(store: Store, steps: Mapping[str, tuple[Step, ...]]) -> Iterator[str]:
    """Yield an obstacle for each flow that would be there twice."""
    mine = steps.get("flows", ())
    moved = [step for step in mine if step.after and row_id(FLOWS, step.before) != row_id(FLOWS, step.after)]
    gone = {row_id(FLOWS, step.before) for step in mine if step.before and (not step.after or step in moved)}
    held = {row_id(FLOWS, row) for row in by_id(store, FLOWS, [row_id(FLOWS, step.after) for step in moved])} - gone
    for step in moved:
        key = row_id(FLOWS, step.after)
        if key in held:
            yield f"{_first_upper(called(FLOWS, step.after))}: there is one for this purpose. Edit that row, or state another purpose."
        held.add(key)


def _left_behind(store: Store, steps: Mapping[str, tuple[Step, ...]]) -> Iterator[str]:
    """Yield an obstacle for each vendor and category that would go away while flows or activities still name it."""
    for table, (single, several) in _REFERRING.items():
        gone = [step.before for step in steps.get(table.name, ()) if not step.after]
        for row in gone:
            key = row[table.key[0]]
            flows = store.query(f"SELECT count(*) FROM flows WHERE {single} = $key", {"key": key})[0][0]
            flows += sum((step.after.get(single) == key) - (step.before.get(single) == key) for step in steps.get("flows", ()))
            listed = store.query(f"SELECT count(*) FROM activities WHERE list_contains({several}, $key)", {"key": key})[0][0]
            listed += sum(
                (key in step.after.get(several, "").split(LIST_SEPARATOR)) - (key in step.before.get(several, "").split(LIST_SEPARATOR))
                for step in steps.get("activities", ())
            )
            if flows or listed:
                yield (
                    f"{_first_upper(called(table, row))} cannot be deleted: {flows:,} flows and {listed:,} activities still name it. "
                    f"Delete these first{', or state retired as its status' if table is VENDORS else ''}."
                )


def _unknown(store: Store, steps: Mapping[str, tuple[Step, ...]]) -> Iterator[str]:
    """Yield an obstacle for each reference to a vendor or category there is none of; a new one's key follows from its name."""
    for table, (single, several) in _REFERRING.items():
        new = {step.after.get(table.key[0], "") for step in steps.get(table.name, ()) if step.after}
        for name, column in (("flows", single), ("activities", several)):
            for step in steps.get(name, ()):
                named = {key for key in step.after.get(column, "").split(LIST_SEPARATOR) if key} - new
                named -= {key for key in step.before.get(column, "").split(LIST_SEPARATOR) if key}
                there = {row[table.key[0]] for row in by_id(store, table, sorted(named))}
                for key in sorted(named - there):
                    row = _first_upper(called(BY_NAME[name], step.after))
                    yield f"{row}: there is no {_NOUNS[table]} {key}. Choose another, or add it first."


def _in_words(store: Store, steps: Mapping[str, tuple[Step, ...]]) -> Iterator[str]:
    """Yield what changes; the names of vendors and categories are those of the register and of what is new."""
    before: dict[str, Rows] = {name: [dict(step.before) for step in each if step.before] for name, each in steps.items()}
    after: dict[str, Rows] = {name: [dict(step.after) for step in each if step.after] for name, each in steps.items()}
    ends = ("vendors", "categories") if "flows" in steps else ()
    for name in ends:
        key = BY_NAME[name].key[0]
        wanted = {row[key] for side in (before, after) for row in side["flows"] if row.get(key)}
        there = {row_id(BY_NAME[name], row) for row in (*before.get(name, ()), *after.get(name, ()))}
        same = by_id(store, BY_NAME[name], sorted(wanted - there))
        for side in (before, after):
            side[name] = [*side.get(name, ()), *same]
    states = ({name: as_table(name, content) for name, content in state.items()} for state in (before, after))
    yield from map(str, differences(*states))
    for name, each in steps.items():
        for step in each:
            said = [f"{_words(column)} {step.after[column]}" for column in step.confirmed]
            if said:
                yield f"{_first_upper(called(BY_NAME[name], step.after))}: confirmed {'; '.join(said)}"


def _words(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]
