"""The library: published books, a book's page, and its files."""

import re
import unicodedata

from flask import Blueprint, abort, render_template, request, send_file, url_for
from flask.wrappers import Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from exports import catalog, releases
from exports.editions import ending
from exports.models import Release, ReleaseFile, ReleasePage
from library import projects
from library.errors import NotFoundError
from library.models import Project
from web import place, shelves
from web.present import Json

bp = Blueprint("catalog", __name__)

_A_PAGE, _SUBJECTS, _NEAR, _ON_PRESS = 48, 12, 3, 6
_ORDERS = {"newest": "new", "title": "title", "author": "author"}
#: Files that people download, best first; the cover is shown, not offered.
_OFFERED = (".epub", ".kepub.epub", ".txt", ".html", ".tei.xml")


@bp.get("/books")
def index() -> str:
    """Show published books, found by what the address asks for."""
    q = request.args.get("q", "").strip()[:200]
    language = request.args.get("language", "")[:20]
    subject = request.args.get("subject", "")[:300]
    order = request.args.get("order", "")
    order = order if order in _ORDERS else "newest"
    offset = max(0, min(request.args.get("from", 0, type=int), 1_000_000))
    asked = {"q": q, "language": language, "subject": subject, "order": order}
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
            subjects=[each.name for each in catalog.headings(session, "subject", _SUBJECTS)],
            near=_near(session, q) if q and not found else [],
            on_press=shelves.on_press(session, _ON_PRESS) if not offset else [],
            page_of=_page_of(asked, offset, len(found) > _A_PAGE),
        )


@bp.get("/books/<slug>")
def book(slug: str) -> str:
    """Show a published book with its files and how it was made."""
    with place.reads() as session:
        project, release = _published(session, slug)
        said = release.metadata_
        return render_template(
            "books/book.html",
            book={
                **_facts(project, release),
                "pages": _pages(session, release),
                "words": None,
                "cover_url": shelves.cover_url(slug, release),
            },
            release=release,
            files=_offered(release),
            contents=[],
            credits=said.get("credits", []),
            history=[
                past
                for past in releases.releases_of(session, project)
                if past.state == "published" and past.built_at
            ],
            has_project=True,
        )


@bp.get("/books/<slug>/<name>")
def download(slug: str, name: str) -> Response:
    """Send a file of the release that readers get; in parts when asked (RFC 9110)."""
    with place.reads() as session:
        project, release = _published(session, slug)
        file = next((each for each in release.files if each.name == name), None)
        if file is None:
            abort(404)
        path = releases.folder_of(place.settings(), project, release) / file.name
    response = send_file(
        path,
        mimetype=file.media_type,
        as_attachment=file.name.endswith(".epub"),
        download_name=_file_name(project, file),
        etag=file.sha256,
        last_modified=release.built_at,
        conditional=True,
    )
    # The same address gives the next release's file: ask each time, and get a 304.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _published(session: Session, slug: str) -> tuple[Project, Release]:
    project = projects.find_project(session, slug)
    release = releases.published(session, project)
    if release is None:
        raise NotFoundError(f"{project.title} has not been released yet.")
    return project, release


def _facts(project: Project, release: Release) -> Json:
    """Return what the release says about its book: what was frozen with it, not what stands now."""
    said = release.metadata_
    contributors = said.get("contributors", [])
    return {
        "slug": project.slug,
        "title": said.get("title", project.title),
        "author": ", ".join(each["name"] for each in contributors if each["role"] == "aut"),
        "contributors": [each for each in contributors if each["role"] != "aut"],
        **{
            name: said.get(name) or ""
            for name in ("publisher", "place", "year", "description", "source_url", "rights")
        },
        "languages": said.get("languages", project.languages),
        "subjects": said.get("subjects", []),
    }


def _offered(release: Release) -> list[ReleaseFile]:
    found = {ending(file.name): file for file in release.files}
    return [found[suffix] for suffix in _OFFERED if suffix in found]


def _pages(session: Session, release: Release) -> int:
    mine = ReleasePage.release_id == release.id
    return session.scalar(select(func.count()).select_from(ReleasePage).where(mine)) or 0


def _file_name(project: Project, file: ReleaseFile) -> str:
    """Return the name under which a download is kept: the book's title (RFC 6266 encodes it)."""
    if file.name == shelves.COVER:
        return file.name
    title = "".join(
        " " if unicodedata.category(letter)[0] == "C" or letter in '/\\:*?"<>|' else letter
        for letter in project.title
    )
    title = re.sub(r"\s+", " ", title).strip(" .")[:100] or project.slug
    return title + ending(file.name)


def _near(session: Session, q: str) -> list[Json]:
    """Return books that have any of the words, when none has all of them."""
    found: dict[str, Json] = {}
    for word in q.split()[:5]:
        if len(word) > 3:  # noqa: PLR2004 - shorter words are near to everything
            for each in shelves.books(session, query=word[:-1], limit=_NEAR):
                found.setdefault(each["slug"], each)
    return list(found.values())[:_NEAR]


def _page_of(asked: dict[str, str], offset: int, more: bool) -> Json:
    def address(start: int) -> str:
        return url_for("catalog.index", **{**asked, "from": start or None})  # type: ignore[arg-type]

    return {
        "previous": address(max(0, offset - _A_PAGE)) if offset else None,
        "next": address(offset + _A_PAGE) if more else None,
    }
