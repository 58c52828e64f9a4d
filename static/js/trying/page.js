// Half a real page: lines under their print, doubtful words by Tab, a copy on this device. Without this file it is a plain form.
import { say } from "../desk/words.js";
import { DeviceCopy } from "./device-copy.js";
import { handsIn, TabKey, taps, tell } from "./keys.js";
import { Line, pairs, wordsOf } from "./line.js";
import { Readings } from "./readings.js";

const SAVE_AFTER = 300; // ms after a change
const AWAY = 20_000; // ms without a key or a tap that still count as reading
const TYPE = { largest: 20, smallest: taps ? 16 : 13, needed: taps ? 16 : 15 }; // px; under 16 a phone zooms in on the field
const LETTER = 0.6; // width of the type's letters, of its size
const PRINT_OVER_TYPE = 1.3; // letters in print are at most so much wider than those of the largest type
const X_HEIGHT = { share: 0.42, least: 9 }; // of a line's height in print; px on the screen

const data = JSON.parse(document.getElementById("half-data").textContent);
const form = document.getElementById("half-form");
const list = document.getElementById("lines");
const image = { address: data.image, page: data.page };
const lines = [...list.children].map((item, index) => new Line(item, index + 1, { ...data.lines[index], row: data.rows[index] }, image));
const copy = new DeviceCopy(form.dataset.key);
const tab = new TabKey();
const readings = new Readings(data.readings, takeReading);
let ringed;

// --- Drawing -----------------------------------------------------------------------------------------------------

function draw() {
  const available = list.firstElementChild.clientWidth - 2 * parseFloat(getComputedStyle(list.firstElementChild).paddingInlineStart);
  const count = partsFor(available);
  const full = lines.flatMap((line) => line.density(count)).filter(({ letters }) => letters > 8);
  const largest = Math.max(...full.map(({ letters, width }) => (PRINT_OVER_TYPE * letters * LETTER * TYPE.largest) / width));
  const scale = Math.min(available / Math.max(...lines.map((line) => line.widest(count))), largest);
  const size = Math.min(TYPE.largest, ...full.map(({ letters, width }) => (width * scale) / (letters * LETTER)));
  for (const line of lines) {
    line.draw(count, scale, Math.max(TYPE.smallest, Math.floor(size)));
    line.dress(data.doubtful);
  }
}

// Drawing makes the fields anew; the caret stays in its word.
function redraw() {
  const part = partOf(document.activeElement);
  const place = part && { line: part.line, words: wordsBefore(part) };
  draw();
  if (!place) return;
  let words = place.words;
  const to = place.line.parts.find(({ field }) => {
    const here = wordsOf(field.value).length;
    if (words < here) return true;
    words -= here;
    return false;
  }) ?? place.line.parts.at(-1);
  const column = wordsOf(to.field.value)[words]?.from ?? to.field.value.length;
  to.field.focus({ preventScroll: true });
  to.field.setSelectionRange(column, column);
}

function wordsBefore(part) {
  const column = part.field.selectionStart;
  const inPart = wordsOf(part.field.value).filter(({ to }) => to < column).length;
  return part.line.parts.slice(0, part.line.parts.indexOf(part)).reduce((sum, { field }) => sum + wordsOf(field.value).length, inPart);
}

// A line is cut where its type, or the letters in print, would become too small to read.
function partsFor(available) {
  const letters = Math.max(...lines.map((line) => line.row.length));
  const height = Math.min(...lines.map((line) => line.view.height));
  const width = lines[0].view.width;
  const byType = (letters * LETTER * TYPE.needed) / available;
  const byPrint = (X_HEIGHT.least * width) / (X_HEIGHT.share * height * available);
  return Math.min(3, Math.max(1, Math.ceil(Math.max(byType, byPrint) - 0.05)));
}

const partOf = (field) => lines.flatMap((line) => line.parts ?? []).find((part) => part.field === field);

function follow() {
  const part = partOf(document.activeElement);
  if (!part) return;
  for (const line of lines) line.item.classList.toggle("is-current", line === part.line);
  const column = part.field.selectionStart;
  ring(part, pairs(part).find(({ from, to }) => from <= column && column <= to)?.print);
}

function ring(part, print) {
  ringed?.setAttribute("hidden", "");
  if (!print) return;
  const [x, , width] = print.box;
  const { y, height } = part.line.view;
  ringed = part.strip.querySelector(".ring");
  for (const [name, value] of Object.entries({ x: x - 4, y: y + 1, width: width + 8, height: height - 2, rx: 5 })) ringed.setAttribute(name, value);
  ringed.removeAttribute("hidden");
}

// --- Doubtful words ----------------------------------------------------------------------------------------------

const allDoubts = () => lines.flatMap((line) => line.doubts(data.doubtful));
let last; // the doubtful word that was gone to

function goToDoubt(step) {
  const doubts = allDoubts();
  readings.hide();
  if (last) last.line.checked.add(last.print);
  const next = nextDoubt(doubts, step);
  for (const line of lines) line.dress();
  if (!next) {
    last = undefined;
    tell(say("last"));
    showCount();
    form.querySelector("button").focus();
    return;
  }
  last = next;
  const { part, from, to } = next;
  if (taps) {
    for (const line of lines) line.item.classList.toggle("is-current", line === next.line);
    ring(part, next.print);
  } else {
    part.field.focus({ preventScroll: true });
    part.field.setSelectionRange(from, to);
    follow();
  }
  next.line.item.scrollIntoView({ block: "center", behavior: "instant" });
  readings.show(next);
  showCount(next);
  const offered = readings.of(next).map((word, index) => say("reading", { n: index + 1, word }));
  tell([say("at-doubt", { n: doubts.findIndex(({ print }) => print === next.print) + 1, total: doubts.length, line: next.line.number, word: next.text }), ...offered].join(" "));
}

function takeReading({ part, from, to }, word) {
  part.field.setRangeText(word, from, to, "end");
  part.field.dispatchEvent(new InputEvent("input"));
  goToDoubt(1);
}

// From the caret on; taps have no caret, so from the last word gone to.
function nextDoubt(doubts, step) {
  const part = partOf(document.activeElement);
  const known = doubts.findIndex(({ print }) => print === last?.print);
  if (known >= 0 && (taps || !part)) return doubts[known + step];
  if (!part) return doubts.at(step > 0 ? 0 : -1);
  const order = lines.flatMap((line) => line.parts);
  const here = [order.indexOf(part), part.field.selectionStart];
  const before = ({ part: other, from }) => order.indexOf(other) < here[0] || (other === part && from < here[1]);
  const isHere = ({ part: other, from }) => other === part && from === here[1] && part.field.selectionEnd > from;
  if (step > 0) return doubts.find((doubt) => !before(doubt) && !isHere(doubt));
  return doubts.findLast(before);
}

function showCount(at) {
  const doubts = allDoubts();
  const n = doubts.findIndex(({ print }) => print === at?.print) + 1;
  document.getElementById("doubt-nav").hidden = !doubts.length;
  document.getElementById("doubt-count").textContent = n ? say("doubtful-one", { n, total: doubts.length }) : say("doubtful-all", { total: doubts.length });
}

// --- Keys --------------------------------------------------------------------------------------------------------

function moveLine(part, step, atStart) {
  const order = lines.flatMap((line) => line.parts);
  const to = order[order.indexOf(part) + step];
  if (!to) return;
  const column = atStart ? 0 : Math.min(part.field.selectionStart, to.field.value.length);
  to.field.focus();
  to.field.setSelectionRange(column, column);
}

form.addEventListener("keydown", (event) => {
  if (event.key === "Escape") readings.hide();
  const part = partOf(event.target);
  if (handsIn(event)) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.altKey && /^Digit[1-4]$/.test(event.code)) {
    if (readings.choose(Number(event.code.at(-1)))) event.preventDefault();
  } else if (!part) {
    if (event.key === "F8") goToDoubt(event.shiftKey ? -1 : 1);
  } else if (tab.takes(event)) {
    // Back from the first word there is nowhere to go but out.
    if (event.shiftKey && !nextDoubt(allDoubts(), -1)) return;
    event.preventDefault();
    goToDoubt(event.shiftKey ? -1 : 1);
  } else if (event.key === "Enter") {
    event.preventDefault();
    moveLine(part, event.shiftKey ? -1 : 1, true);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    moveLine(part, event.key === "ArrowDown" ? 1 : -1);
  }
});

document.addEventListener("selectionchange", () => {
  follow();
  if (isElsewhere()) readings.hide();
});
list.addEventListener("focusin", follow);
list.addEventListener("pointerup", (event) => {
  const part = lines.flatMap((line) => line.parts).find(({ strip }) => strip.contains(event.target));
  if (part) goToPrint(part, event);
});

// The caret has left the word whose readings are shown; taps have none.
function isElsewhere() {
  const doubt = readings.doubt;
  if (!doubt || taps) return false;
  const { part, from, to } = doubt;
  if (document.activeElement !== part.field) return partOf(document.activeElement) !== undefined;
  return part.field.selectionStart > to || part.field.selectionEnd < from;
}

// A tap on a printed word puts the caret into that word.
function goToPrint(part, { clientX, clientY }) {
  const spot = new DOMPoint(clientX, clientY).matrixTransform(part.strip.getScreenCTM().inverse());
  const hit = pairs(part).find(({ print }) => print && print.box[0] <= spot.x && spot.x <= print.box[0] + print.box[2]);
  part.field.focus();
  if (hit) part.field.setSelectionRange(hit.from, hit.from);
}

for (const button of document.querySelectorAll("[data-doubt]")) button.addEventListener("click", () => goToDoubt(Number(button.dataset.doubt)));

// --- Keeping -----------------------------------------------------------------------------------------------------

let saving;
list.addEventListener("input", () => {
  if (!taps) readings.hide();
  clearTimeout(saving);
  saving = setTimeout(save, SAVE_AFTER);
  showCount(last);
});
addEventListener("pagehide", () => saving && save());

function save() {
  saving = undefined;
  const isKept = copy.write(lines.map((line) => line.text));
  document.getElementById("kept").textContent = isKept ? say("kept") : "";
}

function restore() {
  const kept = copy.read();
  if (kept?.length !== lines.length || kept.every((text, index) => text === lines[index].text)) return;
  kept.forEach((text, index) => (lines[index].text = text));
  document.getElementById("kept").textContent = say("restored");
}

// --- Time in front of it -----------------------------------------------------------------------------------------

let seconds = 0, seen = performance.now();
for (const name of ["keydown", "pointerdown", "pointermove", "scroll"]) {
  addEventListener(name, () => {
    const now = performance.now();
    seconds += Math.min(now - seen, AWAY) / 1000;
    seen = now;
  }, { passive: true });
}
form.addEventListener("submit", () => {
  form.elements.seconds.value = Math.round(seconds);
  save();
});

restore();
let width = innerWidth;
new ResizeObserver(() => {
  if (innerWidth !== width) redraw();
  width = innerWidth;
}).observe(list);
document.fonts.ready.then(() => {
  draw();
  showCount();
  if (taps) return;
  lines[0].parts[0].field.focus({ preventScroll: true });
  lines[0].parts[0].field.setSelectionRange(0, 0);
});
