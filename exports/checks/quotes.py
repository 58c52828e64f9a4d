"""Quotation marks and brackets: paired by paragraph, close to their words, the right way round."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exports.checks.booktext import Passage
from exports.checks.spelling import times
from exports.checks.subject import Hit, PageHit, Subject

_MARKS = re.compile("[\u201c\u201d\u201e\u00ab\u00bb]")
_OPEN_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = re.compile(r"[()\[\]{}]")
#: A letter that a printer had and a keyboard has not, such as [)u].
_LETTER_CODE = re.compile(r"\[[^\[\]\s]{2,4}\]")
_ENUMERATED = re.compile(r"(?:^|[\s\u2014(\u201c])\(?[\w*\u2020]{1,4}$")
_BRACKET_SPACED = re.compile(
    r"\([ ]+|[ ]+\)|(?<=[^\W\d_]{2})\((?![a-z]{1,3}\))|\)(?=[^\W\d_]{3})"
    r"|(?<=[^\W\d_])\](?=[^\W\d_])"
    r"|(?<=[a-z]),?\)\.?(?=[a-z]{3})"
)
_FLOATING = re.compile("(?<=\\s)[\u201c\u201d](?=\\s)")
_OPENS_WRONG = re.compile("(?<=[^\\W_])[,.;:!?]?\u201c(?=[\\s,.;:!?]|$)")
_CLOSES_WRONG = re.compile("(?<=[\\s(\u2014])\u201d(?=\\w)")
_UNSPACED = re.compile(
    "(?<=[a-zß-ÿ,;:.!?])\u201c(?=[^\\W\\d_])|(?<=[,;:])\u201d(?=[^\\W\\d_])|(?<=[^\\W\\d_])\u201d(?=[^\\W\\d_])"
)
_LETTER_I = re.compile("(?:(?<=[a-z])|(?<=[a-z] ))I(?=\u201d)")
_IS_I = re.compile(
    r"\b(?:is|was|be|am|and|than|as|but|not|or|do|did|had|have|can|will|says|said|to) $"
)
_SPEAKERS = re.compile("[.!?,\u2014]\u201d \u201c(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class _Style:
    """Which marks open a quotation in this book, and which close it."""

    opens: frozenset[str]
    closes: frozenset[str]


def find(subject: Subject) -> Iterator[Hit | PageHit]:
    """Give quotation marks and brackets that are not in order."""
    style = _style(subject)
    if style is not None:
        yield from _unbalanced(subject, style)
    yield from _matches(subject, "quote-floating", _FLOATING)
    if "\u201e" not in subject.text:
        yield from _matches(subject, "quote-direction", _OPENS_WRONG)
        yield from _matches(subject, "quote-direction", _CLOSES_WRONG)
        yield from _matches(subject, "quote-unspaced", _UNSPACED)
        yield from _matches(subject, "speakers-joined", _SPEAKERS)
    for match in _LETTER_I.finditer(subject.text):
        if not _IS_I.search(subject.text[max(0, match.start() - 8) : match.start()]):
            yield Hit("quote-for-letter", match.start(), match.end() + 1)
    yield from _brackets(subject)
    yield from _matches(subject, "bracket-spaced", _BRACKET_SPACED)
    yield from _mixed(subject)


def _matches(subject: Subject, code: str, pattern: re.Pattern[str]) -> Iterator[Hit]:
    for match in pattern.finditer(subject.text):
        if subject.script.is_prose(match.start()):
            yield Hit(code, *match.span())


def _style(subject: Subject) -> _Style | None:
    """Give how the book quotes; None where one mark both opens and closes."""
    text, language = subject.text, subject.idiom.language
    if language in ("sv", "fi"):
        return None
    opens, closes = {"\u201c"}, {"\u201d"}
    if "\u201e" in text:
        opens, closes = {"\u201e"}, {"\u201c", "\u201d"}
    right = len(re.findall("\u00bb(?=\\w)", text)) > len(
        re.findall("\u00ab[ \u00a0\u202f]?(?=\\w)", text)
    )
    opens.add("\u00bb" if right else "\u00ab")
    closes.add("\u00ab" if right else "\u00bb")
    return _Style(frozenset(opens), frozenset(closes))


def _unbalanced(subject: Subject, style: _Style) -> Iterator[Hit]:
    """Give marks without a partner; a quotation may open again where a paragraph begins."""
    marks = _by_passage(subject, _MARKS)
    pending: int | None = None
    for passage in subject.script.passages:
        if passage.kind in ("heading", "caption"):
            continue
        here = marks.get(passage, [])
        first = subject.text[passage.start : passage.start + 1]
        closes = passage.quoted and here and subject.text[here[0]] in style.closes
        reopens = passage.kind != "prose" or first in style.opens
        if pending is not None and not reopens and not closes:
            yield Hit("quotes-unbalanced", pending, pending + 1)
            pending = None
        if here:
            pending, wrong = _walk(subject.text, here, style, pending, passage)
            if wrong is not None:
                yield Hit("quotes-unbalanced", wrong, wrong + 1)
    if pending is not None:
        yield Hit("quotes-unbalanced", pending, pending + 1)


def _walk(
    text: str, marks: Sequence[int], style: _Style, pending: int | None, passage: Passage
) -> tuple[int | None, int | None]:
    """Give the mark left open behind a passage, and the first in it that is wrong."""
    wrong: int | None = None
    for at in marks:
        if text[at] in style.opens:
            begins = at == passage.start or text[at - 1] == "\n"
            if pending is not None and not begins and wrong is None:
                wrong = pending if pending >= passage.start else at
            pending = at
        elif pending is None:
            wrong = at if wrong is None else wrong
        else:
            pending = None
    return (None, wrong) if wrong is not None and len(marks) % 2 == 0 else (pending, wrong)


def _by_passage(subject: Subject, pattern: re.Pattern[str]) -> Mapping[Passage, list[int]]:
    found: dict[Passage, list[int]] = {}
    for match in pattern.finditer(subject.text):
        found.setdefault(subject.script.passage(match.start()), []).append(match.start())
    return found


def _brackets(subject: Subject) -> Iterator[Hit]:
    text = subject.text
    codes = {match.start() + n for match in _LETTER_CODE.finditer(text) for n in range(5)}
    for passage, places in _by_passage(subject, _BRACKETS).items():
        if passage.kind == "kept":
            continue
        waiting: list[int] = []
        for at in places:
            if at in codes:
                continue
            if text[at] in _OPEN_BRACKETS:
                waiting.append(at)
            elif waiting and text[at] == _OPEN_BRACKETS[text[waiting[-1]]]:
                waiting.pop()
            elif not _ENUMERATED.search(text[max(passage.start, at - 8) : at]):
                waiting.append(at)
                break
        if waiting:
            yield Hit("brackets-unbalanced", waiting[0], waiting[0] + 1)


def _mixed(subject: Subject) -> Iterator[PageHit]:
    """Give the first mark of the rarer kind where pages have straight and curly double quotes."""
    counts = {"straight": 0, "curly": 0}
    first: dict[str, tuple[int, int, str, int]] = {}
    for page in subject.pages:
        for kind, pattern in (("straight", '"'), ("curly", "[\u201c\u201d]")):
            found = [*re.finditer(pattern, page.text)]
            counts[kind] += len(found)
            if found and kind not in first:
                at = found[0].start()
                line = page.text.count("\n", 0, at)
                begin = page.text.rfind("\n", 0, at) + 1
                first[kind] = page.number, line + 1, page.text.split("\n")[line], at - begin
    if all(counts.values()):
        rarer = min(counts, key=lambda kind: counts[kind])
        number, line, text, column = first[rarer]
        said = {"one": times(counts["straight"]), "other": times(counts["curly"])}
        yield PageHit("quotes-mixed", number, line, text, said, (column, column + 1))
