"""What answering a questionnaire gets right and wrong, per intent and language, and how long 330 questions take.

    python -m tests.benchmarks.answering [--flows 1000000] [--rounds 3]

Recall: of the labelled questions that a register answers (or that name its gap), how many come out with exactly the right rows.
False claims: traps that were not declined, and answers on other rows than the right ones.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from answering.scoring import REGISTERS, Label, Result, labels, score

from popmap.answering.answers import answer_all
from popmap.answering.model import Question
from popmap.checks.run import open_checked
from tests.benchmarks.results import Line, Section, markdown, show
from tests.benchmarks.serving import made_up

FLOWS, ROUNDS, QUESTIONS = 1_000_000, 3, 330
TIME_LIMIT, RECALL_LIMIT = 5.0, 0.92
_DAY = date(2026, 11, 1)


def measure(flows: int = FLOWS, rounds: int = ROUNDS) -> list[Section]:
    """Measure a questionnaire of 330 questions on the bundled register and on a made-up one of this many flows, unasked before."""
    lines = []
    for what, folder in (("bundled register", REGISTERS["bundled"]), (f"{flows:,} flows", made_up(flows))):
        times = []
        for _ in range(rounds):
            store = open_checked(folder, _DAY)
            started = time.perf_counter()
            answer_all(store, questionnaire())
            times.append(time.perf_counter() - started)
            store.close()
        lines.append(Line(f"{QUESTIONS} questions, {what}", median(times), None, TIME_LIMIT, "s", f"slowest {max(times):.2f} s"))
    return [
        *scores(),
        Section("Answering: time", tuple(lines), "A store that was asked nothing before; reading the register is not counted."),
    ]


def scores() -> list[Section]:
    """Return recall and false claims by part and register, by language, and by intent."""
    results = [result for register in REGISTERS for result in score(register, labels())]
    parts = _lines(results, lambda one: f"{one.label.part}, {one.register} register")
    languages = _lines(results, lambda one: f"{one.label.part}, {one.label.language}")
    intents = _lines(results, lambda one: one.label.intent)
    return [
        Section("Answering: recall and false claims", (*parts, *languages), "A false claim's limit is 0; traps have no recall."),
        Section("Answering: recall by intent", intents),
    ]


def questionnaire() -> list[Question]:
    """Return 330 questions: the labelled ones, each under its own key."""
    every: list[Label] = labels()
    asked = [every[number % len(every)] for number in range(QUESTIONS)]
    return [Question(str(number), label.question, label.language, vocabulary=("Yes", "No")) for number, label in enumerate(asked)]


def _lines(results: Iterable[Result], group: Callable[[Result], str]) -> tuple[Line, ...]:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[group(result)].append(result)
    lines = []
    for name, several in groups.items():
        known = [one for one in several if not one.is_trap]
        false = sum(one.is_false_claim for one in several)
        traps = len(several) - len(known)
        more = f"{false} false claims; {len(known)} to answer, {traps} to decline"
        if known:
            recall = sum(one.is_right for one in known) / len(known)
            lines.append(Line(name, recall, None, RECALL_LIMIT, "", more, at_least=True, failed="a false claim" if false else ""))
        else:
            lines.append(Line(f"{name}: false claims", float(false), None, 0.0, "", more))
    return tuple(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.answering", description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--flows", type=int, default=FLOWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    show(markdown(measure(options.flows, options.rounds)))
