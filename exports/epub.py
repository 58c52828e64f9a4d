"""Writes a book as EPUB 3.3; the only importer of EbookLib.

EbookLib 0.20 writes the package file and the container from raw items alone; its own XHTML, cover,
navigation and ZIP code damages text or depends on clock and time zone (books.md 2.4). Equal book,
metadata and cover give equal bytes, in any time zone and with any hash seed.
"""

import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ebooklib import epub as ebooklib
from lxml import etree

from exports import frontispiece
from exports.book import (
    Book,
    Heading,
    Illustration,
    Metadata,
    Section,
    children,
    page_breaks,
    pictures,
)
from exports.durable import replacing
from exports.images import figure_jpeg
from exports.navigation import Entry, PageEntry, nav, ncx, nest
from exports.xhtml import caption_text, direction, document, image_name, section_body

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_CSS = Path(__file__).with_name("book.css")
_XHTML = "application/xhtml+xml"
_FIRST_YEAR = 1980  # the earliest that a ZIP entry can carry


class BookEmptyError(ValueError):
    """There is nothing to write."""

    def __init__(self) -> None:
        super().__init__("The book has no text yet; finish at least one page, then build it again.")


class _DatedZip(zipfile.ZipFile):
    """A ZIP whose entries carry the release's time, not the clock's, and portable attributes."""

    def __init__(self, path: str, moment: datetime) -> None:
        super().__init__(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
        at = max(moment.astimezone(UTC), datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC))
        self._date = (at.year, at.month, at.day, at.hour, at.minute, at.second)

    def writestr(self, name: Any, data: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, ARG002 - the signature of zipfile
        """Write one entry; the compression is chosen by its name."""
        filename = name.filename if isinstance(name, zipfile.ZipInfo) else name
        info = zipfile.ZipInfo(filename, self._date)
        info.create_system = 3
        info.external_attr = 0o100644 << 16
        stored = filename == "mimetype" or filename.endswith((".jpg", ".png"))
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        super().writestr(info, data, compresslevel=None if stored else 9)


class _Writer(ebooklib.EpubWriter):  # type: ignore[misc]
    """EbookLib's writer with a package element of ours and a ZIP that doesn't depend on the clock."""

    def _write_opf_file(self, root: Any) -> None:  # noqa: ANN401 - EbookLib's hook, lxml element
        language = self.book.language
        root.attrib.pop("prefix", None)
        root.set(_XML_LANG, language)
        root.set("dir", direction(language))
        super()._write_opf_file(root)

    def write(self) -> None:
        """Write the file; mimetype first and stored, as the container format demands."""
        self.out = _DatedZip(self.file_name, self.options["mtime"])
        with self.out:
            self.out.writestr("mimetype", b"application/epub+zip")
            self._write_container()
            self._write_opf()
            self._write_items()


def write_epub(book: Book, metadata: Metadata, cover_jpeg: bytes, path: Path) -> None:
    """Write the book to `path`, replacing what was there only when all is written.

    `cover_jpeg` is the cover's image, at least 1000 px wide. Raises BookEmptyError for a book
    without sections, OSError when the file or a picture can't be read or written.
    """
    if not book.sections:
        raise BookEmptyError
    package = _package(book, metadata, cover_jpeg)
    options = {"mtime": metadata.released_at.astimezone(UTC), "raise_exceptions": True}
    with replacing(path) as temporary:
        _Writer(str(temporary), package, options).write()


def _package(book: Book, metadata: Metadata, cover_jpeg: bytes) -> Any:  # noqa: ANN401 - EbookLib has no types
    package = ebooklib.EpubBook()
    package.metadata.clear()
    package.IDENTIFIER_ID = "pub-id"
    package.language = book.language
    package.direction = "rtl" if direction(book.language) == "rtl" else None
    names = [f"s{number:03d}" for number in range(1, len(book.sections) + 1)]
    entries, pages = _contents(book, names, metadata)
    if not pages:
        metadata_pages = "none"
    else:
        metadata_pages = frontispiece.source_sentence(metadata)
    _describe(package, book, metadata, metadata_pages)
    language = book.language
    spine = [
        _item(
            package,
            "cover",
            "text/cover.xhtml",
            _XHTML,
            document("Cover", language, frontispiece.cover_page(metadata), ""),
        ),
        _item(
            package,
            "title-page",
            "text/title.xhtml",
            _XHTML,
            document(metadata.title, language, frontispiece.title_page(metadata), "frontmatter"),
        ),
        _item(
            package,
            "nav",
            "text/nav.xhtml",
            _XHTML,
            nav(nest(entries), _landmarks(book, names), pages, language, "Contents"),
            "nav",
        ),
    ]
    for name, section in zip(names, book.sections, strict=True):
        text = document(
            section.title, language, section_body(section, name), f"{section.matter}matter"
        )
        spine.append(_item(package, name, f"text/{name}.xhtml", _XHTML, text))
    spine.append(
        _item(
            package,
            "colophon",
            "text/colophon.xhtml",
            _XHTML,
            document("Colophon", language, frontispiece.colophon(metadata), "backmatter"),
        )
    )
    _item(
        package,
        "ncx",
        "toc.ncx",
        "application/x-dtbncx+xml",
        ncx(nest(_from_root(entries)), metadata.identifier, language, metadata.title),
    )
    _item(package, "css", "css/book.css", "text/css", _CSS.read_bytes())
    _item(package, "cover-image", "images/cover.jpg", "image/jpeg", cover_jpeg, "cover-image")
    for picture in pictures(book):
        _item(
            package,
            f"img-{picture.name}",
            f"images/{image_name(picture.name)}",
            "image/jpeg",
            figure_jpeg(picture.source),
        )
    package.spine = spine
    return package


def _from_root(entries: Iterable[Entry]) -> list[Entry]:
    """Give the entries with addresses seen from the package's folder."""
    return [Entry(entry.title, f"text/{entry.href}", entry.level) for entry in entries]


def _item(
    package: Any, name: str, href: str, media_type: str, content: bytes, *properties: str
) -> Any:  # noqa: ANN401, PLR0913 - EbookLib has no types; one manifest entry has six parts
    if media_type == _XHTML:
        etree.fromstring(content)  # never write what is not well-formed
    item = ebooklib.EpubItem(uid=name, file_name=href, media_type=media_type, content=content)
    item.properties = list(properties)
    package.add_item(item)
    return item


def _contents(
    book: Book, names: list[str], metadata: Metadata
) -> tuple[list[Entry], list[PageEntry]]:
    entries = [Entry(metadata.title, "title.xhtml", 1), Entry("Contents", "nav.xhtml", 1)]
    pages = []
    for name, section in zip(names, book.sections, strict=True):
        level = section.level if section.matter == "body" else 1
        entries.append(Entry(section.title, f"{name}.xhtml", level))
        pages += [PageEntry(mark, f"{name}.xhtml#pg{mark.number}") for mark in page_breaks(section)]
    entries.append(Entry("Colophon", "colophon.xhtml", 1))
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


def _describe(package: Any, book: Book, metadata: Metadata, page_source: str) -> None:  # noqa: ANN401 - EbookLib has no types
    """Put the metadata into the package (books.md 2.1)."""
    dc, opf = "DC", None
    package.add_metadata(dc, "identifier", metadata.identifier, {"id": "pub-id"})
    package.uid = metadata.identifier
    package.add_metadata(dc, "title", metadata.title, {"id": "title"})
    _refine(package, "title", "title-type", "main")
    _refine(package, "title", "file-as", _title_as_filed(metadata.title))
    if metadata.subtitle:
        package.add_metadata(dc, "title", metadata.subtitle, {"id": "subtitle"})
        _refine(package, "subtitle", "title-type", "subtitle")
    _contributors(package, metadata)
    for language in metadata.languages or (book.language,):
        package.add_metadata(dc, "language", language)
    package.add_metadata(dc, "publisher", metadata.site_name)
    package.add_metadata(dc, "date", f"{metadata.released_at.astimezone(UTC):%Y-%m-%d}")
    package.add_metadata(dc, "description", metadata.description or _described(metadata))
    for subject in metadata.subjects:
        package.add_metadata(dc, "subject", subject)
    package.add_metadata(dc, "source", metadata.source_url or metadata.project_url)
    if metadata.imprint:
        package.add_metadata(dc, "source", metadata.imprint)
    package.add_metadata(dc, "rights", frontispiece.rights(metadata))
    if metadata.rights_url:
        package.add_metadata(
            opf, "link", "", {"rel": "dcterms:rights", "href": metadata.rights_url}
        )
    _accessibility(package, book, page_source)
    package.add_metadata(opf, "meta", "", {"name": "cover", "content": "cover-image"})


def _described(metadata: Metadata) -> str:
    return f"{metadata.title} by {', '.join(metadata.authors)}, from the scans of the printed book."


def _contributors(package: Any, metadata: Metadata) -> None:  # noqa: ANN401 - EbookLib has no types
    creators = [c for c in metadata.contributors if c.role == "aut" and c.name]
    others = [c for c in metadata.contributors if c.role != "aut" and c.name]
    named = [("creator", c.name, c.role, c.file_as or filed(c.name)) for c in creators]
    named = named or [("creator", "Anonymous", "aut", "Anonymous")]
    named += [("contributor", c.name, c.role, c.file_as or filed(c.name)) for c in others]
    named.append(("contributor", f"Volunteers of {metadata.site_name}", "trc", metadata.site_name))
    for number, (element, name, role, file_as) in enumerate(dict.fromkeys(named), start=1):
        who = f"person-{number}"
        package.add_metadata("DC", element, name, {"id": who})
        _refine(package, who, "role", role, scheme="marc:relators")
        _refine(package, who, "file-as", file_as)


def filed(name: str) -> str:
    """Give a name as catalogues sort it: the last word first, if there are several."""
    first, _, last = name.strip().rpartition(" ")
    return f"{last}, {first}" if first and "," not in name else name


def _title_as_filed(title: str) -> str:
    article, _, rest = title.partition(" ")
    return f"{rest}, {article}" if rest and article.lower() in {"the", "a", "an"} else title


def _refine(package: Any, target: str, name: str, value: str, **more: str) -> None:  # noqa: ANN401 - EbookLib has no types
    attributes = {"refines": f"#{target}", "property": name, **more}
    package.add_metadata(None, "meta", value, attributes)


def _accessibility(package: Any, book: Book, page_source: str) -> None:  # noqa: ANN401 - EbookLib has no types
    """Claim only what is true of this book (W3C EPUB Accessibility 1.1)."""
    figures = [f for s in book.sections for f in _figures(s)]
    described = all(f.alt or caption_text(f) for f in figures)
    features = [
        "tableOfContents",
        "structuralNavigation",
        "readingOrder",
        "displayTransformability",
        "unlocked",
    ]
    if described:
        features.append("alternativeText")
    paged = any(True for section in book.sections for _ in page_breaks(section))
    if paged:
        features += ["pageBreakMarkers", "pageNavigation"]
    claims = [("schema:accessMode", "textual")]
    claims += [("schema:accessMode", "visual")] if figures else []
    if described:
        claims.append(("schema:accessModeSufficient", "textual"))
    else:
        claims.append(("schema:accessModeSufficient", "textual,visual"))
    claims += [("schema:accessibilityFeature", feature) for feature in features]
    claims.append(("schema:accessibilityHazard", "none"))
    claims.append(
        ("schema:accessibilitySummary", _summary(figures=bool(figures), described=described))
    )
    if paged:
        claims.append(("pageBreakSource", page_source))
    for name, value in claims:
        package.add_metadata(None, "meta", value, {"property": name})


def _summary(*, figures: bool, described: bool) -> str:
    text = "Reflowable text with headings, contents and the page numbers of the printed book."
    if not figures:
        return f"{text} The book has no pictures besides its cover."
    return f"{text} {'All pictures are described.' if described else 'Some pictures lack a description.'}"


def _figures(section: Section) -> list[Illustration]:
    found: list[Illustration] = []
    stack = [*section.blocks, *section.notes]
    while stack:
        block = stack.pop()
        if isinstance(block, Illustration) and block.picture:
            found.append(block)
        if not isinstance(block, Heading):
            stack.extend(children(block))
    return found
