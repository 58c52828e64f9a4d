"""The commonest words of languages, which a reading is the likelier to be."""

import functools
import tomllib
from pathlib import Path


@functools.cache
def frequent_words(codes: tuple[str, ...]) -> frozenset[str]:
    """Return the commonest words of languages (BCP 47, bare), in small letters."""
    listed = tomllib.loads((Path(__file__).parent / "frequent_words.toml").read_text("utf-8"))
    return frozenset(word for code in codes for word in listed.get(code, "").split())
