"""What the bands of a map tell on hover: purpose, legal basis, condition and quote of some of their flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from popmap.flow.graph import Path, node_id
from popmap.store import Store

_FLOWS_PER_BAND = 3


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
    lines_of = {row[0]: _told(row[1:]) for row in store.rows("map_flows", rows=wanted)}
    hover = {}
    for band, rows in rows_of.items():
        shown = [lines_of[row] for row in rows[:_FLOWS_PER_BAND] if row in lines_of]
        more = flows_of[band] - len(shown)
        hover[band] = tuple(line for lines in shown for line in lines) + (
            (f"and {more:,} more flows",) if more > 1 else ("and one more flow",) * more
        )
    return hover


def _told(cells: Sequence[str | None]) -> tuple[str, ...]:
    purpose, basis, condition, quote, locator, status = cells
    lines = [f"Purpose: {purpose or 'not stated'}", f"Legal basis: {basis or 'not stated'}"]
    if condition:
        lines.append(f"Condition: {condition}")
    lines.append(f"{(status or '').capitalize()}: “{quote}” ({locator or 'place not stated'})" if quote else "No evidence")
    return tuple(lines)
