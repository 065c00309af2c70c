// What one row says: its cells, the words they rest on, its gaps.
const STEP = 25;

function quotesOf(table, row, column) {
  const all = QUOTES.of[table]?.get(row) ?? [];
  return column === undefined ? all : all.filter((quote) => quote.col === column);
}

// Words that stand in one place are shown together, each with the cell it is for.
function quoteBlocks(quotes, withColumn) {
  const places = new Map();
  for (const quote of quotes) {
    const key = JSON.stringify([quote.source_id, quote.locator]);
    places.set(key, [...(places.get(key) ?? []), quote]);
  }
  return [...places.values()].map((group) => {
    const { source_id: id, locator } = group[0];
    const source = SOURCES.place.get(id);
    const title = source === undefined ? id : SOURCES.name(source);
    return el(
      "figure",
      { class: "quote" },
      ...group.map((quote) =>
        el(
          "blockquote",
          {},
          quote.quote ? el("q", {}, String(quote.quote).replace(STEERING, "")) : el("span", { class: "soft" }, "no words quoted"),
          el("span", { class: "soft" }, withColumn && quote.col ? ` ${worded(quote.col)} ` : " "),
          pill(quote.status ?? "status not stated", quote.status ?? "none"),
          confirmed(quote),
        ),
      ),
      el("figcaption", {}, title ? el("bdi", {}, title) : "source not stated", ", ", locator ? el("bdi", {}, locator) : "place not stated"),
    );
  });
}

function confirmed(quote) {
  const [by, on] = [quote.checked_by, quote.checked_on];
  return by || on ? el("span", { class: "soft" }, ` ${by ? `by ${by} ` : ""}${on ? `on ${on}` : ""}`) : null;
}

function worded(name) {
  const label = { category_id: "Category", vendor_id: "Vendor" }[name] ?? named(FLOWS, name)?.label ?? name;
  return label.replace(/_/g, " ").toLowerCase();
}

// Whether somebody inferred a cell: no source states it, and wherever it is shown the page says so.
function guessed(table, row, name) {
  if (table === FLOWS && ["section", "company", "role"].includes(name))
    return FLOWS.vendor[row] >= 0 && guessed(VENDORS, FLOWS.vendor[row], name);
  const cell = { category: "category_id", vendor: "vendor_id" }[name] ?? name;
  return (named(table, "inferred")?.cell(row) ?? "").split("; ").includes(cell);
}

function fact(label, value, kind, quotes = [], inferred = false) {
  return [
    el("dt", {}, label),
    el("dd", {}, shownCell(value, kind), inferred && value !== null ? [" ", pill("inferred", "inferred")] : null),
    ...(quotes.length ? [el("dd", { class: "words" }, quoteBlocks(quotes, false))] : []),
  ];
}

function gapList(rules, about) {
  if (!rules.length) return [];
  const items = [...rules]
    .sort((one, two) => one - two)
    .map((at) => {
      const rule = DATA.rules[at];
      return el(
        "li",
        {},
        pill(rule.severity, rule.severity),
        " ",
        el("strong", {}, rule.title),
        rule.article ? ` (${rule.article})` : "",
        rule.hint ? el("p", { class: "soft" }, rule.hint) : null,
      );
    });
  return [
    el(
      "details",
      { class: "fold" },
      el("summary", {}, `${counted(rules.length, "gap", "gaps")} of this ${about}`),
      el("ul", { class: "gaps" }, items),
    ),
  ];
}

// One flow with all there is to say about it; the facts a reader asks first stand first.
function flowBlock(row, title, select) {
  const cell = (name) => named(FLOWS, name)?.cell(row);
  const quotes = quotesOf("flows", row);
  const status = cell("evidence_status");
  const gaps = FLOWS.rules(row);
  return el(
    "article",
    { class: "flow" },
    el("h4", {}, el("span", {}, title), pill(status === "none" ? "no evidence" : status, status)),
    el(
      "dl",
      {},
      ["purpose", "legal_basis", "condition", "locations"]
        .map((name) => fact(named(FLOWS, name).label, cell(name), "text", [], guessed(FLOWS, row, name)))
        .flat(2),
    ),
    quotes.length ? quoteBlocks(quotes, true) : el("p", { class: "soft" }, "Words it rests on: ", blank()),
    gaps.length
      ? el("p", { class: "soft" }, `${counted(gaps.length, "gap", "gaps")}: ${[...gaps].map((at) => DATA.rules[at].title).join("; ")}.`)
      : null,
    select ? button("All about this flow", { class: "link" }, () => select(`flow:${ROW_NO(row)}`)) : null,
  );
}

// A long list grows by a button, so that nothing is left out and a page is never too long to draw.
function growing(items, make, most = STEP) {
  const holder = el("div", {});
  let done = 0;
  const next = button("", { class: "link" }, grow);
  function grow() {
    const part = items.slice(done, done + most);
    done += part.length;
    next.before(...part.map(make));
    next.hidden = done >= items.length;
    next.textContent = `Show ${amount(Math.min(most, items.length - done))} more of ${amount(items.length)}`;
  }
  holder.append(next);
  grow();
  return holder;
}

function cellsOf(table, name, row, skip = []) {
  const columns = table.columns.filter((column) => !skip.includes(column.name));
  const shown = new Set(columns.map((column) => column.name));
  const rest = quotesOf(name, row).filter((quote) => !shown.has(quote.col));
  const cells = el(
    "dl",
    {},
    columns
      .map((column) =>
        fact(
          column.label,
          column.name === "row_no" && column.cell(row) !== null ? String(column.cell(row)) : column.cell(row),
          column.kind,
          quotesOf(name, row, column.name),
          guessed(table, row, column.name),
        ),
      )
      .flat(2),
  );
  return el("div", {}, cells, rest.length ? [el("h3", {}, "It rests on"), ...quoteBlocks(rest, true)] : null);
}

// What is shown when nothing is selected: the page's own sentence, and under a filter first what the filter leaves.
function idle(view, page) {
  if (view.rows.flows.length === FLOWS.rows) return [page];
  const { flows } = view.rows;
  const many = (test) => flows.filter(test).length;
  const ends = (places) => new Set(flows.map((row) => places[row])).size;
  const between = [counted(ends(FLOWS.category), "category", "categories"), counted(ends(FLOWS.vendor), "vendor", "vendors")];
  const parts = [`${counted(flows.length, "flow", "flows")} of ${amount(FLOWS.rows)}, between ${listed(between)}.`];
  const say = (number, one, all) => {
    if (number) parts.push(`${amount(number)} ${number === 1 ? one : all}.`);
  };
  say(
    many((row) => EVIDENCE_OF(row) === "none"),
    "rests on no evidence",
    "rest on no evidence",
  );
  say(
    many((row) => named(FLOWS, "legal_basis").cell(row) === null),
    "states no legal basis",
    "state no legal basis",
  );
  say(
    many((row) => FLOWS.rules(row).length),
    "has findings",
    "have findings",
  );
  const head = page.querySelector("h2");
  head.textContent = "Before the filter";
  return [el("h2", {}, "What the filter leaves"), el("p", {}, flows.length ? parts.join(" ") : "No flow meets it."), page];
}
