"""Pictures for the book: small enough for every reader, free of camera data, always the same."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from exports.book import Picture
from exports.pages import Figure
from library.errors import InvalidError

LONGEST_SIDE = 1600
QUALITY = 82
#: Shades of a line drawing: what its edges need to look smooth.
_SHADES = 16


class PictureUnreadableError(InvalidError):
    """A picture of the book is no image, broken, or far too large."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The picture {name} can't be read as an image; replace the image of its page or take"
            " the picture out, then build the book again."
        )


def encoded(picture: Picture) -> bytes:
    """Give a picture of the book as a file: PNG for line art and black and white, else JPEG.

    At most 1600 px on its long side, grey where it has no colour. Raises PictureUnreadableError,
    which names it.
    """
    try:
        image = _fitted(picture.source)
    except (OSError, Image.DecompressionBombError) as error:
        raise PictureUnreadableError(picture.name) from error
    return _png(image) if picture.is_png else _jpeg(image)


def seen(figure: Figure, path: Path) -> Figure:
    """Give a figure its image, an upright one, and what the head of its file says.

    What is no image is found when the book is written, which then names it.
    """
    try:
        with Image.open(path) as image:
            size = _fit(image.size)
            bilevel = image.mode == "1" and size == image.size
    except (OSError, Image.DecompressionBombError):
        return replace(figure, image=path)
    return replace(figure, image=path, size=size, bilevel=bilevel)


def _fit(size: tuple[int, int]) -> tuple[int, int]:
    share = min(1.0, LONGEST_SIDE / max(size))
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))


def _fitted(source: Path | bytes) -> Image.Image:
    """Give an image in its size in the book: black and white, grey or RGB, turned upright."""
    with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as opened:
        image = ImageOps.exif_transpose(opened)
        image.load()
    size = _fit(image.size)
    if image.mode != "1" or size != image.size:
        image = flat(image)
    if size != image.size:
        image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image.convert("L") if image.mode == "RGB" and is_grey(image) else image


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    grey = image.convert("L") if image.mode == "1" else image
    grey.save(out, "JPEG", quality=QUALITY, optimize=True, exif=b"")
    return out.getvalue()


def _png(image: Image.Image) -> bytes:
    """Give black and white as it is, grey lines in a few shades, coloured ones in full."""
    out = BytesIO()
    bare = image.copy()
    bare.info = {}  # what the file said besides its pixels
    if bare.mode == "L":
        bare = bare.quantize(_SHADES, dither=Image.Dither.NONE)
    bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def flat(image: Image.Image) -> Image.Image:
    """Give the image in RGB or grey, transparent parts on white."""
    if image.mode in {"1", "L", "I;16", "I"}:
        return image.convert("L")
    if image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def is_grey(image: Image.Image) -> bool:
    """Say whether an RGB image shows no colour that an eye would see."""
    small = image.resize((64, 64)).convert("HSV").getchannel("S")
    extrema = small.getextrema()
    return isinstance(extrema[1], int | float) and extrema[1] < 24  # noqa: PLR2004 - below this no eye sees colour
