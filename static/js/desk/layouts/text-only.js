// One column of text, for smooth reading and for screen readers.
import { Decoration } from "../../codemirror.js";

export class TextOnly {
  enter() {}

  leave() {}

  size() {
    return { pitch: 32, type: 20, stretch: "100%" };
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
