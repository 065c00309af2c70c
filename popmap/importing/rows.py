"""From records and answers to candidate rows of a register, and the questions that are left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from popmap.importing import questions, splitting, suggesting
from popmap.importing.draft import Draft, inferred
from popmap.importing.fideslang import TAXONOMY
from popmap.importing.model import Kind, Known, Question, Record, Rows, Status, Value
from popmap.importing.records import described
from popmap.importing.resolving import Names
from popmap.importing.words import fold

SEVERAL = "Published as one row with another vendor; one row here for each of the two."
SEVERAL_MORE = "Published as one row with other vendors; one row here for each of them."
UNSPECIFIED = "Personal data, not specified"
_FLOW_COLUMNS = ("legal_basis", "condition", "locations", "transfer_mechanism", "retention_period")
_VENDOR_COLUMNS = (
    "legal_name",
    "company",
    "section",
    "role",
    "country",
    "website",
    "agreement_url",
    "subprocessors_url",
    "certifications",
    "added_on",
)
_ACTIVITY_COLUMNS = ("legal_basis", "legitimate_interest")
_LATE_COLUMNS = ("data_subjects", "retention_period", "measures", "source_of_data")


@dataclass(slots=True)
class _State:
    """What grows while records become rows."""

    known: Known
    answers: Mapping[str, str]
    draft: Draft
    vendors: Names
    categories: Names
    declared: bool
    asked: dict[str, Question] = field(default_factory=dict)
    cores: dict[str, tuple[str, str]] = field(default_factory=dict)
    unsure: list[Value] = field(default_factory=list)

    def ask(self, question: Question) -> str:
        """Take a question and return its answer, "" while it is open."""
        return self.asked.setdefault(question.id, question).answer


def build(records: Sequence[Record], known: Known, answers: Mapping[str, str], source: str) -> tuple[Rows, tuple[Question, ...]]:
    """Return the rows that follow from records and answers, and all questions.

    Args:
        records: The records, in the list's order.
        known: What the register knows.
        answers: Options by question id.
        source: The source's id for the evidence.

    Returns:
        Rows of which none hangs on an open question; the questions, answered ones too.
    """
    declared = any(one.kind is Kind.CATEGORY for one in records)
    state = _State(known, answers, Draft(source), Names.of("vendor", known), Names.of("category", known), declared)
    for record in records:
        if record.kind is Kind.CATEGORY:
            _category(record, state)
    for record in records:
        if record.kind is Kind.VENDOR and _system(record, state):
            for name, part in _split(record, state):
                _vendor(name, part, state)
    for record in records:
        if record.kind is Kind.ACTIVITY:
            _activity(record, state)
    return state.draft.finished(), tuple(state.asked.values())


def _system(record: Record, state: _State) -> bool:
    """Return whether a record is a vendor's; a system may be the organisation's own, and then is an activity."""
    name = record.one("system")
    if not name:
        return True
    answer = state.ask(questions.systems(replace(name, text="", quote=name.quote), state.answers))
    if answer == "own":
        text = record.text("purpose")
        fields = {**record.fields, "name": (replace(name, text=f"{name.text}: {text}" if text else name.text),)}
        _activity(replace(record, kind=Kind.ACTIVITY, fields=fields), state)
    return answer == "vendors"


def _category(record: Record, state: _State) -> None:
    """Make the row of a declared category, and of the activity its purpose states."""
    name = record.fields["name"][0]
    key = _declared(name, state)
    if not key:
        return
    for column in ("description", "data_subjects", "retention_period"):
        for one in record.fields.get(column, ()):
            state.draft.put("categories", (key,), column, one)
    _keys(key, record.one("description") or name, state)
    if record.one("purpose"):
        _make_activity(record, state, [(key, name)])


def _declared(name: Value, state: _State) -> str:
    """Return the key of a category the list declares, its row begun; "" while a person must say which it is."""
    key = state.categories.find(name.text)
    if (
        not key
        and state.known.categories
        and (likely := [one for one in state.categories.like(name.text) if one.id in state.known.categories and one.close])
    ):
        answer = state.ask(questions.category(name, likely, "in the register", state.answers))
        if answer in {"", "leave"}:
            return ""
        key = answer.removeprefix("same:") if answer.startswith("same:") else ""
        if key:
            _alias("category", name, key, state)
            return key
    if not key:
        key = state.draft.key_for("categories", name.text, tuple(state.known.categories))
        state.categories.add(name.text, key)
    state.draft.put("categories", (key,), "name", name, text=state.known.categories.get(key, name.text))
    return key


def _keys(key: str, value: Value, state: _State) -> None:
    """Suggest the taxonomy's keys for a category, as inferred."""
    for one in suggesting.taxonomy_keys(value.text):
        state.draft.put("categories", (key,), "taxonomy_keys", inferred(value, one))


def _alias(kind: str, name: Value, key: str, state: _State, quote: str = "") -> None:
    names = state.vendors if kind == "vendor" else state.categories
    state.draft.put("aliases", (kind, name.text), "id", inferred(name, key), quote)
    names.add(name.text, key)


def _split(record: Record, state: _State) -> list[tuple[Value, Record]]:
    """Return a record's vendors, each with the record that is its own; [] while a person must say which they are."""
    names = record.fields["name"]
    if len(names) == 1:
        return [(names[0], record)]
    question = questions.split(record, state.answers, state.vendors.ids)
    answer = state.ask(question)
    option = next((one for one in question.options if one.key == answer), None)
    if not option:
        # What else this row leaves open is asked at once, not only when the row is decided.
        for one in record.fields.get("categories", ()):
            _category_asked(one, state)
        return []
    cell = names[0].quote
    if answer == "one":
        return [(replace(names[0], text=" ".join(cell.split())), replace(record, fields={**record.fields, "name": names[:1]}))]
    made = []
    for short, full in zip(names, option.names, strict=True):
        said = full in cell
        name = Value(full, full if said else cell, short.locator, Status.STATED if said else Status.INFERRED)
        fields = {
            **record.fields,
            "name": (name,),
            "published_as": (Value(" ".join(cell.split()), cell, short.locator),),
            "split": (short,),
        }
        if option.condition:
            fields["condition"] = (*record.fields.get("condition", ()), Value(option.condition, cell, short.locator, Status.INFERRED))
        made.append((name, replace(record, fields=fields)))
    return made


def _vendor(name: Value, record: Record, state: _State) -> None:
    key = _vendor_key(name, state)
    if not key:
        return
    row = (key,)
    state.draft.put("vendors", row, "name", name, text=state.vendors.names.get(key, name.text))
    if published := record.one("published_as"):
        state.draft.put("vendors", row, "published_as", published)
    company, says = suggesting.company(name.text)
    fields = dict(record.fields)
    if company:
        says = says and name.status is Status.STATED
        words = company if says and company in name.quote else name.quote
        fields["company"] = (Value(company, words, name.locator, Status.STATED if says else Status.INFERRED),)
    for column in _VENDOR_COLUMNS:
        for one in fields.get(column, ()):
            state.draft.put("vendors", row, column, one)
    for one in fields.get("about", ()):
        state.draft.put("vendors", row, "notes", one)
    if short := record.one("split"):
        about = state.draft.row("vendors", row)
        about.setdefault("notes", SEVERAL if len(splitting.names(short.quote).names) == 2 else SEVERAL_MORE)
        if short.text != name.text:
            _alias("vendor", replace(short, quote=short.quote), key, state)
    _flows(name, key, record, state)


def _vendor_key(name: Value, state: _State) -> str:
    """Return a vendor's key, "" while a person must say whether the register has it under another name."""
    key = state.vendors.find(name.text)
    if key:
        if fold(state.vendors.names.get(key, name.text)) != fold(name.text):
            _alias("vendor", name, key, state)
        return key
    likely = [one for one in state.vendors.like(name.text) if one.id in state.known.vendors] if state.known.vendors else []
    if likely:
        answer = state.ask(questions.vendor(name, likely, state.answers))
        if not answer:
            return ""
        if answer.startswith("same:"):
            _alias("vendor", name, answer.removeprefix("same:"), state)
            return answer.removeprefix("same:")
    core = splitting.core(name.text)
    other = state.cores.get(core)
    if other and fold(other[0]) != fold(name.text):
        answer = state.ask(questions.same(name, *other, state.answers))
        if answer.startswith("same:"):
            _alias("vendor", name, other[1], state)
            return other[1]
    key = state.draft.key_for("vendors", name.text, tuple(state.known.vendors))
    state.vendors.add(name.text, key)
    state.cores.setdefault(core, (name.text, key))
    return key


def _flows(name: Value, vendor: str, record: Record, state: _State) -> None:
    if "no_data" in record.fields:
        return
    purpose = record.text("purpose")
    for value, category in _flow_categories(name, record, state):
        key = (category, vendor, purpose)
        put = state.draft.put
        status = value.status
        put("flows", key, "category_id", Value(category, value.quote, value.locator, status))
        put("flows", key, "vendor_id", Value(vendor, name.quote, name.locator))
        if stated := record.one("purpose"):
            put("flows", key, "purpose", stated, record.row)
            if use := record.one("data_use"):
                put("flows", key, "data_use", use)
            elif use := suggesting.data_use(purpose):
                put("flows", key, "data_use", inferred(stated, use), purpose)
        for column in _FLOW_COLUMNS:
            for one in record.fields.get(column, ()):
                put("flows", key, column, one)
        for one in record.fields.get("remarks", ()):
            put("flows", key, "notes", one)
        if value.rule == "alias":
            put_note = f"Published as '{value.text}', taken for the declared '{state.categories.names[category]}' (aliases.csv)."
            state.draft.row("flows", key).setdefault("notes", put_note)


def _flow_categories(name: Value, record: Record, state: _State) -> list[tuple[Value, str]]:
    """Return the categories a record names, each with its key; those that hang on an open question are left out."""
    if "categories" in record.fields:
        found = []
        for one in record.fields["categories"]:
            if key := _category_key(one, state):
                alias = fold(state.categories.names.get(key, "")) not in {fold(one.text), fold(described(one.text)[0])}
                found.append((replace(one, status=Status.INFERRED, rule="alias") if alias else one, key))
        return found
    if not any(
        record.fields.get(column) for column in ("purpose", "locations", "condition", "transfer_mechanism", "legal_basis", "remarks")
    ):
        return []
    answer = state.ask(questions.unspecified(Value("", record.row, record.locator), state.categories.names, state.answers))
    value = Value(UNSPECIFIED, record.row, record.locator, Status.INFERRED)
    if answer == questions.UNSPECIFIED:
        key = state.categories.find(UNSPECIFIED)
        if not key:
            key = state.draft.key_for("categories", UNSPECIFIED, tuple(state.known.categories))
            state.categories.add(UNSPECIFIED, key)
            state.draft.put("categories", (key,), "name", value)
            state.draft.row("categories", (key,))["notes"] = "Stands for categories that the source does not name."
        return [(value, key)]
    return [(value, answer.removeprefix("same:"))] if answer.startswith("same:") else []


def _category_key(value: Value, state: _State) -> str:
    """Return the key of a category named for a vendor, its row made when it is new; "" when it is left out or not decided."""
    name, description = described(value.text)
    if value.rule == TAXONOMY:
        name = state.known.taxonomy.get(value.text, value.text)
    short = replace(value, text=name)
    key = state.categories.find(value.text) or state.categories.find(name)
    if key:
        called = state.categories.names.get(key, name)
        if fold(called) not in {fold(value.text), fold(name)}:
            _alias("category", short, key, state)
        elif (key,) not in state.draft.rows["categories"]:
            _new_category(key, called, value, description, state)
        return key
    if state.declared or state.known.categories:
        answer = _category_asked(value, state)
        if answer in {"", "leave"}:
            return ""
        if answer.startswith("same:"):
            _alias("category", short, answer.removeprefix("same:"), state)
            return answer.removeprefix("same:")
    key = state.draft.key_for("categories", name, tuple(state.known.categories))
    state.categories.add(name, key)
    _new_category(key, name, value, description, state)
    return key


def _new_category(key: str, name: str, value: Value, description: str, state: _State) -> None:
    """Make the row of a category that is named for a vendor and not declared."""
    state.draft.put("categories", (key,), "name", value, quote=name if name in value.quote else value.quote, text=name)
    if description:
        state.draft.put("categories", (key,), "description", value, text=description)
    if value.rule == TAXONOMY:
        state.draft.put("categories", (key,), "taxonomy_keys", value)
        return
    _keys(key, replace(value, text=description or name, quote=description or name), state)
    if state.declared:
        row = state.draft.row("categories", (key,))
        row["notes"] = f"Named in the vendor table ({value.locator}), not declared in the category table."
        keys = row.get("taxonomy_keys", "")
        if keys and not any(one.startswith("user") for one in keys.split(";")):
            row["notes"] += " The page does not say whether it is personal data; by its name it is not."


def _category_asked(value: Value, state: _State) -> str:
    """Ask what an undeclared category is, and return the answer, "" while it is open or nothing is to be asked."""
    name, _ = described(value.text)
    if state.categories.find(value.text) or state.categories.find(name) or not (state.declared or state.known.categories):
        return ""
    likely = state.categories.like(name)
    return state.ask(questions.category(replace(value, text=name), likely, questions.place(state.known, state.declared), state.answers))


def _activity(record: Record, state: _State) -> None:
    pairs = [(key, one) for one in record.fields.get("categories", ()) if (key := _category_key(one, state))]
    _make_activity(record, state, pairs)


def _make_activity(record: Record, state: _State, categories: Sequence[tuple[str, Value]]) -> None:
    purpose = record.one("purpose")
    stated = record.one("name") if record.kind is Kind.ACTIVITY else None
    name = stated or (purpose and inferred(purpose, title(purpose.text)))
    if not name:
        return
    key = (state.draft.key_for("activities", name.text),)
    put = state.draft.put
    put("activities", key, "name", name)
    if purpose:
        put("activities", key, "purpose", purpose)
    for column in _ACTIVITY_COLUMNS:
        for one in record.fields.get(column, ()):
            put("activities", key, column, one)
    for category, one in categories:
        put("activities", key, "category_ids", one, text=category)
    for vendor, one in ((state.vendors.find(one.text), one) for one in record.fields.get("vendors", ())):
        put("activities", key, "vendor_ids", one, text=vendor)
    for column in (*_LATE_COLUMNS, "impact_assessment"):
        for one in record.fields.get(column, ()):
            put("activities", key, column, one)
    for one in record.fields.get("remarks", ()):
        put("activities", key, "notes", one)


def title(purpose: str) -> str:
    """Return a name for an activity from its purpose: without the leading "To", with a capital."""
    bare = purpose.split("\n", maxsplit=1)[0].strip().rstrip(".")
    for lead in ("To ", "For ", "Pour ", "Zur ", "Zum ", "Para "):
        bare = bare.removeprefix(lead)
    if len(bare) > 100:
        bare = bare[:100].rsplit(" ", 1)[0] + "…"
    return bare[:1].upper() + bare[1:]
