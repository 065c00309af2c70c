"""Writing answers back into a copy of the customer's own file, touching only the cells answered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from popmap.answering.model import Questionnaire
from popmap.answering.writing import jsons, markdown, separated, sources, vsaq, xlsx
from popmap.answering.writing.plan import plan
from popmap.answering.writing.plan import sources as listed
from popmap.answering.writing.records import Files, Written

__all__ = ["Files", "Written", "write"]


def write(data: bytes, questionnaire: Questionnaire, answers: Mapping[str, Written]) -> Files:
    """Write answers into a copy of the file they were asked in.

    Nothing that stands is overwritten, no formula is written, and what has no answer stays as it came, byte for byte.

    Args:
        data: The file as it came.
        questionnaire: As `reading.read` read it.
        answers: By the questions' keys; those without one stay as they are.

    Returns:
        The file, the files beside it, and which answers are not in it and why.

    Raises:
        UsageError: An answer is to no question of the file, or chooses what the file does not offer.
    """
    made = plan(questionnaire, answers)
    stem = PurePath(questionnaire.name).stem or "questionnaire"
    companions: dict[str, bytes] = {}
    content, inside = data, False
    if questionnaire.form == "xlsx":
        content, inside = xlsx.write(data, questionnaire, made)
    elif questionnaire.form == "csv":
        content = separated.write(data, questionnaire, made)
    elif questionnaire.form == "markdown":
        content = markdown.write(data, questionnaire, made)
    elif questionnaire.form == "vsaq":
        companions[f"{stem}-answers.json"] = vsaq.write(data, questionnaire, made)
    else:
        content = jsons.write(data, questionnaire, made)
    rows = listed(made)
    if rows and not inside:
        companions[f"{stem}-sources.csv"] = sources.as_csv(rows)
    written = tuple(one.key for one in questionnaire.questions if one.key in made.done)
    return Files(questionnaire.name, content, companions, written, made.left)
