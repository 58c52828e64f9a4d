// Which text line is which printed line, and which word which: a global alignment that may leave items of either side out.

/** Pair items of `a` and `b` in order so that the sum of `score(i, j)` is greatest; a score of 0 never pairs.
 * Returns for each index of `a` the index in `b`, or -1. */
export function align(a, b, score) {
  const width = b.length + 1;
  const best = new Float32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const here = i * width + j;
      const paired = score(i, j);
      best[here] = Math.max(best[here + width], best[here + 1], paired > 0 ? paired + best[here + width + 1] : 0);
    }
  }
  const pairs = new Array(a.length).fill(-1);
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const here = i * width + j;
    if (best[here] === best[here + width]) i++;
    else if (best[here] === best[here + 1]) j++;
    else pairs[i++] = j++;
  }
  return pairs;
}

/** Likeness of two strings from 0 to 1: Dice's coefficient of their letter pairs. */
export function likeness(a, b) {
  if (a.key === b.key) return 1;
  let shared = 0;
  for (const [pair, count] of a.pairs) shared += Math.min(count, b.pairs.get(pair) ?? 0);
  return (2 * shared) / (a.size + b.size || 1);
}

/** What `likeness` compares: the text without marks, in lower case, as a bag of letter pairs. */
export function shape(text) {
  const key = text.replace(/<\/?\w+>/g, "").toLowerCase().trim();
  const pairs = new Map();
  for (let i = 0; i < key.length - 1; i++) {
    const pair = key.slice(i, i + 2);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return { key, pairs, size: Math.max(key.length - 1, 0) };
}
