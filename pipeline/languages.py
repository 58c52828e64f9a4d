"""Languages: BCP 47 tags (what the world uses) and Tesseract's codes (ISO 639-3 and own ones)."""

import functools
from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from library.errors import InvalidError

#: Every language that Tesseract's own data sets cover.
TESSERACT_CODES = frozenset(
    """
    afr amh ara asm aze aze_cyrl bel ben bod bos bre bul cat ceb ces chi_sim chi_sim_vert
    chi_tra chi_tra_vert chr cos cym dan deu deu_latf div dzo ell eng enm epo est eus fao fas fil
    fin fra frk frm fry gla gle glg grc guj hat heb hin hrv hun hye iku ind isl ita ita_old
    jav jpn jpn_vert kan kat kat_old kaz khm kir kmr kor kor_vert lao lat lav lit ltz mal
    mar mkd mlt mon mri msa mya nep nld nor oci ori pan pol por pus que ron rus san sin slk
    slv snd spa spa_old sqi srp srp_latn sun swa swe syr tam tat tel tgk tha tir ton tur
    uig ukr urd uzb uzb_cyrl vie yid yor
    """.split()  # noqa: SIM905 - a list of 126 lines says no more
)

_IRREGULAR = {
    "aze_cyrl": "az-Cyrl",
    "chi_sim": "zh-Hans",
    "chi_sim_vert": "zh-Hans-x-vert",
    "chi_tra": "zh-Hant",
    "chi_tra_vert": "zh-Hant-x-vert",
    "deu_latf": "de-Latf",  # newer name of frk
    "frk": "de-Latf",
    "ita_old": "it-x-old",
    "jpn_vert": "ja-x-vert",
    "kat_old": "ka-x-old",
    "kmr": "ku",
    "kor_vert": "ko-x-vert",
    "spa_old": "es-x-old",
    "srp_latn": "sr-Latn",
    "uzb_cyrl": "uz-Cyrl",
}


def to_bcp47(code: str) -> str:
    """Return the BCP 47 tag of a Tesseract code: `eng` gives `en`, `frk` gives `de-Latf`."""
    if code in _IRREGULAR:
        return _IRREGULAR[code]
    alias: str = get_global("language_aliases").get(code, code)
    return alias


@functools.cache
def _by_tag() -> dict[str, str]:
    tags = {to_bcp47(code).lower(): code for code in sorted(TESSERACT_CODES)}
    return tags | {
        "zh": "chi_sim",
        "zh-tw": "chi_tra",
        "zh-hk": "chi_tra",
        "no": "nor",
        "nb": "nor",
        "nn": "nor",
    }


def to_tesseract(language: str) -> str:
    """Return Tesseract's code of a BCP 47 tag, or of its own code: `en-GB` and `eng` give `eng`.

    A script or variant that Tesseract knows is kept (`de-Latf` gives `frk`), a region is not.
    Raises InvalidError for a language it has no data for.
    """
    wanted = language.strip()
    if wanted in TESSERACT_CODES:
        return wanted
    parts = wanted.replace("_", "-").lower().split("-")
    for length in range(len(parts), 0, -1):
        code = _by_tag().get("-".join(parts[:length]))
        if code is not None:
            return code
    raise InvalidError(
        f"There is no OCR for the language “{language}”; give its BCP 47 tag, such as en or pt-BR."
    )


def known_languages(languages: Iterable[str]) -> list[str]:
    """Return languages as BCP 47 tags, each once; Tesseract's codes are translated.

    Raises InvalidError, with the field `languages`, for one that no OCR data exists for.
    """
    try:
        tags = [_known(language.strip()) for language in languages]
    except InvalidError as error:
        raise InvalidError(error.sentence, {"languages": error.sentence}) from error
    if not tags:
        sentence = "A language is needed to read the pages; give at least one, such as en."
        raise InvalidError(sentence, {"languages": sentence})
    return list(dict.fromkeys(tags))


def _known(language: str) -> str:
    code = to_tesseract(language)
    if language in TESSERACT_CODES:
        return to_bcp47(code)
    return language.replace("_", "-")


def language_name(code: str, locale: str = "en") -> str:
    """Return the name of a Tesseract code for people: `ita_old` gives `Italian (old)`."""
    tag, _, variant = to_bcp47(code).partition("-x-")
    try:
        name = Locale.parse(tag, sep="-").get_display_name(locale)
    except (UnknownLocaleError, ValueError):
        name = Locale.parse(locale).languages.get(tag.split("-")[0])
    return f"{name or code} ({variant})" if variant else name or code


def debian_package(code: str) -> str:
    """Return the Debian and Ubuntu package that holds a language's data."""
    return f"tesseract-ocr-{code.replace('_', '-')}"
