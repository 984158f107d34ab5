// What an exercise gains with JavaScript: focus on the verdict, ordering by drag and by keys,
// and a word when the server cannot be reached. Forms are sent by htmx; without it they still work.

/* The verdict, or the error, takes the focus, so that keyboard and screen reader go on from there. */
document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = document.getElementById(event.target.id) ?? event.target;
  swapped.querySelector?.("[data-focus]")?.focus({ preventScroll: false });
});

/* A lost connection loses nothing: the form stays, and its key makes a second sending safe. What
   only looks again and again (a GET) says nothing: it looks again. */
function say(event, problem) {
  if (event.detail.requestConfig?.verb === "get") return;
  const exercise = event.target.closest("[data-exercise]");
  for (const words of exercise?.querySelectorAll("[data-problem]") ?? []) {
    words.hidden = words.dataset.problem !== problem;
  }
}

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => say(event, "unreachable"));
}
document.addEventListener("htmx:beforeRequest", (event) => say(event, "none"));

/* Somebody who was signed out gets the page for signing in: it must not be put into this one. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { pathname } = new URL(event.detail.xhr.responseURL, location.href);
  if (!pathname.startsWith("/accounts/")) return;
  event.detail.shouldSwap = false;
  say(event, "signed-out");
});

/* Ordering. Without JavaScript each item has a select with its place; here it is moved itself. */
function setUpOrder(list) {
  const field = list.closest("fieldset");
  for (const place of list.querySelectorAll("[data-order-place]")) place.remove();
  for (const buttons of list.querySelectorAll("[data-order-buttons]")) buttons.hidden = false;
  field.querySelector("[data-order-note]").hidden = false;
  list.classList.add("order-live");
  showEnds(list);
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-order-move]");
    if (button) moveBy(list, button, Number(button.dataset.orderMove));
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const button = event.target.closest("[data-order-move]");
    if (!step || !button) return;
    event.preventDefault();
    moveBy(list, button, step);
  });
  list.addEventListener("pointerdown", (event) => startDrag(list, event));
}

function showEnds(list) {
  const items = [...list.children];
  items.forEach((item, index) => {
    const [up, down] = item.querySelectorAll("[data-order-move]");
    up.setAttribute("aria-disabled", String(index === 0));
    down.setAttribute("aria-disabled", String(index === items.length - 1));
  });
}

function moveBy(list, button, step) {
  const item = button.closest("[data-order-item]");
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (!other) return;
  list.insertBefore(step < 0 ? item : other, step < 0 ? other : item);
  button.focus();
  moved(list, item);
}

function moved(list, item) {
  showEnds(list);
  const place = [...list.children].indexOf(item) + 1;
  const text = item.querySelector(".order-text").textContent.trim();
  list.closest("fieldset").querySelector("[data-order-said]").textContent =
    `${text}: ${list.dataset.moved} ${place}`;
}

/* A mouse drags an item anywhere; a finger only by its grip, so that it can still scroll the page. */
function startDrag(list, event) {
  const item = event.target.closest("[data-order-item]");
  const handle = event.pointerType === "mouse" ? item : event.target.closest(".order-grip");
  if (!item || !handle || event.button !== 0 || event.target.closest("button")) return;
  event.preventDefault();
  list.setPointerCapture(event.pointerId); // not the item: moving it would end the capture
  item.classList.add("order-dragged");
  const follow = (move) => {
    const others = [...list.children].filter((other) => other !== item);
    const after = others.find((other) => {
      const box = other.getBoundingClientRect();
      return move.clientY < box.top + box.height / 2;
    });
    if ((after ?? null) !== item.nextElementSibling) list.insertBefore(item, after ?? null);
  };
  const end = () => {
    list.removeEventListener("pointermove", follow);
    item.classList.remove("order-dragged");
    moved(list, item);
  };
  list.addEventListener("pointermove", follow);
  list.addEventListener("lostpointercapture", end, { once: true });
}

function setUp(root) {
  for (const list of root.querySelectorAll("[data-order]:not(.order-live)")) setUpOrder(list);
}

setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
