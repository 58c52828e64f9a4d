// What a doubtful word may be: buttons right under it, taken by Alt 1 to 4, by a click or a tap.
import { say } from "../desk/words.js";
import { isMac } from "./keys.js";

export class Readings {
  /** `found`: readings by line and word, `"0.3": {readings}`; `take(doubt, word)` puts one in. */
  constructor(found, take) {
    Object.assign(this, { found, take });
  }

  /** The readings of a doubtful word, likeliest first. */
  of({ line, print }) {
    return this.found[`${line.number - 1}.${line.printed.indexOf(print)}`]?.readings ?? [];
  }

  show(doubt) {
    this.hide();
    const words = this.of(doubt);
    if (!words.length) return;
    this.doubt = doubt;
    this.box = Object.assign(document.createElement("div"), { className: "peek is-over row readings" });
    this.box.append(...words.map((word, index) => this.#button(word, index)));
    doubt.part.field.after(this.box);
    const { x, width } = place(doubt);
    this.box.style.insetInlineStart = `${Math.max(0, Math.min(x, width - this.box.offsetWidth))}px`;
  }

  hide() {
    this.box?.remove();
    this.doubt = undefined;
  }

  /** Take reading number `n`, from 1; whether there is one. */
  choose(n) {
    const word = this.doubt && this.of(this.doubt)[n - 1];
    if (word === undefined) return false;
    this.take(this.doubt, word);
    return true;
  }

  #button(word, index) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: `btn is-small${index ? "" : " reading"}` });
    button.append(Object.assign(document.createElement("span"), { className: "mono", textContent: word }));
    button.append(Object.assign(document.createElement("kbd"), { className: "for-keys", textContent: isMac ? `⌥ ${index + 1}` : say("alt", { n: index + 1 }) }));
    button.addEventListener("click", () => this.choose(index + 1));
    return button;
  }
}

// Where the doubtful word stands in its field, from the side where lines begin, and the field's width.
function place({ part, print, line }) {
  const field = part.field.getBoundingClientRect();
  const strip = part.strip.getBoundingClientRect();
  const scale = strip.width / part.strip.viewBox.baseVal.width;
  const [x, , width] = print.box;
  const view = part.strip.viewBox.baseVal;
  const from = line.isFromRight ? view.x + view.width - x - width : x - view.x;
  return { x: from * scale - 12, width: field.width };
}
