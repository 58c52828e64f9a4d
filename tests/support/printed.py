"""Printed lines as the machine reads them, for tests that hang something on them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.models import Page
from pipeline.models import OcrRun


def line_of(words: Sequence[str], at: int = 0) -> dict[str, Any]:
    """Return a line of these words, in the place `at` from the top, 20 pixels a letter."""
    found: list[dict[str, Any]] = []
    left = 100
    for word in words:
        box = [left, 100 + 60 * at, 20 * len(word), 40]
        found.append({"text": word, "box": box, "confidence": 90.0, "suspect": 0.1})
        left += 20 * (len(word) + 1)
    return {"box": [100, 100 + 60 * at, left - 120, 40], "words": found}


def read_anew(session: Session, page: Page, *lines: Sequence[str]) -> None:
    """Let the page's newest run have read these lines, on a scan of its own."""
    page.image_sha256 = page.image_sha256 or "a" * 64
    run = session.scalars(sa.select(OcrRun).where(OcrRun.page_id == page.id, OcrRun.latest)).one()
    run.lines = [line_of(words, at) for at, words in enumerate(lines)]
