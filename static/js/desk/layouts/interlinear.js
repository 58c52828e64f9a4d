// Each printed line right above its own text, words under words: the blanks between words are stretched, so the text stays
// plain inline text and wraps, selects and composes as any other.
import { Decoration, WidgetType } from "../../codemirror.js";
import { showCut } from "../scan.js";

const WIDEST = 960; // CSS px of the text block
const MARGIN = 32; // CSS px
const NARROW_MARGIN = 14;
const LEAST_X = 9; // CSS px: under this height of an x a line is split in two
const LARGEST_TYPE = 19;
const LEAST_TYPE = 14;
const FILLED = 0.88; // of the room, by the parts of a cut line: words are not cut
const MOST_PITCH = 58; // CSS px of the print

class Strip extends WidgetType {
  constructor({ page, box, scale, isPart, isLoose, indent }) {
    super();
    Object.assign(this, { page, box, scale, isPart, isLoose, indent });
  }

  eq({ page, box, scale, indent }) {
    return page === this.page && scale === this.scale && indent === this.indent && box.every((side, i) => side === this.box[i]);
  }

  toDOM() {
    const part = document.createElement("div");
    part.className = `strip${this.isPart ? " is-part" : ""}${this.isLoose ? " is-loose" : ""}`;
    if (this.indent) Object.assign(part.style, { marginInlineStart: `${-this.indent}px`, width: `calc(100% + ${this.indent}px)` });
    const cut = part.appendChild(document.createElement("div"));
    showCut(cut, this.page, this.box, this.scale);
    part.strip = this;
    part.addEventListener("mousedown", (event) => event.preventDefault()); // the browser would put the caret somewhere of its own
    return part;
  }

  get estimatedHeight() {
    return this.box[3] * this.scale;
  }

  ignoreEvent() {
    return true;
  }
}

export class Interlinear {
  constructor(sheet) {
    this.sheet = sheet;
  }

  enter() {}

  leave() {}

  size() {
    const { page, pane, zoom } = this.sheet;
    const narrow = pane.clientWidth < 700;
    this.room = Math.min(WIDEST * Math.max(1, zoom), pane.clientWidth - 2 * (narrow ? NARROW_MARGIN : MARGIN));
    const breadth = page.block.right - page.block.left + page.pitch * 0.4;
    const least = (LEAST_X / page.xHeight) * zoom;
    const parts = Math.max(1, Math.ceil((breadth * least) / this.room));
    this.scale = Math.min((parts * this.room * (parts > 1 ? FILLED : 1)) / breadth, (MOST_PITCH / page.pitch) * zoom);
    this.wide = (breadth * this.scale) / (parts > 1 ? parts * FILLED : 1);
    const type = Math.max(LEAST_TYPE, Math.min(LARGEST_TYPE, this.#typeAsWideAsPrint()));
    return { type, stretch: "100%", pitch: Math.round(type * 1.5), room: Math.min(this.room, this.wide) };
  }

  // The size, CSS px, at which the longest printed line's words are as wide as their print.
  #typeAsWideAsPrint() {
    const lengths = this.sheet.page.lines.map(({ words }) => words.map(({ text }) => text).join(" "));
    const longest = lengths.reduce((best, text, i) => (text.length > lengths[best].length ? i : best), 0);
    const line = this.sheet.page.lines[longest];
    return line ? ((line.right - line.left) * this.scale) / this.sheet.ruler.unit(lengths[longest], "100%") : LARGEST_TYPE;
  }

  dress(state, lineOf) {
    const marks = [];
    let before = -1;
    lineOf.forEach((line, row) => {
      const { from, text } = state.doc.line(row + 1);
      if (line < 0) return;
      for (const part of this.#between(before, line, lineOf).flatMap((loose) => this.#partsOf(loose))) marks.push(this.#strip(part, { isLoose: true }).range(from));
      before = Math.max(before, line);
      marks.push(...this.#row(line, from, text, this.sheet.tiesIn(row)));
    });
    return Decoration.set(marks, true);
  }

  // Printed lines with no text of their own are shown where they stand, so that nothing printed is out of sight.
  #between(before, line, lineOf) {
    const { lines } = this.sheet.page;
    const between = [];
    for (let i = before + 1; i < line; i++) if (!lines[i].outside && lines[i].words.length && !lineOf.includes(i)) between.push(i);
    return between;
  }

  #row(line, from, text, ties) {
    const parts = this.#partsOf(line);
    const marks = [this.#strip(parts[0]).range(from)];
    const first = ties.find((tie) => tie.line === line);
    const indent = first ? Math.max(0, this.#x(line, first.word, parts[0]) - this.#widthOf(text.slice(0, first.from - from))) : 0;
    if (indent > 1) marks.push(Decoration.line({ attributes: { style: `padding-inline-start: ${indent.toFixed(1)}px` } }).range(from));
    marks.push(...this.#words(line, from, text, ties.filter((tie) => tie.line === line), parts, indent));
    return marks;
  }

  // Stretch the blank before each word so that it begins under its print; where a part ends, the next strip stands in the text.
  #words(line, from, text, ties, parts, indent) {
    const marks = [];
    const words = [...text.matchAll(/\S+/g)];
    const widths = this.sheet.ruler.widthsOf([...words.map(([word]) => word), " "]);
    const blank = widths.at(-1);
    let [x, part] = [indent, parts[0]];
    words.forEach((found, i) => {
      const start = from + found.index;
      const tie = ties.find((each) => each.from >= start && each.from < start + found[0].length);
      const next = tie && parts.find(({ words: [first, last] }) => tie.word >= first && tie.word <= last);
      if (i && next && next !== part && parts.indexOf(next) > parts.indexOf(part)) {
        marks.push(this.#strip(next, { isPart: true, indent }).range(start));
        part = next;
        x = this.#x(line, tie.word, part);
        const lead = x - indent; // the row is set in as its first word is
        if (Math.abs(lead) > 1) marks.push(Decoration.mark({ attributes: { style: `margin-inline-start: ${lead.toFixed(1)}px` } }).range(start, start + found[0].length));
      } else if (i) {
        const gap = words[i].index - (words[i - 1].index + words[i - 1][0].length);
        x += gap * blank;
        const wanted = tie && next === part ? this.#x(line, tie.word, part) : x;
        if (wanted - x > 1) {
          marks.push(Decoration.mark({ attributes: { style: `letter-spacing: ${((wanted - x) / gap).toFixed(2)}px` } }).range(start - gap, start));
          x = wanted;
        }
      }
      x += widths[i];
    });
    return marks;
  }

  // Where a word of a printed line begins, CSS px from the start of its part.
  #x(line, word, part) {
    return (this.#along(this.sheet.page.lines[line].words[word].box)[0] - this.#along(part.box)[0]) * this.scale;
  }

  #widthOf(text) {
    return text ? this.sheet.ruler.widthsOf([text])[0] : 0;
  }

  // A line whose print would be too wide for the room is cut at the gaps between its words, into parts of about equal width:
  // `{words: [first, last], box}`.
  #partsOf(line) {
    const { page } = this.sheet;
    const printed = page.lines[line];
    const edge = page.pitch * 0.2;
    const room = this.room / this.scale;
    const [blockFrom, blockTo] = this.#along([page.block.left, 0, page.block.right - page.block.left, 0]);
    const [printFrom, printTo] = this.#along(printed.box);
    const end = printTo + edge;
    const block = Math.min(blockFrom, printFrom) - edge;
    // A short line far in, such as a heading, is shown whole where it fits alone.
    const begin = end - block > room && end - printFrom + edge <= room ? end - room : block;
    const box = (from, to) => [this.sheet.rightToLeft ? page.width - to : from, printed.stripTop, to - from, printed.stripBottom - printed.stripTop];
    const count = Math.max(1, Math.ceil((printTo - begin) / room - 0.01));
    if (count === 1) return [{ words: [0, printed.words.length - 1], box: box(begin, Math.min(Math.max(blockTo + edge, end), Math.max(end, begin + room))) }];
    const words = printed.words.map((word) => this.#along(word.box));
    const parts = [];
    let first = 0;
    words.forEach(([from, to], i) => {
      const start = first ? words[first][0] - edge : begin;
      const next = words[i + 1];
      const isFull = next && next[1] - start > room;
      const isShare = next && parts.length < count - 1 && to - begin > ((printTo - begin) * (parts.length + 1)) / count - (to - from) / 2;
      if (next && !isFull && !isShare) return;
      parts.push({ words: [first, i], box: box(start, to + edge) });
      first = i + 1;
    });
    return parts;
  }

  // From where to where a box of the page reaches in the direction of reading, pixels from the side where lines begin.
  #along([x, , width]) {
    const from = this.sheet.rightToLeft ? this.sheet.page.width - x - width : x;
    return [from, from + width];
  }

  #strip({ box }, { isPart = false, isLoose = false, indent = 0 } = {}) {
    const widget = new Strip({ page: this.sheet.page, box, scale: this.scale, isPart, isLoose, indent });
    return Decoration.widget({ widget, block: !isPart, side: -1 });
  }

  /** Where a box of the page stands: `{left, top, width, height, within}`, CSS px in the sheet, or undefined. */
  place([x, y, width, height]) {
    for (const part of this.sheet.pane.querySelectorAll(".strip")) {
      const [left, top, breadth, depth] = part.strip.box;
      if (x < left || x > left + breadth || y + height / 2 < top || y + height / 2 > top + depth) continue;
      const [cut, root] = [part.firstChild.getBoundingClientRect(), this.sheet.root.getBoundingClientRect()];
      const scale = this.scale;
      return {
        left: cut.left - root.left + this.sheet.root.scrollLeft + (x - left) * scale, top: cut.top - root.top + this.sheet.root.scrollTop + (y - top) * scale,
        width: width * scale, height: height * scale, within: this.sheet.root,
      };
    }
    return undefined;
  }

  /** The place on the page under the pointer, pixels, or undefined beside the strips. */
  point(event) {
    const part = event.target.closest?.(".strip");
    if (!part) return undefined;
    const cut = part.firstChild.getBoundingClientRect();
    const [left, top] = part.strip.box;
    return { x: left + (event.clientX - cut.left) / this.scale, y: top + (event.clientY - cut.top) / this.scale };
  }
}
