// What one row says: its cells, the words they rest on, its gaps.
const STEP = 25;

function quotesOf(table, row, column) {
  const all = QUOTES.of[table]?.get(row) ?? [];
  return column === undefined ? all : all.filter((quote) => quote.col === column);
}

function quoteBlock(quote, withColumn) {
  const source = SOURCES.place.get(quote.source_id);
  const title = source === undefined ? quote.source_id : SOURCES.name(source);
  const checked = [quote.checked_by, quote.checked_on].filter(Boolean).join(" on ");
  return el("figure", { class: "quote" },
    quote.quote ? el("blockquote", {}, el("q", {}, String(quote.quote).replace(STEERING, ""))) : el("p", { class: "soft" }, "No words are quoted."),
    el("figcaption", {}, pill(quote.status ?? "status not stated", quote.status ?? "none"), " ",
      withColumn && quote.col ? `${worded(quote.col)}: ` : "", el("bdi", {}, title ?? "source not stated"), quote.locator ? [", ", el("bdi", {}, quote.locator)] : ", place not stated",
      checked ? ` · confirmed ${quote.checked_by ? "by " : "on "}${checked}` : ""));
}

function worded(name) {
  return name.replaceAll("_", " ");
}

function fact(label, value, kind, quotes = []) {
  return [el("dt", {}, label), el("dd", {}, shownCell(value, kind), quotes.map((quote) => quoteBlock(quote, false)))];
}

function gapList(rules, about) {
  if (!rules.length) return [];
  const items = [...rules].sort((one, two) => one - two).map((at) => {
    const rule = DATA.rules[at];
    return el("li", {}, pill(rule.severity, rule.severity), " ", el("strong", {}, rule.title), rule.article ? ` (${rule.article})` : "", rule.hint ? el("p", { class: "soft" }, rule.hint) : null);
  });
  return [el("h3", {}, `Gaps of this ${about}`), el("ul", { class: "gaps" }, items)];
}

// One flow with all there is to say about it; the facts a reader asks first stand first.
function flowBlock(row, title, select) {
  const cell = (name) => named(FLOWS, name)?.cell(row);
  const quotes = quotesOf("flows", row);
  const status = cell("evidence_status");
  const gaps = FLOWS.rules(row);
  return el("article", { class: "flow" },
    el("h4", {}, title, pill(status === "none" ? "no evidence" : status, status)),
    el("dl", {}, ["purpose", "legal_basis", "condition", "locations"].map((name) => fact(named(FLOWS, name).label, cell(name))).flat(2)),
    quotes.length ? quotes.map((quote) => quoteBlock(quote, true)) : el("p", { class: "soft" }, "It rests on no quoted words: ", blank(), "."),
    gaps.length ? el("p", { class: "soft" }, `${counted(gaps.length, "gap", "gaps")}: ${gaps.map((at) => DATA.rules[at].title).join("; ")}.`) : null,
    select ? button("All about this flow", { class: "link" }, () => select(`flow:${ROW_NO(row)}`)) : null);
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
  return el("dl", {}, table.columns.filter((column) => !skip.includes(column.name))
    .map((column) => fact(column.label, column.cell(row), column.kind, quotesOf(name, row, column.name))).flat(2));
}
