"""The contents, landmarks and page list of an EPUB, and the NCX that old readers want."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from exports.book import PageBreak
from exports.writing.xhtml import document, legal, page_label

ASIDE, PART, CHAPTER, SECTION = 0, 1, 2, 3


@dataclass(slots=True)
class Entry:
    """One line of the contents: level 1 a part, 2 a chapter, 3 a section; 0 stands beside parts."""

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
    """Put chapters under the part before them, and sections under their chapter."""
    top: list[Entry] = []
    above: list[Entry] = []
    for entry in entries:
        while above and not _holds(above[-1], entry):
            above.pop()
        (above[-1].under if above else top).append(entry)
        above.append(entry)
    return top


def _holds(above: Entry, entry: Entry) -> bool:
    least = SECTION if above.level == ASIDE else above.level + 1
    return entry.level >= least


def nav(
    entries: Sequence[Entry],
    landmarks: Sequence[tuple[str, str, str]],
    pages: Sequence[PageEntry],
    language: str,
    title: str = "Contents",
    illustrations: Sequence[Entry] = (),
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
    if illustrations:
        shown = "".join(
            f'<li><a href="{each.href}">{escape(each.title, quote=False)}</a></li>\n'
            for each in illustrations
        )
        body += (
            '<nav epub:type="loi" id="loi" aria-labelledby="loi-h">\n'
            f'<h2 id="loi-h">Illustrations</h2>\n<ol>\n{shown}</ol>\n</nav>\n'
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
    depth = _depth(entries)
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


def _depth(entries: Sequence[Entry]) -> int:
    return max((1 + _depth(entry.under) for entry in entries), default=0)


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
