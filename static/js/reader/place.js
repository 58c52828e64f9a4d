// Where somebody stopped reading, kept on this device: the chapter and the line on top of the window.
import { lineAt, nameOf } from "./lines.js";

const key = (slug) => `galley.place.${slug}`;
const TOP = 72;

export function remembered(slug) {
  try {
    return JSON.parse(localStorage.getItem(key(slug)) ?? "null");
  } catch {
    return null;
  }
}

/** Keeps the place in a chapter while it is read. */
export function keepPlace(book, title) {
  let waiting = 0;
  const keep = () => {
    waiting = 0;
    const line = lineAt(TOP);
    const place = { chapter: book.dataset.chapter, title, at: line ? nameOf(line) : "" };
    try {
      localStorage.setItem(key(book.dataset.book), JSON.stringify(place));
    } catch {
      // Not remembered.
    }
  };
  addEventListener("scroll", () => (waiting ||= setTimeout(keep, 300)), { passive: true });
  addEventListener("pagehide", keep);
  keep();
}

/** Goes to the line of an address that ends in #at=p12l7: no mark on it, since nobody pointed at it. */
export function goOn() {
  const at = /^#at=(p\d+l\d+)$/.exec(location.hash)?.[1];
  const line = at && document.getElementById(at);
  if (!line) return;
  history.replaceState(history.state, "", location.pathname);
  scrollTo(0, line.getBoundingClientRect().top + scrollY - TOP);
}

/** Runs a change of layout, and keeps the line that is being read where it was. */
export function hold(change) {
  const line = scrollY > 0 ? lineAt(TOP) : null;
  const before = line?.getBoundingClientRect().top;
  change();
  if (line) scrollBy(0, line.getBoundingClientRect().top - before);
}
