"""Names in the world's scripts: drawn in the report, in the documents and in the picture of the map, and found again in their text."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from registers import DAY, tiny, write

from popmap import typesetting
from popmap.checks.run import open_checked
from popmap.evidence.report import report_pdf
from popmap.filters import Filter
from popmap.flow.text import joined
from popmap.renderings.files import RENDERINGS, rendering_file
from popmap.store import Store
from popmap.typesetting.glyphs import shaped
from popmap.typesetting.labels import lifted

MADE_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
NAMES = {
    "arabic": "شركة البيانات",
    "armenian": "Հայերեն ընկերություն",
    "bengali": "বাংলা ডেটা কোম্পানি",
    "cherokee": "ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ",
    "chinese": "数据公司",
    "cyrillic": "Компания данных",
    "devanagari": "हिन्दी सेवा संस्था",
    "emoji": "🙂 Smile 🔒 Lock",
    "ethiopic": "አማርኛ ኩባንያ",
    "georgian": "ქართული კომპანია",
    "greek": "Ελληνική εταιρεία",
    "gujarati": "ગુજરાતી સેવા",
    "gurmukhi": "ਪੰਜਾਬੀ ਕੰਪਨੀ",
    "hebrew": "חברת נתונים",
    "japanese": "日本語サービス株式会社",
    "kannada": "ಕನ್ನಡ ಸಂಸ್ಥೆ",
    "khmer": "ភាសាខ្មែរ ក្រុមហ៊ុន",
    "korean": "한국어 서비스 주식회사",
    "lao": "ບໍລິສັດ ນ້ຳລາວ",
    "latin-marks": "q̃ x̂ Ltd",
    "malayalam": "മലയാളം കമ്പനി",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ",
    "myanmar": "မြန်မာ ကုမ္ပဏီ",
    "odia": "ଓଡ଼ିଆ କମ୍ପାନୀ",
    "sinhala": "ශ්‍රී ලංකා සමාගම",
    "symbols": "✓ Check ★ Star",
    "tamil": "தமிழ் நிறுவனம்",
    "telugu": "తెలుగు సంస్థ",
    "thai": "บริษัท ข้อมูลไทย จำกัด",
    "tibetan": "བོད་ཡིག རྒྱལ་ཁབ",
}
# Drawn, but a reader of the PDF's text gives these letters in another order, or a space too many, see docs/evidence.md.
OTHERWISE_READ = {"thaana": "ދިވެހި ކުންފުނި", "gujarati-mark": "ગુજરાતી કંપની", "sequences": "❤️ 👨‍👩‍👧 1️⃣"}
UNKNOWN = "\ua997\ua9ba"
every_script = pytest.mark.parametrize("script", [*NAMES])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return a register with a vendor of a name in each script, and one in a script without a font."""
    tables = tiny()
    tables["categories"][1]["name"] = NAMES["thai"]
    for key, name in (NAMES | OTHERWISE_READ | {"unknown": UNKNOWN}).items():
        tables["vendors"].append({"vendor_id": key, "name": name, "section": "Technology", "role": "processor", "country": "FR"})
        tables["flows"].append({"category_id": "identity", "vendor_id": key, "purpose": f"For {name}", "legal_basis": "consent"})
    return open_checked(write(tmp_path_factory.mktemp("scripts") / "register", tables), DAY)


def text_of(pdf: bytes, folder: Path) -> str:
    """Return what pdftotext finds, without what only steers the direction or where lines break."""
    path = folder / "read.pdf"
    path.write_bytes(pdf)
    command = [shutil.which("pdftotext") or pytest.skip("no pdftotext"), str(path), "-"]
    found = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return re.sub("[\u200b\u202a-\u202e]", "", found)


@pytest.fixture(scope="module")
def report(store: Store, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the report's text."""
    return text_of(report_pdf(store, Filter(), MADE_AT), tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def documents(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the text of each rendering that is a PDF and names vendors."""
    folder = tmp_path_factory.mktemp("documents")
    names = [name for name, entry in RENDERINGS.items() if "pdf" in entry.forms]
    return {name: text_of(rendering_file(store, name, "pdf", MADE_AT), folder) for name in names}


@every_script
def test_in_the_report(report: str, script: str):
    """The report's text holds the name as it is written."""
    assert NAMES[script] in report


@every_script
def test_in_the_documents(documents: dict[str, str], script: str):
    """Every PDF that names vendors holds the name; where a line ends in it, without its white space."""
    name = "".join(NAMES[script].split())
    wanting = [each for each, text in documents.items() if name not in "".join(text.split())]
    assert [each for each in wanting if "Courier" in documents[each]] == []


def test_without_a_font(report: str, documents: dict[str, str]):
    """What no font of ours has is written out as code points in the report and in each document, and stops none of them."""
    assert "[U+A997 U+A9BA]" in report
    assert all("[U+A997" in text for text in documents.values() if "Courier" in text)


def drawing(names: Sequence[str], turned: bool = False) -> bytes:
    """Return a drawing with names as labels."""
    turn = ' transform="rotate(-90 10 100)"' if turned else ""
    labels = "".join(f'<text x="10" y="{20 + 20 * at}">{name}</text>' for at, name in enumerate(names))
    look = 'width="400" height="120" viewBox="0 0 400 120" font-family="sans-serif"'
    body = f'<g transform="translate(3 4)"><g font-size="12" fill="#000000"{turn}>{labels}</g></g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {look}>{body}</svg>'.encode()


@pytest.mark.parametrize("script", [*NAMES, *OTHERWISE_READ])
def test_in_the_picture(script: str):
    """A picture shows the name in other shapes than the boxes of a name that no font has."""
    name = (NAMES | OTHERWISE_READ)[script]
    assert typesetting.png(drawing([name]), 1) != typesetting.png(drawing(["\ua997" * len(name)]), 1)


def test_plain_drawings_stay():
    """A drawing of letters that stand for themselves stays as it is, byte for byte."""
    plain = drawing(["Plain", "Été", "数据公司", NAMES["cyrillic"]])
    assert lifted(plain) == (plain, []) and not shaped(plain.decode())


def test_labels_keep_their_places():
    """A label that is set as text begins where it began in the drawing, upwards in a turned one, and looks as it did."""
    rest, (label,) = lifted(drawing(["Plain", NAMES["thai"]]))
    assert NAMES["thai"] not in rest.decode() and "Plain" in rest.decode()
    assert (label["x"], label["y"], label["up"], label["size"], label["anchor"]) == (13, 44, False, 12, "start")
    _, (label,) = lifted(drawing([NAMES["thai"]], turned=True))
    # The point (10, 20) is 80 above the centre (10, 100): turned, it is 80 to the left of it.
    assert (label["x"], label["y"], label["up"]) == (3 + 10 - 80, 4 + 100, True)


@pytest.mark.parametrize(
    ("before", "after", "together"),
    [("a", "b", False), ("\u0915", "\u093e", True), ("\u094d", "\u0937", True), ("\u0e19", "\u0e33", True), ("\u0e19", "\u0e01", False)],
)
def test_what_belongs_together(before: str, after: str, together: bool):
    """No line is broken before a mark, within joined consonants or before a vowel that belongs to its consonant."""
    assert joined(before, after) == together


def test_readers_find_letters(store: Store):
    """Another reader than pdftotext finds the plain scripts, too."""
    pdf = rendering_file(store, "record-controller", "pdf", MADE_AT)
    found = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert all(NAMES[script].split()[0] in found for script in ("korean", "ethiopic", "georgian", "armenian", "cherokee"))
