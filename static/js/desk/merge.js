// Three texts, line by line: the one both came from, yours, and the other's.

/** Whether two texts are one to the server, which composes letters and drops blanks at the ends of lines. */
export function sameText(a, b) {
  return a === b || (a !== undefined && b !== undefined && stored(a) === stored(b));
}

const stored = (text) => text.normalize("NFC").replace(/\r\n?/g, "\n").replace(/[^\S\n]+$/gm, "").replace(/\n+$/, "");

/**
 * Compare in stretches of lines: `[{kind, base, mine, other}]`, each a list of lines.
 * Kinds: "same"; "mine" and "other" where only that text changed; "both" where both made the same change; "conflict".
 */
export function compare(base, mine, other) {
  const [from, ours, theirs] = [base, mine, other].map((text) => text.split("\n"));
  const [inMine, inOther] = [matches(from, ours), matches(from, theirs)];
  const stretches = [];
  const at = { base: 0, mine: 0, other: 0 };
  const cut = (to) => {
    const part = { base: from.slice(at.base, to.base), mine: ours.slice(at.mine, to.mine), other: theirs.slice(at.other, to.other) };
    if (part.base.length || part.mine.length || part.other.length) stretches.push(...named(part));
    Object.assign(at, to);
  };
  for (let line = 0; line < from.length; line++) {
    if (inMine[line] === undefined || inOther[line] === undefined) continue;
    const here = { base: line, mine: inMine[line], other: inOther[line] };
    cut(here);
    push(stretches, "same", [from[line]], [ours[here.mine]], [theirs[here.other]]);
    Object.assign(at, { base: line + 1, mine: here.mine + 1, other: here.other + 1 });
  }
  cut({ base: from.length, mine: ours.length, other: theirs.length });
  return stretches;
}

/** The text that has both sides' changes; `choices` says for each conflict in order "mine", "other" or "both". */
export function merged(stretches, choices = []) {
  let n = 0;
  return stretches.flatMap((stretch) => {
    if (stretch.kind !== "conflict") return stretch.kind === "other" ? stretch.other : stretch.mine;
    const choice = choices[n++] ?? "both";
    return choice === "both" ? [...stretch.mine, ...stretch.other] : stretch[choice];
  }).join("\n");
}

export const conflictsIn = (stretches) => stretches.filter(({ kind }) => kind === "conflict").length;

// Changed stretches of equal length are told apart line by line.
function named({ base, mine, other }) {
  const even = base.length > 1 && base.length === mine.length && base.length === other.length;
  if (!even) return [{ kind: kindOf(base, mine, other), base, mine, other }];
  const rows = [];
  base.forEach((line, i) => push(rows, kindOf([line], [mine[i]], [other[i]]), [line], [mine[i]], [other[i]]));
  return rows;
}

function kindOf(base, mine, other) {
  const [b, m, o] = [base, mine, other].map((lines) => JSON.stringify(lines));
  if (m === o) return m === b ? "same" : "both";
  if (m === b) return "other";
  return o === b ? "mine" : "conflict";
}

// Neighbours of one kind are one stretch, but for conflicts: each is chosen by itself.
function push(stretches, kind, base, mine, other) {
  const last = stretches.at(-1);
  if (last?.kind !== kind || kind === "conflict") stretches.push({ kind, base, mine, other });
  else Object.assign(last, { base: [...last.base, ...base], mine: [...last.mine, ...mine], other: [...last.other, ...other] });
}

// For each line of `a` its fellow in `b`, in order (a longest common subsequence), or undefined.
function matches(a, b) {
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) [endA, endB] = [endA - 1, endB - 1];
  const found = [...a.keys()].map((i) => (i < start ? i : i >= endA ? endB + i - endA : undefined));
  const [rows, columns] = [endA - start, endB - start];
  const length = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) length[i][j] = a[start + i] === b[start + j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  }
  for (let i = 0, j = 0; i < rows && j < columns; ) {
    if (a[start + i] === b[start + j]) found[start + i++] = start + j++;
    else if (length[i + 1][j] >= length[i][j + 1]) i++;
    else j++;
  }
  return found;
}
