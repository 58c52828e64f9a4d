// Scan and text in one scroller: the layouts, the band on the line in hand, the ring on the word, and the way from print to text.
import { layOut } from "./elastic.js";
import { matchLines, matchWords, printedLines, usualPitch } from "./print.js";

const LEAST_PITCH = 21; // CSS px: under this the print is hard to read
const MOST_PITCH = 44;
const LARGEST_CANVAS = 16e6; // device pixels; some browsers draw nothing beyond
const LEAST_LINE = 8; // letters: shorter lines may be specks and say nothing of the text's width
const EDGE = 0.1; // share of lines that may reach beyond the text block: specks read as letters do
const ZOOM_STEP = 1.15;
const NARROW = matchMedia("(max-width: 760px)");

export class Sheet {
  constructor({ editor, page, lines }) {
    this.editor = editor;
    this.page = page;
    this.sheet = document.getElementById("sheet");
    this.scan = document.getElementById("scan");
    this.image = this.scan.querySelector("img");
    this.printed = printedLines(lines);
    this.usual = usualPitch(this.printed) || page.height / 40;
    this.zoom = 1;
    this.inset = 0; // CSS px left of a page that is narrower than its pane
    this.canvas = this.#part("canvas", "", this.scan);
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", this.image.alt);
    this.band = this.#part("div", "band", this.sheet);
    this.scanBand = this.#part("div", "scan-band", this.scan);
    this.rowBand = this.#part("div", "row-band", editor.pane);
    this.ring = this.#part("div", "ring", this.scan);
    this.match();
    this.scan.addEventListener("click", (event) => this.#goToPrint(event));
  }

  #part(tag, name, parent) {
    const part = document.createElement(tag);
    part.className = name;
    parent.append(part);
    return part;
  }

  get layout() {
    return document.body.dataset.layout;
  }

  /** Tie rows to printed lines anew; returns whether a tie changed. */
  match() {
    const lineOf = matchLines(this.editor.rows, this.printed);
    const changed = !this.lineOf || lineOf.length !== this.lineOf.length || lineOf.some((line, row) => line !== this.lineOf[row]);
    this.lineOf = lineOf;
    this.rowOf = new Map(lineOf.flatMap((line, row) => (line < 0 ? [] : [[line, row]])));
    return changed;
  }

  /** The words of a row with the printed word of each. */
  wordsOf(row) {
    return matchWords(this.editor.rows[row] ?? "", this.printed[this.lineOf[row]]);
  }

  /** Draw everything for the present size, zoom, layout and text. */
  draw() {
    const narrow = NARROW.matches;
    document.body.toggleAttribute("data-wrap", this.layout !== "facing");
    const { scale, left, pitch } = this.#scale(narrow);
    this.scale = scale;
    const from = this.#firstPixel();
    const own = this.layout === "facing";
    const textPitch = own ? pitch : narrow ? 26 : 32;
    this.#fit(textPitch, own ? 12 : narrow ? 13 : 17);
    const style = document.body.style;
    style.setProperty("--pitch", `${textPitch}px`);
    this.textBase = this.editor.baseline();
    this.map = layOut({
      printed: this.printed, rowOf: own ? this.rowOf : new Map(), scale, pitch: textPitch, from, to: this.page.height,
      textBase: this.textBase, least: 16,
    });
    style.setProperty("--text-top", `${own ? Math.round(this.map.textTop) : 16}px`);
    this.#paint(left);
    this.follow();
  }

  // The text block, not the paper, is fitted to the pane.
  #scale(narrow) {
    const margin = this.sheet.clientWidth < 1180 ? 12 : 36;
    const inText = this.printed.filter((line) => !line.outside && line.text.length >= LEAST_LINE);
    const [left, right] = inText.length > 3 ? [share(inText.map((line) => line.left), EDGE), share(inText.map((line) => line.right), 1 - EDGE)] : [0, this.page.width];
    const room = Math.max(this.scan.clientWidth, 280) - 2 * margin;
    const fitted = room / (right - left);
    const scale = Math.min(Math.max(fitted, narrow ? 0 : LEAST_PITCH / this.usual), MOST_PITCH / this.usual) * this.zoom;
    return { scale, left: Math.max(0, left - Math.max(margin, (this.scan.clientWidth - (right - left) * scale) / 2) / scale), pitch: this.usual * scale };
  }

  // A finger's breadth of paper above the first print, unless a picture may stand there.
  #firstPixel() {
    const top = Math.min(...this.printed.map((line) => line.top), this.page.height);
    return top < this.page.height * 0.3 ? Math.max(0, Math.round(top - this.usual * 1.2)) : 0;
  }

  // The largest comfortable size at which the longest row fits: first smaller, then narrower, then smaller still.
  #fit(pitch, least) {
    const style = document.body.style;
    const wish = Math.min(20, pitch * 0.62);
    const room = this.editor.pane.clientWidth - parseFloat(getComputedStyle(this.editor.area).paddingInlineStart) - 20;
    let stretch = "100%";
    let size = Math.min(wish, Math.max(room / this.editor.measure(), Math.min(17, wish)));
    if (room / this.editor.measure() < size) {
      stretch = "82%";
      size = Math.min(size, Math.max(least, room / this.editor.measure(stretch)));
    }
    style.setProperty("--text-size", `${size}px`);
    style.setProperty("--text-stretch", stretch);
  }

  #paint(left) {
    const { canvas, image, map, scale } = this;
    if (!image.naturalWidth) return;
    const [width, height] = [this.page.width * scale, map.height];
    const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(LARGEST_CANVAS / (width * height)));
    canvas.width = Math.round(width * sharp);
    canvas.height = Math.round(height * sharp);
    this.inset = Math.max(0, (this.scan.clientWidth - width) / 2);
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px`, marginLeft: `${this.inset}px` });
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    const [across, down] = [image.naturalWidth / this.page.width, image.naturalHeight / this.page.height];
    const draw = (from, to, top, bottom) => {
      const [y, end] = [Math.round(top * sharp), Math.round(bottom * sharp)];
      context.drawImage(image, 0, from * down, this.page.width * across, (to - from) * down, 0, y, canvas.width, end - y);
    };
    for (const { from, to, top, bottom } of map.pieces) draw(from, to, top, bottom);
    for (const { at, top, bottom } of map.blanks) this.#layPaper(context, draw, at, top, bottom);
    image.hidden = true;
    this.scan.scrollLeft = left * scale;
  }

  // Bare paper between lines that touch: of the rows around, the lightest at each place, so that no letter's tip is drawn out.
  #layPaper(context, draw, at, top, bottom) {
    const reach = this.usual * 0.12;
    for (let row = at - reach; row < at + reach; row += Math.max(1, reach / 4)) {
      if (row >= 0 && row < this.page.height - 1) draw(row, row + 1, top, bottom);
      context.globalCompositeOperation = "lighten";
    }
    context.globalCompositeOperation = "source-over";
  }

  /** Bring band, ring and scan to the caret; `keep` also scrolls the line into the middle of the sheet. */
  follow(keep = false) {
    if (!this.map) return;
    const { row, column } = this.editor.caret;
    const top = this.editor.rowTop(row);
    const anchored = this.#anchoredRow(row);
    const line = this.lineOf[anchored];
    const slip = line === undefined || this.layout !== "facing" ? 0 : this.#slip(anchored, line);
    this.canvas.style.translate = `0 ${-slip}px`;
    for (const band of [this.band, this.rowBand]) Object.assign(band.style, { translate: `0 ${top}px`, height: `${this.editor.rowHeight(row)}px` });
    this.band.classList.toggle("is-loose", anchored !== row);
    const word = this.wordsOf(row).find(({ from, to }) => from <= column && column <= to);
    this.#encircle(word?.print, slip);
    if (this.layout === "stacked") this.#followStacked(line);
    if (keep) this.#keepInSight(top);
  }

  // The row itself, or the nearest above it that has a printed line.
  #anchoredRow(row) {
    for (let r = row; r >= 0; r--) if (this.lineOf[r] >= 0) return r;
    return undefined;
  }

  // How far the printed line stands below its row where the gaps could not give enough.
  #slip(row, line) {
    return Math.round(this.map.bases.get(line) - this.editor.rowTop(row) - this.textBase);
  }

  #encircle(word, slip) {
    this.ring.hidden = !word || this.layout === "text";
    if (!word) return;
    const [x, y, width, height] = word.box;
    const top = this.map.y(y);
    Object.assign(this.ring.style, {
      translate: `${this.inset + x * this.scale - 5}px ${top - 4 - slip}px`, width: `${width * this.scale + 10}px`, height: `${this.map.y(y + height) - top + 8}px`,
    });
    const [left, right] = [x * this.scale - 8, (x + width) * this.scale + 8];
    if (left < this.scan.scrollLeft) this.scan.scrollLeft = left;
    else if (right > this.scan.scrollLeft + this.scan.clientWidth) this.scan.scrollLeft = right - this.scan.clientWidth;
  }

  #followStacked(line) {
    const printed = this.printed[line];
    this.scanBand.hidden = !printed;
    if (!printed) return;
    const [top, bottom] = [this.map.y(printed.top), this.map.y(printed.bottom)];
    Object.assign(this.scanBand.style, { translate: `0 ${top - 4}px`, height: `${bottom - top + 8}px`, width: `${Math.max(this.scan.clientWidth, this.canvas.clientWidth)}px` });
    this.scan.scrollTop = (top + bottom) / 2 - this.scan.clientHeight / 2;
  }

  // The line in hand stays between 35% and 60% of the height, and moves only when it leaves.
  #keepInSight(top) {
    const scroller = this.layout === "stacked" ? this.editor.pane : this.sheet;
    const at = top - scroller.scrollTop;
    const height = scroller.clientHeight;
    if (at < height * 0.35) scroller.scrollTop = top - height * 0.35;
    else if (at > height * 0.6) scroller.scrollTop = top - height * 0.6;
  }

  /** Larger (1), smaller (-1) or fitted (0). */
  enlarge(step) {
    this.zoom = step === 0 ? 1 : Math.min(4, Math.max(0.4, this.zoom * ZOOM_STEP ** step));
    this.draw();
  }

  #goToPrint(event) {
    const box = this.canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX - box.left) / this.scale, event.clientY - box.top];
    const near = this.printed
      .map((line, index) => ({ index, line, apart: distance(y, this.map.y(line.top), this.map.y(line.bottom)) + distance(x, line.left, line.right) * this.scale }))
      .filter(({ index }) => this.rowOf.has(index))
      .sort((a, b) => a.apart - b.apart)[0];
    if (!near) return;
    const row = this.rowOf.get(near.index);
    const words = this.wordsOf(row).filter((word) => word.print);
    words.sort((a, b) => distance(x, a.print.box[0], a.print.box[0] + a.print.box[2]) - distance(x, b.print.box[0], b.print.box[0] + b.print.box[2]));
    this.editor.select(row, words[0]?.from ?? 0);
  }
}

// The value below which a share of the values lies.
const share = (values, part) => values.sort((a, b) => a - b)[Math.round((values.length - 1) * part)];
const distance = (at, from, to) => Math.max(from - at, 0, at - to);
