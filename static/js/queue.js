// A queue to be settled: while the focus is in one of its items, number keys press that item's buttons. After an
// answer the page comes back to the queue, and the focus goes to the next item.

function queueKeys(queue) {
  queue.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("input, textarea")) return;
    const button = event.target.closest("[data-item]")?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || event.repeat) return;
    event.preventDefault();
    button.click();
  });
}

for (const queue of document.querySelectorAll("[data-queue]")) queueKeys(queue);

// Going to a fragment takes the focus away, as late as when everything is loaded.
addEventListener("load", () => document.querySelector("h2:target ~ [data-queue] [data-key]")?.focus());
