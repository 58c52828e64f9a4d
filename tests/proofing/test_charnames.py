import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proofing.charnames import find


@pytest.mark.parametrize(
    ("words", "char"),
    [
        ("e acute", "\u00e9"),
        ("E acute", "\u00c9"),
        ("capital e acute", "\u00c9"),
        ("ae", "\u00e6"),
        ("section sign", "\u00a7"),
        ("long s", "\u017f"),
        ("double dagger", "\u2021"),
        ("em dash", "\u2014"),
        ("greek alpha", "\u03b1"),
        ("pound", "\u00a3"),
    ],
)
def test_a_character_is_found_by_words_of_its_name(words: str, char: str) -> None:
    assert char in find(words)[:2]


def test_what_has_no_name_is_not_found() -> None:
    assert find("") == find("   ") == find("no such character") == []


@given(st.text(max_size=30))
def test_any_words_may_be_asked_for(words: str) -> None:
    found = find(words)
    assert len(found) <= 20
    for char in found:
        name = unicodedata.name(char).replace("-", " ").split()
        assert all(any(part.startswith(word.upper()) for part in name) for word in words.split())
