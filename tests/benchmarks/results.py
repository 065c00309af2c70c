"""Figures and their limits, as a table people read."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its limit.

    Attributes:
        what: What was measured.
        value: popmap's figure.
        beside: What it is held against, in the same unit; None when the limit is an amount.
        limit: The highest ratio (or amount) allowed, None when there is none.
        unit: "ms", "s", "KB", "MB" or "/s".
        more: Remarks, such as the 95th percentile.
        at_least: Whether the limit is the lowest allowed instead.
        failed: Why the figure is worth nothing, "" when all went well.
    """

    what: str
    value: float
    beside: float | None = None
    limit: float | None = None
    unit: str = "ms"
    more: str = ""
    at_least: bool = False
    failed: str = ""

    @property
    def ratio(self) -> float:
        """Return what the limit speaks of."""
        return self.value if self.beside is None else self.value / self.beside

    @property
    def met(self) -> bool | None:
        """Return whether the limit is met, None when there is none."""
        if self.failed:
            return False
        if self.limit is None:
            return None
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit


@dataclass(frozen=True, slots=True)
class Section:
    """A table of figures, and what to know when reading it."""

    title: str
    lines: tuple[Line, ...]
    note: str = ""


def percentile(values: Iterable[float], share: float) -> float:
    """Return the value that this share (0 to 1) of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(text: str) -> None:
    """Print figures."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def markdown(sections: Sequence[Section]) -> str:
    """Return sections as Markdown."""
    parts = []
    for section in sections:
        rows = [_row(line) for line in section.lines]
        head = "| what | popmap | beside it | ratio | limit | met | more |\n| --- | ---: | ---: | ---: | ---: | --- | --- |"
        parts.append("\n\n".join(filter(None, [f"### {section.title}", section.note, "\n".join([head, *rows])])))
    return "\n\n".join(parts) + "\n"


def _row(line: Line) -> str:
    beside = "" if line.beside is None else _amount(line.beside, line.unit)
    ratio = "" if line.beside is None else f"{line.ratio:.2f}"
    limit = (
        ""
        if line.limit is None
        else ("≥ " if line.at_least else "≤ ") + (f"{line.limit:g}" if line.beside is not None else _amount(line.limit, line.unit))
    )
    met = {None: "", True: "yes", False: "**no**"}[line.met]
    return f"| {line.what} | {_amount(line.value, line.unit)} | {beside} | {ratio} | {limit} | {met} | {line.failed or line.more} |"


def _amount(value: float, unit: str) -> str:
    digits = 2 if unit == "s" or (value < 10 and value % 1) else 1 if value < 100 and value % 1 else 0
    return f"{value:,.{digits}f} {unit}".replace(" /s", "/s")
