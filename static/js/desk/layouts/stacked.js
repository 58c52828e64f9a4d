// The whole scan above, in a scroller of its own that follows the caret; the text below.
import { Decoration } from "../../codemirror.js";
import { LARGEST_CANVAS } from "../scan.js";
import { TurnedPage } from "../turned.js";

const MARGIN = 16; // CSS px
const PITCH = 30;
const TYPE = 19;
const MOST_PITCH = 44; // CSS px of the print

export class Stacked {
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

  size() {
    const { page, scan, zoom } = this.sheet;
    this.scale = Math.min((scan.clientWidth - 2 * MARGIN) / (page.block.right - page.block.left), MOST_PITCH / page.pitch) * zoom;
    return { pitch: PITCH, type: TYPE, stretch: "100%" };
  }

  dress() {
    const { page, image, scan, turn } = this.sheet;
    this.drawing = new TurnedPage(page, this.scale, turn);
    if (image) this.drawing.draw(this.canvas, image, LARGEST_CANVAS);
    this.inset = Math.max(0, (scan.clientWidth - this.drawing.width) / 2);
    this.canvas.style.marginLeft = `${this.inset}px`;
    this.canvas.setAttribute("aria-label", this.sheet.scanLabel);
    scan.scrollLeft = turn ? 0 : Math.max(0, page.block.left * this.scale - MARGIN);
    return Decoration.none;
  }

  place(box) {
    const place = this.drawing.place(box);
    return { ...place, left: place.left + this.inset, within: this.sheet.scan };
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return this.drawing.point(event.clientX - box.left, event.clientY - box.top);
  }
}
