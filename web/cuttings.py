"""Cuttings: parts of a scan that stand beside what is said about them."""

from flask import url_for

from library.models import Page
from web.present import Json

#: Of a box's height: what is shown around it, so that letters keep their tails and neighbours.
_AROUND, _BESIDE = 0.25, 1.0
#: Pixels across of a cutting, and of all that one picture may have.
WIDEST, MOST_PIXELS = 2400, 2_000_000
#: What a browser may keep for good, since its address names what is in it.
LASTING = "public, max-age=31536000, immutable"
#: Hexadecimal digits that tell one scan of a page from the next.
_DIGITS = 16


def cutting(page: Page, box: list[int] | None, image_sha256: str | None) -> Json | None:
    """Return `{url, width, height}` of a picture of this box and a little around it.

    None without a box, when the page has another scan than the one that the box is of, and when it
    was taken out of the book.
    """
    if not box or image_sha256 is None or image_sha256 != page.image_sha256 or page.deleted_at:
        return None
    left, top, wide, high = _padded(box, page.width, page.height)
    if wide < 1 or high < 1 or wide * high > MOST_PIXELS:
        return None
    url = url_for(
        "api.page_crop",
        slug=page.project.slug,
        address=f"id:{page.id}",
        box=f"{left},{top},{wide},{high}",
        scan=scan_of(page),
    )
    return {"url": url, "width": wide, "height": high}


def scan_of(page: Page) -> str:
    """Return what tells this page's scan from one that replaces it."""
    return (page.image_sha256 or "")[:_DIGITS]


def _padded(box: list[int], width: int, height: int) -> tuple[int, int, int, int]:
    left, top, wide, high = box
    beside, around = round(high * _BESIDE), round(high * _AROUND)
    first, upper = max(0, left - beside), max(0, top - around)
    last, lower = min(width, left + wide + beside), min(height, top + high + around)
    return first, upper, last - first, lower - upper
