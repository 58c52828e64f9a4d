// The peek opens where a finger rests, or (by choice) the pointer.
import { ViewPlugin } from "../codemirror.js";
import { wordAround } from "./doubtful-words.js";

const RESTS = 500; // ms
const LEFT = 300; // ms to reach the peek from the word

export function addResting(peek, desk) {
  desk.extend(ViewPlugin.define((view) => new Resting(peek, desk, view)));
}

class Resting {
  constructor(peek, desk, view) {
    Object.assign(this, { peek, desk, view });
    const { contentDOM } = view;
    contentDOM.addEventListener("pointerdown", (event) => event.pointerType === "touch" && this.#later(event, {}));
    contentDOM.addEventListener("pointermove", (event) => this.#moved(event));
    for (const type of ["pointerup", "pointercancel", "pointerleave"]) contentDOM.addEventListener(type, () => this.destroy());
  }

  destroy() {
    clearTimeout(this.timer);
  }

  #moved(event) {
    if (event.pointerType === "touch") return;
    if (this.peek.isOpen && this.peek.byHover) this.#leftLater(event);
    else if (!event.buttons && !this.peek.isOpen && this.desk.settings.get("hoverPeek", false)) this.#later(event, { byHover: true });
  }

  #later(event, options) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#look(event, options), RESTS);
  }

  #look(event, options) {
    const at = this.view.posAtCoords({ x: event.clientX, y: event.clientY });
    const word = at !== null && (this.desk.doubt.at(at) ?? wordAround(this.view.state, at));
    if (word && this.#isUnder(word, event)) this.peek.show(word, options);
  }

  // The peek stays while the pointer is on the word or on the peek.
  #leftLater(event) {
    clearTimeout(this.leaving);
    const { range } = this.peek;
    if (range && this.#isUnder(range, event)) return;
    this.leaving = setTimeout(() => this.peek.byHover && !this.peek.part.matches(":hover") && this.peek.close(), LEFT);
  }

  #isUnder({ from, to }, { clientX, clientY }) {
    const [start, end] = [this.view.coordsAtPos(from, 1), this.view.coordsAtPos(to, -1)];
    if (!start || !end || clientY < start.top || clientY > end.bottom) return false;
    return start.top !== end.top || (clientX >= Math.min(start.left, end.left) - 2 && clientX <= Math.max(start.right, end.right) + 2);
  }
}
