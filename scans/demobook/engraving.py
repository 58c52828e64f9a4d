"""A wood engraver's block: tone made of cut lines that swell and taper.

A plate holds for each point how dark it is (0 to 1) and which line runs there (its phase: whole
numbers are the middles of the white cuts between two printed lines). Shapes are painted one over
another, each with its own direction of line; a thin white cut parts a shape from what lies behind.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Field = NDArray[np.float32]
HALF = 0.5  # of a mask: where a shape ends
PALEST = 0.03  # what is paler is cut away
THINNEST = 0.1  # line that still prints, as a share of the gap between lines
Point = tuple[float, float]


class Plate:
    """A block being engraved, WIDTH by HEIGHT half pixels of the scan."""

    def __init__(self, width: int, height: int, chance: np.random.Generator) -> None:
        self.width, self.height, self.chance = width, height, chance
        self.dark = np.zeros((height, width), dtype=np.float32)
        self.phase = np.zeros((height, width), dtype=np.float32)
        rows, columns = np.mgrid[:height, :width]
        self.y, self.x = rows.astype(np.float32), columns.astype(np.float32)
        self.hand = 0.16 * self.cloud(46) + 0.05 * self.cloud(12)  # no hand cuts quite evenly

    def cloud(self, across: int, down: int = 0) -> Field:
        """Give smooth noise around 0 with swells of the given size."""
        rows, columns = self.height // (down or across) + 3, self.width // across + 3
        few = self.chance.standard_normal((rows, columns), dtype=np.float32)
        image = Image.fromarray(few)
        return np.asarray(image.resize((self.width, self.height), Image.Resampling.BICUBIC))

    def shape(self, *outlines: Sequence[Point], soft: float = 0.8) -> Field:
        """Give the mask (0 to 1) of polygons."""
        image = Image.new("L", (self.width, self.height))
        pen = ImageDraw.Draw(image)
        for outline in outlines:
            pen.polygon([(round(x), round(y)) for x, y in outline], fill=255)
        blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(soft)), dtype=np.float32)
        return blurred / np.float32(255)

    def paint(self, mask: Field, dark: Field | float, phase: Field, rim: float = 0) -> None:
        """Engrave a shape over what is there, parted from it by a white cut RIM wide."""
        if rim:
            image = Image.fromarray((mask * 255).astype(np.uint8))
            wide = np.asarray(image.filter(ImageFilter.GaussianBlur(rim)), dtype=np.float32) / 255
            self.dark *= 1 - np.clip((wide - 0.04) * 9, 0, 1)
        self.dark = self.dark * (1 - mask) + dark * mask
        self.phase = np.where(mask > HALF, phase + self.hand, self.phase).astype(np.float32)

    def tuft(self, centre: Point, radius: float, dark: float, gap: float = 8.5) -> None:
        """Engrave one tuft of leaves: a scalloped disc lit from the upper right."""
        cx, cy = centre
        reach = int(radius * 1.45)
        top, left = max(int(cy) - reach, 0), max(int(cx) - reach, 0)
        bottom, right = min(int(cy) + reach, self.height), min(int(cx) + reach, self.width)
        if top >= bottom or left >= right:
            return
        part = np.s_[top:bottom, left:right]
        dx, dy = self.x[part] - cx, self.y[part] - cy
        turn = np.arctan2(dy, dx)
        lobes, start = int(self.chance.integers(7, 12)), self.chance.random() * 6
        leaves = np.abs(np.sin(turn * lobes / 2 + start))
        edge = radius * (1 + 0.2 * leaves + 0.06 * np.sin(turn * 3 + start) + 0.2 * self.hand[part])
        away = np.hypot(dx, dy)
        inside = np.clip((edge - away) / 2.5, 0, 1)
        shade = dark + 0.42 * (dy * 0.75 - dx * 0.55) / radius
        lit = (
            away
            + 0.5 * (dx * 0.5 - dy * 0.8)
            - radius * 0.13 * leaves * np.clip(away / radius, 0, 1)
        )
        rim = np.clip((edge + 4 - away) / 2.5, 0, 1) * np.clip(0.4 + (dx * 0.5 - dy) / radius, 0, 1)
        self.dark[part] *= 1 - rim
        self.dark[part] = self.dark[part] * (1 - inside) + np.clip(shade, 0.1, 0.93) * inside
        self.phase[part] = np.where(inside > HALF, lit / gap + self.hand[part], self.phase[part])

    def contour(self, outline: Sequence[Point], width: float) -> None:
        """Leave a black line standing along a closed outline, thinner on the lit upper right."""
        points = np.array(outline)
        ahead = np.roll(points, -1, axis=0)
        step = ahead - points
        inner = np.stack([-step[:, 1], step[:, 0]], axis=1)
        inner /= np.maximum(np.hypot(*inner.T), 1e-3)[:, None]
        turn = float(np.sum(points[:, 0] * ahead[:, 1] - ahead[:, 0] * points[:, 1]))
        inner *= np.sign(turn)
        thick = width * (0.75 + 0.35 * (inner[:, 0] * 0.6 - inner[:, 1] * 0.8))
        within = points + inner * thick[:, None]
        for index in range(len(points)):
            other = (index + 1) % len(points)
            self.stamp(
                [
                    tuple(points[index]),
                    tuple(points[other]),
                    tuple(within[other]),
                    tuple(within[index]),
                ],
                1,
            )

    def blade(self, root: Point, tip: Point, width: float, dark: float) -> None:
        """Cut one blade of grass from ROOT to TIP, bowed a little."""
        (x0, y0), (x1, y1) = root, tip
        bow = (x1 - x0) * 0.45
        steps = np.linspace(0, 1, 9)
        xs = x0 + (x1 - x0) * steps**1.8 + bow * 0.1 * np.sin(steps * np.pi)
        ys = y0 + (y1 - y0) * steps
        half = width / 2 * (1 - steps) + 0.4
        outline = [*zip(xs - half, ys, strict=True), *zip((xs + half)[::-1], ys[::-1], strict=True)]
        self.stamp(outline, dark)

    def stamp(self, outline: Sequence[Point], dark: float) -> None:
        """Fill a small polygon with plain black (1) or white (0)."""
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        left, top = int(min(xs)) - 2, int(min(ys)) - 2
        size = (int(max(xs)) - left + 3, int(max(ys)) - top + 3)
        image = Image.new("L", (size[0] * 2, size[1] * 2))
        ImageDraw.Draw(image).polygon(
            [((x - left) * 2, (y - top) * 2) for x, y in outline], fill=255
        )
        mask = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.float32) / 255
        y0, x0 = max(top, 0), max(left, 0)
        y1, x1 = min(top + size[1], self.height), min(left + size[0], self.width)
        if y0 < y1 and x0 < x1:
            here = mask[y0 - top : y1 - top, x0 - left : x1 - left]
            part = np.s_[y0:y1, x0:x1]
            self.dark[part] = self.dark[part] * (1 - here) + (1.6 if dark else -0.6) * here

    def proof(self) -> Image.Image:
        """Pull a proof: 255 where the block prints."""
        cut = np.abs((self.phase % 1) * 2 - 1)
        ink = np.clip((THINNEST + (1 - THINNEST) * self.dark - cut) * 5 + 0.5, 0, 1)
        ink = np.where(self.dark < PALEST, 0, ink)
        return Image.fromarray((ink * 255).astype(np.uint8))


def path(numbers: str) -> list[Point]:
    """Read points written as "x,y x,y ..."."""
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in numbers.split())]


def curve(points: Sequence[Point], steps: int = 12) -> list[Point]:
    """Give a smooth closed outline through the points (a Catmull-Rom spline)."""
    count = len(points)
    out: list[Point] = []
    for index in range(count):
        p0, p1, p2, p3 = (np.array(points[(index + shift) % count]) for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            bend = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
            at = 0.5 * (bend + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
            out.append((float(at[0]), float(at[1])))
    return out


def ellipse(centre: Point, radii: Point, lean: float = 0) -> list[Point]:
    """Give the outline of an ellipse, turned by LEAN radians."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = radii[0] * np.cos(turns), radii[1] * np.sin(turns)
    xs = centre[0] + x * np.cos(lean) - y * np.sin(lean)
    ys = centre[1] + x * np.sin(lean) + y * np.cos(lean)
    return [(float(a), float(b)) for a, b in zip(xs, ys, strict=True)]
