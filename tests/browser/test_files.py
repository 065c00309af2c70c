"""Every file the pages offer can be taken, opens as what it says it is, and holds what is shown."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook
from visit import Visits

from popmap.exports.files import FORMATS, GRAPH_FORMATS


def rows_of(path: Path) -> list[list]:
    """Return a table's rows without its heading, whatever its format."""
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))[1:]
    if path.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(str(path))
        assert any("about" in name.lower() for name in book.sheet_names)
        return book.get_sheet_by_index(0).to_python()[1:]
    if path.suffix == ".json":
        return [list(row.values()) for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]
    table = pq.read_table(path)
    return [list(row.values()) for row in table.to_pylist()]


@pytest.mark.parametrize(("page", "panel", "count", "first"), [
    ("data_map?category=logs", "download_flows", 8, "Logs"),
    ("vendors?section=marketing", "download_vendors", 5, "Brevo"),
    ("categories", "download_categories", 7, "Identification data"),
    ("gaps", "download_all_findings", 168, "error"),
])  # fmt: skip
def test_tables(visit: Visits, tmp_path: Path, page: str, panel: str, count: int, first: str):
    """A table's CSV, Excel, JSON and Parquet hold the rows behind the filter, all pages of them, in the order shown."""
    reader = visit(page)
    opened = reader.panel(panel)
    for form in FORMATS.values():
        path = reader.download(opened, form.label, tmp_path)
        assert path.suffix == f".{form.extension}"
        rows = rows_of(path)
        assert len(rows) == count and rows[0][0] == first, form.name


def test_graph(visit: Visits, tmp_path: Path):
    """The map's picture and its graph in each format open and hold the nodes shown."""
    reader = visit("data_map?category=logs")
    opened = reader.panel("download_graph")
    paths = {name: reader.download(opened, form.label, tmp_path) for name, form in GRAPH_FORMATS.items()}
    texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
    assert all("Sentry" in text and "Logs" in text and "Stripe" not in text for text in texts.values())
    assert ET.fromstring(texts["svg"]).tag.endswith("svg")
    assert nx.read_graphml(paths["graphml"]).number_of_nodes() == 9 == nx.read_gexf(paths["gexf"]).number_of_nodes()
    assert len(json.loads(texts["cytoscape"])["elements"]["nodes"]) == 9
    assert texts["sankeymatic"].count("Logs [") == 8


def test_chosen_columns(visit: Visits, tmp_path: Path):
    """A file has the columns shown on the screen; those that could be mistaken for stated carry the mark of what was inferred."""
    reader = visit("vendors")
    path = reader.download(reader.panel("download_vendors"), "CSV", tmp_path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 22 and {row["name"]: row["inferred"] for row in rows}["G Suite"] == "company"
