// The outline of a course that is written: moving by drag, by Alt and the arrow keys, and by the
// buttons, without loading the page anew. Without JavaScript the buttons post their forms.
const plan = () => document.querySelector("[data-outline-plan]");

/* Sends a form's move and shows the outline that comes back; the focus stays with what moved. */
async function send(form, place, focus) {
  const body = new FormData(form);
  body.set("place", place);
  const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!response?.ok || !response.url.startsWith(location.origin + location.pathname)) {
    location.reload(); // signed out, or gone: the page says what is the matter
    return;
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  plan().replaceWith(page.querySelector("[data-outline-plan]"));
  const messages = page.querySelector(".messages");
  if (messages) document.querySelector(".messages")?.remove();
  if (messages) plan().before(messages);
  setUp();
  const item = document.querySelector(`[data-item="${CSS.escape(focus.item)}"]`);
  const button = item?.querySelector(`:scope > .plan-head [data-step="${focus.step}"]`);
  (button?.disabled ? item.querySelector(":scope > .plan-head a, .tool-button:enabled") : button)?.focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-move]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const item = form.closest("[data-item]").dataset.item;
  send(form, event.submitter.value, { item, step: event.submitter.dataset.step });
});

document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: "-1", ArrowDown: "1" }[event.key];
  const item = event.target.closest?.("[data-item]");
  if (!event.altKey || !step || !item) return;
  event.preventDefault();
  item.querySelector(`:scope > .plan-head [data-step="${step}"]`)?.click();
});

/* A grip drags its item among its like, into other lists of the same kind too. */
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  const item = grip.closest("[data-item]");
  const kind = item.dataset.item.split(":")[0];
  const start = { list: item.parentElement, next: item.nextElementSibling };
  grip.setPointerCapture(event.pointerId);
  item.classList.add("plan-dragged");
  const follow = (move) => place(item, kind, move.clientY);
  const end = () => {
    grip.removeEventListener("pointermove", follow);
    item.classList.remove("plan-dragged");
    if (item.parentElement === start.list && item.nextElementSibling === start.next) return;
    const list = item.parentElement;
    const form = item.querySelector(":scope > .plan-head [data-move]");
    const among = [...list.children].indexOf(item);
    send(form, `${list.dataset.within}:${among}`, { item: item.dataset.item, step: "1" });
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("lostpointercapture", end, { once: true });
});

/* Puts an item into the list of its kind that is nearest to a height of the window. */
function place(item, kind, y) {
  const distance = (list) => {
    const box = list.getBoundingClientRect();
    return y < box.top ? box.top - y : Math.max(0, y - box.bottom);
  };
  const lists = [...document.querySelectorAll(`[data-list="${kind}"]`)];
  const list = lists.filter((one) => !item.contains(one)).reduce((a, b) => (distance(b) < distance(a) ? b : a));
  const others = [...list.children].filter((other) => other !== item);
  const after = others.find((other) => {
    const box = other.querySelector(".plan-head").getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
  if (item.parentElement !== list || (after ?? null) !== item.nextElementSibling) {
    list.insertBefore(item, after ?? null);
  }
}

function setUp() {
  for (const hidden of plan().querySelectorAll("[data-grip], [data-outline-keys]")) hidden.hidden = false;
}

setUp();
