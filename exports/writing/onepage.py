"""One page's text as it will stand in the book, while it is being typed."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from exports.findings import Finding
from exports.making.assembly import assemble
from exports.pages import Figure, PageText
from exports.writing import xhtml

#: The style sheet that every EPUB carries.
STYLE = Path(__file__).with_name("book.css")
#: Findings that the page alone can't answer: the book, its scans or its coordinator does.
_OF_THE_BOOK = frozenset(
    {
        "alt-is-caption",
        "alt-missing",
        "contents-unfound",
        "heading-proposed",
        "hyphen-dangling",
        "hyphen-unresolved",
        "hyphen-unsure",
        "join-unanswered",
        "note-continues-nothing",
        "note-unfinished",
        "picture-missing",
        "picture-untagged",
        "running-head",
        "seam-unsure",
    }
)
_PAGE_MARK = re.compile(r'<span id="pg\d+"[^>]*></span>\n?')
_PICTURE = re.compile(r'<img src="\.\./images/[^"]*" alt="([^"]*)"[^>]*/>')


@dataclass(frozen=True, slots=True)
class SetPage:
    """A page set: its XHTML, without a document around it, and what to look at on it."""

    html: str
    findings: tuple[Finding, ...]


def set_page(page: PageText, language: str) -> SetPage:
    """Set a page by the book's own rules; takes any text.

    `language` is BCP 47. A picture is an empty `span` of class `picture`: none is cut out yet. No
    mark says where the page begins: there is but one.
    Findings are those that concern the text of this page, in the order of its lines.
    """
    tags = page.text.count("[Illustration") or page.kind == "illustration"
    places = tuple(Figure(b"") for _ in range(tags))
    assembled = assemble([replace(page, figures=places)], language)
    body = "\n".join(
        xhtml.section_body(section, f"s{number}")
        for number, section in enumerate(assembled.book.sections, start=1)
    )
    html = _PAGE_MARK.sub("", body)
    html = _PICTURE.sub(r'<span class="picture" role="img" aria-label="\1"></span>', html)
    found = tuple(each for each in assembled.findings if each.code not in _OF_THE_BOOK)
    return SetPage(xhtml.legal(html), found)
