// The register's rows as read from the page: each table's columns with a reader for their cells. null stands for not stated.
const DATA = JSON.parse(document.getElementById("data").textContent);
const BLANK = "not-stated";
// Characters that only steer the bidirectional algorithm can make a name read as another name.
const STEERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function amount(number) {
  return number.toLocaleString("en");
}

function counted(number, one, many) {
  return `${amount(number)} ${number === 1 ? one : many}`;
}

function listed(names, word = "and") {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${word} ${names[names.length - 1]}`;
}

function reader(held) {
  if (held.numbers) return (row) => held.numbers[row];
  if (!held.values) return () => null;
  if ("all" in held) {
    const only = held.all < 0 ? null : held.values[held.all];
    return () => only;
  }
  return (row) => (held.at[row] < 0 ? null : held.values[held.at[row]]);
}

// The place of a row's cell among a column's values, -1 for not stated.
function placer(held) {
  return "all" in held ? () => held.all : (row) => held.at[row];
}

// Countries stand in the register as codes; people read names.
function countries(cell) {
  const known = new Map();
  const words = (codes) =>
    codes
      .split(";")
      .map((code) => DATA.countries[code.trim()] ?? code.trim())
      .join("; ");
  return (row) => {
    const codes = cell(row);
    if (codes === null) return null;
    if (!known.has(codes)) known.set(codes, words(codes));
    return known.get(codes);
  };
}

function columnsOf(held) {
  return held.columns.map((column) => {
    const cell = ["locations", "country"].includes(column.name) ? countries(reader(column)) : reader(column);
    return { ...column, cell, held: column, kind: /(_url|^website|^url)$/.test(column.name) ? "link" : "text" };
  });
}

function named(table, name) {
  return table.columns.find((column) => column.name === name);
}

function endTable(held, kind, title) {
  const table = {
    kind,
    title,
    columns: columnsOf(held),
    rows: held.listed,
    every: held.rows,
    keys: held.keys,
    labels: held.labels.map((label) => label.replace(STEERING, "")),
    rules: held.rules,
  };
  table.place = new Map(held.keys.map((key, at) => [key, at]));
  table.label = (at) => (at < 0 ? null : table.labels[at]);
  const spelled = ["name", "published_as", "legal_name", "company"].map((name) => named(table, name)).filter(Boolean);
  table.search = held.keys.map((key, at) =>
    plain([key, ...spelled.map((column) => column.cell(at) ?? ""), ...(held.aliases[key] ?? [])].join(" ")),
  );
  table.aliases = held.aliases;
  table.name = (row) => table.labels[row];
  return table;
}

const CATEGORIES = endTable(DATA.categories, "category", "Categories");
const VENDORS = endTable(DATA.vendors, "vendor", "Vendors");

function flowTable(held) {
  const table = { kind: "flow", title: "Flows", rows: held.rows, columns: columnsOf(held) };
  const ofVendor = (name) => (row) => (held.vendor[row] < 0 ? null : named(VENDORS, name).cell(held.vendor[row]));
  const found = {
    category: (row) => CATEGORIES.label(held.category[row]),
    vendor: (row) => VENDORS.label(held.vendor[row]),
    section: ofVendor("section"),
    company: ofVendor("company"),
    role: ofVendor("role"),
    category_id: (row) => CATEGORIES.keys[held.category[row]] ?? null,
    vendor_id: (row) => VENDORS.keys[held.vendor[row]] ?? null,
    findings: (row) => held.patterns[held.pattern[row]].length,
  };
  const purpose = named(table, "purpose");
  found.row_id = (row) => [found.category_id(row) ?? "", found.vendor_id(row) ?? "", purpose.cell(row) ?? ""].join("/");
  for (const column of table.columns) if (found[column.name]) column.cell = found[column.name];
  table.rules = (row) => held.patterns[held.pattern[row]];
  table.name = (row) => `${found.category(row) ?? "not stated"} → ${found.vendor(row) ?? "not stated"}`;
  return table;
}

const FLOWS = flowTable(DATA.flows);
FLOWS.category = DATA.flows.category;
FLOWS.vendor = DATA.flows.vendor;
const ROW_NO = named(FLOWS, "row_no").cell;

const ACTIVITIES = { kind: "activity", title: "Processing activities", rows: DATA.activities.rows, columns: columnsOf(DATA.activities) };
ACTIVITIES.name = (row) => named(ACTIVITIES, "name").cell(row) ?? named(ACTIVITIES, "activity_id").cell(row) ?? "not stated";
ACTIVITIES.concerned = DATA.activities.concerned;
const SOURCES = { kind: "source", title: "Sources", rows: DATA.sources.rows, columns: columnsOf(DATA.sources) };
SOURCES.name = (row) => named(SOURCES, "title").cell(row) ?? named(SOURCES, "id").cell(row);
SOURCES.place = new Map(Array.from({ length: SOURCES.rows }, (_, row) => [named(SOURCES, "id").cell(row), row]));

// Findings: those of flows are read off each flow's rules, the others stand in the data.
function findingTable(held) {
  const table = { kind: "finding", title: "Gaps", columns: columnsOf(held) };
  const rules = [];
  const about = [];
  held.rule.forEach((rule, row) => {
    rules.push(rule);
    about.push(-1 - row);
  });
  const wanted = DATA.asked_rules.length ? new Set(DATA.asked_rules) : null;
  for (let row = 0; row < FLOWS.rows; row++)
    for (const rule of FLOWS.rules(row))
      if (!wanted || wanted.has(rule)) {
        rules.push(rule);
        about.push(row);
      }
  const order = rules.map((_, at) => at).sort((one, two) => rules[one] - rules[two] || one - two);
  table.rule = order.map((at) => rules[at]);
  table.about = order.map((at) => about[at]);
  table.rows = order.length;
  table.flow = (row) => table.about[row];
  const own = {};
  for (const column of table.columns) {
    const { name, cell } = column;
    own[name] = cell;
    if (name in DATA.rules[0]) column.cell = (row) => DATA.rules[table.rule[row]][name] || null;
    else column.cell = (row) => (table.about[row] < 0 ? cell(-1 - table.about[row]) : ofFlow(name, table.about[row], table.rule[row]));
  }
  table.target = (row) =>
    table.about[row] < 0 ? [own.table_name(-1 - table.about[row]), own.row_id(-1 - table.about[row])] : ["flows", ""];
  table.name = (row) => DATA.rules[table.rule[row]].title;
  return table;
}

function ofFlow(name, flow, rule) {
  if (name === "table_name") return "flows";
  if (name === "row_no") return ROW_NO(flow);
  if (name === "row_id") return named(FLOWS, "row_id").cell(flow);
  if (name === "subject") return FLOWS.name(flow);
  if (name === "column_name") return DATA.rule_columns[rule] || null;
  return null;
}

const FINDINGS = DATA.rules.length
  ? findingTable(DATA.findings)
  : { kind: "finding", title: "Gaps", rows: 0, columns: columnsOf(DATA.findings), rule: [], about: [], name: () => "" };

FINDINGS.head = "title";

// The words that cells rest on, by table and row.
const QUOTES = (() => {
  const held = DATA.quotes;
  const cells = {};
  for (const name of ["of", "col", "status", "source_id", "locator", "quote", "checked_on", "checked_by"])
    cells[name] = held[name] ? reader(held[name]) : () => null;
  const of = { flows: new Map(), categories: new Map(), vendors: new Map(), activities: new Map() };
  const cited = new Map();
  for (let at = 0; at < held.rows; at++) {
    const quote = Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, cell(at)]));
    const rows = of[quote.of];
    if (!rows.has(held.row[at])) rows.set(held.row[at], []);
    rows.get(held.row[at]).push(quote);
    cited.set(quote.source_id, (cited.get(quote.source_id) ?? 0) + 1);
  }
  return { of, cited };
})();
SOURCES.columns.splice(1, 0, {
  name: "cited",
  label: "Quotes",
  help: "Cells shown on this page that cite it.",
  default: true,
  kind: "text",
  cell: (row) => QUOTES.cited.get(named(SOURCES, "id").cell(row)) ?? 0,
});
