// Scan left, text right, each printed line at the height of its own text.
import { Decoration, WidgetType } from "../../codemirror.js";
import { layOut } from "../elastic.js";
import { LARGEST_CANVAS, drawElastic } from "../scan.js";
import { TurnedPage } from "../turned.js";

const LEAST_PITCH = 21; // CSS px: under this the print is hard to read
const MOST_PITCH = 44;
const MARGIN = 36; // CSS px beside the text block; less on narrow screens
const NARROW_MARGIN = 12;
const TOP = 16; // CSS px above the first line at least
const LARGEST_TYPE = 20; // CSS px
const TYPE_OF_PITCH = 0.62;

class Gap extends WidgetType {
  constructor(height) {
    super();
    this.height = height;
  }

  eq(other) {
    return Math.abs(other.height - this.height) < 0.1;
  }

  toDOM() {
    const part = document.createElement("div");
    part.style.height = `${this.height}px`;
    return part;
  }

  get estimatedHeight() {
    return this.height;
  }
}

export class Facing {
  constructor(sheet) {
    this.sheet = sheet;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
  }

  enter() {
    this.sheet.scan.prepend(this.canvas);
  }

  leave() {
    this.canvas.remove();
  }

  /** Sizes that depend on the window and the page, not on the text's lines. */
  size() {
    const { page, scan, zoom } = this.sheet;
    const margin = this.sheet.root.clientWidth < 1180 ? NARROW_MARGIN : MARGIN;
    const breadth = page.block.right - page.block.left;
    const fitted = (scan.clientWidth - 2 * margin) / breadth;
    this.scale = Math.min(Math.max(fitted, LEAST_PITCH / page.pitch), MOST_PITCH / page.pitch) * zoom;
    this.left = page.block.left - Math.max(margin, (scan.clientWidth - breadth * this.scale) / 2) / this.scale;
    const pitch = page.pitch * this.scale;
    return { pitch, ...this.sheet.typeThatFits(Math.min(LARGEST_TYPE, pitch * TYPE_OF_PITCH)) };
  }

  /** What the text is dressed in, from the measured heights of its rows; draws the scan to match. */
  dress(state, lineOf, heights, textBase) {
    const { page, image, turn } = this.sheet;
    this.turned = turn ? new TurnedPage(page, this.scale, turn) : undefined;
    if (this.turned) return this.#showTurned(image);
    const rowOf = new Map(lineOf.flatMap((line, row) => (line < 0 ? [] : [[line, row]])));
    this.from = page.top < page.height * 0.3 ? Math.max(0, Math.round(page.top - page.pitch * 1.2)) : 0;
    this.map = layOut({ printed: page.lines, rowOf, scale: this.scale, heights, from: this.from, to: page.height, textBase, least: TOP });
    this.#paint(image, page);
    const gaps = this.map.gaps.flatMap((gap, row) => (gap ? [Decoration.widget({ widget: new Gap(gap), block: true, side: -1 }).range(state.doc.line(row + 1).from)] : []));
    return Decoration.set(gaps);
  }

  #showTurned(image) {
    if (image) this.turned.draw(this.canvas, image, LARGEST_CANVAS);
    this.inset = Math.max(0, (this.sheet.scan.clientWidth - this.turned.width) / 2);
    this.canvas.style.marginLeft = `${this.inset}px`;
    return Decoration.none;
  }

  #paint(image, page) {
    const width = page.width * this.scale;
    if (image) drawElastic(this.canvas, image, page, this.map, width);
    this.inset = Math.max(0, -this.left * this.scale);
    this.canvas.style.marginLeft = `${this.inset}px`;
    this.canvas.setAttribute("aria-label", this.sheet.scanLabel);
    this.sheet.scan.scrollLeft = Math.max(0, this.left) * this.scale;
  }

  /** Where a box of the page stands: `{left, top, width, height, within}`, CSS px in the pane `within`. */
  place([x, y, width, height]) {
    if (this.turned) {
      const place = this.turned.place([x, y, width, height]);
      return { ...place, left: place.left + this.inset, within: this.sheet.scan };
    }
    const top = this.map.y(y);
    return { left: this.inset + x * this.scale, top, width: width * this.scale, height: this.map.y(y + height) - top, within: this.sheet.scan };
  }

  /** The place on the page under the pointer, pixels. */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    if (this.turned) return this.turned.point(event.clientX - box.left, event.clientY - box.top);
    return { x: (event.clientX - box.left) / this.scale, y: this.#pixel(event.clientY - box.top) };
  }

  #pixel(at) {
    const piece = this.map.pieces.find(({ bottom }) => at <= bottom) ?? this.map.pieces.at(-1);
    return piece.from + ((at - piece.top) * (piece.to - piece.from)) / (piece.bottom - piece.top);
  }
}
