"""The labelled questions, and what came of each beside what should have."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from answering.oracle import Register, right_rows

from popmap.answering.answers import answer_all
from popmap.answering.model import Answer, Outcome, Question
from popmap.checks.run import open_checked

HERE = Path(__file__).parent
REGISTERS = {"bundled": HERE.parents[1] / "data" / "popwork", "complete": HERE / "complete"}
DAY = date(2026, 11, 1)
NONE = "none"


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled question: its intent ("none" for a trap), its arguments, and the outcome on each register."""

    part: str
    language: str
    question: str
    intent: str
    argument: dict[str, tuple[str, ...]]
    outcomes: dict[str, Outcome]


@dataclass(frozen=True, slots=True)
class Result:
    """A labelled question's answer on one register."""

    register: str
    label: Label
    answer: Answer
    right: frozenset[tuple[str, str]]

    @property
    def expected(self) -> Outcome:
        """Return what should come of it."""
        return self.label.outcomes[self.register]

    @property
    def is_trap(self) -> bool:
        """Return whether it has to be declined."""
        return self.expected is Outcome.NOT_REGISTER

    @property
    def is_right(self) -> bool:
        """Return whether the outcome, the intent, the arguments and the rows are exactly what they should be."""
        answer = self.answer
        if answer.outcome is not self.expected:
            return False
        if self.is_trap:
            return True
        same = answer.match.intent == self.label.intent and answer.match.argument == self.label.argument
        return same and {(row.table, row.row_id) for row in answer.rows} == self.right

    @property
    def is_false_claim(self) -> bool:
        """Return whether it claims what it should not: anything where it should decline, or other rows than the right ones."""
        if self.answer.outcome is Outcome.NOT_REGISTER:
            return False
        return not self.is_right


def labels(part: str = "") -> list[Label]:
    """Return the labelled questions, all or those of one part ("tuned" or "held-out")."""
    with (HERE / "labelled.csv").open(encoding="utf-8", newline="") as file:
        return [
            Label(
                row["part"],
                row["language"],
                row["question"],
                row["intent"],
                {key: tuple(values.split(",")) for key, _, values in (one.partition("=") for one in row["argument"].split(";") if one)},
                {name: Outcome(row[name]) for name in REGISTERS},
            )
            for row in csv.DictReader(file)
            if part in ("", row["part"])
        ]


def score(register: str, asked: Sequence[Label]) -> list[Result]:
    """Return what comes of labelled questions on a register ("bundled" or "complete")."""
    store = open_checked(REGISTERS[register], DAY)
    plain = Register(REGISTERS[register])
    questions = [
        Question(str(number), label.question, label.language, vocabulary=("Yes", "No", "N/A")) for number, label in enumerate(asked)
    ]
    results = []
    for label, answer in zip(asked, answer_all(store, questions), strict=True):
        known = label.intent != NONE and label.outcomes[register] is not Outcome.NOT_REGISTER
        narrowed = {facet: keys for facet, keys in label.argument.items() if facet != "with"}
        right = right_rows(plain, label.intent, narrowed) if known else set()
        results.append(Result(register, label, answer, frozenset(right)))
    store.close()
    return results
