"""Which characters a book is written with."""
# ruff: noqa: RUF001 - letters of many scripts, some of which look alike

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from library.db import reading
from library.models import Project
from pipeline.languages import TESSERACT_CODES, to_bcp47
from proofing import characters
from tests.support.desk import Desk

DATA = tomllib.loads((Path(characters.__file__).parent / "alphabets.toml").read_text())
LANGUAGES = sorted(DATA["languages"])
#: The beginning of the first article of the Universal Declaration of Human Rights, and old words.
SAMPLES = {
    "en": "All human beings are born free — “naïve” Æsop, £5, façade.",
    "fr": "Tous les êtres humains naissent libres et égaux en dignité; « cœur », Ça, À, Œuvre.",
    "de": "Alle Menschen sind frei und gleich an Würde und Rechten geboren; „Straße“, Ärger.",
    "de-Latf": "daſs, Straße; ⸗",
    "la": "Omnēs hominēs līberī æquīque dignitāte; œconomia, rosă",
    "es": "¿Todos los seres humanos nacen libres e iguales? ¡Sí! Ñandú",
    "it": "Tutti gli esseri umani nascono liberi ed eguali; perché, è, città, È",
    "pt-BR": "Todos os seres humanos nascem livres e iguais; ação, irmãos, É",
    "nl": "Alle mensen worden vrij en gelijk in waardigheid geboren; één, reünie",
    "sv": "Alla människor är födda fria; Åke, Örebro",
    "da": "Alle mennesker er født frie; Ærø, Århus",
    "no": "Alle mennesker er født frie; Ål, ørret",
    "pl": "Wszyscy ludzie rodzą się wolni i równi; źdźbło, Łódź, „tak”",
    "cs": "Všichni lidé rodí se svobodní; Říčany, ďábel, „tak“",
    "hu": "Minden emberi lény szabadon születik; őrült, Űr",
    "grc": "μῆνιν ἄειδε θεὰ Πηληϊάδεω Ἀχιλῆος· ᾧ",
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι· «ναι»",
    "ru": "Всѣ люди рождаются свободными; Ёлка, №, «да»",
    "he": "בְּרֵאשִׁית בָּרָא אֱלֹהִים",
    "ar": "يولد جميع الناس أحرارًا؛ نعم؟",
    "vi": "Tất cả mọi người sinh ra đều được tự do; Đường",
    "zh-Hans": "人人生而自由。",
    "ja": "すべての人間は、生まれながらにして自由",
    "hy": "Բոլոր մարդիկ ծնվում են ազատ։",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_data_is_sound(language: str) -> None:
    given = DATA["languages"][language]
    assert set(given) <= {"letters", "marks", "scripts"}
    assert set(given.get("scripts", ())) <= set(DATA["scripts"])
    shown = given.get("letters", "").split() + given.get("marks", "").split()
    assert len(shown) == len(set(shown))
    for char in characters.characters_of(language):
        assert unicodedata.normalize("NFC", char) == char, char
        assert unicodedata.name(char[0])
        assert not char.isascii() or char == "&", char
        assert len(char) == 1 or all(unicodedata.combining(each) for each in char[1:]), char


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_what_a_language_is_printed_with_is_expected(language: str, text: str) -> None:
    expected = characters.allowed([language])
    assert expected is not None
    unexpected = re.sub(expected, "", unicodedata.normalize("NFC", text))
    assert unexpected == ""


@pytest.mark.parametrize("char", ["ж", "α", "ő", "ß", "�", "\u200b", "\u0336", "漢", "\xa0"])
def test_what_does_not_belong_in_an_english_book_is_seen(char: str) -> None:
    expected = characters.allowed(["en"])
    assert expected is not None
    assert not re.fullmatch(expected, char)
    assert re.fullmatch(expected, "|")


def test_two_languages_expect_what_each_does() -> None:
    both = characters.allowed(["en", "grc"])
    assert both is not None
    assert re.fullmatch(f"{both}+", "Æ ᾧ\n\t]^\\-")
    assert not re.fullmatch(both, "ж")


def test_of_an_unknown_language_nothing_is_unexpected() -> None:
    assert characters.allowed(["en", "chr"]) is None
    assert characters.characters_of("chr") == []


def test_a_kind_of_a_language_is_that_language() -> None:
    assert characters.characters_of("pt-BR") == characters.characters_of("pt")
    assert characters.characters_of("sr-Latn-RS") == characters.characters_of("hr")
    assert "ſ" in characters.characters_of("de-Latf")
    assert "ж" not in characters.characters_of("sr-Latn")


def test_capitals_follow_from_small_letters() -> None:
    german = characters.characters_of("de")
    assert german.index("ä") < german.index("Ä") < german.index("„")
    assert "S" not in german
    assert not any(len(char) > 1 for char in german)
    assert "ᾼ" in characters.characters_of("grc")


def test_most_languages_that_can_be_read_are_known() -> None:
    tags = {to_bcp47(code).split("-")[0] for code in TESSERACT_CODES}
    known = {tag for tag in tags if characters.allowed([tag]) is not None}
    assert len(known) >= 60


def test_a_class_stays_short_for_the_longest_alphabet() -> None:
    expected = characters.allowed(["ja", "zh", "ko", "en"])
    assert expected is not None
    assert len(expected) < 2000


def test_characters_have_names_to_look_for() -> None:
    assert characters.name_of("é") == "latin small letter e with acute"
    assert characters.name_of("m\u0303") == "latin small letter m, combining tilde"
    assert characters.name_of("\ue000") == "U+E000"


def _book(desk: Desk, project: Project) -> list[str]:
    with reading(desk.engine) as session:
        return characters.book_characters(session, project)


def test_a_books_own_characters_come_by_use(desk: Desk) -> None:
    text = "é é é œ œ λόγος λόγος ü m\u0303m\u0303 \xa0\xa0 \ue000\ue000 plain"
    project = desk.project(pages=[text, "é"])
    assert _book(desk, project) == ["é", "m\u0303", "œ", "γ", "λ", "ο", "ς", "ό"]


def test_what_people_corrected_counts_and_not_what_the_machine_read(desk: Desk) -> None:
    project = desk.project(pages=["« « « Text", "« « Text"])
    assert _book(desk, project) == ["«"]
    ann = desk.person("ann")
    desk.read(project, ann, "é é Text")
    desk.read(project, ann, "é é Text")
    assert _book(desk, project) == ["é"]


def test_a_long_book_is_looked_at_here_and_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(characters, "SAMPLE", 4)
    project = desk.project(pages=[f"{chr(0x3B1 + at)}{chr(0x3B1 + at)}" for at in range(10)])
    found = _book(desk, project)
    assert 2 <= len(found) <= 4
    assert found[0] == "α"
    assert found[-1] > "ε"


def test_a_book_without_texts_has_none(desk: Desk) -> None:
    assert _book(desk, desk.project(pages=0)) == []
