import subprocess

import pytest

from library.errors import InvalidError
from pipeline.languages import (
    TESSERACT_CODES,
    debian_package,
    known_languages,
    language_name,
    to_bcp47,
    to_tesseract,
)
from pipeline.ocr import installed_languages


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "eng"),
        ("EN-gb", "eng"),
        ("eng", "eng"),
        ("de", "deu"),
        ("de-Latf", "frk"),
        ("pt_BR", "por"),
        ("zh-Hant-TW", "chi_tra"),
        ("sr-Latn", "srp_latn"),
        ("grc", "grc"),
        ("la", "lat"),
        ("nb", "nor"),
        (" fr ", "fra"),
    ],
)
def test_tags_of_the_world_find_their_data(tag: str, code: str) -> None:
    assert to_tesseract(tag) == code


def test_every_code_has_a_tag_and_comes_back() -> None:
    twice_named = {"deu_latf"}
    for code in TESSERACT_CODES - twice_named:
        assert to_tesseract(to_bcp47(code)) == code
        assert language_name(code) != code


@pytest.mark.parametrize("tag", ["", "xx", "klingon", "-", "../eng", "x" * 999])
def test_other_languages_are_refused(tag: str) -> None:
    with pytest.raises(InvalidError, match="BCP 47"):
        to_tesseract(tag)
    with pytest.raises(InvalidError) as caught:
        known_languages(["en", tag])
    assert "languages" in caught.value.errors


def test_known_languages_are_tags_each_once() -> None:
    assert known_languages(["eng", "en", "fra", "de-Latf", "en-GB"]) == [
        "en",
        "fr",
        "de-Latf",
        "en-GB",
    ]
    with pytest.raises(InvalidError, match="at least one"):
        known_languages([])


def test_names_for_people() -> None:
    assert language_name("eng") == "English"
    assert language_name("eng", "de") == "Englisch"
    assert language_name("ita_old") == "Italian (old)"
    assert debian_package("chi_sim") == "tesseract-ocr-chi-sim"


def test_installed_languages_are_those_the_engine_lists() -> None:
    listed = subprocess.run(
        ["tesseract", "--list-langs"], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    installed_languages.cache_clear()
    assert "eng" in installed_languages()
    assert installed_languages() <= set(listed) - {"osd"}
