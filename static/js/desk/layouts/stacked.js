// The whole scan above, in a scroller of its own that follows the caret; the text below.
import { Decoration } from "../../codemirror.js";
import { drawElastic } from "../scan.js";

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
    const { page, image, scan } = this.sheet;
    const width = page.width * this.scale;
    this.inset = Math.max(0, (scan.clientWidth - width) / 2);
    this.map = { pieces: [{ from: 0, to: page.height, top: 0, bottom: page.height * this.scale }], blanks: [], height: page.height * this.scale };
    if (image) drawElastic(this.canvas, image, page, this.map, width);
    this.canvas.style.marginLeft = `${this.inset}px`;
    this.canvas.setAttribute("aria-label", this.sheet.scanLabel);
    scan.scrollLeft = Math.max(0, page.block.left * this.scale - MARGIN);
    return Decoration.none;
  }

  place([x, y, width, height]) {
    return { left: this.inset + x * this.scale, top: y * this.scale, width: width * this.scale, height: height * this.scale, within: this.sheet.scan };
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) / this.scale, y: (event.clientY - box.top) / this.scale };
  }
}
