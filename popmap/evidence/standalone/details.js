// The panel beside the map: what is selected, in words.
function detailsOf(sel, view, select) {
  const cut = sel.indexOf(":");
  const [kind, key] = [sel.slice(0, cut), sel.slice(cut + 1)];
  const found = {
    category: endDetails,
    vendor: endDetails,
    band: bandDetails,
    flow: flowDetails,
    activity: activityDetails,
    gap: gapDetails,
    source: sourceDetails,
  }[kind];
  return found ? found(key, view, select, kind) : null;
}

function headed(kind, title, ...rest) {
  return {
    title,
    parts: [el("p", { class: "kind" }, kind), el("h2", { tabindex: "-1" }, el("bdi", {}, title.replace(STEERING, ""))), ...rest],
  };
}

function flowList(rows, name, select) {
  return rows.length
    ? [el("h3", {}, counted(rows.length, "flow", "flows")), growing(rows, (row) => flowBlock(row, name(row), select))]
    : [el("p", { class: "soft" }, "No flow meets the filter.")];
}

function otherEnd(side) {
  const table = side === "category" ? VENDORS : CATEGORIES;
  return (row) => [
    side === "category" ? "to " : "from ",
    el("bdi", {}, table.label(FLOWS[side === "category" ? "vendor" : "category"][row]) ?? "not stated"),
  ];
}

function endDetails(key, view, select, kind) {
  const table = kind === "category" ? CATEGORIES : VENDORS;
  const ends = FLOWS[kind];
  if (key === "*") return otherDetails(kind, view, select);
  const at = key === "" ? -1 : table.place.get(key);
  if (at === undefined) return null;
  const rows = view.rows.flows.filter((row) => ends[row] === at);
  if (at < 0) return headed(DATA.facet_names[kind][0], "Not stated", ...flowList(rows, otherEnd(kind), select));
  const aliases = table.aliases[key];
  const name = kind === "category" ? "categories" : "vendors";
  return headed(
    DATA.facet_names[kind][0],
    table.labels[at],
    el(
      "p",
      {},
      counted(rows.length, "flow", "flows"),
      rows.length === view.rows.flows.length ? "" : ` of the ${amount(view.rows.flows.length)} shown`,
      ".",
    ),
    button(`Filter by this ${kind}`, { class: "link" }, () => view.change({ [kind]: [key] })),
    ...gapList(table.rules[at], kind),
    ...flowList(rows, otherEnd(kind), select),
    el("h3", {}, `The ${kind} itself`),
    cellsOf(table, name, at),
    aliases ? el("p", { class: "soft" }, `Also written: ${aliases.join("; ")}`) : null,
  );
}

function otherDetails(kind, view, select) {
  const table = kind === "category" ? CATEGORIES : VENDORS;
  const others = [...view.shown.others[kind]].sort((one, two) => COLLATOR.compare(table.labels[one], table.labels[two]));
  if (!others.length) return null;
  return headed(
    DATA.facet_names[kind][1],
    `Other (${amount(others.length)})`,
    el("p", {}, "Drawn together, so that the map can be read. Each of them:"),
    growing(
      others,
      (at) =>
        el(
          "p",
          {},
          button(table.labels[at], { class: "link" }, () => select(`${kind}:${table.keys[at]}`)),
        ),
      100,
    ),
  );
}

function bandDetails(key, view, select) {
  const [left, right] = key.split("/").map(decoded);
  const band = view.shown.bands.find((one) => one.left && bandKey(one) === `band:${key}`);
  const rows = band
    ? band.rows
    : view.rows.flows.filter((row) => CATEGORIES.keys[FLOWS.category[row]] === left && VENDORS.keys[FLOWS.vendor[row]] === right);
  if (!band && !rows.length) return null;
  const names = band
    ? [band.left.label, band.right.label]
    : [CATEGORIES.label(FLOWS.category[rows[0]]), VENDORS.label(FLOWS.vendor[rows[0]])];
  const single = !band || (band.category >= 0 && band.vendor >= 0);
  return headed(
    "Band",
    `${names[0]} → ${names[1]}`,
    single
      ? el(
          "p",
          { class: "ways" },
          button(names[0], { class: "link" }, () => select(`category:${left}`)),
          " · ",
          button(names[1], { class: "link" }, () => select(`vendor:${right}`)),
        )
      : null,
    ...flowList(
      rows,
      (row) => [el("bdi", {}, single ? (named(FLOWS, "purpose").cell(row) ?? "purpose not stated") : FLOWS.name(row)), " "],
      select,
    ),
  );
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function flowDetails(key, view, select) {
  const row = FLOW_AT.get(Number(key));
  if (row === undefined) return null;
  const [category, vendor] = [FLOWS.category[row], FLOWS.vendor[row]];
  return headed(
    "Flow",
    FLOWS.name(row),
    el(
      "p",
      { class: "ways" },
      category >= 0 ? button(CATEGORIES.label(category), { class: "link" }, () => select(`category:${CATEGORIES.keys[category]}`)) : null,
      " · ",
      vendor >= 0 ? button(VENDORS.label(vendor), { class: "link" }, () => select(`vendor:${VENDORS.keys[vendor]}`)) : null,
    ),
    cellsOf(FLOWS, "flows", row, ["category", "vendor"]),
    ...gapList(FLOWS.rules(row), "flow"),
    ...(category >= 0 ? gapList(CATEGORIES.rules[category], "flow's category") : []),
    ...(vendor >= 0 ? gapList(VENDORS.rules[vendor], "flow's vendor") : []),
  );
}

function activityDetails(key) {
  const row = places(new Uint8Array(ACTIVITIES.rows).fill(1)).find((at) => named(ACTIVITIES, "activity_id").cell(at) === key);
  return row === undefined ? null : headed("Processing activity", ACTIVITIES.name(row), cellsOf(ACTIVITIES, "activities", row, ["name"]));
}

function gapDetails(key, view, select) {
  const row = Number(key) - 1;
  if (!(row >= 0 && row < FINDINGS.rows)) return null;
  const rule = DATA.rules[FINDINGS.rule[row]];
  const [table, id] = FINDINGS.target(row);
  const flow = FINDINGS.about[row];
  const target =
    flow >= 0
      ? `flow:${ROW_NO(flow)}`
      : table === "vendors" && VENDORS.place.has(id)
        ? `vendor:${id}`
        : table === "categories" && CATEGORIES.place.has(id)
          ? `category:${id}`
          : "";
  return headed(
    "Gap",
    rule.title,
    el("p", {}, pill(rule.severity, rule.severity), rule.article ? ` ${rule.article}` : ""),
    rule.why ? el("p", {}, rule.why) : null,
    rule.hint ? [el("h3", {}, "What to do"), el("p", {}, rule.hint)] : null,
    el("h3", {}, "Where"),
    el(
      "dl",
      {},
      ["subject", "table_name", "row_no", "column_name", "value", "detail", "code"]
        .map((name) => named(FINDINGS, name))
        .filter((column) => column.cell(row) !== null)
        .map((column) => fact(column.label, column.cell(row)))
        .flat(2),
    ),
    target ? button("Show what it is about", { class: "link" }, () => select(target)) : null,
  );
}

function sourceDetails(key) {
  const row = SOURCES.place.get(key);
  return row === undefined ? null : headed("Source", SOURCES.name(row), cellsOf(SOURCES, "sources", row, ["title"]));
}

const FLOW_AT = new Map(Array.from({ length: FLOWS.rows }, (_, row) => [ROW_NO(row), row]));
