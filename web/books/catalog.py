"""The library: published books on shelves, by author and by subject."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from exports.catalogue.catalog_entries import slug_of
from exports.catalogue.search_words import words_of
from web import place
from web.books import shelves
from web.present import Json

bp = Blueprint("catalog", __name__)

_A_PAGE, _SUBJECTS, _NEAR, _ON_PRESS = 48, 12, 3, 6
_ORDERS = {"newest": "new", "title": "title", "author": "author"}
#: Letters of a word by which a title may still be near to it.
_TELLING = 4
_MOST = 1_000_000


@bp.get("/books")
def index() -> str:
    """Show published books, found by what the address asks for."""
    q = request.args.get("q", "").strip()[:200]
    language = request.args.get("language", "")[:20]
    subject = request.args.get("subject", "")[:300]
    order = _order("newest")
    asked = {"q": q, "language": language, "subject": subject, "order": order}
    offset = _offset()
    with place.reads() as session:
        found = shelves.books(
            session,
            query=q,
            language=language,
            subject=subject,
            order=_ORDERS[order],
            offset=offset,
            limit=_A_PAGE + 1,
        )
        return render_template(
            "books/catalogue.html",
            **asked,
            books=found[:_A_PAGE],
            languages=catalog.languages(session),
            subjects=_subjects(session, subject),
            near=_near(session, q) if q and not found else [],
            on_press=shelves.on_press(session, _ON_PRESS) if not offset else [],
            page_of=_page_of("catalog.index", offset, len(found) > _A_PAGE, **asked),
        )


@bp.get("/authors")
def authors() -> str:
    """Show everybody who wrote a published book."""
    return _names("author")


@bp.get("/subjects")
def subjects() -> str:
    """Show every subject of a published book."""
    return _names("subject")


@bp.get("/authors/<slug>")
def author(slug: str) -> str:
    """Show an author's books."""
    return _named("author", slug)


@bp.get("/subjects/<slug>")
def subject(slug: str) -> str:
    """Show the books of a subject."""
    return _named("subject", slug)


def _names(kind: str) -> str:
    with place.reads() as session:
        found = catalog.headings(session, kind)
    return render_template("books/names.html", kind=kind, names=found)


def _named(kind: str, slug: str) -> str:
    order, offset = _order("title"), _offset()
    with place.reads() as session:
        named = catalog.heading(session, kind, slug)
        if named is None:
            abort(404)
        found = shelves.books(
            session, order=_ORDERS[order], offset=offset, limit=_A_PAGE + 1, **{kind: slug}
        )
        return render_template(
            f"books/{kind}.html",
            named=named,
            order=order,
            books=found[:_A_PAGE],
            page_of=_page_of(
                f"catalog.{kind}", offset, len(found) > _A_PAGE, slug=slug, order=order
            ),
        )


def _subjects(session: Session, chosen: str) -> list[catalog.Heading]:
    """Return the subjects to choose from: those most books have, and the one that is chosen."""
    found = catalog.headings(session, "subject", _SUBJECTS)
    slug = slug_of(chosen)
    if slug and all(each.slug != slug for each in found):
        named = catalog.heading(session, "subject", slug)
        return [named, *found] if named else found
    return found


def _near(session: Session, q: str) -> list[Json]:
    """Return books that have any of the words, or one that begins alike."""
    found: dict[str, Json] = {}
    words = [word.folded for word in words_of(q)][:5]
    for word in words:
        if len(word) >= _TELLING:
            for beginning in (word, word[: max(_TELLING - 1, len(word) * 2 // 3)]):
                for each in shelves.books(session, query=beginning, limit=_NEAR):
                    found.setdefault(each["slug"], each)
    return list(found.values())[:_NEAR]


def _order(usual: str) -> str:
    order = request.args.get("order", "")
    return order if order in _ORDERS else usual


def _offset() -> int:
    return max(0, min(request.args.get("from", 0, type=int), _MOST))


def _page_of(endpoint: str, offset: int, more: bool, **asked: Any) -> Json:  # noqa: ANN401
    def address(start: int) -> str:
        given = {name: value for name, value in asked.items() if value}
        return url_for(endpoint, **{**given, "from": start or None})

    return {
        "previous": address(max(0, offset - _A_PAGE)) if offset else None,
        "next": address(offset + _A_PAGE) if more else None,
    }


from web.books import book  # noqa: E402, F401 - the rest of this blueprint
