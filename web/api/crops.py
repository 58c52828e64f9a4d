"""Parts of page images: the printed words that notes, suggestions and reports are about."""

from dataclasses import dataclass

from flask import Response, request

from library import projects
from library.errors import InvalidError, NotFoundError
from library.models import Page
from pipeline.images import cut
from web import place
from web.api import bp
from web.api.describe import call
from web.cuttings import LASTING, MOST_PIXELS, WIDEST, scan_of

_SIDES = 4


@dataclass(frozen=True)
class _Part:
    """A box on a page image, and how wide its picture is."""

    box: tuple[int, int, int, int]
    width: int

    def tag(self, page: Page) -> str:
        """Return what tells this picture from every other one."""
        return f"{page.image_sha256}-{'.'.join(map(str, self.box))}-{self.width}"


@bp.get("/projects/<slug>/pages/<address>/crop")
@call(
    "Cut a part out of a page's image",
    query={
        "box": "x,y,w,h in pixels of the page image.",
        "width": f"Pixels; at most {WIDEST}, and never enlarged.",
        "scan": "The first 16 digits of the scan's hash: the answer may then be kept for good.",
    },
    refuses=(404, 410),
)
def page_crop(slug: str, address: str) -> Response:
    """Give a part of the page image as WebP; at most 2 million pixels."""
    with place.reads() as session:
        page = projects.find_page(session, projects.find_project(session, slug), address)
    if page.image_sha256 is None:
        raise NotFoundError("This scan has not been prepared yet; try again in a moment.")
    scan = request.args.get("scan")
    if scan is not None and scan != scan_of(page):
        raise NotFoundError("This page has another scan now.")
    part = _asked(page)
    # Asked first, so that what the browser has is not cut again.
    if part.tag(page) in request.if_none_match:
        response = Response(status=304)
    else:
        with place.installation().storage.open(page.image_sha256) as image:
            response = Response(cut(image, part.box, part.width), mimetype="image/webp")
    response.set_etag(part.tag(page))
    response.headers["Cache-Control"] = LASTING if scan else "no-cache"
    return response


def _asked(page: Page) -> _Part:
    """Return the part that the request asks for; raises InvalidError with what to do."""
    sides = [_number(side) for side in request.args.get("box", "").split(",")]
    if len(sides) != _SIDES or None in sides:
        raise _wrong("box", "box takes x,y,w,h in pixels of the page image.")
    left, top, wide, high = (side or 0 for side in sides)
    if not (wide and high and left + wide <= page.width and top + high <= page.height):
        raise _wrong("box", f"The box must lie on the page, {page.width} by {page.height} pixels.")
    width = _number(request.args.get("width") or str(wide))
    if not width or width > WIDEST:
        raise _wrong("width", f"width takes a number of pixels from 1 to {WIDEST}.")
    width = min(width, wide)
    if width * round(high * width / wide) > MOST_PIXELS:
        raise _wrong("width", f"This is more than {MOST_PIXELS} pixels; ask for a smaller width.")
    return _Part((left, top, wide, high), width)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None  # noqa: PLR2004


def _wrong(field: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, {field: sentence})
