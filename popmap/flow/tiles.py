"""What the matrix draws: tiles, numbers, names, totals and the key to the colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from popmap.flow import text
from popmap.flow.grid import ALIKE, LONGEST_LABEL, TOTALS, Grid, Measures, levels, places
from popmap.flow.hover import count
from popmap.flow.palette import DARK, FONT, Theme, contrast
from popmap.flow.plotting import labels, mix

GAP = 2.0
# The lightest and the darkest tile of the light theme, the darkest and the lightest of the dark one: one hue, so that the order shows
# with any kind of colour vision.
SCALES: dict[str, tuple[str, str]] = {"light": ("#b3d1ea", "#08306b"), "dark": ("#24598a", "#d9edff")}
LEVELS = 5
# One of these reaches a contrast of 4.5 on any colour at all; the themes' own text colours do not on the middle of the scale.
INKS = ("#000000", "#ffffff")
# Where a tile's number on the heat map's scale begins; 0 itself is the empty tile, and faded tiles are below it.
LEAST = 0.004


def tiles(table: Grid, size: Measures, look: Theme, lit: frozenset[tuple[str, str]]) -> dict[str, Any]:
    """Return the tiles as one heat map trace."""
    level = levels(table)
    empty, step = _empty(look), LEAST / 4
    scale = [
        (0.0, _colour(1, look, False)),
        (0.5 - 2 * step, _colour(0, look, False)),
        (0.5 - step, empty),
        (0.5 + step, empty),
        (0.5 + 2 * step, _colour(0, look, True)),
        (1.0, _colour(1, look, True)),
    ]
    grounds = [[_ground(level, (row, column), lit) for column in table.columns] for row in table.rows]
    return {
        "type": "heatmap",
        "name": "tiles",
        "x": [round((at + 0.5) * size.wide, 1) for at in range(len(table.columns))],
        "y": [(at + 0.5) * size.tall for at in range(len(table.rows))],
        "z": grounds,
        "zmin": -1,
        "zmax": 1,
        "colorscale": scale,
        "showscale": False,
        "xgap": GAP,
        "ygap": GAP,
        "hoverinfo": "skip",
    }


def _ground(levels: Mapping[tuple[str, str], float], pair: tuple[str, str], lit: frozenset[tuple[str, str]]) -> float:
    if pair not in levels:
        return 0.0
    value = round(LEAST + (1 - LEAST) * levels[pair], 3)
    return value if pair in lit else -value


def _scale(look: Theme) -> tuple[str, str]:
    return SCALES["dark" if look is DARK else "light"]


@lru_cache(maxsize=1024)
def _colour(level: float, look: Theme, lit: bool) -> str:
    low, high = _scale(look)
    colour = mix(high, low, level)
    return colour if lit else mix(colour, look.background, look.faded_bar_opacity + 0.06)


def _empty(look: Theme) -> str:
    return mix(look.band, look.background, 0.13)


def numbers(table: Grid, size: Measures, look: Theme, lit: frozenset[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return the tiles' numbers where they have room, in the colour that shows best on the tile; muted on a faded one."""
    level = levels(table)
    by_colour: dict[str, list[tuple[float, float, str, str]]] = {INKS[0]: [], INKS[1]: [], look.muted: []}
    down, across = places(table.rows), places(table.columns)
    for (row, column), cell in table.cells.items():
        shown = short(cell.flows)
        if text.width(shown, 12) > size.wide - GAP - 2:
            continue
        colour = ink(level[row, column], look) if (row, column) in lit else look.muted
        x, y = (across[column] + 0.5) * size.wide, (down[row] + 0.5) * size.tall
        by_colour[colour].append((round(x, 1), round(y, 1), shown, "middle center"))
    return [labels("numbers", look, colour, rows, 12, halo=False) for colour, rows in by_colour.items() if rows]


@lru_cache(maxsize=1024)
def ink(level: float, look: Theme) -> str:
    """Return the colour of a number on a tile of that level, 0 to 1."""
    tile = _colour(level, look, True)
    return max(INKS, key=lambda colour: contrast(colour, tile))


def short(number: int) -> str:
    """Return a number in about four characters: 999, 1.2k, 35k, 4M; those below a thousand stay exact."""
    for limit, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= limit or (unit == "M" and number >= 999_500):
            scaled = number / limit
            return f"{scaled:.1f}".removesuffix(".0") + unit if scaled < 9.95 else f"{scaled:.0f}{unit}"
    return str(number)


def active(lit: frozenset[tuple[str, str]]) -> frozenset[str]:
    """Return the rows and columns that have a lit tile."""
    return frozenset(name for pair in lit for name in pair)


def row_labels(
    table: Grid, size: Measures, names: Mapping[str, str], look: Theme, lit: frozenset[tuple[str, str]], chosen: set[str]
) -> list[dict[str, Any]]:
    """Return the names of the rows: those chosen in bold, those without a lit tile muted."""
    lively = active(lit)
    traces = []
    for name, colour, on, bold in (
        ("labels", look.text, True, True),
        ("labels", look.text, True, False),
        ("other labels", look.muted, False, False),
    ):
        rows = [
            (-6.0, (at + 0.5) * size.tall, text.fit(names[row], 13, LONGEST_LABEL), "middle left")
            for at, row in enumerate(table.rows)
            if (row in lively) == on and (row in chosen) == (bold and on)
        ]
        if rows:
            traces.append(labels(name, look, colour, rows, 13, bold=bold))
    return traces


def column_labels(
    table: Grid, size: Measures, names: Mapping[str, str], look: Theme, lit: frozenset[tuple[str, str]], chosen: set[str]
) -> dict[str, Any]:
    """Return the x axis that carries the columns' names; only an axis can turn its labels."""
    lively = active(lit)
    shown = []
    for column in table.columns:
        label = escape(text.fit(names[column], size.font, LONGEST_LABEL), quote=False)
        label = f"<b>{label}</b>" if column in chosen else label
        shown.append(label if column in lively else f'<span style="color:{look.muted}">{label}</span>')
    return {
        "visible": True,
        "side": "top",
        "tickmode": "array",
        "tickvals": [round((at + 0.5) * size.wide, 1) for at in range(len(shown))],
        "ticktext": shown,
        "tickangle": size.angle,
        "tickfont": {"family": FONT, "size": size.font, "color": look.text},
        "ticks": "",
        "showgrid": False,
        "showline": False,
        "zeroline": False,
    }


def totals(table: Grid, size: Measures, look: Theme) -> dict[str, Any]:
    """Return every row's number of flows and, where they have room, every column's."""
    across = len(table.columns) * size.wide
    rows = [(round(across + TOTALS, 1), (at + 0.5) * size.tall, short(total), "middle center") for at, total in enumerate(_sums(table, 0))]
    fits = size.wide > 16
    if fits:
        rows += [(round((at + 0.5) * size.wide, 1), -TOTALS / 2, short(total), "middle center") for at, total in enumerate(_sums(table, 1))]
        rows.append((round(across + TOTALS, 1), -TOTALS / 2, "flows", "middle center"))
    return labels("totals", look, look.muted, rows, 11, halo=False)


def _sums(table: Grid, axis: int) -> list[int]:
    totals: Counter[str] = Counter()
    for pair, cell in table.cells.items():
        totals[pair[axis]] += cell.flows
    return [totals[name] for name in (table.rows, table.columns)[axis]]


def key(table: Grid, y: float, look: Theme, gaps: bool) -> list[dict[str, Any]]:
    """Return the key: an empty tile, then the scale from the fewest flows of a tile to the most.

    Args:
        table: What grid returned.
        y: Where its middle is.
        look: LIGHT or DARK.
        gaps: Whether to say what dashed and outlined mean.
    """
    values = [cell.flows for cell in table.cells.values()]
    if not values:
        return []
    low, high = min(values), max(values)
    steps = [ALIKE] if low == high else [at / (LEVELS - 1) for at in range(LEVELS)]
    first = 110.0 if low == high else 116.0 + text.width(f"{low:,}", 11)
    last = first + 18 * (len(steps) - 1)
    rows = [(20.0, y, "no flows", "middle right"), (last + 16, y, count(high, "flow"), "middle right")]
    if low != high:
        rows.append((first - 16, y, f"{low:,}", "middle left"))
    if gaps:
        after = last + 48 + text.width(count(high, "flow"), 11)
        rows.append((after, y, "Dashed: no evidence. Outlined: has findings.", "middle right"))
    tiles = {
        "type": "scatter",
        "mode": "markers",
        "name": "key",
        "x": [6.0, *(first + 18 * at for at in range(len(steps)))],
        "y": [y] * (len(steps) + 1),
        "marker": {
            "symbol": "square",
            "size": 16,
            "color": [_empty(look), *(_colour(level, look, True) for level in steps)],
            "opacity": 1,
            "line": {"width": 0},
        },
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 1}},
    }
    return [tiles, labels("key", look, look.muted, rows, 11, halo=False)]
