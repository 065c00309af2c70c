"""A questionnaire's way through the app: sent in, answered, decided by keyboard, taken away with that answer and no other change."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from python_calamine import CalamineWorkbook
from questionnaires import rows, workbook
from test_accessibility import violations
from test_privacy import elsewhere
from visit import Visit, Visits
from xlsxwriter.workbook import Workbook

ASKED = (
    "Where is personal data stored?",
    "Which vendors receive logs?",
    "Do you encrypt backups?",
    "Is somebody responsible for reviewing the list of sub-processors?",
)


def questionnaire() -> bytes:
    """Return a workbook with a dropdown, a second sheet and a colour that depends on the answer."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Privacy")
        rows(sheet, [["Supplier questionnaire"], [], ["ID", "Question", "Answer", "Comment"]])
        rows(sheet, [[f"Q-{at}", text] for at, text in enumerate(ASKED, 1)], 4)
        sheet.data_validation("C6", {"validate": "list", "source": ["Yes", "No", "N/A"]})
        sheet.conditional_format("C4:C7", {"type": "no_blanks", "format": book.add_format({"bg_color": "#DDEEDD"})})
        rows(book.add_worksheet("Terms"), [["Definitions"], ["Personal data: as in the GDPR."]])

    return workbook(fill)


@pytest.fixture(scope="module", autouse=True)
def _state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep reviews in a folder of the tests' own; a server takes the variable over when it starts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POPMAP_STATE", str(tmp_path_factory.mktemp("state")))
        yield


def sent(reader: Visit, folder: Path, data: bytes = b"") -> Visit:
    """Send a file in, the workbook or some CSV of four questions, and wait for its questions."""
    path = folder / ("supplier.csv" if data else "supplier.xlsx")
    path.write_bytes(data or questionnaire())
    reader.page.locator("input[type=file]").set_input_files(path)
    return reader.says("of 4 decided")


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_journey(visit: Visits, tmp_path: Path):
    """Sent in, one answer is edited and accepted by keyboard; the file that comes back holds exactly that answer and is else unchanged."""
    reader = sent(visit("questionnaire"), tmp_path)
    keys = reader.page.keyboard
    keys.press("Alt+ArrowDown")
    reader.says("2 of 4 · Q-2")
    expect(reader.page.locator(".popmap-question h3")).to_have_text(ASKED[1])
    box = reader.page.get_by_label("Answer", exact=True)
    proposed = box.input_value()
    assert proposed.startswith("Flows of this category (8)")
    reader.page.get_by_label("Who decides").fill("Ada Example")
    keys.press("Tab")
    reader.rest()
    box.press("Control+End")
    box.press_sequentially(" As published.")
    keys.press("Control+Enter")
    reader.says("1 of 4 decided")
    reader.says("3 of 4 · Q-3")
    # Nothing is accepted with no words and no choice, and the page says so.
    keys.press("Control+Enter")
    reader.says("There is nothing to accept")
    panel = reader.panel("download_filled")
    expect(panel).to_contain_text("1 answer in the file")
    back = tmp_path / "back"
    back.mkdir()
    data = reader.download(panel, "Download the filled file", back).read_bytes()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names[:2] == ["Privacy", "Terms"] and "Sources" in book.sheet_names
    cells = book.get_sheet_by_name("Privacy").to_python(skip_empty_area=False)
    assert [row[2] for row in cells[3:7]] == ["", f"{proposed} As published.", "", ""]
    sources = str(book.get_sheet_by_name("Sources").to_python())
    assert "flows/logs/sentry" in sources and "Confirmed by Ada Example" in sources
    before, after = parts(questionnaire()), parts(data)
    assert after["xl/worksheets/sheet2.xml"] == before["xl/worksheets/sheet2.xml"]
    assert after["xl/theme/theme1.xml"] == before["xl/theme/theme1.xml"]
    sheet = after["xl/worksheets/sheet1.xml"]
    assert b"<dataValidation" in sheet and b"<conditionalFormatting" in sheet
    assert elsewhere(reader) == [] and not reader.errors


def test_resumed_after_a_reload(visit: Visits, tmp_path: Path):
    """A reload forgets the file, and opening it again brings back what was decided."""
    data = b"Question,Answer\nWho receives logs?,\nWhere is the data?,\nWho are you?,\nWhich purposes are there?,\n"
    reader = sent(visit("questionnaire"), tmp_path, data)
    reader.page.get_by_role("button", name="Reject").click()
    reader.says("1 rejected")
    reader.go("questionnaire")
    expect(reader.page.get_by_test_id("stFileUploader")).to_be_visible()
    sent(reader, tmp_path, data).says("1 rejected")


def test_a_corrected_layout_is_read(visit: Visits, tmp_path: Path):
    """The last row of questions is corrected in the grid and the file read again at once: what was typed a moment before counts."""
    reader = sent(visit("questionnaire"), tmp_path)
    reader.keyed("layout").get_by_role("button").click()
    dialog = reader.page.get_by_role("dialog")
    expect(dialog.get_by_test_id("glide-cell-4-0")).to_have_text("7")
    reader.rest()
    # The cells are a drawing under a scroller: the fourth of the first row is found by the columns' widths.
    dialog.locator(".dvn-scroller").dblclick(position={"x": 150 + 70 + 70 + 35, "y": 35 + 17})
    box = reader.page.locator("#portal input")
    box.fill("6")
    box.press("Enter")
    dialog.get_by_role("button", name="Read again").click()
    expect(dialog).to_have_count(0)
    reader.says("of 3 decided")
    assert not reader.errors


def test_answers_as_you_type(visit: Visits):
    """The card changes with the question while it is typed, without a key to send it."""
    reader = visit("questionnaire")
    box = reader.page.get_by_label("Ask one question")
    box.press_sequentially("Which vendors receive logs?", delay=5)
    reader.says("Answered from rows")
    box.fill("Where is personal data stored?")
    reader.says("Not stated in the register")
    expect(reader.page.locator(".popmap-answer.not-stated")).to_be_visible()
    reader.page.get_by_role("link", name="Gap: location-not-stated").click()
    reader.until(lambda query: query.get("rule") == ["location-not-stated"])


def test_the_view_holds_all_rows(visit: Visits):
    """The view an answer links to shows the rows it rests on, also when the reader had filtered another page before."""
    reader = visit("vendors?section=marketing")
    reader.page.get_by_test_id("stSidebar").get_by_role("link", name="Questionnaire").click()
    reader.rest().page.get_by_label("Ask one question").press_sequentially("Who are your sub-processors?", delay=5)
    reader.says("Rests on 22 rows")
    reader.page.get_by_role("link", name="Show these rows on Vendors").click()
    expect(reader.page.get_by_role("heading", name="Vendors", level=1)).to_be_visible()
    reader.says("22 vendors")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768)])
def test_decisions_are_in_sight(visit: Visits, tmp_path: Path, width: int, height: int):
    """Accept and Reject are wholly in the window for every question, a long one with choices too, without scrolling."""
    long = (
        "Please describe in as much detail as you can, for each of the services you provide to us, " * 6 + "where personal data is stored."
    )
    data = f'Question,"Answer (Yes/No/N/A)"\n{ASKED[0]},\n{ASKED[1]},\n{ASKED[3]},\n"{long}",\n'
    reader = sent(visit("questionnaire", width=width, height=height), tmp_path, data.encode())
    for at in range(1, 5):
        reader.says(f"{at} of 4")
        for name in ("Accept", "Reject"):
            button = reader.page.locator(f".st-key-{name.lower()}").get_by_role("button")
            expect(button).to_be_in_viewport(ratio=1)
            # Nothing lies over it.
            button.click(trial=True)
        assert reader.page.get_by_test_id("stMain").evaluate("main => main.scrollTop") == 0
        reader.page.keyboard.press("Alt+ArrowDown")
        reader.rest()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessible(visit: Visits, theme: str, tmp_path: Path):
    """Each state of the page, wide and narrow, has no serious or critical violation, and nothing scrolls sideways."""
    reader = visit("questionnaire", theme=theme)
    assert violations(reader) == []
    reader.page.get_by_label("Ask one question").press_sequentially("Who are your sub-processors?", delay=5)
    reader.says("Answered from rows")
    assert violations(reader) == []
    sent(reader, tmp_path)
    for width, height in ((1440, 900), (1024, 768)):
        reader.page.set_viewport_size({"width": width, "height": height})
        for at, _ in enumerate(ASKED):
            reader.page.wait_for_timeout(300)
            # Colours and names do not depend on the width, what fits beside what may.
            if width > 1024 or at == 0:
                assert violations(reader) == []
            assert reader.page.get_by_test_id("stMain").evaluate("main => main.scrollWidth <= main.clientWidth")
            reader.page.keyboard.press("Alt+ArrowDown")
            reader.rest()
    reader.keyed("review_outcome").get_by_role("button").first.click()
    reader.rest()
    assert violations(reader) == []
    reader.panel("download_filled")
    assert violations(reader) == []
    reader.page.keyboard.press("Escape")
    reader.keyed("layout").get_by_role("button").click()
    expect(reader.page.get_by_role("dialog")).to_be_visible()
    reader.rest()
    assert violations(reader) == []
