// The form of an exercise: files in tabs, links that lead to a field in a file, and a word while something is not saved.
// Rows are added, removed and moved by the server (htmx), as without JavaScript.

let shown = "";
let known = new Set();

function tabsOf(code) {
  return [...code.querySelectorAll("[role=tab]")];
}

function show(code, tab) {
  shown = tab.id;
  for (const one of tabsOf(code)) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    document.getElementById(one.getAttribute("aria-controls")).hidden = !chosen;
  }
}

function begin(code) {
  const tabs = tabsOf(code);
  if (tabs.length < 2) return;
  const list = code.querySelector("[role=tablist]");
  list.hidden = false;
  for (const tab of tabs) {
    const file = document.getElementById(tab.getAttribute("aria-controls"));
    file.setAttribute("role", "tabpanel");
  }
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) show(code, tab);
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const next = tabs[(tabs.indexOf(event.target) + by + tabs.length) % tabs.length];
    show(code, next);
    next.focus();
  });
  show(code, tabs.find((tab) => tab.id === shown) ?? tabs[0]);
}

/* A fault names a line of a file: its tab is opened, and the line is shown in the editor. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-line]");
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  const editor = field?.closest("cw-editor");
  if (!editor?.goToLine) return;
  event.preventDefault();
  const tab = document.querySelector(`[aria-controls="${field.closest(".code-file")?.id}"]`);
  if (tab) show(tab.closest("[data-code]"), tab);
  editor.scrollIntoView({ block: "center" });
  editor.goToLine(Number(link.dataset.line));
});

document.addEventListener("input", (event) => {
  const mark = event.target.closest("[data-sheet]")?.querySelector("[data-unsaved]");
  if (mark) mark.hidden = false;
});

/* Whoever leaves with something unsaved is asked. */
let sending = false;
document.addEventListener("submit", () => {
  sending = true;
});
window.addEventListener("beforeunload", (event) => {
  const mark = document.querySelector("[data-unsaved]");
  if (mark && !mark.hidden && !sending) event.preventDefault();
});

function beginAll() {
  for (const code of document.querySelectorAll("[data-code]")) {
    if (code.dataset.begun) continue;
    code.dataset.begun = "yes";
    const added = tabsOf(code).find((tab) => shown && !known.has(tab.id));
    if (added) shown = added.id;
    known = new Set(tabsOf(code).map((tab) => tab.id));
    begin(code);
  }
}

document.addEventListener("htmx:afterSettle", beginAll);
beginAll();
