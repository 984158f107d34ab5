// The playground with JavaScript: only the arguments of the chosen method are shown and sent.
// Without it all are there, each under the name of its method.

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

function setUp(root) {
  for (const form of root.querySelectorAll("[data-playground]")) showArguments(form);
}

setUp(document);
document.addEventListener("htmx:load", (event) => setUp(event.detail.elt));
