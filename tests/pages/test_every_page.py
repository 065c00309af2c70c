"""What holds for each page alike: every kind of register and link, nothing shown as markup, and the filter that follows the reader."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hostile import HOST, NAMES
from registers import tiny, write
from screens import PAGES, TITLES, Open, go, headings, markdown_texts, markup, options, plain, text

from popmap.filters import FACETS
from popmap.opened import REGISTER_VARIABLE

every_page = pytest.mark.parametrize("name", PAGES)
# What else there is to see of the hostile register.
OWN_VIEWS = [
    *(
        ("data_map", {"map": picture, "overlay": overlay})
        for picture in ("Flow", "Network", "Matrix")
        for overlay in ("Gaps: off", "Gaps: + notes")
    ),
    ("data_map", {"layers": ["Section", "Category", "Vendor", "Purpose", "Country"]}),
    ("data_map", {"sel": "vendor:k1", "grouped": "true"}),
    ("vendors", {"show": "k1"}),
    ("categories", {"show": "k4"}),
    ("gaps", {"rule": "own-rule"}),
    ("gaps", {"rule": "own-rule", "finding": "k1"}),
]

# What popmap's own markup is made of.
OWN_TAGS = {
    *("div", "section", "p", "h1", "h2", "h4", "span", "q", "br"),
    *("table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a register of which two files cannot be read."""
    folder = write(tmp_path_factory.mktemp("broken"), tiny())
    (folder / "aliases.csv").write_bytes(b"\x00\xff" * 40)
    (folder / "activities.csv").unlink()
    (folder / "activities.parquet").write_bytes(b"PAR1 but not really")
    return folder


@every_page
def test_bundled_register(open_page: Open, name: str):
    """Each page opens with the bundled register without an error, under its title, with the register's fingerprint at its foot."""
    page = open_page(name)
    assert not page.exception and not page.error
    assert headings(page) == [TITLES[name]]
    assert re.search(r"Register [0-9a-f]{12} · 34 flows · findings as of \d{4}-\d\d-\d\d", plain(page))


@every_page
def test_state_can_be_stored(open_page: Open, name: str):
    """What a page keeps for a reader can be pickled, as popmap's configuration asks of each session."""
    page = open_page(name, category="logs", q="bugs")
    own = page.session_state.to_dict()
    assert own and pickle.dumps(own)


@every_page
def test_filter_in_the_link(open_page: Open, name: str):
    """A link's filter is applied: chips name it, and the other menus count only what is behind it."""
    page = open_page(name, category="logs")
    assert not page.exception
    assert "Category: Logs ✕" in plain(page)
    assert options(page, "filter_vendor")[:2] == ["Cloudflare · 1", "ForestAdmin · 1"] and len(options(page, "filter_vendor")) == 8
    assert options(page, "filter_category")[0] == "Identification data · 17"


@pytest.mark.parametrize(
    ("name", "facet"),
    [*((name, FACETS[0]) for name in PAGES), *(("overview", facet) for facet in FACETS[1:])],
    ids=lambda part: getattr(part, "key", part),
)
def test_value_that_is_gone(open_page: Open, name: str, facet):
    """A link's value that the register does not have is named in a warning and dropped; the rest of the link holds."""
    page = open_page(
        name, **{"section": "marketing", facet.key: ["marketing", "gone-**since**"] if facet.key == "section" else "gone-**since**"}
    )
    assert not page.exception
    (warning,) = page.warning
    assert warning.value.replace("\\", "") == (
        f"This link asks for {facet.label.lower()} “gone-**since**”, which the register does not have. It was left out."
    )
    assert "\\*\\*since" in warning.value
    assert facet.key == "section" or facet.key not in page.query_params
    assert "Section: Marketing ✕" in plain(page)


@every_page
def test_nothing_matches(open_page: Open, name: str):
    """When no flow is behind the filter the page says what was asked for and what to do."""
    page = open_page(name, category="logs", vendor="stripe")
    assert not page.exception and not page.error
    assert "No flow matches: Logs to Stripe. Remove a filter above, or clear all, to see more." in plain(page)
    page.button(key="filter_clear").click().run()
    assert not page.exception and "No flow matches" not in plain(page) and not page.query_params


@every_page
def test_no_register(open_page: Open, name: str, tmp_path: Path):
    """Without a register folder the page stays up, names the folder and says how to choose another."""
    page = open_page(name, tmp_path / "not_here")
    assert not page.exception
    (error,) = page.error
    assert f"There is no folder {tmp_path / 'not_here'}" in error.value.replace("\\", "")
    assert REGISTER_VARIABLE in text(page) and "Set it to a folder that holds" in text(page)


@every_page
def test_empty_register(open_page: Open, name: str, empty: Path):
    """A register of headers only opens on every page and says what to add or that there is nothing."""
    page = open_page(name, empty)
    assert not page.exception and not page.error
    said = {
        "overview": "discloses 0 categories of personal data to 0 vendors, in 0 flows",
        "data_map": "add flows to flows.csv",
        "vendors": "add vendors to vendors.csv",
        "categories": "add categories to categories.csv",
        "gaps": "findings from 1 rule",
    }
    assert said[name] in plain(page).replace("**", "")


@every_page
def test_broken_files(open_page: Open, name: str, broken: Path):
    """A file that cannot be read is counted at the foot of each page, and the other files' rows stay usable."""
    page = open_page(name, broken)
    assert not page.exception
    assert re.search(r"[1-9]\d* faults? in its files, see Gaps", plain(page)) and "6 flows" in plain(page)


def _nothing_is_markup(page) -> None:
    """See that nothing of the hostile register is markup."""
    assert not page.exception
    for shown in markdown_texts(page):
        # Every bracket, angle and colon of a register's text is escaped, or it could be a picture, a tag or an icon.
        assert not re.search(rf"(?<!\\)\]\(|(?<!\\)<(?!style)|https?:|{HOST.replace('.', '[.]')}", shown), shown
        assert not re.search(r"(?<!\\):(material/delete|red\[|rainbow\[)", shown), shown
    body = markup(page)
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", body))
    assert tags <= OWN_TAGS, tags
    assert " src=" not in re.sub(r"&[a-z]+;|&#x27;", "", re.sub(r"&lt;.*?&gt;", "", body))


@every_page
def test_hostile_names(open_page: Open, name: str, hostile: Path):
    """Names that are Markdown, HTML, formulas, right-to-left or 300 characters long are shown as they are, never as markup."""
    page = open_page(name, hostile)
    _nothing_is_markup(page)
    assert not page.error


@pytest.mark.parametrize(("name", "keys"), OWN_VIEWS, ids=lambda part: str(part)[:60])
def test_hostile_names_in_every_view(open_page: Open, name: str, keys: dict, hostile: Path):
    """The same holds for cards, rules, selections and each kind of picture."""
    page = open_page(name, hostile, **keys)
    _nothing_is_markup(page)


def test_hostile_names_in_chips(open_page: Open, hostile: Path):
    """A filter chip and the sentence about a filter show a hostile name as it is."""
    page = open_page("vendors", hostile, category=["k0", "k1", "k6"], q="![x](https://tracker.example/q.png)", section="not-stated")
    _nothing_is_markup(page)
    assert f"Category: {NAMES[0]} ✕" in plain(page)


@pytest.mark.parametrize("second", PAGES[1:])
def test_filter_follows_to_another_page(open_page: Open, second: str):
    """The menu's links hold no filter, and yet the reader's filter is there on the next page, in its address too."""
    page = open_page("overview", category="logs", section=["marketing", "technology"], q="usage")
    go(page, second)
    # What the browser does: the menu's link drops the address's keys.
    assert page.query_params["category"] in ("logs", ["logs"]) and page.query_params["q"] in ("usage", ["usage"])
    assert "Category: Logs ✕" in plain(page) and "Search: usage ✕" in plain(page)


def test_filter_follows_a_bare_link(open_page: Open):
    """Turning to another page with an address without keys, as the menu does, brings the filter back into the address."""
    page = open_page("overview", category="logs")
    page.query_params.clear()
    go(page, "vendors")
    assert page.query_params.get("category") in ("logs", ["logs"]) and "8 vendors" in plain(page)


def test_a_bare_address_on_the_same_page_clears(open_page: Open):
    """Going Back to the page's address without keys shows the whole register again."""
    page = open_page("vendors", category="logs")
    assert "8 vendors" in plain(page)
    page.query_params.clear()
    page.run()
    assert "22 vendors" in plain(page)


@every_page
def test_an_edit_on_disk_shows_at_the_next_rerun(open_page: Open, name: str, tmp_path: Path):
    """A register file edited while the app runs shows when a page is next run, without a restart."""
    folder = write(tmp_path, tiny())
    page = open_page(name, folder)
    assert "Register" in plain(page) and "· 6 flows" in plain(page)
    path = folder / "flows.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    page.run()
    assert not page.exception and "· 5 flows" in plain(page)


@every_page
def test_a_register_that_goes_away(open_page: Open, name: str, tmp_path: Path):
    """A folder that is emptied while the app runs gives the message of a missing register, not an exception."""
    folder = write(tmp_path, tiny())
    page = open_page(name, folder)
    for path in folder.iterdir():
        path.unlink()
    page.run()
    assert not page.exception and len(page.error) == 1


@every_page
def test_search(open_page: Open, name: str):
    """Words typed into the search box become a filter, in the address and as a chip; spaces around them do not count."""
    page = open_page(name)
    page.text_input(key="filter_q").set_value("  analyze   usage ").run()
    assert not page.exception
    assert page.query_params["q"] in ("analyze usage", ["analyze usage"]) and "Search: analyze usage ✕" in plain(page)


@every_page
def test_choosing_and_removing(open_page: Open, name: str):
    """A chosen option is written to the address by its key, not its label; its chip removes it again."""
    page = open_page(name)
    page.multiselect(key="filter_section").select("Marketing · 7").run()
    assert not page.exception and page.query_params["section"] in ("marketing", ["marketing"])
    (chips,) = [group for group in page.button_group if group.key == "filter_remove"]
    assert [label.replace("\\", "") for label in chips.options] == ["Section: Marketing ✕"]
    chips.select("section=marketing").run()
    assert not page.exception and not page.query_params and "✕" not in plain(page)
