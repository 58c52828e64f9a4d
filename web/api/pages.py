"""Pages: lists, one page, its image, its text with boxes, its history, what a coordinator does."""

import sqlalchemy as sa
from flask import Response, jsonify, request, send_file
from sqlalchemy.orm import Session

from exports.writing.alto import alto
from exports.writing.hocr import hocr
from exports.writing.overlay import as_read, place_words
from exports.writing.scanpage import ScanPage
from library import labels, projects
from library.errors import InvalidError, NotFoundError
from library.models import Page
from pipeline import runs
from pipeline.images import THUMB_WIDTH as THUMB
from pipeline.images import VIEW_WIDTH as VIEW
from pipeline.images import make_smaller
from proofing import arranging, diff, rounds, wholebook
from proofing.models import Revision
from web import place, present
from web.api import bp, lists, shapes
from web.api.describe import call
from web.api.projects import readable_languages
from web.cuttings import LASTING, scan_of
from web.receiving import store_one

#: `?width=` is rounded up to a multiple of this, so that few derivatives exist.
STEP, WIDEST = 100, 2400


@bp.get("/projects/<slug>/pages")
@call("List pages", gives=shapes.Pages, query=lists.QUERY, refuses=(404, 410))
def list_pages(slug: str) -> Response:
    """Give pages in order, with where each stands."""
    limit, after = lists.limit(), lists.cursor()
    with place.reads() as session:
        found = projects.find_project(session, slug)
        items = present.page_items(session, found, after=after, limit=limit)
    return jsonify(items=items, next=str(items[-1]["number"]) if len(items) == limit else None)


@bp.get("/projects/<slug>/pages/<address>")
@call("Show a page", gives=shapes.PageOut, refuses=(404, 410))
def show_page(slug: str, address: str) -> Response:
    """Give a page by number or `id:ID`."""
    with place.reads() as session:
        return jsonify(present.page(session, _page(session, slug, address)))


@bp.patch("/projects/<slug>/pages/<address>")
@call(
    "Change a page",
    takes=shapes.PageChange,
    gives=shapes.PageOut,
    refuses=(401, 403, 404, 410, 422),
)
def change_page(slug: str, address: str, body: shapes.PageChange) -> Response:
    """Set a page's printed label, or say what kind of page it is."""
    person = place.person()
    with place.writes() as session:
        page = _page(session, slug, address)
        projects.change_page(session, person, page, place.now(), label=body.label, kind=body.kind)
        if body.kind is not None:
            rounds.apply_kind(session, page.project, page, place.now())
        session.flush()
        return jsonify(present.page(session, page))


@bp.delete("/projects/<slug>/pages/<address>")
@call("Delete a page", gives=shapes.PageOut, refuses=(401, 403, 404, 409, 410))
def delete_page(slug: str, address: str) -> Response:
    """Take a page out of its project; refused once a volunteer has worked on it."""
    person = place.person()
    with place.writes() as session:
        page = _page(session, slug, address)
        given = present.page(session, page)
        arranging.remove_page(session, person, page, place.now())
    return jsonify(given)


@bp.post("/projects/<slug>/pages/order")
@call("Reorder pages", takes=shapes.Order, gives=shapes.Pages, refuses=(401, 403, 404, 410, 422))
def order_pages(slug: str, body: shapes.Order) -> Response:
    """Give all pages new numbers, in the order of the ids sent."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        arranging.reorder(session, person, found, body.order, place.now())
        session.expire_all()
        return jsonify(items=present.page_items(session, found), next=None)


@bp.post("/projects/<slug>/labels")
@call("Label pages", takes=shapes.Labels, gives=shapes.Pages, refuses=(401, 403, 404, 410, 422))
def label_pages(slug: str, body: shapes.Labels) -> Response:
    """Give all pages their printed numbers by ranges; none at all leaves them to the machine."""
    person = place.person()
    with place.writes() as session:
        found = projects.find_project(session, slug)
        labels.label_pages(session, person, found, body.ranges, place.now())
        wholebook.ask(session, found, place.now())
        session.flush()
        return jsonify(items=present.page_items(session, found), next=None)


@bp.post("/projects/<slug>/pages/<address>/ocr")
@call(
    "Read a page again",
    takes=shapes.OcrRequest,
    gives=shapes.PageOut,
    status=202,
    refuses=(401, 403, 404, 410, 422),
)
def read_again(slug: str, address: str, body: shapes.OcrRequest) -> tuple[Response, int]:
    """Ask for another OCR run; what people wrote stands, the new run is a layer."""
    person = place.person()
    languages = readable_languages(body.languages) if body.languages else None
    with place.writes() as session:
        page = _page(session, slug, address)
        runs.read_again(session, person, page, place.now(), languages=languages, psm=body.psm)
        session.flush()
        given = present.page(session, page)
    place.ring("ocr")
    return jsonify(given), 202


@bp.get("/projects/<slug>/pages/<address>/image")
@call(
    "Get a page's image",
    query={
        "width": "Pixels; the picture is never enlarged.",
        "scan": "The first 16 digits of the scan's hash: the answer may then be kept for good.",
    },
    refuses=(404,),
)
def page_image(slug: str, address: str) -> Response:
    """Give the page image, whose pixels the boxes are in, or a smaller one."""
    with place.reads() as session:
        page = _page(session, slug, address)
    if page.image_sha256 is None:
        raise NotFoundError("This scan has not been prepared yet; try again in a moment.")
    scan = request.args.get("scan")
    if scan is not None and scan != scan_of(page):
        raise NotFoundError("This page has another scan now.")
    response = _picture_of(page, request.args.get("width", ""))
    # A page by its number may be another, or have another scan, tomorrow.
    response.headers["Cache-Control"] = LASTING if scan else "no-cache"
    return response


def _picture_of(page: Page, width: str) -> Response:
    assert page.image_sha256 is not None  # noqa: S101 - the caller asked
    if not width:
        return _picture(page.image_sha256, "image/png")
    if not width.isascii() or not width.isdigit() or not 1 <= int(width[:6]) <= 20_000:  # noqa: PLR2004
        raise InvalidError("width takes a number of pixels.", {"width": "A number of pixels."})
    return _smaller(page, int(width))


@bp.put("/projects/<slug>/pages/<address>/image")
@call("Replace a page's image", gives=shapes.PageOut, status=202, files=True,
      refuses=(401, 403, 404, 410, 413, 415, 422))  # fmt: skip
def replace_image(slug: str, address: str) -> tuple[Response, int]:
    """Put another scan in the place of this page's; its text stays, and it is read again."""
    person = place.person()
    with place.reads() as session:
        projects.require_coordinator(session, person, _page(session, slug, address).project)
    scan = store_one(request.files.getlist("files") or request.files.getlist("file"))
    with place.writes() as session:
        page = _page(session, slug, address)
        runs.replace_image(session, person, page, scan, place.now())
        session.flush()
        given = present.page(session, page)
    place.ring("ocr")
    return jsonify(given), 202


_WHOSE = {"text": "Whose words: `corrected` (as they stand now) or `ocr`; else corrected."}


@bp.get("/projects/<slug>/pages/<address>/alto")
@call("Get a page as ALTO 4", query=_WHOSE, refuses=(404, 410, 422))
def page_alto(slug: str, address: str) -> Response:
    """Give the page's words on their places in the scan as ALTO 4."""
    return Response(alto(_scan_page(slug, address)), mimetype="application/xml")


@bp.get("/projects/<slug>/pages/<address>/hocr")
@call("Get a page as hOCR", query=_WHOSE, refuses=(404, 410, 422))
def page_hocr(slug: str, address: str) -> Response:
    """Give the page's words on their places in the scan as hOCR."""
    return Response(hocr(_scan_page(slug, address)), mimetype="application/xhtml+xml")


def _scan_page(slug: str, address: str) -> ScanPage:
    whose = request.args.get("text", "corrected")
    if whose not in ("corrected", "ocr"):
        raise InvalidError("text takes corrected or ocr.", {"text": "corrected or ocr."})
    with place.reads() as session:
        page = _page(session, slug, address)
        given, language = present.page(session, page), page.project.languages[0]
    width, height, lines = given["width"], given["height"], given["lines"]
    words = as_read(lines) if whose == "ocr" else place_words(given["text"], lines, width, height)
    file, label = given["file"], given["label"]
    return ScanPage(given["number"], label, file, width, height, language, words)


@bp.get("/projects/<slug>/pages/<address>/history")
@call(
    "Show every saved text of a page",
    gives=shapes.RevisionList,
    query={"diff": "Two revision ids, `A..B`."},
    refuses=(404, 410, 422),
)
def page_history(slug: str, address: str) -> Response:
    """Give every text saved on a page, oldest first, and the difference of two."""
    with place.reads() as session:
        page = _page(session, slug, address)
        chain = {task.id: task for task in present.page_tasks(session, page)}
        saved = session.scalars(
            sa.select(Revision).where(Revision.page_id == page.id).order_by(Revision.id)
        )
        items = [present.revision(chain[each.task_id], each) for each in saved]
    return jsonify(items=items, next=None, diff=difference(items))


def difference(items: list[present.Json]) -> list[dict[str, str]] | None:
    """Return the pieces between the two revisions that `?diff=A..B` names, or None."""
    asked = request.args.get("diff")
    if not asked:
        return None
    texts = {str(item["id"]): item["text"] for item in items}
    old, _, new = asked.partition("..")
    if old not in texts or new not in texts:
        raise InvalidError("diff takes two of these revisions' ids, as A..B.", {"diff": "Unknown."})
    return [
        {"kind": piece.kind, "text": piece.text} for piece in diff.pieces(texts[old], texts[new])
    ]


def _page(session: Session, slug: str, address: str) -> Page:
    return projects.find_page(session, projects.find_project(session, slug), address)


def _picture(sha256: str, media_type: str) -> Response:
    """Send a stored picture; its name is its hash."""
    path = place.installation().storage.path(sha256)
    return send_file(path, mimetype=media_type, etag=sha256, conditional=True)


def _smaller(page: Page, width: int) -> Response:
    """Send the page image at this width, rounded up to a step; made once from our own picture."""
    if page.thumb_sha256 and width <= THUMB:
        return _picture(page.thumb_sha256, "image/webp")
    width = min(-(-width // STEP) * STEP, WIDEST)
    if page.view_sha256 and width >= min(page.width, VIEW):
        return _picture(page.view_sha256, "image/webp")
    kept = place.settings().var / "derivatives" / f"{page.image_sha256}-{width}.webp"
    if not kept.exists():
        assert page.image_sha256 is not None  # noqa: S101 - the caller asked
        kept.parent.mkdir(parents=True, exist_ok=True)
        make_smaller(place.installation().storage.path(page.image_sha256), width, kept)
    return send_file(kept, mimetype="image/webp", conditional=True)
