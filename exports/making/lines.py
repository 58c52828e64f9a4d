"""The lines of page text in a finished book: where each stands, and what it says there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from exports.book import Book, Inlines, LineStart, flatten, page_breaks, runs

_MIDWORD = re.compile("[^\\s\u2014\u2e3a]\\Z")
_HEAD = re.compile("(?![\u2014\u2e3a])\\S+\\s*")


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line as the book gives it: curly quotes, dashes, whole words.

    `section` is the index of its section from 0, whose file is `section_file(section)` in the EPUB
    and the web edition. `page` is the scan's number, `line` that of the line in its text, from 1.
    """

    section: int
    page: int
    line: int
    text: str

    @property
    def id(self) -> str:
        """The line's id in web editions, such as `p12l7`."""
        return line_id(self.page, self.line)


def line_id(page: int, line: int) -> str:
    """Give the id that a line has in web editions, such as `p12l7`."""
    return f"p{page}l{line}"


def section_file(section: int) -> str:
    """Give the name, without ending, of the file that holds the section of this index (from 0)."""
    return f"s{section + 1:03d}"


def page_files(book: Book) -> dict[int, str]:
    """Give the file, without ending, in which each page begins, by the number of its scan."""
    return {
        mark.number: section_file(index)
        for index, section in enumerate(book.sections)
        for mark in page_breaks(section)
    }


def lines_of(book: Book) -> Iterator[BookLine]:
    """Give the lines of the book's text in reading order, notes at the end of their section.

    A word broken over two lines belongs to the first; a line with nothing else is left out. Where a
    note or caption begins or ends within a line, each gives its own part of it.
    """
    for index, section in enumerate(book.sections):
        for block in (*section.blocks, *section.notes):
            for run in runs(block):
                for start, text in _whole(_parts(run)):
                    yield BookLine(index, start.page, start.line, text)


def _parts(run: Inlines) -> Iterator[tuple[LineStart, str]]:
    """Give a run's lines as printed, words broken."""
    start: LineStart | None = None
    text = ""
    for item in flatten(run):
        if isinstance(item, str):
            text += item
        elif isinstance(item, LineStart):
            if start:
                yield start, text
            start, text = item, ""
    if start:
        yield start, text


def _whole(parts: Iterator[tuple[LineStart, str]]) -> Iterator[tuple[LineStart, str]]:
    """Give the lines with each broken word in the first of them; none is empty."""
    start, line = next(parts, (None, ""))
    for following, part in parts:
        rest = part
        if _MIDWORD.search(line) and (match := _HEAD.match(part)):
            line += match[0]
            rest = part[match.end() :]
        if start and line.strip() and rest.strip():
            yield start, line.strip()
        if rest.strip() or not line.strip():
            start, line = following, rest
    if start and line.strip():
        yield start, line.strip()
