"""Vendors and their flows as rows, each once its questions are answered."""

from __future__ import annotations

from dataclasses import replace

from popmap.importing import category_rows, naming, questions, splitting, suggesting
from popmap.importing.category_records import described
from popmap.importing.draft import inferred
from popmap.importing.model import Record, Status, Value
from popmap.importing.state import State, add_alias
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
    "status",
    "added_on",
    "removed_on",
)


def split(record: Record, state: State) -> list[tuple[Value, Record]]:
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
            category_rows.ask_category(one, state)
        return []
    cell = names[0].quote
    if answer == "one":
        return [(replace(names[0], text=" ".join(cell.split())), replace(record, fields={**record.fields, "name": names[:1]}))]
    if answer == "entity":
        legal = next(one for one in names if splitting.has_form(one.text))
        about = {
            "published_as": (Value(" ".join(cell.split()), cell, legal.locator),),
            "legal_name": (replace(legal, status=Status.INFERRED),),
        }
        return [(names[0], replace(record, fields={**record.fields, **about, "name": names[:1]}))]
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


def vendor(name: Value, record: Record, state: State) -> None:
    """Make a vendor's row and those of its flows; nothing while a person must say which vendor it is."""
    key = _vendor_key(name, state, record.text("key"))
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
        about.setdefault("notes", SEVERAL if len(naming.names(short.quote).names) == 2 else SEVERAL_MORE)
        if short.text != name.text:
            add_alias("vendor", replace(short, quote=short.quote), key, state)
    _flows(name, key, record, state)


def _vendor_key(name: Value, state: State, stated: str = "") -> str:
    """Return a vendor's key, the stated one for a new vendor; "" while a person must say whether the register has it by another name."""
    key = state.vendors.find(name.text)
    if key:
        if fold(state.vendors.names.get(key, name.text)) != fold(name.text):
            add_alias("vendor", name, key, state)
        return key
    likely = state.vendors.like(name.text, state.known.vendors) if state.known.vendors else ()
    if likely:
        answer = state.ask(questions.vendor(name, likely, state.answers))
        if not answer:
            return ""
        if answer.startswith("same:"):
            add_alias("vendor", name, answer.removeprefix("same:"), state)
            return answer.removeprefix("same:")
    core = splitting.core(name.text)
    other = state.cores.get(core)
    if other and fold(other[0]) != fold(name.text):
        answer = state.ask(questions.same(name, *other, state.answers))
        if answer.startswith("same:"):
            add_alias("vendor", name, other[1], state)
            return other[1]
    key = state.draft.key_for("vendors", stated or name.text, state.known.vendors)
    state.vendors.add(name.text, key)
    state.cores.setdefault(core, (name.text, key))
    return key


def _flows(name: Value, vendor: str, record: Record, state: State) -> None:
    if "no_data" in record.fields:
        return
    purpose = record.text("purpose")
    for value, category in _flow_categories(record, state):
        key = (category, vendor, purpose)
        put = state.draft.put
        status = value.status
        put("flows", key, "category_id", Value(category, value.quote, value.locator, status))
        put("flows", key, "vendor_id", Value(vendor, name.quote, name.locator))
        if stated := record.one("purpose"):
            put("flows", key, "purpose", stated, record.row)
        if use := record.one("data_use"):
            put("flows", key, "data_use", use)
        elif stated and (use := suggesting.data_use(purpose)):
            put("flows", key, "data_use", inferred(stated, use), purpose)
        for column in _FLOW_COLUMNS:
            for one in record.fields.get(column, ()):
                put("flows", key, column, one)
        for one in record.fields.get("remarks", ()):
            put("flows", key, "notes", one)
        if value.rule == "alias":
            put_note = f"Published as '{value.text}', taken for the declared '{state.categories.names[category]}' (aliases.csv)."
            state.draft.row("flows", key).setdefault("notes", put_note)


def _flow_categories(record: Record, state: State) -> list[tuple[Value, str]]:
    """Return the categories a record names, each with its key; those that hang on an open question are left out."""
    if "categories" in record.fields:
        found = []
        for one in record.fields["categories"]:
            if key := category_rows.category_key(one, state):
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
            key = state.draft.key_for("categories", UNSPECIFIED, state.known.categories)
            state.categories.add(UNSPECIFIED, key)
            state.draft.put("categories", (key,), "name", value)
            state.draft.row("categories", (key,))["notes"] = "Stands for categories that the source does not name."
        return [(value, key)]
    return [(value, answer.removeprefix("same:"))] if answer.startswith("same:") else []
