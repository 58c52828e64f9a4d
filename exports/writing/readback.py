"""Reads finished files again and compares their words with the pages', in order.

It shares no code with assembly but the letter codes, so that a word which assembly loses is missed
here.
"""

import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from exports.findings import Finding, Severity
from exports.making.letters import open_ligatures
from exports.pages import PageText
from exports.writing.teireading import tei_text
from exports.writing.text import END, START

_REMARK = re.compile(r"\[\*\*(?:[^\[\]]|\[[^\[\]]*\])*\]")
_ASIDE = re.compile(
    r"\*?\[(?:Footnote|Illustration|Sidenote)\b[ ]*[^\s:\[\]]{0,8}(?=[:\]])"
    r"((?:[^\[\]]|\[(?:[^\[\]]|\[[^\[\]]*\])*\])*)\]\*?"
)
_FENCE = re.compile(r"(?m)^[ ]*(?:/[*#]|[*#]/).*$")
_MARKS = re.compile(r"</?(?:i|b|sc|g|f|u)>|<tb\b[^>]*>|[{}^_=~]|\[Blank Page\]")
_REFERENCE = re.compile(r"\[(?:\d{1,3}|[A-Za-z]|[*\u2020\u2021\u00a7\u2016\u00b6]{1,3})\]")
_BROKEN = re.compile(r"(?<=\w)[-\u00ac\u2010]\*?\s*\n+\*?(?=\w)")
_OVER = re.compile("(?<=\\w)[-\u00ac\u2010]\\*?\n\x1e\\*?(?=[^\\WA-Z\u00c0-\u00de_])")
_DROPPED = re.compile("['\u2018\u2019\u201a\u201b\u2060\u00ad\u200b\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_INLINE = frozenset({"i", "b", "em", "span", "sup", "sub", "a"})
_OURS = frozenset({"cover.xhtml", "title.xhtml", "nav.xhtml", "colophon.xhtml"})
REACH = 4000
AGREE = 3
GLUED = 4


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What reading back found: words compared, how many the file lacks, and where."""

    words: int
    missing: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """Words in order with the page of each, and those whose place a book may choose (notes)."""

    body: list[str]
    pages: list[int]
    aside: Counter[str]


def read_back(pages: Sequence[PageText], path: Path) -> ReadBack:
    """Compare a written `.epub`, `.html`, `.txt` or `.xml` (TEI) with the texts of its pages.

    A word that the file lacks at its place is a finding of severity error, one too many a warning.
    Notes, captions and sidenotes may stand elsewhere. Raises OSError, zipfile.BadZipFile or
    lxml's XMLSyntaxError when the file can't be read at all.
    """
    wanted = _of_pages([page for page in pages if page.kind != "skip"])
    return _compare(wanted, _READERS[path.suffix](path), _typed(pages))


def _words(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).casefold()
    return _WORD.findall(_DROPPED.sub("", text))


def _of_pages(pages: Sequence[PageText]) -> _Words:
    aside: Counter[str] = Counter()
    body: list[str] = []
    owners: list[int] = []
    # a word over a page's end is put together before pages are told apart
    texts = [_plain_page(page, aside).strip("\n") for page in pages]
    whole = _OVER.sub("\x1e", _BROKEN.sub("", "\n\x1e".join(texts)))
    whole = whole.replace("\x1e*", "\x1e")
    for word, number in _owned(whole, pages):
        body.append(word)
        owners.append(number)
    return _Words(body, owners, aside)


def _typed(pages: Sequence[PageText]) -> Counter[str]:
    """Count the words of captions that people typed; they stand in the book, not in a text."""
    captions = (figure.caption for page in pages for figure in page.figures)
    return Counter(word for caption in captions for word in _words(_plain(caption)))


def _owned(whole: str, pages: Sequence[PageText]) -> Iterator[tuple[str, int]]:
    """Give each word with its page's number; a word over the end of a page belongs to the first."""
    at = 0
    glued = re.sub("(?<=\\w)\x1e(?=\\w)", "\x1f", whole)
    for part in glued.split("\x1e"):
        turns = part.count("\x1f")
        number = pages[at].number if at < len(pages) else 0
        for word in _words(part.replace("\x1f", "")):
            yield word, number
        at += 1 + turns


def _plain_page(page: PageText, aside: Counter[str]) -> str:
    if page.kind == "blank":
        return ""
    text = open_ligatures(unicodedata.normalize("NFC", page.text).replace("\r\n", "\n"))
    text = _REMARK.sub("", text)

    def move(match: re.Match[str]) -> str:
        aside.update(_words(_plain(match[1])))
        return ""

    text = _without_foot_marks(_ASIDE.sub(move, text))
    if page.kind == "illustration":
        aside.update(_words(_plain(text)))
        return ""
    return _plain(text)


def _without_foot_marks(text: str) -> str:
    """Drop the marks of notes that stand unmarked at the foot: a book numbers its notes anew."""
    for mark in set(_REFERENCE.findall(text)):
        text = re.sub(rf"(?m)^{re.escape(mark[1:-1])}[ ]+(?=\S)", "", text)
    return text


def _plain(text: str) -> str:
    text = _MARKS.sub("", _FENCE.sub("", text)).replace("[Greek:", "[")
    return _BROKEN.sub("", _REFERENCE.sub(" ", text))


def _of_epub(path: Path) -> _Words:
    body: list[str] = []
    aside: Counter[str] = Counter()
    with zipfile.ZipFile(path) as book:
        for name in sorted(n for n in book.namelist() if n.endswith(".xhtml")):
            root = etree.fromstring(book.read(name))
            if Path(name).name not in _OURS:
                parts: list[str] = []
                _gather(root.find("{*}body"), parts, aside)
                body += _words("".join(parts))
    return _Words(body, [], aside)


def _gather(element: "etree._Element | None", parts: list[str], aside: Counter[str]) -> None:
    """Collect the text below an element; notes, captions and sidenotes go to `aside`."""
    if element is None:
        return
    if element.get("role") == "doc-noteref":
        return
    tag = etree.QName(element).localname
    apart = element.get("role") == "doc-footnote" or tag == "figcaption"
    if apart or element.get("class") in {"sidenote", "note"}:
        aside.update(_words(_apart(element)))
        return
    if tag not in _INLINE or element.get("class", "").startswith("line"):
        parts.append("\n")
    parts.append(element.text or "")
    for child in element:
        _gather(child, parts, aside)
        parts.append(child.tail or "")
    if tag not in _INLINE:
        parts.append("\n")


def _apart(element: "etree._Element") -> str:
    """Give the text of a note or caption, without the number that links back."""
    for link in element.iter("{*}a"):
        if link.get("role") in {"doc-backlink", "doc-noteref"}:
            for part in link.iter():
                part.text = ""
    for block in element.iter("{*}p", "{*}br", "{*}span"):
        if etree.QName(block).localname != "span" or block.get("class") == "line":
            block.tail = "\n" + (block.tail or "")
    return "".join(str(text) for text in element.itertext())


def _of_text(path: Path) -> _Words:
    text = path.read_text(encoding="utf-8")
    inside = text.split(START, 1)[-1].rsplit(END, 1)[0]
    inside = re.sub(r"\[(?:Illustration|Sidenote)\b:?", "[", inside)
    inside = re.sub(r"\[\d+\]", " ", inside)
    return _Words(_words(_MARKS.sub("", inside)), [], Counter())


def _of_tei(path: Path) -> _Words:
    text, asides = tei_text(path)
    return _Words(_words(text), [], Counter(word for aside in asides for word in _words(aside)))


def _of_html(path: Path) -> _Words:
    tree = etree.parse(path, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    parts: list[str] = []
    aside: Counter[str] = Counter()
    for main in tree.iter("main"):
        _gather(main, parts, aside)
    return _Words(_words("".join(parts)), [], aside)


_READERS = {".epub": _of_epub, ".html": _of_html, ".txt": _of_text, ".xml": _of_tei}


@dataclass(frozen=True, slots=True)
class _Gap:
    """Words at `at` of the wanted that the file lacks there, and what stands in their place."""

    at: int
    lacking: list[str]
    instead: list[str]


def _compare(wanted: _Words, made: _Words, typed: Counter[str]) -> ReadBack:
    gaps = list(_gaps(wanted.body, made.body))
    beside = made.aside.copy()
    instead: Counter[str] = Counter()
    for gap in gaps:
        instead.update(gap.instead)
    lost_aside = _take(_take(wanted.aside, beside), instead)
    findings = []
    missing = lost_aside.total()
    for gap in gaps:
        lacking = _take(Counter(gap.lacking), beside)
        lost = _take(lacking, instead)
        missing += lost.total()
        if lost:
            findings.append(_lost(wanted, gap, lost))
        elif lacking:
            findings.append(_displaced(wanted, gap))
    if lost_aside:
        findings.append(_lost_aside(lost_aside))
    if extra := beside + instead - typed:
        findings.append(_added(extra))
    return ReadBack(len(wanted.body) + wanted.aside.total(), missing, tuple(findings))


def _take(wanted: Counter[str], stock: Counter[str]) -> Counter[str]:
    """Take what is wanted from the stock, and give what it did not have."""
    found = wanted & stock
    stock.subtract(found)
    return wanted - found


def _lost(wanted: _Words, gap: _Gap, lost: Counter[str]) -> Finding:
    hint = f"The book lacks: {', '.join(list(lost)[:8])}. Report this; the page is right."
    page = wanted.pages[gap.at]
    return Finding("word-lost", Severity.ERROR, page, 0, _around(wanted, gap), hint)


def _displaced(wanted: _Words, gap: _Gap) -> Finding:
    hint = "These words stand elsewhere in the book; see that they stand where they belong."
    page = wanted.pages[gap.at]
    return Finding("word-displaced", Severity.WARNING, page, 0, _around(wanted, gap), hint)


def _around(wanted: _Words, gap: _Gap) -> str:
    before = wanted.body[max(0, gap.at - 3) : gap.at]
    return f"... {' '.join(before)} [{' '.join(gap.lacking[:12])}]"


def _lost_aside(lost: Counter[str]) -> Finding:
    words = ", ".join(list(lost)[:8])
    return Finding(
        "word-lost", Severity.ERROR, 0, 0, words, "Words of notes or captions are not in the book."
    )


def _added(extra: Counter[str]) -> Finding:
    words = ", ".join(list(extra)[:8])
    hint = "The book has words that its pages do not; compare it with the pages."
    return Finding("word-added", Severity.WARNING, 0, 0, words, hint)


def _gaps(wanted: list[str], made: list[str]) -> Iterator[_Gap]:
    """Walk both in step; where they part, find the nearest place where they agree again."""
    i = j = 0
    while i < len(wanted):
        if j < len(made) and wanted[i] == made[j]:
            i, j = i + 1, j + 1
            continue
        if glued := _glued(wanted, made, i, j):
            i, j = i + glued[0], j + glued[1]
            continue
        di, dj = _meet(wanted, made, i, j)
        yield _Gap(i, wanted[i : i + di], made[j : j + dj])
        i, j = i + di, j + dj
    if j < len(made):
        yield _Gap(max(0, len(wanted) - 1), [], made[j:])


def _glued(wanted: list[str], made: list[str], i: int, j: int) -> tuple[int, int] | None:
    """Say how many words on each side spell the same when only a hyphen's place differs."""
    for a in range(1, GLUED):
        for b in range(1, GLUED):
            if a + b > 2 and "".join(wanted[i : i + a]) == "".join(made[j : j + b]) != "":  # noqa: PLR2004 - one word against one was compared
                return a, b
    return None


def _meet(wanted: list[str], made: list[str], i: int, j: int) -> tuple[int, int]:
    ahead: dict[tuple[str, ...], int] = {}
    for dj in range(min(REACH, len(made) - j)):
        ahead.setdefault(tuple(made[j + dj : j + dj + AGREE]), dj)
    best = (len(wanted) - i, len(made) - j)
    for di in range(min(REACH, len(wanted) - i)):
        if di >= sum(best):
            break
        there = ahead.get(tuple(wanted[i + di : i + di + AGREE]))
        if there is not None and di + there < sum(best):
            best = di, there
    return best
