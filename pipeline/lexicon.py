"""Which words a language knows: hunspell's dictionaries, and what older books spell otherwise.

The only importer of `hunspell`. Dictionaries are files `en_GB.aff` and `.dic` in the folders where
systems keep them; American English comes with the package. Where a language has none, nothing is
said of its words: `Lexicon.complete` is false.
"""

import functools
import os
import re
import threading
import time
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hunspell
from babel.core import get_global

from library.errors import InvalidError
from pipeline.languages import to_bcp47, to_tesseract

FOLDERS: tuple[Path, ...] = (
    Path("/usr/share/hunspell"),
    Path("/usr/share/myspell/dicts"),
    Path("/usr/local/share/hunspell"),
    Path("/opt/homebrew/share/hunspell"),
    Path("/Library/Spelling"),
    Path(hunspell.__file__).parent / "dictionaries",
)
#: Books of these languages follow either of two spellings, wherever they were printed.
_BOTH = {"en": ("GB", "US"), "pt": ("PT", "BR")}
_DEBIAN = {"en": "hunspell-en-gb", "de": "hunspell-de-de", "pt": "hunspell-pt-pt"}

#: What a word is looked up without: all around it that is neither letter nor digit, and an
#: apostrophe at its end.
_CORE = re.compile(r"'?[^\W_](?:.*[^\W_])?")
_MARK = re.compile(r"</?[a-z]{1,2}>")
_JOINED = re.compile(r"--+|[\u2013\u2014/\u2026]|\.{2,}|[,;:!?](?=[^\W\d_])")
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$", re.IGNORECASE)
_NUMBER = re.compile(
    r"[\d.,:'/\u00b0\u00bc-\u00be-]*\d(?:st|nd|rd|th|d|s|mo|vo|to|me|e|er|re|[a-z])?", re.IGNORECASE
)
_ROMAN = re.compile(r"(?=.)m{0,4}(?:cm|cd|d?c{0,4})(?:xc|xl|l?x{0,4})(?:ix|iv|v?i{0,3}[ij]?)")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")
_MOST_FORMS = 12
_LONGEST = 60
#: Words whose answer is kept, by lexicon: some megabytes.
_REMEMBERED = 1 << 14
_WARM_UP = 3.0


@dataclass(frozen=True)
class Rule:
    """A way in which older print spells otherwise, up to a year."""

    pattern: re.Pattern[str]
    to: str
    until: int


class Lexicon:
    """The dictionaries of a book's languages; a word is known when any of them knows it.

    Safe to use from many threads, and after a fork.
    """

    def __init__(self, languages: Sequence[str], year: int | None = None) -> None:
        codes = tuple(dict.fromkeys(_code(language) for language in languages))
        self._dictionaries = [_open(path) for tag in languages for path in _files(tag)]
        self._rules = [rule for rule in _rules(codes) if (year or 0) <= rule.until]
        self._words = frozenset(word for code in codes for word in _own_words(code))
        #: The languages, without region or script.
        self.codes = codes
        #: Languages for which no dictionary is installed.
        self.missing = missing_languages(languages)
        self._spells = functools.lru_cache(_REMEMBERED)(self._look_up)
        self._knows = functools.lru_cache(_REMEMBERED)(self._judge)

    @property
    def complete(self) -> bool:
        """Whether each of the languages has a dictionary: only then is a word ever unknown."""
        return bool(self._dictionaries) and not self.missing

    def known(self, text: str) -> bool:
        """Say whether a word of page text, marks and stops around it and all, is a word.

        What holds no letter is known. So are numbers, Roman numerals, initials, possessives,
        compounds of known parts, and the first half of a word broken at the line's end.
        """
        return self._knows(text)

    def spells(self, word: str) -> bool:
        """Say whether a dictionary has this very word, in small letters or with its capitals."""
        return self._spells(word)

    def _judge(self, text: str) -> bool:
        core = bare(text)
        if not core or text.endswith(("-", "-*")) or len(core) > _LONGEST:
            return True
        return all(self._known_part(part) for part in _JOINED.split(core) if part)

    def _known_part(self, part: str) -> bool:
        word = bare(part)
        if not word or _is_number(word) or _is_initials(word) or self._known_form(word):
            return True
        pieces = [bare(piece) for piece in word.split("-")]
        return len(pieces) > 1 and all(not piece or self._known_part(piece) for piece in pieces)

    def _known_form(self, word: str) -> bool:
        if self._spells(word) or word.lower() in self._words:
            return True
        stem = _POSSESSIVE.sub("", word)
        stems = dict.fromkeys((stem, word.lower(), stem.removeprefix("'")))
        return any(self._spells(form) for stem in stems for form in self._forms(stem) if form)

    def _forms(self, word: str) -> Iterator[str]:
        """Yield the word and what it would be in today's spelling, few forms only."""
        forms = [word]
        yield word
        for rule in self._rules:
            for form in forms[: _MOST_FORMS - len(forms)]:
                newer = rule.pattern.sub(rule.to, form)
                if newer != form and newer not in forms:
                    forms.append(newer)
                    yield newer

    def _look_up(self, word: str) -> bool:
        try:
            with _lock:
                return any(one.spell(word) for one in self._dictionaries)
        except UnicodeEncodeError:  # half a character, or one that a dictionary's code page lacks
            return False


@functools.lru_cache(maxsize=64)
def _of(languages: tuple[str, ...], year: int | None) -> Lexicon:
    return Lexicon(languages, year)


def lexicon_for(languages: Sequence[str], year: int | None = None) -> Lexicon:
    """Return the lexicon of these languages, as BCP 47 tags; kept for the life of the process.

    `year` is when the book was printed: it chooses which old spellings count.
    """
    return _of(tuple(languages), year)


def warm_up(codes: Iterable[str]) -> None:
    """Open the dictionaries of these of Tesseract's codes, English first, for a few seconds.

    What is opened before a process forks need not be opened by each of its children.
    """
    until = time.monotonic() + _WARM_UP
    for code in sorted(codes, key=lambda code: (code != "eng", code)):
        if time.monotonic() > until:
            return
        lexicon_for([to_bcp47(code)])


def bare(text: str) -> str:
    """Return a word without marks and what stands around it, with straight apostrophes, NFC."""
    plain = unicodedata.normalize("NFC", _MARK.sub("", text)).replace("\u2019", "'")
    core = _CORE.search(plain)
    return core[0] if core else ""


def missing_languages(languages: Iterable[str]) -> list[str]:
    """Return those of the languages for which no dictionary is installed."""
    return [tag for tag in languages if not _files(tag)]


def how_to_install(language: str) -> str:
    """Return a sentence that says how to get a language's dictionary."""
    code = _code(language)
    package = _DEBIAN.get(code, f"hunspell-{code}")
    return (
        f"There is no dictionary for {language}; on Debian and Ubuntu: apt install {package};"
        f" elsewhere put {code}.aff and {code}.dic into {FOLDERS[2]} or {FOLDERS[4]}."
    )


def _code(language: str) -> str:
    """Return the language of a BCP 47 tag or of Tesseract's code: `de-Latf` gives `de`."""
    try:
        tag = to_bcp47(to_tesseract(language))
    except InvalidError:
        tag = language
    return tag.replace("_", "-").partition("-")[0].lower()


@functools.cache
def _files(language: str) -> tuple[Path, ...]:
    """Return a language's dictionaries (`.dic`), each once; none when none is installed."""
    code, tag = _code(language), language.replace("_", "-")
    _, _, named = tag.rpartition("-")
    likely = get_global("likely_subtags").get(code, "").rpartition("_")[2]
    regions = [*_BOTH.get(code, ()), *([named] if len(named) == 2 else []), likely]  # noqa: PLR2004
    names = dict.fromkeys([*(f"{code}_{region}" for region in regions if region), code])
    found = [path for name in names if (path := _find(name))]
    return tuple(dict.fromkeys(path.resolve() for path in found))


def _find(name: str) -> Path | None:
    for folder in FOLDERS:
        path = folder / f"{name}.dic"
        if path.is_file() and path.with_suffix(".aff").is_file():
            return path
    return None


@functools.cache
def _open(path: Path) -> hunspell.Hunspell:
    with _lock:
        return hunspell.Hunspell(path.stem, str(path.parent), system_encoding="utf-8")


@functools.cache
def _data() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "old_spellings.toml").read_text("utf-8"))


@functools.cache
def _rules(codes: tuple[str, ...]) -> list[Rule]:
    rows = [row for code in ("all", *codes) for row in _data().get(code, [])]
    return [Rule(re.compile(row["pattern"]), row["to"], row.get("until", 9999)) for row in rows]


def _own_words(code: str) -> list[str]:
    words: str = _data()["words"].get(code, "")
    return words.split()


def is_numeral(word: str) -> bool:
    """Say whether this is a Roman numeral, in small or in capital letters."""
    return (word.isupper() or word.islower()) and bool(_ROMAN.fullmatch(word.lower()))


def _is_number(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word)) or is_numeral(word)


def _is_initials(word: str) -> bool:
    return word.isupper() and bool(_INITIALS.fullmatch(word))


_lock = threading.Lock()


def _after_fork() -> None:
    """Give a child a lock of its own: a thread that held ours does not exist there."""
    global _lock  # noqa: PLW0603 - the one thing of the process that a fork breaks
    _lock = threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
