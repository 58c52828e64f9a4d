// The printed page as the OCR saw it, and its ties to the text being proofread.
import { align, likeness, shape } from "./align.js";

const LEAST_LIKENESS = 0.4; // below this two lines are not the same line

/** Lines of the scan: `{box, words, text, shape, base, left, right, top, bottom, outside}`, pixels of the page image.
 * A line with a `kind` (running head, folio, signature, catchword) stands outside the text. */
export function printedLines(lines) {
  return lines
    .filter((line) => line.words.length)
    .map((line) => {
      const [x, y, width, height] = line.box;
      const text = line.words.map((word) => word.text).join(" ");
      return { ...line, text, shape: shape(text), base: baseline(line.words), left: x, right: x + width, top: y, bottom: y + height, outside: Boolean(line.kind) };
    });
}

// Most words have no descender, so the lower edges of words crowd at the baseline.
function baseline(words) {
  const edges = words.map(({ box }) => box[1] + box[3]).sort((a, b) => a - b);
  return edges[Math.floor((edges.length - 1) * 0.4)];
}

/** The usual distance of two baselines, pixels; 0 when there are too few lines to tell. */
export function usualPitch(printed) {
  const steps = [];
  for (let i = 1; i < printed.length; i++) {
    const step = printed[i].base - printed[i - 1].base;
    if (step > 4) steps.push(step);
  }
  steps.sort((a, b) => a - b);
  return steps[Math.floor(steps.length / 2)] ?? 0;
}

/** For each row of the text the index of its printed line, or -1. */
export function matchLines(rows, printed) {
  const shapes = rows.map(shape);
  return align(rows, printed, (i, j) => {
    if (printed[j].outside || !shapes[i].key) return 0;
    const alike = likeness(shapes[i], printed[j].shape);
    return alike >= LEAST_LIKENESS ? alike * Math.min(shapes[i].size + 1, 40) : 0;
  });
}

/** The words of one row, each `{text, from, to, print}`: columns, and the printed word or undefined. */
export function matchWords(row, line) {
  const words = [...row.matchAll(/\S+/g)].map((found) => ({ text: found[0], from: found.index, to: found.index + found[0].length, print: undefined }));
  if (!line) return words;
  const ours = words.map((word) => shape(word.text));
  const theirs = line.words.map((word) => shape(word.text));
  const pairs = align(words, line.words, (i, j) => (words[i].text === line.words[j].text ? 2 : likeness(ours[i], theirs[j]) || nearly(words, line.words, i, j)));
  words.forEach((word, i) => (word.print = line.words[pairs[i]]));
  return words;
}

// A word changed beyond likeness still stands where it stood, as long as nothing was added or taken out.
const nearly = (words, printed, i, j) => (words.length === printed.length && i === j ? 0.1 : 0);
