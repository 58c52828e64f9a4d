"""The list of illustrations, which only the pictures that say something are in."""

from collections.abc import Iterator, Sequence
from textwrap import shorten

from exports.book import Book, illustrations
from exports.writing.navigation import ASIDE, Entry
from exports.writing.xhtml import caption_text, figure_name

#: Fewer pictures than this are not listed.
ENOUGH = 3
_LONGEST = 80


def list_of_illustrations(book: Book, names: Sequence[str]) -> list[Entry]:
    """List the pictures of a book by their captions, or by what they show; a few are not listed.

    `names` are the files of the book's sections, without their ending.
    """
    entries = list(_entries(book, names))
    return entries if len(entries) >= ENOUGH else []


def _entries(book: Book, names: Sequence[str]) -> Iterator[Entry]:
    for name, section in zip(names, book.sections, strict=True):
        for block in illustrations(section):
            title = shorten(caption_text(block) or block.alt, _LONGEST, placeholder="\u2026")
            if block.picture and not block.decorative and title:
                yield Entry(title, f"{name}.xhtml#{figure_name(block.picture)}", ASIDE)
