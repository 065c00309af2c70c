"""The fonts that documents and pictures are set in, as families in the order in which they stand in for one another."""

from __future__ import annotations

TEXT = "Liberation Sans"
# Liberation Sans has the widths that flow.text measures labels by; a character it has not comes from the first of the others that has it.
# Lao stands before DejaVu Sans, whose Lao letters come back from a PDF twice; the other scripts follow in no order that matters.
_OTHERS = {
    "Noto Sans Lao": "NotoSansLao-Regular.ttf",
    "DejaVu Sans": "DejaVuSans.ttf",
    "Droid Sans Fallback": "DroidSansFallbackFull.ttf",
    "NanumGothic": "NanumGothic-Regular.ttf",
    "Noto Sans Devanagari": "NotoSansDevanagari-Regular.ttf",
    "Noto Sans Bengali": "NotoSansBengali-Regular.ttf",
    "Noto Serif Gurmukhi": "NotoSerifGurmukhi-Regular.ttf",
    "Noto Sans Gujarati": "NotoSansGujarati-Regular.ttf",
    "Lohit Odia": "Lohit-Odia.ttf",
    "Noto Sans Tamil": "NotoSansTamil-Regular.ttf",
    "Noto Sans Telugu": "NotoSansTelugu-Regular.ttf",
    "Noto Sans Kannada": "NotoSansKannada-Regular.ttf",
    "Noto Sans Malayalam": "NotoSansMalayalam-Regular.ttf",
    "Noto Sans Sinhala": "NotoSansSinhala-Regular.ttf",
    "Noto Sans Thai": "NotoSansThai-Regular.ttf",
    "DDC Uchen": "DDC_Uchen.ttf",
    "Noto Serif Myanmar": "NotoSerifMyanmar-Regular.ttf",
    "Khmer Mondulkiri": "Mondulkiri-R.ttf",
    "Noto Sans Ethiopic": "NotoSansEthiopic-Regular.ttf",
    "Noto Sans Mongolian": "NotoSansMongolian-Regular.ttf",
    "Noto Sans Cherokee": "NotoSansCherokee-Regular.ttf",
    "Noto Sans Thaana": "NotoSansThaana-Regular.ttf",
    "Noto Emoji": "NotoEmoji-Regular.ttf",
}
FAMILIES = (TEXT, *_OTHERS)
# Words in bold and italics come from the files of Liberation Sans; the others have one file each, which stands in for all styles.
TEXT_FILES = ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf", "LiberationSans-Italic.ttf", "LiberationSans-BoldItalic.ttf")
OTHER_FILES = tuple(_OTHERS.values())
# The fonts whose letters each stand for themselves: what comes from another one, or has marks upon it, has to be shaped.
PLAIN_FILES = ("DejaVuSans.ttf", "DroidSansFallbackFull.ttf")


def as_typst() -> bytes:
    """Return a typst file that names the families, for templates to import: `#import "families.typ": families`."""
    names = ", ".join(f'"{name}"' for name in FAMILIES)
    return f"#let families = ({names})\n".encode()
