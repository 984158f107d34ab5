// allauth reports a failed passkey as an event only; people need a sentence.
document.addEventListener("allauth.error", (event) => {
  const problem = document.querySelector("[data-passkey-problem]");
  if (!problem) return;
  event.preventDefault();
  document.querySelector(".account form")?.before(problem);
  problem.hidden = false;
});
