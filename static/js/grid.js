/** Make the links (or what `selector` finds) in `list` one tab stop; arrow keys, Home and End move between them. */
export function gridKeys(list, selector = "a") {
  const cells = [...list.querySelectorAll(selector)];
  if (!cells.length) return;
  const current = list.querySelector("[aria-current]") ?? cells[0];
  for (const cell of cells) cell.tabIndex = cell === current ? 0 : -1;
  list.addEventListener("keydown", (event) => {
    const here = cells.indexOf(document.activeElement);
    const target = here < 0 || event.ctrlKey || event.altKey || event.metaKey ? undefined : step(cells, here, event.key);
    if (!target) return;
    event.preventDefault();
    cells[here].tabIndex = -1;
    target.tabIndex = 0;
    target.closest("details")?.setAttribute("open", "");
    target.focus();
  });
}

function step(cells, here, key) {
  const forward = getComputedStyle(cells[here]).direction === "rtl" ? -1 : 1;
  switch (key) {
    case "ArrowRight": return cells[here + forward];
    case "ArrowLeft": return cells[here - forward];
    case "ArrowDown": return nearestRow(cells, here, 1);
    case "ArrowUp": return nearestRow(cells, here, -1);
    case "Home": return cells[0];
    case "End": return cells.at(-1);
    default: return undefined;
  }
}

// The cell of the next row that stands nearest below (or above): rows wrap, so geometry decides.
function nearestRow(cells, here, direction) {
  const from = cells[here].getBoundingClientRect();
  let found;
  for (let i = here + direction; cells[i]; i += direction) {
    const box = cells[i].getBoundingClientRect();
    const apart = (box.top - from.top) * direction;
    if (apart <= 1) continue;
    if (found && Math.abs(box.top - found.top) > 1) break;
    const distance = Math.abs(box.left - from.left);
    if (!found || distance < found.distance) found = { cell: cells[i], top: box.top, distance };
  }
  return found?.cell;
}
