"""Pictures for the EPUB: small enough for every reader, free of camera data, always the same."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps

from exports.book import Picture
from library.errors import InvalidError

LONGEST_SIDE = 1600
QUALITY = 82


class PictureUnreadableError(InvalidError):
    """A picture of the book is no image, broken, or far too large."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The picture {name} can't be read as an image; replace the image of its page or take"
            " the picture out, then build the book again."
        )


def picture_jpeg(picture: Picture) -> bytes:
    """Give a picture of the book as JPEG; raises PictureUnreadableError, which names it."""
    try:
        return figure_jpeg(picture.source)
    except (OSError, Image.DecompressionBombError) as error:
        raise PictureUnreadableError(picture.name) from error


def figure_jpeg(source: Path | bytes) -> bytes:
    """Give a picture as JPEG of at most 1600 px on its long side, grey where it has no colour.

    `source` is an image file or its bytes; its EXIF turn is applied and all EXIF dropped. Raises
    OSError when it is no image that Pillow reads.
    """
    with Image.open(BytesIO(source) if isinstance(source, bytes) else source) as opened:
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        image = _flat(ImageOps.exif_transpose(opened))
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if image.mode == "RGB" and _is_grey(image):
        image = image.convert("L")
    out = BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _flat(image: Image.Image) -> Image.Image:
    """Give the image in RGB or grey, transparent parts on white."""
    if image.mode in {"1", "L", "I;16", "I"}:
        return image.convert("L")
    if image.mode in {"LA", "RGBA", "PA"} or "transparency" in image.info:
        layer = image.convert("RGBA")
        white = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(white, layer).convert("RGB")
    return image.convert("RGB")


def _is_grey(image: Image.Image) -> bool:
    small = image.resize((64, 64)).convert("HSV").getchannel("S")
    extrema = small.getextrema()
    return isinstance(extrema[1], int | float) and extrema[1] < 24  # noqa: PLR2004 - below this no eye sees colour
