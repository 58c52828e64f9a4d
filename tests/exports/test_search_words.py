"""What a word is to the search, and what a question asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.catalogue.search import excerpt
from exports.catalogue.search_words import Term, fold, terms_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Élan of Zoë", "the elan of zoe"),
        ("l’homme, o'clock; to-day", "l homme o clock to day"),  # noqa: RUF001 - as printed
        ("Cæsar's ſtory: Œuvres, Straße", "caesar s story oeuvres strasse"),  # noqa: RUF001 - as printed
        ("ΜΗ̃ΝΙΝ ἄειδε", "μηνιν αειδε"),  # noqa: RUF001 - Greek
        ("דָּבָר كِتَاب", "דבר كتاب"),
        ("soft\u00adhyphen well\u2060—met _x_", "softhyphen well met x"),
        ("吾輩は猫", "吾 輩 は 猫"),
        ("हिन्दी में", "हिन्दी में"),
        ("ﬁnal 1st № ½", "final 1st 12"),
        ("... — !", ""),
    ],
)
def test_words_are_folded(text: str, words: str) -> None:
    assert " ".join(word.folded for word in words_of(text)) == words


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("green whale", [Term(("green",)), Term(("whale",), open_end=True)]),
        ('"green whale"', [Term(("green", "whale"))]),
        ("“green whale” sea", [Term(("green", "whale")), Term(("sea",), open_end=True)]),
        ("don't go", [Term(("don", "t")), Term(("go",))]),
        ("to-mor", [Term(("to", "mor"), open_end=True)]),
        ("a a a", [Term(("a",))]),
        ('"unclosed phrase', [Term(("unclosed",)), Term(("phrase",), open_end=True)]),
        ("'\"* AND (", [Term(("and",))]),
        ("  ", []),
    ],
)
def test_a_question_is_terms(question: str, terms: list[Term]) -> None:
    assert list(terms_of(question)) == terms


@given(st.text())
def test_any_text_is_words_that_stand_in_it(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert end <= word.start < word.end <= len(text)
        assert word.folded == fold(text[word.start : word.end])
        assert word.folded.isprintable()
        assert not set(word.folded) & set(" '\"\\:*&|!()")
        end = word.end


@given(st.text(), st.text())
def test_an_excerpt_is_part_of_the_text(text: str, question: str) -> None:
    terms = terms_of(question)
    begin, pieces = excerpt(text, terms)
    assert 0 <= begin <= len(text)
    shown = "".join(piece.text for piece in pieces).removeprefix("… ").removesuffix(" …")
    assert shown in text
    assert len(shown) < 1200 or not terms


def test_an_excerpt_shows_the_place_with_most_of_the_terms() -> None:
    text = "whale " + "so " * 200 + "a green and a Whale swam " + "so " * 200
    begin, pieces = excerpt(text, terms_of("green whale"))
    assert text[begin:].startswith("green")
    assert [piece.text for piece in pieces if piece.found] == ["green", "Whale"]
    assert pieces[0].text == "… "
    assert pieces[-1].text == " …"
