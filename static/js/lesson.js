// The lesson reader: keys to move about, the help dialog, and a word to the server that this
// lesson is being read, so that "resume" finds it. Nothing here is needed to read.

const STORED = "chainwright.keys";
const help = document.getElementById("keys-help");
const toggle = document.getElementById("keys-on");

/* Single-letter keys can be turned off (WCAG 2.1.4) and never act while one types. */
const keysAreOn = () => localStorage.getItem(STORED) !== "off";

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], cw-editor, dialog") !== null;
}

/* From the stop that has the focus, else from what stands at the top of the window. */
function step(by) {
  const stops = [...document.querySelectorAll("[data-exercise], .lesson-body > .prose h2")];
  const held = stops.indexOf(document.activeElement);
  const tops = stops.map((stop) => stop.getBoundingClientRect().top);
  const seen = by > 0 ? tops.findIndex((top) => top > 40) : tops.findLastIndex((top) => top < 0);
  const stop = stops[held < 0 ? seen : held + by];
  if (!stop) return;
  const quiet = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stop.tabIndex = -1;
  stop.focus({ preventScroll: true });
  stop.scrollIntoView({ block: "start", behavior: quiet ? "auto" : "smooth" });
}

const actions = {
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("a[rel=next]")?.click(),
  p: () => document.querySelector("a[rel=prev]")?.click(),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || !keysAreOn() || !actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});

if (help) {
  const opener = document.getElementById("keys-help-open");
  opener.hidden = false;
  opener.addEventListener("click", () => help.showModal());
  toggle.checked = keysAreOn();
  toggle.addEventListener("change", () => {
    localStorage.setItem(STORED, toggle.checked ? "on" : "off");
  });
}

/* On narrow screens the outline starts closed. */
const outline = document.querySelector("[data-outline]");
if (outline && !matchMedia("(min-width: 64rem)").matches) outline.open = false;

/* Tell where the learner is, once, after they have stayed a little and are looking. */
const seen = document.getElementById("seen");
if (seen) {
  const tell = () => {
    if (document.visibilityState !== "visible") return;
    document.removeEventListener("visibilitychange", tell);
    navigator.sendBeacon(seen.action, new FormData(seen));
  };
  setTimeout(() => {
    document.addEventListener("visibilitychange", tell);
    tell();
  }, 2000);
}
