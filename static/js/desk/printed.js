// The printed page as the OCR saw it; all measures are pixels of the page image.

const LEAST_LINE = 8; // letters: shorter lines may be specks and say nothing of the text's width
const EDGE = 0.1; // share of lines that may reach beyond the text block: specks read as letters do
const FLAT = /^[acemnorsuvwxz]{2,}$/; // words as high as an x

export class PrintedPage {
  /** @param page `{width, height, image}` @param lines as the API gives them: `{box, kind?, words: [{text, box, confidence, suspect}]}` */
  constructor(page, lines) {
    Object.assign(this, { width: page.width, height: page.height, image: page.image });
    this.lines = lines.map(measured);
    this.pitch = usualPitch(this.lines) || page.height / 40;
    this.block = textBlock(this.lines, page.width);
    this.xHeight = median(this.lines.flatMap(({ words }) => words.filter(({ text }) => FLAT.test(text)).map(({ box }) => box[3]))) ?? this.pitch * 0.3;
    limitStrips(this.lines, this.pitch);
    this.top = Math.min(page.height, ...this.lines.filter(({ words }) => words.length).map(({ top }) => top));
  }

  /** The box around the words of a tie: `[x, y, width, height]`. */
  boxOf({ line, word, last }) {
    const boxes = this.lines[line].words.slice(word, last + 1).map(({ box }) => box);
    const [left, top] = [Math.min(...boxes.map(([x]) => x)), Math.min(...boxes.map(([, y]) => y))];
    return [left, top, Math.max(...boxes.map(([x, , w]) => x + w)) - left, Math.max(...boxes.map(([, y, , h]) => y + h)) - top];
  }

  /** The word nearest to a point, of the lines for which `takes(index)` holds: `{line, word}`, or undefined. */
  nearest(x, y, takes) {
    // By words: a line's own box may reach over its neighbours, as where a large initial stands in it.
    const words = this.lines.flatMap(({ words }, line) => (takes(line) ? words.map(({ box }, word) => ({ line, word, away: apart(box, x, y) })) : []));
    if (!words.length) return undefined;
    const { line, word } = words.reduce((best, each) => (each.away < best.away ? each : best));
    return { line, word };
  }
}

const UP_OR_DOWN = 40; // counts so many times as much as sideways: beside the end of a short line is that line
const apart = ([left, top, width, height], x, y) => distance(y, top, top + height) * UP_OR_DOWN + distance(x, left, left + width);

// A line with a `kind` (running head, folio, signature, catchword) stands outside the text.
function measured(line) {
  const [x, y, width, height] = line.box;
  return { ...line, base: baseline(line.words) ?? y + height, left: x, right: x + width, top: y, bottom: y + height, outside: Boolean(line.kind) };
}

// Most words have no descender, so the lower edges of words crowd at the baseline.
function baseline(words) {
  const edges = words.map(({ box }) => box[1] + box[3]).sort((a, b) => a - b);
  return edges[Math.floor((edges.length - 1) * 0.4)];
}

const PAD = 0.22; // of the pitch, shown above and below a line where there is room
const FOOT = 0.3; // of the way from one baseline to the next: what is above belongs to the upper line's tails
const SAME_LINE = 2; // pixels between the baselines of lines side by side

// What to show of a line alone: with room around it, but without the tips of its neighbours' letters.
function limitStrips(lines, pitch) {
  const order = [...lines].sort((a, b) => a.base - b.base);
  order.forEach((line, i) => {
    const [above, below] = [order.slice(0, i).findLast((each) => beside(each, line)), order.slice(i + 1).find((each) => beside(each, line))];
    const top = Math.min(line.top, line.base - pitch * 0.3) - pitch * PAD;
    const bottom = Math.max(line.bottom, line.base) + pitch * PAD;
    line.stripTop = above ? Math.max(top, above.base + (line.base - above.base) * FOOT) : top;
    line.stripBottom = below ? Math.min(bottom, line.base + (below.base - line.base) * FOOT) : bottom;
  });
}

// Whether two lines stand above each other in one column.
const beside = (a, b) => Math.abs(a.base - b.base) > SAME_LINE && a.left < b.right && b.left < a.right;

// The usual distance of two baselines; 0 when there are too few lines to tell.
function usualPitch(lines) {
  const steps = lines.slice(1).map((line, i) => line.base - lines[i].base).filter((step) => step > 4);
  return median(steps) ?? 0;
}

function textBlock(lines, width) {
  const inText = lines.filter((line) => !line.outside && line.words.reduce((sum, { text }) => sum + text.length, 0) >= LEAST_LINE);
  if (inText.length < 4) return { left: 0, right: width };
  return { left: share(inText.map((line) => line.left), EDGE), right: share(inText.map((line) => line.right), 1 - EDGE) };
}

// The value below which a share of the values lies.
const share = (values, part) => values.sort((a, b) => a - b)[Math.round((values.length - 1) * part)];
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const distance = (at, from, to) => Math.max(from - at, 0, at - to);
