// The desk on which a text of a course is written: it saves itself after a pause, on the revision that
// it was read from, and shows the lesson as a learner will see it. Without JavaScript there is a button.
const form = document.getElementById("desk");
const state = document.getElementById("desk-state");
const conflict = document.getElementById("desk-conflict");
const base = form.elements.base;
const say = (words) => (state.textContent = words);
const texts = () => [...form.querySelectorAll("[data-text]")];
const editorOf = (section) => section.querySelector("cw-editor");
const areaOf = (section) => section.querySelector("textarea");
const mayWrite = !areaOf(texts()[0]).readOnly;
const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const PAUSE_MS = 3000;
const PREVIEW_MS = 700;
const AGAIN_MS = 10000;

/* Saving. One at a time; what is typed meanwhile goes with the next one. */
let kept = written();
let timer = 0;
let isSaving = false;
let isStopped = false;

function written() {
  return JSON.stringify(texts().map((one) => areaOf(one).value));
}

function later(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(save, milliseconds);
}

async function save() {
  clearTimeout(timer);
  if (isSaving || isStopped || written() === kept) return;
  isSaving = true;
  say(form.dataset.saving);
  const sent = written();
  const response = await fetch(form.getAttribute("action") ?? location.href, {
    method: "POST",
    body: new FormData(form),
    headers: { Accept: "application/json" },
  }).catch(() => null);
  isSaving = false;
  if (!response?.ok || response.redirected) {
    say(form.dataset.unsaved);
    return later(AGAIN_MS);
  }
  const answer = await response.json();
  if (answer.refused === "conflicted") return stop();
  if (answer.refused) return say(form.dataset.large);
  became(answer, sent);
}

/* Others' changes come into the editor when nothing was typed since; otherwise the base stays the old
   one, and the next save brings them together. */
function became(answer, sent) {
  const isMerged = Object.keys(answer.texts).length > 0;
  const isStill = written() === sent;
  if (isStill) {
    for (const [path, text] of Object.entries(answer.texts)) put(path, text);
  }
  if (isStill || !isMerged) {
    base.value = answer.base;
    kept = isStill ? written() : sent;
  }
  const time = new Date(answer.saved_at).toLocaleTimeString(document.documentElement.lang, clock);
  say(isMerged ? form.dataset.merged : `${form.dataset.saved} ${time}`);
  showFaults(answer);
  if (written() !== kept) later(PAUSE_MS);
}

/* What clashes is for people to decide: the form goes to the page that brings both together. */
function stop() {
  isStopped = true;
  say(form.dataset.editing);
  conflict.hidden = false;
  conflict.focus();
}

function put(path, text) {
  const section = texts().find((one) => one.dataset.text === path);
  const editor = editorOf(section);
  if (editor.shadowRoot) editor.value = text;
  else areaOf(section).value = text;
}

function showFaults({ faults, missing }) {
  for (const section of texts()) {
    const path = section.dataset.text;
    section.querySelector("[data-missing]").hidden = !missing.includes(path);
    section.querySelector("[data-faults]").replaceChildren(
      ...(faults[path] ?? []).map(([file, line, message]) => {
        const item = document.createElement("li");
        const place = document.createElement("span");
        place.className = "fault-place";
        place.textContent = file === path ? line : `${file}:${line}`;
        const words = document.createElement("span");
        words.lang = "en";
        words.textContent = message;
        item.append(place, " ", words);
        return item;
      }),
    );
  }
}

if (mayWrite) {
  form.addEventListener("input", () => {
    if (written() === kept) return;
    say(form.dataset.editing);
    later(PAUSE_MS);
  });
  document.addEventListener("visibilitychange", () => document.hidden && save());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    save();
  });
  addEventListener("beforeunload", (event) => written() !== kept && event.preventDefault());
  form.addEventListener("submit", () => {
    kept = written();
    clearTimeout(timer);
  });
}

/* A fault's line is looked at by a click. */
form.addEventListener("click", (event) => {
  const item = event.target.closest("[data-faults] li");
  const line = Number(item?.querySelector(".fault-place").textContent.split(":").at(-1));
  if (line) editorOf(item.closest("[data-text]")).goToLine(line);
});

/* The preview: the learner's own page of what stands in the editors, in the language that is written. */
const preview = document.getElementById("desk-preview");
const page = preview?.querySelector("[data-preview-page]");
let shown = texts()[0].dataset.language;
let previewTimer = 0;
let asked = 0;

async function showPreview() {
  const body = new FormData(form);
  body.set("language", shown);
  const turn = ++asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body }).catch(() => null);
  if (!response?.ok || response.redirected || turn !== asked) return;
  const document_ = new DOMParser().parseFromString(await response.text(), "text/html");
  const lesson = document_.querySelector("article.lesson");
  lesson.querySelector(".lesson-turn")?.remove();
  lesson.querySelector(".breadcrumb")?.remove();
  preview.hidden = false;
  page.replaceChildren(lesson);
  window.htmx?.process(page);
  for (const script of document_.querySelectorAll('script[src*="js/figures/"]')) {
    import(script.getAttribute("src"));
  }
}

function view(name) {
  form.dataset.view = name;
  for (const button of form.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  if (name !== "both" && name !== shown) {
    shown = name;
    showPreview();
  }
}

if (preview) {
  const views = form.querySelector(".desk-views");
  views.hidden = false;
  views.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view]");
    if (button) view(button.dataset.view);
  });
  form.addEventListener("input", () => {
    clearTimeout(previewTimer);
    previewTimer = setTimeout(showPreview, PREVIEW_MS);
  });
  form.addEventListener("focusin", (event) => {
    const language = event.target.closest?.("[data-text]")?.dataset.language;
    if (!language || language === shown) return;
    shown = language;
    showPreview();
  });
  view(views.querySelector("[data-view]").dataset.view);
  showPreview();
}
