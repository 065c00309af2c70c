"""The questions a list leaves to a person: how a cell splits, which name is which, what it does not say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from popmap import facets
from popmap.importing import splitting
from popmap.importing.model import Asked, Known, Option, Question, Record, Value
from popmap.importing.naming import Joined
from popmap.importing.resolving import Likeness
from popmap.importing.words import fold

UNSPECIFIED = "unspecified"
_WHOSE = re.compile(
    r"(?:subject to|with|sous réserve d[eu]|vorbehaltlich|sujeto a)\s+(?:the\s+)?(.+?)[’']s\s+(?:explicit\s+)?consent", re.IGNORECASE
)


def key(kind: str, text: str) -> str:
    """Return a question's id: its kind and what it is about."""
    return f"{kind}/{facets.slug(text).strip('-')}"


def split(record: Record, answers: Mapping[str, str], known: Mapping[str, str]) -> Question:
    """Return the question whether a vendor's cell names several.

    Args:
        record: The record, its `name` with a value for each.
        answers: The answers given.
        known: Ids of known vendors by folded name.
    """
    values, joined = record.fields["name"], record.text("joined")
    names = tuple(one.text for one in values)
    cell = " ".join(values[0].quote.split())
    choice = Option("choice", "Several vendors, one of which is chosen", names, f"{_whose(record)} choice of {_or(names)}")
    each = Option("each", "Several vendors, each of which receives the data", names)
    one = Option("one", "One vendor under this name", (cell,))
    full = _completed(names)
    options = [choice, each, *([Option("each-full", f"Several vendors: {', '.join(full)}", full)] if full else []), one]
    entity = len(names) == 2 and joined in {Joined.LINES, Joined.SLASH} and sum(map(splitting.has_form, names)) == 1
    if entity:
        options.insert(0, Option("entity", f"One vendor, {names[0]}: the two are one, one of them its legal entity", names[:1]))
    if entity:
        proposed = "entity"
    elif joined == Joined.EITHER:
        proposed = "choice"
    elif all(fold(name) in known for name in names):
        proposed = "each"
    elif joined in {Joined.SLASH, Joined.BOTH}:
        proposed = "each" if all(map(splitting.has_form, names)) else "one"
    else:
        proposed = "each"
    text = f"“{cell}” stands in one cell. Is that one vendor, or several?"
    return _question(key("split", cell), Asked.SPLIT, text, options, proposed, values[0], answers)


def _or(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _whose(record: Record) -> str:
    """Return whose choice it is, as the record's own condition words it: the user's where it does not say."""
    for one in record.fields.get("condition", ()):
        if found := _WHOSE.search(one.text):
            people = re.split(r"\s+(or|and)\s+", found.group(1))
            return "the " + " ".join(word if word in {"or", "and"} else f"{word}'s" for word in people)
    return "the user's"


def _completed(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names with the first one's first word before those that lack it, () when that changes nothing."""
    brand = names[0].split()[0]
    full = tuple(one if fold(one).split()[:1] == fold(brand).split() else f"{brand} {one}" for one in names)
    return full if full != names and len(names[0].split()) > 1 else ()


def category(value: Value, likely: Sequence[Likeness], place: str, answers: Mapping[str, str]) -> Question:
    """Return the question what an undeclared category of data is."""
    options = [Option(f"same:{one.id}", f"The same as “{one.name}” (likeness {one.score:.0f} of 100)", (one.id,)) for one in likely]
    options += [Option("new", "A category of its own"), Option("leave", "Leave it out")]
    proposed = options[0].key if likely and likely[0].close else "new"
    text = f"“{value.text}” is named for a vendor and not declared as a category {place}. What is it?"
    return _question(
        key("category", value.text), Asked.CATEGORY, text, options, proposed, value, answers, likely[0].score if likely else None
    )


def vendor(value: Value, likely: Sequence[Likeness], answers: Mapping[str, str]) -> Question:
    """Return the question whether a vendor is one the register has under another name."""
    options = [Option(f"same:{one.id}", f"The same as “{one.name}” (likeness {one.score:.0f} of 100)", (one.id,)) for one in likely]
    options.append(Option("new", "Another vendor"))
    proposed = options[0].key if likely[0].close else "new"
    text = f"Is “{value.text}” a vendor that the register has under another name?"
    return _question(key("vendor", value.text), Asked.VENDOR, text, options, proposed, value, answers, likely[0].score)


def same(value: Value, other: str, other_id: str, answers: Mapping[str, str]) -> Question:
    """Return the question whether two names of the list are one vendor; they stay two until somebody says so."""
    options = [Option(f"same:{other_id}", f"The same vendor as “{other}”", (other_id,)), Option("new", "Two vendors")]
    text = f"The list names “{other}” and “{value.text}”. Are they one vendor?"
    return _question(key("same", value.text), Asked.SAME, text, options, "", value, answers, 100.0)


def unspecified(value: Value, categories: Mapping[str, str], answers: Mapping[str, str]) -> Question:
    """Return the question which data vendors receive of which the list does not say it."""
    options = [Option(UNSPECIFIED, "Personal data, not specified")]
    options += [Option(f"same:{one}", name, (one,)) for one, name in list(categories.items())[:30]]
    options.append(Option("vendors", "Take the vendors only; purposes and places are left out"))
    text = "The list does not say which categories of data some vendors receive. Under which category are their purposes and places kept?"
    return _question("unspecified", Asked.UNSPECIFIED, text, options, UNSPECIFIED, value, answers)


def systems(value: Value, answers: Mapping[str, str]) -> Question:
    """Return the question whether the systems of a file are others' services or the organisation's own."""
    options = [
        Option("vendors", "Services of others: vendors that receive the data"),
        Option("own", "The organisation's own systems: processing activities only"),
    ]
    return _question(
        "systems",
        Asked.SYSTEMS,
        "Are the systems in this file services of others, or the organisation's own?",
        options,
        "vendors",
        value,
        answers,
    )


def mention(value: Value, answers: Mapping[str, str]) -> Question:
    """Return the question whether a company named in prose is to be taken as a vendor."""
    options = [Option("add", "Add it as a vendor"), Option("leave", "Leave it out")]
    return _question(
        key("mention", value.text),
        Asked.MENTION,
        f"“{value.text}” is named in a sentence and in no list. Is it a vendor?",
        options,
        "add",
        value,
        answers,
    )


def doubt(value: Value, answers: Mapping[str, str]) -> Question:
    """Return the question whether words where a recipient is named are somebody's name or a kind of recipient."""
    options = [Option("leave", "A kind of recipient, nobody in particular: leave it out"), Option("add", "A vendor's name: add it")]
    text = f"“{value.text}” stands where a recipient is named. Is it a vendor's name?"
    # Named among others behind a kind of recipient: certain where the words say that these are all.
    proposed = "add" if value.rule == "named" else "leave"
    return _question(key("mention", value.text), Asked.MENTION, text, options, proposed, value, answers)


def _question(
    id_: str,
    kind: Asked,
    text: str,
    options: Sequence[Option],
    proposed: str,
    value: Value,
    answers: Mapping[str, str],
    score: float | None = None,
) -> Question:
    answer = answers.get(id_, "")
    return Question(
        id_,
        kind,
        text,
        tuple(options),
        proposed,
        value.quote,
        value.locator,
        score,
        answer if answer in {one.key for one in options} else "",
    )


def place(known: Known, declared: bool) -> str:
    """Return where a category is missing, in words."""
    return "on this list" if declared and not known.categories else "in the register" if not declared else "on this list or in the register"
