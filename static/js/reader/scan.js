// The scan of the printed page, beside the text: it follows the reading, or shows the page whose number was pressed.
import { lineAt } from "./lines.js";

/** How far down the window the line is that somebody reads. */
const READING = 0.3;

/** Pages of the chapter in order: {label, scan, mark}; the one it begins on has no mark. */
function pagesOf(book) {
  const marks = [...book.querySelectorAll("a.pg")].map((mark) => ({ label: mark.dataset.label, scan: mark.href, mark }));
  const { pageLabel: label, pageScan: scan } = book.dataset;
  return scan ? [{ label, scan: new URL(scan, location.href).href, mark: null }, ...marks] : marks;
}

export function scanBeside(panel, book, button, hold) {
  const pages = pagesOf(book);
  const image = panel.querySelector("img");
  const title = panel.querySelector("[data-scan-title]");
  let shown = null;
  let following = true;

  const reading = () => {
    const below = innerHeight * READING;
    const begun = pages.filter(({ mark }) => !mark || mark.getBoundingClientRect().top <= below);
    return begun.at(-1) ?? pages[0];
  };

  function show(page) {
    if (!page || page === shown) return;
    shown = page;
    const address = page.scan.slice(page.scan.lastIndexOf("/") + 1);
    const width = Math.min(2000, Math.ceil((panel.clientWidth || innerWidth) * Math.min(devicePixelRatio, 2) / 200) * 200);
    image.src = `${panel.dataset.image.replace("PAGE", address)}?width=${width}`;
    const numbered = page.label && page.label !== "·";
    title.textContent = numbered ? title.dataset.words.replace("LABEL", page.label) : title.dataset.wordsUnnumbered;
    image.alt = title.textContent;
    panel.querySelector("[data-scan-page]").href = page.scan;
    panel.querySelector(".scan-view").scrollTop = 0;
    for (const { mark } of pages) mark?.removeAttribute("aria-current");
    page.mark?.setAttribute("aria-current", "true");
    for (const step of panel.querySelectorAll("[data-scan-step]")) {
      step.disabled = !pages[pages.indexOf(page) + Number(step.dataset.scanStep)];
    }
  }

  function open(page) {
    hold(() => {
      panel.hidden = false;
      document.body.classList.add("has-scan");
    });
    button.setAttribute("aria-pressed", "true");
    show(page);
  }

  function close() {
    if (panel.hidden) return;
    const inside = panel.contains(document.activeElement);
    hold(() => {
      panel.hidden = true;
      document.body.classList.remove("has-scan");
    });
    button.setAttribute("aria-pressed", "false");
    shown?.mark?.removeAttribute("aria-current");
    shown = null;
    following = true;
    if (inside) button.focus();
  }

  const toggle = () => (panel.hidden ? open(reading()) : close());

  button.addEventListener("click", toggle);
  panel.querySelector("[data-scan-close]").addEventListener("click", close);
  image.addEventListener("click", () => panel.classList.toggle("is-close"));
  panel.addEventListener("click", (event) => {
    const step = event.target.closest("[data-scan-step]");
    if (!step) return;
    const page = pages[pages.indexOf(shown) + Number(step.dataset.scanStep)];
    following = false;
    show(page);
    page?.mark?.scrollIntoView({ block: "center" });
  });
  book.addEventListener("click", (event) => {
    const mark = event.target.closest("a.pg");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const page = pages.find((each) => each.mark === mark);
    if (page === shown) return close();
    following = false;
    open(page);
  });
  addEventListener("scroll", () => {
    if (panel.hidden) return;
    // A page asked for by its number stays until the reader scrolls on by hand.
    if (following) show(reading());
  }, { passive: true });
  for (const moved of ["wheel", "touchmove", "keydown"]) {
    addEventListener(moved, (event) => {
      if (!panel.contains(event.target)) following = true;
    }, { passive: true });
  }
  return { toggle, close };
}
