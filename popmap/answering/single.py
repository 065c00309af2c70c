"""What one sentence asks, read as a whole: the intent that fits it best, if one does and no other is as near."""

from __future__ import annotations

from dataclasses import dataclass

from popmap.answering.fitting import argument_of, core_of, score_of, why_not
from popmap.answering.lexicon import Intent, intents
from popmap.answering.likeness import likeness
from popmap.answering.listing import is_one_member
from popmap.answering.model import Match
from popmap.answering.names import Names
from popmap.answering.sentence import read_question

CLOSE = 0.03
_NEARER = ("last-review",)


@dataclass(frozen=True, slots=True)
class _Candidate:
    intent: Intent
    score: float
    core: frozenset[int]


def match_one(question: str, language: str, names: Names) -> Match:
    """Return what a sentence asks; arguments as of `match`."""
    read = read_question(question, language, names)
    met = [(intent, core) for intent in intents().values() if (core := core_of(intent, read))]
    if not met:
        return Match("", why=why_not(read))
    like = likeness(read.text.text, language)
    candidates = [_Candidate(intent, score_of(core, read, like.get(intent.key, 0.0)), core) for intent, core in met]
    candidates.sort(key=lambda one: (-one.score, one.intent.key))
    # A reading of more of the words is nearer, as "the record is reviewed once a year" asks for more than for the record.
    wider = [one for one in candidates if one.core > candidates[0].core and one.intent.key in _NEARER]
    candidates = wider + [one for one in candidates if one not in wider]
    best = candidates[0]
    margin = round(abs(best.score - candidates[1].score), 3) if len(candidates) > 1 else round(best.score, 3)
    shown = tuple(read.text.plain[at] for at in sorted(best.core))
    process = bool(read.process - best.core)
    score = round(best.score, 3)
    if len(candidates) > 1 and margin < CLOSE:
        why = f"Two readings are as near: “{best.intent.asks}” and “{candidates[1].intent.asks}”"
        return Match("", score=score, margin=margin, words=shown, why=why)
    if is_one_member(read, best.intent.key, language):
        return Match("", score=score, margin=margin, words=shown, why="Only some of the rows are asked for, by what they state.")
    why = f"Read as “{best.intent.asks}” because of: {', '.join(dict.fromkeys(shown))}."
    return Match(best.intent.key, argument_of(best.intent, read), score, margin, shown, process, why)
