"""What is counted on a register's arrays is what the same filter gives in SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from registers import DAY, Tables, registers, some_rules, tiny, write

from popmap import counting, tables
from popmap.filters import FACETS, Facet, Filter, flow_where, row_where
from popmap.flow.counted import COMPANY_PREFIX, FACET_OF_LAYER, counted_cells, severity_bits
from popmap.flow.graph import NOT_STATED, OTHER
from popmap.flow.paths import flow_map
from popmap.flow.told import told
from popmap.flow_rows import page
from popmap.numbering import columns
from popmap.selected import Selection
from popmap.selection import rows_behind, select
from popmap.store import Store, open_store
from popmap.tables import Ask, fetch

COLUMNS = {
    "categories": ["category_id", "name", "data_subjects", "retention_period"],
    "vendors": ["vendor_id", "name", "company", "section", "role", "country", "agreement_url"],
    "flows": ["category_id", "vendor_id", "purpose", "data_use", "legal_basis", "condition", "locations", "transfer_mechanism", "notes"],
    "evidence": ["table", "row_id", "column", "status", "quote", "locator"],
    "aliases": ["kind", "alias", "id"],
}
MADE_UP = registers(COLUMNS, max_size=10)


def opened(folder: Path, content: Tables) -> Store:
    """Return a register's store with a few small rules."""
    return open_store(write(folder, content), some_rules, DAY)


def filters(store: Store) -> st.SearchStrategy[Filter]:
    """Return a strategy for filters of a register: some values of each facet, and a search."""

    def chosen(facet: Facet) -> st.SearchStrategy[tuple[str, ...]]:
        keys = sorted(store.known[facet.key])
        some = st.lists(st.sampled_from(keys), max_size=2, unique=True).map(tuple) if keys else st.just(())
        return st.one_of(st.just(()), st.just(()), some)

    texts = st.sampled_from(["", "", "", "a", "É", "%", "b", "send", " "])
    return st.builds(Filter, **{facet.field: chosen(facet) for facet in FACETS}, text=texts)


def in_sql(store: Store, asked: Filter, what: str, rest: str = "") -> list[tuple]:
    """Return a SELECT over the flows behind a filter."""
    where = flow_where(asked, store.known)
    return store.query(f"SELECT {what} FROM flows f {rest} WHERE {where.sql} ORDER BY 1", where.parameters)


@given(MADE_UP, st.data())
@settings(max_examples=12)
def test_arrays_select_what_sql_selects(tmp_path_factory: pytest.TempPathFactory, content: Tables, data: st.DataObject):
    """Flows, vendors and categories behind any filter are those the SQL of the same filter finds."""
    store = opened(tmp_path_factory.mktemp("selection"), content)
    of = columns(store)
    for _ in range(4):
        asked = data.draw(filters(store))
        behind = select(store, asked)
        numbers = of.row_no if behind.rows is None else of.row_no[behind.rows]
        assert numbers.tolist() == [row for (row,) in in_sql(store, asked, "f.row_no")], asked
        assert len(behind) == len(numbers) == counting.flow_count(store, asked)
        for table, ends, alias in (("vendors", of.vendors, "v"), ("categories", of.categories, "c")):
            where = row_where(asked, store.known, table)
            kind = "vendor" if alias == "v" else "category"
            rows = store.query(f"SELECT {alias}.{kind}_key FROM {kind}_facts {alias} WHERE {where.sql} ORDER BY 1", where.parameters)
            shown = [key for key, kept in zip(ends.keys[:-1], rows_behind(store, asked, table), strict=False) if kept]
            assert sorted(shown) == [key for (key,) in rows], (asked, table)
    store.close()


@given(MADE_UP, st.data())
@settings(max_examples=8)
def test_counts_are_those_of_the_rows(tmp_path_factory: pytest.TempPathFactory, content: Tables, data: st.DataObject):
    """Numbers, coverage and rule hits behind any filter are those counted from the rows the tables show."""
    store = opened(tmp_path_factory.mktemp("counts"), content)
    for _ in range(3):
        asked = data.draw(filters(store))
        flows = fetch(store, "flows", Ask(asked)).to_pylist()
        vendors, categories = (fetch(store, name, Ask(asked)).to_pylist() for name in ("vendors", "categories"))
        numbers = asdict(counting.numbers(store, asked))
        assert numbers["flows"] == len(flows)
        if asked:
            reached = {row["vendor_id"]: row for row in flows}
            expected = {
                "categories": len({row["category_id"] for row in flows}),
                "vendors": len(reached),
                "companies": len({row["company"] for row in reached.values()} - {None}),
                "sections": len({row["section"] for row in reached.values()} - {None}),
            }
        else:
            expected = {"categories": len(categories), "vendors": len(vendors)}
        assert {name: numbers[name] for name in expected} == expected, asked
        covered = counting.coverage(store, asked)
        assert covered["purpose"] == (sum(row["purpose"] is not None for row in flows), len(flows))
        assert covered["legal basis"] == (sum(row["legal_basis"] is not None for row in flows), len(flows))
        assert covered["processing country"] == (sum(row["locations"] is not None for row in flows), len(flows))
        assert covered["evidence"] == (sum(row["evidence_status"] != "none" for row in flows), len(flows))
        assert covered["role"] == (sum(row["role"] is not None for row in vendors), len(vendors))
        assert covered["head office"] == (sum(row["country"] is not None for row in vendors), len(vendors))
        assert covered["data processing agreement"] == (sum(row["agreement_url"] is not None for row in vendors), len(vendors))
        assert covered["retention period"] == (sum(row["retention_period"] is not None for row in categories), len(categories))
        found = Counter(row["code"] for row in fetch(store, "findings", Ask(asked)).to_pylist())
        assert {rule.code: rule.hits for rule in counting.rule_hits(store, asked)} == dict(found), asked
    store.close()


@given(MADE_UP, st.data())
@settings(max_examples=8)
def test_rows_kept_whole_are_those_asked_in_sql(tmp_path_factory: pytest.TempPathFactory, content: Tables, data: st.DataObject):
    """A page of a table is the same whether it is picked from the whole, put together from the arrays or asked in SQL."""
    store = opened(tmp_path_factory.mktemp("whole"), content)
    asked = data.draw(filters(store))
    limit, offset = data.draw(st.integers(1, 6)), data.draw(st.integers(0, 4))
    for name in ("flows", "vendors", "categories"):
        sort = data.draw(st.sampled_from(["", "", "flows" if name != "flows" else "purpose", "findings"]))
        ask = Ask(asked, sort=sort, descending=data.draw(st.booleans()), limit=limit, offset=offset)
        kept = fetch(store, name, ask)
        sql, values = tables._sql(store, tables.view(name), ask)
        assert kept.to_pylist() == store.arrow(sql, values).select(kept.column_names).to_pylist(), (name, ask)
        assert tables.count(store, name, ask) == len(fetch(store, name, Ask(asked)))
        if name == "flows" and not sort:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("popmap.selected._STRETCH", 2)
                chosen = page(store, Selection(*_parts(select(store, asked))).first(offset + limit)[offset:])
            rows = select(store, asked).rows
            assert select(store, asked).first(3).tolist() == (np.arange(len(columns(store).row_no)) if rows is None else rows)[:3].tolist()
            assert chosen.select(kept.column_names).to_pylist() == kept.to_pylist()
    store.close()


def _parts(selection: Selection) -> tuple:
    """Return what a selection is made of, for one that has looked at nothing yet."""
    return selection.of, selection.chosen, selection.within


@pytest.mark.parametrize(
    "asked", [Filter(), Filter(categories=("logs",)), Filter(legal_bases=("consent",)), Filter(sections=("marketing",))]
)
def test_counted_in_advance_or_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: Filter):
    """What is counted in advance, by pair and profile, is what counting flow by flow gives."""
    found = []
    for at, bins in enumerate((4_000_000, 0)):
        monkeypatch.setattr("popmap.columns._MOST_BINS", bins)
        store = opened(tmp_path / str(at), tiny())
        assert (columns(store).cube is None) == (bins == 0)
        behind = select(store, asked)
        found.append((behind.profiles.tolist(), behind.patterns.tolist(), counting.coverage(store, asked), len(behind)))
    assert found[0] == found[1]


def plain_paths(store: Store, asked: Filter, layers: list[str], top: int, by_company: bool, flags: int) -> tuple[list, dict]:
    """Return what counted_cells returns, counted flow by flow."""
    cell = {"category": "category_id", "vendor": "vendor_id", "country": "locations", "data_use": "data_use_key"}
    bits = dict(store.query("SELECT row_no, gaps FROM flows"))
    rows = [
        (
            [
                f"{COMPANY_PREFIX}{row['company']}" if by_company and layer == "vendor" and row["company"] else row[cell.get(layer, layer)]
                for layer in layers
            ],
            row,
        )
        for row in fetch(store, "flows", Ask(asked)).to_pylist()
    ]
    merged = {}
    for at, layer in enumerate(layers):
        totals = Counter(cells[at] for cells, _ in rows if cells[at] is not None)
        ranked = sorted(totals, key=lambda name: (-totals[name], name))
        kept = set(ranked if len(ranked) <= top + 1 else ranked[:top])
        for cells, _ in rows:
            cells[at] = NOT_STATED if cells[at] is None else cells[at] if cells[at] in kept else OTHER
        if len(ranked) > len(kept):
            merged[layer] = len(ranked) - len(kept)
    sums: dict[tuple, list[int]] = {}
    for cells, row in rows:
        total = sums.setdefault(tuple(cells), [0, 0, 0, row["row_no"]])
        total[0] += 1
        total[1] += row["evidence_status"] == "none"
        total[2] += bool(bits[row["row_no"]] & flags)
        total[3] = min(total[3], row["row_no"])
    return sorted((*names, *total) for names, total in sums.items()), merged


@given(MADE_UP, st.data())
@settings(max_examples=8)
@pytest.mark.parametrize("bins", [4_000_000, 0], ids=["bins", "sorted"])
def test_paths_are_counted(tmp_path_factory: pytest.TempPathFactory, bins: int, content: Tables, data: st.DataObject):
    """Each path's flows, evidence, findings and first row are right for any layers, most nodes and grouping, by either way to count."""
    store = opened(tmp_path_factory.mktemp("paths"), content)
    layers = data.draw(st.lists(st.sampled_from(sorted(FACET_OF_LAYER)), min_size=2, max_size=5, unique=True))
    asked, top, by_company = data.draw(filters(store)), data.draw(st.integers(1, 4)), data.draw(st.booleans())
    flags = severity_bits(store, data.draw(st.sampled_from(["error", "warning", "note"])))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("popmap.flow.counted._MOST_BINS", bins)
        patch.setattr("popmap.columns._MOST_BINS", bins)
        rows, merged = counted_cells(store, asked, layers, top, by_company, flags)
    assert (rows, merged) == plain_paths(store, asked, layers, top, by_company, flags)
    store.close()


def test_a_register_without_rows(tmp_path: Path):
    """Without flows, vendors and categories everything is counted as none, filtered or not."""
    store = opened(tmp_path, {"flows": [], "vendors": [], "categories": []})
    for asked in (Filter(), Filter(text="a")):
        assert counting.flow_count(store, asked) == 0
        assert set(asdict(counting.numbers(store, asked)).values()) == {0}
        assert set(counting.coverage(store, asked).values()) == {(0, 0)}
        assert fetch(store, "flows", Ask(asked)).num_rows == fetch(store, "vendors", Ask(asked, limit=5)).num_rows == 0
        assert counted_cells(store, asked, ["category", "vendor"], 5, False, 1) == ([], {})


def test_a_finding_about_a_row_that_was_dropped(tmp_path: Path):
    """A finding whose vendor is not in the register any more counts while nothing is asked of vendors, and not otherwise."""
    content = tiny()
    content["vendors"].append({"vendor_id": "sentry", "name": "Sentry again"})

    def rules(cursor: object, folder: Path) -> None:
        some_rules(cursor, folder)
        cursor.execute("INSERT INTO findings VALUES (3, 'vendors', 99, 'gone', NULL, NULL, NULL)")  # type: ignore[attr-defined]

    store = open_store(write(tmp_path, content), rules, date(2026, 1, 1))
    hits = {asked: {rule.code: rule.hits for rule in counting.rule_hits(store, asked)} for asked in (Filter(), Filter(vendors=("mailer",)))}
    assert hits[Filter()]["no-role"] == 3
    assert hits[Filter(vendors=("mailer",))]["no-role"] == 1


def test_more_values_than_one_byte_holds(tmp_path: Path):
    """Codes widen with the number of values: 300 vendors, each still found by its own key."""
    content = tiny()
    content["vendors"] = [{"vendor_id": f"v-{at}", "name": f"Vendor {at}"} for at in range(300)]
    content["flows"] = [{"category_id": "logs", "vendor_id": f"v-{at}", "purpose": "p"} for at in range(300)]
    store = opened(tmp_path, content)
    for at in (0, 255, 256, 299):
        (row,) = fetch(store, "flows", Ask(Filter(vendors=(f"v-{at}",)))).to_pylist()
        assert (row["vendor"], row["row_no"]) == (f"Vendor {at}", at + 2)


def test_what_was_told_is_told_again(tmp_path: Path):
    """Hover lines of flows met before are the same as when they were met first, also after many others."""
    store = opened(tmp_path, tiny())
    first = flow_map(store, Filter()).hover
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("popmap.flow.told._MOST_KEPT", 0)
        again = flow_map(store, Filter(text="a")).hover
        whole = flow_map(store, Filter(), top=50).hover
    assert first == whole
    assert set(again) <= set(first)
    assert told(store, ("section", "vendor"), [], {}) == {}
