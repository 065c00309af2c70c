"""What documents are made of: the register's rows behind a filter, without its internal columns, read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from popmap import tables
from popmap.exports.about import About, about
from popmap.filters import Filter
from popmap.register.settings import Settings
from popmap.renderings.words import Row, items, marked
from popmap.store import Store


@dataclass(frozen=True, slots=True)
class Country:
    """A country of the reference tables.

    Attributes:
        name: Its ISO short name.
        third: Whether it is a third country, one outside the European Economic Area.
    """

    name: str
    third: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows a document is made of.

    Attributes:
        settings: What register.toml says.
        made_at: The time to state, in UTC, to the second.
        about: What the document is from; `source` gives it a title.
        filtered: The filter in English, "" for the whole register.
        activities: Processing activities that concern the categories behind the filter.
        vendors: Vendors behind the filter, those among them that only flows name.
        categories: Categories behind the filter.
        flows: Flows behind the filter.
        by_vendor: The same, by their vendor's key.
        by_category: The same, by their category's key.
        all_categories: Every category by its key.
        all_vendors: Every vendor by its key.
        all_activities: Every activity, for telling which flows belong to none.
        countries: Countries by their ISO code.
        subject_keys: fideslang's keys of categories of data subjects.
    """

    settings: Settings
    made_at: datetime
    about: About
    filtered: str
    activities: tuple[Row, ...]
    vendors: tuple[Row, ...]
    categories: tuple[Row, ...]
    flows: tuple[Row, ...]
    by_vendor: Mapping[str, tuple[Row, ...]]
    by_category: Mapping[str, tuple[Row, ...]]
    all_categories: Mapping[str, Row]
    all_vendors: Mapping[str, Row]
    all_activities: tuple[Row, ...]
    countries: Mapping[str, Country]
    subject_keys: frozenset[str]

    def source(self, title: str) -> About:
        """Return what a document of that title is from."""
        return replace(self.about, table=title)

    def vendor_name(self, key: str) -> str:
        """Return a vendor's name, its key where no row has it."""
        row = self.all_vendors.get(key)
        return key if row is None else marked(row["name"], row, "name")

    def category_name(self, key: str) -> str:
        """Return a category's name, its key where no row has it."""
        row = self.all_categories.get(key)
        return key if row is None else marked(row["name"], row, "name")

    def country_name(self, code: str) -> str:
        """Return a country's name, its code where it is none of ISO's."""
        return self.countries[code].name if code in self.countries else code

    def is_third(self, code: str) -> bool:
        """Return whether a country is outside the European Economic Area."""
        return code in self.countries and self.countries[code].third

    def places(self, flow: Row) -> list[str]:
        """Return the names of a flow's processing countries."""
        return [self.country_name(code) for code in items(flow, "locations")]


def gather(store: Store, made_at: datetime, asked: Filter) -> Facts:
    """Return the rows behind a filter.

    Args:
        store: The register.
        made_at: The time to state, with its time zone.
        asked: The filter; see `tables.fetch` for what it means for each table.
    """

    def rows(name: str, chosen: Filter = asked) -> tuple[Row, ...]:
        return tuple(tables.fetch(store, name, tables.Ask(chosen), internal=False).to_pylist())

    everything, flows = Filter(), rows("flows")
    source = about(store, "", tables.Ask(asked), made_at)
    return Facts(
        store.settings,
        made_at.astimezone(UTC).replace(microsecond=0),
        source,
        source.filter if asked else "",
        rows("activities"),
        rows("vendors"),
        rows("categories"),
        flows,
        _grouped(flows, "vendor_id"),
        _grouped(flows, "category_id"),
        {row["category_id"]: row for row in rows("categories", everything)},
        {row["vendor_id"]: row for row in rows("vendors", everything)},
        rows("activities", everything),
        {code: Country(name, eea == "no") for code, name, eea in store.query("SELECT country, name, eea FROM countries")},
        frozenset(key for (key,) in store.query("SELECT key FROM data_subjects")),
    )


def _grouped(flows: tuple[Row, ...], column: str) -> Mapping[str, tuple[Row, ...]]:
    groups: dict[str, list[Row]] = {}
    for flow in flows:
        groups.setdefault(flow[column], []).append(flow)
    return {key: tuple(group) for key, group in groups.items()}
