"""Codes for letters that a keyboard lacks, in Distributed Proofreaders' notation.

Ligatures become letters. Accents (`[)u]` for ŭ) stay as typed and are reported: the page text is
what its readers handed in, and the desk is where a code becomes a letter.
"""

import re
import unicodedata
from collections.abc import Iterator

_ABOVE = {
    "=": "\u0304",
    ":": "\u0308",
    ".": "\u0307",
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    ")": "\u0306",
    "~": "\u0303",
    "v": "\u030c",
    ",": "\u0327",
}
_BELOW = {"=": "\u0331", ":": "\u0324", ".": "\u0323", ")": "\u032e", "~": "\u0330", "^": "\u032d"}
_LIGATURES = {"oe": "œ", "OE": "Œ", "Oe": "Œ", "ae": "æ", "AE": "Æ", "Ae": "Æ"}
_CODE = re.compile(r"\[(?:([=:.`'^)~v,])([A-Za-zÆæŒœ])|([A-Za-z])([=:.)~^]))\]")
_LIGATURE = re.compile(r"\[(oe|OE|Oe|ae|AE|Ae)\]")


def open_ligatures(text: str) -> str:
    """Turn `[oe]` and `[ae]`, which can be read in one way only, into letters."""
    return _LIGATURE.sub(lambda match: _LIGATURES[match[1]], text)


def letter_codes(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the offset, the code and the letter it stands for (NFC) of each accent's code."""
    for match in _CODE.finditer(text):
        above, letter, base, below = match.groups()
        sign = letter + _ABOVE[above] if above else base + _BELOW[below]
        yield match.start(), match[0], unicodedata.normalize("NFC", sign)
