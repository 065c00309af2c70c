"""Answers: each question matched, its facts asked once for all questions, and what the register holds put into words."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from popmap.answering import sql
from popmap.answering.asides import essence
from popmap.answering.countries import countries_in, shown
from popmap.answering.facts import Facts, facts_of, gap_hits, without_role
from popmap.answering.lexicon import Intent, elements, intents
from popmap.answering.matching import WITH, match
from popmap.answering.model import Answer, Match, Outcome, Question
from popmap.answering.names import Names, names_of, with_elements
from popmap.answering.sentence import is_closed, is_universal
from popmap.answering.wording import say
from popmap.answering.words import words
from popmap.filters import Filter, to_query
from popmap.register.history import Standing
from popmap.store import Store

GAPS_PAGE = "gaps"
_YES = frozenset({"yes", "y", "oui", "ja", "si"})
_NO = frozenset({"no", "n", "non", "nein"})
_SHORT_VERSION = 12


def answer_all(store: Store, questions: Iterable[Question]) -> list[Answer]:
    """Return a proposed answer to each question, in their order.

    The same questions and the same register content give the same answers. Each query runs once, however many questions need it.

    Args:
        store: The register.
        questions: What is asked.
    """
    names = _names(store)
    return [answer(store, question, match(question.text, question.language, names)) for question in questions]


def answer_one(store: Store, question: Question) -> Answer:
    """Return a proposed answer to one question, as `answer_all` does."""
    return answer(store, question, match(question.text, question.language, _names(store)))


def answer(store: Store, question: Question, found: Match) -> Answer:
    """Return the answer to a question that was matched.

    Args:
        store: The register.
        question: What is asked.
        found: What it was understood to ask.
    """
    if not found.intent:
        return Answer(question.key, Outcome.NOT_REGISTER, "", "", (), 0, "", "", "", found)
    intent = intents()[found.intent]
    facts = facts_of(store, intent, found.argument)
    language = question.language
    text = _told(store, intent, facts, language, found.argument)
    # Whatever is asked besides is answered besides: a part that is not stated is said to be.
    for key in found.argument.get(WITH, ()):
        besides = intents()[key]
        text += " " + _told(store, besides, facts_of(store, besides, found.argument), language, found.argument)
    gap = _gap(store, intent, facts)
    known = bool(facts.stated) or (facts.none == facts.total > 0)
    if found.asks_process:
        outcome, text = Outcome.PERSON, say("person", language, facts=text)
    else:
        outcome = Outcome.ANSWERED if known else Outcome.NOT_STATED
    page, query = (intent.page, _query(facts.asked)) if known else _to_gap(store, intent, gap)
    return Answer(
        key=question.key,
        outcome=outcome,
        text=text,
        choice=_choice(store, question, found, facts) if outcome is Outcome.ANSWERED else "",
        rows=facts.rows if known else (),
        row_count=(facts.stated or facts.none) if known else 0,
        query=query,
        page=page,
        gap=gap,
        match=found,
    )


def stamp(store: Store, language: str, kept: Standing | None = None) -> str:
    """Return the sentence that says which content of the register answers rest on, and as of which day.

    Args:
        store: The register.
        language: One of `LANGUAGES`.
        kept: The version its files are of, where a history is kept and it is to be named.
    """
    facts = {"content": store.fingerprint[:_SHORT_VERSION], "day": store.as_of.isoformat()}
    if kept is None:
        return say("stamp", language, **facts)
    key = "stamp-edited" if kept.edited else "stamp-version"
    return say(key, language, version=kept.version.short, made=f"{kept.version.at:%Y-%m-%d}", **facts)


def _names(store: Store) -> Names:
    return store.remember(
        "answering: names", lambda: names_of(with_elements(store.query(sql.text("names")), store.query(sql.text("held")), elements()))
    )


def _told(store: Store, intent: Intent, facts: Facts, language: str, argument: dict[str, tuple[str, ...]]) -> str:
    """Return what the register holds, in words; where a country is asked for, which one."""
    codes = argument.get("country", ()) if "country" in intent.names else ()
    country = shown(codes, language)
    if not facts.stated:
        if facts.none == facts.total > 0:
            return say(f"{intent.key}/in-none" if codes else "none", language, n=facts.none, country=country)
        gap = _gap(store, intent, facts)
        sentences = [say("not-stated", language, what=say(f"{intent.key}/{'in-' if codes else ''}what", language, country=country))]
        sentences += [say("in/others", language, k=facts.none, n=facts.total)] if codes and facts.none else []
        return " ".join(sentences + ([say("gap", language, gap=gap)] if gap else []))
    items = "; ".join(item.rstrip(".;") for item in facts.items)
    if not facts.whole:
        items += "; …"
    sentences = [say(f"{intent.key}/in" if codes else intent.key, language, n=facts.stated, items=items, country=country)]
    unstated = facts.total - facts.stated - facts.none
    if unstated:
        sentences.append(say("partial", language, k=facts.total - unstated, n=facts.total))
    if facts.inferred:
        sentences.append(say("inferred", language, k=facts.inferred))
    if intent.key == "sub-processors" and (k := without_role(store)):
        sentences.append(say("role-unstated", language, k=k, n=facts.stated))
    return " ".join(sentences)


def _gap(store: Store, intent: Intent, facts: Facts) -> str:
    """Return the code of the rule that names what is missing, "" when nothing is or no rule does."""
    missing = facts.total - facts.stated - facts.none > 0 or not facts.total
    if intent.key == "sub-processors":
        missing = without_role(store) > 0
    if intent.key == "categories":
        missing = True
    return intent.gap if intent.gap and missing and gap_hits(store, intent.gap) else ""


def _to_gap(store: Store, intent: Intent, gap: str) -> tuple[str, str]:
    """Return the page and query that show what is missing."""
    if not gap:
        return intent.page, ""
    # A gap of the register as a whole is in no row that could be filtered by it: the page is asked for the rule itself.
    return GAPS_PAGE, _query(Filter(gaps=(gap,))) if gap in store.known["gap"] else urlencode({"rule": gap})


def _query(asked: Filter) -> str:
    return urlencode(to_query(asked), doseq=True)


def _choice(store: Store, question: Question, found: Match, facts: Facts) -> str:
    """Return the vocabulary's word for yes or no where rows carry it, "" otherwise.

    Yes is carried by rows that state something, no only when every row states that there is none. A question about all rows, for the
    opposite, of several parts or with words in brackets is left to a person.
    """
    language, intent = question.language, intents()[found.intent]
    text = essence(question.text, language)
    if not question.vocabulary or not intent.yes or not (question.statement or is_closed(text, language)):
        return ""
    if countries_in(words(text), language):
        # What is stated of a country is no yes or no about it: the rows are told, and a person answers.
        return ""
    if is_universal(text, language) or WITH in found.argument or "(" in text:
        return ""
    if intent.key == "sub-processors" and without_role(store) >= facts.stated:
        # Whether any of those who receive data is a sub-processor is stated nowhere.
        return ""
    if "yes" in intent.yes and facts.stated > facts.inferred:
        wanted = _YES
    elif "no" in intent.yes and not facts.stated and facts.none == facts.total > 0:
        wanted = _NO
    else:
        return ""
    return next((word for word in question.vocabulary if words(word).text in wanted), "")
