"""What people decided about a questionnaire's answers, kept beside the register so that a review can be resumed.

A decision belongs to a question by its place in the file and by its words: the same place with other words is another question.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from pathlib import Path

from popmap.answering.model import Question
from popmap.errors import PopmapError, UsageError

STATE_VARIABLE = "POPMAP_STATE"
_FORMAT = 1
_changing = threading.Lock()


class Verdict(StrEnum):
    """What was decided about a proposed answer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about one question.

    Attributes:
        verdict: Whether an answer goes into the file.
        text: The answer's wording, as edited.
        choice: The chosen word of the file's own vocabulary, "" for none.
        by: Who decided, "" when nobody had to be named.
        on: The day, ISO 8601.
        rows: The digest of the rows the proposal rested on (`approved.rows_digest`), "" when it rested on none.
    """

    verdict: Verdict
    text: str = ""
    choice: str = ""
    by: str = ""
    on: str = ""
    rows: str = ""


Place = tuple[str, str]
"""A question's key and its words' digest."""


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that was decided about one file.

    Attributes:
        name: The file's name, for people.
        decisions: What was decided, by place.
    """

    name: str = ""
    decisions: Mapping[Place, Decision] = field(default_factory=dict)

    def of(self, question: Question) -> Decision | None:
        """Return what was decided about a question, None when nothing was."""
        return self.decisions.get(place_of(question))


def place_of(question: Question) -> Place:
    """Return what a decision is kept under: where the question stands, and a digest of its words."""
    return question.key, hashlib.sha256(" ".join(question.text.split()).encode("utf-8", "replace")).hexdigest()[:32]


def file_digest(data: bytes) -> str:
    """Return what names a file's review: SHA-256 of its content."""
    return hashlib.sha256(data).hexdigest()


def with_decisions(review: Review, decided: Iterable[tuple[Question, Decision | None]]) -> Review:
    """Return a review with some questions decided anew, or with None no longer decided."""
    decisions = dict(review.decisions)
    for question, decision in decided:
        if decision is None:
            decisions.pop(place_of(question), None)
        else:
            decisions[place_of(question)] = decision
    return Review(review.name, decisions)


def to_json(review: Review) -> str:
    """Return a review as text; `from_json` is its inverse."""
    decisions = [{"key": key, "words": words, **asdict(decision)} for (key, words), decision in sorted(review.decisions.items())]
    return json.dumps({"format": _FORMAT, "name": review.name, "decisions": decisions}, indent=1)


def from_json(text: str) -> Review:
    """Return the review that a text holds.

    Raises:
        UsageError: It holds none, or not as a whole.
    """
    try:
        found = json.loads(text)
        if found["format"] != _FORMAT:
            raise ValueError
        decisions = {(str(one["key"]), str(one["words"])): _decision(one) for one in found["decisions"]}
        return Review(str(found["name"]), decisions)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError("This is no review that popmap kept.") from error


def _decision(found: Mapping[str, object]) -> Decision:
    texts = {one.name: str(found[one.name]) for one in fields(Decision) if one.name != "verdict"}
    return Decision(Verdict(str(found["verdict"])), **texts)


def reviews_folder() -> Path:
    """Return where reviews are kept: POPMAP_STATE's folder, else the user's own for state (XDG Base Directory Specification)."""
    stated = os.environ.get(STATE_VARIABLE, "").strip()
    if stated:
        return Path(stated).expanduser().absolute() / "reviews"
    home = os.environ.get("XDG_STATE_HOME", "").strip()
    # The specification has relative paths ignored.
    base = Path(home) if home and Path(home).is_absolute() else Path.home() / ".local" / "state"
    return base / "popmap" / "reviews"


def load(folder: Path, digest: str) -> tuple[Review, str]:
    """Return what was decided about a file, and a sentence for a person, "" when there is nothing to say.

    A kept review that cannot be read is set aside under another name, never overwritten.

    Args:
        folder: Where reviews are kept.
        digest: The file's (`file_digest`).

    Raises:
        PopmapError: It can neither be read nor set aside.
    """
    path = folder / f"{digest}.json"
    try:
        return from_json(path.read_text(encoding="utf-8")), ""
    except FileNotFoundError:
        return Review(), ""
    except (UsageError, UnicodeError):
        aside = path.with_suffix(f".unreadable-{secrets.token_hex(3)}")
        try:
            path.rename(aside)
        except OSError as error:
            raise _failure(path, error) from error
        return Review(), f"What was decided about this file before could not be read. It was set aside as {aside}; the review begins anew."
    except OSError as error:
        raise _failure(path, error) from error


def change(folder: Path, digest: str, name: str, decided: Iterable[tuple[Question, Decision | None]]) -> Review:
    """Decide some questions of a file, on top of what was decided meanwhile elsewhere, and return the review.

    Args:
        folder: Where reviews are kept; made when it is not there.
        digest: The file's (`file_digest`).
        name: The file's name, for people.
        decided: Questions and what was decided about them; None for no longer decided.

    Raises:
        PopmapError: It cannot be kept.
    """
    with _changing:
        review = with_decisions(Review(name, load(folder, digest)[0].decisions), decided)
        _save(folder / f"{digest}.json", to_json(review))
    return review


def _save(path: Path, text: str) -> None:
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    try:
        # What a person decided about a customer's questions is nobody else's to read.
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        draft.unlink(missing_ok=True)


def _failure(path: Path, error: OSError) -> PopmapError:
    return PopmapError(f"Decisions cannot be kept in {path}: {error.strerror or error}.", f"Set {STATE_VARIABLE} to a folder of your own.")
