// Boxes in whole pixels of the page image: {left, top, width, height}, always on the page.

export const SMALLEST = 12; // as the server takes it

const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));

/** The box between two points, each `{x, y}`, on a page of this size. */
export function between(one, other, page) {
  const [left, right] = [one.x, other.x].sort((a, b) => a - b).map((x) => Math.round(clamp(x, 0, page.width)));
  const [top, bottom] = [one.y, other.y].sort((a, b) => a - b).map((y) => Math.round(clamp(y, 0, page.height)));
  return { left, top, width: right - left, height: bottom - top };
}

/** The box moved by so many pixels, as far as the page goes. */
export function moved(box, across, down, page) {
  return {
    ...box,
    left: Math.round(clamp(box.left + across, 0, page.width - box.width)),
    top: Math.round(clamp(box.top + down, 0, page.height - box.height)),
  };
}

/** The box with its lower right corner moved. */
export function grown(box, across, down, page) {
  return {
    ...box,
    width: Math.round(clamp(box.width + across, SMALLEST, page.width - box.left)),
    height: Math.round(clamp(box.height + down, SMALLEST, page.height - box.top)),
  };
}

/** The box with one corner (`nw`, `ne`, `sw`, `se`) at a point; the other one stays. */
export function cornered(box, corner, point, page) {
  const fixed = {
    x: corner.endsWith("w") ? box.left + box.width : box.left,
    y: corner.startsWith("n") ? box.top + box.height : box.top,
  };
  const made = between(fixed, point, page);
  return isLarge(made) ? made : box;
}

/** Whether a box is large enough for a picture. */
export function isLarge(box) {
  return Math.min(box.width, box.height) >= SMALLEST;
}

/** Whether four numbers make a box on the page. */
export function isOnPage(box, page) {
  return Object.values(box).every(Number.isInteger) && isLarge(box) && box.left >= 0 && box.top >= 0 && box.left + box.width <= page.width && box.top + box.height <= page.height;
}
