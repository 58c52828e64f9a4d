"""OPDS 2.0: the catalogue for reading apps, as JSON."""

from typing import Any

import orjson
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from library.config import SITE_NAME
from web import addresses, place
from web.books.book import published
from web.feeds import bp
from web.feeds.entries import A_PAGE, ORDERS, Asked, Entry, asked, entries, last_change, shelf
from web.feeds.sending import moment, send
from web.forms import language_label
from web.present import Json
from web.words import gettext as _

FEED, PUBLICATION = "application/opds+json", "application/opds-publication+json"
_OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
_MOST_NAMES = 1000


@bp.get("/opds/v2")
def opds2_root() -> Response:
    """Give the root of the catalogue."""
    return root()


def root() -> Response:
    """Return the root of the catalogue: where to go, and what is new."""
    with place.reads() as session:
        found, changed = shelf(session, Asked("new", "", "", "", "", 1)), last_change(session)
    navigation = [
        _link("feeds.opds2_books", _("New books"), rel="http://opds-spec.org/sort/new"),
        _link("feeds.opds2_books", _("By title"), order="title"),
        _link("feeds.opds2_names", _("Authors"), shelves="authors"),
        _link("feeds.opds2_names", _("Subjects"), shelves="subjects"),
        _link("feeds.opds2_names", _("Languages"), shelves="languages"),
    ]
    new = {
        "metadata": {"title": _("New books")},
        "links": [_link("feeds.opds2_books", rel="self")],
        "publications": list(map(publication, found.entries[:12])),
    }
    feed = {
        "metadata": {"title": SITE_NAME, "modified": moment(changed)},
        "links": _frame(addresses.public("feeds.opds2_root")),
        "navigation": navigation,
        **({"groups": [new]} if found.entries else {}),
    }
    return send(orjson.dumps(feed), FEED, changed)


@bp.get("/opds/v2/books")
def opds2_books() -> Response:
    """Give a shelf: all books, or those of an author, subject, language or search."""
    wanted = asked()
    with place.reads() as session:
        found, changed = shelf(session, wanted), last_change(session)
        total = len(catalog.published_books(session, **_count(wanted)))
        facets = _facets(session, wanted)
    links = [*_frame(_shelf(wanted, wanted.page)), _typed("first", _shelf(wanted, 1))]
    if wanted.page > 1:
        links.append(_typed("previous", _shelf(wanted, wanted.page - 1)))
    if found.more:
        links.append(_typed("next", _shelf(wanted, wanted.page + 1)))
    feed = {
        "metadata": {
            "title": wanted.q or wanted.author or wanted.subject or _("Books"),
            "modified": moment(changed),
            "numberOfItems": total,
            "itemsPerPage": A_PAGE,
            "currentPage": wanted.page,
        },
        "links": links,
        "publications": list(map(publication, found.entries)),
        "facets": facets,
    }
    return send(orjson.dumps(feed), FEED, changed)


@bp.get("/opds/v2/<any(authors, subjects, languages):shelves>")
def opds2_names(shelves: str) -> Response:
    """Give authors, subjects or languages, each with a shelf."""
    one = shelves.removesuffix("s")
    with place.reads() as session:
        found = catalog.headings(session, one, _MOST_NAMES)
        changed = last_change(session)
    titles = {"authors": _("Authors"), "subjects": _("Subjects"), "languages": _("Languages")}
    navigation = [
        {
            "title": language_label(each.name) if one == "language" else each.name,
            "href": addresses.public("feeds.opds2_books", **{one: each.slug}),
            "type": FEED,
            "rel": "subsection",
            "properties": {"numberOfItems": each.books},
        }
        for each in found
    ]
    feed = {
        "metadata": {"title": titles[shelves], "modified": moment(changed)},
        "links": _frame(addresses.public("feeds.opds2_names", shelves=shelves)),
        "navigation": navigation,
    }
    return send(orjson.dumps(feed), FEED, changed)


@bp.get("/opds/v2/books/<slug>")
def opds2_entry(slug: str) -> Response:
    """Give one book."""
    with place.reads() as session:
        [found] = entries(session, [published(session, slug)])
    return send(orjson.dumps(publication(found)), PUBLICATION, found.updated)


def publication(entry: Entry) -> Json:
    """Return a book as OPDS 2.0 gives it."""
    page = addresses.public("catalog.book", slug=entry.slug)
    about = {
        "@type": "http://schema.org/Book",
        "identifier": entry.id,
        "title": entry.title,
        "author": [_contributor("author", each.name, each.slug) for each in entry.authors],
        "language": list(entry.languages),
        "publisher": entry.publisher or SITE_NAME,
        "published": moment(entry.published),
        "modified": moment(entry.updated),
        "description": entry.summary,
        "subject": [
            {"code": each.slug, **_contributor("subject", each.name, each.slug)}
            for each in entry.subjects
        ],
    }
    links = [
        {
            "rel": _OPEN_ACCESS,
            "href": file.address,
            "type": file.offer.media_type,
            "title": file.offer.title,
            "size": file.offer.bytes,
        }
        for file in entry.files
    ]
    cover = {"href": entry.cover, "type": "image/jpeg", "width": 1400, "height": 2100}
    return {
        "metadata": {name: value for name, value in about.items() if value},
        "links": [
            {
                "rel": "self",
                "href": addresses.public("feeds.opds2_entry", slug=entry.slug),
                "type": PUBLICATION,
            },
            {"rel": "alternate", "href": page, "type": "text/html"},
            *links,
        ],
        **({"images": [cover]} if entry.cover else {}),
    }


def _contributor(kind: str, name: str, slug: str) -> Json:
    shelf_of = {"href": addresses.public("feeds.opds2_books", **{kind: slug}), "type": FEED}
    return {"name": name, "links": [shelf_of]}


def _frame(here: str) -> list[Json]:
    """Return the links that every feed has."""
    search = addresses.public("feeds.opds2_books")
    return [
        _typed("self", here),
        _typed("start", addresses.public("feeds.opds2_root")),
        {**_typed("search", f"{search}{{?q}}"), "templated": True},
    ]


def _typed(rel: str, href: str) -> Json:
    return {"rel": rel, "href": href, "type": FEED}


def _link(endpoint: str, title: str = "", rel: str = "subsection", **values: str) -> Json:
    made = _typed(rel, addresses.public(endpoint, **values))
    return {**made, "title": title} if title else made


def _shelf(wanted: Asked, page: int, **other: str) -> str:
    values = {**wanted.values, **other, "page": page if page > 1 else None}
    return addresses.public("feeds.opds2_books", **{k: v for k, v in values.items() if v})


def _count(wanted: Asked) -> dict[str, Any]:
    values = wanted.values
    values.pop("order", None)
    return {"query": values.pop("q", ""), **values}


def _facets(session: Session, wanted: Asked) -> list[Json]:
    """Return the other ways to look at a shelf."""
    orders = {"new": _("Newest first"), "title": _("By title"), "author": _("By author")}
    ways = [
        _way(_shelf(wanted, 1, order=order if order != "new" else ""), orders[order],
             wanted.order == order)
        for order in ORDERS
    ]  # fmt: skip
    facets = [{"metadata": {"title": _("Order")}, "links": ways}]
    found = catalog.headings(session, "language")
    if len(found) > 1:
        links = [
            {
                **_way(_shelf(wanted, 1, language=each.slug), language_label(each.name),
                       wanted.language == each.slug),
                "properties": {"numberOfItems": each.books},
            }
            for each in found
        ]  # fmt: skip
        facets.append({"metadata": {"title": _("Language")}, "links": links})
    return facets


def _way(href: str, title: str, active: bool) -> Json:
    return {"rel": "self" if active else "facet", "href": href, "type": FEED, "title": title}
