"""JSON and YAML: trees whose lists of records become tables, each value with its path or line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from popmap.errors import UsageError
from popmap.importing.document import Block, Cell, Document, Grid, Heading, Item, Items, Sentence, Tree
from popmap.importing.reading import announced, exported, html, inline
from popmap.importing.splitting import BULLET
from popmap.uploads.limits import DEEPEST, MOST_CELLS

Node = Cell | list["Node"] | dict[str, "Node"]
WIDEST = 1_000
_MARKUP = re.compile(r"<(?:table|tr|ul|ol|li|dl|h[1-6])\b", re.IGNORECASE)
_HINT = "Send only the part that holds the list."


def from_json(text: str, name: str) -> Document:
    """Return a JSON file's blocks.

    Raises:
        UsageError: It is broken, or nested too deeply.
    """
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}.", "Mend that place and choose it again."
        ) from error
    except RecursionError as error:
        raise UsageError(f"{name} is nested more than {DEEPEST} deep.", _HINT) from error
    if own := exported.from_json(value):
        return Document(name, "json", (own,))
    if listed := announced.tables(value):
        return Document(name, "json", listed)
    node = _node(value, "", 0, name)
    return Document(name, "json", (Tree(node), *blocks(node, name)))


def _node(value: object, path: str, depth: int, name: str) -> Node:
    if depth > DEEPEST:
        raise UsageError(f"{name} is nested more than {DEEPEST} deep.", _HINT)
    if isinstance(value, dict):
        return {str(key): _node(one, f"{path}.{key}" if path else str(key), depth + 1, name) for key, one in value.items()}
    if isinstance(value, list):
        return [_node(one, f"{path}[{place}]", depth + 1, name) for place, one in enumerate(value)]
    text = {True: "yes", False: "no"}[value] if isinstance(value, bool) else "" if value is None else str(value)
    return Cell(text, path) if page(text) else inline.fragment(text, path)


def page(text: str) -> bool:
    """Return whether a value is a page of its own: HTML with a table, a list or headings."""
    return len(_MARKUP.findall(text)) > 1


def blocks(node: Node, name: str, depth: int = 0, path: str = "") -> list[Block]:
    """Return the tables and lists of a tree, each under the key it stands at.

    Args:
        node: The tree.
        name: The file's name.
        depth: How deep it stands.
        path: Where it stands.
    """
    if isinstance(node, Cell) and page(node.text):
        return [_placed(one, node.locator) for one in html.blocks(node.text, 0, name)]
    if isinstance(node, Cell):
        return [Sentence(node)] if node.text else []
    if isinstance(node, list):
        records = [one for one in node if isinstance(one, dict)]
        if records and len(records) == len(node) and not _groups(records) and not any(page(one.text) for one in leaves(node)):
            return [_grid(records, name, path)]
        if node and all(isinstance(one, Cell) for one in node):
            return [Items(tuple(Item(one) for one in node if isinstance(one, Cell) and one.text))]
        return [block for place, one in enumerate(node) for block in blocks(one, name, depth + 1, f"{path}[{place}]")]
    inner = list(node.values())
    if len(inner) > 1 and all(isinstance(one, dict) for one in inner) and _alike(inner):
        named: list[dict[str, Node]] = [
            {"name": Cell(key, f"{path}.{key}".strip(".")), **one} for key, one in node.items() if isinstance(one, dict)
        ]
        return [_grid(named, name, path)]
    found: list[Block] = []
    for key, one in node.items():
        if isinstance(one, Cell):
            found += blocks(one, name)
        else:
            found += [
                Heading(Cell(key, f"{path}.{key}".strip(".")), min(6, depth + 2)),
                *blocks(one, name, depth + 1, f"{path}.{key}".strip(".")),
            ]
    return found


def _placed(block: Block, where: str) -> Block:
    """Return a block of a page within a tree with the place of the value that holds it."""
    if isinstance(block, Heading | Sentence):
        return replace(block, cell=replace(block.cell, locator=where))
    if isinstance(block, Items):
        items = (
            replace(one, cell=replace(one.cell, locator=where), below=tuple(replace(two, locator=where) for two in one.below))
            for one in block.items
        )
        return replace(block, items=tuple(items))
    if isinstance(block, Grid):
        return replace(block, rows=tuple(tuple(replace(cell, locator=where) for cell in row) for row in block.rows))
    return block


def _groups(records: Sequence[dict[str, Node]]) -> bool:
    """Return whether records are groups that hold the records: each with a name and one list of dicts."""
    return all(
        sum(
            isinstance(one, list) and bool(one) and all(isinstance(inner, dict) and len(inner) > 1 for inner in one)
            for one in record.values()
        )
        == 1
        and len(record) <= 4
        for record in records
    )


def _alike(inner: Sequence[Node]) -> bool:
    keys = [set(one) for one in inner if isinstance(one, dict)]
    shared = set.intersection(*keys)
    return bool(shared) and any(isinstance(one[key], Cell) for one in inner[:1] if isinstance(one, dict) for key in shared)


def _grid(records: Sequence[dict[str, Node]], name: str, path: str) -> Grid:
    flat = [dict(_flat(record)) for record in records]
    keys = list(dict.fromkeys(key for record in flat for key in record))
    if len(keys) > WIDEST or len(keys) * len(flat) > MOST_CELLS:
        raise UsageError(f"{name} has records of more than {WIDEST:,} keys.", _HINT)
    head = tuple(Cell(key, path) for key in keys)
    rows = []
    for record in flat:
        where = next((cell.locator for cell in record.values()), "")
        rows.append(tuple(record.get(key, Cell("", where)) for key in keys))
    return Grid((head, *rows), 1, path)


def _flat(record: dict[str, Node]) -> Iterator[tuple[str, Cell]]:
    for key, value in record.items():
        if isinstance(value, Cell):
            yield key, value
        elif isinstance(value, dict) and value and all(isinstance(one, Cell) for one in value.values()):
            yield from ((f"{key} {inner}", one) for inner, one in value.items() if isinstance(one, Cell))
        else:
            yield key, _joined(value)


def _joined(node: Node) -> Cell:
    """Return a value within a record as one cell: each item a bulleted line, a key's items in brackets behind it."""
    cells = list(leaves(node))
    found = tuple(dict.fromkeys(link for cell in cells for link in cell.links))
    if isinstance(node, dict):
        lines = [
            f"{BULLET}{key}"
            + (f" ({', '.join(one.text for one in leaves(value) if one.text)})" if any(True for _ in leaves(value)) else "")
            for key, value in node.items()
        ]
    elif isinstance(node, list):
        lines = [f"{BULLET}{', '.join(one.text for one in leaves(value) if one.text)}" for value in node]
    else:
        return node
    return Cell(inline.squeeze("\n".join(lines)), cells[0].locator if cells else "", found)


def leaves(node: Node) -> Iterator[Cell]:
    """Yield the values of a tree in order."""
    if isinstance(node, Cell):
        yield node
    else:
        for one in node.values() if isinstance(node, dict) else node:
            yield from leaves(one)
