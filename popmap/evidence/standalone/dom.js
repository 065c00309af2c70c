// Elements: text from the register becomes text nodes, never markup.
const SVG = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat())
    if (child !== null && child !== undefined && child !== "") element.append(typeof child === "number" ? String(child) : child);
  return element;
}

function el(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

function svgEl(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function blank() {
  return el("span", { class: "blank" }, "not stated");
}

// A cell as an element: "not stated" in words, links that say nothing about where they were followed from.
function shownCell(value, kind = "text") {
  if (value === null || value === "" || value === undefined) return blank();
  if (kind === "link" && /^https?:\/\/[^\s]+$/i.test(value))
    return el("a", { href: value, rel: "noreferrer noopener", target: "_blank" }, value);
  if (typeof value === "number") return document.createTextNode(amount(value));
  return el("bdi", {}, String(value).replace(STEERING, ""));
}

function button(text, attributes, press) {
  return el("button", { type: "button", ...attributes, onclick: press }, text);
}

function pill(text, kind) {
  return el("span", { class: `pill ${kind}` }, text);
}
