"""What a person says about a list: where it is from, and how what it leaves open is decided."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from popmap.importing.merging import Keep


@dataclass(frozen=True, slots=True)
class Source:
    """Where a list is from, as register.toml will say.

    Attributes:
        id: Its key in the register.
        title: What it is called.
        url: Where it is published, "" when not stated.
        retrieved_on: The day it was taken from there (ISO 8601), "" when not stated.
    """

    id: str
    title: str
    url: str = ""
    retrieved_on: str = ""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person has decided so far.

    Attributes:
        answers: By question id, the key of the option.
        contradictions: By contradiction id, whose value holds.
        mapping: Roles given to columns: by the table's number, then the column's.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    contradictions: Mapping[str, Keep] = field(default_factory=dict)
    mapping: Mapping[int, Mapping[int, str]] = field(default_factory=dict)

    def after(self, before: Decisions) -> Decisions:
        """Return these together with those taken before; these count where both decide."""
        return Decisions(
            {**before.answers, **self.answers}, {**before.contradictions, **self.contradictions}, {**before.mapping, **self.mapping}
        )

    def text(self) -> str:
        """Return them as JSON, which is kept beside the source they are about."""
        columns = {str(table): {str(place): role for place, role in roles.items()} for table, roles in self.mapping.items()}
        said = {"answers": dict(self.answers), "contradictions": dict(self.contradictions), "columns": columns}
        return json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, text: str) -> Decisions:
        """Return what `text` gave; raises ValueError, TypeError or AttributeError for anything else."""
        said = json.loads(text)
        columns = {int(table): {int(place): str(role) for place, role in roles.items()} for table, roles in said["columns"].items()}
        answers = {str(key): str(answer) for key, answer in said["answers"].items()}
        return cls(answers, {str(key): Keep(value) for key, value in said["contradictions"].items()}, columns)
