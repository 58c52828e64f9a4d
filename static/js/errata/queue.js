// Answering reports by keys: A presses Accept, E and R open their forms, J and K walk. The first report has the focus
// when the page opens, so that several can be answered one after another.

function press(item, key) {
  const button = item.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (button) return button.click();
  const panel = item.querySelector(`[data-panel="${CSS.escape(key)}"]`);
  if (!panel) return undefined;
  panel.open = true;
  const field = panel.querySelector("input.input");
  field.focus();
  return field.select();
}

function walk(item, step) {
  const items = [...document.querySelectorAll("[data-errata] > [data-item]")];
  items[items.indexOf(item) + step]?.focus();
}

function answer(event) {
  const item = event.target.closest?.("[data-item]");
  if (!item || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key === "Escape" && event.target.closest("details[open]")) {
    event.target.closest("details").open = false;
    item.focus();
    return;
  }
  if (event.target.matches("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  if (!["a", "e", "r", "j", "k"].includes(key)) return;
  event.preventDefault();
  if (key === "j" || key === "k") walk(item, key === "j" ? 1 : -1);
  else press(item, key);
}

const queue = document.querySelector("[data-errata]");
queue?.addEventListener("keydown", answer);
addEventListener("load", () => (queue?.querySelector("details[open] input.input") ?? queue?.querySelector("[data-item]"))?.focus());
