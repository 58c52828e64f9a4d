// The reading page: its menu, the scan beside it, the place kept, and chapters turned by keys.
import { lookMenu } from "./look-menu.js";
import { goOn, hold, keepPlace, remembered } from "./place.js";
import { scanBeside } from "./scan.js";

const { body } = document;
const book = document.getElementById("book");

function offerToGoOn() {
  const link = document.querySelector("[data-go-on]");
  const place = link && remembered(body.dataset.book);
  if (!place?.chapter) return;
  link.href = `${body.dataset.under}${encodeURIComponent(place.chapter)}${place.at ? `#at=${place.at}` : ""}`;
  link.querySelector("[data-go-on-title]").textContent = place.title;
  link.hidden = false;
  // Whoever has begun wants to go on: that is the first thing offered.
  link.parentElement.querySelector(".is-primary").classList.remove("is-primary");
  link.classList.add("is-primary");
  link.parentElement.prepend(link);
}

function turn(event, scan) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  if (event.target.closest?.("input, textarea, select, dialog, [popover], [contenteditable], .scan-view, pre")) return;
  const back = getComputedStyle(book).direction === "rtl" ? "ArrowRight" : "ArrowLeft";
  const forward = back === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
  if (event.key === back) document.querySelector(".reader-ways [rel=prev]")?.click();
  else if (event.key === forward) document.querySelector(".reader-ways [rel=next]")?.click();
  else if (event.key === "s") scan.toggle();
  else if (event.key === "Escape") scan.close();
}

lookMenu(document.getElementById("look"), hold);
offerToGoOn();
if (book) {
  const scan = scanBeside(document.getElementById("scan"), book, document.querySelector("[data-scan-switch]"), hold);
  addEventListener("keydown", (event) => turn(event, scan));
  goOn();
  keepPlace(book, document.querySelector(".reader-title .clip").textContent);
}
body.dataset.ready = "";
