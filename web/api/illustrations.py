"""The pictures of pages: their regions, what people say of them, and what was cut."""

from typing import Any

from flask import Response, jsonify, send_file, url_for
from sqlalchemy.orm import Session

from library import projects
from library.errors import NotFoundError
from library.models import Page
from pipeline import illustrations
from pipeline.illustrations import Region
from pipeline.models import Illustration
from web import place
from web.api import bp, shapes
from web.api.describe import call
from web.present import Json


@bp.get("/projects/<slug>/pages/<address>/illustrations")
@call("List a page's pictures", gives=shapes.PicturesOut, refuses=(404, 410))
def list_illustrations(slug: str, address: str) -> Response:
    """Give a page's pictures in reading order."""
    with place.reads() as session:
        return jsonify(_given(session, _page(session, slug, address)))


@bp.put("/projects/<slug>/pages/<address>/illustrations")
@call(
    "Mark and describe a page's pictures",
    takes=shapes.PictureList,
    gives=shapes.PicturesOut,
    refuses=(401, 404, 409, 410, 422),
)
def put_illustrations(slug: str, address: str, body: shapes.PictureList) -> Response:
    """Put these in the place of a page's pictures; a worker cuts them from the original scan."""
    person = place.person()
    with place.writes() as session:
        page = _page(session, slug, address)
        regions = [region_of(each) for each in body.items]
        illustrations.replace(session, person, page, regions, place.now(), body.version)
        given = _given(session, page)
    place.ring("ocr")
    return jsonify(given)


@bp.get("/projects/<slug>/pages/<address>/illustrations/<int:position>/image")
@call("Get a picture as it was cut", refuses=(404, 410))
def illustration_image(slug: str, address: str, position: int) -> Response:
    """Give a picture (from 1) as PNG, in the full resolution of the original scan."""
    with place.reads() as session:
        found = illustrations.of_page(session, _page(session, slug, address))
        sha256 = found[position - 1].image_sha256 if 0 < position <= len(found) else None
    if sha256 is None:
        raise NotFoundError("This picture has not been cut out; try again in a moment.")
    path = place.installation().storage.path(sha256)
    response = send_file(path, mimetype="image/png", etag=sha256, conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


def region_of(given: shapes.PictureRegion) -> Region:
    """Return a picture as it was sent."""
    left, top, wide, high = given.box
    box = (left, top, wide, high)
    return Region(box, given.alt, given.caption, given.decorative, given.line_art)


def _given(session: Session, page: Page) -> Json:
    found = illustrations.of_page(session, page)
    state, reason = illustrations.cutting(session, page)
    return {
        "items": [_picture(page, each, state) for each in found],
        "next": None,
        "version": illustrations.version_of(found),
        "reason": reason,
    }


def _picture(page: Page, row: Illustration, state: str) -> Json:
    said = illustrations.region(row)
    where: Any = {"slug": page.project.slug, "address": f"id:{page.id}", "position": row.position}
    return {
        "box": list(said.box),
        "alt": said.alt,
        "caption": said.caption,
        "decorative": said.decorative,
        "line_art": said.line_art,
        "state": "cut" if row.image_sha256 else state,
        "image": url_for("api.illustration_image", **where) if row.image_sha256 else None,
    }


def _page(session: Session, slug: str, address: str) -> Page:
    return projects.find_page(session, projects.find_project(session, slug), address)
