"""Makes the Kobo edition of a finished EPUB.

Kobo devices show a plain EPUB with an old engine, and a `.kepub.epub` with their own, which wants
every sentence in a numbered span and the page in two boxes (books.md 4). It stays a valid EPUB.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from library.durable import replacing

_XHTML = "http://www.w3.org/1999/xhtml"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
#: Elements that begin a new count of sentences.
_BLOCKS = frozenset(
    f"{{{_XHTML}}}{name}"
    for name in (
        *("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "pre", "td", "th", "dt", "dd"),
        *("figcaption", "figure", "blockquote", "aside"),
    )
)
_VOID = frozenset(f"{{{_XHTML}}}{name}" for name in ("br", "hr", "img", "meta", "link", "wbr"))
_SVG = "{http://www.w3.org/2000/svg}"
#: Where a sentence ends: a stop, the quotes and brackets that close on it, and the blanks behind.
_END = re.compile(
    "[.!?\u2026\u061f\u06d4\u0964]+[\"'\u2019\u201d\u00bb)\\]]*\\s+|[\u3002\uff01\uff1f]+[\u300d\u300f\uff09]*\\s*"
)
#: The Kobo fonts lack the no-break hyphen; a hyphen between word joiners looks and breaks alike.
_NO_BREAK_HYPHEN, _HYPHEN = "\u2011", "\u2060-\u2060"


def write_kobo(epub: Path, path: Path) -> None:
    """Write the Kobo edition of an EPUB that `write_epub` made to `path`.

    Equal EPUBs give equal bytes. Raises OSError, zipfile.BadZipFile or lxml's XMLSyntaxError when
    the EPUB can't be read.
    """
    with (
        zipfile.ZipFile(epub) as book,
        replacing(path) as temporary,
        zipfile.ZipFile(temporary, "w") as made,
    ):
        for entry in book.infolist():
            made.writestr(entry, _file(entry.filename, book.read(entry)), compresslevel=9)


def _file(name: str, content: bytes) -> bytes:
    """Return a file of the EPUB as the Kobo edition has it; contents have no spans."""
    is_page = name.endswith(".xhtml") and Path(name).name != "nav.xhtml"
    return kobo_page(content) if is_page else content


def kobo_page(content: bytes) -> bytes:
    """Return an XHTML page with its sentences in `koboSpan`s and its body in Kobo's two boxes."""
    root = etree.fromstring(content)
    body = root.find(f"{{{_XHTML}}}body")
    if body is None:
        return content
    for note in root.iter(f"{{{_XHTML}}}a"):
        if note.get(_EPUB_TYPE) == "noteref":  # without the second word no note pops up
            note.set(_EPUB_TYPE, "noteref endnote")
    _Spans().mark(body)
    _box(body)
    for element in root.iter():
        # never `<span/>`: a parser of HTML takes it for an opening tag
        if element.text is None and not len(element) and element.tag not in _VOID:
            element.text = ""
    return etree.tostring(root.getroottree(), xml_declaration=True, encoding="utf-8") + b"\n"


def _box(body: etree._Element) -> None:
    inner = etree.Element(f"{{{_XHTML}}}div", {"id": "book-inner", "class": "book-inner"})
    inner.text, body.text = body.text, None
    inner.extend(list(body))
    outer = etree.SubElement(body, f"{{{_XHTML}}}div", {"id": "book-columns"})
    outer.set("class", "book-columns")
    outer.append(inner)


class _Spans:
    """Numbers the sentences of a page: `kobo.P.S`, paragraph and sentence in it, from 1."""

    def __init__(self) -> None:
        self.paragraph = self.sentence = 0

    def mark(self, element: etree._Element) -> None:
        """Put the text and the pictures inside an element into spans."""
        if element.tag in _BLOCKS:
            self._begin()
        before = list(self._cut(element.text))
        children = list(element)
        if before:
            element.text = None
            element[:0] = before
        for child in children:
            if not isinstance(child.tag, str) or child.tag.startswith(_SVG):
                continue
            if child.tag == f"{{{_XHTML}}}img":
                self._hold(child)
                continue
            self.mark(child)
            behind = list(self._cut(child.tail))
            if behind:
                child.tail = None
                at = element.index(child) + 1
                element[at:at] = behind

    def _begin(self) -> None:
        self.paragraph, self.sentence = self.paragraph + 1, 0

    def _cut(self, text: str | None) -> Iterator[etree._Element]:
        """Yield a span for each sentence; blanks alone stay as they are."""
        if text is None or not text.strip():
            return
        text, begin = text.replace(_NO_BREAK_HYPHEN, _HYPHEN), 0
        ends = [match.end() for match in _END.finditer(text)]
        for end in [*ends, len(text)]:
            if end > begin:
                span = self._span()
                span.text, begin = text[begin:end], end
                yield span

    def _hold(self, picture: etree._Element) -> None:
        parent, tail = picture.getparent(), picture.tail
        assert parent is not None  # noqa: S101 - it was found inside one
        span = self._span()
        parent.replace(picture, span)
        span.append(picture)
        picture.tail, span.tail = None, tail

    def _span(self) -> etree._Element:
        self.paragraph = max(1, self.paragraph)
        self.sentence += 1
        name = f"kobo.{self.paragraph}.{self.sentence}"
        return etree.Element(f"{{{_XHTML}}}span", {"class": "koboSpan", "id": name})
