// Words under words: each word of a line begins under its printed one, as far as the words before it leave room.

const LARGEST = 20, SMALLEST = 11; // px of type
const LEAST_GAP = 0.35; // of the type, between two words

/** Place the words of every `.pair` under `root`, in the largest type in which all lines fit; peeks under their words. */
export function placeWords(root) {
  const lines = [...root.querySelectorAll(".pair")];
  let size = LARGEST;
  for (; size > SMALLEST; size--) if (lines.every((line) => fits(line, size))) break;
  if (size === SMALLEST) lines.forEach((line) => fits(line, size));
}

function fits(line, size) {
  const strip = line.querySelector("svg");
  const view = strip.viewBox.baseVal;
  const width = strip.clientWidth || strip.getBoundingClientRect().width;
  const scale = width / view.width;
  const words = [...line.querySelectorAll(".word")];
  line.querySelector(".typed").style.fontSize = `${size}px`;
  const widths = words.map((word) => word.getBoundingClientRect().width);
  const space = size * 0.6;
  let pen = 0;
  words.forEach((word, index) => {
    const wanted = (Number(word.dataset.x) - view.x) * scale;
    const gap = Math.max(index ? LEAST_GAP * size - space : 0, wanted - pen);
    word.style.marginInlineStart = `${gap}px`;
    pen += gap + widths[index] + space;
  });
  const peek = line.querySelector(".peek:not([hidden])");
  if (peek) movePeek(peek, (Number(peek.dataset.x) - view.x) * scale, width);
  return pen - space <= width + 1;
}

function movePeek(peek, wanted, width) {
  peek.style.marginInlineStart = "0";
  peek.style.marginInlineStart = `${Math.max(0, Math.min(wanted - 10, width - peek.offsetWidth))}px`;
}
