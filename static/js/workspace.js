// The workspace of a program or contract: tabs, keys, drafts that save themselves, the starter, earlier submissions,
// and lines of a verdict that lead to the line in the editor. <cw-editor> is in static/build/editor.js.

const form = document.getElementById("program");
const say = (key) => form.dataset[key];
const editors = () => [...form.querySelectorAll("cw-editor")];
const editorOf = (file) => form.querySelector(`cw-editor[data-file="${CSS.escape(file)}"]`);
const starter = JSON.parse(document.getElementById("starter").textContent);

/* Tabs, when there are several files. A contract's language decides which of them there are. */
const language = document.getElementById("language");
const tabs = [...form.querySelectorAll("[role=tab]")];
const isThere = (tab) => !language || !tab.dataset.of || tab.dataset.of === language.value;

function showFile(file) {
  for (const tab of tabs) {
    const chosen = tab.dataset.file === file;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
}

if (tabs.length > 1) {
  const list = form.querySelector("[role=tablist]");
  list.hidden = false;
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) showFile(tab.dataset.file);
  });
  list.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by) return;
    const there = tabs.filter(isThere);
    const next = there[(there.indexOf(event.target) + by + there.length) % there.length];
    showFile(next.dataset.file);
    next.focus();
  });
  const showLanguage = () => {
    for (const tab of tabs) tab.hidden = !isThere(tab);
    showFile(tabs.find(isThere).dataset.file);
  };
  language?.addEventListener("change", showLanguage);
  showLanguage();
}

/* Keys: run with Ctrl or Cmd + Enter, submit with Shift too. Caught before the editor sees them. */
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    const name = event.shiftKey ? "submit-button" : "run-button";
    document.getElementById(name)?.click();
  },
  { capture: true },
);

document.getElementById("desk-keys").hidden = false;

/* Drafts: saved 1.5 seconds after the last key, and when the page is left. */
const mark = document.getElementById("saved");
let timer;
let unsaved = false;
let saving = Promise.resolve();

function showSaved(state, time) {
  mark.dataset.state = state;
  mark.textContent = time
    ? `${say(state)} ${new Date(time).toLocaleTimeString(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" })}`
    : say(state);
}

async function save() {
  clearTimeout(timer);
  if (!unsaved) return;
  unsaved = false;
  showSaved("saving");
  try {
    const { saved_at } = await postDraft(new FormData(form));
    if (!unsaved) showSaved("saved", saved_at);
  } catch {
    unsaved = true;
    showSaved("unsaved");
    timer = setTimeout(queueSave, 10_000);
  }
}

/* One at a time, so that an older text never arrives after a newer one. */
function queueSave() {
  saving = saving.then(save);
}

async function postDraft(data) {
  const response = await fetch(form.dataset.draft, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
  });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

form.addEventListener("input", () => {
  unsaved = true;
  showSaved("editing");
  clearTimeout(timer);
  timer = setTimeout(queueSave, 1500);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !unsaved) return;
  if (navigator.sendBeacon(form.dataset.draft, new FormData(form))) unsaved = false;
});

/* The starter and earlier submissions are put into the editor as one change, which can be undone. */
const undo = document.getElementById("replaced");
let before = null;

function replaceAll(files) {
  before = Object.fromEntries(editors().map((editor) => [editor.dataset.file, editor.value]));
  for (const editor of editors()) editor.value = files[editor.dataset.file] ?? editor.value;
  undo.hidden = false;
}

function choose(name) {
  if (!language || !name || language.value === name) return;
  language.value = name;
  language.dispatchEvent(new Event("change", { bubbles: true }));
}

document.getElementById("undo-replace").addEventListener("click", () => {
  for (const [file, text] of Object.entries(before)) editorOf(file).value = text;
  undo.hidden = true;
  editors()[0].focus();
});

document.getElementById("reset").addEventListener("click", (event) => {
  event.preventDefault();
  replaceAll(starter);
});

document.addEventListener("submit", async (event) => {
  const restore = event.target.closest("[data-restore]");
  if (!restore) return;
  event.preventDefault();
  try {
    const restored = await postDraft(new FormData(restore));
    choose(restored.language);
    replaceAll(restored.files);
    document.getElementById("editor-panel").scrollIntoView({ block: "start" });
  } catch {
    restore.submit();
  }
});

const compare = document.getElementById("compare");
compare.hidden = false;
compare.addEventListener("click", () => {
  const on = compare.getAttribute("aria-pressed") !== "true";
  compare.setAttribute("aria-pressed", String(on));
  for (const editor of editors()) editor.compareWith(on ? starter[editor.dataset.file] : null);
});

/* "solution.py, line 12" in a verdict leads to the line in the editor. */
document.addEventListener("click", (event) => {
  const place = event.target.closest("a[data-line]");
  const editor = place && editorOf(place.dataset.file);
  if (!editor) return;
  event.preventDefault();
  if (tabs.length > 1) {
    choose(tabs.find((tab) => tab.dataset.file === place.dataset.file).dataset.of);
    showFile(place.dataset.file);
  }
  editor.goToLine(Number(place.dataset.line));
});
