"""For search engines: which pages there are, and which are not worth their time."""

from collections.abc import Iterable
from datetime import datetime

from flask import abort
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from exports.catalogue.catalog_models import Outline
from web import addresses, place
from web.books import shelves
from web.feeds import bp
from web.feeds.entries import NEVER, last_change
from web.feeds.sending import Maker, moment, send, written

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Books in one file of the sitemap: with their chapters far below the 50,000 that may stand there.
A_FILE = 500
_CHAPTERS = 90
_made = Maker(_NAMESPACE)
Page = tuple[str, datetime]


@bp.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers from what is no page to read, and lead them to the sitemap."""
    lines = [
        "User-agent: *",
        *(f"Disallow: {path}" for path in ("/api/", "/search", "/admin", "/proof/", "/sign-in")),
        "",
        f"Sitemap: {addresses.public('feeds.sitemap')}",
        "",
    ]
    return send("\n".join(lines).encode(), "text/plain; charset=utf-8", NEVER)


@bp.get("/sitemap.xml")
def sitemap() -> Response:
    """Give every page to read, or an index of the files that do when there are many books."""
    with place.reads() as session:
        found = catalog.published_books(session, order="id", limit=A_FILE + 1)
        changed = last_change(session)
        if len(found) <= A_FILE:
            return _send([*_shelves(changed), *_books(session, found)], changed)
        number = len(catalog.published_books(session, order="id"))
    files = [
        addresses.public("feeds.sitemap_part", number=part + 1)
        for part in range(-(-number // A_FILE))
    ]
    root = _made(
        "sitemapindex",
        *(
            _made("sitemap", _made("loc", each), _made("lastmod", moment(changed)))
            for each in files
        ),
    )
    return send(written(root), "application/xml", changed)


@bp.get("/sitemap-<int:number>.xml")
def sitemap_part(number: int) -> Response:
    """Give the pages of some books."""
    with place.reads() as session:
        offset = (number - 1) * A_FILE
        found = catalog.published_books(session, order="id", offset=offset, limit=A_FILE)
        changed = last_change(session)
        pages = _books(session, found)
    if number < 1 or not pages:
        abort(404)
    return _send([*(_shelves(changed) if number == 1 else ()), *pages], changed)


def _shelves(changed: datetime) -> list[Page]:
    return [
        (addresses.public(endpoint), changed)
        for endpoint in ("home.index", "catalog.index", "catalog.authors", "catalog.subjects")
    ]


def _books(session: Session, found: Iterable[catalog.Shelved]) -> list[Page]:
    """Return the pages of books: each book's own, and its chapters."""
    pages: list[Page] = []
    for project, release in found:
        changed = release.built_at or NEVER
        pages.append((addresses.public("catalog.book", slug=project.slug), changed))
        outline = session.get(Outline, release.id)
        for section in (outline.sections if outline else [])[:_CHAPTERS]:
            path = shelves.reading_address(project.slug, section["slug"])
            pages.append((addresses.under(path), changed))
    return pages


def _send(pages: Iterable[Page], changed: datetime) -> Response:
    urls = (_made("url", _made("loc", page), _made("lastmod", moment(at))) for page, at in pages)
    return send(written(_made("urlset", *urls)), "application/xml", changed)
