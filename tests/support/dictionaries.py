"""Dictionaries for tests: American English is always there, the others as Debian has them."""

import pytest

from pipeline.lexicon import Lexicon, lexicon_for

ENGLISH = ["en"]


def lexicon_of(language: str, year: int | None = None) -> Lexicon:
    """The lexicon of a language; skips the test where its dictionary is not installed."""
    lexicon = lexicon_for([language], year)
    if not lexicon.complete:
        pytest.skip(f"no dictionary for {language} is installed")
    return lexicon
