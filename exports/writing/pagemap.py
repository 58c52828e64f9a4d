"""Printed page to scan to place in the text: where the pages of a book are to be found."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from exports.book import Book, Metadata, PageBreak, page_breaks
from exports.making.lines import section_file
from exports.pages import PageText
from library.durable import replacing


def scan_addresses(pages: Sequence[PageText], metadata: Metadata) -> dict[int, str]:
    """Give by a page's number the public address at which its scan is shown, for good."""
    return {page.number: f"{metadata.project_url}/pages/id:{page.page_id}" for page in pages}


def page_map(
    book: Book, pages: Sequence[PageText], metadata: Metadata, slug: str
) -> dict[str, object]:
    """Give all pages that the book holds, in order, as `pages.json` has them (docs/reading.md)."""
    by_number = {page.number: page for page in pages}
    places = [
        _place(mark, by_number[mark.number], section_file(index), metadata, slug)
        for index, section in enumerate(book.sections)
        for mark in page_breaks(section)
        if mark.number in by_number
    ]
    return {
        "title": metadata.title,
        "identifier": metadata.identifier,
        "release": metadata.release,
        "epub": f"{slug}.epub",
        "html": f"{slug}.html",
        "chapters": f"{slug}-html.zip",
        "pages": places,
    }


def _place(
    mark: PageBreak, page: PageText, file: str, metadata: Metadata, slug: str
) -> Mapping[str, object]:
    """Give one page: its printed label, its scan, and where it begins in each edition."""
    at = f"#pg{mark.number}"
    return {
        "number": mark.number,
        "label": mark.label,
        "scan": f"{metadata.project_url}/pages/id:{page.page_id}",
        "image": f"{metadata.site_url}/api/v1/projects/{slug}/pages/id:{page.page_id}/image",
        "epub": f"EPUB/text/{file}.xhtml{at}",
        "html": at,
        "chapter": f"{file}.html{at}",
        "read": f"{metadata.site_url}/books/{slug}/read/{file}{at}",
    }


def write_page_map(
    book: Book, pages: Sequence[PageText], metadata: Metadata, slug: str, path: Path
) -> None:
    """Write `pages.json`. Raises OSError."""
    content = json.dumps(page_map(book, pages, metadata, slug), ensure_ascii=False, indent=1)
    with replacing(path) as temporary:
        temporary.write_text(content + "\n", encoding="utf-8")
