// One printed line over its text. Where the screen is narrow a line stands in two or three parts, each print over its own text;
// the form's own field, hidden, always holds the whole line.
import { say } from "../desk/words.js";

const SVG = "http://www.w3.org/2000/svg";
const SPARE = 0.25; // of a part, that the part before has room for
const EDGE = 12; // pixels of the image shown after the last word of a line in parts
const WIDEST_GAP = 3, NARROWEST_GAP = -0.12; // of the type, besides an ordinary blank

/** The words of a text: `{text, from, to}`, columns. */
export const wordsOf = (text) => [...text.matchAll(/\S+/g)].map((found) => ({ text: found[0], from: found.index, to: found.index + found[0].length }));

export class Line {
  constructor(item, number, { view, words, row }, image) {
    const [x, y, width, height] = view;
    Object.assign(this, { item, number, printed: words, row, image, view: { x, y, width, height } });
    this.carrier = item.querySelector("input");
    this.isFromRight = getComputedStyle(item).direction === "rtl";
    this.checked = new Set();
  }

  get text() {
    return this.carrier.value;
  }

  /** Take another text, and show it. */
  set text(text) {
    this.carrier.value = text;
  }

  /** Draw the line in `count` parts; `scale`: pixels of the screen a pixel of the image, `size`: of the type. */
  draw(most, scale, size) {
    this.isCut = most > 1;
    const cuts = this.#cuts(most);
    const count = cuts.length - 1;
    const words = wordsOf(this.text);
    this.parts = cuts.slice(1).map((end, index) => {
      const [from, to] = [cuts[index], end].map((cut) => textCut(cut, this.printed.length, words));
      const text = count === 1 ? this.text : words.slice(from, to).map((word) => word.text).join(" ");
      return this.#part({ index, count, first: cuts[index], last: end, text, scale, size });
    });
    this.carrier.type = "hidden";
    this.item.replaceChildren(this.carrier, ...this.parts.map((part) => part.element));
  }

  /** The width of the widest part in pixels of the image, if lines stood in `count` parts. */
  widest(count) {
    this.isCut = count > 1;
    const cuts = this.#cuts(count);
    return Math.max(...cuts.slice(1).map((end, index) => this.#window(cuts[index], end).width));
  }

  /** Letters and pixels of the image of the fullest part: what decides on the size of the type. */
  density(count) {
    const cuts = this.#cuts(count);
    return cuts.slice(1).map((end, index) => {
      const words = this.printed.slice(cuts[index], end);
      return { letters: words.reduce((sum, word) => sum + word.text.length + 1, -1), width: this.#reach(words) };
    });
  }

  // Where parts begin, as indexes of printed words: at the gaps nearest to equal widths. A short line needs fewer parts.
  #cuts(count) {
    const total = this.printed.length;
    const ends = this.printed.map((word) => this.#start(word) + word.box[2]);
    const needed = Math.min(total, Math.max(1, Math.ceil((ends.at(-1) / this.view.width) * count - SPARE)));
    const cuts = [0];
    for (let part = 1; part < needed; part++) {
      const wanted = (this.view.width * part) / count;
      const least = cuts.at(-1) + 1, most = total - (needed - part);
      let best = least;
      for (let cut = least; cut <= most; cut++) if (Math.abs(ends[cut - 1] - wanted) < Math.abs(ends[best - 1] - wanted)) best = cut;
      cuts.push(best);
    }
    return [...cuts, total];
  }

  // How far a printed word is from where the line begins.
  #start(word) {
    const [x, , width] = word.box;
    return this.isFromRight ? this.view.x + this.view.width - x - width : x - this.view.x;
  }

  #reach(words) {
    return words.length ? this.#start(words.at(-1)) + words.at(-1).box[2] - this.#start(words[0]) : 0;
  }

  // The window on the image for printed words `first` to `last`: cut in the middle of the gaps.
  #window(first, last) {
    const total = this.printed.length;
    const gap = (cut) => (this.#start(this.printed[cut - 1]) + this.printed[cut - 1].box[2] + this.#start(this.printed[cut])) / 2;
    const begin = first ? gap(first) : 0;
    const isWhole = !first && last === total && !this.isCut;
    const end = last < total ? gap(last) : isWhole ? this.view.width : this.#start(this.printed.at(-1)) + this.printed.at(-1).box[2] + EDGE;
    const x = this.isFromRight ? this.view.x + this.view.width - end : this.view.x + begin;
    return { begin, x, y: this.view.y, width: end - begin, height: this.view.height };
  }

  #part({ index, count, first, last, text, scale, size }) {
    const shown = this.#window(first, last);
    const element = Object.assign(document.createElement("div"), { className: "part" });
    const strip = drawStrip(shown, this.image);
    strip.style.width = `${shown.width * scale}px`;
    const holder = Object.assign(document.createElement("div"), { className: "field-of-part" });
    const mirror = Object.assign(document.createElement("div"), { className: "mirror" });
    mirror.setAttribute("aria-hidden", "true");
    const { autocomplete, spellcheck, maxLength } = this.carrier;
    const field = Object.assign(document.createElement("input"), { className: "part-field", value: text, autocomplete, spellcheck, maxLength });
    field.setAttribute("autocapitalize", "off");
    field.setAttribute("aria-label", say(count === 1 ? "line" : "part", { line: this.number, part: index + 1, parts: count }));
    const words = this.printed.slice(first, last);
    const look = { fontSize: `${size}px`, paddingInlineStart: `${words.length ? (this.#start(words[0]) - shown.begin) * scale : 0}px`, wordSpacing: `${spacing(words, this.#reach(words) * scale, size)}px` };
    Object.assign(field.style, look);
    Object.assign(mirror.style, look);
    holder.append(mirror, field);
    element.append(strip, holder);
    const part = { element, strip, field, mirror, first, last, line: this };
    field.addEventListener("input", () => {
      this.#collect();
      this.dress();
    });
    field.addEventListener("scroll", () => (mirror.scrollLeft = field.scrollLeft));
    return part;
  }

  #collect() {
    const texts = this.parts.map((part) => part.field.value);
    this.carrier.value = texts.length === 1 ? texts[0] : texts.map((text) => text.trim()).filter(Boolean).join(" ");
    this.carrier.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Words that the machine doubted and nobody has changed: `{line, part, print, from, to, text}`, columns of the part. */
  doubts(least) {
    return this.parts.flatMap((part) => pairs(part).filter(({ print, text }) => print && print.suspect >= least && print.text === text).map((pair) => ({ ...pair, part, line: this })));
  }

  /** Underline the doubtful words again. */
  dress(least = this.least) {
    this.least = least;
    for (const part of this.parts) {
      const pieces = [];
      let at = 0;
      for (const { from, to, print } of this.doubts(least).filter((doubt) => doubt.part === part)) {
        const word = Object.assign(document.createElement("span"), { className: this.checked.has(print) ? "doubtful is-checked" : "doubtful", textContent: part.field.value.slice(from, to) });
        pieces.push(part.field.value.slice(at, from), word);
        at = to;
      }
      part.mirror.replaceChildren(...pieces, part.field.value.slice(at));
    }
  }
}

/** The words of a part's text, each with its printed word where it can be told: alike from the front, alike from the end. */
export function pairs({ field, line, first, last }) {
  const words = wordsOf(field.value);
  const printed = line.printed.slice(first, last);
  let front = 0, back = 0;
  const most = Math.min(words.length, printed.length);
  if (words.length === printed.length) front = most;
  while (front < most && words[front].text === printed[front].text) front++;
  while (back < most - front && words.at(-1 - back).text === printed.at(-1 - back).text) back++;
  return words.map((word, index) => {
    if (index < front) return { ...word, print: printed[index] };
    return { ...word, print: index >= words.length - back ? printed[printed.length - (words.length - index)] : undefined };
  });
}

// Where a cut between printed words falls in the text: at the same word, or at the same share when words came or went.
function textCut(cut, printed, words) {
  return printed === words.length ? cut : Math.round((cut / (printed || 1)) * words.length);
}

function spacing(words, width, size) {
  const letters = words.reduce((sum, word) => sum + word.text.length + 1, -1);
  const wanted = words.length > 1 ? (width - letters * size * 0.6) / (words.length - 1) : 0;
  return Math.max(NARROWEST_GAP * size, Math.min(WIDEST_GAP * size, wanted));
}

function drawStrip({ x, y, width, height }, { address, page }) {
  const strip = document.createElementNS(SVG, "svg");
  const print = document.createElementNS(SVG, "image");
  const ring = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ class: "strip", viewBox: `${x} ${y} ${width} ${height}`, "aria-hidden": "true", focusable: "false" })) strip.setAttribute(name, value);
  for (const [name, value] of Object.entries({ href: address, width: page.width, height: page.height })) print.setAttribute(name, value);
  ring.setAttribute("class", "ring");
  ring.setAttribute("hidden", "");
  strip.append(print, ring);
  return strip;
}
