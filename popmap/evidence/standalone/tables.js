// The order of a table's rows, and how a row is named in the address.
const PAGE_ROWS = 100;
const RANKS = new Map();

// A number for each row's cell, in the order of the cells; NaN for not stated, which always comes last.
function ranksOf(table, column) {
  if (!RANKS.has(column)) {
    const cells = Array.from({ length: table.every ?? table.rows }, (_, row) => column.cell(row));
    const ranks = new Map(
      [...new Set(cells)]
        .filter((cell) => cell !== null)
        .sort((one, two) =>
          typeof one === "number" && typeof two === "number" ? one - two : COLLATOR.compare(one, two) || (one < two ? -1 : 1),
        )
        .map((cell, at) => [cell, at]),
    );
    if (column.name === "severity") ["error", "warning", "note"].forEach((severity, at) => ranks.set(severity, at));
    RANKS.set(
      column,
      Float64Array.from(cells, (cell) => ranks.get(cell) ?? NaN),
    );
  }
  return RANKS.get(column);
}

function sorted(table, rows, state) {
  const column = state.sort ? table.columns.find((one) => one.name === state.sort) : null;
  if (!column) return rows;
  const ranks = ranksOf(table, column);
  const way = state.desc ? -1 : 1;
  return [...rows].sort((one, two) => {
    const [first, second] = [ranks[one], ranks[two]];
    if (Number.isNaN(first) || Number.isNaN(second)) return Number.isNaN(first) - Number.isNaN(second) || one - two;
    return way * (first - second) || one - two;
  });
}

function selectionOf(table, row) {
  if (table === FLOWS) return `flow:${ROW_NO(row)}`;
  if (table === VENDORS || table === CATEGORIES) return `${table.kind}:${table.keys[row]}`;
  if (table === ACTIVITIES) return `activity:${named(ACTIVITIES, "activity_id").cell(row)}`;
  if (table === SOURCES) return `source:${named(SOURCES, "id").cell(row)}`;
  return `gap:${row + 1}`;
}

function shownColumns(table, state) {
  return table.columns.filter((column) => state.all || column.default);
}
