"""Writes a book as HTML: one page that holds all of it, and a ZIP with a file a chapter.

Both are made of the same fragments as the EPUB. Every line of page text is a span with the id
`p{page}l{line}`; printed page numbers stand in the margin and lead to their scans. Equal books give
equal bytes.
"""

import json
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from html import escape
from itertools import zip_longest
from pathlib import Path

from exports.book import Book, Metadata
from exports.making.lines import page_files, section_file
from exports.writing import frontispiece
from exports.writing.archives import DatedZip
from exports.writing.description import accessibility_summary
from exports.writing.navigation import ASIDE, SECTION, Entry, contents_list, nest
from exports.writing.weblines import Addresses, WebFragments
from exports.writing.xhtml import (
    direction,
    heading_title,
    headings,
    legal,
    link_pages,
    section_body,
)
from library.durable import replacing

_HERE = Path(__file__).parent
#: The EPUB's style sheet, which sets the book, and that of its web editions, which set the page.
STYLES = (_HERE / "book.css", _HERE / "web.css")
IMAGES = "EPUB/images/"
TITLE, COLOPHON = "title", "colophon"
_ENGLISH = 'lang="en" dir="ltr"'
_MARGIN = (
    "The numbers in the margin are the pages of the printed book; each leads to the scan of its"
    " page."
)


def write_html(
    book: Book, metadata: Metadata, scans: Mapping[int, str], epub: Path, path: Path
) -> None:
    """Write the whole book as one HTML file that needs no other: styles and pictures are in it.

    `scans` gives by a page's number the address at which its scan is shown; pictures are taken from
    the finished `epub`. Raises OSError, and zipfile.BadZipFile for no EPUB.
    """
    with zipfile.ZipFile(epub) as pictures, replacing(path) as temporary:

        def data(name: str) -> str:
            kind = "png" if name.endswith(".png") else "jpeg"
            return f"data:image/{kind};base64,{b64encode(pictures.read(IMAGES + name)).decode()}"

        with temporary.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(legal(part) for part in _one_page(book, metadata, scans, data))


def _one_page(
    book: Book, metadata: Metadata, scans: Mapping[int, str], picture: Callable[[str], str]
) -> Iterator[str]:
    fragments = WebFragments(Addresses(scans, lambda name, within: within or f"#{name}", picture))
    style = "".join(sheet.read_text(encoding="utf-8") for sheet in STYLES)
    yield _head(metadata.title, metadata, book.language, f"<style>\n{style}</style>")
    yield '<a class="skip" href="#text" lang="en">Skip to the text</a>\n<header>\n'
    yield fragments.html(frontispiece.cover_page(metadata)) + "\n"
    yield fragments.html(frontispiece.title_page(metadata)) + "\n</header>\n"
    yield _contents(_in_full(book), lambda name, within: within or f"#{name}")
    yield '<main id="text">\n'
    for body in _bodies(book):
        yield fragments.html(body) + "\n"
    yield "</main>\n<footer>\n" + fragments.html(frontispiece.colophon(metadata)) + "\n"
    yield f"{_about(book, scans)}</footer>\n</body>\n</html>\n"


def write_chapters(
    book: Book, metadata: Metadata, scans: Mapping[int, str], epub: Path, path: Path
) -> None:
    """Write the ZIP of the book in chapters.

    In it lie `index.html` (title page and contents), a file a section named as in the EPUB,
    `colophon.html`, the style sheets, `images/` and `contents.json`: the files in their order as
    `{"file", "at": a heading's id in it or "", "title", "level": 0 beside the parts, 1 part,
    2 chapter, 3 section}`. Arguments and errors are those of `write_html`.
    """
    with (
        zipfile.ZipFile(epub) as pictures,
        replacing(path) as temporary,
        DatedZip(str(temporary), metadata.released_at) as made,
    ):
        for name, page in _chapters(book, metadata, scans):
            made.writestr(f"{name}.html", legal(page).encode())
        made.writestr("contents.json", _contents_json(book))
        for sheet in STYLES:
            made.writestr(sheet.name, sheet.read_bytes())
        for name in sorted(n for n in pictures.namelist() if n.startswith(IMAGES)):
            made.writestr(f"images/{name.removeprefix(IMAGES)}", pictures.read(name))


def _chapters(
    book: Book, metadata: Metadata, scans: Mapping[int, str]
) -> Iterator[tuple[str, str]]:
    addresses = Addresses(
        scans, lambda name, within: f"{name}.html{within}", lambda name: f"images/{name}"
    )
    fragments = WebFragments(addresses)
    listed = entries(book)
    title = frontispiece.cover_page(metadata) + "\n" + frontispiece.title_page(metadata)
    contents = _contents(_in_full(book), addresses.file)
    first = f"<main>\n{fragments.html(title)}\n{contents}</main>\n"
    yield "index", _page(metadata.title, metadata, book, first)
    colophon = f"{frontispiece.colophon(metadata)}\n{_about(book, scans)}"
    name = escape(metadata.title, quote=False)
    head = f'<header class="running"><h1><a href="index.html">{name}</a></h1></header>\n'
    before = [Entry(metadata.title, "index", ASIDE), *listed[:-1]]
    after = [*listed[1:], None]
    for entry, body, previous, following in zip(
        listed, [*_bodies(book), colophon], before, after, strict=True
    ):
        ways = _ways(previous, following)
        inside = f"{head}{ways}<main>\n{fragments.html(body)}\n</main>\n{ways}"
        yield entry.href, _page(f"{entry.title}, {metadata.title}", metadata, book, inside)


def _bodies(book: Book) -> Iterator[str]:
    files = page_files(book)
    for index, section in enumerate(book.sections):
        name = section_file(index)
        yield link_pages(section_body(section, name, lines=True), name, files)


def entries(book: Book) -> list[Entry]:
    """Give the contents of a web edition; `href` is the section's file without its ending."""
    listed = [
        Entry(section.title, section_file(index), section.level if section.matter == "body" else 0)
        for index, section in enumerate(book.sections)
    ]
    return [*listed, Entry("Colophon", COLOPHON, ASIDE)]


def _in_full(book: Book) -> list[Entry]:
    """Give the contents with the headings below a section's own: `href` is a file and its `#id`."""
    listed: list[Entry] = []
    for entry, section in zip_longest(entries(book), book.sections):
        listed.append(entry)
        below = headings(section, entry.href) if section else []
        listed += [
            Entry(heading_title(each), f"{entry.href}#{key}", each.level)
            for key, each in below
            if each.level >= SECTION
        ]
    return listed


def _contents_json(book: Book) -> bytes:
    listed = [
        {"file": file, "at": at, "title": entry.title, "level": entry.level}
        for entry in _in_full(book)
        for file, _, at in (entry.href.partition("#"),)
    ]
    return json.dumps(listed, ensure_ascii=False, indent=1).encode()


def _contents(listed: Iterable[Entry], address: Callable[[str, str], str]) -> str:
    linked = [
        Entry(entry.title, address(name, mark + at), entry.level)
        for entry in listed
        for name, mark, at in (entry.href.partition("#"),)
    ]
    return (
        '<nav id="contents" role="doc-toc" aria-labelledby="contents-h">\n'
        f'<h2 id="contents-h" lang="en">Contents</h2>\n{contents_list(nest(linked))}</nav>\n'
    )


def _ways(before: Entry, after: Entry | None) -> str:
    """Give the links to the chapter before and the next, and to the contents."""
    links = [
        f'<a rel="prev" href="{before.href}.html">{escape(before.title, quote=False)}</a>',
        '<a href="index.html#contents" lang="en">Contents</a>',
    ]
    if after:
        title = escape(after.title, quote=False)
        links.append(f'<a rel="next" href="{after.href}.html">{title}</a>')
    inside = "\n".join(links)
    return f'<nav class="ways" aria-label="Chapters">\n{inside}\n</nav>\n'


def _about(book: Book, scans: Mapping[int, str]) -> str:
    """Say what the edition offers to those who can't read print, and what its margin shows."""
    sentences: Sequence[str] = (accessibility_summary(book), _MARGIN if scans else "")
    inside = "".join(f"<p>{sentence}</p>\n" for sentence in sentences if sentence)
    return (
        f'<section id="accessibility" class="colophon" {_ENGLISH} aria-labelledby="access-h">\n'
        f'<h2 id="access-h">Accessibility</h2>\n{inside}</section>\n'
    )


def _page(title: str, metadata: Metadata, book: Book, inside: str) -> str:
    sheets = "\n".join(f'<link rel="stylesheet" href="{sheet.name}">' for sheet in STYLES)
    return f"{_head(title, metadata, book.language, sheets)}{inside}</body>\n</html>\n"


def _head(title: str, metadata: Metadata, language: str, styles: str) -> str:
    authors = escape(", ".join(metadata.authors))
    released = f"{metadata.released_at.astimezone(UTC):%Y-%m-%d}"
    about = f'<meta name="description" content="{escape(metadata.description)}">\n'
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction(language)}">\n<head>\n'
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title, quote=False)}</title>\n"
        f'<meta name="author" content="{authors}">\n'
        f'<meta name="date" content="{released}">\n{about if metadata.description else ""}'
        f'<link rel="license" href="{escape(metadata.rights_url)}">\n'
        f"{styles}\n</head>\n<body>\n"
    )
