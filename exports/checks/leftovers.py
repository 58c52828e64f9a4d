"""What is left of machines and of work in the texts of pages, and signs that are hardly printed."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from exports.checks.spelling import times
from exports.checks.subject import PageHit, Subject
from exports.pages import PageText
from pipeline.confusions import distance

_MARKUP = re.compile(
    r"</?(?!(?:i|b|sc|g|f|u|tb)\b)[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>\n]*)?/?>|&(?:[a-z]{2,6}|#\d+);"
)
_ASTERISK = re.compile(r"(?<![\[*/\w\n-])(?<!^)\*(?![\]*/\[\w])|(?:^|\s)\*(?:\s+\*){2,}")
_SIGNS = re.compile(
    r"\u00ac(?!\n|$)|[|~\\\u00a6\u25a0\u25a1\u25ba\u25cf\u2022\u25c6\ufffd]|(?<!\^)\^(?![{\w])|(?<!\w)_(?=\w)|_(?!\{)(?=\W|$)"
)
_BRACKETED = re.compile(r"\[(\w{6,13})\b(?=[^\]\n]*[:\]])")
_NAMES = ("Footnote", "Illustration", "Sidenote")
_ODD_CHARACTER = re.compile(
    r"[^\w\s.,;:!?'\"()\[\]{}<>*/#&$£€%°\u2010-\u201f\u2026\u2032\u2033\u00ab\u00bb\u00b7\u00a7\u2020\u2021\u00b6=+\u00d7\u00bd\u00bc\u00be\u00b2\u00b3\u00b9\u2039\u203a\u00bf\u00a1\u00a9\u2e3a-]"
)
_FEW = 2
_NEAR = 2


def find(subject: Subject) -> Iterator[PageHit]:
    """Give what has no place in a finished text."""
    for page in subject.pages:
        if page.kind in ("skip", "blank"):
            continue
        yield from _matches(page, "markup-foreign", _MARKUP)
        yield from _matches(page, "asterisk", _ASTERISK)
        yield from _matches(page, "sign-left", _SIGNS)
        yield from _misspelt(page)
    yield from _rare(subject)


def _hit(code: str, page: PageText, start: int, end: int, said: dict[str, str]) -> PageHit:
    begin = page.text.rfind("\n", 0, start) + 1
    stop = page.text.find("\n", start)
    line = page.text[begin : stop if stop >= 0 else len(page.text)]
    number = page.text.count("\n", 0, start) + 1
    columns = start - begin, min(end - begin, len(line))
    return PageHit(code, page.number, number, line, said, columns)


def _matches(page: PageText, code: str, pattern: re.Pattern[str]) -> Iterator[PageHit]:
    for match in pattern.finditer(page.text):
        start = match.end() - len(match[0].lstrip())
        yield _hit(code, page, start, match.end(), {"word": match[0].strip()})


def _misspelt(page: PageText) -> Iterator[PageHit]:
    if "[" not in page.text:
        return
    for match in _BRACKETED.finditer(page.text):
        word = match[1]
        better = next((name for name in _NAMES if word != name and _is_near(word, name)), "")
        if better:
            yield _hit("mark-misspelt", page, *match.span(1), {"better": better})


def _is_near(word: str, name: str) -> bool:
    return distance(word.lower(), name.lower()) <= _NEAR


def _rare(subject: Subject) -> Iterator[PageHit]:
    """Give signs that the book hardly has."""
    found = [
        (page, match)
        for page in subject.pages
        if page.kind == "text"
        for match in _ODD_CHARACTER.finditer(page.text)
    ]
    counts = Counter(match[0] for _, match in found)
    for page, match in found:
        sign = match[0]
        if counts[sign] <= _FEW and not _SIGNS.match(sign) and unicodedata.category(sign) != "Mn":
            name = unicodedata.name(sign, "").capitalize() or f"U+{ord(sign):04X}"
            said = {"name": f"\u201c{sign}\u201d ({name})", "times": times(counts[sign])}
            yield _hit("character-rare", page, *match.span(), said)
