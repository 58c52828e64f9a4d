"""The first pages of a real book, the whole way over HTTP; `make demo-book` takes all of it."""

import os
from pathlib import Path

import pytest

from benchmarks.demo_book import Journey, JourneyError, known_book, missing_words
from benchmarks.installation import epubcheck, running

PAGES = 8


def test_scans_go_in_and_an_ebook_comes_out(tmp_path: Path) -> None:
    try:
        scans, texts = known_book(PAGES)
    except JourneyError as error:
        pytest.skip(str(error))
    with running(tmp_path / "home", GALLEY_WORKERS=str(os.cpu_count() or 1)) as place:
        journey = Journey(place, scans, texts)
        journey.travel(tmp_path)
    epub, text = (tmp_path / f"{journey.slug}{suffix}" for suffix in (".epub", ".txt"))
    assert "missing or out of order 0 " in missing_words(epub, scans)
    assert "missing or out of order 0 " in missing_words(text, scans)
    assert epubcheck(epub) == "no errors, no warnings"
