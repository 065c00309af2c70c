"""One cell: its canonical form and its faults."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from popmap.register.canonical import _suspicious
from popmap.register.cells import LONGEST_CELL, canonical, clean, guard, split, unguard
from popmap.register.schema import Column, Kind

COUNTRIES = frozenset({"FR", "DE", "US", "GB"})
TEXT = Column("notes", "Remarks.")
LIST = Column("data_subjects", "Subjects.", many=True)
SLUG = Column("vendor_id", "Key.", Kind.SLUG)
CHOICE = Column("personal", "Personal.", Kind.CHOICE, choices=("yes", "no"))
DATE = Column("added_on", "Added.", Kind.DATE)
COUNTRY = Column("country", "Country.", Kind.COUNTRY)
PLACES = Column("locations", "Places.", Kind.COUNTRY, many=True)
LINK = Column("website", "Website.", Kind.URL)


@given(st.text() | st.text(st.sampled_from("'=+-@\t\r\x00ab")))
def test_unguard_is_the_inverse_of_guard(text: str):
    """What an export guards, reading takes back to the very same text, whatever quotes it began with."""
    assert unguard(guard(text)) == text


@given(st.text(st.sampled_from("'=+-@\t\r\x00ab"), min_size=1))
def test_a_guarded_cell_is_never_a_formula(text: str):
    """No guarded cell begins with a character that a spreadsheet starts a formula with."""
    assert guard(text)[0] not in "=+-@\t\r\x00"


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "'", "''", "a=b", "it's -1"])
def test_harmless_text_is_not_guarded(text: str):
    """A cell that no spreadsheet would take for a formula stays as it is, both ways."""
    assert guard(text) == text == unguard(text)


@pytest.mark.parametrize(
    ("raw", "text", "codes"),
    [
        ("  a b  ", "a b", []),
        ("\u00a0\u3000a\u2003", "a", []),
        ("\t\r\n", "", []),
        ("two\nlines\tand a tab", "two\nlines\tand a tab", []),
        ("'=SUM(A1)", "=SUM(A1)", []),
        ("'+33 1 23", "+33 1 23", []),
        ("'\t x", "x", []),
        ("''=x", "'=x", []),
        ("'quoted' word", "'quoted' word", []),
        ("a\x00b", "a\ufffdb", ["control-character"]),
        ("\x07", "\ufffd", ["control-character"]),
        ("a\ud800b", "a\ufffdb", ["encoding-broken"]),
        ("x" * LONGEST_CELL, "x" * LONGEST_CELL, []),
        ("x" * (LONGEST_CELL + 1), "x" * (LONGEST_CELL + 1), ["cell-long"]),
        ("\u202eright to left \u05d0", "\u202eright to left \u05d0", []),
        ("<b>**[x](http://x)**</b>", "<b>**[x](http://x)**</b>", []),
    ],
)
def test_clean(raw: str, text: str, codes: list[str]):
    """White space and guards go, what cannot be shown becomes visible and is named, everything else stays as it was stated."""
    assert clean(raw) == (text, codes)


def test_a_text_outside_a_table_keeps_its_quote():
    """Only cells of tables carry guards; a title that begins with a quote keeps it."""
    assert clean("'=x", guarded=False) == ("'=x", [])


@given(st.text())
def test_clean_text_can_be_stored(raw: str):
    """No clean text has surrounding white space, control characters but tab and line ends, or anything UTF-8 cannot hold."""
    text = clean(raw)[0]
    assert text == text.strip()
    assert text.encode().decode() == text
    assert not [character for character in text if character < " " and character not in "\t\n\r"]


@pytest.mark.parametrize(
    ("raw", "column", "text", "faults"),
    [
        ("", TEXT, "", []),
        ("  ", DATE, "", []),
        ("a; b ;;c", LIST, "a;b;c", []),
        (" ; ;", LIST, "", []),
        ("a;b", TEXT, "a;b", []),
        ("google-cloud-2", SLUG, "google-cloud-2", []),
        ("Google", SLUG, "Google", [("invalid-slug", "Google")]),
        ("a--b", SLUG, "a--b", [("invalid-slug", "a--b")]),
        ("a/b", SLUG, "a/b", [("invalid-slug", "a/b")]),
        ("yes", CHOICE, "yes", []),
        ("Yes", CHOICE, "Yes", [("value-not-allowed", "Yes")]),
        ("maybe", CHOICE, "maybe", [("value-not-allowed", "maybe")]),
        ("2026-11-23", DATE, "2026-11-23", []),
        ("2024-02-29", DATE, "2024-02-29", []),
        ("2026-02-29", DATE, "2026-02-29", [("invalid-date", "2026-02-29")]),
        ("23/11/2026", DATE, "23/11/2026", [("invalid-date", "23/11/2026")]),
        ("20261123", DATE, "20261123", [("invalid-date", "20261123")]),
        ("2026-W48-1", DATE, "2026-W48-1", [("invalid-date", "2026-W48-1")]),
        ("２０２６-11-23", DATE, "２０２６-11-23", [("invalid-date", "２０２６-11-23")]),
        ("0000-01-01", DATE, "0000-01-01", [("invalid-date", "0000-01-01")]),
        ("2026-11-23T00:00", DATE, "2026-11-23T00:00", [("invalid-date", "2026-11-23T00:00")]),
        ("FR", COUNTRY, "FR", []),
        ("fr", COUNTRY, "FR", []),
        ("France", COUNTRY, "France", [("invalid-country", "France")]),
        ("UK", COUNTRY, "UK", [("invalid-country", "UK")]),
        ("fr; us ;", PLACES, "FR;US", []),
        ("FR;XX;EU;DE", PLACES, "FR;XX;EU;DE", [("invalid-country", "XX"), ("invalid-country", "EU")]),
        ("https://example.org/a?b=1#c", LINK, "https://example.org/a?b=1#c", []),
        ("HTTP://EXAMPLE.ORG", LINK, "HTTP://EXAMPLE.ORG", []),
        ("example.org", LINK, "example.org", [("invalid-link", "example.org")]),
        ("javascript:alert(1)", LINK, "javascript:alert(1)", [("invalid-link", "javascript:alert(1)")]),
        ("https://a b", LINK, "https://a b", [("invalid-link", "https://a b")]),
        ('https://a"onclick="', LINK, 'https://a"onclick="', [("invalid-link", 'https://a"onclick="')]),
    ],
)  # fmt: skip
def test_canonical(raw: str, column: Column, text: str, faults: list[tuple[str, str]]):
    """A value that is not allowed stays as it was stated and is named with what offends; nothing is guessed."""
    assert canonical(raw, column, COUNTRIES) == (text, faults)


@given(st.text(st.sampled_from("ab; \t'=é\u00a0-")), st.sampled_from([TEXT, LIST, SLUG, CHOICE, DATE, PLACES, LINK]))
def test_canonical_lists_have_no_blanks(raw: str, column: Column):
    """Whatever is read, a list's canonical text splits into its items and joins to itself again."""
    text, _ = canonical(raw, column, COUNTRIES)
    if column.many:
        assert ";".join(split(text)) == text


@pytest.mark.parametrize("column", [TEXT, SLUG], ids=lambda column: column.name)
@settings(max_examples=50)
@given(raws=st.lists(st.text(min_size=1) | st.text(st.sampled_from("ab-'=\u00a0\u3000\x85\x1c\n ;é"), min_size=1), min_size=1, max_size=30))
def test_what_the_sieve_lets_pass_is_canonical(column: Column, raws: list[str]):
    """The pattern that spares a column of free text the value-by-value look lets only text pass that is canonical and without fault."""
    raws = [raw.encode("utf-8", "replace").decode() for raw in raws]
    for raw in passed(column, raws):
        assert canonical(raw, column, COUNTRIES) == (raw, [])


def test_the_sieve_lets_ordinary_text_pass():
    """The pattern is worth having: ordinary words and slugs pass it, overlong ones do not."""
    for column, value, expected in [
        (TEXT, "To find bugs, and more (2026)", True),
        (TEXT, "x", True),
        (TEXT, "é'", True),
        (SLUG, "a-1", True),
        (LIST, "a;b", False),
        (DATE, "2026-11-23", False),
        (TEXT, "x" * (LONGEST_CELL + 1), False),
        (SLUG, "x" * (LONGEST_CELL + 1), False),
    ]:
        assert passed(column, [value]) == ([value] if expected else [])


def passed(column: Column, raws: list[str]) -> list[str]:
    """Return the values that are not looked at one by one, however few there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("popmap.register.canonical._FEW", 0)
        looked_at = set(_suspicious(pa.array(raws, pa.string()), column).tolist())
    return [raw for place, raw in enumerate(raws) if place not in looked_at]
