// What all interactive figures share: the language of their words, the text alternative that the
// author wrote, and elements made without a template.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A figure builds itself once, in `build(stage)`, beside the author's text, which stays for
 * screen readers and for print. `static words` holds a table of words per language.
 */
export class Figure extends HTMLElement {
  connectedCallback() {
    if (this.stage) return;
    const chinese = (this.closest("[lang]")?.lang ?? "en").startsWith("zh");
    this.words = this.constructor.words[chinese ? "zh" : "en"];
    this.numbers = new Intl.NumberFormat(chinese ? "zh-CN" : "en-GB");
    const alternative = element("div", { class: "figure-alternative" }, ...this.childNodes);
    this.stage = element("div", { class: "figure-stage" });
    this.append(alternative, this.stage);
    this.build(this.stage);
  }

  /** A whole number from the attribute `data-NAME`, held between two bounds. */
  number(name, fallback, low, high) {
    const given = Number.parseInt(this.dataset[name] ?? "", 10);
    return Math.min(high, Math.max(low, Number.isNaN(given) ? fallback : given));
  }
}

/** An HTML element. `on…` attributes take functions, `true` writes an empty attribute. */
export function element(tag, attributes = {}, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function drawn(tag, attributes = {}, ...children) {
  return furnish(document.createElementNS(SVG, tag), attributes, children);
}

/** A field with its label above. */
export function labelled(words, control) {
  return element("label", { class: "figure-field" }, element("span", {}, words), control);
}

export function button(words, onclick) {
  return element("button", { type: "button", class: "button button-small", onclick }, words);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
