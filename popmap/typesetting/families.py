"""The fonts that documents and pictures are set in, as families in the order in which they stand in for one another."""

from __future__ import annotations

from pathlib import Path

ROOM = Path(__file__).parent
TEXT = "Liberation Sans"
# Liberation Sans has the widths that flow.text measures labels by; a character it has not comes from the first of the others that has it.
_OTHERS = {
    "DejaVu Sans": "fonts/DejaVuSans.ttf",
    "Droid Sans Fallback": "fonts/DroidSansFallbackFull.ttf",
}
# Read for a text in one of their scripts only, since typst looks into each font there is whenever it begins to work. Lao stands before
# DejaVu Sans, whose Lao letters come back from a PDF twice; the order of the others does not matter.
_LAO = {"Noto Sans Lao": "scripts/NotoSansLao-Regular.ttf"}
_SCRIPTS = {
    "NanumGothic": "scripts/NanumGothic-Regular.ttf",
    "Noto Sans Devanagari": "scripts/NotoSansDevanagari-Regular.ttf",
    "Noto Sans Bengali": "scripts/NotoSansBengali-Regular.ttf",
    "Noto Serif Gurmukhi": "scripts/NotoSerifGurmukhi-Regular.ttf",
    "Noto Sans Gujarati": "scripts/NotoSansGujarati-Regular.ttf",
    "Lohit Odia": "scripts/Lohit-Odia.ttf",
    "Noto Sans Tamil": "scripts/NotoSansTamil-Regular.ttf",
    "Noto Sans Telugu": "scripts/NotoSansTelugu-Regular.ttf",
    "Noto Sans Kannada": "scripts/NotoSansKannada-Regular.ttf",
    "Noto Sans Malayalam": "scripts/NotoSansMalayalam-Regular.ttf",
    "Noto Sans Sinhala": "scripts/NotoSansSinhala-Regular.ttf",
    "Noto Sans Thai": "scripts/NotoSansThai-Regular.ttf",
    "DDC Uchen": "scripts/DDC_Uchen.ttf",
    "Noto Serif Myanmar": "scripts/NotoSerifMyanmar-Regular.ttf",
    "Khmer Mondulkiri": "scripts/Mondulkiri-R.ttf",
    "Noto Sans Ethiopic": "scripts/NotoSansEthiopic-Regular.ttf",
    "Noto Sans Mongolian": "scripts/NotoSansMongolian-Regular.ttf",
    "Noto Sans Cherokee": "scripts/NotoSansCherokee-Regular.ttf",
    "Noto Sans Thaana": "scripts/NotoSansThaana-Regular.ttf",
    "Noto Emoji": "scripts/NotoEmoji-Regular.ttf",
}
FAMILIES = (TEXT, *_OTHERS)
ALL_FAMILIES = (TEXT, *_LAO, *_OTHERS, *_SCRIPTS)
# Words in bold and italics come from the files of Liberation Sans; the others have one file each, which stands in for all styles.
TEXT_FILES = tuple(f"fonts/LiberationSans-{style}.ttf" for style in ("Regular", "Bold", "Italic", "BoldItalic"))
OTHER_FILES = (*_LAO.values(), *_OTHERS.values(), *_SCRIPTS.values())
# The fonts whose letters each stand for themselves but for Lao: what comes from another one, or has marks upon it, has to be shaped.
PLAIN_FILES = tuple(_OTHERS.values())
LAO_FILE = _LAO["Noto Sans Lao"]


def as_typst(scripts: bool) -> bytes:
    """Return a typst file that names the families, for templates to import: `#import "families.typ": families`.

    Args:
        scripts: Whether those of the scripts that have fonts of their own are among them.
    """
    names = ", ".join(f'"{name}"' for name in (ALL_FAMILIES if scripts else FAMILIES))
    return f"#let families = ({names})\n".encode()
