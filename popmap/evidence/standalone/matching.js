// Which rows meet what is asked: values of one facet are alternatives, the facets together must all hold.
const VENDOR_PLACES = Object.fromEntries(
  ["section", "company"].map((facet) => {
    const { cell } = named(VENDORS, facet);
    return [facet, VENDORS.keys.map((_, at) => VALUES[facet].cell.get(cell(at)) ?? -1)];
  }),
);
const FLOW_PLACES = Object.fromEntries(
  [
    ["basis", "legal_basis"],
    ["evidence", "evidence_status"],
  ].map(([facet, name]) => {
    const { held } = named(FLOWS, name);
    const of = held.values.map((value) => VALUES[facet].cell.get(value) ?? -1);
    const place = placer(held);
    const blank = VALUES[facet].cell.get(null) ?? -1;
    return [facet, Array.from({ length: FLOWS.rows }, (_, row) => (place(row) < 0 ? blank : of[place(row)]))];
  }),
);
// Texts of flows that a search looks through, each value once.
const SEARCHED = ["purpose", "condition"]
  .map((name) => named(FLOWS, name).held)
  .map((held) => ({ texts: held.values.map(plain), place: placer(held) }));
const QUOTED = [...QUOTES.of.flows].map(([row, quotes]) => [row, plain(quotes.map((quote) => quote.quote ?? "").join(" "))]);

function chosen(facet, keys) {
  const wanted = new Uint8Array(VALUES[facet].keys.length);
  for (const key of keys) wanted[VALUES[facet].place.get(key)] = 1;
  return wanted;
}

// Returns which flows meet a state, leaving out some facets.
function flowsMeeting(state, without = []) {
  const asked = (facet) => !without.includes(facet) && state[facet].length > 0;
  const kept = new Uint8Array(FLOWS.rows).fill(1);
  const test = (meets) => {
    for (let row = 0; row < kept.length; row++) if (kept[row] && !meets(row)) kept[row] = 0;
  };
  for (const [facet, ends] of [
    ["category", FLOWS.category],
    ["vendor", FLOWS.vendor],
  ])
    if (asked(facet)) {
      const wanted = chosen(facet, state[facet]);
      test((row) => ends[row] >= 0 && wanted[ends[row]]);
    }
  for (const facet of ["section", "company"])
    if (asked(facet)) {
      const wanted = chosen(facet, state[facet]);
      test((row) => FLOWS.vendor[row] >= 0 && wanted[VENDOR_PLACES[facet][FLOWS.vendor[row]]]);
    }
  for (const facet of ["basis", "evidence"])
    if (asked(facet)) {
      const wanted = chosen(facet, state[facet]);
      test((row) => wanted[FLOW_PLACES[facet][row]]);
    }
  if (asked("gap")) {
    // A flow has a gap when it, its vendor or its category has the finding.
    const wanted = chosen("gap", state.gap);
    const hit = (rules) => rules.some((rule) => wanted[rule]);
    const [pattern, ofCategory, ofVendor] = [DATA.flows.patterns.map(hit), CATEGORIES.rules.map(hit), VENDORS.rules.map(hit)];
    test((row) => pattern[DATA.flows.pattern[row]] || ofCategory[FLOWS.category[row]] || ofVendor[FLOWS.vendor[row]]);
  }
  if (state.q && !without.includes("q")) {
    const words = plain(state.q).trim();
    const [ofCategory, ofVendor] = [CATEGORIES, VENDORS].map((table) => table.search.map((text) => text.includes(words)));
    const texts = SEARCHED.map(({ texts, place }) => ({ hit: texts.map((text) => text.includes(words)), place }));
    const quoted = new Set(QUOTED.filter(([, text]) => text.includes(words)).map(([row]) => row));
    test(
      (row) =>
        ofCategory[FLOWS.category[row]] ||
        ofVendor[FLOWS.vendor[row]] ||
        texts.some(({ hit, place }) => hit[place(row)]) ||
        quoted.has(row),
    );
  }
  return kept;
}

// Returns which vendors or categories meet a state; one without any flow does as long as nothing is asked of flows.
function endsMeeting(state, table) {
  const ofVendors = table === VENDORS;
  const own = ofVendors ? ["vendor", "section", "company"] : ["category"];
  const ends = ofVendors ? FLOWS.vendor : FLOWS.category;
  const others = FACETS.filter((facet) => !own.includes(facet) && facet !== "gap" && state[facet].length);
  const flows = flowsMeeting(state, [...own, "gap"]);
  const words = plain(state.q).trim();
  const reached = new Uint8Array(table.every);
  if (!others.length && !words) reached.fill(1);
  for (let row = 0; row < flows.length; row++) if (flows[row] && ends[row] >= 0) reached[ends[row]] = 1;
  if (words && !others.length)
    table.search.forEach((text, at) => {
      if (text.includes(words)) reached[at] = 1;
    });
  if (state.gap.length) {
    const wanted = chosen("gap", state.gap);
    const hit = new Uint8Array(table.every);
    for (let row = 0; row < flows.length; row++)
      if (flows[row] && ends[row] >= 0 && FLOWS.rules(row).some((rule) => wanted[rule])) hit[ends[row]] = 1;
    for (let at = 0; at < table.every; at++) reached[at] = (reached[at] && table.rules[at].some((rule) => wanted[rule])) || hit[at] ? 1 : 0;
  }
  for (const facet of own)
    if (state[facet].length) {
      const wanted = chosen(facet, state[facet]);
      for (let at = 0; at < table.every; at++)
        if (!wanted[facet === "vendor" || facet === "category" ? at : VENDOR_PLACES[facet][at]]) reached[at] = 0;
    }
  return reached;
}

function places(flags, most = flags.length) {
  const found = [];
  for (let at = 0; at < most; at++) if (flags[at]) found.push(at);
  return found;
}

// Returns the rows of each table that meet a state, and which flows do.
function matching(state) {
  const flows = flowsMeeting(state);
  const [vendors, categories] = [endsMeeting(state, VENDORS), endsMeeting(state, CATEGORIES)];
  const any = Boolean(state.q) || FACETS.some((facet) => state[facet].length);
  const rest = { ...state, gap: [] };
  const narrowed = Boolean(state.q) || FACETS.some((facet) => facet !== "gap" && state[facet].length);
  const [gapFlows, gapVendors, gapCategories] = state.gap.length
    ? [flowsMeeting(rest), endsMeeting(rest, VENDORS), endsMeeting(rest, CATEGORIES)]
    : [flows, vendors, categories];
  const rules = state.gap.length ? chosen("gap", state.gap) : null;
  const gaps = [];
  for (let row = 0; row < FINDINGS.rows; row++) {
    if (rules && !rules[FINDINGS.rule[row]]) continue;
    const flow = FINDINGS.about[row];
    if (flow >= 0 ? gapFlows[flow] : shownFinding(row, gapVendors, gapCategories, narrowed)) gaps.push(row);
  }
  const activities = [];
  for (let row = 0; row < ACTIVITIES.rows; row++)
    if (!any || ACTIVITIES.concerned[row].some((key) => categories[CATEGORIES.place.get(key) ?? -1])) activities.push(row);
  const all = {
    flows: places(flows),
    vendors: places(vendors, VENDORS.rows),
    categories: places(categories, CATEGORIES.rows),
    activities,
    gaps,
    sources: Array.from({ length: SOURCES.rows }, (_, row) => row),
  };
  return { rows: all, flows };
}

function shownFinding(row, vendors, categories, narrowed) {
  const [table, key] = FINDINGS.target(row);
  if (table === "vendors" || table === "categories") {
    const at = (table === "vendors" ? VENDORS : CATEGORIES).place.get(key);
    return at === undefined ? !narrowed : (table === "vendors" ? vendors : categories)[at];
  }
  return !narrowed;
}
