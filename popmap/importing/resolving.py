"""Names against what the register knows: the same, an alias, or alike with a score that a person judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from popmap.importing import splitting
from popmap.importing.model import Known
from popmap.importing.words import fold

_LEAST = {"vendor": 86.0, "category": 62.0}
_MOST = 3
_SHORTEST = 3
_FULL = 100.0
# Names in another order or with words more are a little less alike.
_SCORERS = ((fuzz.ratio, 1.0), (fuzz.token_sort_ratio, 0.95), (fuzz.token_set_ratio, 0.85))
# Words that say nothing of which data it is: "Billing data" and "Billing information" differ in them alone.
_PLAIN = frozenset(
    [
        "data",
        "information",
        "info",
        "details",
        "detail",
        "the",
        "of",
        "donnees",
        "informations",
        "de",
        "daten",
        "datos",
        "informacion",
        "personal",
        "your",
        "user",
        "users",
        "customer",
    ]
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A known name that is like another: its id, its name, how alike they are from 0 to 100, and whether only empty words differ."""

    id: str
    name: str
    score: float
    close: bool


@dataclass(slots=True)
class Names:
    """The names of one kind that are known, from the register and from the list itself; grows while a list is understood."""

    kind: str
    ids: dict[str, str]
    names: dict[str, str]
    cores: dict[str, str]

    @classmethod
    def of(cls, kind: str, known: Known) -> Names:
        """Return the register's names of one kind."""
        names = dict(known.vendors if kind == "vendor" else known.categories)
        ids = {fold(name): key for key, name in names.items()}
        ids |= {fold(alias): key for of, alias, key in known.aliases if of == kind}
        return cls(kind, ids, names, {key: _core(kind, name) for key, name in names.items()})

    def find(self, name: str) -> str:
        """Return the id of a name that is known as it is or as an alias, "" for none."""
        return self.ids.get(fold(name), "")

    def add(self, name: str, key: str) -> None:
        """Take a name."""
        self.ids.setdefault(fold(name), key)
        if key not in self.names:
            self.names[key] = name
            self.cores[key] = _core(self.kind, name)

    def like(self, name: str, only: Mapping[str, str] | None = None) -> tuple[Likeness, ...]:
        """Return the known names that are like one, the most alike first.

        Args:
            name: The name.
            only: The ids that count; None for all.
        """
        own = _core(self.kind, name)
        choices = self.cores if only is None else {key: core for key, core in self.cores.items() if key in only}
        found: dict[str, float] = {}
        for scorer, weight in _SCORERS:
            least = _LEAST[self.kind] / weight
            for _, score, key in process.extract(own, choices, scorer=scorer, limit=_MOST, score_cutoff=least) if least <= _FULL else ():
                found[key] = max(found.get(key, 0.0), score * weight)
        best = sorted(found, key=lambda key: (-found[key], key))[:_MOST] if len(own) >= _SHORTEST else []
        plain = _bare(name)
        return tuple(
            Likeness(
                key, self.names[key], round(found[key], 1), self.cores[key] == own or (bool(plain) and _bare(self.names[key]) == plain)
            )
            for key in best
        )


@lru_cache(maxsize=65_536)
def _core(kind: str, name: str) -> str:
    return splitting.core(name) if kind == "vendor" else fold(name)


def _bare(name: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") if len(word) > 3 else word for word in fold(name).split() if word not in _PLAIN)
