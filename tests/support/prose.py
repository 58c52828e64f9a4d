"""Pages of prose as the machine reads them: rows of text, and lines whose boxes fit them."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from library.models import Page, Project
from pipeline.models import OcrRun
from pipeline.reading import LineJson, WordJson
from tests.support import rows

#: Fourteen lines in two paragraphs; the first ends with the eleventh line.
LINES = (
    "It was the custom of the house that whoever",
    "came down first should light the lamp in the",
    "hall, and leave it burning until the last had",
    "gone to bed. My aunt, who rose before the sun,",
    "had lit it for forty years, and was a little",
    "vain of it; nor would she hear of any newer",
    "way of doing what she did so well. When the",
    "company put gas into our street she drew the",
    "curtains on that side, and told us at table",
    "that a lamp which nobody had to light was not",
    "a lamp that anybody could be fond of.",
    "On the evening of which I speak the hall was",
    "dark. We stood about with our candles, and no",
    "one of us liked to be the first to say so.",
)
TEXT = "\n".join((*LINES[:11], "", *LINES[11:]))
_LETTER, _HEIGHT, _PITCH, _LEFT, _TOP = 18, 34, 52, 200, 240


def lines_of(text: str, doubtful: Collection[str] = ()) -> list[LineJson]:
    """Return the printed lines of a page text; words of `doubtful` are doubted."""
    printed = [row for row in text.split("\n") if row]
    return [_line(row, place, doubtful) for place, row in enumerate(printed)]


def _line(row: str, place: int, doubtful: Collection[str]) -> LineJson:
    top, left = _TOP + place * _PITCH, _LEFT
    words: list[WordJson] = []
    for text in row.split():
        width = len(text) * _LETTER
        suspect = 0.4 if text in doubtful else 0.004
        box = (left, top, width, _HEIGHT)
        words.append({"text": text, "box": box, "confidence": 96.0, "suspect": suspect})
        left += width + _LETTER
    return {"box": (_LEFT, top, left - _LETTER - _LEFT, _HEIGHT), "words": words}


def add_prose(
    session: Session,
    project: Project,
    text: str = TEXT,
    *,
    doubtful: Sequence[str] = (),
    **run: Any,  # noqa: ANN401 - columns of OcrRun
) -> Page:
    """Add a project's next page, prepared and read as this text; columns of the run by name."""
    page = rows.add_page(session, project, text)
    page.image_sha256 = f"{page.id:064x}"
    read = session.query(OcrRun).filter_by(page_id=page.id, latest=True).one()
    read.lines = list(lines_of(text, doubtful))
    words = text.split()
    read.words, read.doubtful = len(words), sum(word in doubtful for word in words)
    for name, value in run.items():
        setattr(read, name, value)
    session.flush()
    return page
