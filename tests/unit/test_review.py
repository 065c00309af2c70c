"""What was decided is kept, found again, and never lost."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from popmap.answering import review
from popmap.answering.model import Question
from popmap.answering.review import Decision, Review, Verdict, change, file_digest, from_json, load, place_of, to_json
from popmap.errors import PopmapError, UsageError

# Whatever UTF-8 can hold.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DECISIONS = st.builds(Decision, st.sampled_from(Verdict), TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)
REVIEWS = st.builds(Review, TEXTS, st.dictionaries(st.tuples(TEXTS, TEXTS), DECISIONS, max_size=6))
WHERE = Question("Sheet!B4", "Where is the data?", "en")
DIGEST = file_digest(b"a customer's file")


@given(REVIEWS)
def test_round_trip(kept: Review):
    """A review reads back as it was written, whatever its texts are."""
    assert from_json(to_json(kept)) == kept


@given(st.one_of(TEXTS, st.recursive(st.none() | st.integers() | TEXTS, lambda inner: st.dictionaries(TEXTS, inner)).map(json.dumps)))
def test_what_is_no_review(text: str):
    """Any other text is refused as such, never by another error."""
    with pytest.raises(UsageError):
        from_json(text)


def test_resumed(tmp_path: Path):
    """A decision is there when the same file is opened again, and only for that file."""
    decision = Decision(Verdict.ACCEPTED, "In France.", by="Ada", on="2026-11-23")
    change(tmp_path, DIGEST, "q.xlsx", [(WHERE, decision)])
    found, said = load(tmp_path, DIGEST)
    assert found.of(WHERE) == decision and found.name == "q.xlsx" and not said
    assert load(tmp_path, file_digest(b"another file")) == (Review(), "")


@pytest.mark.parametrize("other", [Question("Sheet!B4", "Where is the data kept?", "en"), Question("Other!B4", WHERE.text, "en")])
def test_another_question(tmp_path: Path, other: Question):
    """The same place with other words is another question, and so are the same words elsewhere."""
    change(tmp_path, DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.ACCEPTED, "In France."))])
    assert load(tmp_path, DIGEST)[0].of(other) is None


def test_spacing_is_not_wording():
    """Line breaks and spaces that a sheet was reflowed with don't make another question."""
    assert place_of(WHERE) == place_of(Question(WHERE.key, " Where is\n the  data? ", "de"))


def test_changes_add_up(tmp_path: Path):
    """What two windows decide is kept together; the later decision on the same question holds; None takes one back."""
    who = Question("Sheet!B5", "Who gets it?", "en")
    change(tmp_path, DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.REJECTED))])
    change(tmp_path, DIGEST, "q.xlsx", [(who, Decision(Verdict.ACCEPTED, "Nobody."))])
    change(tmp_path, DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.ACCEPTED, "Here."))])
    found = load(tmp_path, DIGEST)[0]
    assert [one.text for one in (found.of(WHERE), found.of(who)) if one] == ["Here.", "Nobody."]
    assert change(tmp_path, DIGEST, "q.xlsx", [(WHERE, None)]).of(WHERE) is None
    assert load(tmp_path, DIGEST)[0].of(who)


def test_no_other_file_is_left(tmp_path: Path):
    """Saving leaves one file, which nobody else may read."""
    folder = tmp_path / "state" / "reviews"
    change(folder, DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.REJECTED))])
    (path,) = folder.iterdir()
    assert path.name == f"{DIGEST}.json" and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"format": 99, "name": "", "decisions": []}'])
def test_unreadable(tmp_path: Path, broken: bytes):
    """A kept review that cannot be read is set aside under another name, said, and not written over."""
    path = tmp_path / f"{DIGEST}.json"
    path.write_bytes(broken)
    found, said = load(tmp_path, DIGEST)
    (aside,) = tmp_path.iterdir()
    assert found == Review() and str(aside) in said and aside.read_bytes() == broken
    change(tmp_path, DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.REJECTED))])
    assert aside.read_bytes() == broken and load(tmp_path, DIGEST)[0].of(WHERE)


def test_nowhere_to_keep(tmp_path: Path):
    """Where nothing can be kept, that is said with what to do."""
    (tmp_path / "reviews").write_text("a file")
    with pytest.raises(PopmapError, match=review.STATE_VARIABLE):
        change(tmp_path / "reviews", DIGEST, "q.xlsx", [(WHERE, Decision(Verdict.REJECTED))])


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"POPMAP_STATE": "/own", "XDG_STATE_HOME": "/state"}, "/own/reviews"),
        ({"XDG_STATE_HOME": "/state"}, "/state/popmap/reviews"),
        ({"XDG_STATE_HOME": "relative"}, "/home/ada/.local/state/popmap/reviews"),
        ({}, "/home/ada/.local/state/popmap/reviews"),
    ],
)
def test_where(monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], folder: str):
    """Reviews are kept where popmap's variable says, else in the user's folder for state."""
    for name in ("POPMAP_STATE", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"HOME": "/home/ada"} | variables).items():
        monkeypatch.setenv(name, value)
    assert review.reviews_folder() == Path(folder)
