"""OPDS 1.2: the catalogue for reading apps, as Atom."""

from flask import request
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from library.config import SITE_NAME
from web import addresses, place
from web.books.book import published
from web.feeds import atom, bp, opds2
from web.feeds.atom import ACQUISITION, ENTRY, NAVIGATION, Link
from web.feeds.entries import A_PAGE, ORDERS, Asked, asked, entries, last_change, shelf
from web.feeds.sending import Maker, send, written
from web.forms import language_label
from web.words import gettext as _
from web.words import ngettext

DESCRIPTION = "application/opensearchdescription+xml"
#: Authors or subjects of one feed.
_MOST_NAMES = 1000


@bp.get("/opds")
def opds() -> Response:
    """Give the root of the catalogue, in the version that is asked for."""
    wanted = request.accept_mimetypes.best_match(["application/atom+xml", opds2.FEED])
    answer = opds2.root() if wanted == opds2.FEED else _root()
    answer.vary.add("Accept")
    return answer


@bp.get("/opds/books")
def opds_books() -> Response:
    """Give a shelf: all books, or those of an author, subject, language or search."""
    wanted = asked()
    with place.reads() as session:
        found, changed = shelf(session, wanted), last_change(session)
        facets = _facets(session, wanted)
    here = _shelf(wanted, wanted.page)
    links = [*_frame(here, ACQUISITION), *facets, Link("first", _shelf(wanted, 1), ACQUISITION)]
    if wanted.page > 1:
        links.append(Link("previous", _shelf(wanted, wanted.page - 1), ACQUISITION))
    if found.more:
        links.append(Link("next", _shelf(wanted, wanted.page + 1), ACQUISITION))
    root = atom.feed(here, _title(wanted), changed, links, list(map(atom.book, found.entries)))
    atom.paged(root, (wanted.page - 1) * A_PAGE + 1, A_PAGE)
    return send(written(root), ACQUISITION, changed)


@bp.get("/opds/all")
def crawl() -> Response:
    """Give the whole catalogue in one feed, newest first, for those who copy it (OPDS 1.2, 2.5)."""
    with place.reads() as session:
        found, changed = entries(session, catalog.published_books(session)), last_change(session)
    here = addresses.public("feeds.crawl")
    made = list(map(atom.book, found))
    root = atom.feed(here, _("Every book"), changed, _frame(here, ACQUISITION), made)
    atom.complete(root)
    return send(written(root), ACQUISITION, changed)


@bp.get("/opds/authors")
def opds_authors() -> Response:
    """Give the authors, each with a shelf."""
    return _names("author", _("Authors"))


@bp.get("/opds/subjects")
def opds_subjects() -> Response:
    """Give the subjects, each with a shelf."""
    return _names("subject", _("Subjects"))


@bp.get("/opds/languages")
def opds_languages() -> Response:
    """Give the languages, each with a shelf."""
    return _names("language", _("Languages"))


@bp.get("/opds/books/<slug>")
def entry(slug: str) -> Response:
    """Give the whole entry of one book."""
    with place.reads() as session:
        [found] = entries(session, [published(session, slug)])
    return send(written(atom.book(found)), ENTRY, found.updated)


@bp.get("/opds/search.xml")
def description() -> Response:
    """Say how programs search here (OpenSearch 1.1)."""
    made = Maker(atom.SEARCH)
    feed, page = addresses.public("feeds.opds_books"), addresses.public("search.index")
    root = made(
        "OpenSearchDescription",
        made("ShortName", SITE_NAME[:16]),
        made("Description", _("Search titles, authors and subjects.")),
        made("InputEncoding", "UTF-8"),
        made("OutputEncoding", "UTF-8"),
        made("Url", type=ACQUISITION, template=f"{feed}?q={{searchTerms}}"),
        made("Url", type="text/html", template=f"{page}?q={{searchTerms}}"),
    )
    with place.reads() as session:
        changed = last_change(session)
    return send(written(root), DESCRIPTION, changed)


def _root() -> Response:
    shelves = [
        ("feeds.opds_books", {}, ACQUISITION, _("New books"), _("Newest first.")),
        ("feeds.opds_books", {"order": "title"}, ACQUISITION, _("By title"), _("Every book.")),
        ("feeds.opds_authors", {}, NAVIGATION, _("Authors"), _("Books by who wrote them.")),
        ("feeds.opds_subjects", {}, NAVIGATION, _("Subjects"), _("Books by what they are about.")),
        ("feeds.opds_languages", {}, NAVIGATION, _("Languages"), _("Books by language.")),
    ]
    with place.reads() as session:
        changed = last_change(session)
    made = []
    for endpoint, values, kind, title, words in shelves:
        href = addresses.public(endpoint, **values)
        rel = "http://opds-spec.org/sort/new" if title == _("New books") else "subsection"
        made.append(atom.shelf(atom.Shelf(href, title, words, Link(rel, href, kind)), changed))
    here = addresses.public("feeds.opds")
    other = Link("alternate", addresses.public("feeds.opds2_root"), opds2.FEED)
    everything = Link(
        "http://opds-spec.org/crawlable", addresses.public("feeds.crawl"), ACQUISITION
    )
    links = [*_frame(here, NAVIGATION), other, everything]
    return send(written(atom.feed(here, SITE_NAME, changed, links, made)), NAVIGATION, changed)


def _names(kind: str, title: str) -> Response:
    with place.reads() as session:
        found = catalog.headings(session, kind, _MOST_NAMES)
        changed = last_change(session)
    made = []
    for each in found:
        href = addresses.public("feeds.opds_books", **{kind: each.slug})
        name = language_label(each.name) if kind == "language" else each.name
        words = ngettext("%(num)d book", "%(num)d books", each.books)
        link = Link("subsection", href, ACQUISITION, count=each.books)
        made.append(atom.shelf(atom.Shelf(href, name, words, link), changed))
    here = addresses.public(f"feeds.opds_{kind}s")
    up = Link("up", addresses.public("feeds.opds"), NAVIGATION)
    links = [*_frame(here, NAVIGATION), up]
    return send(written(atom.feed(here, title, changed, links, made)), NAVIGATION, changed)


def _frame(here: str, kind: str) -> list[Link]:
    """Return the links that every feed has."""
    return [
        Link("self", here, kind),
        Link("start", addresses.public("feeds.opds"), NAVIGATION),
        Link("search", addresses.public("feeds.description"), DESCRIPTION),
    ]


def _shelf(wanted: Asked, page: int, **other: str) -> str:
    values = {**wanted.values, **other, "page": page if page > 1 else None}
    return addresses.public("feeds.opds_books", **{k: v for k, v in values.items() if v})


def _facets(session: Session, wanted: Asked) -> list[Link]:
    """Return the other ways to look at a shelf: orders, and languages where there are several."""
    orders = {"new": _("Newest first"), "title": _("By title"), "author": _("By author")}
    links = [Link("up", addresses.public("feeds.opds"), NAVIGATION)]
    for order in ORDERS:
        href = _shelf(wanted, 1, order=order if order != "new" else "")
        links.append(_facet(href, orders[order], _("Order"), wanted.order == order))
    found = catalog.headings(session, "language")
    if len(found) > 1:
        group = _("Language")
        links.append(_facet(_shelf(wanted, 1, language=""), _("Any"), group, not wanted.language))
        for each in found:
            href, name = _shelf(wanted, 1, language=each.slug), language_label(each.name)
            links.append(_facet(href, name, group, wanted.language == each.slug, each.books))
    return links


def _facet(href: str, title: str, group: str, active: bool, count: int = 0) -> Link:
    return Link(atom.FACET, href, ACQUISITION, title, group, active, count)


def _title(wanted: Asked) -> str:
    if wanted.q:
        return _("Books for “%(words)s”", words=wanted.q)
    return wanted.author or wanted.subject or _("Books")
