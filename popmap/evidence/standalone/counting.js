// How many flows each value of a facet has under the other filters, and the filter in English.
function countsOf(state, facet) {
  const flows = flowsMeeting(state, [facet]);
  const counts = new Array(VALUES[facet].keys.length).fill(0);
  const hit = facet === "gap" ? rulesOfPairs() : null;
  for (let row = 0; row < flows.length; row++) {
    if (!flows[row]) continue;
    if (facet === "category" || facet === "vendor") counts[FLOWS[facet][row]]++;
    else if (facet === "section" || facet === "company") counts[VENDOR_PLACES[facet][FLOWS.vendor[row]]]++;
    else if (facet === "gap") for (const rule of hit(row)) counts[rule]++;
    else counts[FLOW_PLACES[facet][row]]++;
  }
  return counts;
}

// The rules that hit a flow, its vendor or its category.
function rulesOfPairs() {
  const known = new Map();
  return (row) => {
    const key = `${FLOWS.category[row]}/${FLOWS.vendor[row]}/${DATA.flows.pattern[row]}`;
    if (!known.has(key))
      known.set(
        key,
        new Set([...FLOWS.rules(row), ...(CATEGORIES.rules[FLOWS.category[row]] ?? []), ...(VENDORS.rules[FLOWS.vendor[row]] ?? [])]),
      );
    return known.get(key);
  };
}

function inEnglish(state) {
  const names = (facet) =>
    listed(
      state[facet].filter((key) => key !== BLANK).map((key) => VALUES[facet].labels[VALUES[facet].place.get(key)]),
      "or",
    );
  const phrase = (facet, before, blank) =>
    [names(facet) && `${before}${names(facet)}`, state[facet].includes(BLANK) && blank].filter(Boolean).join(" or ");
  const target = names("vendor") || (state.section.length || state.company.length ? "vendors" : "every vendor");
  const first = [
    `${names("category") || "Every category"} to ${target}`,
    phrase("section", "in ", "under no stated section"),
    phrase("company", "of ", "of no stated company"),
  ];
  const rest = [
    phrase("basis", "on ", "on no stated legal basis"),
    phrase("evidence", "with evidence ", ""),
    phrase("gap", "with the gap ", ""),
  ];
  return [first.filter(Boolean).join(" "), ...rest.filter(Boolean), ...(state.q ? [`mentioning “${state.q}”`] : [])].join(", ");
}

// What the map draws: the bands between categories and vendors, with the smaller nodes merged into "Other" (place -2; -1 is not stated).
const OTHER = -2;

function counts(rows, ends) {
  const found = new Map();
  for (const row of rows) found.set(ends[row], (found.get(ends[row]) ?? 0) + 1);
  return found;
}

function ranked(found, table) {
  return [...found.keys()]
    .filter((at) => at >= 0)
    .sort((one, two) => found.get(two) - found.get(one) || COLLATOR.compare(table.labels[one], table.labels[two]) || one - two);
}

// Merging one single node would hide its name for nothing.
function keptOf(order, most, part) {
  if (order.length <= most + 1) return order;
  return order.slice(part * most, part * most + most);
}

function drawn(rows, state) {
  const [ofCategories, ofVendors] = [counts(rows, FLOWS.category), counts(rows, FLOWS.vendor)];
  const [categories, vendors] = [ranked(ofCategories, CATEGORIES), ranked(ofVendors, VENDORS)];
  let most = state.top ? Number(state.top) : 60;
  let made;
  for (;;) {
    const parts = vendors.length <= most + 1 ? 1 : Math.ceil(vendors.length / most);
    const part = Math.min(state.part, parts - 1);
    made = { most, parts, part, ...merged(rows, keptOf(categories, most, 0), keptOf(vendors, most, part), state.rest) };
    // A map stops being readable near 200 bands; without a wish of the reader's, fewer nodes are named until it can be read.
    if (state.top || most <= 8 || made.bands.length <= 135) break;
    most = Math.floor((most * 4) / 5);
  }
  return { ...made, categoryOrder: categories, vendorOrder: vendors, flows: rows.length };
}

function merged(rows, categories, vendors, rest) {
  const [left, right] = [new Set(categories), new Set(vendors)];
  const bands = new Map();
  const others = { category: new Set(), vendor: new Set() };
  let leftOut = 0;
  for (const row of rows) {
    let [category, vendor] = [FLOWS.category[row], FLOWS.vendor[row]];
    if (category >= 0 && !left.has(category)) {
      others.category.add(category);
      category = OTHER;
    }
    if (vendor >= 0 && !right.has(vendor)) {
      others.vendor.add(vendor);
      vendor = OTHER;
    }
    if (!rest && (category === OTHER || vendor === OTHER)) {
      leftOut++;
      continue;
    }
    const key = `${category}/${vendor}`;
    let band = bands.get(key);
    if (!band) bands.set(key, (band = { category, vendor, flows: 0, unproven: 0, flagged: 0, rows: [] }));
    band.flows++;
    band.rows.push(row);
    if (EVIDENCE_OF(row) === "none") band.unproven++;
    if (FLOWS.rules(row).length) band.flagged++;
  }
  return { bands: [...bands.values()], others, leftOut };
}

const EVIDENCE_OF = named(FLOWS, "evidence_status").cell;
