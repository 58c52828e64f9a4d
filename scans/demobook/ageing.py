"""From clean type to an old page under a scanner: ink, paper, years and the scanner itself.

Arrays are float32; ink and stains run from 0 (none) to 1 (full). Every chance comes from a
generator that the caller seeds, so the same seed gives the same page.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from .letters import font
from .pages import PAPER, Page

Field = NDArray[np.float32]
SIZE = (PAPER[0] // 2, PAPER[1] // 2)  # of the paper, in pixels of the scan
BED = 26  # pixels of the scanner's bed seen on three sides
TONE = (240.0, 229.0, 205.0)  # of the paper
INK = (38.0, 31.0, 27.0)
BROWN = (0.74, 0.55, 0.32)  # what a full stain leaves of red, green and blue
OUT_OF_LINE = 0.4  # share of letters that may stand half a pixel high or low
BED_TONE = (41.0, 38.0, 37.0)


def cloud(chance: np.random.Generator, size: tuple[int, int], cell: int) -> Field:
    """Give smooth noise around 0, with swells about CELL pixels wide; SIZE is (width, height)."""
    width, height = size
    few = chance.standard_normal((height // cell + 3, width // cell + 3), dtype=np.float32)
    return np.asarray(Image.fromarray(few).resize(size, Image.Resampling.BICUBIC))


def blurred(field: Field, radius: float) -> Field:
    """Blur a field of 0 to 1."""
    image = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
    return _unit(image.filter(ImageFilter.GaussianBlur(radius)))


def _unit(image: Image.Image) -> Field:
    return np.asarray(image, dtype=np.float32) / np.float32(255)


def forme(page: Page, pictures: dict[str, Image.Image], chance: np.random.Generator) -> Field:
    """Print the page cleanly at twice the scan's size, each letter a little worn or askew."""
    sheet = Image.new("L", PAPER, 0)
    pen = ImageDraw.Draw(sheet)
    for glyph in page.printed:
        up, weight = chance.integers(-1, 2), chance.integers(205, 256)
        at = (round(glyph.x), round(glyph.y + up * (chance.random() < OUT_OF_LINE)))
        pen.text(at, glyph.char, font=font(glyph.face, glyph.size), fill=int(weight), anchor="ls")
    for x, y, width in page.rules:
        pen.rectangle((x, y, x + width, y + 3), fill=230)
    if page.picture:
        cut = pictures[page.picture]
        top = 640 if page.picture == "river" else 1640
        sheet.paste(cut, (page.left + 900 - cut.width // 2, top))
    return _unit(sheet)


def inked(clean: Field, chance: np.random.Generator) -> Field:
    """Press the forme into the paper: ink spreads, misses the hollows and varies over the page."""
    size = (clean.shape[1], clean.shape[0])
    soft = blurred(clean, 1.7)
    pressure = 0.055 * cloud(chance, size, 420) + 0.03 * cloud(chance, size, 60)
    texture = 0.13 * cloud(chance, size, 3) + 0.05 * cloud(chance, size, 8)
    covered: Field = np.clip((soft + texture * (0.35 + soft) + pressure * soft - 0.28) * 3.4, 0, 1)
    covered *= np.clip(0.93 + pressure, 0.75, 1)
    return covered


def scanned(ink: Field, degrees: float) -> Field:
    """Bring printed ink to the scan's size, turned by DEGREES and as soft as a lens makes it."""
    image = Image.fromarray((ink * 255).astype(np.uint8))
    turned = image.rotate(degrees, Image.Resampling.BICUBIC)
    return _unit(turned.resize(SIZE, Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.55)))


def foxing(chance: np.random.Generator) -> Field:
    """Give the stains of one leaf: spots of damp with ragged edges, thicker in some places."""
    width, height = SIZE
    stains = np.zeros((height, width), dtype=np.float32)
    ragged = 1 + 0.35 * cloud(chance, SIZE, 5)
    damp = cloud(chance, SIZE, 400)
    for _ in range(int(chance.integers(80, 190))):
        x, y = int(chance.integers(20, width - 20)), int(chance.integers(20, height - 20))
        if damp[y, x] < chance.random():
            continue
        radius = 1.5 + 9 * float(chance.random()) ** 4
        reach = int(radius * 3) + 1
        top, left = max(y - reach, 0), max(x - reach, 0)
        part = np.s_[top : y + reach, left : x + reach]
        rows, columns = np.ogrid[part]
        away = ((rows - y) ** 2 + (columns - x) ** 2) / (radius**2)
        spot = np.exp(-away * ragged[part]) * (0.12 + 0.45 * float(chance.random()))
        stains[part] = np.maximum(stains[part], spot)
    stains += _edges(chance)
    return np.minimum(stains, 1)


def _edges(chance: np.random.Generator) -> Field:
    """Give the browning of a leaf's margins, where air and hands have come."""
    width, height = SIZE
    rows, columns = np.ogrid[:height, :width]
    inward = np.minimum(
        np.minimum(rows, height - 1 - rows), np.minimum(columns, width - 1 - columns)
    )
    waver = 1 + 0.45 * cloud(chance, SIZE, 210)
    brown: Field = 0.3 * np.exp(-inward / (58 * np.clip(waver, 0.4, 2)))
    return brown


def paper(page: Page, stains: Field, chance: np.random.Generator) -> Field:
    """Give the bare page in colour: tone, mottle, fibres, stains and the shadow at the binding."""
    mottle = 0.008 * cloud(chance, SIZE, 130) + 0.007 * cloud(chance, SIZE, 24)
    grain = 0.012 * cloud(chance, SIZE, 2)
    light = (1 + mottle + grain)[..., None]
    lost = 1 - stains[..., None] * (1 - np.array(BROWN, dtype=np.float32))
    from_gutter = np.arange(SIZE[0], dtype=np.float32)
    if page.side == "verso":
        from_gutter = from_gutter[::-1]
    shadow = 1 - 0.42 * np.exp(-from_gutter / 34) - 0.05 * np.exp(-from_gutter / 190)
    colour: Field = np.array(TONE, dtype=np.float32) * light * lost * shadow[None, :, None]
    return colour


def leaf(
    page: Page, ink: Field, behind: Field, stains: Field, chance: np.random.Generator
) -> Image.Image:
    """Put ink on paper, with what shines through from the other side, and lay it on the scanner."""
    colour = paper(page, stains, chance)
    through = blurred(behind[:, ::-1], 3.2)[..., None]
    colour = colour * (1 - 0.085 * through)
    cover = ink[..., None]
    colour = colour * (1 - cover) + np.array(INK, dtype=np.float32) * cover
    return _on_bed(page, colour, chance)


def _on_bed(page: Page, colour: Field, chance: np.random.Generator) -> Image.Image:
    """Lay the page on the scanner's dark bed, the edges of the leaves below showing outside."""
    width, height = SIZE
    bed = np.empty((height + 2 * BED, width + BED, 3), dtype=np.float32)
    bed[:] = BED_TONE
    bed += 3 * cloud(chance, (width + BED, height + 2 * BED), 2)[..., None]
    recto = page.side == "recto"
    x = 0 if recto else BED
    for step in range(9, 0, -3):
        outer = x + step if recto else x - step
        tone = np.array(TONE, dtype=np.float32) * (0.62 + 0.14 * float(chance.random()))
        bed[BED + step // 3 : BED + height + step // 2, outer : outer + width] = tone
        rim = outer + width - 1 if recto else outer
        bed[BED : BED + height, rim] *= 0.6
    bed[BED : BED + height, x : x + width] = colour
    image = Image.fromarray(np.clip(bed, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(0.35))
