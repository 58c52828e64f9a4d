// Lines of page text in a chapter: which one is where, and which a selection begins on.
const NAME = /^p(\d+)l(\d+)$/;

/** The span of the line that a node stands in, or null. */
export function lineOf(node) {
  let element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  while (element && !nameOf(element)) element = element.parentElement;
  return element;
}

/** The name of a line's span, such as p12l7, or "" for any other element. */
export function nameOf(element) {
  const name = element.dataset?.line ?? element.id ?? "";
  return NAME.test(name) ? name : "";
}

/** Page, line, name and words of a selection in the book, or null where it holds no words of it. */
export function placeOf(selection) {
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const line = lineOf(range.startContainer) ?? lineAfter(range);
  const quote = selection.toString().replace(/\u2060/g, "").replace(/\s+/g, " ").trim();
  if (!line || !quote || !line.closest(".book")) return null;
  const at = nameOf(line);
  const [, page, number] = NAME.exec(at).map(Number);
  return { at, page, line: number, quote };
}

function lineAfter(range) {
  return lines().find((each) => range.intersectsNode(each)) ?? null;
}

/** The spans of all lines, in reading order. */
export function lines() {
  return [...document.querySelectorAll(".book span[id], .book span[data-line]")].filter(nameOf);
}

/** The first line whose print is below this height of the window, or null. */
export function lineAt(height) {
  const all = lines();
  let first = 0;
  let end = all.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if (all[middle].getBoundingClientRect().bottom > height) end = middle;
    else first = middle + 1;
  }
  return all[first] ?? null;
}
