// The page: one state, and one way to show it.
let state = fresh();
let view = null;
const read = () => state;
const menus = FACETS.map((facet) => facetMenu(facet, read, change));
const note = byId("idle").content;

function change(some, { keep = false, quiet = false } = {}) {
  const narrowing = FACETS.some((facet) => facet in some) || "q" in some;
  const moved = narrowing || "tab" in some || "sort" in some || "all" in some ? { page: 0 } : {};
  const turned = narrowing || "top" in some ? { part: 0 } : {};
  const other = "tab" in some ? { sort: "", desc: false } : {};
  state = { ...state, ...moved, ...turned, ...other, ...some };
  const hash = toHash(state);
  const way = quiet ? "replaceState" : "pushState";
  try {
    history[way](null, "", hash ? `#${hash}` : location.href.split("#")[0]);
  } catch {
    location.hash = hash;
  }
  show(keep ? [] : Object.keys(some));
}

function select(sel, reveal = false) {
  const narrow = matchMedia("(max-width: 60rem)").matches;
  change({ sel: state.sel === sel && !reveal ? "" : sel });
  if (reveal || narrow) {
    const head = byId("details").querySelector("h2");
    head?.focus({ preventScroll: true });
    byId("details").scrollIntoView({ block: "nearest" });
    byId("details").scrollTop = 0;
  }
}

function show() {
  view = { ...matching(state), change };
  view.shown = drawn(view.rows.flows, state);
  showFilter();
  drawMap(byId("map"), view.shown, state, select);
  showMapWords();
  showDetails();
  showTable();
}

function showFilter() {
  for (const menu of menus) menu.show();
  if (byId("q").value !== state.q && document.activeElement !== byId("q")) byId("q").value = state.q;
  const any = Boolean(state.q) || FACETS.some((facet) => state[facet].length);
  const sizes = [
    ["flows", "flow", "flows", FLOWS.rows],
    ["categories", "category", "categories", CATEGORIES.rows],
    ["vendors", "vendor", "vendors", VENDORS.rows],
  ].map(([name, one, many, all]) => `${any ? `${amount(view.rows[name].length)} of ` : ""}${counted(all, one, many)}`);
  byId("counts").textContent = `${sizes.join(", ")}${any ? "" : ": everything on this page"}`;
  byId("asked").textContent = any ? `${inEnglish(state)}.` : "";
  byId("clear").hidden = !any;
}

function showMapWords() {
  const { shown } = view;
  const parts = [];
  for (const [side, order] of [
    ["category", shown.categoryOrder],
    ["vendor", shown.vendorOrder],
  ]) {
    const many = DATA.facet_names[side][1];
    const merged = shown.others[side].size;
    if (!merged) continue;
    const flows = shown.bands.filter((band) => band[side] === OTHER).reduce((sum, band) => sum + band.flows, 0);
    const others = state.rest ? `together as Other (${counted(flows, "flow", "flows")})` : "are left out";
    parts.push(
      `${amount(order.length - merged)} of ${amount(order.length)} ${many} are drawn by name; the other ${amount(merged)} ${others}.`,
    );
  }
  if (shown.leftOut) parts.push(`${counted(shown.leftOut, "flow is", "flows are")} not drawn.`);
  if (parts.length) parts.push("The tables hold all of them.");
  byId("left-out").textContent = parts.join(" ");
  byId("parts").hidden = shown.parts < 2;
  const [first, all] = [shown.part * shown.most, shown.vendorOrder.length];
  byId("part").textContent = `Vendors ${amount(first + 1)}–${amount(Math.min(first + shown.most, all))} of ${amount(all)}`;
  byId("part-back").disabled = shown.part === 0;
  byId("part-on").disabled = shown.part >= shown.parts - 1;
  byId("size").hidden = byId("others").hidden = !parts.length && !state.top && state.rest;
  byId("top").value = state.top;
  byId("rest").checked = state.rest;
  byId("outline").checked = state.outline;
  byId("legend").hidden = !state.outline;
}

function showDetails() {
  const found = state.sel ? detailsOf(state.sel, view, select) : null;
  const close = button("Close", { class: "close" }, () => {
    const key = state.sel;
    select("");
    [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus();
  });
  const gone = state.sel && !found ? el("p", { class: "soft" }, "What was selected is not behind this filter.") : null;
  byId("details").replaceChildren(
    ...(found ? [close, ...found.parts.flat().filter(Boolean)] : [gone, ...idle(view, note.cloneNode(true))].filter(Boolean)),
  );
}

function showTable() {
  const { activeElement } = document;
  const mark = ["data-sort", "data-page"].map((name) => [name, activeElement?.getAttribute?.(name)]).find(([, value]) => value);
  byId("tabs").replaceChildren(...Object.entries(TABLES).map(([name, table]) => tab(name, table)));
  const table = TABLES[state.tab];
  byId("all").checked = state.all;
  byId("table").replaceChildren(...grid(table, view.rows[state.tab], state, { change, select }));
  if (mark)
    byId("table")
      .querySelector(`[${mark[0]}="${CSS.escape(mark[1])}"]`)
      ?.focus({ preventScroll: true });
}

function tab(name, table) {
  const rows = view.rows[name].length;
  const chosenTab = state.tab === name;
  const one = el(
    "button",
    {
      type: "button",
      role: "tab",
      id: `tab-${name}`,
      "aria-selected": String(chosenTab),
      "aria-controls": "table",
      tabindex: chosenTab ? "0" : "-1",
      onclick: () => {
        change({ tab: name });
        byId(`tab-${name}`).focus({ preventScroll: true });
      },
    },
    table.title,
    el("span", { class: "count" }, amount(rows)),
  );
  one.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const names = Object.keys(TABLES);
    const next = names[(names.indexOf(name) + step + names.length) % names.length];
    change({ tab: next });
    byId(`tab-${next}`).focus({ preventScroll: true });
  });
  return one;
}

byId("facets").append(...menus);
byId("q").addEventListener("input", () => change({ q: byId("q").value.slice(0, 200).trim() }, { quiet: true }));
byId("clear").addEventListener("click", () => {
  byId("q").value = "";
  change({ ...Object.fromEntries(FACETS.map((facet) => [facet, []])), q: "" });
  byId("q").focus();
});
byId("top").addEventListener("change", () => change({ top: byId("top").value }));
byId("rest").addEventListener("change", () => change({ rest: byId("rest").checked }));
byId("outline").addEventListener("change", () => change({ outline: byId("outline").checked }));
byId("all").addEventListener("change", () => change({ all: byId("all").checked }));
byId("part-back").addEventListener("click", () => change({ part: view.shown.part - 1 }));
byId("part-on").addEventListener("click", () => change({ part: view.shown.part + 1 }));
// The skip link's own address would stand where the view's is written.
document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("tables").scrollIntoView();
  byId(`tab-${state.tab}`).focus();
});
byId("print").addEventListener("click", () => print());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && state.sel) select("");
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "")) {
    event.preventDefault();
    byId("q").focus();
  }
});
function reopened() {
  state = fromHash(location.hash);
  byId("q").value = state.q;
  show();
}
addEventListener("popstate", reopened);
addEventListener("hashchange", () => {
  if (toHash(state) !== location.hash.slice(1)) reopened();
});
// On paper the map has a page of its own, as wide as A4 lying on its side less the margins.
const PAPER_WIDTH = 1030;
addEventListener("beforeprint", () => {
  drawMap(byId("map"), view.shown, state, select, PAPER_WIDTH);
  byId("paper").replaceChildren(...forPaper(view, state));
});
addEventListener("afterprint", () => {
  drawMap(byId("map"), view.shown, state, select);
  byId("paper").replaceChildren();
});
let drawnFor = 0;
new ResizeObserver(() => {
  if (!view || byId("map").clientWidth === drawnFor) return;
  drawnFor = byId("map").clientWidth;
  drawMap(byId("map"), view.shown, state, select);
}).observe(byId("map"));
byId("app").hidden = false;
byId("starting").remove();
reopened();
