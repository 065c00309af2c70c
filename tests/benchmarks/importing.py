"""What reading published lists gets right and wrong, per list, and how long a long one takes.

    python -m tests.benchmarks.importing [--rows 100000] [--look FOLDER]

Vendors found and invented, flows and locations right: held against `tests/importing/expected.csv`, each question answered as popmap
proposes. `--look` reads every file of a folder and says what came out, for lists that have no expectation.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from importing.scoring import Score, expected, score, settled

from popmap.errors import PopmapError
from popmap.importing.listing import read_list
from tests.benchmarks.results import Line, Section, markdown, show

ROWS = 100_000
_NOTE = "They were written together with the reading, so they show what still holds, and no more."
FOUND_LIMIT, INVENTED_LIMIT, RIGHT_LIMIT, TIME_LIMIT = 98.0, 1.0, 98.0, 60.0


def measure(rows: int = ROWS) -> list[Section]:
    """Score every list that has an expectation, and time one of this many rows."""
    scores = [score(name) for name in expected()]
    vendors, flows = sum(one.vendors for one in scores), sum(one.flows for one in scores)
    lines = (
        _share("vendors found", sum(one.found for one in scores), vendors, FOUND_LIMIT),
        _share("vendors invented", sum(len(one.invented) for one in scores), vendors, INVENTED_LIMIT, at_least=False),
        _share("flows right", sum(one.flows_right for one in scores), flows, RIGHT_LIMIT),
        _share("locations right", sum(one.located_right for one in scores), flows, RIGHT_LIMIT),
    )
    data = b"Vendor,Purpose,Location\n" + b"".join(b"Vendor %d Inc.,Purpose %d,USA\n" % (one, one % 50) for one in range(rows - 1))
    started = time.perf_counter()
    read_list(data, "long.csv", answers={"unspecified": "unspecified"})
    spent = Line(f"{rows:,} rows of CSV", time.perf_counter() - started, None, TIME_LIMIT, "s")
    return [
        Section("Importing: lists with expectations", lines, f"{len(scores)} lists. {_NOTE}"),
        Section("Importing: by list", tuple(map(_line, scores))),
        Section("Importing: time", (spent,)),
    ]


def _share(what: str, count: int, total: int, limit: float, at_least: bool = True) -> Line:
    return Line(what, 100 * count / total, None, limit, "%", f"{count} of {total}", at_least=at_least)


def _line(one: Score) -> Line:
    more = f"{one.found} of {one.vendors} vendors, {len(one.invented)} invented, {one.flows_right} of {one.flows} flows"
    return Line(one.name, 100.0 if not one.wrong and one.found == one.vendors and not one.invented else 0.0, None, None, "%", more)


def look(folder: Path) -> str:
    """Return what came out of each file of a folder, a line each."""
    lines = []
    for path in sorted(one for one in folder.iterdir() if one.is_file()):
        try:
            reading = settled(path.read_bytes(), path.name)
        except PopmapError as error:
            lines.append(f"{path.name}: refused: {error}")
            continue
        counts = ", ".join(f"{len(getattr(reading.rows, name))} {name}" for name in ("vendors", "flows", "categories", "activities"))
        refused = "; ".join(f"refused {', '.join(one.lines)}: {one.reason}" for one in reading.refusals)
        lines.append(f"{path.name}: {counts}; {len(reading.questions)} questions, {len(reading.notes)} notes. {refused}")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.importing", description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--look", type=Path)
    options = parser.parse_args()
    show(look(options.look) if options.look else markdown(measure(options.rows)))
