"""Gap rules as files: one SQL file each, a header of comments and one SELECT.

The shipped rules stand beside this module. A register folder may carry its own in `checks/`; those are a stranger's SQL, so they are looked
at more closely, and a broken one never stops the others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from popmap.errors import RuleError
from popmap.register.schema import BY_NAME

BUILT_IN = Path(__file__).resolve().parent
REGISTER = "register"
HEADERS = ("code", "severity", "table", "column", "article", "title", "why", "hint")
MAY_BE_EMPTY = ("column",)
# Each flow carries the rules that hit it as the bits of one 64-bit number.
MOST_FLOW_RULES = 64
# A rule is read by people; a longer file is something else.
LONGEST_FILE = 100_000

_KEY = re.compile(r"--\s?([A-Za-z_-]+):(?:\s+(.*))?$")
_CONTINUATION = re.compile(r"--\s{2,}(\S.*)$")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What SQL text is made of as far as finding a statement's end goes: what is quoted, what is a comment, and single signs.
_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<text>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    | (?P<name>"(?:[^"]|"")*")
    | (?P<word>\w+)
    | (?P<space>\s+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Severity(StrEnum):
    """How much a finding matters, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """Return 1 for error, 2 for warning, 3 for note."""
        return tuple(Severity).index(self) + 1


@dataclass(frozen=True, slots=True)
class Rule:
    """One gap rule.

    Attributes:
        code: Its name in links and reports; the file's name without `.sql`.
        severity: How much its findings matter.
        table: The table its findings are rows of, or "register".
        column: The column its findings speak of, or "".
        article: The article it rests on, as in "Art. 30(1)(c)".
        title: What is wrong, in a few words.
        why: Why it matters, for a data protection officer.
        hint: What to do about it.
        sql: One SELECT that returns row_no and, where there is more to say, table_name, column_name, value and detail.
        own: Whether it comes from the register's own `checks/` folder.
        file: The file's name, for messages; own rules' with their folder.
        line: The line of the file on which sql begins.
        error: Why the file cannot be used, or None; a broken rule is never run but reported.
    """

    code: str
    severity: Severity
    table: str
    column: str
    article: str
    title: str
    why: str
    hint: str
    sql: str
    own: bool = False
    file: str = ""
    line: int = 1
    error: RuleError | None = None


def load_rules(own_folder: Path | None = None) -> tuple[Rule, ...]:
    """Return every rule, worst severity first, then by code.

    Args:
        own_folder: A register's `checks/` folder; may be missing.

    Returns:
        The shipped rules and the register's own. An own file that cannot be used comes as a rule with its `error`; `run` reports it.

    Raises:
        RuleError: There are more than 64 rules about flows.
    """
    shipped = _shipped()
    taken = {rule.code for rule in shipped}
    own = [_read_own(path, taken) for path in sorted(own_folder.glob("*.sql"))] if own_folder and own_folder.is_dir() else []
    rules = (*shipped, *own)
    flow_rules = sum(rule.table == "flows" and rule.error is None for rule in rules)
    if flow_rules > MOST_FLOW_RULES:
        most = MOST_FLOW_RULES - sum(rule.table == "flows" for rule in shipped)
        message = f"There are {flow_rules} rules about flows; {MOST_FLOW_RULES} are possible."
        raise RuleError(message, f"Keep at most {most} of them in checks/.")
    return tuple(sorted(rules, key=lambda rule: (rule.severity.rank, rule.code, rule.own)))


def parse_rule(text: str, file: str, own: bool = False) -> Rule:
    """Return the rule a file's text states.

    Args:
        text: Header comments `-- key: value` (continued on lines that begin with `--` and two spaces), then one SELECT.
        file: The file's name, for messages; its stem must be the code.
        own: Whether the rule comes from a register.

    Raises:
        RuleError: The header or the query is not usable; the message names file and line.
    """
    values, lines, start = _header(text, file)
    for key in HEADERS:
        if key not in values:
            raise _error(file, 1, f'the header has no "{key}"', f"Begin the file with {', '.join(HEADERS)}, each as -- key: value.")
        if not values[key] and key not in MAY_BE_EMPTY:
            raise _error(file, lines[key], f'"{key}" is empty', "State it.")
    code, table, column = values["code"], values["table"], values["column"]
    if not _CODE.fullmatch(code):
        raise _error(file, lines["code"], f'the code "{code}" is not usable', "Use lower-case letters, digits and single hyphens.")
    if code != Path(file).stem:
        raise _error(file, lines["code"], f'the code "{code}" is not the file\'s name', "Name the file after the code.")
    if values["severity"] not in tuple(Severity):
        raise _error(file, lines["severity"], f'the severity "{values["severity"]}" is unknown', f"Use one of: {', '.join(Severity)}.")
    if table not in BY_NAME and table != REGISTER:
        raise _error(file, lines["table"], f'the table "{table}" is unknown', f"Use one of: {', '.join((*BY_NAME, REGISTER))}.")
    if column and table == REGISTER:
        raise _error(file, lines["column"], "a rule about the register as a whole has no column", "Leave it empty; the query may name one.")
    sql = _query("\n".join(text.split("\n")[start:]), file, start + 1)
    return Rule(
        code, Severity(values["severity"]), table, column, values["article"], values["title"], values["why"], values["hint"],
        sql, own, file, start + 1,
    )  # fmt: skip


def called_names(sql: str) -> frozenset[str]:
    """Return every name in a query that is followed by an opening bracket, in lower case: the functions it may call."""
    names, last = set(), ""
    for match in _TOKEN.finditer(sql):
        if match.lastgroup in ("comment", "space"):
            continue
        part = match.group()
        if part == "(" and last:
            names.add(last)
        last = part.lower() if match.lastgroup == "word" else part[1:-1].replace('""', '"').lower() if match.lastgroup == "name" else ""
    return frozenset(names)


@cache
def _shipped() -> tuple[Rule, ...]:
    return tuple(parse_rule(path.read_text(encoding="utf-8"), path.name) for path in sorted(BUILT_IN.glob("*.sql")))


def _read_own(path: Path, taken: set[str]) -> Rule:
    file = f"checks/{path.name}"
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise _error(file, 1, f"the file is longer than {LONGEST_FILE:,} bytes", "Keep to one header and one SELECT.")
        rule = parse_rule(path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), file, own=True)
        if rule.code in taken:
            raise _error(file, 1, f'"{rule.code}" is the code of a rule that comes with popmap', "Give it another code and file name.")
    except UnicodeDecodeError:
        error = _error(file, 1, "the file is not UTF-8 text", "Save it as UTF-8.")
    except OSError as failure:
        error = _error(file, 1, f"the file cannot be read ({failure.strerror})", "Check its permissions.")
    except RuleError as failure:
        error = failure
    else:
        return rule
    return Rule(path.stem, Severity.ERROR, REGISTER, "", "", "", "", "", "", True, file, 1, error)


def _header(text: str, file: str) -> tuple[dict[str, str], dict[str, int], int]:
    """Return the header's values, the line each stands on, and how many lines it has."""
    values: dict[str, str] = {}
    lines: dict[str, int] = {}
    key = ""
    for number, line in enumerate(text.split("\n"), start=1):
        stated, more = _KEY.match(line.rstrip()), _CONTINUATION.match(line.rstrip())
        if more and key:
            values[key] = f"{values[key]} {more[1]}".strip()
        elif stated:
            key = stated[1].lower()
            if key not in HEADERS:
                raise _error(file, number, f'"{key}" is not a header', f"Use {', '.join(HEADERS)}; put other comments below an empty line.")
            if key in values:
                raise _error(file, number, f'"{key}" is stated twice', "Keep one.")
            values[key], lines[key] = (stated[2] or "").strip(), number
        else:
            return values, lines, number - 1
    return values, lines, len(text.split("\n"))


def _query(sql: str, file: str, first_line: int) -> str:
    """Return the query without a closing semicolon, having seen that it is one SELECT and nothing else."""
    depth, end, begun = 0, None, False
    for match in _TOKEN.finditer(sql):
        kind, part = match.lastgroup, match.group()
        if kind in ("comment", "space"):
            continue
        line = first_line + sql.count("\n", 0, match.start())
        if end is not None:
            raise _error(file, line, "there is more than one statement", "Keep one SELECT in each file.")
        if not begun and part.lower() not in ("select", "with"):
            raise _error(file, line, "the query is not a SELECT", "Begin it with SELECT or WITH; a rule only reads.")
        begun = True
        if part in ("'", '"') or sql.startswith("/*", match.start()):
            raise _error(file, line, "a quote or comment is never closed", "Close it.")
        if part in ("?", "$"):
            raise _error(file, line, "the query has a parameter", "Write the value itself; nothing is filled in.")
        if part == ";":
            end = match.start()
        depth += {"(": 1, ")": -1}.get(part, 0)
        if depth < 0:
            raise _error(file, line, "a bracket is closed that was never opened", "Check the brackets.")
    if not begun:
        raise _error(file, first_line, "there is no query below the header", "Add one SELECT that returns row_no.")
    if depth:
        raise _error(file, first_line, "a bracket is never closed", "Check the brackets.")
    return sql[:end].rstrip()


def _error(file: str, line: int, what: str, hint: str) -> RuleError:
    return RuleError(f"{file}, line {line}: {what}.", hint)
