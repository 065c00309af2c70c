"""Answer lists kept on another sheet, and named by a code beside each question."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from popmap.answering.reading.grid import Grid
from popmap.answering.reading.words import fold, header_role

_LONGEST_CODE = 60
_LANGUAGE = re.compile(r"[\[(_ -]([a-z]{2})[\])]?$")
_SEVERAL = re.compile(r"\bmulti\w*|\bseveral\b|\bplusieurs\b|\bmehrere\b|\bvari[ao]s\b", re.IGNORECASE)
MOST_CHOICES = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """What a code stands for.

    Attributes:
        words: Language ("" where the sheet does not say) -> the answers; () for free text.
        several: Whether more than one may be chosen.
    """

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    several: bool = False

    def in_language(self, language: str) -> tuple[str, ...]:
        """Return the answers in a language, or in the sheet's own where it has no translation."""
        return self.words.get(language) or self.words.get("", ())


Codes = Mapping[str, Choices]


def code_lists(grids: Sequence[Grid]) -> dict[str, Codes]:
    """Return, by sheet, the codes it explains: sheets with an id column and one or more of choices."""
    return {grid.name: found for grid in grids if (found := _explained(grid))}


def _explained(grid: Grid) -> Codes:
    if len(grid.rows) < 2:
        return {}
    head = grid.rows[0]
    listed = {column: _LANGUAGE.search(fold(text)) for column, text in enumerate(head, 1) if text and _is_choices(text)}
    key = next(
        (
            column
            for column, text in enumerate(head, 1)
            if header_role(text) == "reference" or fold(text) in {"answer type", "answer", "type"}
        ),
        1,
    )
    if not listed or key in listed:
        return {}
    found: dict[str, Choices] = {}
    aside = [column for column in range(1, grid.width + 1) if column not in listed and column != key]
    for row in range(2, len(grid.rows) + 1):
        code = grid.at(row, key).strip()
        # Numbers alone name too many things to be told for codes.
        if not any(map(str.isalpha, code)) or len(code) > _LONGEST_CODE:
            continue
        words: dict[str, tuple[str, ...]] = {}
        for column, language in listed.items():
            pieces = tuple(piece.strip() for piece in re.split(r"\r?\n|\s*\|\s*|;", grid.at(row, column)) if piece.strip())[:MOST_CHOICES]
            if pieces:
                words[language.group(1) if language else ""] = pieces
        before = found.get(code)
        if before:
            words = {language: (*before.words.get(language, ()), *pieces) for language, pieces in words.items()}
        others = (grid.at(row, column) for column in aside)
        found[code] = Choices(words, any(len(text) < _LONGEST_CODE and _SEVERAL.search(text.replace("_", " ")) for text in others))
    return found


def _is_choices(text: str) -> bool:
    folded = _LANGUAGE.sub("", fold(text)).replace("_", " ")
    return bool(
        re.search(
            r"\b(?:choices?|options?|values?|choix|valeurs?|auswahl\w*|werte?|opciones|valores|labels?|libelles?|"
            r"answer (?:text|options?|choices?))\b",
            folded,
        )
    )


def columns_of_codes(grid: Grid, lists: Mapping[str, Codes]) -> dict[int, Codes]:
    """Return the columns whose every line is a code that another sheet explains."""
    found: dict[int, Codes] = {}
    for sheet, codes in lists.items():
        if sheet == grid.name:
            continue
        for column in range(1, grid.width + 1):
            cells = [text for row in range(2, len(grid.rows) + 1) if (text := grid.at(row, column).strip())]
            lines = [line.strip() for text in cells for line in text.splitlines()]
            if lines and sum(line in codes for line in lines) >= 0.8 * len(lines):
                found.setdefault(column, codes)
    return found
