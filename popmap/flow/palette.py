"""Colours for the data map: two themes, told apart with any kind of colour vision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from popmap.flow.graph import NOT_STATED, OTHER

FONT = '"Source Sans", "Source Sans Pro", "Helvetica Neue", Arial, sans-serif'


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour of one theme, as #rrggbb, and how opaque bands are.

    Attributes:
        background: What the picture stands on.
        text: Labels and hover text.
        muted: Layer headers and the labels of what is not selected; still readable as text.
        bar: Nodes that are no category.
        band: Bands that carry no category's colour.
        neutral: Categories beyond the palette, and Other.
        finding: The outline of what has findings.
        line: Borders of hover labels.
        cycle: Category colours in order of use.
        band_opacity: Of a band.
        faded_opacity: Of a band that is not selected.
        faded_bar_opacity: Of a node that is not selected.
    """

    background: str
    text: str
    muted: str
    bar: str
    band: str
    neutral: str
    finding: str
    line: str
    cycle: tuple[str, ...]
    band_opacity: float
    faded_opacity: float
    faded_bar_opacity: float


# Six of the eight colours of Okabe and Ito, Color Universal Design (2008), in both themes. Their yellow and black do not show on both
# backgrounds: the light theme takes wine and indigo from Paul Tol's "muted" scheme (SRON/EPS/TN/09-002) instead, the dark one
# yellow and white. The second eight repeat the first at another lightness.
_SHARED = ("#0072b2", "#d55e00", "#009e73", "#e69f00", "#cc79a7", "#56b4e9")
_LIGHT_CYCLE = (
    *(*_SHARED, "#882255", "#332288"),
    *("#003f62", "#803800", "#005c43", "#8a5f00", "#8a3f66", "#2a6f9e", "#c77ba0", "#8f84d0"),
)
_DARK_CYCLE = (
    *(*_SHARED, "#f0e442", "#ffffff"),
    *("#80b9d9", "#eaaf80", "#80cfb9", "#f3cf80", "#8f4d72", "#2f6f95", "#a39b2d", "#b9a88f"),
)

LIGHT = Theme("#ffffff", "#262a33", "#5b6472", "#334155", "#8d99ab", "#7b8494", "#b3123f", "#c9d0da", _LIGHT_CYCLE, 0.45, 0.09, 0.22)
DARK = Theme("#0e1117", "#f1f3f7", "#a3adbb", "#a9b5c6", "#77849a", "#8a93a3", "#ff8fa3", "#47505e", _DARK_CYCLE, 0.55, 0.13, 0.25)
THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}


def colours(theme: Theme, order: Sequence[str]) -> dict[str, str]:
    """Return each key's colour, given by its place in the order alone, so that a filter never changes it.

    Args:
        theme: LIGHT or DARK.
        order: All keys of the register, not only those shown; what is not stated and Other take no colour from the cycle.

    Returns:
        Key -> #rrggbb; keys beyond the cycle get the neutral grey.
    """
    named = [key for key in dict.fromkeys(order) if key not in (NOT_STATED, OTHER)]
    return {key: theme.cycle[at] if at < len(theme.cycle) else theme.neutral for at, key in enumerate(named)}


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two #rrggbb colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    # WCAG 2.2, "relative luminance".
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
