"""A page's corrected words on their places in its scan: what ALTO, hOCR and the facsimile carry.

Where the OCR saw a word, its box is known (`proofing.anchors`). What it missed stands between its
neighbours of the same line; a whole line that it missed between those above and below.
"""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from exports.making import unmarked
from exports.writing.scanpage import Box, PlacedLine, PlacedWord, box_around
from proofing.anchors import Anchor, anchored

Json = Mapping[str, Any]

#: Of a page's size: where lines are put when nothing is known of them.
_MARGIN = 10
_LINES_A_PAGE = 40
_NARROWEST = 0.4  # of a line's height: the width of a letter put where there is no room


@dataclass(slots=True)
class _Row:
    """A row of the text in the making; a box is missing where the OCR saw no such word."""

    words: list[unmarked.Word]
    anchors: list[Anchor | None]
    line: int
    begins: bool


def place_words(text: str, lines: Sequence[Json], width: int, height: int) -> list[PlacedLine]:
    """Return the lines of a page's text with every printed word on the scan.

    `text` is any page text, `lines` are the OCR's (`pipeline/reading.py`), `width` and `height` the
    page image's. Lines that the OCR told apart from the text, such as the running head, come as it
    read them, first or last as they stand.
    """
    rows = _rows(text, lines)
    regions = _regions(rows, lines, width, height)
    body = [
        line
        for row, region in zip(rows, regions, strict=True)
        for line in _placed(row, region, lines)
    ]
    used = {anchor.line for row in rows for anchor in row.anchors if anchor}
    aside = [
        _as_read(line)
        for number, line in enumerate(lines)
        if line.get("kind") and line["words"] and number not in used
    ]
    middle = height // 2
    above = [line for line in aside if line.box[1] < middle]
    return [*above, *body, *(line for line in aside if line.box[1] >= middle)]


def as_read(lines: Iterable[Json]) -> list[PlacedLine]:
    """Return the OCR's own lines."""
    return [_as_read(line) for line in lines if line["words"]]


def _as_read(line: Json) -> PlacedLine:
    words = tuple(
        PlacedWord(word["text"], _box(word), found=True, read=True, confidence=word["confidence"])
        for word in line["words"]
    )
    return PlacedLine(words, kind=line.get("kind"))


def _rows(text: str, lines: Sequence[Json]) -> list[_Row]:
    known = anchored(text, lines)
    starts = {anchor.start: anchor for anchor in known.anchors}
    astral = [at for at, sign in enumerate(text) if sign > "\uffff"]
    rows = []
    begins = True
    for words, line in zip(unmarked.rows(text), known.line_of_rows, strict=True):
        found = [starts.get(word.start + bisect_left(astral, word.start)) for word in words]
        if words:
            rows.append(_Row(words, found, line, begins))
        begins = not words
    return rows


def _regions(rows: Sequence[_Row], lines: Sequence[Json], width: int, height: int) -> list[Box]:
    """Return for each row where it stands: its line's box, or its share of the room between two."""
    regions: list[Box | None] = [
        _line_box(lines[row.line]) if row.line >= 0 and lines[row.line]["words"] else None
        for row in rows
    ]
    margin = (width // _MARGIN, height // _MARGIN)
    usual = max(1, height // (_LINES_A_PAGE + _MARGIN))
    filled: list[Box] = []
    for is_known, group in groupby(enumerate(regions), lambda item: item[1] is not None):
        members = list(group)
        if is_known:
            filled += [box for _, box in members if box]
            continue
        before = filled[-1] if filled else None
        after = regions[members[-1][0] + 1] if members[-1][0] + 1 < len(rows) else None
        beside = before or after or (margin[0], 0, width - 2 * margin[0], usual)
        top = before[1] + before[3] if before else margin[1]
        if after is None:
            bottom = min(height, top + usual * len(members))
        else:
            bottom, top = after[1], (top if before else after[1] - usual * len(members))
        step = max(1, (bottom - top) // len(members))
        top = max(0, min(top, height - step * len(members)))
        filled += [(beside[0], top + step * n, beside[2], step) for n in range(len(members))]
    return filled


def _placed(row: _Row, region: Box, lines: Sequence[Json]) -> Iterator[PlacedLine]:
    """Yield a row's words as lines: one, or more where the text joined what is printed apart."""
    homes = _homes(row)
    begins = row.begins
    for home, members in groupby(range(len(row.words)), homes.__getitem__):
        part = list(members)
        box = _line_box(lines[home]) if home >= 0 else region
        words = [row.words[at] for at in part]
        yield PlacedLine(
            tuple(_in_line(words, [row.anchors[at] for at in part], box, lines)), begins
        )
        begins = False


def _homes(row: _Row) -> list[int]:
    """Return for each word its line: what was not seen stands with the word before, or behind."""
    homes = [anchor.line if anchor else -1 for anchor in row.anchors]
    current = next((home for home in homes if home >= 0), row.line)
    for at, home in enumerate(homes):
        current = homes[at] = home if home >= 0 else current
    return homes


def _in_line(
    words: Sequence[unmarked.Word],
    found: Sequence[Anchor | None],
    line: Box,
    lines: Sequence[Json],
) -> Iterator[PlacedWord]:
    """Yield words at their places in one printed line."""
    backwards = is_backwards(" ".join(word.text for word in words))
    pairs = list(zip(words, found, strict=True))
    places: list[Box | None] = []
    for _, group in groupby(pairs, lambda pair: pair[1] and pair[1][2:]):
        members = list(group)
        anchor = members[0][1]
        whole = _printed_box(anchor, lines) if anchor else None
        lengths = [len(word.text) for word, _ in members]
        places += _shares(whole, lengths, backwards) if whole else [None] * len(members)
    boxes = _with_gaps(places, [len(word.text) for word in words], line, backwards=backwards)
    for (word, anchor), box in zip(pairs, boxes, strict=True):
        yield _word(word, anchor, box, lines)


def _word(
    word: unmarked.Word, anchor: Anchor | None, box: Box, lines: Sequence[Json]
) -> PlacedWord:
    if anchor is None:
        return PlacedWord(word.text, box)
    seen = lines[anchor.line]["words"][anchor.word : anchor.last + 1]
    if [each["text"] for each in seen] != [word.text]:
        return PlacedWord(word.text, box, found=True)
    return PlacedWord(word.text, box, found=True, read=True, confidence=seen[0]["confidence"])


def _with_gaps(
    places: Sequence[Box | None], lengths: Sequence[int], line: Box, *, backwards: bool
) -> Iterator[Box]:
    """Yield every place: those missing share the room between their neighbours in the line."""
    x, y, wide, high = line
    if backwards:  # as seen in a mirror, the line runs forward
        mirrored = [_mirrored(box, line) for box in places]
        made = _with_gaps(mirrored, lengths, line, backwards=False)
        yield from (box for each in made if (box := _mirrored(each, line)))
        return
    edge, at = x, 0
    for is_known, group in groupby(places, lambda box: box is not None):
        members = list(group)
        if is_known:
            known = [box for box in members if box]
            yield from known
            edge = max(edge, known[-1][0] + known[-1][2])
        else:
            own = lengths[at : at + len(members)]
            following = places[at + len(members)] if at + len(members) < len(places) else None
            right = following[0] if following else x + wide
            if right - edge < len(members):  # no room: behind the last, or over the next's begin
                right = max(edge, right) + max(1, round(sum(own) * high * _NARROWEST))
            yield from _shares((edge, y, right - edge, high), own, backwards=False)
        at += len(members)


def _mirrored(box: Box | None, line: Box) -> Box | None:
    return box and (2 * line[0] + line[2] - box[0] - box[2], *box[1:])


def _shares(whole: Box, lengths: Sequence[int], backwards: bool) -> list[Box]:
    """Part a box among words in proportion to their lengths; from the right when `backwards`."""
    x, y, wide, high = whole
    total, done = max(1, sum(lengths)), 0
    boxes = []
    for length in lengths:
        left, right = wide * done // total, wide * (done + length) // total
        done += length
        start = x + wide - right if backwards else x + left
        boxes.append((start, y, max(1, right - left), high))
    return boxes


def is_backwards(text: str) -> bool:
    """Say whether most letters of a text are written from right to left."""
    kinds = [unicodedata.bidirectional(letter) for letter in text if letter > "\u0590"]
    back = sum(kind in ("R", "AL") for kind in kinds)
    return back * 2 > sum(letter.isalpha() for letter in text)


def _printed_box(anchor: Anchor, lines: Sequence[Json]) -> Box:
    words = lines[anchor.line]["words"][anchor.word : anchor.last + 1]
    return box_around(map(_box, words))


def _line_box(line: Json) -> Box:
    return box_around(map(_box, line["words"]))


def _box(word: Json) -> Box:
    x, y, width, height = word["box"]
    return x, y, width, height
