"""One filter for everything popmap shows: as SQL with parameters, as URL keys, and in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

# In links and options, the value that stands for an empty cell. No slug of a register can collide with it: a row keyed
# so would be reported, and the reserved meaning wins.
NOT_STATED = "not-stated"
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Facet:
    """One thing to filter by.

    Attributes:
        field: Its field in Filter.
        key: Its key in the URL.
        label: What it is called, singular.
        plural: The same, plural.
        scope: Where its value stands: "flow" (a column of flows), "vendor" (of vendor_facts), "location" or "gap".
        column: The column's name there.
        blank: Whether the cell may be empty, which makes "not stated" one of the values.
    """

    field: str
    key: str
    label: str
    plural: str
    scope: str
    column: str
    blank: bool = True


FACETS: tuple[Facet, ...] = (
    Facet("categories", "category", "Category", "categories", "flow", "category_id", blank=False),
    Facet("vendors", "vendor", "Vendor", "vendors", "flow", "vendor_id", blank=False),
    Facet("sections", "section", "Section", "sections", "vendor", "section"),
    Facet("companies", "company", "Company", "companies", "vendor", "company"),
    Facet("purposes", "purpose", "Purpose", "purposes", "flow", "purpose"),
    Facet("data_uses", "use", "Data use", "data uses", "flow", "data_use"),
    Facet("legal_bases", "basis", "Legal basis", "legal bases", "flow", "legal_basis"),
    Facet("roles", "role", "Role", "roles", "vendor", "role"),
    Facet("countries", "country", "Processing country", "processing countries", "location", "countries"),
    Facet("transfers", "transfer", "Transfer", "transfer states", "flow", "transfer_state", blank=False),
    Facet("evidence", "evidence", "Evidence", "evidence states", "flow", "evidence_status", blank=False),
    Facet("gaps", "gap", "Gap", "gaps", "gap", "gaps", blank=False),
)
BY_KEY: dict[str, Facet] = {facet.key: facet for facet in FACETS}
TEXT_KEY = "q"


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet.

    Attributes:
        key: What links and options hold.
        label: What people read.
        cell: What stands in the database, None for not stated.
        flows: How many flows have it in the whole register.
    """

    key: str
    label: str
    cell: str | None
    flows: int


Known = Mapping[str, Mapping[str, Value]]
"""Each facet's values by facet key and value key, in the order to offer them."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked for; values of one field are alternatives, the fields together must all hold.

    Attributes:
        categories: Category keys. So for the other fields: value keys of the facet of that field, NOT_STATED among them.
        text: Words to find in names and purposes, regardless of case and accents.
    """

    categories: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    data_uses: tuple[str, ...] = ()
    legal_bases: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    transfers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    text: str = ""

    def chosen(self, facet: Facet) -> tuple[str, ...]:
        """Return the value keys chosen of a facet."""
        return getattr(self, facet.field)

    def having(self, facet: Facet, keys: Iterable[str]) -> Filter:
        """Return this filter with other values of one facet, duplicates removed."""
        chosen = tuple(dict.fromkeys(keys))
        return self if chosen == self.chosen(facet) else replace(self, **{facet.field: chosen})

    def __bool__(self) -> bool:
        """Return whether anything is asked for."""
        return self != _EVERYTHING


_EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Where:
    """A condition in SQL and its named parameters."""

    sql: str
    parameters: dict[str, str]


def from_query(query: Mapping[str, Sequence[str]], known: Known) -> tuple[Filter, list[tuple[Facet, str]]]:
    """Return the filter a URL's keys ask for, and the values that do not exist in this register and were dropped."""
    chosen, dropped = {}, []
    for facet in FACETS:
        if keys := query.get(facet.key, ()):
            values = known.get(facet.key, {})
            dropped += [(facet, key) for key in keys if key not in values]
            chosen[facet.field] = tuple(dict.fromkeys(key for key in keys if key in values))
    text = " ".join(" ".join(query.get(TEXT_KEY, ())).split())[:_LONGEST_TEXT].strip()
    return Filter(text=text, **chosen), dropped


def to_query(asked: Filter) -> dict[str, list[str]]:
    """Return the URL keys and values of a filter; `from_query` is its inverse."""
    query = {facet.key: list(asked.chosen(facet)) for facet in FACETS if asked.chosen(facet)}
    return query | ({TEXT_KEY: [asked.text]} if asked.text else {})


def flow_where(asked: Filter, known: Known, without: Facet | None = None) -> Where:
    """Return the condition on `flows f` of a filter.

    Args:
        asked: The filter.
        known: The register's facet values.
        without: A facet to leave out, for counting its values under the other filters.
    """
    conditions, parameters = [], {}
    for facet in FACETS:
        if facet is not without and asked.chosen(facet):
            sql, values = _condition(facet, asked.chosen(facet), known[facet.key])
            conditions.append(sql)
            parameters |= values
    if asked.text:
        conditions.append(
            "(f.category_id IN (SELECT category_id FROM category_facts WHERE contains(search, lower(strip_accents($q))))"
            " OR f.vendor_id IN (SELECT vendor_id FROM vendor_facts WHERE contains(search, lower(strip_accents($q))))"
            " OR f.purpose IN (SELECT purpose FROM purposes WHERE contains(search, lower(strip_accents($q)))))"
        )
        parameters["q"] = asked.text
    return Where(" AND ".join(conditions) or "true", parameters)


def row_where(asked: Filter, known: Known, table: str) -> Where:
    """Return the condition on `vendor_facts v` or `category_facts c` of a filter.

    A vendor or category without any flow is shown as long as nothing is asked of its flows.

    Args:
        asked: The filter.
        known: The register's facet values.
        table: "vendors" or "categories".
    """
    alias, key, own = (
        ("v", "vendor_id", ("vendor", "section", "company", "role")) if table == "vendors" else ("c", "category_id", ("category",))
    )
    conditions, parameters = [], {}
    rest = asked
    for name in own:
        facet = BY_KEY[name]
        if asked.chosen(facet):
            column = f"{alias}.{key.removesuffix('_id')}_key" if name in ("vendor", "category") else f"{alias}.{facet.column}"
            sql, values = _among(column, facet, asked.chosen(facet), known[facet.key])
            conditions.append(sql)
            parameters |= values
            rest = rest.having(facet, ())
    rest = rest.having(BY_KEY["gap"], ())
    # One and the same flow has to meet whatever is asked of flows.
    flows = flow_where(rest, known)
    parameters |= flows.parameters
    reached = f"{alias}.{key} IN (SELECT f.{key} FROM flows f WHERE {flows.sql})" if rest else "true"
    if asked.text and not replace(rest, text=""):
        reached = f"(contains({alias}.search, lower(strip_accents($q))) OR {reached})"
    if asked.gaps:
        names, values = _named(BY_KEY["gap"], asked.gaps, known["gap"])
        parameters |= values
        hit = f"{alias}.{key} IN (SELECT f.{key} FROM flows f WHERE (f.gaps & {_bits(names)}) <> 0 AND {flows.sql})"
        reached = f"((list_has_any({alias}.rules, {_rules(names)}) AND {reached}) OR {hit})"
    conditions.append(reached)
    return Where(" AND ".join(conditions) or "true", parameters)


def _condition(facet: Facet, keys: tuple[str, ...], values: Mapping[str, Value]) -> tuple[str, dict[str, str]]:
    if facet.scope == "flow":
        return _among(f"f.{facet.column}", facet, keys, values)
    if facet.scope == "vendor":
        sql, parameters = _among(facet.column, facet, keys, values)
        return f"f.vendor_id IN (SELECT vendor_id FROM vendor_facts WHERE {sql})", parameters
    names, parameters = _named(facet, keys, values)
    if facet.scope == "location":
        listed = f"[{', '.join(names)}]"
        alternatives = [f"f.locations IN (SELECT locations FROM location_sets WHERE list_has_any(countries, {listed}))"] if names else []
        if len(names) < len(keys):
            alternatives.append("f.locations IS NULL")
        return f"({' OR '.join(alternatives)})", parameters
    # A flow has a gap when it, its vendor or its category has the finding.
    of_vendor = f"SELECT vendor_id FROM vendor_facts WHERE list_has_any(rules, {_rules(names)})"
    of_category = f"SELECT category_id FROM category_facts WHERE list_has_any(rules, {_rules(names)})"
    return f"((f.gaps & {_bits(names)}) <> 0 OR f.vendor_id IN ({of_vendor}) OR f.category_id IN ({of_category}))", parameters


def _named(facet: Facet, keys: tuple[str, ...], values: Mapping[str, Value]) -> tuple[list[str], dict[str, str]]:
    """Return the placeholders and parameters of the stated values among keys."""
    parameters = {f"{facet.key}_{index}": str(values[key].cell) for index, key in enumerate(keys) if values[key].cell is not None}
    return [f"${name}" for name in parameters], parameters


def _rules(names: list[str]) -> str:
    return f"(SELECT list(rule_no) FROM rules WHERE code IN ({', '.join(names)}))"


def _bits(names: list[str]) -> str:
    return f"(SELECT coalesce(bit_or(1::UBIGINT << flow_bit), 0) FROM rules WHERE flow_bit IS NOT NULL AND code IN ({', '.join(names)}))"


def _among(column: str, facet: Facet, keys: tuple[str, ...], values: Mapping[str, Value]) -> tuple[str, dict[str, str]]:
    """Return the condition that a column holds one of the values, and its parameters."""
    names, parameters = _named(facet, keys, values)
    alternatives = [f"{column} IN ({', '.join(names)})"] if names else []
    if any(values[key].cell is None for key in keys):
        alternatives.append(f"{column} IS NULL")
    return (alternatives[0] if len(alternatives) == 1 else f"({' OR '.join(alternatives)})"), parameters


def to_english(asked: Filter, known: Known) -> str:
    """Return what a filter asks for, as one phrase without a full stop.

    For example "Logs to vendors in Marketing, on no stated legal basis".
    """

    def names(key: str) -> str:
        facet = BY_KEY[key]
        return _listed([known[key][value].label for value in asked.chosen(facet) if value != NOT_STATED])

    def blank(key: str) -> bool:
        return NOT_STATED in asked.chosen(BY_KEY[key])

    subject = names("category") or "Every category"
    target = names("vendor") or ("vendors" if any(asked.chosen(BY_KEY[key]) for key in ("section", "company", "role")) else "every vendor")
    phrases = [f"{subject} to {target}"]
    for key, stated, unstated in _VENDOR_PHRASES:
        alternatives = [stated.format(names(key))] if names(key) else []
        alternatives += [unstated] if blank(key) else []
        if alternatives:
            phrases[0] += " " + " or ".join(alternatives)
    for key, stated, unstated in _FLOW_PHRASES:
        alternatives = [stated.format(names(key))] if names(key) else []
        alternatives += [unstated] if blank(key) else []
        if alternatives:
            phrases.append(" or ".join(alternatives))
    if asked.text:
        phrases.append(f"mentioning “{asked.text}”")
    return ", ".join(phrases)


_VENDOR_PHRASES = (
    ("section", "in {}", "under no stated section"),
    ("company", "of {}", "of no stated company"),
    ("role", "acting as {}", "in no stated role"),
)
_FLOW_PHRASES = (
    ("purpose", "for the purpose “{}”", "for no stated purpose"),
    ("use", "for the data use {}", "for no stated data use"),
    ("basis", "on {}", "on no stated legal basis"),
    ("country", "processed in {}", "in no stated country"),
    ("transfer", "with transfer state {}", ""),
    ("evidence", "with evidence {}", ""),
    ("gap", "with the gap {}", ""),
)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}" if names else ""
