"""Pages of a PDF as images, by pdfium. Runs in the child only."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from pipeline.failures import PipelineError
from pipeline.limits import Limits

#: For pages that are no scan (drawn text), and the least and most a page is drawn in.
_USUAL_DPI = 300
_LEAST_DPI = 100
_MOST_DPI = 600
_POINTS_PER_INCH = 72
#: pdfium rounds up: without this a whole number of pixels may become one more.
_ROUNDING = 0.01
#: Keeps a page below the limit when its sides are rounded.
_WITHIN = 0.999

_SENTENCES = {
    pdfium.FPDF_ERR_PASSWORD: "This PDF is protected by a password; save it without one.",
    pdfium.FPDF_ERR_SECURITY: "This PDF is protected in an unusual way; print it to a new PDF.",
}
_DAMAGED = "This PDF is damaged or incomplete; make it again."
_DAMAGED_PAGE = "This page of the PDF is damaged; make the PDF again."


def page_count(source: Path) -> int:
    """Count the pages. Raises PipelineError for a PDF that has a password or is damaged."""
    with _opened(source) as document:
        return len(document)


def page_size(source: Path, index: int, limits: Limits) -> tuple[int, int]:
    """Return width and height in pixels in which `render` draws the page."""
    with _page(source, index) as page:
        return _pixels(page, _scale(page, limits))


def render(source: Path, index: int, limits: Limits) -> Image.Image:
    """Draw page `index` (from 0), upright as a reader shows it, in the resolution of its scan."""
    with _page(source, index) as page:
        scale = _scale(page, limits)
        bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)
        image: Image.Image = bitmap.to_pil()
        return image.convert("RGB")


def _pixels(page: pypdfium2.PdfPage, scale: float) -> tuple[int, int]:
    width, height = page.get_size()
    return math.ceil(width * scale), math.ceil(height * scale)


def _scale(page: pypdfium2.PdfPage, limits: Limits) -> float:
    """Return pixels a point: those of the largest image on the page, within bounds."""
    width, height = page.get_size()
    if width < 1 or height < 1:
        raise PipelineError(_DAMAGED_PAGE)
    dpi = min(max(_image_dpi(page, width * height), _LEAST_DPI), _MOST_DPI)
    most = math.sqrt(limits.page_pixels / (width * height)) * _WITHIN
    columns = max(1, round(width * min(dpi / _POINTS_PER_INCH, most)))
    return float(columns - _ROUNDING) / float(width)


def _image_dpi(page: pypdfium2.PdfPage, page_area: float) -> float:
    """Return the resolution of the images that cover at least half of the page."""
    found = []
    for image in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        area = (right - left) * (top - bottom)
        if area >= page_area / 2:
            columns, rows = image.get_px_size()
            found.append(_POINTS_PER_INCH * math.sqrt(columns * rows / area))
    return max(found, default=_USUAL_DPI)


@contextmanager
def _page(source: Path, index: int) -> Iterator[pypdfium2.PdfPage]:
    with _opened(source) as document:
        try:
            page = document[index]
        except (pypdfium2.PdfiumError, IndexError) as error:
            raise PipelineError(_DAMAGED_PAGE, detail=str(error)) from error
        try:
            yield page
        except pypdfium2.PdfiumError as error:
            raise PipelineError(_DAMAGED_PAGE, detail=str(error)) from error
        finally:
            page.close()


@contextmanager
def _opened(source: Path) -> Iterator[pypdfium2.PdfDocument]:
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        sentence = _SENTENCES.get(getattr(error, "err_code", None), _DAMAGED)
        raise PipelineError(sentence, detail=str(error)) from error
    try:
        yield document
    finally:
        document.close()
