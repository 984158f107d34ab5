// The playground with JavaScript: only the arguments of the chosen method are shown and sent, and
// the button that was pressed has the focus again once the answer is there. Without it all arguments
// are there, each under the name of its method.

let pressed = "";

function showArguments(form) {
  const { value } = form.querySelector("[data-method]");
  for (const fields of form.querySelectorAll("[data-args-of]")) {
    const chosen = fields.dataset.argsOf === value;
    fields.hidden = !chosen;
    fields.disabled = !chosen;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-playground] [data-method]")) showArguments(event.target.form);
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-playground]")) pressed = event.submitter?.value ?? "";
});

/* The answer replaces the form, and the button with it: whoever calls once more stays where he is.
   What came of the call describes the button, so that it is read aloud. */
document.addEventListener("htmx:afterSettle", () => {
  if (!pressed || document.activeElement !== document.body) return;
  const button = `[data-playground] [name=kind][value="${pressed}"]`;
  document.querySelector(button)?.focus({ preventScroll: true });
});

function setUp(root) {
  for (const form of root.querySelectorAll("[data-playground]")) showArguments(form);
}

setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
