// The page turned: drawn whole, as it lies on the glass. Text and print no longer stand line by line.

/** A page drawn at `scale` CSS px a pixel, turned by `degrees` clockwise. */
export class TurnedPage {
  constructor(page, scale, degrees) {
    const angle = (degrees * Math.PI) / 180;
    Object.assign(this, { page, scale, angle, cos: Math.cos(angle), sin: Math.sin(angle) });
    this.width = (Math.abs(page.width * this.cos) + Math.abs(page.height * this.sin)) * scale;
    this.height = (Math.abs(page.width * this.sin) + Math.abs(page.height * this.cos)) * scale;
  }

  draw(canvas, image, most) {
    const sharp = Math.min(devicePixelRatio || 1, Math.sqrt(most / (this.width * this.height)));
    canvas.width = Math.round(this.width * sharp);
    canvas.height = Math.round(this.height * sharp);
    Object.assign(canvas.style, { width: `${this.width}px`, height: `${this.height}px` });
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.scale(sharp, sharp);
    context.translate(this.width / 2, this.height / 2);
    context.rotate(this.angle);
    const [across, down] = [this.page.width * this.scale, this.page.height * this.scale];
    context.drawImage(image, -across / 2, -down / 2, across, down);
  }

  /** The upright box around a box of the page: `{left, top, width, height}`, CSS px of the drawing. */
  place([x, y, width, height]) {
    const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]].map((corner) => this.#there(corner));
    const [left, top] = [Math.min(...corners.map(([a]) => a)), Math.min(...corners.map(([, b]) => b))];
    return { left, top, width: Math.max(...corners.map(([a]) => a)) - left, height: Math.max(...corners.map(([, b]) => b)) - top };
  }

  #there([x, y]) {
    const [a, b] = [(x - this.page.width / 2) * this.scale, (y - this.page.height / 2) * this.scale];
    return [a * this.cos - b * this.sin + this.width / 2, a * this.sin + b * this.cos + this.height / 2];
  }

  /** The pixel of the page at a place of the drawing. */
  point(left, top) {
    const [a, b] = [left - this.width / 2, top - this.height / 2];
    return { x: (a * this.cos + b * this.sin) / this.scale + this.page.width / 2, y: (b * this.cos - a * this.sin) / this.scale + this.page.height / 2 };
  }
}
