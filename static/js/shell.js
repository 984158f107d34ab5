// What every page has: the theme changes without a reload, and menus close as one expects.
// Without this script the theme is a form that posts, and menus are closed by their own button.

const form = document.querySelector("[data-theme-form]");

form?.addEventListener("submit", (event) => {
  const { value } = event.submitter ?? {};
  if (value === undefined) return;
  event.preventDefault();
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  if (value === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = value;
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === value));
  }
});

const menus = [...document.querySelectorAll("[data-menu]")];

document.addEventListener("click", (event) => {
  for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = menus.find((menu) => menu.open && menu.contains(document.activeElement));
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});
