"""Small questionnaires of the shapes that customers send, as workbooks and texts, each with what is to be found in it."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Cells = Mapping[str, object]
_FIXED = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True, slots=True)
class Sample:
    """A questionnaire and what is in it.

    Attributes:
        name: The file's name.
        data: The file.
        keys: The keys of its questions, in order.
        language: The language they are in.
        references: Their published ids.
        sections: The headings they stand under.
        vocabulary: What may be answered to the first of them.
        answers: Where their answers go.
        comments: Where their notes go.
    """

    name: str
    data: bytes
    keys: tuple[str, ...]
    language: str = "en"
    references: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()
    answers: tuple[str | None, ...] = ()
    comments: tuple[str | None, ...] = ()


def workbook(fill: Callable[[Workbook], None]) -> bytes:
    """Return a workbook that a function has filled."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _FIXED)
    fill(book)
    book.close()
    return out.getvalue()


def rows(sheet: Worksheet, lines: Sequence[Sequence[object]], first: int = 1) -> None:
    """Write lines of cells into a sheet from a row on (counted from 1); None leaves a cell out."""
    for row, line in enumerate(lines, first - 1):
        for column, value in enumerate(line):
            if value is not None:
                sheet.write(row, column, value)


def keyed(sheet: str, column: str, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return the keys, or with no sheet the cells, of some rows of a column."""
    return tuple(f"{sheet}!{column}{number}" if sheet else f"{column}{number}" for number in numbers)


def matrix() -> Sample:
    """Return a sheet with ten rows of preamble, a header over two rows, and Yes/No/N/A side by side."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Assessment")
        rows(
            sheet, [["Supplier assessment 4.2"], ["Please complete all fields and return the file."], [], ["Company:", None, "Example Ltd"]]
        )
        rows(sheet, [["Version 3"], ["Confidential"], ["Do not change the layout."]], 7)
        rows(
            sheet, [["Domain", "Question ID", "Consensus questions", "Answers", None, None, "Notes"], [None] * 3 + ["Yes", "No", "N/A"]], 11
        )
        sheet.merge_range("D11:F11", "Answers")
        rows(sheet, [["Privacy", "PR-01.1", "Do you keep a list of the vendors that receive personal data?"]], 13)
        rows(sheet, [["Privacy", "PR-01.2", "Is every vendor bound by a data processing agreement?"]], 14)
        rows(sheet, [["Transfers", "TR-02.1", "Is personal data processed outside of the European Economic Area?", None, "x"]], 15)

    data = workbook(fill)
    return Sample(
        "matrix.xlsx",
        data,
        keyed("Assessment", "C", (13, 14, 15)),
        references=("PR-01.1", "PR-01.2", "TR-02.1"),
        sections=("Privacy", "Privacy", "Transfers"),
        vocabulary=("Yes", "No", "N/A"),
        answers=("D13:F13", "D14:F14", "D15:F15"),
        comments=("G13", "G14", "G15"),
    )


def repeated() -> Sample:
    """Return a sheet whose sections each bring a header of their own, with dropdowns from a hidden sheet, beside instructions."""

    def fill(book: Workbook) -> None:
        help_sheet = book.add_worksheet("Instructions")
        rows(help_sheet, [["How to fill this in"], ["Please answer every question on the next tab."], ["Do you need help? Write to us."]])
        sheet = book.add_worksheet("Questions")
        lists = book.add_worksheet("Values")
        lists.hide()
        rows(lists, [["Yes"], ["No"], ["Partially"]])
        head = ["Vendor answers", "Additional information", "Guidance"]
        rows(sheet, [["Assessment tool"], [], ["ID", "Company overview", *head]])
        rows(sheet, [["CO-1", "Describe your service.", None, None, "One paragraph"], ["CO-2", "Who owns the company?"]], 4)
        rows(sheet, [["ID", "Personal data", *head]], 7)
        rows(
            sheet,
            [["PD-1", "Which categories of personal data do you process?"], ["PD-2", "Sub-processors used", "", None, "All of them"]],
            8,
        )
        sheet.data_validation("C8:C9", {"validate": "list", "source": "=Values!$A$1:$A$3"})

    data = workbook(fill)
    return Sample(
        "repeated.xlsx",
        data,
        keyed("Questions", "B", (4, 5, 8, 9)),
        references=("CO-1", "CO-2", "PD-1", "PD-2"),
        sections=("Company overview", "Company overview", "Personal data", "Personal data"),
        answers=keyed("", "C", (4, 5, 8, 9)),
        comments=keyed("", "D", (4, 5, 8, 9)),
    )


def tabs() -> Sample:
    """Return two tabs that use the same ids for other questions, one of them hidden, with a list under a defined name."""

    def fill(book: Workbook) -> None:
        book.define_name("YesNo", "=Lookup!$B$1:$C$1")
        for name, text in (("A. Hosting", "Where are the servers?"), ("B. Staff", "How many people work for you?")):
            sheet = book.add_worksheet(name)
            rows(sheet, [["Ques Num", "Question/Request", "Response", "Additional Information"], ["1.1", text], ["1.2", "Is it audited?"]])
            sheet.data_validation("C2:C3", {"validate": "list", "source": "=YesNo"})
        sheet.hide()
        rows(book.add_worksheet("Lookup"), [[None, "Yes", "No"]])
        book.worksheets()[0].activate()

    return Sample(
        "tabs.xlsx",
        workbook(fill),
        (*keyed("A. Hosting", "B", (2, 3)), *keyed("B. Staff", "B", (2, 3))),
        references=("1.1", "1.2", "1.1", "1.2"),
        vocabulary=("Yes", "No"),
        answers=("C2", "C3", "C2", "C3"),
        comments=("D2", "D3", "D2", "D3"),
    )


def german() -> Sample:
    """Return a German sheet with section rows across its width and the answers in the header."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Fragebogen")
        rows(sheet, [["Fragebogen für Auftragsverarbeiter"], [], ["Nr.", "Frage", "Antwort (Ja/Nein/Teilweise)", "Bemerkungen"]])
        sheet.merge_range("A4:D4", "Datenschutz")
        rows(sheet, [["1.1", "Setzen Sie Unterauftragsverarbeiter ein?"], ["1.2", "Werden Daten in Drittländer übermittelt?"]], 5)
        sheet.merge_range("A7:D7", "Technik")
        rows(sheet, [["2.1", "Gibt es ein Löschkonzept?", "Ja"]], 8)

    return Sample(
        "deutsch.xlsx",
        workbook(fill),
        keyed("Fragebogen", "B", (5, 6, 8)),
        "de",
        ("1.1", "1.2", "2.1"),
        ("Datenschutz", "Datenschutz", "Technik"),
        ("Ja", "Nein", "Teilweise"),
        ("C5", "C6", "C8"),
        ("D5", "D6", "D8"),
    )


def french() -> Sample:
    """Return French statements to confirm."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Exigences")
        rows(sheet, [["N°", "Exigence", "Conformité (Oui/Non/NA)", "Commentaires"], [None, "Sous-traitance"]])
        rows(sheet, [["E1", "Le prestataire tient à jour la liste de ses sous-traitants."]], 3)
        rows(sheet, [["E2", "Les données sont hébergées dans l'Union européenne."]], 4)

    return Sample(
        "francais.xlsx",
        workbook(fill),
        keyed("Exigences", "B", (3, 4)),
        "fr",
        ("E1", "E2"),
        ("Sous-traitance",) * 2,
        ("Oui", "Non", "NA"),
        ("C3", "C4"),
        ("D3", "D4"),
    )


def spanish() -> Sample:
    """Return Spanish questions whose dropdowns are literal lists."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Cuestionario")
        rows(
            sheet,
            [
                ["Nº", "Pregunta", "Respuesta", "Observaciones"],
                [1, "¿Utilizan subencargados del tratamiento?"],
                [2, "¿Dónde se alojan los datos?"],
            ],
        )
        sheet.data_validation("C2:C3", {"validate": "list", "source": ["Si", "No", "Parcial"]})

    return Sample(
        "espanol.xlsx",
        workbook(fill),
        keyed("Cuestionario", "B", (2, 3)),
        "es",
        ("1", "2"),
        ("", ""),
        ("Si", "No", "Parcial"),
        ("C2", "C3"),
        ("D2", "D3"),
    )


def formulas() -> Sample:
    """Return questions that are formulas with stored values, one without, and an answer cell that computes."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("Q")
        rows(sheet, [["Id", "Question", "Answer"], ["1"], ["2"], ["3", "Which vendors receive support requests?"]])
        sheet.write_formula("B2", '=CONCATENATE("Who hosts ","the service?")', None, "Who hosts the service?")
        sheet.write_formula("B3", "=Text!A1", None, "")
        sheet.write_formula("C4", "=1+1", None, "")

    return Sample("formulas.xlsx", workbook(fill), keyed("Q", "B", (2, 4)), references=("1", "3"), answers=("C2", None))


def bare() -> Sample:
    """Return questions without a header, an answer column or ids."""

    def fill(book: Workbook) -> None:
        rows(
            book.add_worksheet("Sheet1"),
            [
                ["Who are your sub-processors?"],
                ["Where do you store personal data?"],
                ["How long do you keep logs?"],
                ["Do you sell data?"],
            ],
        )

    return Sample("bare.xlsx", workbook(fill), keyed("Sheet1", "A", (1, 2, 3, 4)), answers=("B1", "B2", "B3", "B4"))


def several() -> Sample:
    """Return cells that hold several questions, their answers' codes in parallel, explained on another sheet."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("content")
        rows(sheet, [["assess", "ref", "name", "questions", "answer"]])
        rows(sheet, [[None, "P", "Privacy"]], 2)
        rows(sheet, [["x", "P.1", "Vendors", "Do you list your vendors?\nWhich of these do you publish?", "YN\nKINDS"]], 3)
        rows(sheet, [["x", "P.2", "Contact", "Name your data protection officer\n", "TEXT"]], 4)
        lists = book.add_worksheet("answers")
        rows(lists, [["id", "question_type", "question_choices", "question_choices[fr]"], ["YN", "unique_choice", "Yes\nNo", "Oui\nNon"]])
        rows(lists, [["KINDS", "multiple_choice", "Names\nCountries", "Noms\nPays"], ["TEXT", "text"]], 3)

    return Sample(
        "several.xlsx",
        workbook(fill),
        ("content!D3", "content!D3#2", "content!D4"),
        references=("P.1", "P.1", "P.2"),
        sections=("Vendors", "Vendors", "Contact"),
        vocabulary=("Yes", "No"),
        answers=("F3", "F3", "F4"),
    )


def merged() -> Sample:
    """Return two questions that share one merged answer cell, and one whose answer is merged across columns."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("M")
        rows(sheet, [["Question", "Answer", None], ["Who receives the data?"], ["Why do they receive it?"], ["Where are they?"]])
        sheet.merge_range("B2:B3", "")
        sheet.merge_range("B4:C4", "")

    return Sample("merged.xlsx", workbook(fill), keyed("M", "A", (2, 3, 4)), answers=("B2", "B2", "B4"))


def protected() -> Sample:
    """Return a protected sheet of which only the answers are open, in a workbook whose structure is locked."""

    def fill(book: Workbook) -> None:
        sheet = book.add_worksheet("P")
        rows(sheet, [["ID", "Question", "Answer", "Remarks"], ["1", "Which vendors host data?"], ["2", "Which countries are they in?"]])
        open_cell = book.add_format({"locked": False})
        sheet.write_blank("C2", None, open_cell)
        sheet.write_blank("C3", None, open_cell)
        sheet.protect()
        _lock(book)

    return Sample(
        "protected.xlsx", workbook(fill), keyed("P", "B", (2, 3)), references=("1", "2"), answers=("C2", "C3"), comments=(None, None)
    )


def _lock(book: Workbook) -> None:
    """Have a workbook's structure locked, which xlsxwriter has no call for."""
    book_views = book._write_book_views

    def locked() -> None:
        book._xml_empty_tag("workbookProtection", [("lockStructure", 1)])
        book_views()

    book._write_book_views = locked


WORKBOOKS = (matrix, repeated, tabs, german, french, spanish, formulas, bare, several, merged, protected)


def text(name: str, words: str, keys: Sequence[str], encoding: str = "utf-8", **more: object) -> Sample:
    """Return a sample of a text file."""
    return Sample(name, words.encode(encoding), tuple(keys), **more)


MARKDOWN = """# Supplier check

| No | Question | Yes | No | N/A | Remarks |
|---|:--|---|---|---|---|
| 1 | Do you use **sub-processors**? | [ ] | [ ] | [ ] | |
| 2 | Is data kept \\| stored in the EU? | [x] | [ ] | [ ] | fine |

## Datenschutz

1. Welche Daten verarbeiten Sie?
   Antwort:
2. Werden Daten in ein Drittland
   übermittelt?
   - [ ] Ja
   - [ ] Nein
- Wo werden die Daten gespeichert?

- [ ] We publish a list of all our vendors
- [x] A data protection officer has been named

```
Is this a question?
```
"""
NUMBERED = """## Instructions

- Provide contact details for follow-up questions
- Answer all of them

## Section 1: Vendor information

**Q1:** What is your company's name?
```
Name: ____ Which country?
```

**Q2:** Do you have a data protection officer?
- [ ] Yes
- [ ] No

If yes, select all that apply:
- [ ] Named to the authority in its own words
- [ ] Published

**Q3:** Describe the services you provide to us.

**Q4:** Which categories of personal data do you process?
- [ ] Names
- [ ] Logs
"""
VSAQ = """// A comment, and "quotes" in it
{
  "questionnaire": [
    { "type": "block", "text": "Privacy", "items": [ /* nested */
      { "type": "info", "text": "Tell us about <b>vendors</b>." },
      { "type": "radiogroup", "text": "<p>Do you publish" + " a list of your vendors?</p>",
        "choices": [{"list_yes": "Yes, we do."}, {"list_no": "No."}] },
      { "type": "checkgroup", "text": "Which data do they receive?", "choices": [{"d_logs": "Logs &amp; traces"}, {"d_mail": "E-mail"}] },
      { "type": "line", "id": "where", "text": "Where is the list?", "cond": "list_yes" },
      { "type": "box", "id": "why", "text": "Why is there none?", "cond": "list_no" },
      { "type": "yesno", "id": "told", "text": "Are customers told of changes?", "yes": "Yes", "no": "No" },
      { "type": "tip", "text": "That is a pity.", "warn": "yes", "id": "warn_list" },
      { "type": "upload", "id": "file", "text": "Attach the list" }
    ] }
  ]
}
"""
JSON = """{
  "title": "Check",
  "sections": [
    {"name": "Privacy", "questions": [
      {"id": "A1", "text": "Who receives data?", "answer": null, "comment": ""},
      {"id": "A2", "text": "Is there a list of vendors?", "options": ["Yes", "No"]},
      {"id": "A3", "text": "Are they audited?", "answer": "Every year"}
    ]}
  ],
  "free": {"Where is data stored?": ""}
}
"""
_QUOTED = 'id;frage;antwort;bemerkung\r\n"1";"Welche Daten\nverarbeiten Sie?";"";""\r\n"2";"Sagten Sie ""ja""?";"ja";""\r\n'
_CP1252 = (
    "N°;Exigence;Conformité (Oui/Non/Sans objet);Précisions\n"
    "1;Les données sont chiffrées au repos.;;\n2;Les sous-traitants sont déclarés au client.;;\n"
)
_ITEMS = "/questionnaire/0/items"

TEXTS = (
    text("quoted.csv", "\ufeff" + _QUOTED, ("B2", "B3"), language="de", references=("1", "2"), answers=("C2", "C3"), comments=("D2", "D3")),
    text(
        "old.csv",
        _CP1252,
        ("B2", "B3"),
        "cp1252",
        language="fr",
        vocabulary=("Oui", "Non", "Sans objet"),
        answers=("C2", "C3"),
        comments=("D2", "D3"),
    ),
    text("plain.csv", "Who are your vendors?\nWhere are they?\nWhat do they do?\n", ("A1", "A2", "A3"), answers=("B1", "B2", "B3")),
    text("tabs.tsv", "Preguntas\tRespuesta\n¿Qué datos tratan?\t\n", ("A2",), language="es", answers=("B2",)),
    text(
        "check.md",
        MARKDOWN,
        ("1!B2", "1!B3", "L10", "L12", "L16", "L18", "L19"),
        references=("1", "2", "", "", "", "", ""),
        sections=("Supplier check", "Supplier check", "Datenschutz", "Datenschutz", "Datenschutz", "Datenschutz", "Datenschutz"),
        vocabulary=("Yes", "No", "N/A"),
        answers=("C2:E2", "C3:E3", "L11", "L14:L15", "L16+", "L18", "L19"),
    ),
    text(
        "numbered.md",
        NUMBERED,
        ("L8", "L13", "L21", "L23"),
        references=("Q1", "Q2", "Q3", "Q4"),
        sections=("Section 1: Vendor information",) * 4,
        answers=("L8+", "L14:L15", "L21+", "L24:L25"),
    ),
    text(
        "check.json",
        JSON,
        ("/sections/0/questions/0", "/sections/0/questions/1", "/sections/0/questions/2", "/free/Where is data stored?"),
        references=("A1", "A2", "A3", ""),
        answers=(
            "/sections/0/questions/0/answer",
            "/sections/0/questions/1/answer",
            "/sections/0/questions/2/answer",
            "/free/Where is data stored?",
        ),
    ),
    text(
        "vsaq.json",
        VSAQ,
        tuple(f"{_ITEMS}/{number}" for number in (1, 2, 3, 4, 5, 7)),
        references=("", "", "where", "why", "told", "file"),
        sections=("Privacy",) * 6,
        vocabulary=("Yes, we do.", "No."),
        answers=(*(f"{_ITEMS}/{number}" for number in (1, 2, 3, 4, 5)), None),
    ),
)
