"""Graphs the flow tests share: the bundled register's, and a made-up one of any size."""

from __future__ import annotations

import csv
import random
import re
from pathlib import Path as File

import networkx as nx

from popmap.flow.graph import Path, build

POPWORK = File(__file__).parents[2] / "data" / "popwork"
CATEGORIES = ("Identification data", "Logs", "Usage data", "Support data", "Billing information", "Access to calendar", "Source code")


def rows(table: str) -> list[dict[str, str]]:
    """Return a table of the bundled register."""
    with (POPWORK / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def popwork(*layers: str) -> nx.DiGraph:
    """Return the bundled register's graph, category to vendor unless other layers are asked for."""
    layers = layers or ("category", "vendor")
    vendors = {row["vendor_id"]: row for row in rows("vendors")}
    labels = {
        "category": {row["category_id"]: row["name"] for row in rows("categories")},
        "vendor": {key: row["name"] for key, row in vendors.items()},
    }
    paths = []
    for flow in rows("flows"):
        vendor = vendors[flow["vendor_id"]]
        values = {"category": flow["category_id"], "vendor": flow["vendor_id"], "section": vendor["section"], "company": vendor["company"]}
        paths.append(Path(tuple(values.get(layer, flow.get(layer, "")) for layer in layers), 1, 0, 1))
    return build(layers, paths, labels)


def made_up(vendors: int, seed: int = 7, most: int = 4) -> nx.DiGraph:
    """Return a category to vendor graph with that many vendors, each seeing 1 to `most` categories."""
    dice = random.Random(seed)
    paths = []
    for number in range(vendors):
        for category in dice.sample(range(len(CATEGORIES)), min(dice.choice((1, 1, 1, 2, 2, 3, most)), len(CATEGORIES))):
            flows = dice.choice((1, 1, 2, 5))
            paths.append(Path((f"c{category}", f"v{number:03}"), flows, flows * (dice.random() < 0.2), flows * (dice.random() < 0.3)))
    labels = {
        "category": {f"c{at}": name for at, name in enumerate(CATEGORIES)},
        "vendor": {
            f"v{at:03}": f"{dice.choice(('Vendor', 'Northern Analytics', 'Calendar and Meetings', 'Mail'))} {at}" for at in range(vendors)
        },
    }
    return build(("category", "vendor"), paths, labels, flagged={"vendor": frozenset({"v001", "v007"})})


def said(trace: dict) -> list[str]:
    """Return the hover text of each marker of a trace, put together as Plotly does from the pieces that are sent."""
    return [re.sub(r"%{meta\[(\d+)\]}", lambda found: trace["meta"][int(found[1])], one) for one in trace["hovertemplate"]]
