// The print of one word with its neighbours, a printed line 64 px high, the word underlined.
import { showCut } from "./scan.js";

const HEIGHT = 64; // CSS px
const NEIGHBOURS = 64; // CSS px shown on each side of the word
const LEAST_NEIGHBOURS = 16;
const ABOVE = 0.75; // of the pitch lies above the baseline, the rest below

/** Show the words of a tie in `part`, at most `room` CSS px wide; `wide`: fill the room. Its children are the cut and the line under the word. */
export function showWordPrint(part, page, tie, room, wide) {
  const [x, y, width, height] = page.boxOf(tie);
  const { base } = page.lines[tie.line];
  const top = Math.min(y - 2, base - ABOVE * page.pitch);
  const high = Math.max(y + height + 4, base + (1 - ABOVE) * page.pitch) - top;
  const scale = Math.min(HEIGHT / high, (room - 2 * LEAST_NEIGHBOURS) / width);
  const across = (wide ? room : Math.min(room, width * scale + 2 * NEIGHBOURS)) / scale;
  const left = x + width / 2 - across / 2;
  const [cut, line] = part.children;
  showCut(cut, page, [left, top, across, high], scale);
  Object.assign(line.style, { left: `${(x - left) * scale - 2}px`, width: `${width * scale + 4}px`, top: `${Math.min((y + height - top) * scale + 2, HEIGHT - 4)}px` });
}
