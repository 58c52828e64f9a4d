// How wide words are set, measured in a hidden line of the text's own face. Marks are shown as ticks.

const TAG = /<\/?(?:i|b|sc|g|f|u)>/g;
const TICK = 8; // CSS px, with its margins: as in css/desk/marks.css

export class Ruler {
  constructor(content) {
    this.content = content;
    this.probe = document.createElement("div");
    this.probe.className = "ruler";
    this.probe.setAttribute("aria-hidden", "true");
    content.parentElement.append(this.probe);
    this.widths = new Map();
  }

  /** Widths of words, CSS px at the present face and size. */
  widthsOf(words) {
    const style = getComputedStyle(this.content);
    const face = `${style.fontFamily} ${style.fontSize} ${style.fontStretch}`;
    if (face !== this.face) this.widths.clear();
    this.face = face;
    const fresh = [...new Set(words)].filter((word) => !this.widths.has(word));
    if (fresh.length) this.#measure(fresh);
    return words.map((word) => this.widths.get(word));
  }

  /** Width of a text at a font size of 1 px, CSS px; `stretch` as CSS has it. */
  unit(text, stretch) {
    Object.assign(this.probe.style, { fontSize: "100px", fontStretch: stretch });
    const [width] = this.#set([text]);
    Object.assign(this.probe.style, { fontSize: "", fontStretch: "" });
    return width / 100;
  }

  #measure(words) {
    const bare = words.map((word) => word.replace(TAG, ""));
    this.#set(bare).forEach((width, i) => this.widths.set(words[i], width + TICK * (words[i].match(TAG)?.length ?? 0)));
  }

  #set(words) {
    this.probe.replaceChildren(...words.map((word) => Object.assign(document.createElement("span"), { textContent: word })));
    return Array.from(this.probe.children, (span) => span.getBoundingClientRect().width);
  }
}
