"""What assembly is given: the texts of the pages, their scans, and what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

PageKind = Literal["text", "blank", "illustration", "skip"]


@dataclass(frozen=True, slots=True)
class ScanLine:
    """One line that the scan shows: its box in pixels of the page image, and what OCR read."""

    x: int
    y: int
    width: int
    height: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture cut from a page: the image, what it shows (alt), its printed caption.

    Without an image it is not cut out yet. A `decorative` one says nothing; `line_art` is black on
    white and may be shown light on dark. `box` is its place, x, y, width, height in pixels of the
    page image, `size` the width and height it has in the book; zeros where not known. A `bilevel`
    one has no shades, and needs none to be small enough.
    """

    image: Path | bytes | None
    alt: str = ""
    caption: str = ""
    decorative: bool = False
    line_art: bool = False
    box: tuple[int, int, int, int] = (0, 0, 0, 0)
    size: tuple[int, int] = (0, 0)
    bilevel: bool = False


@dataclass(frozen=True, slots=True)
class PageText:
    """One page in reading order.

    `number` counts the scans from 1, `page_id` never changes, `label` is the printed number ("xii",
    "12") or "". `text` is page text as the contract defines it. `lines` are the scan's body lines
    in reading order, without running head and folio. `figures` are the page's pictures in order;
    `image` is the whole page image, used where a page is a plate without figures of its own.
    """

    number: int
    page_id: str
    text: str
    label: str = ""
    kind: PageKind = "text"
    lines: tuple[ScanLine, ...] = ()
    figures: tuple[Figure, ...] = ()
    image: Path | bytes | None = None


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """One entry of the project's contents list: level 1 part, 2 chapter, 3 section.

    `heading` is what the page says, by which its place is found; "" where the title says the same.
    """

    page_id: str
    title: str
    level: int = 2
    heading: str = ""


_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_PAGES: Mapping[str, bool] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided for this book; each wins over every rule.

    `words` maps a word broken at a line end, written with its hyphen and in lower case
    ("to-day"), to its right form ("to-day" or "today"). `new_paragraph` says for a page id
    whether the page begins a paragraph. `contents`, where given, alone makes the headings.
    `quotes` says at a place (as `quotations` names it) whether a mark is `open`, `close` or
    `apostrophe`.
    """

    words: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    new_paragraph: Mapping[str, bool] = field(default_factory=lambda: _NO_PAGES)
    contents: tuple[ContentsEntry, ...] | None = None
    quotes: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
