import multiprocessing
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon as module
from pipeline.lexicon import Lexicon, bare, how_to_install, lexicon_for
from tests.support.dictionaries import ENGLISH, lexicon_of


@pytest.fixture(scope="module")
def english() -> Lexicon:
    return lexicon_for(ENGLISH)


@pytest.mark.parametrize(
    "word",
    """
    selected, color "Colour MEN'S ladies' Arthur's I'll to-day well-beloved lamp-light--and
    morning.\u2014Then <i>path</i> XIV. xvii 1st 12mo 1850-51, 3.50 U.S.A. J. e.g.
    viz. Mr. don\u2019t
    'Then
    musick turn'd chang'd connexion shewn \u017faid goeth knowest stopt lovest \u0153conomy
    \u00c6sop compleat
    won- ? -- 7 \u2014 ...
    """.split(),  # noqa: SIM905 - shorter so
)
def test_words_of_old_english_books_are_known(english: Lexicon, word: str) -> None:
    assert english.known(word)


@pytest.mark.parametrize(
    "word",
    ["seleeted", "tbe", "tlie", "rnan", "Zedwick", "well-bcloved", "path--tbe", "w0rd", "4mazed"],
)
def test_what_is_no_word_is_unknown(english: Lexicon, word: str) -> None:
    assert not english.known(word)


def test_old_spellings_end_with_their_century() -> None:
    assert Lexicon(ENGLISH, 1780).known("musick")
    assert not Lexicon(ENGLISH, 1910).known("musick")
    assert Lexicon(ENGLISH, 1910).known("to-day")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            "\u00e9toit l'\u00e9toit enfans coeur COEUR po\u00ebte grand'm\u00e8re l\u2019eau",
        ),
        ("de", "da\u00df Theil Ueber Gleichni\u00df studiren Capitel giebt seyn Waaren \u017fich"),
    ],
)
def test_words_of_other_languages(language: str, words: str) -> None:
    found = lexicon_of(language)
    assert [word for word in words.split() if not found.known(word)] == []
    assert not found.known("zqx")


def test_a_script_or_region_has_the_languages_dictionary() -> None:
    assert lexicon_of("de-Latf").known("Stra\u00dfe")
    assert lexicon_for(["en-GB"]).known("color")  # books follow either spelling


def test_a_word_of_any_of_the_languages_is_known() -> None:
    lexicon_of("fr")
    both = lexicon_for(["en", "fr"])
    assert both.known("selected")
    assert both.known("choisie")
    assert not both.known("seleeted")


def test_without_a_dictionary_nothing_is_unknown_and_a_sentence_helps() -> None:
    found = Lexicon(["en", "la"])
    assert (found.complete, found.missing) == (False, ["la"])
    assert found.known("selected")
    assert "apt install hunspell-la" in how_to_install("la")
    assert "apt install hunspell-en-gb" in how_to_install("en-GB")
    assert not Lexicon([]).complete
    assert not Lexicon(["not a language"]).complete


def test_a_dictionary_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "la.aff").write_text("SET UTF-8\n")
    (tmp_path / "la.dic").write_text("2\ngratia\nplena\n")
    monkeypatch.setattr(module, "FOLDERS", (tmp_path,))
    module._files.cache_clear()  # noqa: SLF001
    try:
        found = Lexicon(["la"])
        assert found.complete
        assert found.known("Gratia")
        assert not found.known("plenq")
    finally:
        module._files.cache_clear()  # noqa: SLF001


def test_bare_words() -> None:
    assert bare('"<i>it\u2019s</i>,"') == "it's"
    assert bare("('tis)") == "'tis"
    assert bare("--") == ""
    assert bare("cafe\u0301.") == "caf\u00e9"


def test_what_is_opened_before_a_fork() -> None:
    module._of.cache_clear()  # noqa: SLF001
    module.warm_up(["fra", "eng"])
    assert module._of.cache_info().currsize == 2  # noqa: SLF001
    assert lexicon_for(["en"]).complete
    assert module._of.cache_info().currsize == 2  # noqa: SLF001


def test_many_threads_get_what_one_gets() -> None:
    words = [f"{start}{end}" for start in ("select", "walk", "qxz") for end in ("ed", "s", "ing")]
    fresh = Lexicon(ENGLISH)
    alone = [Lexicon(ENGLISH).known(word) for word in words]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(fresh.known, words * 40)) == alone * 40


def _knows_in_child(answer: "multiprocessing.Queue[bool]") -> None:
    answer.put(lexicon_for(ENGLISH).known("unheardofly-selected"))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_forked_while_a_thread_looks_up_is_not_stuck(english: Lexicon) -> None:
    assert english.complete
    context = multiprocessing.get_context("fork")
    answer: multiprocessing.Queue[bool] = context.Queue()
    with module._lock:  # noqa: SLF001 - as another thread would hold it
        child = context.Process(target=_knows_in_child, args=(answer,))
        child.start()
    assert answer.get(timeout=20) is False
    child.join()
    assert threading.active_count() >= 1


@given(st.text())
def test_any_text_is_known_or_not(text: str) -> None:
    assert lexicon_for(ENGLISH).known(text) in (True, False)
    assert not re.search(r"[\u2019]", bare(text))


@given(st.text(st.characters(codec=None)))
def test_half_characters_are_no_words(text: str) -> None:
    lexicon_for(ENGLISH).known(text)
    lexicon_for(ENGLISH).spells(text)
