"""What popmap import and popmap init say about a plan: what was read, what would change, what a person must decide."""

from __future__ import annotations

from pathlib import Path

from popmap.commands.said import plain
from popmap.importing.merging import Keep
from popmap.lists.planning import Plan

_LISTED = 200


def words(planned: Plan, path: Path, done: str) -> list[str]:
    """Return a plan in lines.

    Args:
        planned: The plan.
        path: The list.
        done: What was written, "" when nothing was.
    """
    reading = planned.reading
    lines = [f"{path}: {len(reading.records):,} records read as source {planned.source.id}."]
    lines += [f"Not read: {one.reason} ({', '.join(one.lines[:6])}{' …' if len(one.lines) > 6 else ''})" for one in reading.refusals]
    lines += [f"Note ({one.locator}): {one.text}" for one in reading.notes[:_LISTED]]
    content = [str(one) for one in planned.changes if one.table != "evidence"]
    lines += [f"  {line}" for line in content[:_LISTED]]
    lines += [f"  and {len(content) - _LISTED:,} more; --format json lists all"] if len(content) > _LISTED else []
    evidence = len(planned.changes) - len(content)
    if evidence:
        lines.append(f"  and {evidence:,} changes in what cells rest on (evidence)")
    for one in planned.open_questions:
        lines.append(f"Question ({one.locator}): {one.text}")
        lines += [
            f"  --answer {one.id}={option.key}  {option.label}{' (proposed)' if option.key == one.proposed else ''}"
            for option in one.options
        ]
    for one in planned.open_contradictions:
        where = f"{one.table} {one.row_id}, {one.column}"
        lines.append(f"Contradiction ({one.locator}): {where} is {one.register!r} in the register and {one.list!r} on the list")
        lines += [
            f"  --answer {one.id}={keep}  {label}"
            for keep, label in ((Keep.REGISTER, "keep the register's"), (Keep.LIST, "take the list's"))
        ]
    if planned.open_questions or planned.open_contradictions:
        lines.append("Nothing was written: decide on each, or --accept-proposals takes what is proposed.")
    elif not reading.records:
        lines.append("Nothing was written.")
    elif not planned.files:
        lines.append("Nothing to change.")
    else:
        lines.append(done or "Nothing was written: this was a dry run.")
    return [" " * (len(line) - len(line.lstrip(" "))) + plain(line) for line in lines]


def record(planned: Plan) -> dict[str, object]:
    """Return a plan as JSON holds it: every change, question and contradiction."""
    reading = planned.reading
    return {
        "source": planned.source.id,
        "records": len(reading.records),
        "refusals": [{"reason": one.reason, "lines": list(one.lines)} for one in reading.refusals],
        "notes": [{"code": one.code, "text": one.text, "locator": one.locator} for one in reading.notes],
        "changes": [
            {
                "table": one.table,
                "change": one.change.value,
                "row_id": one.row_id,
                "cells": [{"column": cell.column, "before": cell.before or None, "after": cell.after or None} for cell in one.cells],
                "words": str(one),
            }
            for one in planned.changes
        ],
        "questions": [
            {
                "id": one.id,
                "text": one.text,
                "locator": one.locator,
                "quote": one.quote,
                "options": {option.key: option.label for option in one.options},
                "proposed": one.proposed or None,
                "answer": one.answer or None,
            }
            for one in reading.questions
        ],
        "contradictions": [
            {"id": one.id, "table": one.table, "row_id": one.row_id, "column": one.column, "register": one.register, "list": one.list}
            for one in planned.open_contradictions
        ],
        "unchanged": dict(planned.unchanged),
    }
