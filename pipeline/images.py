"""From an original file to the page image, and the smaller images made of it.

Runs in the child only. The *page image* is a lossless PNG in the full size of the scan (brought
down only when it has more than `Limits.page_pixels`): upright, opaque, 8 bits a channel, grey
when the scan is grey. It is what the OCR engine reads and what `/image` serves, and every box is
in its pixels. The view and the thumbnail are for screens.
"""

import functools
import io
import math
import secrets
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image, ImageChops, ImageOps, UnidentifiedImageError

from pipeline import pdf
from pipeline.failures import PipelineError
from pipeline.limits import LIMITS, Limits
from pipeline.media import MediaType

VIEW_WIDTH = 1600
THUMB_WIDTH = 240

_PILLOW = {
    MediaType.PNG: "PNG",
    MediaType.JPEG: "JPEG",
    MediaType.TIFF: "TIFF",
    MediaType.JPEG2000: "JPEG2000",
    MediaType.WEBP: "WEBP",
    MediaType.GIF: "GIF",
    MediaType.BMP: "BMP",
}
#: WebP: half the time of the default effort for a tenth more bytes.
_QUALITY = 75
_EFFORT = 2
_NEW_SUBFILE_TYPE = 254
_REDUCED_RESOLUTION = 1
_DAMAGED = "This image is damaged or incomplete; scan or save it again."
_GREY_MODES = ("1", "L", "LA", "P", "PA")


@dataclass(frozen=True)
class Prepared:
    """The page image's size in pixels, and where it and the smaller images lie."""

    width: int
    height: int
    image: Path
    view: Path
    thumb: Path

    @property
    def files(self) -> dict[str, Path]:
        """The three files by their names: `image`, `view` and `thumb`."""
        return {"image": self.image, "view": self.view, "thumb": self.thumb}


def prepare(
    source: Path, media_type: MediaType, frame: int, folder: Path, limits: Limits = LIMITS
) -> Prepared:
    """Write the page image, the view and the thumbnail of one frame into `folder`.

    Raises PipelineError for what can't be decoded, MemoryError for what is too large.
    """
    image = page_image(source, media_type, frame, limits)
    prepared = in_folder(folder, *image.size)
    image.save(prepared.image, "PNG", compress_level=1)
    view = _narrowed(image, VIEW_WIDTH)
    view.save(prepared.view, "WEBP", quality=_QUALITY, method=_EFFORT)
    _narrowed(view, THUMB_WIDTH).save(prepared.thumb, "WEBP", quality=_QUALITY, method=_EFFORT)
    return prepared


def in_folder(folder: Path, width: int, height: int) -> Prepared:
    """Return where `prepare` writes into a folder."""
    names = ("page.png", "view.webp", "thumb.webp")
    return Prepared(width, height, *(folder / name for name in names))


def make_smaller(page: Path, width: int, target: Path) -> None:
    """Write a page image (a PNG that `prepare` made) as WebP, at most `width` pixels wide.

    The target appears whole or not at all. Needs no child: these bytes are our own.
    """
    temporary = target.with_name(f".{secrets.token_hex(8)}.webp")
    try:
        with Image.open(page, formats=["PNG"]) as image:
            _narrowed(image, width).save(temporary, "WEBP", quality=_QUALITY, method=_EFFORT)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def cut(page: BinaryIO, box: tuple[int, int, int, int], width: int) -> bytes:
    """Return a part of a page image (a PNG of ours) as WebP, at most `width` pixels wide.

    `box` is x, y, width and height in the page image's pixels, within it.
    """
    left, top, wide, high = box
    file = io.BytesIO()
    with Image.open(page, formats=["PNG"]) as image:
        part = image.crop((left, top, left + wide, top + high))
    _narrowed(part, width).save(file, "WEBP", quality=_QUALITY, method=_EFFORT)
    return file.getvalue()


def page_image(
    source: Path, media_type: MediaType, frame: int, limits: Limits = LIMITS
) -> Image.Image:
    """Return one frame as the page shows it, in mode 1, L or RGB."""
    if media_type is MediaType.PDF:
        return plain(pdf.render(source, frame, limits))
    with loaded(source, media_type, frame, limits) as image:
        smaller = _brought_down(image, limits)
        return plain(ImageOps.exif_transpose(smaller))


@contextmanager
def loaded(
    source: Path, media_type: MediaType, frame: int, limits: Limits = LIMITS
) -> Iterator[Image.Image]:
    """Open one frame of an image file, decoded in its full size, turned as it is stored.

    Raises PipelineError; a PDF has no frames.
    """
    with _opened(source, media_type, limits) as image:
        image.seek(_frames(source, media_type, limits)[frame])
        _load(image, limits)
        yield image


def frame_count(source: Path, media_type: MediaType, limits: Limits = LIMITS) -> int:
    """Count the pages of a file: the frames of a TIFF or the pages of a PDF, else 1."""
    if media_type is MediaType.PDF:
        return pdf.page_count(source)
    return len(_frames(source, media_type, limits))


def page_size(
    source: Path, media_type: MediaType, frame: int, limits: Limits = LIMITS
) -> tuple[int, int]:
    """Decode one frame wholly; return width and height that its page image will have."""
    if media_type is MediaType.PDF:
        return pdf.page_size(source, frame, limits)
    with _opened(source, media_type, limits) as image:
        image.seek(_frames(source, media_type, limits)[frame])
        _check_size(image, limits)
        width, height = _reduced(image.size, limits)
        turned = image.getexif().get(0x0112, 1) in range(5, 9)
        if media_type is MediaType.JPEG:  # the whole stream is read, but an eighth is drawn
            image.draft(None, (image.width // 8, image.height // 8))
        before = image.size
        _load(image, limits)
    if media_type is MediaType.TIFF:  # Pillow turns it while loading
        turned = before != image.size
    return (height, width) if turned else (width, height)


@contextmanager
def _opened(source: Path, media_type: MediaType, limits: Limits) -> Iterator[Image.Image]:
    """Open with one decoder only; whatever it raises becomes a sentence."""
    Image.MAX_IMAGE_PIXELS = limits.pixels
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(source, formats=[_PILLOW[media_type]]) as image:
                yield image
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_many_pixels(limits) from error
        except UnidentifiedImageError as error:
            raise PipelineError(_DAMAGED) from error
        except (PipelineError, MemoryError):
            raise
        except OSError as error:
            if error.errno is not None:  # the system's error, not the decoder's
                raise
            raise PipelineError(_DAMAGED, detail=str(error)) from error
        except Exception as error:
            raise PipelineError(_DAMAGED, detail=repr(error)) from error


@functools.lru_cache(maxsize=1)  # asked for each page of one file in turn
def _frames(source: Path, media_type: MediaType, limits: Limits) -> list[int]:
    """Return the frames that are pages: a TIFF may hold reduced copies, others a single page."""
    with _opened(source, media_type, limits) as image:
        if media_type is not MediaType.TIFF:
            return [0]
        count = min(getattr(image, "n_frames", 1), limits.pages + 1)
        pages = [number for number in range(count) if not _is_reduced_copy(image, number)]
        return pages or [0]


def _is_reduced_copy(image: Image.Image, number: int) -> bool:
    image.seek(number)
    return bool(image.tag_v2.get(_NEW_SUBFILE_TYPE, 0) & _REDUCED_RESOLUTION)  # type: ignore[attr-defined]


def _check_size(image: Image.Image, limits: Limits) -> None:
    pixels = image.width * image.height
    each = 1 if image.mode in _GREY_MODES else 4
    if pixels > limits.pixels or pixels * each > limits.decoded_bytes:
        raise too_many_pixels(limits)


def _load(image: Image.Image, limits: Limits) -> None:
    _check_size(image, limits)
    image.load()


def too_many_pixels(limits: Limits) -> PipelineError:
    """Return the error for an image larger than the limits."""
    grey, colour = limits.pixels // 10**6, limits.decoded_bytes // 4 // 10**6
    return PipelineError(
        f"This image has more than {grey} million pixels ({colour} million in colour);"
        " scan it at a lower resolution."
    )


def _reduced(size: tuple[int, int], limits: Limits) -> tuple[int, int]:
    factor = _factor(size, limits)
    return math.ceil(size[0] / factor), math.ceil(size[1] / factor)


def _factor(size: tuple[int, int], limits: Limits) -> int:
    return max(1, math.ceil(math.sqrt(size[0] * size[1] / limits.page_pixels)))


def _brought_down(image: Image.Image, limits: Limits) -> Image.Image:
    factor = _factor(image.size, limits)
    if factor == 1:
        return image
    simple = image.convert("L" if image.mode == "1" else "RGB") if image.mode in "1P" else image
    smaller = simple.reduce(factor)
    smaller.info = image.info
    smaller.getexif().update(image.getexif())
    return smaller


def plain(image: Image.Image) -> Image.Image:
    """Bring any mode to 1, L or RGB, on white where it is transparent."""
    if is_deep(image):
        return _eight_bits(image)
    if image.has_transparency_data:
        image = _on_white(image.convert("RGBA"))
    if image.mode in ("1", "L"):
        return image
    return _grey_if_grey(image.convert("RGB"))


def is_deep(image: Image.Image) -> bool:
    """Whether pixels have more than 8 bits; how many of them are used shows in the whole alone."""
    return image.mode.startswith("I") or image.mode == "F"


def _eight_bits(image: Image.Image) -> Image.Image:
    """Bring a deep grey image to 8 bits; scanners of 10 or 12 bits fill the low ones only."""
    extrema = image.getextrema()
    top = float(extrema[1])  # type: ignore[arg-type]
    depth = next((bits for bits in (8, 10, 12, 16) if top < 2**bits), 32)
    scale = 255 / (2**depth - 1) if image.mode != "F" else 255 / (top or 1)
    return image.convert("F").point(lambda value: value * scale + 0).convert("L")


def _on_white(image: Image.Image) -> Image.Image:
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _grey_if_grey(image: Image.Image) -> Image.Image:
    red, green, blue = image.split()
    if any(ImageChops.difference(red, other).getbbox() for other in (green, blue)):
        return image
    return red


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.mode == "1":
        image = image.convert("L")
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)
