"""A published book: its page, its files of every release, and its printed pages."""

import re
import unicodedata
from collections.abc import Sequence

import sqlalchemy as sa
from flask import abort, render_template, request, send_file, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session

from exports.catalogue import catalog
from exports.catalogue.catalog_models import Outline
from exports.models import Download, Release, ReleasePage
from exports.releasing import releases
from exports.writing.editions import ending
from library import projects
from library.errors import GoneError, NotFoundError
from library.models import Project
from pipeline.models import OcrRun
from proofing.models import Revision
from web import place
from web.books import shelves, structured
from web.books.catalog import bp
from web.books.offers import offers
from web.present import Json
from web.words import gettext as _

_RELATED, _THUMBS = 6, 60
#: The one-page edition brings its styles and pictures along, and does nothing else.
_ON_ITS_OWN = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
#: Editions that a browser is to keep rather than to show.
_KEPT = (".epub", ".kepub.epub", ".zip")


@bp.get("/books/<slug>")
def book(slug: str) -> str:
    """Show a published book with its files and how it was made."""
    with place.reads() as session:
        project, release = published(session, slug)
        outline = session.get(Outline, release.id)
        facts = facts_of(session, project, release)
        past = _history(session, project)
        return render_template(
            "books/book.html",
            book=facts,
            release=release,
            files=offers(release.downloads),
            contents=contents_of(slug, outline),
            readable=any(file.name.endswith("-html.zip") for file in release.files),
            history=past,
            first=past[-1],
            related=shelves.shelved(session, catalog.related(session, release, _RELATED)),
            structured=structured.book(project, release, facts),
        )


@bp.get("/books/<slug>/<name>")
def download(slug: str, name: str) -> Response:
    """Send a file of the release that readers get; in parts when asked (RFC 9110)."""
    with place.reads() as session:
        project, release = published(session, slug)
        return _file(project, release, name)


@bp.get("/books/<slug>/releases/<int:number>/<name>")
def download_old(slug: str, number: int, name: str) -> Response:
    """Send a file of any published release."""
    with place.reads() as session:
        project = projects.find_project(session, slug)
        release = releases.find_release(session, project, number)
        if release.state == "withdrawn":
            raise GoneError(f"Release {number} of {project.title} was withdrawn.")
        if release.state != "published":
            raise NotFoundError(f"Release {number} of {project.title} was not published.")
        return _file(project, release, name)


@bp.get("/books/<slug>/scans")
def scans(slug: str) -> str:
    """Show the printed pages as a sheet of small pictures."""
    offset = max(0, min(request.args.get("from", 0, type=int), 1_000_000))
    with place.reads() as session:
        project, release = published(session, slug)
        pages = releases.frozen_pages(session, release)[offset : offset + _THUMBS + 1]

        def address(start: int) -> str:
            return url_for("catalog.scans", slug=slug, **{"from": start or None})  # type: ignore[arg-type]

        return render_template(
            "books/scans.html",
            book=shelves.face(project, release),
            pages=pages[:_THUMBS],
            page_of={
                "previous": address(max(0, offset - _THUMBS)) if offset else None,
                "next": address(offset + _THUMBS) if len(pages) > _THUMBS else None,
            },
        )


@bp.get("/books/<slug>/scans/<int:number>")
def scan(slug: str, number: int) -> str:
    """Show one printed page beside its text."""
    with place.reads() as session:
        project, release = published(session, slug)
        row = session.scalar(
            sa.select(ReleasePage).where(
                ReleasePage.release_id == release.id, ReleasePage.number == number
            )
        )
        if row is None:
            abort(404)
        return render_template(
            "books/scan.html",
            book=shelves.face(project, release),
            page=row,
            text=_text(session, row),
            previous=_beside(session, row, number, forward=False),
            next=_beside(session, row, number, forward=True),
        )


def published(session: Session, slug: str) -> tuple[Project, Release]:
    """Return a book and the release that readers get; raises NotFoundError, GoneError."""
    project = projects.find_project(session, slug)
    release = releases.published(session, project)
    if release is None:
        raise NotFoundError(f"{project.title} has not been released yet.")
    return project, release


def facts_of(session: Session, project: Project, release: Release) -> Json:
    """Return what the release says of its book: what was frozen with it, not what stands now."""
    said = release.metadata_
    outline = session.get(Outline, release.id)
    words = outline.words if outline else 0
    return {
        **shelves.face(project, release),
        "authors": catalog.entries_of(session, release, "author"),
        "subjects": catalog.entries_of(session, release, "subject"),
        "contributors": [
            {"name": each["name"], "role": _role(each["role"])}
            for each in said.get("contributors", ())
            if each["role"] != "aut"
        ],
        **{
            name: said.get(name) or ""
            for name in ("publisher", "place", "description", "source_url", "rights")
        },
        "credits": said.get("credits", []),
        "pages": _pages(session, release),
        "unfinished": _unfinished(session, release),
        "words": words,
        "hours": shelves.hours(words),
    }


def contents_of(slug: str, outline: Outline | None) -> list[Json]:
    """Return the chapters of a release with where they are read."""
    return [
        {**each, "href": shelves.reading_address(slug, each["slug"])}
        for each in (outline.sections if outline else [])
        if each["title"]
    ]


def _history(session: Session, project: Project) -> Sequence[Release]:
    """Return the published releases, the newest first."""
    found = releases.releases_of(session, project)
    return [past for past in found if past.state == "published" and past.built_at]


def _file(project: Project, release: Release, name: str) -> Response:
    file = next((each for each in release.downloads if each.name == name), None)
    if file is None:
        abort(404)
    response = send_file(
        releases.path_of(place.settings(), project, release, file),
        mimetype=file.media_type,
        as_attachment=file.name.endswith(_KEPT),
        download_name=_file_name(project, file),
        etag=file.sha256,
        last_modified=release.built_at,
        conditional=True,
    )
    if file.name.endswith(".html"):
        response.headers["Content-Security-Policy"] = _ON_ITS_OWN
    # The same address gives the next release's file: ask each time, and get a 304.
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _file_name(project: Project, file: Download) -> str:
    """Return the name under which a download is kept: the book's title (RFC 6266 encodes it)."""
    if file.name == shelves.COVER:
        return file.name
    title = "".join(
        " " if unicodedata.category(letter)[0] == "C" or letter in '/\\:*?"<>|' else letter
        for letter in project.title
    )
    title = re.sub(r"\s+", " ", title).strip(" .")[:100] or project.slug
    return title + ending(file.name)


def _unfinished(session: Session, release: Release) -> int:
    """Count the pages that had not been through every round."""
    mine = sa.and_(ReleasePage.release_id == release.id, ReleasePage.kind != "skip")
    asked = sa.select(sa.func.count()).where(mine, ReleasePage.finished.is_(False))
    return session.scalar(asked) or 0


def _pages(session: Session, release: Release) -> int:
    mine = ReleasePage.release_id == release.id
    return session.scalar(sa.select(sa.func.count()).select_from(ReleasePage).where(mine)) or 0


def _text(session: Session, page: ReleasePage) -> str:
    """Return a page's text as the release has it."""
    if page.revision_id:
        return session.get_one(Revision, page.revision_id).text
    return session.get_one(OcrRun, page.run_id).text if page.run_id else ""


def _beside(session: Session, page: ReleasePage, number: int, *, forward: bool) -> int | None:
    """Return the number of the page before or after one, or None at an end."""
    row, mine = ReleasePage.number, ReleasePage.release_id == page.release_id
    if forward:
        return session.scalar(sa.select(sa.func.min(row)).where(mine, row > number))
    return session.scalar(sa.select(sa.func.max(row)).where(mine, row < number))


def _role(code: str) -> str:
    """Return what a person did, by the code of the MARC relators."""
    known = {
        "trl": _("Translator"),
        "ill": _("Illustrator"),
        "edt": _("Editor"),
        "aui": _("Author of the introduction"),
        "ann": _("Annotator"),
        "com": _("Compiler"),
        "cov": _("Cover designer"),
        "ctb": _("Contributor"),
        "egr": _("Engraver"),
        "art": _("Artist"),
        "pht": _("Photographer"),
    }
    return known.get(code, code)
