// What the reader has chosen, and the same in the address behind #, so that a link opens the same view.
const FACETS = ["category", "vendor", "section", "company", "basis", "evidence", "gap"];
const TABLES = { flows: FLOWS, vendors: VENDORS, categories: CATEGORIES, activities: ACTIVITIES, gaps: FINDINGS, sources: SOURCES };
const TOPS = ["", "20", "40", "60", "100"];

function fresh() {
  const state = { q: "", tab: "flows", sort: "", desc: false, page: 0, all: false, sel: "", top: "", part: 0, rest: true, outline: false };
  for (const facet of FACETS) state[facet] = [];
  return state;
}

function toHash(state) {
  const parts = [];
  const add = (key, value) => parts.push(`${key}=${encodeURIComponent(value)}`);
  for (const facet of FACETS) for (const key of state[facet]) add(facet, key);
  if (state.q) add("q", state.q);
  if (state.sel) add("sel", state.sel);
  if (state.tab !== "flows") add("table", state.tab);
  if (state.sort) add("sort", state.sort);
  if (state.sort && state.desc) add("desc", "1");
  if (state.page) add("page", state.page + 1);
  if (state.all) add("columns", "all");
  if (state.top) add("top", state.top);
  if (state.part) add("part", state.part + 1);
  if (!state.rest) add("rest", "0");
  if (state.outline) add("gaps", "1");
  return parts.join("&");
}

function fromHash(hash) {
  const state = fresh();
  let asked;
  try {
    asked = new URLSearchParams(hash.replace(/^#/, ""));
  } catch {
    return state;
  }
  for (const facet of FACETS) state[facet] = [...new Set(asked.getAll(facet))].filter((key) => VALUES[facet].place.has(key));
  state.q = (asked.get("q") ?? "").slice(0, 200);
  state.sel = asked.get("sel") ?? "";
  if (Object.keys(TABLES).includes(asked.get("table"))) state.tab = asked.get("table");
  if (TABLES[state.tab].columns.some((column) => column.name === asked.get("sort"))) state.sort = asked.get("sort");
  state.desc = asked.get("desc") === "1";
  state.page = Math.max(0, (Number.parseInt(asked.get("page") ?? "1", 10) || 1) - 1);
  state.all = asked.get("columns") === "all";
  if (TOPS.includes(asked.get("top") ?? "")) state.top = asked.get("top") ?? "";
  state.part = Math.max(0, (Number.parseInt(asked.get("part") ?? "1", 10) || 1) - 1);
  state.rest = asked.get("rest") !== "0";
  state.outline = asked.get("gaps") === "1";
  return state;
}

// Each facet's values in the order to offer them, and for each row its value's place (-1: none of them).
const VALUES = (() => {
  const found = {};
  const make = (keys, labels) => ({
    keys,
    labels: labels.map((label) => label.replace(STEERING, "")),
    place: new Map(keys.map((key, at) => [key, at])),
  });
  for (const [facet, table] of [
    ["category", CATEGORIES],
    ["vendor", VENDORS],
  ])
    found[facet] = make(table.keys, table.labels);
  for (const facet of ["section", "company", "basis", "evidence"]) {
    found[facet] = make(
      DATA.facets[facet].map((value) => value[0]),
      DATA.facets[facet].map((value) => value[1]),
    );
    found[facet].cell = new Map(DATA.facets[facet].map((value, at) => [value[2], at]));
  }
  found.gap = make(
    DATA.rules.map((rule) => rule.code),
    DATA.rules.map((rule) => rule.title),
  );
  return found;
})();
