// The menus of the filter bar: one for each facet, its values with how many flows they have under the other filters.
const MOST_OPTIONS = 200;

function facetMenu(facet, read, change) {
  const [label, plural] = DATA.facet_names[facet];
  const count = el("span", { class: "count" });
  const summary = el("summary", {}, label, count);
  const panel = el("div", { class: "menu" });
  const menu = el("details", { class: "facet", name: "facet" }, summary, panel);
  const { keys, labels } = VALUES[facet];
  const search =
    keys.length > 12
      ? el("input", { type: "search", placeholder: `Find in ${plural}`, "aria-label": `Find in ${plural}`, autocomplete: "off" })
      : null;
  const list = el("ul", {});
  const more = el("p", { class: "soft" });

  function fill() {
    const state = read();
    const found = countsOf(state, facet);
    const words = search ? plain(search.value.trim()) : "";
    const wanted = new Set(state[facet]);
    const fitting = keys
      .map((_, at) => at)
      .filter((at) => plain(labels[at]).includes(words) && (found[at] || wanted.has(keys[at]) || words || facet !== "gap"));
    fitting.sort(
      (one, two) =>
        wanted.has(keys[two]) - wanted.has(keys[one]) ||
        (keys[one] === BLANK) - (keys[two] === BLANK) ||
        found[two] - found[one] ||
        COLLATOR.compare(labels[one], labels[two]),
    );
    list.replaceChildren(
      ...fitting
        .slice(0, MOST_OPTIONS)
        .map((at) =>
          el(
            "li",
            {},
            el(
              "label",
              {},
              el("input", { type: "checkbox", value: keys[at], checked: wanted.has(keys[at]), onchange: choose }),
              el("bdi", { class: keys[at] === BLANK ? "blank" : null }, labels[at]),
              el("span", { class: "number" }, amount(found[at])),
            ),
          ),
        ),
    );
    const rest = fitting.length - MOST_OPTIONS;
    more.textContent =
      rest > 0 ? `${counted(rest, "more value", "more values")}: type to find them.` : fitting.length ? "" : "Nothing to choose.";
  }

  function choose(event) {
    const { value, checked } = event.target;
    change({ [facet]: checked ? [...read()[facet], value] : read()[facet].filter((key) => key !== value) });
  }

  if (search) search.addEventListener("input", fill);
  panel.append(...[search, list, more].filter(Boolean));
  menu.addEventListener("toggle", () => {
    if (menu.open) {
      fill();
      search?.focus();
    }
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      summary.focus();
      event.stopPropagation();
    }
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  });
  menu.show = () => {
    const chosenNow = read()[facet].length;
    count.textContent = chosenNow ? String(chosenNow) : "";
    menu.classList.toggle("active", chosenNow > 0);
    if (menu.open && document.activeElement?.type !== "checkbox") fill();
  };
  return menu;
}
