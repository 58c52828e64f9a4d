// How the scan is laid beside the text. Printed lines keep their size; the paper between them gives way, so that each
// line stands at the height of its own text. Nothing printed is ever hidden: a gap is stretched or pressed, never cut out.

const LEAST_GAP = 0.3; // a gap is pressed to this share of itself at most
const MOST_GAP = 3; // beyond this a gap is better left and the lines themselves give the little that is missing
const THIN = 3; // pixels: a thinner gap may hold the tips of letters, so blank paper is laid in instead of stretching it
const IN_ORDER = 0.7; // share of lines that must go down the page in the order of the text
const FOOT = 0.3; // of the way from one baseline to the next: there lines that touch are cut
const NEVER_SEEN = 0.75; // CSS px: a smaller gap is not worth a spacer
const GIVE = 0.04; // how much a printed line may grow or shrink, a share nobody sees

/** Lay out scan and text.
 * printed: lines (pixels); rowOf: Map of line index to text row; scale: CSS px a pixel; heights: CSS px of each row;
 * from, to: first and last pixel row shown; textBase: baseline within a row, CSS px; least: least top of the text, CSS px.
 * The text keeps the print's gaps: `gaps` is the blank, CSS px, above each row. Where the text needs more room than the print, the paper gives.
 * Returns {pieces: [{from, to, top, bottom}], blanks: [{at, top, bottom}]: paper to lay in at a pixel row, gaps, height, y(pixel)}. */
export function layOut({ printed, rowOf, scale, heights, from, to, textBase, least }) {
  const zones = zonesOf(printed, rowOf, from, to);
  const anchors = keepInOrder(zones);
  const { gaps, tops } = spread(anchors, heights, (zone) => (zone.base - from) * scale - textBase, least);
  const wanted = (zone) => tops[zone.row] + textBase;
  if (!anchors.length) return finish([{ from, to, top: 0, bottom: (to - from) * scale }], [], gaps);

  const pieces = [];
  const blanks = [];
  let [pixel, top] = [from, 0];
  for (let i = 0; i < zones.length; ) {
    let end = i;
    while (end < zones.length && zones[end].row === undefined) end++;
    const reach = end < zones.length ? wanted(zones[end]) - top : 0;
    const give = reach ? giveTo(zones.slice(i, end + 1), pixel, reach, scale) : { gap: 1, line: 1, blank: 0 };
    for (; i <= end && i < zones.length; i++) {
      const zone = zones[i];
      top = push(pieces, pixel, zone.from, top, scale * give.gap);
      if (i === end && give.blank) {
        blanks.push({ at: zone.from, top, bottom: top + give.blank });
        top += give.blank;
      }
      top = push(pieces, zone.from, zone.to, top, scale * give.line);
      pixel = zone.to;
    }
  }
  push(pieces, pixel, to, top, scale);
  return finish(pieces, blanks, gaps);
}

// Rows stand at the height of their printed line, or right under the row before where that is lower already.
function spread(anchors, heights, wish, least) {
  const wished = new Map(anchors.map((zone) => [zone.row, wish(zone)]));
  const [gaps, tops] = [[], []];
  let end = 0;
  heights.forEach((height, row) => {
    const top = Math.max(end + (row ? 0 : least), wished.get(row) ?? 0);
    gaps[row] = top - end < NEVER_SEEN ? 0 : top - end;
    tops[row] = end + gaps[row];
    end = tops[row] + height;
  });
  return { gaps, tops };
}

// Each line's own strip of paper, apart from its neighbours'.
function zonesOf(printed, rowOf, from, to) {
  const zones = printed
    .map((line, index) => ({ from: Math.max(from, line.top), to: Math.min(to, line.bottom), base: line.base, row: rowOf.get(index) }))
    .sort((a, b) => a.base - b.base);
  const apart = [];
  for (const zone of zones) {
    const last = apart.at(-1);
    if (!last || zone.base - last.base > 2) {
      apart.push(zone);
      if (last && zone.from < last.to) last.to = zone.from = Math.round(last.base + (zone.base - last.base) * FOOT);
    } else {
      last.row ??= zone.row; // two printed lines side by side
      last.to = Math.max(last.to, zone.to);
    }
  }
  return apart.filter((zone) => zone.to > zone.from);
}

// The zones that hold the page to the text: the longest run of rows that goes down the page as the text does. A speck taken
// for a line loses its tie that way. Columns go back up the page; where many do, none is held and the page stays as it is.
function keepInOrder(zones) {
  const tied = zones.filter((zone) => zone.row !== undefined);
  const length = [];
  const before = [];
  let last = -1;
  for (let i = 0; i < tied.length; i++) {
    [length[i], before[i]] = [1, -1];
    for (let j = 0; j < i; j++) if (tied[j].row < tied[i].row && length[j] >= length[i]) [length[i], before[i]] = [length[j] + 1, j];
    if (last < 0 || length[i] > length[last]) last = i;
  }
  const kept = new Set();
  for (let i = last; i >= 0; i = before[i]) kept.add(tied[i]);
  if (kept.size < tied.length * IN_ORDER) kept.clear();
  for (const zone of tied) if (!kept.has(zone)) zone.row = undefined;
  return [...kept].reverse();
}

// What gaps and lines before the last zone's baseline must give so that it falls `distance` below: factors of both,
// and blank paper where lines touch and there is no gap to stretch.
function giveTo(zones, pixel, distance, scale) {
  let gaps = 0;
  let lines = 0;
  for (const zone of zones) {
    gaps += (zone.from - pixel) * scale;
    lines += ((zone === zones.at(-1) ? zone.base : zone.to) - zone.from) * scale;
    pixel = zone.to;
  }
  const alone = gaps > 0.5 ? (distance - lines) / gaps : Infinity;
  const little = distance < gaps * MOST_GAP + lines * (1 + GIVE);
  const line = (alone >= LEAST_GAP && alone <= MOST_GAP) || !little ? 1 : Math.min(1 + GIVE, Math.max(1 - GIVE, distance / (gaps + lines)));
  const left = distance - lines * line;
  const most = gaps > THIN * scale ? Infinity : MOST_GAP;
  const gap = gaps > 0.5 ? Math.min(most, Math.max(LEAST_GAP, left / gaps)) : 1;
  return { line, gap, blank: Math.max(0, left - gaps * gap) };
}

function push(pieces, from, to, top, scale) {
  if (to <= from) return top;
  const bottom = top + (to - from) * scale;
  pieces.push({ from, to, top, bottom });
  return bottom;
}

function finish(pieces, blanks, gaps) {
  const y = (pixel) => {
    const piece = pieces.find(({ to }) => pixel <= to) ?? pieces.at(-1);
    return piece.top + ((pixel - piece.from) * (piece.bottom - piece.top)) / (piece.to - piece.from);
  };
  return { pieces, blanks, gaps, height: pieces.at(-1)?.bottom ?? 0, y };
}
