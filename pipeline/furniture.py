"""What a page carries besides its text: running head, folio, signature.

Judged on one page alone, so only what can hardly be text is taken: the top row when a page number
stands at its outer end, and a number or a signature mark alone at the foot. A chapter's title at
the top of a page must never be lost. What is taken keeps its words and gets a `kind`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from pipeline.layout import Line, line_height

Kind = Literal["head", "folio", "signature"]

#: A page number, also where the engine took a digit for a letter. Four digits are a year.
_NUMBER = re.compile(r"(?=.*\d)[\dIlOoSBZi]{1,3}|[ivxlc]{1,7}")
_AROUND = " .,'\u2018\u2019*-\u2013\u2014[](){}|:;_~\u00b7\u2022"
#: A signature mark: a letter or two, and the leaf (`B`, `2 C`, `D 3`, `K*`).
_SIGNATURE = re.compile(r"\d?\s?[A-Z]{1,2}\s?\d?\*?|\d{1,2}\*")
#: How near to the edge of the text a page number stands, as a share of the text's width.
_OUTER = 0.06
_FEWEST_LINES = 6
_MOST_NUMBERED_ROWS = 3
_CAPITALS = 0.6
_APART = 1.2
_NARROW = 0.85


def marked(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of a page, with `kind` set on its running head, folio and signature."""
    result = list(lines)
    rows = _rows(lines)
    if len(rows) < _FEWEST_LINES or _numbered(rows) > _MOST_NUMBERED_ROWS:
        return result  # title pages, tables and lists of contents
    top = _top_kind(rows)
    bottom = _bottom_kind(rows)
    for row, kind in ((rows[0], top), (rows[-1], bottom)):
        for line in row if kind else []:
            result[_position(lines, line)] = replace(line, kind=kind)
    return result


def _position(lines: Sequence[Line], wanted: Line) -> int:
    return next(index for index, line in enumerate(lines) if line is wanted)


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines from top to bottom; those side by side in one row, from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _middle(line) - _middle(rows[-1][-1]) < _least_height(line, rows[-1][-1]) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _middle(line: Line) -> float:
    return line.box[1] + line.box[3] / 2


def _least_height(*lines: Line) -> int:
    return min(line.box[3] for line in lines)


def _words(row: Sequence[Line]) -> list[str]:
    return [word.text for line in row for word in line.words]


def _is_number(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text.strip(_AROUND)))


def _numbered(rows: Sequence[Sequence[Line]]) -> int:
    """Count rows that end with a number or are one, as in tables, contents and indexes."""
    return sum(_is_number(_words(row)[-1]) for row in rows[1:-1])


def _top_kind(rows: Sequence[Sequence[Line]]) -> Kind | None:
    row, words = rows[0], _words(rows[0])
    if _is_number("".join(words)):
        return "folio"
    rest = _beside_number(rows)
    if not rest:
        return None
    letters = [letter for letter in "".join(rest) if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if not letters or capitals >= _CAPITALS * len(letters):
        return "head"
    return "head" if _stands_apart(row, rows) else None


def _beside_number(rows: Sequence[Sequence[Line]]) -> list[str]:
    """Return the words of the top row beside a page number at the edge of the text, if any."""
    row, words = rows[0], _words(rows[0])
    left, right = _text_edges(rows)
    reach = _OUTER * (right - left)
    first, last = row[0].words[0].box, row[-1].words[-1].box
    if _is_number(words[-1]) and last[0] + last[2] > right - reach:
        return words[:-1]
    if _is_number(words[0]) and first[0] < left + reach:
        return words[1:]
    return []


def _text_edges(rows: Sequence[Sequence[Line]]) -> tuple[int, int]:
    body = [line.box for row in rows[1:-1] for line in row]
    return min(box[0] for box in body), max(box[0] + box[2] for box in body)


def _stands_apart(row: Sequence[Line], rows: Sequence[Sequence[Line]]) -> bool:
    """Whether the top row is set off from the next, and shorter than the text."""
    below = rows[1]
    gap = min(line.box[1] for line in below) - max(line.box[1] + line.box[3] for line in row)
    left, right = _text_edges(rows)
    words = [word.box for line in row for word in line.words]
    width = sum(box[2] for box in words)
    em = line_height([line for each in rows for line in each])
    return gap > _APART * em / 2 and width < _NARROW * (right - left)


def _bottom_kind(rows: Sequence[Sequence[Line]]) -> Kind | None:
    words = _words(rows[-1])
    if _is_number("".join(words)):
        return "folio"
    text = " ".join(words).strip(_AROUND.replace("*", ""))
    return "signature" if _SIGNATURE.fullmatch(text) else None
