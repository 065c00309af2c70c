"""What grows while records become rows: the names known so far, the questions asked, the rows made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from popmap.importing.draft import Draft, inferred
from popmap.importing.model import Known, Question, Value
from popmap.importing.resolving import Names


@dataclass(slots=True)
class State:
    """What grows while records become rows."""

    known: Known
    answers: Mapping[str, str]
    draft: Draft
    vendors: Names
    categories: Names
    declared: bool
    asked: dict[str, Question] = field(default_factory=dict)
    cores: dict[str, tuple[str, str]] = field(default_factory=dict)

    def ask(self, question: Question) -> str:
        """Take a question and return its answer, "" while it is open."""
        return self.asked.setdefault(question.id, question).answer


def add_alias(kind: str, name: Value, key: str, state: State, quote: str = "") -> None:
    """Note that a name is another spelling of one that has a key.

    Args:
        kind: "vendor" or "category".
        name: The other spelling.
        key: The key it stands for.
        state: What grows.
        quote: The words it rests on, when others than its own.
    """
    names = state.vendors if kind == "vendor" else state.categories
    state.draft.put("aliases", (kind, name.text), "id", inferred(name, key), quote)
    names.add(name.text, key)
