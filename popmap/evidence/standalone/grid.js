// A table on the page: sortable by its headings, a page of rows at a time; and all tables whole for paper.
function bodyRow(table, columns, row, { sel, select }) {
  const key = selectionOf(table, row);
  const head = columns.find((column) => column.name === table.head) ?? columns[0];
  return el(
    "tr",
    { class: sel === key ? "chosen" : null },
    columns.map((column) => {
      const value = column.cell(row);
      const number = typeof value === "number" && column.name !== "row_no";
      const shown = tagged(table, column, value, row);
      if (column !== head) return el("td", { class: number ? "number" : width(value) }, shown);
      return el(
        "th",
        { scope: "row" },
        el(
          "button",
          {
            type: "button",
            class: "link",
            "aria-label": `Details of ${value ?? "not stated"}, ${table.name(row)}`,
            onclick: () => select(key, true),
          },
          shown,
        ),
      );
    }),
  );
}

// Words stay whole, unless they are longer than any column.
function width(value) {
  const text = String(value ?? "");
  return /\S{25}/.test(text) ? "roomy long" : text.length > 14 ? "roomy" : null;
}

function tagged(table, column, value, row) {
  // A finding that says no more is not a cell of the register that is blank.
  if (table === FINDINGS && value === null) return el("span", { class: "soft" }, "–");
  if (column.name === "evidence_status" || column.name === "severity") return pill(value === "none" ? "no evidence" : value, value);
  const shown = shownCell(column.name === "row_no" && value !== null ? String(value) : value, column.kind);
  return value !== null && guessed(table, row, column.name) ? el("span", {}, shown, " ", pill("inferred", "inferred")) : shown;
}

function grid(table, rows, state, { change, select }) {
  const columns = shownColumns(table, state);
  const order = sorted(table, rows, state);
  const pages = Math.max(1, Math.ceil(order.length / PAGE_ROWS));
  const page = Math.min(state.page, pages - 1);
  const part = order.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS);
  const heads = columns.map((column) => {
    const by = state.sort === column.name;
    const number = part.length > 0 && typeof column.cell(part[0]) === "number" && column.name !== "row_no";
    return el(
      "th",
      { scope: "col", class: number ? "number" : null, "aria-sort": by ? (state.desc ? "descending" : "ascending") : null },
      button(column.label, { title: column.help || null, class: "sort", "data-sort": column.name }, () =>
        change(by && state.desc ? { sort: "", desc: false } : { sort: column.name, desc: by }),
      ),
    );
  });
  const whole = el(
    "table",
    { "aria-label": table.title },
    el("thead", {}, el("tr", {}, heads)),
    el(
      "tbody",
      {},
      part.map((row) => bodyRow(table, columns, row, { sel: state.sel, select })),
    ),
  );
  const first = page * PAGE_ROWS + 1;
  const words = order.length
    ? `Rows ${amount(first)}–${amount(first + part.length - 1)} of ${amount(order.length)}`
    : "No row meets this filter.";
  const pager = el("div", { class: "pager" }, el("span", { "aria-live": "polite" }, words));
  if (pages > 1)
    pager.append(
      button("‹ Previous", { disabled: page === 0, "data-page": "back" }, () => change({ page: page - 1 })),
      button("Next ›", { disabled: page === pages - 1, "data-page": "on" }, () => change({ page: page + 1 })),
      el("span", { class: "soft" }, `page ${amount(page + 1)} of ${amount(pages)}`),
    );
  return [
    el(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-label": `${table.title}, table` },
      order.length ? whole : el("p", { class: "empty" }, words),
    ),
    pager,
  ];
}

// On paper every row that meets the filter is printed; of a large register only the open table, and the paper says so.
const MOST_PRINTED = 6000;
const PAPER_PART = 500;

function forPaper(view, state) {
  const all = Object.entries(TABLES);
  const total = all.reduce((sum, [name]) => sum + view.rows[name].length, 0);
  const printed = total <= MOST_PRINTED ? all : all.filter(([name]) => name === state.tab);
  const left = all.filter((one) => !printed.includes(one)).map(([name, table]) => `${table.title} (${amount(view.rows[name].length)})`);
  return [
    ...(left.length
      ? [
          el(
            "p",
            {},
            `Printed below: ${printed[0][1].title}. Not on this paper, as all is too long: ${left.join(", ")}; open each and print it.`,
          ),
        ]
      : []),
    ...printed.map(([name, table]) => {
      const rows = sorted(table, view.rows[name], name === state.tab ? state : { sort: "" });
      return el(
        "section",
        {},
        el("h2", {}, `${table.title} (${amount(rows.length)})`),
        rows.length ? paperTables(table, rows, state) : el("p", {}, "No row meets this filter."),
      );
    }),
  ];
}

// A browser lays out many short tables far sooner than one long one.
function paperTables(table, rows, state) {
  const columns = shownColumns(table, state);
  return Array.from({ length: Math.ceil(rows.length / PAPER_PART) }, (_, part) =>
    el(
      "table",
      { class: columns.length > 10 ? "even dense" : rows.length > PAPER_PART ? "even" : null },
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map((column) => el("th", { scope: "col" }, column.label)),
        ),
      ),
      el(
        "tbody",
        {},
        rows.slice(part * PAPER_PART, (part + 1) * PAPER_PART).map((row) =>
          el(
            "tr",
            {},
            columns.map((column) => paperCell(table, column, row)),
          ),
        ),
      ),
    ),
  );
}

function paperCell(table, column, row) {
  const value = column.cell(row);
  const mark = value !== null && guessed(table, row, column.name) ? " (inferred)" : "";
  if (value !== null)
    return el(
      "td",
      { class: width(value) },
      typeof value === "number" && column.name !== "row_no" ? amount(value) : String(value).replace(STEERING, ""),
      mark,
    );
  return table === FINDINGS ? el("td", {}, "–") : el("td", { class: "blank" }, "not stated");
}
