"""Categories of data as rows: those a list declares, and those it names for a vendor."""

from __future__ import annotations

from dataclasses import replace

from popmap.importing import activity_rows, questions, suggesting
from popmap.importing.category_records import described
from popmap.importing.draft import inferred
from popmap.importing.fideslang import TAXONOMY
from popmap.importing.model import Record, Value
from popmap.importing.state import State, add_alias
from popmap.importing.words import fold

# The rule of a value that is a name and nothing else, whatever brackets stand in it.
WHOLE = "whole"


def category(record: Record, state: State) -> None:
    """Make the row of a declared category, and of the activity its purpose states."""
    name = record.fields["name"][0]
    key = _declared(name, state)
    if not key:
        return
    for column in ("description", "data_subjects", "retention_period", "special_category", "taxonomy_keys"):
        for one in record.fields.get(column, ()):
            state.draft.put("categories", (key,), column, one)
    if "taxonomy_keys" not in record.fields:
        _keys(key, record.one("description") or name, state)
    if record.one("purpose"):
        activity_rows.make_activity(record, state, [(key, name)])


def _declared(name: Value, state: State) -> str:
    """Return the key of a category the list declares, its row begun; "" while a person must say which it is."""
    key = state.categories.find(name.text)
    if (
        not key
        and state.known.categories
        and (likely := [one for one in state.categories.like(name.text, state.known.categories) if one.close])
    ):
        answer = state.ask(questions.category(name, likely, "in the register", state.answers))
        if answer in {"", "leave"}:
            return ""
        key = answer.removeprefix("same:") if answer.startswith("same:") else ""
        if key:
            add_alias("category", name, key, state)
            return key
    if not key:
        key = state.draft.key_for("categories", name.text, state.known.categories)
        state.categories.add(name.text, key)
    state.draft.put("categories", (key,), "name", name, text=state.known.categories.get(key, name.text))
    return key


def _keys(key: str, value: Value, state: State) -> None:
    """Suggest the taxonomy's keys for a category, as inferred."""
    for one in suggesting.taxonomy_keys(value.text):
        state.draft.put("categories", (key,), "taxonomy_keys", inferred(value, one))


def category_key(value: Value, state: State) -> str:
    """Return the key of a category named for a vendor, its row made when it is new; "" when it is left out or not decided."""
    name, description = _described(value)
    if value.rule == TAXONOMY:
        name = state.known.taxonomy.get(value.text, value.text)
    short = replace(value, text=name)
    key = state.categories.find(value.text) or state.categories.find(name)
    if key:
        called = state.categories.names.get(key, name)
        if fold(called) not in {fold(value.text), fold(name)}:
            add_alias("category", short, key, state)
        elif (key,) not in state.draft.rows["categories"]:
            _new_category(key, called, value, description, state)
        return key
    if state.declared or state.known.categories:
        answer = ask_category(value, state)
        if answer in {"", "leave"}:
            return ""
        if answer.startswith("same:"):
            add_alias("category", short, answer.removeprefix("same:"), state)
            return answer.removeprefix("same:")
    key = state.draft.key_for("categories", name, state.known.categories)
    state.categories.add(name, key)
    _new_category(key, name, value, description, state)
    return key


def _described(value: Value) -> tuple[str, str]:
    """Return a category's name and what it covers; a name that its source gives as a whole is taken as it stands."""
    return (value.text, "") if value.rule == WHOLE else described(value.text)


def _new_category(key: str, name: str, value: Value, description: str, state: State) -> None:
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


def ask_category(value: Value, state: State) -> str:
    """Ask what an undeclared category is, and return the answer, "" while it is open or nothing is to be asked."""
    name, _ = _described(value)
    if state.categories.find(value.text) or state.categories.find(name) or not (state.declared or state.known.categories):
        return ""
    likely = state.categories.like(name)
    return state.ask(questions.category(replace(value, text=name), likely, questions.place(state.known, state.declared), state.answers))
