"""XHTML of the EPUB to HTML of the web editions: each line in a span of its own, pages as links."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape

from exports.making.lines import line_id
from exports.writing.xhtml import LINE_START

_TOKEN = re.compile(f"<(/?)([a-z][a-z0-9]*)([^>]*)>|{LINE_START.pattern}")
_PAGE_MARK = re.compile(r'<span id="pg(\d+)"[^>]*? aria-label=" Page ([^"]*)\. "></span>')
_FOREIGN = re.compile(r' (?:epub:type|xml:lang|xmlns(?::\w+)?)="[^"]*"')
_LINK = re.compile(r' href="(\w+)\.xhtml(#[^"]*)?"')
_PICTURE = re.compile(r' src="\.\./images/([^"]*)"')
_ID = re.compile(r' id="[^"]*"')
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "em", "i", "q", "small", "span", "strong", "sub"}
    | {"sup", "u"}
)
#: Stands in the margin where a page has no printed number.
_NO_NUMBER = "\u00b7"
_VOID = frozenset({"br", "hr", "img", "wbr"})


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where things are for one web edition.

    `scans` gives by a page's number the address at which its scan is shown, `file` turns the name
    of an EPUB's page and its fragment ("s003", "#n7") into an address, `picture` the file name of a
    picture.
    """

    scans: Mapping[int, str]
    file: Callable[[str, str], str]
    picture: Callable[[str], str]


@dataclass(slots=True)
class WebFragments:
    """Turns the fragments of one document into HTML; every id stands once in all of them."""

    addresses: Addresses
    ids: set[str] = field(default_factory=set)

    def html(self, xhtml: str) -> str:
        """Give a well-formed fragment, with LINE_START where lines begin, as HTML."""
        html = _Spans(self).html(_PAGE_MARK.sub(self._page, xhtml))
        return html.replace("\u2e3a", "\u2014\u2060\u2014")  # few fonts have the two-em dash

    def line(self, page: int, line: int) -> str:
        """Give the tag that opens a line; its further pieces name it without being it."""
        name = line_id(page, line)
        kind = "data-line" if name in self.ids else "id"
        self.ids.add(name)
        return f'<span {kind}="{name}">'

    def attributes(self, text: str) -> str:
        """Give a tag's attributes as HTML has them, its addresses those of this edition."""
        if "=" not in text:
            return text
        text = _FOREIGN.sub("", text)
        text = _LINK.sub(lambda m: f' href="{escape(self.addresses.file(m[1], m[2] or ""))}"', text)
        return _PICTURE.sub(lambda m: f' src="{escape(self.addresses.picture(m[1]))}"', text)

    def _page(self, match: re.Match[str]) -> str:
        number, label = int(match[1]), match[2]
        printed = not label.startswith("[")
        said = f"Page {label}" if printed else label.strip("[]").capitalize()
        scan = self.addresses.scans.get(number)
        href = f' href="{escape(scan)}"' if scan else ""
        return (
            f'<a id="pg{number}" class="pg"{href} data-label="{label if printed else _NO_NUMBER}"'
            f' aria-label="{said}" lang="en"></a>'
        )


class _Spans:
    """Puts the lines of one fragment into spans, which end where their block does."""

    def __init__(self, fragments: WebFragments) -> None:
        self.fragments = fragments
        self.out: list[str] = []
        #: Open elements: their opening tags, and whether a line can go on behind their end.
        self.open: list[tuple[str, bool]] = []
        #: How many elements stood open when the line's span was opened; 0 outside of lines.
        self.depth = 0

    def html(self, xhtml: str) -> str:
        at = 0
        for match in _TOKEN.finditer(xhtml):
            self.out.append(xhtml[at : match.start()])
            at = match.end()
            if match[4]:
                self._line(int(match[4]), int(match[5]))
            elif match[1]:
                self._close(match[2])
            else:
                self._open(match[2], match[3])
        self.out.append(xhtml[at:])
        return "".join(self.out)

    def _open(self, name: str, attributes: str) -> None:
        attributes = self.fragments.attributes(attributes)
        if name in _VOID:
            self.out.append(f"<{name}{attributes.rstrip('/')}>")
            return
        inline = name in _INLINE and ' class="line' not in attributes
        tag = f"<{name}{attributes}>"
        if not inline:
            self._end_line()
        self.out.append(tag)
        self.open.append((tag, inline))

    def _close(self, name: str) -> None:
        if self.depth == len(self.open):
            self._end_line()
        self.open.pop()
        self.out.append(f"</{name}>")

    def _line(self, page: int, line: int) -> None:
        """End the line before and begin this one; styles that go on are opened again in it."""
        inner = [tag for tag, inline in self.open[self._block() :] if inline]
        self.out += [f"</{_name(tag)}>" for tag in reversed(inner)]
        self._end_line()
        self.out.append(self.fragments.line(page, line))
        self.out += [_ID.sub("", tag) for tag in inner]
        self.depth = self._block()

    def _block(self) -> int:
        """Give how many elements stand open up to the innermost that is no inline one."""
        at = len(self.open)
        while at and self.open[at - 1][1]:
            at -= 1
        return at

    def _end_line(self) -> None:
        if self.depth:
            self.out.append("</span>")
            self.depth = 0


def _name(tag: str) -> str:
    return tag[1:].partition(" ")[0].rstrip(">")
