// The picture of the printed page: one image, decoded before it is shown, drawn by the layouts.

export const LARGEST_CANVAS = 16e6; // device pixels; some browsers draw nothing beyond

/** Load and decode the picture of a page; resolves to an `<img>`, or undefined where it can't be had. */
export async function decodedImage(address) {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image;
  } catch {
    return undefined;
  }
}

/** Draw the page on `canvas`, its pieces as `layOut` of elastic.js gives them; `width` in CSS px. */
export function drawElastic(canvas, image, page, { pieces, blanks, height }, width) {
  const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(LARGEST_CANVAS / (width * height)));
  canvas.width = Math.round(width * sharp);
  canvas.height = Math.round(height * sharp);
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  const [across, down] = [image.naturalWidth / page.width, image.naturalHeight / page.height];
  const draw = (from, to, top, bottom) => {
    const [y, end] = [Math.round(top * sharp), Math.round(bottom * sharp)];
    context.drawImage(image, 0, from * down, page.width * across, (to - from) * down, 0, y, canvas.width, end - y);
  };
  for (const { from, to, top, bottom } of pieces) draw(from, to, top, bottom);
  for (const { at, top, bottom } of blanks) layPaper(context, page, draw, at, top, bottom);
}

// Bare paper between lines that touch: of the rows around, the lightest at each place, so that no letter's tip is drawn out.
function layPaper(context, page, draw, at, top, bottom) {
  const reach = page.pitch * 0.12;
  for (let row = at - reach; row < at + reach; row += Math.max(1, reach / 4)) {
    if (row >= 0 && row < page.height - 1) draw(row, row + 1, top, bottom);
    context.globalCompositeOperation = "lighten";
  }
  context.globalCompositeOperation = "source-over";
}

/** Show a cut of the page as the background of `part`: `box` in pixels of the page, `scale` in CSS px a pixel. */
export function showCut(part, page, [x, y, width, height], scale) {
  part.classList.add("print-cut");
  Object.assign(part.style, {
    backgroundImage: `url("${page.image}")`, backgroundSize: `${page.width * scale}px ${page.height * scale}px`, backgroundPosition: `${-x * scale}px ${-y * scale}px`,
    width: `${width * scale}px`, height: `${height * scale}px`,
  });
}
