"""The labelled questions: what is answered, what is declined, and that nothing else is claimed."""

from __future__ import annotations

from functools import cache

import pytest
from answering.scoring import REGISTERS, Result, labels, score

from popmap.answering.lexicon import intents
from popmap.answering.model import LANGUAGES, Outcome

LEAST_RECALL, LEAST_OVERALL = 0.92, 0.97


@cache
def results(register: str, part: str) -> tuple[Result, ...]:
    return tuple(score(register, labels(part)))


def told(several: list[Result]) -> list[tuple[str, str, str]]:
    return [(one.label.question, one.answer.match.intent, one.answer.outcome) for one in several]


def test_the_set_is_large_and_full_of_traps():
    """At least 150 questions in four languages, every intent but two asked, at least two in five of them traps."""
    every = labels()
    assert len(every) >= 150 and {label.language for label in every} == set(LANGUAGES)
    traps = [label for label in every if label.intent == "none"]
    assert len(traps) >= 0.4 * len(every)
    assert len({label.intent for label in every} & set(intents())) >= len(intents()) - 2
    assert len({label.question for label in every}) == len(every)


@pytest.mark.parametrize("part", ["tuned", "held-out"])
@pytest.mark.parametrize("register", REGISTERS)
def test_nothing_is_claimed_that_should_not_be(register: str, part: str):
    """Every trap is declined, and no answer rests on other rows than the right ones."""
    assert told([one for one in results(register, part) if one.is_false_claim]) == []


@pytest.mark.parametrize("register", REGISTERS)
def test_what_can_be_answered_is(register: str):
    """At least 92 % of the answerable questions per language, and 97 % of all, come out with exactly the right rows."""
    asked = [one for part in ("tuned", "held-out") for one in results(register, part) if not one.is_trap]
    assert sum(one.is_right for one in asked) >= LEAST_OVERALL * len(asked), told([one for one in asked if not one.is_right])
    for language in LANGUAGES:
        spoken = [one for one in asked if one.label.language == language]
        assert sum(one.is_right for one in spoken) >= LEAST_RECALL * len(spoken), told([one for one in spoken if not one.is_right])


@pytest.mark.parametrize("intent", ["locations", "transfers", "transfer-mechanisms", "retention", "agreements"])
def test_what_only_a_complete_register_states(intent: str):
    """Places, transfers, retention and agreements are not stated in the bundled register and answered from the complete one."""
    for register, outcome in (("bundled", Outcome.NOT_STATED), ("complete", Outcome.ANSWERED)):
        found = [one for one in results(register, "tuned") if one.answer.match.intent == intent and not one.answer.match.asks_process]
        assert found and {one.answer.outcome for one in found} == {outcome}
        assert all(bool(one.answer.gap) == (register == "bundled") for one in found), told(found)
