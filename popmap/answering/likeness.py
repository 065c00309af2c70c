"""How much a question is like the ways an intent is asked: BM25 over the phrases, and the likeness of the words in any order."""

from __future__ import annotations

import sqlite3
from functools import cache

from rapidfuzz import fuzz

from popmap.answering.lexicon import intents
from popmap.answering.words import words


def likeness(text: str, language: str) -> dict[str, float]:
    """Return how much a question is like each intent's phrases, 0 to 1; intents that share no word with it are absent.

    Half of it is BM25 (SQLite FTS5) beside the best intent's, half the likeness of the sorted words to the nearest phrase.

    Args:
        text: The question's words in one form, as `words` gives them.
        language: The question's language.
    """
    ranks = _bm25(text, language)
    best = max(ranks.values(), default=0.0) or 1.0
    return {
        key: 0.5 * rank / best + 0.5 * max(fuzz.token_sort_ratio(text, phrase) for phrase in phrases(language)[key]) / 100
        for key, rank in ranks.items()
    }


@cache
def phrases(language: str) -> dict[str, tuple[str, ...]]:
    """Return each intent's phrases in one form."""
    return {key: tuple(words(phrase).text for phrase in intent.phrases[language]) for key, intent in intents().items()}


def _bm25(text: str, language: str) -> dict[str, float]:
    # Quoted, a word is never an operator of the query language.
    query = " OR ".join(f'"{word}"' for word in dict.fromkeys(text.split()))
    if not query:
        return {}
    ranks: dict[str, float] = {}
    for key, rank in _index(language).execute("SELECT intent, bm25(phrases) FROM phrases WHERE phrases MATCH ?", (query,)):
        ranks[key] = max(ranks.get(key, 0.0), -rank)
    return ranks


@cache
def _index(language: str) -> sqlite3.Connection:
    # Only read after it is made, and SQLite serialises the reads of one connection.
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute("CREATE VIRTUAL TABLE phrases USING fts5(intent UNINDEXED, phrase)")
    index.executemany(
        "INSERT INTO phrases VALUES (?, ?)", [(key, phrase) for key, several in phrases(language).items() for phrase in several]
    )
    return index
