// The fields of one picture beside the scan: its place in numbers, its crop, its number.

import { isOnPage } from "./box.js";

const SIDES = ["left", "top", "width", "height"];

export class Fields {
  /** `element` holds the fields of one picture; `page` is `{width, height}`. */
  constructor(element, page) {
    Object.assign(this, { element, page });
    this.inputs = Object.fromEntries(SIDES.map((side) => [side, element.querySelector(`[data-side=${side}]`)]));
  }

  /** The box that is typed, or undefined while it is none. */
  get box() {
    const box = Object.fromEntries(SIDES.map((side) => [side, this.inputs[side].value.trim() === "" ? NaN : Number(this.inputs[side].value)]));
    return isOnPage(box, this.page) ? box : undefined;
  }

  set box(box) {
    for (const side of SIDES) this.inputs[side].value = box[side];
    this.showCrop();
  }

  /** Show the part of the scan that the numbers name. */
  showCrop() {
    const { box } = this;
    if (!box) return;
    const outer = this.element.querySelector("[data-crop]");
    const inner = outer.firstElementChild; // it clips what stands around the box
    for (const each of [outer, inner]) each.setAttribute("viewBox", SIDES.map((side) => box[side]).join(" "));
    for (const [name, side] of [["x", "left"], ["y", "top"], ["width", "width"], ["height", "height"]]) inner.setAttribute(name, box[side]);
  }

  /** Say which picture of the page this is. */
  name(words) {
    this.element.querySelector("[data-number]").textContent = words;
    this.element.querySelector("legend").textContent = words;
  }

  set current(current) {
    this.element.classList.toggle("is-current", current);
  }
}
