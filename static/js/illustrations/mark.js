// A rectangle on the scan: a button that the pointer drags and the arrow keys move.

import { cornered, grown, moved } from "./box.js";

const CORNERS = ["nw", "ne", "sw", "se"];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 1 / 200; // of the page's width, for one press

export class Mark {
  /** `on` has `changed(box)`, `taken()`, `chosen()`; `pointAt` turns an event into a point of the page. */
  constructor(page, pointAt, on) {
    Object.assign(this, { page, pointAt, on });
    this.number = Object.assign(document.createElement("span"), { className: "mark-number", ariaHidden: "true" });
    this.element = Object.assign(document.createElement("button"), { type: "button", className: "mark" });
    this.element.setAttribute("aria-describedby", "marking-help");
    this.element.append(this.number, ...CORNERS.map(grip));
    this.element.addEventListener("pointerdown", (event) => this.#grab(event));
    this.element.addEventListener("keydown", (event) => this.#press(event));
    this.element.addEventListener("focus", () => on.chosen());
  }

  get box() {
    return this.place;
  }

  set box(box) {
    this.place = box;
    const share = (part, whole) => `${(100 * part) / whole}%`;
    Object.assign(this.element.style, {
      left: share(box.left, this.page.width), top: share(box.top, this.page.height),
      width: share(box.width, this.page.width), height: share(box.height, this.page.height),
    });
  }

  /** Show its number, and say where it is. */
  name(number, words) {
    this.number.textContent = number;
    this.element.setAttribute("aria-label", words);
  }

  set current(current) {
    this.element.classList.toggle("is-current", current);
  }

  #grab(event) {
    if (event.button > 0) return;
    event.stopPropagation();
    event.preventDefault();
    this.element.focus({ preventScroll: true });
    const corner = event.target.dataset.grip;
    const [from, box] = [this.pointAt(event), this.box];
    follow(this.element, event, (next) => {
      const to = this.pointAt(next);
      this.on.changed(corner ? cornered(box, corner, to, this.page) : moved(box, to.x - from.x, to.y - from.y, this.page));
    });
  }

  #press(event) {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.on.taken();
      return;
    }
    const way = ARROWS[event.key];
    if (!way || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const step = event.altKey ? 1 : Math.max(1, Math.round(this.page.width * STEP));
    const change = event.shiftKey ? grown : moved;
    this.on.changed(change(this.box, way[0] * step, way[1] * step, this.page));
  }
}

/** Call `act` with each move of this pointer until it is let go, then `end`. */
export function follow(element, event, act, end = () => {}) {
  const mine = (next) => next.pointerId === event.pointerId;
  const move = (next) => mine(next) && act(next);
  const stop = (next) => {
    if (!mine(next)) return;
    element.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) element.removeEventListener(name, stop);
    end(next);
  };
  element.setPointerCapture(event.pointerId);
  element.addEventListener("pointermove", move);
  for (const name of ["pointerup", "pointercancel"]) element.addEventListener(name, stop);
}

function grip(corner) {
  const made = Object.assign(document.createElement("span"), { className: "grip" });
  made.dataset.grip = corner;
  return made;
}
