"""Pages, chapters, notes and lines that are missing, doubled or out of order."""

import re
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from exports.checks.subject import Hit, PageHit, Subject
from exports.pages import PageText
from library.numbering import flaws
from pipeline.lexicon import is_numeral

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_NUMBERED = re.compile(
    r"(?:(?P<named>[^\W\d_]+)[.:]?\s+)?(?P<number>[IVXLC]+|[ivxlc]+|\d{1,3})(?=[.:,)\s\u2014]|$)"
)
_FOOTNOTE = re.compile(r"^[ ]*\[Footnote[ ]+(?P<mark>\d{1,3}|[A-Z]):", re.MULTILINE)
_NOTATION = re.compile(r"</?(?:i|b|sc|g|f|u)>|\[\*\*[^\]]*\]|\[Blank Page\]")
_LETTERS = re.compile(r"[^\W\d_]+")

_FLAWS = {
    "missing": "page-missing",
    "twice": "page-number-twice",
    "order": "page-number-order",
}

_FEW_PAGES, _FEW_LINES = 10, 8
#: Share of the usual text of a page below which something may be missing.
_SHORT_PAGE = 0.25
#: Share of a full line's length below which a line is short.
_SHORT_LINE = 0.6
#: A line says something about another page when it is this long; this many of them in a row.
_TELLING, _IN_A_ROW = 25, 2
#: A printed line is missing when it has this many long words and so few of them are in the text.
_LONG_WORD, _LEAST_WORDS, _LEAST_FOUND, _LEAST_KNOWN = 4, 3, 0.34, 0.75


def find(subject: Subject) -> Iterator[Hit | PageHit]:
    """Give what does not follow from what stands before it."""
    pages = [page for page in subject.pages if page.kind != "skip"]
    yield from _labels(pages)
    yield from _chapters(subject)
    yield from _notes(pages)
    yield from _repeated(subject, pages)
    yield from _short_pages(subject, pages)
    for page in pages:
        yield from _missing_lines(subject, page)
    yield from _short_lines(subject)


def roman(numeral: str) -> int:
    """Give the value of a Roman numeral, in small or capital letters."""
    values = [_ROMAN[letter] for letter in numeral.lower()]
    following = [*values[1:], 0]
    return sum(-one if one < next_ else one for one, next_ in zip(values, following, strict=True))


def value(label: str) -> tuple[str, int] | None:
    """Give a printed number's series ("roman" or "arabic") and value; None for anything else."""
    if label.isdecimal():
        return "arabic", int(label)
    return ("roman", roman(label)) if label and is_numeral(label) else None


def _labels(pages: Sequence[PageText]) -> Iterator[PageHit]:
    """Hold each printed page number against the one before; pages without one count."""
    for flaw in flaws([(page.number, page.label) for page in pages]):
        said = {"before": flaw.before, "after": flaw.label, "label": flaw.label}
        said |= {"other": str(flaw.other)} if flaw.other else {}
        yield PageHit(_FLAWS[flaw.kind], flaw.page, 1, flaw.label, said)


def _chapters(subject: Subject) -> Iterator[Hit]:
    """Hold each numbered heading against the one before of its level and name."""
    last: dict[tuple[int, str], tuple[int, str]] = {}
    for passage in subject.script.passages:
        if passage.kind != "heading":
            continue
        for key in [key for key in last if key[0] > passage.level]:
            del last[key]
        words = subject.script.of(passage)
        match = _NUMBERED.match(words)
        if match is None or (match["named"] or "").islower():
            continue
        number = value(match["number"])
        if number is None or match["number"].islower():
            continue
        key = passage.level, (match["named"] or number[0]).lower()
        label, before = match[0], last.get(key)
        if before is not None and number[1] not in (before[0] + 1, 1):
            said = {"label": label, "before": before[1]}
            yield Hit("chapter-number", passage.start, passage.start + len(label), said)
        last[key] = number[1], label


def _notes(pages: Sequence[PageText]) -> Iterator[PageHit]:
    """Hold each footnote's mark against the one before: one more, or the first of a series."""
    last = 0
    before = ""
    for page in pages:
        for match in _FOOTNOTE.finditer(page.text):
            mark = match["mark"]
            number = int(mark) if mark.isdecimal() else ord(mark) - ord("A") + 1
            if number not in (last + 1, 1) and before and mark.isdecimal() == before.isdecimal():
                line = page.text.count("\n", 0, match.start()) + 1
                words = page.text[match.start() :].strip().split("\n")[0]
                said = {"label": mark, "before": before}
                yield PageHit("note-series", page.number, line, words, said)
            last, before = number, mark


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of page text: where it stands."""

    page: PageText
    number: int
    text: str


def _repeated(subject: Subject, pages: Iterable[PageText]) -> Iterator[PageHit]:
    """Give the first of two or more telling lines in a row that stood in the book before."""
    verse = _lines_of(subject, {"verse", "kept"})
    seen: dict[tuple[str, str], _Line] = {}
    for page in pages:
        lines = _telling(page)
        skip_until = -1
        for at in range(len(lines) - 1):
            pair = _key(lines[at].text), _key(lines[at + 1].text)
            first = seen.setdefault(pair, lines[at])
            place = page.number, lines[at].number
            if first is lines[at] or at <= skip_until or place in verse:
                continue
            said = {"other": str(first.page.number)}
            yield PageHit("lines-repeated", page.number, lines[at].number, lines[at].text, said)
            skip_until = len(lines)


def _telling(page: PageText) -> list[_Line]:
    return [
        _Line(page, number, line)
        for number, line in enumerate(page.text.split("\n"), start=1)
        if len(line) >= _TELLING and not line.startswith((" ", "/", "[Footnote"))
    ]


def _key(line: str) -> str:
    return " ".join(_LETTERS.findall(line.lower()))


def _lines_of(subject: Subject, kinds: set[str]) -> set[tuple[int, int]]:
    """Give the pages and lines that are in passages of these kinds."""
    script = subject.script
    return {
        place
        for at, place in zip(script.starts, script.places, strict=True)
        if script.passage(at).kind in kinds
    }


def _short_pages(subject: Subject, pages: Sequence[PageText]) -> Iterator[PageHit]:
    """Give pages with little text between full ones, unless a chapter ends or begins there."""
    sizes = [len(page.text) for page in pages if page.kind == "text" and page.text.strip()]
    if len(sizes) < _FEW_PAGES:
        return
    least = _SHORT_PAGE * statistics.median(sizes)
    headed = {
        subject.script.place(passage.start)[0]
        for passage in subject.script.passages
        if passage.kind == "heading"
    }
    full = [len(page.text) > 2 * least for page in pages]
    for at in range(1, len(pages) - 1):
        page, following = pages[at], pages[at + 1]
        if page.kind != "text" or len(page.text) > least or not (full[at - 1] and full[at + 1]):
            continue
        apart = {page.number, following.number} & headed
        pictured = page.figures or "[Illustration" in page.text
        if not apart and not pictured and (page.text.strip() or page.lines):
            words = page.text.strip().split("\n")[0]
            yield PageHit("page-short", page.number, 1, words)


def _missing_lines(subject: Subject, page: PageText) -> Iterator[PageHit]:
    """Give printed lines whose words are not on the page, next to the line that they follow."""
    if page.kind != "text" or len(page.lines) < _LEAST_WORDS or not page.text.strip():
        return
    have = set(_LETTERS.findall(_NOTATION.sub("", page.text).replace("-\n", "").lower()))
    have |= set(_LETTERS.findall(page.text.lower()))
    for line in page.lines:
        words = [word for word in _LETTERS.findall(line.text.lower()) if len(word) >= _LONG_WORD]
        if len(words) < _LEAST_WORDS:
            continue
        found = sum(word in have for word in words)
        known = sum(subject.is_word(word) for word in words)
        if found < _LEAST_FOUND * len(words) and known >= _LEAST_KNOWN * len(words):
            at = _line_before(page, line.text)
            yield PageHit("line-missing", page.number, at, line.text)


def _line_before(page: PageText, printed: str) -> int:
    """Give the number of the text's line behind which a printed line belongs, as far as known."""
    order = [line.text for line in page.lines]
    lines = page.text.split("\n")
    for text in reversed(order[: order.index(printed)]):
        words = set(_LETTERS.findall(text.lower()))
        shared = [len(words & set(_LETTERS.findall(line.lower()))) for line in lines]
        if words and max(shared) * 2 > len(words):
            return shared.index(max(shared)) + 1
    return 1


def _short_lines(subject: Subject) -> Iterator[Hit]:
    """Give lines within a paragraph that end early and with a stop."""
    script, text = subject.script, subject.text
    ends = [*script.starts, len(text)][1:]
    by_passage: dict[int, list[tuple[int, int]]] = {}
    for start, end in zip(script.starts, ends, strict=True):
        passage = script.passage(start)
        if passage.kind == "prose" and not passage.note:
            by_passage.setdefault(passage.start, []).append((start, min(end, passage.end)))
    for lines in by_passage.values():
        widths = [end - start for start, end in lines[:-1]]
        if len(lines) < _FEW_LINES:
            continue
        full = statistics.median(widths)
        for (start, end), (following, _) in pairwise(lines[1:]):
            words = text[start:end].rstrip()
            stopped = re.search("[.!?][\u201d\u2019\"')]?$", words)
            starts = text[following : following + 1]
            if len(words) < _SHORT_LINE * full and stopped and not starts.islower():
                yield Hit("line-short", start, start + len(words))
