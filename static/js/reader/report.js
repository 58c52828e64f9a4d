// Reporting a typo while reading: words that are selected get a button; it opens the form of the report page, with
// their printed line, in a dialog. Without scripts the same form is a page of its own.
import { placeOf } from "./lines.js";

/** Characters on each side that tell the words from others like them. */
const AROUND = 120;

const book = document.getElementById("book");
const link = document.querySelector("[data-report-link]");

/** The words of a selection with its place and what stands around it, or null. */
function chosen() {
  const selection = document.getSelection();
  const place = placeOf(selection);
  if (!place || place.quote.length > 500) return null;
  const range = selection.getRangeAt(0);
  const block = closest(range.startContainer, "p, li, dd, blockquote, h1, h2, h3, h4, td, th, figcaption, pre, div");
  const before = document.createRange();
  before.setStart(block, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const after = document.createRange();
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(block.contains(range.endContainer) ? block : range.endContainer, end(block, range.endContainer));
  const quote = [before.toString().slice(-AROUND), selection.toString(), after.toString().slice(0, AROUND)].join("");
  return { at: place.at, current: place.quote, quote: quote.replace(/\u2060/g, "").replace(/\s+/g, " ").trim() };
}

function closest(node, what) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(what) ?? book;
}

function end(block, node) {
  const last = block.contains(node) ? block : node;
  return last.nodeType === Node.TEXT_NODE ? last.length : last.childNodes.length;
}

function makeOffer() {
  const offer = document.createElement("button");
  offer.type = "button";
  offer.className = "btn is-small is-primary report-offer";
  offer.textContent = link.textContent;
  offer.hidden = true;
  // Pressing it must not take the selection away first.
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", open);
  document.body.append(offer);
  return offer;
}

function showOffer() {
  const words = chosen();
  offer.hidden = !words;
  if (!words) return;
  const box = document.getSelection().getRangeAt(0).getBoundingClientRect();
  offer.style.left = `${Math.max(8, Math.min(box.left, innerWidth - offer.offsetWidth - 8)) + scrollX}px`;
  offer.style.top = `${box.bottom + 8 + scrollY}px`;
}

async function open() {
  const words = chosen();
  if (!words) return;
  const address = `${book.dataset.report}?${new URLSearchParams(words)}`;
  offer.hidden = true;
  const dialog = document.createElement("dialog");
  dialog.className = "report-dialog";
  dialog.setAttribute("aria-labelledby", "report-title");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  try {
    await fill(dialog, fetch(address));
  } catch {
    location.assign(address);
    return;
  }
  dialog.showModal();
  const field = dialog.querySelector("[name=proposed]");
  field?.focus();
  field?.select();
}

/** Put the form, or the answer to it, of a page into the dialog. */
async function fill(dialog, answer) {
  const page = new DOMParser().parseFromString(await (await answer).text(), "text/html");
  const report = page.getElementById("report");
  if (!report) throw new Error("no form");
  dialog.replaceChildren(document.adoptNode(report));
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.hidden = false;
    button.addEventListener("click", () => dialog.close());
  }
  dialog.querySelector("form[method=post]")?.addEventListener("submit", (event) => send(event, dialog));
}

async function send(event, dialog) {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector(".btn.is-primary");
  button.disabled = true;
  try {
    await fill(dialog, fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }));
    (dialog.querySelector(".error-list") ?? dialog.querySelector("h1")).focus();
  } catch {
    form.submit();
  }
}

const offer = book?.dataset.report && link ? makeOffer() : null;
if (offer) document.addEventListener("selectionchange", showOffer);
