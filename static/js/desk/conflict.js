// Two texts for one page: both are shown, one is chosen, neither is lost.

/** Ask which of two texts goes on; resolves to "mine" or "other" ("" when closed without choosing). */
export function chooseText(mine, other, by) {
  const dialog = document.getElementById("conflict");
  const [left, right] = [dialog.querySelector("[data-mine]"), dialog.querySelector("[data-other]")];
  const rows = new Set(other.split("\n"));
  const ours = new Set(mine.split("\n"));
  left.replaceChildren(...dressed(mine, rows, "ins"));
  right.replaceChildren(...dressed(other, ours, "del"));
  dialog.querySelector("[data-by]").textContent = by ?? "";
  return new Promise((resolve) => {
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
    dialog.removeAttribute("open");
    dialog.showModal();
  });
}

// Lines that the other text does not have are marked.
function dressed(text, known, tag) {
  return text.split("\n").flatMap((row) => {
    if (known.has(row)) return [`${row}\n`];
    const mark = document.createElement(tag);
    mark.textContent = row;
    return [mark, "\n"];
  });
}
