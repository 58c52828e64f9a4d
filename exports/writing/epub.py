"""Writes a book as EPUB 3.3; the only importer of EbookLib.

EbookLib 0.20 writes the package file and the container from raw items alone; its own XHTML, cover,
navigation and ZIP code damages text or depends on clock and time zone (books.md 2.4). Equal book,
metadata and cover give equal bytes, in any time zone and with any hash seed.
"""

from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from ebooklib import epub as ebooklib
from lxml import etree

from exports.book import Book, Metadata, Picture, page_breaks, pictures
from exports.making.lines import page_files, section_file
from exports.writing import frontispiece
from exports.writing.archives import DatedZip
from exports.writing.description import IDENTIFIER_ID, Statement, describe
from exports.writing.images import encoded
from exports.writing.loi import list_of_illustrations
from exports.writing.navigation import ASIDE, SECTION, Entry, PageEntry, nav, ncx, nest
from exports.writing.xhtml import (
    direction,
    document,
    heading_title,
    headings,
    link_pages,
    section_body,
)
from library.durable import replacing
from library.errors import InvalidError

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CSS = Path(__file__).with_name("book.css")
_XHTML = "application/xhtml+xml"


class BookEmptyError(InvalidError):
    """There is nothing to write."""

    def __init__(self) -> None:
        super().__init__("The book has no text yet; finish at least one page, then build it again.")


class _PictureItem(ebooklib.EpubItem):  # type: ignore[misc]
    """A picture that is read and made small only when it is written: a book may have hundreds."""

    def __init__(self, picture: Picture) -> None:
        href = f"images/{picture.file_name}"
        super().__init__(f"img-{picture.name}", href, picture.media_type)
        self.picture = picture

    def get_content(self, default: bytes = b"") -> bytes:  # noqa: ARG002 - EbookLib's signature
        """Give the image's bytes."""
        return encoded(self.picture)


class _Package(ebooklib.EpubBook):  # type: ignore[misc]
    """A package of finished files: EbookLib's with none of its own metadata, pages and contents."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.metadata.clear()
        self.IDENTIFIER_ID = IDENTIFIER_ID
        self.language = language
        self.direction = "rtl" if direction(language) == "rtl" else None

    def say(self, statement: Statement) -> None:
        """Put one statement into the metadata."""
        vocabulary = "DC" if statement.dublin else None
        self.add_metadata(vocabulary, statement.name, statement.value, statement.attributes)

    def page(self, name: str, content: bytes, *properties: str) -> None:
        """Append a page of the book; what is not well-formed is never written."""
        etree.fromstring(content)
        self.spine.append(f"page-{name}")
        self.add(f"page-{name}", f"text/{name}.xhtml", _XHTML, content, *properties)

    def add(self, uid: str, href: str, media_type: str, content: bytes, *properties: str) -> None:
        """Add a file to the manifest."""
        item = ebooklib.EpubItem(uid=uid, file_name=href, media_type=media_type, content=content)
        item.properties = list(properties)
        self.add_item(item)


class _Writer(ebooklib.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer with a package element of ours, and a ZIP that no clock changes."""

    def _write_opf_file(self, root: Any) -> None:  # noqa: ANN401 - EbookLib's hook, lxml element
        language = self.book.language
        root.attrib.pop("prefix", None)
        root.set(_XML_LANG, language)
        root.set("dir", direction(language))
        super()._write_opf_file(root)

    def write(self) -> None:
        """Write the file; mimetype first and stored, as the container format demands."""
        self.out = DatedZip(self.file_name, self.options["mtime"])
        with self.out:
            self.out.writestr("mimetype", b"application/epub+zip")
            self._write_container()
            self._write_opf()
            self._write_items()


def write_epub(book: Book, metadata: Metadata, cover_jpeg: bytes, path: Path) -> None:
    """Write the book to `path`, replacing what was there only when all is written.

    `cover_jpeg` is the cover's image, at least 1000 px wide. Raises BookEmptyError for a book
    without sections, PictureUnreadableError for a broken picture, OSError when the file can't be
    written.
    """
    if not book.sections:
        raise BookEmptyError
    package = _package(book, metadata, cover_jpeg)
    options = {"mtime": metadata.released_at.astimezone(UTC), "raise_exceptions": True}
    with replacing(path) as temporary:
        _Writer(str(temporary), package, options).write()


def _package(book: Book, metadata: Metadata, cover_jpeg: bytes) -> _Package:
    package = _Package(book.language)
    for statement in describe(book, metadata):
        package.say(statement)
    names = [section_file(index) for index in range(len(book.sections))]
    entries, pages = _contents(book, names, metadata)
    language = book.language
    package.page("cover", document("Cover", language, frontispiece.cover_page(metadata), ""))
    title = frontispiece.title_page(metadata)
    package.page("title", document(metadata.title, language, title, "frontmatter"))
    marks, shown = _landmarks(book, names), list_of_illustrations(book, names)
    contents = nav(nest(entries), marks, pages, language, illustrations=shown)
    package.page("nav", contents, "nav")
    files = page_files(book)
    for name, section in zip(names, book.sections, strict=True):
        body = link_pages(section_body(section, name), name, files)
        package.page(name, document(section.title, language, body, f"{section.matter}matter"))
    colophon = frontispiece.colophon(metadata)
    package.page("colophon", document("Colophon", language, colophon, "backmatter"))
    points = ncx(nest(_from_root(entries)), metadata.identifier, language, metadata.title)
    package.add("ncx", "toc.ncx", "application/x-dtbncx+xml", points)
    package.add("css", "css/book.css", "text/css", _CSS.read_bytes())
    package.add("cover-image", "images/cover.jpg", "image/jpeg", cover_jpeg, "cover-image")
    for picture in pictures(book):
        package.add_item(_PictureItem(picture))
    return package


def _from_root(entries: Iterable[Entry]) -> list[Entry]:
    """Give the entries with addresses seen from the package's folder."""
    return [Entry(entry.title, f"text/{entry.href}", entry.level) for entry in entries]


def _contents(
    book: Book, names: list[str], metadata: Metadata
) -> tuple[list[Entry], list[PageEntry]]:
    entries = [Entry(metadata.title, "title.xhtml", ASIDE), Entry("Contents", "nav.xhtml", ASIDE)]
    pages = []
    for name, section in zip(names, book.sections, strict=True):
        level = section.level if section.matter == "body" else ASIDE
        entries.append(Entry(section.title, f"{name}.xhtml", level))
        below = [(key, each) for key, each in headings(section, name) if each.level >= SECTION]
        entries += [
            Entry(heading_title(each), f"{name}.xhtml#{key}", each.level) for key, each in below
        ]
        pages += [PageEntry(mark, f"{name}.xhtml#pg{mark.number}") for mark in page_breaks(section)]
    entries.append(Entry("Colophon", "colophon.xhtml", ASIDE))
    return entries, pages


def _landmarks(book: Book, names: list[str]) -> list[tuple[str, str, str]]:
    marks = [
        ("cover", "cover.xhtml", "Cover"),
        ("titlepage", "title.xhtml", "Title page"),
        ("toc", "nav.xhtml#toc", "Contents"),
    ]
    located = list(zip(names, book.sections, strict=True))
    body = next((found for found in located if found[1].matter == "body"), located[0])
    marks.append(("bodymatter", f"{body[0]}.xhtml", "Start of the text"))
    index = next((name for name, section in located if section.kind == "index"), None)
    if index:
        marks.append(("index", f"{index}.xhtml", "Index"))
    return [*marks, ("colophon", "colophon.xhtml", "Colophon")]
