"""Atom (RFC 4287) with the words of OPDS 1.2: feeds and their entries as XML."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from exports.writing.xhtml import legal
from library.config import SITE_NAME
from web import addresses
from web.feeds.entries import Entry, Named
from web.feeds.sending import Maker, moment

ATOM, DC = "http://www.w3.org/2005/Atom", "http://purl.org/dc/terms/"
OPDS, SEARCH = "http://opds-spec.org/2010/catalog", "http://a9.com/-/spec/opensearch/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
THREADS = "http://purl.org/syndication/thread/1.0"
_NAMES = {None: ATOM, "dc": DC, "opds": OPDS, "opensearch": SEARCH, "fh": HISTORY, "thr": THREADS}
NAVIGATION = "application/atom+xml;profile=opds-catalog;kind=navigation"
ACQUISITION = "application/atom+xml;profile=opds-catalog;kind=acquisition"
ENTRY = "application/atom+xml;type=entry;profile=opds-catalog"
OPEN_ACCESS = "http://opds-spec.org/acquisition/open-access"
IMAGE = "http://opds-spec.org/image"
FACET = "http://opds-spec.org/facet"

_atom = Maker(ATOM, _NAMES)
_dc = Maker(DC, _NAMES)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a feed; `facet` is the group of a facet, `active` the one in force."""

    rel: str
    href: str
    type: str
    title: str = ""
    facet: str = ""
    active: bool = False
    #: Number of books behind it, as far as known.
    count: int = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """An entry of a navigation feed: another feed."""

    id: str
    title: str
    content: str
    link: Link


def feed(
    address: str,
    title: str,
    changed: datetime,
    links: Sequence[Link],
    entries: Sequence[etree._Element],
) -> etree._Element:
    """Return a feed; its id is its address."""
    return _atom(
        "feed",
        _atom("id", address),
        _atom("title", legal(title)),
        _atom("updated", moment(changed)),
        _atom("author", _atom("name", SITE_NAME), _atom("uri", addresses.under("/"))),
        *map(link, links),
        *entries,
    )


def link(said: Link) -> etree._Element:
    """Return a link."""
    made = _atom("link", rel=said.rel, href=said.href, type=said.type)
    if said.title:
        made.set("title", legal(said.title))
    if said.facet:
        made.set(f"{{{OPDS}}}facetGroup", said.facet)
    if said.active:
        made.set(f"{{{OPDS}}}activeFacet", "true")
    if said.count:
        made.set(f"{{{THREADS}}}count", str(said.count))
    return made


def shelf(said: Shelf, changed: datetime) -> etree._Element:
    """Return an entry of a navigation feed."""
    return _atom(
        "entry",
        _atom("id", said.id),
        _atom("title", legal(said.title)),
        _atom("updated", moment(changed)),
        _atom("content", legal(said.content), type="text"),
        link(said.link),
    )


def book(entry: Entry) -> etree._Element:
    """Return the whole catalogue entry of a book."""
    page = addresses.public("catalog.book", slug=entry.slug)
    alone = addresses.public("feeds.entry", slug=entry.slug)
    made = _atom(
        "entry",
        _atom("id", entry.id),
        _atom("title", legal(entry.title)),
        _atom("updated", moment(entry.updated)),
        _atom("published", moment(entry.published)),
        *map(_author, entry.authors or [Named("Anonymous", "")]),
        *(_dc("language", code) for code in entry.languages),
        _dc("identifier", entry.id),
        _dc("publisher", entry.publisher or SITE_NAME),
        *([_dc("issued", entry.year)] if entry.year else []),
        *([_dc("extent", f"{entry.words} words")] if entry.words else []),
        *map(_category, entry.subjects),
        *([_atom("rights", legal(entry.rights))] if entry.rights else []),
        _atom("summary", legal(entry.summary or entry.title), type="text"),
        link(Link("alternate", page, "text/html")),
        link(Link("alternate", alone, ENTRY)),
    )
    for rel in (IMAGE, f"{IMAGE}/thumbnail") if entry.cover else ():
        made.append(link(Link(rel, str(entry.cover), "image/jpeg")))
    for file in entry.files:
        offered = link(Link(OPEN_ACCESS, file.address, file.offer.media_type, file.offer.title))
        offered.set("length", str(file.offer.bytes))
        made.append(offered)
    return made


def complete(root: etree._Element) -> None:
    """Say that a feed holds the whole catalogue (RFC 5005)."""
    root.insert(0, etree.Element(f"{{{HISTORY}}}complete"))


def paged(root: etree._Element, start: int, size: int) -> None:
    """Say which page of a list a feed is."""
    for name, value in (("itemsPerPage", size), ("startIndex", start)):
        made = etree.Element(f"{{{SEARCH}}}{name}")
        made.text = str(value)
        root.insert(3, made)


def _author(named: Named) -> etree._Element:
    made = _atom("author", _atom("name", legal(named.name)))
    if named.slug:
        made.append(_atom("uri", addresses.public("catalog.author", slug=named.slug)))
    return made


def _category(named: Named) -> etree._Element:
    scheme = addresses.public("catalog.subjects")
    return _atom("category", term=named.slug, label=legal(named.name), scheme=scheme)
