"""What the bands of a map tell on hover: purpose, legal basis, condition and quote of some of their flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from popmap.flow.graph import Path, node_id
from popmap.flow_rows import Quoted, cells, quotes
from popmap.numbering import columns
from popmap.store import Store

_FLOWS_PER_BAND = 3
_MOST_KEPT = 50_000


def told(
    store: Store, layers: Sequence[str], paths: Sequence[Path], samples: Mapping[tuple[str, ...], int]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what each band between categories and vendors tells.

    Args:
        store: The register.
        layers: The map's layers.
        paths: Its paths.
        samples: Each path's keys -> the row of one of its flows.

    Returns:
        (source id, target id) -> lines of plain text: purpose, legal basis, condition and quote, and how many flows more.
    """
    pairs = [at for at in range(len(layers) - 1) if {layers[at], layers[at + 1]} == {"category", "vendor"}]
    if not pairs:
        return {}
    at = pairs[0]
    rows_of: dict[tuple[str, str], list[int]] = {}
    flows_of: dict[tuple[str, str], int] = {}
    for path in paths:
        band = (node_id(layers[at], path.keys[at]), node_id(layers[at + 1], path.keys[at + 1]))
        rows_of.setdefault(band, []).append(samples[path.keys])
        flows_of[band] = flows_of.get(band, 0) + path.flows
    wanted = sorted({row for rows in rows_of.values() for row in rows[:_FLOWS_PER_BAND]})
    lines_of = _lines(store, wanted)
    hover = {}
    for band, rows in rows_of.items():
        shown = [lines_of[row] for row in rows[:_FLOWS_PER_BAND]]
        more = flows_of[band] - len(shown)
        hover[band] = tuple(line for lines in shown for line in lines) + (
            (f"and {more:,} more flows",) if more > 1 else ("and one more flow",) * more
        )
    return hover


def _lines(store: Store, wanted: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return what the flows in these rows tell; what was told before is not put together again."""
    kept: dict[int, tuple[str, ...]] = store.remember(("told",), dict)
    missing = [row for row in wanted if row not in kept]
    if missing:
        if len(kept) > _MOST_KEPT:
            kept.clear()
            missing = list(wanted)
        numbers = columns(store).row_no
        # Of one type, or NumPy would copy all row numbers to compare them.
        places = np.searchsorted(numbers, np.array(missing, dtype=numbers.dtype))
        told = zip(*(cells(store, places, column) for column in ("purpose", "basis", "condition")), quotes(store, places), strict=True)
        kept.update((row, _told(*each)) for row, each in zip(missing, told, strict=True))
    return {row: kept[row] for row in wanted}


def _told(purpose: str | None, basis: str | None, condition: str | None, quoted: Quoted | None) -> tuple[str, ...]:
    lines = [f"Purpose: {purpose or 'not stated'}", f"Legal basis: {basis or 'not stated'}"]
    if condition:
        lines.append(f"Condition: {condition}")
    if quoted and quoted.quote:
        lines.append(f"{(quoted.status or '').capitalize()}: “{quoted.quote}” ({quoted.locator or 'place not stated'})")
    else:
        lines.append("No evidence")
    return tuple(lines)
