"""A register whose every text cell tries something: Markdown, HTML, formulas, addresses elsewhere, right-to-left marks, endless names."""

from __future__ import annotations

from pathlib import Path

from registers import Tables, write

# No such host can exist (RFC 2606), so that a request for it is seen, whatever network the test runs on.
HOST = "tracker.example"
SCRIPT = "<script>window.caught='script'</script>"
NAMES = (
    f"![pixel](https://{HOST}/markdown.png)",
    f'<img src="https://{HOST}/html.png" onerror="window.caught=1"><b>bold</b>{SCRIPT}',
    f'=HYPERLINK("https://{HOST}/formula","open")',
    "\u202eright-to-left\u202c مزود البيانات",
    "Endless " + "name" * 73,
    f"[link](https://{HOST}/link) https://{HOST}/bare",
    ":material/delete: :red[red] :rainbow[text] $x^2$ `code` **bold** # head | cell |",
    "</q></td></table><style>body{display:none}</style>&amp;\"'",
)
_TOML = """
title = '''{title}'''
[organisation]
name = '''{title}'''
[[sources]]
id = "page"
title = '''{source}'''
url = 'https://{host}/source.png'
file = '''{source}'''
"""


def hostile() -> Tables:
    """Return a register of as many categories and vendors as there are hostile names, each vendor reached by two categories."""
    keys = [f"k{at}" for at in range(len(NAMES))]
    picture, markup = NAMES[0], NAMES[1]
    flows = [
        {
            "category_id": category,
            "vendor_id": vendor,
            "purpose": name,
            "legal_basis": "consent" if at % 2 else "",
            "condition": name if at % 2 else "",
            "locations": "US",
            "transfer_mechanism": "none",
            "notes": name,
        }
        for at, name in enumerate(NAMES)
        for category, vendor in ((keys[at], keys[at]), (keys[at], keys[at - 1]))
    ]
    rows = [{"table": "flows", "row_id": f"{flow['category_id']}/{flow['vendor_id']}/{flow['purpose']}"} for flow in flows]
    rows += [{"table": table, "row_id": key, "column": "name"} for table in ("categories", "vendors") for key in keys]
    return {
        "categories": [
            {
                "category_id": key,
                "name": name,
                "description": name,
                "data_subjects": name,
                "retention_period": name,
                "notes": name,
                name: name,
            }
            for key, name in zip(keys, NAMES, strict=True)
        ],
        "vendors": [
            {
                "vendor_id": key,
                "name": name,
                "published_as": name,
                "company": NAMES[at // 2],
                "section": name,
                "website": f"https://{HOST}/{key}.png",
                "agreement_url": f"https://{HOST}/{key}.png",
                "certifications": name,
                "notes": name,
            }
            for at, (key, name) in enumerate(zip(keys, NAMES, strict=True))
        ],
        "flows": flows,
        "activities": [{"activity_id": "a", "name": picture, "purpose": markup, "category_ids": "k0;k1", "owner": picture}],
        "evidence": [
            row | {"status": "stated", "source_id": "page", "locator": NAMES[at % len(NAMES)], "quote": NAMES[at % len(NAMES)]}
            for at, row in enumerate(rows)
        ],
        "aliases": [{"kind": "vendor", "alias": picture, "id": "k1"}, {"kind": "category", "alias": markup, "id": "k1"}],
    }


def write_hostile(folder: Path) -> Path:
    """Write the hostile register, a rule of its own with hostile words among it, and return the folder."""
    write(folder, hostile(), toml=_TOML.format(title=NAMES[0], source=NAMES[1], host=HOST))
    (folder / "checks").mkdir(exist_ok=True)
    words = " ".join(NAMES[1].split())
    (folder / "checks" / "own-rule.sql").write_text(
        f"-- code: own-rule\n-- severity: error\n-- table: vendors\n-- column: name\n-- article: {words}\n-- title: {NAMES[0]}\n"
        f"-- why: {words}\n-- hint: {words}\nSELECT row_no, name AS detail FROM vendors\n",
        encoding="utf-8",
    )
    return folder
