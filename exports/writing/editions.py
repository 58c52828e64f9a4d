"""The files that a book is published as: one writer each, all from the same book."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exports.book import Book
from exports.releasing.sources import Source
from exports.writing.epub import write_epub
from exports.writing.html import write_chapters, write_html
from exports.writing.kobo import write_kobo
from exports.writing.pagemap import scan_addresses, write_page_map
from exports.writing.tei import write_tei
from exports.writing.text import write_text

#: By the end of the file's name.
MEDIA_TYPES = {
    ".epub": "application/epub+zip",
    ".kepub.epub": "application/kepub+zip",
    ".txt": "text/plain",
    ".tei.xml": "application/tei+xml",
    ".html": "text/html",
    "-html.zip": "application/zip",
    ".json": "application/json",
    ".jpg": "image/jpeg",
    ".pdf": "application/pdf",
    "-alto.zip": "application/zip",
}
#: Files that are read again, and compared with the pages, before a release is published.
READ_BACK = (".epub", ".kepub.epub", ".html", ".txt", ".tei.xml")


def ending(name: str) -> str:
    """Return which edition a file of a release is, as the end of its name, e.g. `.kepub.epub`."""
    known = [end for end in MEDIA_TYPES if name.endswith(end)]
    return max(known, key=len, default=name[name.rfind(".") :])


@dataclass(frozen=True)
class Edition:
    """What each writer is given: the book, what it was made from, and the folder to write into."""

    book: Book
    source: Source
    #: JPEG.
    cover: bytes
    folder: Path
    slug: str

    def file(self, suffix: str) -> Path:
        """Return the file with this ending, e.g. `.epub`."""
        return self.folder / f"{self.slug}{suffix}"


def _cover(edition: Edition) -> None:
    (edition.folder / "cover.jpg").write_bytes(edition.cover)


def _epub(edition: Edition) -> None:
    write_epub(edition.book, edition.source.metadata, edition.cover, edition.file(".epub"))


def _kobo(edition: Edition) -> None:
    write_kobo(edition.file(".epub"), edition.file(".kepub.epub"))


def _tei(edition: Edition) -> None:
    metadata = edition.source.metadata
    pages = f"{metadata.site_url}/api/v1/projects/{edition.slug}/pages"
    scans = [(page.number, f"{pages}/id:{page.page_id}/image") for page in edition.source.pages]
    write_tei(edition.book, metadata, scans, edition.file(".tei.xml"))


def _text(edition: Edition) -> None:
    write_text(edition.book, edition.source.metadata, edition.file(".txt"))


def _html(edition: Edition) -> None:
    metadata, epub = edition.source.metadata, edition.file(".epub")
    scans = scan_addresses(edition.source.pages, metadata)
    write_html(edition.book, metadata, scans, epub, edition.file(".html"))
    write_chapters(edition.book, metadata, scans, epub, edition.file("-html.zip"))


def _page_map(edition: Edition) -> None:
    path = edition.folder / "pages.json"
    write_page_map(edition.book, edition.source.pages, edition.source.metadata, edition.slug, path)


WRITERS: tuple[Callable[[Edition], None], ...] = (
    _cover,
    _epub,
    _kobo,
    _text,
    _tei,
    _html,
    _page_map,
)
