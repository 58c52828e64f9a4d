"""New books and corrections for feed readers, as plain Atom."""

from flask.wrappers import Response
from lxml import etree

from exports.catalogue import catalog
from exports.models import Release
from exports.releasing import releases
from library.config import SITE_NAME
from web import addresses, place
from web.books.book import published
from web.feeds import atom, bp
from web.feeds.atom import Link
from web.feeds.entries import A_PAGE, NEVER, entries, last_change
from web.feeds.sending import send, written
from web.words import gettext as _

ATOM = "application/atom+xml"


@bp.get("/feeds/new.xml")
def new() -> Response:
    """Give the books that were published or corrected last."""
    with place.reads() as session:
        found = entries(session, catalog.published_books(session, limit=A_PAGE))
        changed = last_change(session)
    here = addresses.public("feeds.new")
    links = [
        Link("self", here, ATOM),
        Link("alternate", addresses.public("catalog.index"), "text/html"),
    ]
    title = _("New books at %(site)s", site=SITE_NAME)
    root = atom.feed(here, title, changed, links, list(map(atom.book, found)))
    return send(written(root), ATOM, changed)


@bp.get("/feeds/<slug>.xml")
def history(slug: str) -> Response:
    """Give the releases of one book, each with what changed."""
    with place.reads() as session:
        project, _release = published(session, slug)
        past = [
            each for each in releases.releases_of(session, project) if each.state == "published"
        ]
    page = addresses.public("catalog.book", slug=slug)
    made = [_change(page, each) for each in past[:A_PAGE]]
    changed = max((each.built_at for each in past if each.built_at), default=NEVER)
    here = addresses.public("feeds.history", slug=slug)
    links = [Link("self", here, ATOM), Link("alternate", page, "text/html")]
    title = _("Releases of %(title)s", title=project.title)
    return send(written(atom.feed(here, title, changed, links, made)), ATOM, changed)


def _change(page: str, release: Release) -> etree._Element:
    built = release.built_at or NEVER
    said = Link("alternate", f"{page}#history", "text/html")
    title = _("Release %(number)s", number=release.number)
    one = atom.Shelf(f"{page}/releases/{release.number}", title, " ".join(release.changes), said)
    return atom.shelf(one, built)
