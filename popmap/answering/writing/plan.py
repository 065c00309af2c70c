"""What goes where: from answers to cells, before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from popmap.answering.model import Place, Question, Questionnaire
from popmap.answering.reading.boxes import tick, ticked, ticks
from popmap.answering.reading.grid import area
from popmap.answering.reading.words import blank, fold
from popmap.answering.writing.records import Source, Written
from popmap.answering.writing.texts import fitting, one_line
from popmap.errors import UsageError

NO_PLACE = "The file has no place for it."
STANDING = "Something stands in its place already, and nothing is overwritten."
NO_CHOICE = "The file asks for one of its own answers, and a person has to choose it."
ALREADY = "It was answered already."
HEADINGS = {"en": "Answer", "fr": "Réponse", "de": "Antwort", "es": "Respuesta"}


@dataclass(frozen=True, slots=True)
class Put:
    """One answer or note on its way to its place."""

    question: Question
    place: Place
    text: str
    choice: bool
    note: bool = False


@dataclass(slots=True)
class Plan:
    """What is to be done: puts, and what is told beside the file; `left` grows while it is done."""

    puts: list[Put] = field(default_factory=list)
    sources: list[tuple[Question, Written, str]] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)


def plan(questionnaire: Questionnaire, answers: Mapping[str, Written]) -> Plan:
    """Return where each answer and note goes.

    Raises:
        UsageError: An answer is to no question of the file, or chooses what the file does not offer.
    """
    known = {one.key for one in questionnaire.questions}
    for key in answers:
        if key not in known:
            raise UsageError(f"{questionnaire.name} has no question at {key}.", "Read the file again and answer the questions found in it.")
    made = Plan()
    for question in questionnaire.questions:
        answer = answers.get(question.key)
        if answer is None or not (answer.text.strip() or answer.choice.strip() or answer.note.strip()):
            if answer and answer.citations:
                made.sources.append((question, answer, ""))
            continue
        _one(made, question, answer, questionnaire.name)
    return made


def _one(made: Plan, question: Question, answer: Written, name: str) -> None:
    choice = _chosen(question, answer.choice, name)
    main = choice if question.vocabulary else answer.text.strip() or choice
    beside = [answer.text.strip(), answer.note.strip()] if question.vocabulary else [answer.note.strip()]
    extra = "\n".join(filter(None, beside))
    if question.answered:
        made.left[question.key] = ALREADY
    elif main and question.answer is None:
        made.left[question.key] = NO_PLACE
    elif main and question.answer:
        made.puts.append(Put(question, question.answer, main, bool(question.vocabulary)))
    elif question.vocabulary:
        made.left[question.key] = NO_CHOICE
    if (extra and question.comment and question.key not in made.left) or (
        extra and question.comment and made.left[question.key] == NO_CHOICE
    ):
        made.puts.append(Put(question, question.comment, extra, choice=False, note=True))
        extra = ""
    if answer.citations or extra or question.key in made.left:
        made.sources.append((question, answer, extra))


def _chosen(question: Question, choice: str, name: str) -> str:
    """Return a choice in the file's own spelling; several, one a line."""
    if not question.vocabulary or not choice.strip():
        return choice.strip()
    offered = {fold(word): word for word in question.vocabulary}
    wanted = [line.strip() for line in choice.splitlines() if line.strip()] if question.several else [choice.strip()]
    for one in wanted:
        if fold(one) not in offered:
            raise UsageError(
                f"{name}, {question.key}: {one!r} is none of the answers the file offers.",
                f"Choose one of: {', '.join(question.vocabulary)}.",
            )
    return "\n".join(offered[fold(one)] for one in wanted)


Standing = Callable[[str, int, int], str]


def into_cells(made: Plan, standing: Standing, mark: str = "X", lines: bool = False) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells to write, by sheet; what finds its place taken is noted in the plan.

    Args:
        made: The plan.
        standing: Gives what stands in a cell (sheet, row, column).
        mark: What marks the chosen column of an answer matrix.
        lines: Whether places without a sheet are lines rather than cells, and not meant.
    """
    found: dict[str, dict[tuple[int, int], str]] = {}
    shared: dict[Place, list[Put]] = {}
    for put in made.puts:
        if lines and not put.place.sheet:
            continue
        shared.setdefault(Place(put.place.sheet, put.place.at), []).append(put)
    for place, puts in shared.items():
        spot = area(place.at)
        if spot is None:
            continue
        cell, text = (spot.top, spot.left), _together(puts)
        now = standing(place.sheet, *cell)
        if spot.right > spot.left:
            cells = [(spot.top, column) for column in range(spot.left, spot.right + 1)]
            free = all(blank(standing(place.sheet, *one)) for one in cells)
            words = [fold(word) for word in puts[0].question.vocabulary]
            cell = cells[words.index(fold(text))]
            text = tick_alone(standing(place.sheet, *cell), mark) if free else ""
        elif puts[0].choice and ticks(now):
            text = _ticked(now, text)
        elif not blank(now):
            text = ""
        for put in puts:
            if text:
                made.done.add(put.question.key)
            else:
                made.left[put.question.key] = STANDING
        if text:
            found.setdefault(place.sheet, {})[cell] = fitting(text)
    return found


def tick_alone(now: str, mark: str) -> str:
    """Return the mark of a chosen cell: its own box ticked where it has one."""
    return now.replace("[ ]", "[x]", 1).replace("[]", "[x]", 1).replace("☐", "☒", 1) if now.strip() else mark


def _ticked(now: str, choices: str) -> str:
    if ticked(now):
        return ""
    for choice in choices.splitlines():
        now = tick(now, choice)
    return now


def _together(puts: list[Put]) -> str:
    """Return what one cell gets: the answers of several questions line by line, in their order."""
    if all(put.place.part is None for put in puts):
        return "\n".join(put.text for put in puts)
    lines = {put.place.part or 0: one_line(put.text) for put in puts}
    return "\n".join(lines.get(number, "") for number in range(max(lines) + 1))


def sources(made: Plan) -> list[Source]:
    """Return the rows of the list of sources, once the answers are placed."""
    rows = {question.key: _source(question, answer, extra, made.left.get(question.key, "")) for question, answer, extra in made.sources}
    for put in made.puts:
        key = put.question.key
        if key in made.left and key not in rows:
            rows[key] = _source(put.question, Written(text=put.text), "", made.left[key])
    return list(rows.values())


def _source(question: Question, answer: Written, extra: str, why: str) -> Source:
    said = "\n".join(filter(None, (answer.choice.strip(), answer.text.strip())))
    note = answer.note.strip() if why else "" if extra == answer.text.strip() else extra
    return Source(question.key, question.reference, question.text, said, note, "\n".join(answer.citations), why)
