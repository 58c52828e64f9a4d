"""Reading a book online: its chapters, out of a release's ZIP of web pages, in Galley's own page.

Whoever has a folder of built files, a release's or a preview's, makes a `Reading` of it and gives
`show_contents`, `show_chapter`, `send_part` or `go_to` as the answer.
"""

import json
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from markupsafe import Markup
from werkzeug.wrappers import Response as ResponseBase

from exports.book import Metadata
from exports.releasing import releases, sources
from exports.writing.xhtml import direction
from library import projects
from library.errors import NotFoundError
from web import place
from web.present import Json

bp = Blueprint("reader", __name__)

_MAIN = re.compile(r"<main>\n(.*)\n</main>", re.DOTALL)
_CHAPTER_LINK = re.compile(r'href="(\w+)\.html(?=[#"])')
# The first page that begins, or the first line.
_FIRST = re.compile(r'id="p(?:g(\d+)"|(\d+)l)')
_AT = re.compile(r"pg?(\d{1,7})(?:l\d{1,7})?")
_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".css": "text/css"}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Reading:
    """A book opened for reading.

    `folder` holds the built files, `digest` changes whenever they do. `under` is the address that
    the chapters stand under and ends with a slash; `back` that of the book's page; `report` that of
    the form for errors, or "". A preview is release 0 of its metadata.
    """

    slug: str
    folder: Path
    digest: str
    metadata: Metadata
    under: str
    back: str
    report: str = ""

    @property
    def chapters(self) -> Path:
        """The ZIP that the chapters are read from."""
        return self.folder / f"{self.slug}-html.zip"

    @property
    def facts(self) -> Json:
        """What the template says of the book."""
        said = self.metadata
        return {
            "slug": self.slug,
            "title": said.title,
            "subtitle": said.subtitle,
            "author": ", ".join(said.authors),
            "imprint": said.imprint,
            "language": said.language,
            "direction": direction(said.language),
            "release": said.release,
            "under": self.under,
            "back": self.back,
            "report": self.report,
            "style": f"{self.under}book.css?v={self.digest[:16]}",
        }


@bp.get("/books/<slug>/read/")
def contents(slug: str) -> ResponseBase:
    """Show title and contents, or go to the line or page that `?at=` names."""
    reading, at = open_release(slug), request.args.get("at", "")
    return go_to(reading, at) if at else show_contents(reading)


@bp.get("/books/<slug>/read/<chapter>")
def chapter(slug: str, chapter: str) -> Response:
    """Show a chapter of the release that readers get, or its style sheet."""
    reading = open_release(slug)
    return send_part(reading, chapter) if "." in chapter else show_chapter(reading, chapter)


@bp.get("/books/<slug>/read/images/<name>")
def picture(slug: str, name: str) -> Response:
    """Send a picture of the book."""
    return send_part(open_release(slug), f"images/{name}")


def open_release(slug: str) -> Reading:
    """Open the release that readers get; raises NotFoundError where there is none."""
    with place.reads() as session:
        project = projects.find_project(session, slug)
        release = releases.published(session, project)
        if release is None:
            raise NotFoundError(f"{project.title} has not been released yet.")
        return Reading(
            slug=project.slug,
            folder=releases.folder_of(place.settings(), project, release),
            digest=next(
                (file.sha256 for file in release.files if file.name.endswith("-html.zip")), ""
            ),
            metadata=sources.as_metadata(
                release.metadata_, (release.built_at or release.requested_at).date(), release.number
            ),
            under=url_for("reader.contents", slug=project.slug),
            back=url_for("catalog.book", slug=project.slug),
            report=f"{url_for('catalog.book', slug=project.slug)}/report",
        )


def show_contents(reading: Reading) -> Response:
    """Answer with title and contents of a book."""
    listed = _contents(reading)
    return _answer(
        render_template(
            "books/read.html", book=reading.facts, contents=listed, chapter=None, next=listed[0]
        )
    )


def show_chapter(reading: Reading, name: str) -> Response:
    """Answer with one chapter; raises NotFoundError where the book has none of this name."""
    contents = _contents(reading)
    listed = _chapters(contents)
    number = next((n for n, each in enumerate(listed) if each["file"] == name), None)
    if number is None:
        raise NotFoundError(f"{reading.metadata.title} has no such chapter; see its contents.")
    text = _text(reading, name)
    pages = f"{url_for('projects.show', slug=reading.slug)}/pages/"
    scans = escape(f"{reading.metadata.project_url}/pages/")
    html = text.replace(f'href="{scans}', f'href="{pages}')
    return _answer(
        render_template(
            "books/read.html",
            book=reading.facts,
            contents=contents,
            count=len(listed),
            chapter={
                **listed[number],
                "number": number + 1,
                "html": Markup(html),  # noqa: S704 - of exports.html, which escapes
                "before": _page_before(reading, text, pages),
            },
            previous=listed[number - 1] if number else None,
            next=listed[number + 1] if number + 1 < len(listed) else None,
        )
    )


def send_part(reading: Reading, name: str) -> Response:
    """Answer with a picture, or with the style sheet as it is within `.book`."""
    kind = _TYPES.get(name[name.rfind(".") :])
    if kind is None:
        raise NotFoundError(f"{reading.metadata.title} has no {name}.")
    asked = make_response(b"")
    asked.set_etag(f"{reading.digest[:32]}-{name}")
    lasting = request.args.get("v") == reading.digest[:16]
    if asked.make_conditional(request).status_code != 304:  # noqa: PLR2004 - not modified
        data = _part(reading, name)
        asked.set_data(b".book {\n%b}\n" % data if kind == "text/css" else data)
    asked.mimetype = kind
    asked.headers["Cache-Control"] = _FOR_GOOD if lasting else "public, no-cache"
    return asked


def go_to(reading: Reading, at: str) -> ResponseBase:
    """Lead to the chapter in which a line (`p12l7`) or page (`pg12`) stands now."""
    match = _AT.fullmatch(at)
    for file in _files_of(reading, int(match[1])) if match else ():
        if f'id="{at}"' in _text(reading, file):
            return redirect(f"{reading.under}{file}#{at}")
    raise NotFoundError(f"{reading.metadata.title} has no such line any more; see its contents.")


def _answer(page: str) -> Response:
    """Answer with a page that a browser may keep, but asks about each time."""
    answer = make_response(page)
    answer.add_etag()
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def _part(reading: Reading, name: str) -> bytes:
    """Return a file of the ZIP; raises NotFoundError."""
    try:
        with zipfile.ZipFile(reading.chapters) as chapters:
            return chapters.read(name)
    except FileNotFoundError as error:
        raise NotFoundError(
            f"This release of {reading.metadata.title} can't be read online; download it instead."
        ) from error
    except KeyError as error:
        raise NotFoundError(f"{reading.metadata.title} has no {name}.") from error


@lru_cache(maxsize=64)
def _text(reading: Reading, name: str) -> str:
    """Return a chapter as it goes into the page, links to chapters without their endings."""
    match = _MAIN.search(_part(reading, f"{name}.html").decode())
    return _CHAPTER_LINK.sub(r'href="\1', match[1]) if match else ""


def _contents(reading: Reading) -> list[Json]:
    """Return chapters and the headings in them: file, at, title, level, and address."""
    listed: list[Json] = json.loads(_part(reading, "contents.json"))
    return [
        {**each, "address": reading.under + "#".join(filter(None, (each["file"], each["at"])))}
        for each in listed
    ]


def _chapters(contents: list[Json]) -> list[Json]:
    return [each for each in contents if not each["at"]]


def _places(reading: Reading) -> list[Json]:
    """Return the pages of the book, as `pages.json` has them."""
    pages: list[Json] = json.loads((reading.folder / "pages.json").read_bytes())["pages"]
    return pages


def _page_before(reading: Reading, text: str, pages: str) -> Json | None:
    """Return the page on which a chapter begins, where that page began in the chapter before."""
    match = _FIRST.search(text)
    if match is None or match[1]:
        return None
    begun = next((each for each in _places(reading) if each["number"] == int(match[2])), None)
    return begun and {
        "label": begun["label"],
        "scan": pages + begun["scan"].rsplit("/", 1)[-1],
    }


def _files_of(reading: Reading, page: int) -> list[str]:
    """Return the chapters that a page may be in: where it begins, and those that begin on it."""
    files = [each["file"] for each in _chapters(_contents(reading))]
    begins = {each["number"]: each["chapter"].partition(".")[0] for each in _places(reading)}
    if begins.get(page) not in files:
        return []
    later = [file for number, file in begins.items() if number > page and file in files]
    first = files.index(begins[page])
    return files[first : max(first, min(map(files.index, later), default=len(files))) + 1]
