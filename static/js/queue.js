// A queue to be settled: while the focus is in one of its items, number keys press that item's buttons. After an
// answer the page comes back to the queue, and the focus goes to the next item.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea")) return;
  const item = event.target.closest("[data-queue] [data-item]");
  const button = item?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button || event.repeat) return;
  event.preventDefault();
  button.click();
});

// Going to a fragment takes the focus away, as late as when everything is loaded.
addEventListener("load", () => document.querySelector("h2:target ~ [data-queue] [data-key]")?.focus());
