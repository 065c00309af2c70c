// Where everything on the map stands, in pixels: two columns of nodes, and bands as thick as their flows.
const NODE_WIDTH = 14,
  TOP = 40,
  BOTTOM = 14,
  SIDE = 8,
  LABEL_GAP = 8,
  MOST_UNIT = 16,
  INK = 420;
const LEADING = 1.32,
  MOST_LABEL = 0.27,
  MOST_GAP = 22;
const GAPS = [
  [13, 8, 26],
  [12, 5, 40],
  [11, 3, Infinity],
];

function arranged(shown) {
  const nodes = { category: new Map(), vendor: new Map() };
  for (const band of shown.bands)
    for (const side of ["category", "vendor"]) {
      const at = band[side];
      if (!nodes[side].has(at)) nodes[side].set(at, { side, at, id: `${side}:${at}`, flows: 0, bands: [] });
      const node = nodes[side].get(at);
      node.flows += band.flows;
      node.bands.push(band);
    }
  const label = (node) => {
    const table = node.side === "category" ? CATEGORIES : VENDORS;
    return node.at === OTHER ? `Other (${shown.others[node.side].size})` : node.at < 0 ? "Not stated" : table.labels[node.at];
  };
  const sides = ["category", "vendor"].map((side) => [...nodes[side].values()]);
  for (const node of sides.flat()) node.label = label(node);
  return ordered(sides, shown.bands, nodes);
}

function ordered(sides, bands, nodes) {
  for (const band of bands) {
    band.left = nodes.category.get(band.category);
    band.right = nodes.vendor.get(band.vendor);
  }
  const last = (node) => (node.at === OTHER ? 1 : 0);
  const named = (one, two) => last(one) - last(two) || COLLATOR.compare(one.label, two.label) || one.at - two.at;
  let best = null;
  for (const start of [named, (one, two) => last(one) - last(two) || two.flows - one.flows || named(one, two)]) {
    const columns = sides.map((side) => [...side].sort(start));
    for (let turn = 0; turn < 12; turn++) {
      const moving = turn % 2 ? 0 : 1;
      columns[1 - moving].forEach((node, place) => {
        node.place = place;
      });
      const far = moving ? "left" : "right";
      for (const node of columns[moving]) node.pull = node.bands.reduce((sum, band) => sum + band[far].place * band.flows, 0) / node.flows;
      columns[moving].sort((one, two) => last(one) - last(two) || one.pull - two.pull || named(one, two));
      const crossing = crossings(columns, bands);
      if (!best || crossing < best.crossing) best = { crossing, columns: columns.map((column) => [...column]) };
      if (!crossing) break;
    }
  }
  return best ? best.columns : [[], []];
}

function crossings(columns, bands) {
  for (const column of columns)
    column.forEach((node, place) => {
      node.place = place;
    });
  const order = [...bands].sort((one, two) => one.left.place - two.left.place || one.right.place - two.right.place);
  // Flows that have already arrived further down, per band in the order of where they start: a tree of sums counts them.
  const size = columns[1].length + 1;
  const sums = new Float64Array(size + 1);
  const upTo = (place) => {
    let sum = 0;
    for (let at = place; at > 0; at -= at & -at) sum += sums[at];
    return sum;
  };
  let [total, crossed] = [0, 0];
  for (const band of order) {
    crossed += band.flows * (total - upTo(band.right.place + 1));
    total += band.flows;
    for (let at = band.right.place + 1; at <= size; at += at & -at) sums[at] += band.flows;
  }
  return crossed;
}

function laidOut(shown, width, measure) {
  const columns = arranged(shown);
  const most = Math.max(...columns.map((column) => column.length), 1);
  const [font, gap] = GAPS.find(([, , limit]) => most <= limit);
  const line = font * LEADING;
  const unit = Math.min(MOST_UNIT, INK / Math.max(1, shown.flows - shown.leftOut));
  const need = (column, unit) =>
    column.reduce((sum, node) => sum + Math.max(node.flows * unit, line), 0) + gap * Math.max(0, column.length - 1);
  const room = Math.max(180, ...columns.map((column) => Math.max(need(column, unit), 1.12 * need(column, 0))));
  const height = Math.ceil(room + TOP + BOTTOM);
  const labels = columns.map((column) =>
    Math.min(width * MOST_LABEL, Math.max(60, ...column.map((node) => measure(node.label, font) + 2))),
  );
  const starts = [Math.round(SIDE + labels[0] + LABEL_GAP), Math.round(width - SIDE - labels[1] - LABEL_GAP - NODE_WIDTH)];
  const anchor = need(columns[1], unit) >= need(columns[0], unit) ? 1 : 0;
  for (const side of [anchor, 1 - anchor])
    stood(columns[side], side === anchor, { unit, line, gap, room, need: need(columns[side], unit) });
  columns.forEach((column, side) => {
    for (const node of column) {
      const half = (node.flows * unit) / 2;
      Object.assign(node, { x0: starts[side], x1: starts[side] + NODE_WIDTH, y0: TOP + node.centre - half, y1: TOP + node.centre + half });
      node.text = fitted(node.label, labels[side], font, measure);
      node.labelX = side ? node.x1 + LABEL_GAP : node.x0 - LABEL_GAP;
    }
  });
  banded(columns, unit);
  return { width, height, font, line, columns, labels, bands: columns[0].flatMap((node) => node.bands), starts };
}

// The fuller column is spread over the height; the other's nodes are drawn towards what they are joined to.
function stood(column, spread, { unit, line, gap, room, need }) {
  const space = gap + Math.min(MOST_GAP - gap, Math.max(0, room - need) / Math.max(1, column.length - 1));
  let end = 0;
  const offsets = column.map((node) => {
    const slot = Math.max(node.flows * unit, line);
    const middle = end + slot / 2;
    end += slot + space;
    return middle;
  });
  const slack = Math.max(0, room - (end - space));
  const far = (node) =>
    node.bands.reduce((sum, band) => sum + (node.side === "vendor" ? band.left : band.right).centre * band.flows, 0) / node.flows;
  // Pooling adjacent violators: the non-decreasing shifts nearest to those wanted.
  const blocks = [];
  column.forEach((node, at) => {
    blocks.push([spread ? slack / 2 : far(node) - offsets[at], node.flows, 1]);
    while (blocks.length > 1 && blocks[blocks.length - 2][0] >= blocks[blocks.length - 1][0]) {
      const [two, one] = [blocks.pop(), blocks.pop()];
      blocks.push([(one[0] * one[1] + two[0] * two[1]) / (one[1] + two[1]), one[1] + two[1], one[2] + two[2]]);
    }
  });
  let at = 0;
  for (const [shift, , size] of blocks)
    for (let step = 0; step < size; step++, at++) column[at].centre = offsets[at] + Math.min(Math.max(shift, 0), slack);
}

function banded(columns, unit) {
  const ends = new Map(columns[1].map((node) => [node, node.y0]));
  columns[1].forEach((node, place) => {
    node.place = place;
  });
  for (const node of columns[0]) {
    let y = node.y0;
    node.bands.sort((one, two) => one.right.place - two.right.place);
    for (const band of node.bands) {
      const thick = band.flows * unit;
      Object.assign(band, { x0: node.x1, y0: y, x1: band.right.x0, y1: ends.get(band.right), thick });
      y += thick;
      ends.set(band.right, ends.get(band.right) + thick);
    }
  }
  columns[0].forEach((node, place) => {
    node.place = place;
  });
  for (const node of columns[1]) node.bands.sort((one, two) => one.left.place - two.left.place);
}

function outline(band) {
  let thick = Math.max(band.thick, 0.7);
  if (thick > 4) thick -= 0.8;
  const shift = band.thick / 2 - thick / 2;
  const [run, middle] = [band.x1 - band.x0, (band.x0 + band.x1) / 2];
  // The bends are shifted apart so that a steep band looks nearly as thick as a level one.
  const lean = Math.max(-run / 4, Math.min(run / 4, thick * 0.4 * Math.tan(Math.atan2(2 * (band.y1 - band.y0), run) / 2)));
  const [above, below] = [middle + lean, middle - lean].map(short);
  const [x0, x1, a, b, c, d] = [band.x0, band.x1, band.y0 + shift, band.y1 + shift, band.y0 + shift + thick, band.y1 + shift + thick].map(
    short,
  );
  return `M${x0},${a}C${above},${a} ${above},${b} ${x1},${b}V${d}C${below},${d} ${below},${c} ${x0},${c}Z`;
}

function short(value) {
  return Number(value.toFixed(1));
}

function fitted(text, room, font, measure) {
  if (measure(text, font) <= room) return text;
  // A letter and its accents stay together where the browser can tell.
  const parts = Intl.Segmenter ? [...new Intl.Segmenter("en").segment(text)].map((part) => part.segment) : Array.from(text);
  const letters = parts.slice(0, 200);
  let [low, high] = [0, letters.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(`${letters.slice(0, middle).join("")}…`, font) <= room) low = middle;
    else high = middle - 1;
  }
  return `${letters.slice(0, low).join("").trimEnd()}…`;
}
