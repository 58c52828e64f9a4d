"""Printed page numbers: their value, their sequence, and labels given for a whole book at once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events
from library.errors import InvalidError
from library.models import Page, Person, Project
from library.projects import require_coordinator

Style = Literal["arabic", "roman", "ROMAN"]

LONGEST = 20
_VALUES = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_WORTH = {letters: worth for worth, letters in _VALUES if len(letters) == 1}
#: Also as printers set them: `viiii`, and a `j` for the last `i`.
_ROMAN = re.compile(r"(?=.)m{0,4}(?:cm|cd|d?c{0,4})(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,3}[ij]?)")
_WITHOUT = re.compile(r"\[\s*(\d{1,4})?\s*[^\d\[\]]*\]")
_HYPHEN = re.compile(r"\s*[-\u2010-\u2015]\s*")


@dataclass(frozen=True)
class Number:
    """A page number: how it is printed, and its value."""

    style: Style
    value: int

    def __str__(self) -> str:
        """Give it as it is printed."""
        if self.style == "arabic":
            return str(self.value)
        numeral = _numeral(self.value)
        return numeral.upper() if self.style == "ROMAN" else numeral


def number_of(label: str) -> Number | None:
    """Return the number that a label is, or None for any other (`Plate 3`, nothing)."""
    if label.isascii() and label.isdecimal() and len(label) <= 6:  # noqa: PLR2004 - any book
        return Number("arabic", int(label))
    if (label.islower() or label.isupper()) and _ROMAN.fullmatch(label.lower()):
        return Number("ROMAN" if label.isupper() else "roman", _worth(label.lower()))
    return None


def label_pages(
    session: Session, person: Person, project: Project, ranges: str, now: datetime
) -> int:
    """Give a project's pages the labels of these ranges, in order; returns how many pages.

    `ranges` are divided by commas: `i-xii, 1-357`; `[3 unnumbered]` are so many pages without a
    number, `1-` goes on to the last page, anything else is one page's label. Pages of the kind
    `skip` are passed over and get none. The machine changes none of these labels any more; with
    no ranges at all, they are left to it again. Raises ForbiddenError, InvalidError.
    """
    require_coordinator(session, person, project)
    pages = session.scalars(
        sa.select(Page)
        .where(Page.project_id == project.id, Page.deleted_at.is_(None))
        .order_by(Page.number)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    counted = [page for page in pages if page.kind != "skip"]
    labels = iter(labels_of(ranges, len(counted)) if ranges.strip() else [])
    before = {str(page.id): page.label for page in pages}
    for page in pages:
        if page.label_given and not ranges.strip():
            page.label = ""
        elif ranges.strip():
            page.label = "" if page.kind == "skip" else next(labels)
        page.label_given = bool(ranges.strip())
    detail = {"ranges": ranges.strip(), "before": before}
    events.record(session, "pages.labelled", now, person=person, project=project, detail=detail)
    return len(counted)


def labels_of(ranges: str, pages: int) -> list[str]:
    """Return the labels that these ranges give so many pages. Raises InvalidError.

    The form is that of `label_pages`; the ranges must be for exactly these pages.
    """
    parts = [part.strip() for part in ranges.split(",")]
    spans = [_span(part) for part in parts if part]
    if any(span.count is None for span in spans[:-1]):
        raise _refusal("A range without an end must be the last one.")
    named = sum(span.count or 0 for span in spans)
    left = pages - named
    if left < 0 or (left and (not spans or spans[-1].count is not None)):
        raise _refusal(_miscounted(named, pages))
    return [label for span in spans for label in span.labels(left)]


def ranges_of(labels: Sequence[str]) -> str:
    """Return labels as the ranges that give them: the other way round of `labels_of`."""
    parts: list[str] = []
    for place, label in enumerate(labels):
        number, before = number_of(label), number_of(labels[place - 1]) if place else None
        goes_on = number and before == Number(number.style, number.value - 1)
        if goes_on:
            parts[-1] = f"{parts[-1].partition('-')[0]}-{label}"
        elif not label and parts and parts[-1].startswith("["):
            parts[-1] = f"[{int(parts[-1].strip('[]').split()[0]) + 1} unnumbered]"
        else:
            parts.append(label or "[1 unnumbered]")
    return ", ".join(parts)


@dataclass(frozen=True)
class _Span:
    """So many labels one after another; `count` is None where it goes on to the book's end."""

    first: Number | str
    count: int | None

    def labels(self, left: int) -> Iterator[str]:
        for place in range(left if self.count is None else self.count):
            if isinstance(self.first, Number):
                yield str(Number(self.first.style, self.first.value + place))
            else:
                yield self.first


def _span(part: str) -> _Span:
    if without := _WITHOUT.fullmatch(part):
        return _Span("", int(without[1] or 1))
    if "[" in part or "]" in part:
        raise _refusal(f"{part} is not understood: write [3 unnumbered] for pages without one.")
    ends = _HYPHEN.split(part)
    numbers = [number_of(end) for end in ends]
    if len(ends) == 1 or numbers[0] is None:
        return _Span(numbers[0] or _label(part), 1)
    if len(ends) == 2 and not ends[1]:  # noqa: PLR2004 - a beginning and an end
        return _Span(numbers[0], None)
    if len(ends) > 2 or (last := numbers[1]) is None:  # noqa: PLR2004
        raise _refusal(f"{part} is not understood: write a range as i-xii or 1-357.")
    if last.style != numbers[0].style:
        raise _refusal(f"{part} begins and ends with different kinds of numbers.")
    if last.value < numbers[0].value:
        raise _refusal(f"{part} runs backwards: write the lower number first.")
    return _Span(numbers[0], last.value - numbers[0].value + 1)


def _label(text: str) -> str:
    if len(text) > LONGEST or not text.isprintable():
        raise _refusal(f"{text[:LONGEST]}\u2026 is no label: one has at most 20 characters.")
    return text


def _miscounted(named: int, pages: int) -> str:
    """Say how ranges and pages differ, and what to do."""
    said = f"These ranges are for {named} pages, and the book has {pages} (without those to skip)"
    if named < pages:
        return f"{said}: add [{pages - named} unnumbered] where they belong, or scans are too many."
    return f"{said}: {named - pages} scans are missing, or a range is too long."


def _refusal(sentence: str) -> InvalidError:
    return InvalidError(sentence, {"ranges": sentence})


def _worth(numeral: str) -> int:
    values: Sequence[int] = [_WORTH["i" if letter == "j" else letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-one if one < next_ else one for one, next_ in zip(values, following, strict=True))


def _numeral(value: int) -> str:
    letters = ""
    for worth, sign in _VALUES:
        times, value = divmod(value, worth)
        letters += sign * times
    return letters
