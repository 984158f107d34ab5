// The ledger inspector with JavaScript: arrow keys and steps along the line, links that choose a
// transaction, and digests that can be copied. Without it every link of the line still works.

const named = (links, hash) => (hash ? links.find((link) => link.hash === hash) : undefined);
const words = (link) => link.textContent.replace(/\s+/g, " ").trim();
const columns = new Set();

function setUpColumn(column) {
  const links = [...column.querySelectorAll(".track-item a")];
  const bar = column.querySelector("[data-bar]");
  const only = column.querySelector("[data-only]");
  const told = (link) => document.getElementById(link.hash.slice(1));
  const shown = () => links.filter((link) => !only?.checked || link.closest(".track-out"));
  const current = () => links.find((link) => link.hasAttribute("aria-current"));

  function choose(link) {
    for (const other of links) {
      const chosen = other === link;
      if (chosen) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
      other.tabIndex = chosen ? 0 : -1;
      told(other).toggleAttribute("data-chosen", chosen);
    }
    const row = shown();
    const place = row.indexOf(link);
    const [back, forward] = bar.querySelectorAll("[data-step]");
    back.setAttribute("aria-disabled", String(place <= 0));
    forward.setAttribute("aria-disabled", String(place === row.length - 1));
    bar.querySelector("[data-place]").textContent = told(link).dataset.number;
    bar.querySelector("[data-said]").textContent = ` ${words(link)}`;
    keepInView(link);
  }

  /* The line may scroll by itself; the page must not move under the reader. */
  function keepInView(link) {
    const line = link.closest(".track");
    const [one, other] = [link.getBoundingClientRect(), line.getBoundingClientRect()];
    if (one.top < other.top) line.scrollTop -= other.top - one.top;
    if (one.bottom > other.bottom) line.scrollTop += one.bottom - other.bottom;
  }

  /* The address names the transaction, so that it can be sent to somebody; the page does not jump. */
  function goTo(link) {
    choose(link);
    history.replaceState(null, "", link.hash);
  }

  function step(by) {
    const row = shown();
    const next = row[row.indexOf(current()) + by];
    if (next) goTo(next);
    return next;
  }

  column.querySelector(".track").addEventListener("click", (event) => {
    const link = event.target.closest(".track-item a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(link);
  });

  column.querySelector(".track-items").addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const row = shown();
    const at = row.indexOf(event.target.closest("a"));
    const next = {
      ArrowLeft: row[at - 1],
      ArrowUp: row[at - 1],
      ArrowRight: row[at + 1],
      ArrowDown: row[at + 1],
      Home: row[0],
      End: row.at(-1),
    };
    if (!(event.key in next)) return;
    event.preventDefault();
    if (!next[event.key]) return;
    goTo(next[event.key]);
    next[event.key].focus({ preventScroll: true });
  });

  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (button) step(Number(button.dataset.step));
  });

  /* The same keys where one reads: only there, and not in what scrolls or is typed. */
  column.querySelector(".ledger-told").addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    if (!event.target.matches("[data-step], [data-tx]")) return;
    const reads = event.target.matches("[data-tx]");
    const next = step(by);
    if (next && reads) told(next).focus({ preventScroll: true });
  });

  only?.addEventListener("change", () => {
    const row = shown();
    choose(row.includes(current()) ? current() : row[0]);
  });

  column.dataset.live = "";
  bar.hidden = false;
  choose(named(links, location.hash) ?? current() ?? links[0]);
  return { links, choose, told, only };
}

/* A link to a transaction, from the list of checks or from another transaction: shown, then there. */
function follow() {
  for (const column of columns) {
    const link = named(column.links, location.hash);
    if (!link?.isConnected) continue;
    if (column.only?.checked && !link.closest(".track-out")) column.only.checked = false;
    link.closest(".ledger-scenario")?.setAttribute("open", "");
    column.choose(link);
    column.told(link).scrollIntoView();
    column.told(link).focus({ preventScroll: true });
  }
}

window.addEventListener("hashchange", follow);

/* Digests: a button before each, where the browser lets us copy. Behind it, the button would move
   while it is pressed: the digest is as long as it is only while it has the focus. */
function setUpHash(hash, { copy, copied }) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "hash-copy";
  button.textContent = copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(hash.textContent);
    button.textContent = copied;
    setTimeout(() => (button.textContent = copy), 2000);
  });
  hash.before(button);
}

function setUp(root) {
  for (const column of [...columns]) if (!column.links[0].isConnected) columns.delete(column);
  const found = [...root.querySelectorAll("[data-ledger]")];
  if (root.matches?.("[data-ledger]")) found.push(root);
  for (const ledger of found) {
    for (const column of ledger.querySelectorAll("[data-column]:not([data-live])")) {
      if (column.querySelector(".track-item")) columns.add(setUpColumn(column));
    }
    if (!navigator.clipboard) continue;
    for (const hash of ledger.querySelectorAll("[data-hash]")) {
      if (!hash.previousElementSibling) setUpHash(hash, ledger.dataset);
    }
  }
}

setUp(document);
if (location.hash.startsWith("#tx-")) follow();
document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
