"""Which stretch of a page's text is which word that the OCR saw on the scan."""

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from proofing import linematch
from proofing.linematch import Page, Same, Stream, Words

#: A word of the text as a browser's `\S+` finds it; Python's own blanks are not quite the same.
_TOKEN = re.compile("[^\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")
#: Marks of the notation, and notes of readers: none of it is printed.
_MARK = re.compile(
    r"</?(?:i|b|sc|g|f|u|tb)>|\[\*\*[^\]]*\]?|\[Blank Page\]"
    r"|\[(?:Footnote|Illustration|Sidenote|Greek):?|[\^_](?=\{)"
    r"|^(?:/\*|\*/|/#|#/)$",
    re.MULTILINE,
)
_NOT_PRINTED = "\0"
_DASH = re.compile("[\u2012-\u2015]|--+")
_NO_LETTERS = re.compile(r"[\W_]+")
_LIGATURES = str.maketrans({"æ": "ae", "œ": "oe"})

_Lines = Sequence[Mapping[str, Any]]


class Anchor(NamedTuple):
    """Text from `start` to `end` (UTF-16 code units) is the words `word` to `last` of a line."""

    start: int
    end: int
    line: int
    word: int
    last: int


class Anchored(NamedTuple):
    """The anchors in the order of the text, and for each of its rows the printed line, or -1."""

    anchors: list[Anchor]
    line_of_rows: list[int]


class _Token(NamedTuple):
    start: int
    end: int
    row: int


class _Row(NamedTuple):
    """A row that is not blank: its number, its words with one blank between, and its tokens."""

    number: int
    words: str
    tokens: range


def anchors(text: str, lines: _Lines) -> list[Anchor]:
    """Return the anchors of a text, in its order, none over another.

    `lines` as `pipeline/reading.py` gives them: each with its `words`, and a `kind` when it stands
    outside the text. Takes any text. Several tokens may be one printed word, broken apart.
    """
    return anchored(text, lines).anchors


def anchors_json(text: str, lines: _Lines) -> list[list[int]]:
    """Return the anchors as `[start, end, line, word, last]` each."""
    return [list(anchor) for anchor in anchors(text, lines)]


def line_of_rows(text: str, lines: _Lines) -> list[int]:
    """Return for each row of the text the line that it is, or mostly is; -1 for none."""
    return anchored(text, lines).line_of_rows


def anchored(text: str, lines: _Lines) -> Anchored:
    """Return the anchors, and the lines of the rows, as `anchors` and `line_of_rows` do."""
    tokens, rows = _rows_of(text)
    printed = [" ".join([word["text"] for word in line["words"]]) for line in lines]
    body = [number for number, line in enumerate(lines) if line["words"] and not line.get("kind")]
    if _is_unchanged(rows, printed, body, lines):
        whole = {row.number: line for row, line in zip(rows, body, strict=True)}
        words: dict[int, Words] = {}
    else:
        whole, words = linematch.match(_page(text, tokens, rows, printed, lines))
    for row in rows:
        if row.number in whole:
            line = whole[row.number]
            words |= {token: Words(line, n, n) for n, token in enumerate(row.tokens)}
    places = _row_lines(text.count("\n") + 1, tokens, rows, body, words)
    return Anchored(_in_units(text, tokens, words), places)


def _rows_of(text: str) -> tuple[list[_Token], list[_Row]]:
    """Return the tokens of a text, and its rows that are not blank."""
    tokens: list[_Token] = []
    rows = []
    begin = 0
    for number, row in enumerate(text.split("\n")):
        found = [(token.start(), token.end()) for token in _TOKEN.finditer(row)]
        if found:
            words = " ".join([row[start:end] for start, end in found])
            rows.append(_Row(number, words, range(len(tokens), len(tokens) + len(found))))
            tokens += [_Token(begin + start, begin + end, number) for start, end in found]
        begin += len(row) + 1
    return tokens, rows


def _is_unchanged(
    rows: Sequence[_Row], printed: Sequence[str], body: Sequence[int], lines: _Lines
) -> bool:
    return len(rows) == len(body) and all(
        row.words == printed[line] and len(row.tokens) == len(lines[line]["words"])
        for row, line in zip(rows, body, strict=True)
    )


def _page(
    text: str,
    tokens: Sequence[_Token],
    rows: Sequence[_Row],
    printed: Sequence[str],
    lines: _Lines,
) -> Page:
    """Return what is to be matched: text and lines as streams of keys."""
    visible = _MARK.sub(lambda mark: _NOT_PRINTED * len(mark[0]), text)
    keys = _Keys()
    typed = Stream.of(
        (row, number, key)
        for number, (start, end, row) in enumerate(tokens)
        for key in keys[visible[start:end]]
    )
    seen, outside = (
        Stream.of(
            (number, place, key)
            for number, line in enumerate(lines)
            if bool(line.get("kind")) is out
            for place, word in enumerate(line["words"])
            for key in keys[word["text"]]
        )
        for out in (False, True)
    )
    return Page(typed, seen, outside, [*_same(rows, printed, lines)])


class _Keys(dict[str, list[str]]):
    """What is compared of words, by how they are written; a dash makes two of one.

    Letters and figures without case and accents; of a word without any, its signs.
    """

    def __missing__(self, word: str) -> list[str]:
        folded = word if word.isascii() else unicodedata.normalize("NFKD", word)
        folded = folded.casefold().translate(_LIGATURES)
        keys = [_NO_LETTERS.sub("", part) for part in _DASH.split(folded)]
        signs = "".join(folded.replace(_NOT_PRINTED, "").split())
        self[word] = found = [key for key in keys if key] or [signs]
        return found


def _same(rows: Sequence[_Row], printed: Sequence[str], lines: _Lines) -> Iterator[Same]:
    """Yield rows and lines of the same words, lines outside the text last."""
    rows_of: dict[str, list[_Row]] = defaultdict(list)
    lines_of: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        rows_of[row.words].append(row)
    for number in sorted(range(len(lines)), key=lambda number: bool(lines[number].get("kind"))):
        lines_of[printed[number]].append(number)
    for words, equal in rows_of.items():
        count = len(equal[0].tokens)
        there = [line for line in lines_of.get(words, ()) if len(lines[line]["words"]) == count]
        if there:
            yield Same([row.number for row in equal], there)


def _row_lines(
    count: int,
    tokens: Sequence[_Token],
    rows: Sequence[_Row],
    body: Sequence[int],
    words: Mapping[int, Words],
) -> list[int]:
    """Return for each row the line that most of its letters are on.

    As many rows as lines between two that are known are these lines, whatever they say.
    """
    votes: dict[int, Counter[int]] = defaultdict(Counter)
    for number, found in words.items():
        start, end, row = tokens[number]
        votes[row][found.line] += end - start
    places = [-1] * count
    for row, counted in votes.items():
        places[row] = counted.most_common(1)[0][0]
    printed = [row.number for row in rows if row.number in votes or _MARK.sub("", row.words)]
    return _with_unread(places, printed, body)


def _with_unread(places: list[int], rows: Sequence[int], body: Sequence[int]) -> list[int]:
    """Give rows that hold no known word their line, where their number leaves no doubt."""
    taken = set(places)
    unread = [row for row in rows if places[row] < 0]
    free = [line for line in body if line not in taken]
    known = [(-1, -1), *((row, places[row]) for row in rows if places[row] >= 0)]
    for (above, first), (below, last) in pairwise(
        [*known, (len(places), 1 + max(body, default=0))]
    ):
        between = unread[bisect_left(unread, above) : bisect_left(unread, below)]
        lines = free[bisect_left(free, first) : bisect_left(free, last)]
        if between and len(between) == len(lines):
            for row, line in zip(between, lines, strict=True):
                places[row] = line
    return places


def _in_units(text: str, tokens: Sequence[_Token], words: Mapping[int, Words]) -> list[Anchor]:
    """Return the anchors, with places as the browser counts them."""
    astral = [] if text.isascii() else [n for n, sign in enumerate(text) if sign > "\uffff"]
    found = []
    for number in sorted(words):
        start, end, _ = tokens[number]
        if astral:
            start, end = start + bisect_left(astral, start), end + bisect_left(astral, end)
        found.append(Anchor(start, end, *words[number]))
    return found
