// One column of text, for smooth reading and for screen readers.
import { Decoration } from "../../codemirror.js";

const TYPE = 20; // CSS px
const PITCH_OF_TYPE = 1.6;

export class TextOnly {
  constructor(sheet) {
    this.sheet = sheet;
  }

  enter() {}

  leave() {}

  size() {
    const { type, stretch } = this.sheet.typeThatFits(TYPE, { least: 17 });
    return { pitch: type * PITCH_OF_TYPE, type, stretch };
  }

  dress() {
    return Decoration.none;
  }

  place() {
    return undefined;
  }

  point() {
    return undefined;
  }
}
