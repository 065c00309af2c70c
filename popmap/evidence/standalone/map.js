// The data map as SVG: nodes and bands are buttons; what is selected keeps its colour and the rest fades.
const CANVAS = document.createElement("canvas").getContext("2d");
const WIDTHS = new Map();

function measure(text, font) {
  const key = `${font}/${text}`;
  if (!WIDTHS.has(key)) {
    CANVAS.font = `${font}px ${getComputedStyle(document.body).fontFamily}`;
    WIDTHS.set(key, CANVAS.measureText(text).width);
  }
  return WIDTHS.get(key);
}

function colourOf(at) {
  const place = at >= 0 ? DATA.categories.colours[at] : 99;
  return place < 16 ? `c${place}` : "cx";
}

// How a node or band is written in the address: by keys, so that a link survives another filter.
function nodeKey(node) {
  return `${node.side}:${node.at === OTHER ? "*" : node.at < 0 ? "" : (node.side === "category" ? CATEGORIES : VENDORS).keys[node.at]}`;
}

function bandKey(band) {
  return `band:${encodeURIComponent(nodeKey(band.left).slice(9))}/${encodeURIComponent(nodeKey(band.right).slice(7))}`;
}

// What of the map a selection stands for: of a flow, its band.
function onMap(layout, selected) {
  if (!selected.startsWith("flow:")) return selected;
  const row = FLOW_AT.get(Number(selected.slice(5)));
  const band = layout.bands.find((one) => one.rows.includes(row));
  return band ? bandKey(band) : "";
}

function related(layout, selected) {
  const bands = layout.bands.filter(
    (band) => selected === bandKey(band) || selected === nodeKey(band.left) || selected === nodeKey(band.right),
  );
  return bands.length ? new Set(bands.flatMap((band) => [band, band.left, band.right])) : null;
}

function drawMap(frame, shown, state, select, width = frame.clientWidth) {
  const layout = laidOut(shown, Math.max(320, width), measure);
  const active = related(layout, onMap(layout, state.sel));
  const focused = document.activeElement?.dataset?.key;
  const faded = (one) => (active && !active.has(one) ? " faded" : "");
  const bands = layout.bands.map((band) => bandButton(band, state, select, faded(band)));
  const nodes = layout.columns.flat().map((node) => nodeButton(node, layout, state, select, faded(node)));
  const heads = ["Categories", "Vendors"].map((text, side) =>
    svgEl(
      "text",
      {
        x: side ? layout.starts[1] : layout.starts[0] + NODE_WIDTH,
        y: 20,
        class: "head",
        "text-anchor": side ? "start" : "end",
      },
      text,
    ),
  );
  const picture = svgEl(
    "svg",
    {
      width: layout.width,
      height: layout.height,
      viewBox: `0 0 ${layout.width} ${layout.height}`,
      role: "group",
      "aria-label": "Data map: categories of personal data on the left, vendors that receive them on the right",
      "font-size": layout.font,
    },
    svgEl("g", { "aria-hidden": "true" }, heads),
    bands,
    nodes,
  );
  wired(picture, layout);
  frame.replaceChildren(shown.flows ? picture : el("p", { class: "empty" }, "No flow meets this filter."));
  if (focused) [...picture.querySelectorAll("[data-key]")].find((one) => one.dataset.key === focused)?.focus({ preventScroll: true });
}

function pressed(select, key) {
  return {
    onclick: () => select(key),
    onkeydown: (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        select(key);
      }
    },
  };
}

function bandButton(band, state, select, faded) {
  const key = bandKey(band);
  const flows = counted(band.flows, "flow", "flows");
  const gaps = [
    band.unproven && `${amount(band.unproven)} without evidence`,
    band.flagged && `${amount(band.flagged)} with findings`,
  ].filter(Boolean);
  const words = `${band.left.label} → ${band.right.label}: ${flows}${gaps.length ? `, ${gaps.join(", ")}` : ""}`;
  const mark = !state.outline ? "" : `${band.unproven ? " unproven" : ""}${band.flagged ? " flagged" : ""}`;
  return svgEl(
    "g",
    {
      class: `band${faded}${mark}`,
      role: "button",
      tabindex: "-1",
      "data-key": key,
      "aria-label": words,
      "aria-pressed": String(state.sel === key),
      ...pressed(select, key),
    },
    svgEl("title", {}, words),
    svgEl("path", { d: outline(band), class: colourOf(band.category) }),
  );
}

function nodeButton(node, layout, state, select, faded) {
  const key = nodeKey(node);
  const right = node.side === "vendor";
  const flows = counted(node.flows, "flow", "flows");
  const ends = right ? counted(node.bands.length, "category", "categories") : counted(node.bands.length, "vendor", "vendors");
  const words = `${node.label}: ${right ? "vendor" : "category"}, ${flows} ${right ? "from" : "to"} ${ends}`;
  const height = Math.max(node.y1 - node.y0, 1.4);
  const middle = (node.y0 + node.y1) / 2;
  const tall = Math.max(height, layout.line);
  const side = layout.labels[right ? 1 : 0] + LABEL_GAP;
  const look = node.at === OTHER ? "other" : node.at < 0 ? "unstated" : right ? "recipient" : colourOf(node.at);
  const mark = state.outline && node.at >= 0 && (right ? VENDORS : CATEGORIES).rules[node.at].length ? " flagged" : "";
  return svgEl(
    "g",
    {
      class: `node${faded}${mark}`,
      role: "button",
      tabindex: "0",
      "data-key": key,
      "aria-label": words,
      "aria-pressed": String(state.sel === key),
      ...pressed(select, key),
    },
    svgEl("title", {}, words),
    svgEl("rect", {
      class: "hit",
      x: right ? node.x0 - 4 : node.x0 - side,
      y: middle - tall / 2,
      width: NODE_WIDTH + side + 4,
      height: tall,
      rx: 3,
    }),
    svgEl("rect", { class: `node-bar ${look}`, x: node.x0, y: short(middle - height / 2), width: NODE_WIDTH, height: short(height) }),
    svgEl(
      "text",
      { x: node.labelX, y: short(middle + layout.font * 0.35), "text-anchor": right ? "start" : "end" },
      node.text.replace(STEERING, ""),
    ),
  );
}

// Arrow keys walk the map: up and down within a column or among a node's bands, left and right along a band.
function wired(picture, layout) {
  const keyed = new Map([...picture.querySelectorAll("[data-key]")].map((one) => [one.dataset.key, one]));
  const nodes = new Map(layout.columns.flat().map((node) => [nodeKey(node), node]));
  const bands = new Map(layout.bands.map((band) => [bandKey(band), band]));
  picture.addEventListener("keydown", (event) => {
    const key = event.target.dataset?.key;
    const [node, band] = [nodes.get(key), bands.get(key)];
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    let next = null;
    if (step && node) next = layout.columns[node.side === "vendor" ? 1 : 0][node.place + step];
    else if (step && band) {
      const among = band.left.bands;
      next = among[among.indexOf(band) + step];
    } else if (event.key === "ArrowRight") next = band ? band.right : node?.side === "category" ? node.bands[0] : null;
    else if (event.key === "ArrowLeft") next = band ? band.left : node?.side === "vendor" ? node.bands[0] : null;
    if (!next) return;
    event.preventDefault();
    keyed.get("left" in next ? bandKey(next) : nodeKey(next))?.focus();
  });
}
