// A queue to be settled: while the focus is in one of its items, number keys press that item's buttons.

/** Take number keys; the first button takes the focus when the page came back here from an answer. */
export function queueKeys(queue) {
  queue.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea")) return;
    const button = event.target.closest("[data-item]")?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || event.repeat) return;
    event.preventDefault();
    button.click();
  });
}

for (const queue of document.querySelectorAll("[data-queue]")) queueKeys(queue);
document.querySelector("h2:target ~ [data-queue] [data-key]")?.focus();
