// Behaviour of every page; each piece does nothing where its element is absent.
import { dropAreas } from "./drop.js";
import { gridKeys } from "./grid.js";
import { livePages } from "./live.js";
import { closeToasts } from "./toast.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

function switchTheme() {
  const root = document.documentElement;
  const isDark = (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  root.dataset.theme = isDark ? "light" : "dark";
  try {
    localStorage.setItem("galley.theme", root.dataset.theme);
  } catch {
    // Not remembered, still switched.
  }
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.addEventListener("click", switchTheme);
}
for (const list of document.querySelectorAll("[data-grid]")) gridKeys(list);
for (const field of document.querySelectorAll("select[data-submit]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}
dropAreas();
livePages();
closeToasts();
