"""The contents, landmarks and page list of an EPUB, and the NCX that old readers want."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from exports.book import PageBreak
from exports.xhtml import document, legal, page_label

ASIDE, PART = 0, 1


@dataclass(slots=True)
class Entry:
    """One line of the contents; level 0 stands beside the parts, 1 is a part, more is under one."""

    title: str
    href: str
    level: int
    under: list["Entry"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PageEntry:
    """Where a printed page begins."""

    mark: PageBreak
    href: str


def nest(entries: Iterable[Entry]) -> list[Entry]:
    """Put chapters under the part before them."""
    top: list[Entry] = []
    part: Entry | None = None
    for entry in entries:
        if entry.level > PART and part is not None:
            part.under.append(entry)
        else:
            top.append(entry)
            part = entry if entry.level == PART else None
    return top


def nav(
    entries: Sequence[Entry],
    landmarks: Sequence[tuple[str, str, str]],
    pages: Sequence[PageEntry],
    language: str,
    title: str = "Contents",
) -> bytes:
    """Give the navigation document; landmarks are (epub:type, href, title)."""
    marks = "".join(
        f'<li><a epub:type="{kind}" href="{href}">{escape(name, quote=False)}</a></li>\n'
        for kind, href, name in landmarks
    )
    numbers = "".join(
        f'<li><a href="{page.href}">{escape(page_label(page.mark), quote=False)}</a></li>\n'
        for page in pages
    )
    body = (
        f'<nav epub:type="toc" id="toc" role="doc-toc" aria-labelledby="toc-h">\n'
        f'<h1 id="toc-h">{escape(title, quote=False)}</h1>\n{contents_list(entries)}</nav>\n'
        f'<nav epub:type="landmarks" id="landmarks" hidden="hidden" aria-label="Landmarks">\n'
        f"<ol>\n{marks}</ol>\n</nav>\n"
    )
    if pages:
        body += (
            '<nav epub:type="page-list" id="pages" role="doc-pagelist" hidden="hidden"'
            f' aria-label="Pages">\n<ol>\n{numbers}</ol>\n</nav>\n'
        )
    return document(title, language, body, "frontmatter")


def contents_list(entries: Sequence[Entry]) -> str:
    """Give the contents as an ordered list of links, chapters below their parts."""
    items = []
    for entry in entries:
        under = "\n" + contents_list(entry.under) if entry.under else ""
        link = f'<a href="{entry.href}">{escape(entry.title, quote=False)}</a>'
        items.append(f"<li>{link}{under}</li>\n")
    return f"<ol>\n{''.join(items)}</ol>\n"


def ncx(entries: Sequence[Entry], identifier: str, language: str, title: str) -> bytes:
    """Give the NCX with the same entries as the navigation document."""
    numbers = iter(range(1, 1_000_000))
    depth = 2 if any(entry.under for entry in entries) else 1
    points = "".join(_points(entries, numbers))
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"'
        f' xml:lang="{language}">\n'
        f'<head>\n<meta name="dtb:uid" content="{escape(identifier)}"/>\n'
        f'<meta name="dtb:depth" content="{depth}"/>\n'
        '<meta name="dtb:totalPageCount" content="0"/>\n'
        '<meta name="dtb:maxPageNumber" content="0"/>\n'
        f"</head>\n<docTitle><text>{escape(title, quote=False)}</text></docTitle>\n"
        f"<navMap>\n{points}</navMap>\n</ncx>\n"
    )
    return legal(text).encode()


def _points(entries: Sequence[Entry], numbers: Iterator[int]) -> Iterator[str]:
    for entry in entries:
        number = next(numbers)
        href = entry.href.removeprefix("../")
        yield (
            f'<navPoint id="np{number}" playOrder="{number}"><navLabel><text>'
            f'{escape(entry.title, quote=False)}</text></navLabel><content src="{href}"/>'
        )
        yield from _points(entry.under, numbers)
        yield "</navPoint>\n"
