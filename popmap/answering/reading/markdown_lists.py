"""Questions in lists and paragraphs of Markdown, with the lines their answers, notes and boxes stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from popmap.answering.language import languages_of
from popmap.answering.model import Place, Question
from popmap.answering.reading.boxes import boxes
from popmap.answering.reading.markup import plain_markdown
from popmap.answering.reading.words import asks, blank, fold, is_answer, sentence, squeeze, without_id

HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*")
_ITEM = re.compile(r"(\s*)(?:[-*+]|\(?\d{1,4}[.)]|\(?[a-z][.)])\s+(.*)", re.DOTALL)
_ASIDE = re.compile(r"\b(?:instructions?|read ?me|guidance|how to|scoring|consignes|anleitung|hinweise|ausfullhinweise|instrucciones)\b")
_ANSWER = re.compile(
    r"\s*(?:>\s*)?(?:[-*+]\s+)?[*_]*(answer|response|reply|antwort|réponse|reponse|respuesta|a|r)[*_]*\s*:[*_]*\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_NOTE = re.compile(
    r"\s*(?:>\s*)?(?:[-*+]\s+)?[*_]*(comments?|notes?|remarks?|bemerkung|kommentar|anmerkung|commentaires?|remarques?|comentarios?|observaciones)[*_]*\s*:[*_]*\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)

# "`Yes` / `No` / `N/A`" on a line of its own.
_CHOICES = re.compile(r"\s*`[^`\n]{1,40}`(?:\s*[/|,]\s*`[^`\n]{1,40}`)+\s*")
_CHOICE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Line:
    """A line outside tables: its number from 1, where it starts, its text without the line's end."""

    number: int
    start: int
    text: str


def lines_of(text: str) -> list[Line]:
    """Return a text's lines with their places."""
    found = []
    start = 0
    for number, raw in enumerate(text.splitlines(keepends=True), 1):
        found.append(Line(number, start, raw.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029")))
        start += len(raw)
    return found


@dataclass(slots=True)
class _Open:
    """A question of a list that is being read: its lines so far, and what was found below it."""

    line: int
    text: str
    section: str
    indent: int
    item: bool
    last: int
    answer: int = 0
    standing: str = ""
    comment: int = 0
    boxes: list[tuple[int, str, bool]] | None = None
    choices: tuple[str, ...] = ()
    # What an item begins with that has an id and no question beside it: the lines below it ask.
    bare: str = ""

    @property
    def real(self) -> bool:
        """Return whether it is a question after all."""
        if self.bare:
            return self.text != self.bare and bool(self.answer or self.choices or asks(self.text))
        return bool(self.item or self.answer or self.boxes or without_id(self.text)[0])


def listed(lines: Sequence[Line]) -> list[Question]:
    """Return the questions of the lines outside tables, in order."""
    found: list[_Open] = []
    section, prompted = "", False
    current: _Open | None = None
    for line in lines:
        heading = HEADING.fullmatch(line.text)
        if heading:
            text = plain_markdown(heading.group(1))
            current = _Open(line.number, text, section, 0, True, line.number) if "?" in text else None
            found += [current] if current else []
            section, prompted = section if current else squeeze(text), False
        elif current and _below(current, line):
            continue
        elif not line.text.strip():
            current = current if current and current.item else None
        else:
            # What is listed below "Select all that apply:", or under instructions, is no question unless it asks as one.
            current = _opened(line, section, prompted or bool(_ASIDE.search(fold(section))))
            found += [current] if current else []
            prompted = current is None and (plain_markdown(line.text).endswith(":") or (prompted and bool(_ITEM.fullmatch(line.text))))
    kept = [one for one in found if one.real]
    languages = languages_of([one.text for one in kept])
    return [_question(one, language) for one, language in zip(kept, languages, strict=True)]


def _below(current: _Open, line: Line) -> bool:
    """Take a line below a question for its answer, its comment, its boxes or more of its words; return whether it was one of these."""
    answer, note = _ANSWER.fullmatch(line.text), _NOTE.fullmatch(line.text)
    if answer and not current.answer:
        current.answer, current.standing = line.number, plain_markdown(answer.group(2))
    elif note and not current.comment:
        current.comment = line.number if not note.group(2).strip() else 0
    elif (offered := _CHOICES.fullmatch(line.text)) and not current.boxes and line.number == current.last + 1:
        current.choices = tuple(squeeze(choice) for choice in _CHOICE.findall(offered.group()))
    elif boxes(line.text) and not _new_statement(current, line) and not _apart(current, line):
        current.boxes = [*(current.boxes or []), *((line.number, words, done) for _, words, done in boxes(line.text))]
    elif (
        line.text.strip()
        and line.number == current.last + 1
        and not _ITEM.fullmatch(line.text)
        and not current.boxes
        and not current.answer
        and not current.choices
    ):
        # Quoted below an id stands how to answer, not what is asked.
        if not (current.bare and line.text.lstrip().startswith(">")):
            current.text += " " + plain_markdown(line.text)
        current.last = line.number
        return True
    else:
        return False
    current.last = line.number
    return True


def _apart(current: _Open, line: Line) -> bool:
    """Return whether boxes behind a blank line, no further in than the question, are statements of their own."""
    item = _ITEM.fullmatch(line.text)
    return (
        bool(item)
        and line.number > current.last + 1
        and len(item.group(1)) <= current.indent
        and any(sentence(words) for _, words, _ in boxes(line.text))
    )


def _new_statement(current: _Open, line: Line) -> bool:
    item = _ITEM.fullmatch(line.text)
    one_box = len(boxes(line.text)) == 1
    own = bool(current.bare) or (current.boxes is not None and len(current.boxes) == 1 and current.boxes[0][0] == current.line)
    return bool(item and one_box and own)


def _opened(line: Line, section: str, aside: bool) -> _Open | None:
    item = _ITEM.fullmatch(line.text)
    body = item.group(2) if item else line.text
    ticking = boxes(body)
    if item and len(ticking) == 1 and body.lstrip().startswith("["):
        if aside:
            return None
        text = plain_markdown(ticking[0][1])
        opened = _Open(line.number, text, section, len(item.group(1)), True, line.number)
        if asks(text) or sentence(text):
            opened.boxes = [(line.number, "x", ticking[0][2])]
            return opened
        # "- [ ] **DATA-07** `Critical`": what it asks stands below. An id is one where more follows.
        opened.text = opened.bare = without_id(f"{text} -")[0]
        return opened if opened.bare else None
    head = body[: ticking[0][0].start()] if ticking else body
    text = plain_markdown(head)
    if not asks(text) or ("?" not in text and (aside if item else not without_id(text)[0])):
        return None
    opened = _Open(line.number, text, section, len(item.group(1)) if item else 0, bool(item), line.number)
    if ticking:
        opened.boxes = [(line.number, words, done) for _, words, done in ticking]
    return opened


def _question(one: _Open, language: str) -> Question:
    reference, rest = without_id(squeeze(one.text))
    offered = one.boxes or []
    vocabulary = tuple(words for _, words, _ in offered if words) or one.choices
    if offered:
        place = Place("", f"L{offered[0][0]}" if offered[0][0] == offered[-1][0] else f"L{offered[0][0]}:L{offered[-1][0]}")
        standing = "\n".join(words for _, words, done in offered if done)
    else:
        place = Place("", f"L{one.answer}") if one.answer else Place("", f"L{one.last}+")
        standing = "" if blank(one.standing) else one.standing
    question = Question(
        key=f"L{one.line}",
        text=rest if reference else squeeze(one.text),
        language=language,
        reference=reference,
        section=one.section,
        statement=not asks(one.text),
        vocabulary=vocabulary,
        # Boxes may be ticked together, save where they are the answers yes and no.
        several=len(vocabulary) > 1 and not any(is_answer(word) for words in vocabulary for word in words.split()[:1]),
        answer=place,
        answered=standing,
    )
    return replace(question, comment=Place("", f"L{one.comment}")) if one.comment else question
