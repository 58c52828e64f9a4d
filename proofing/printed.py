"""Words as the machine read them, and where they stand on the scan: what notes and words hang on.

Lines and words are counted from 0, as in the `lines` of a page or task.
"""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, undefer_group

from library.errors import InvalidError
from library.models import Page, Person
from pipeline.models import OcrRun
from proofing import rounds
from proofing.models import PageTask
from proofing.rules import State

Box = list[int]


@dataclass(frozen=True)
class Printed:
    """A run of printed words: what was read there, and its box `[x, y, w, h]` on the page image."""

    text: str
    box: Box


def find(
    session: Session,
    person: Person,
    page: Page,
    line: int,
    first: int | None = None,
    last: int | None = None,
) -> Printed:
    """Return a printed line of a page, or its words from `first` to `last`, the last included.

    Who has the page in hand means the lines they were given, even when it was read anew since.
    Raises InvalidError for a line or word that is not there.
    """
    run = _run_in_hand(session, person, page) or rounds.latest_run(session, page.id)
    lines: list[Any] = run.lines if run else []
    if not 0 <= line < len(lines):
        raise _missing("line", f"Page {page.number} has {len(lines)} printed lines, from 0.")
    words = lines[line]["words"]
    if first is None:
        return Printed(_text(words), list(lines[line]["box"]))
    last = first if last is None else last
    if not 0 <= first <= last < len(words):
        raise _missing("first", f"Line {line} has {len(words)} printed words, from 0.")
    chosen = words[first : last + 1]
    return Printed(_text(chosen), around([word["box"] for word in chosen]))


def around(boxes: list[Box]) -> Box:
    """Return the smallest box around these."""
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    bottom = max(box[1] + box[3] for box in boxes)
    return [left, top, right - left, bottom - top]


def _text(words: list[Any]) -> str:
    return " ".join(word["text"] for word in words)


def _missing(field: str, sentence: str) -> InvalidError:
    return InvalidError(sentence, {field: sentence})


def _run_in_hand(session: Session, person: Person, page: Page) -> OcrRun | None:
    return session.scalar(
        sa.select(OcrRun)
        .options(undefer_group("read"))
        .join(PageTask, PageTask.run_id == OcrRun.id)
        .where(
            PageTask.page_id == page.id,
            PageTask.holder_id == person.id,
            PageTask.state == State.OUT,
        )
        .limit(1)
    )
