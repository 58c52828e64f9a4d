"""Page images made small for a PDF: black and white by fax coding, all else as JPEG."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, TiffImagePlugin

from exports.writing.images import flat, is_grey

#: Wide enough to read small type at a screen's width.
WIDTH = 1600
QUALITY = 60
_ROWS_PER_STRIP, _STRIP, _STRIP_BYTES, _PHOTOMETRIC = 278, 273, 279, 262


@dataclass(frozen=True, slots=True)
class CodedImage:
    """An image as a PDF holds it: its bytes, their filter, size in pixels, and colour space."""

    data: bytes
    filter: str
    width: int
    height: int
    space: str
    #: Of fax coding: whether a set bit is black.
    black_is_set: bool = False


def coded(path: Path) -> CodedImage:
    """Return a page image (a PNG that `pipeline.images` made) as a PDF holds it.

    Black and white keeps its size; all else is at most 1600 px wide. Raises OSError where the file
    is no image.
    """
    with Image.open(path) as image:
        if image.mode == "1":
            return _fax(image)
        return _jpeg(image)


def _fax(image: Image.Image) -> CodedImage:
    """Code as CCITT Group 4, by way of a TIFF of one strip."""
    file = BytesIO()
    image.save(file, "TIFF", compression="group4", tiffinfo={_ROWS_PER_STRIP: image.height})
    with Image.open(file) as tiff:
        assert isinstance(tiff, TiffImagePlugin.TiffImageFile)  # noqa: S101 - it was just written
        (begin,), (length,) = tiff.tag_v2[_STRIP], tiff.tag_v2[_STRIP_BYTES]
        black = tiff.tag_v2[_PHOTOMETRIC] == 0
    data = file.getvalue()[begin : begin + length]
    return CodedImage(data, "CCITTFaxDecode", *image.size, "DeviceGray", black_is_set=not black)


def _jpeg(image: Image.Image) -> CodedImage:
    small = flat(image)
    if small.width > WIDTH:
        size = (WIDTH, max(1, round(small.height * WIDTH / small.width)))
        small = small.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
    if small.mode == "RGB" and is_grey(small):
        small = small.convert("L")
    file = BytesIO()
    small.save(file, "JPEG", quality=QUALITY, optimize=True)
    space = "DeviceGray" if small.mode == "L" else "DeviceRGB"
    return CodedImage(file.getvalue(), "DCTDecode", *small.size, space)
