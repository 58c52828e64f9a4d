"""From recognised words to page text: the characters that the contract's "Page text" asks for."""

import re
import unicodedata
from collections.abc import Sequence

from library.pagetext import clean_page_text
from pipeline.layout import Line

#: Quotes are straight, hyphens are `-`; ligatures of type are the letters they stand for.
#: Long s, fractions and the like stay: they are the author's or the printer's, not the type's.
_AS_TYPED = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033", '"'),
        **dict.fromkeys("\u00ad\u2010\u2011", "-"),
        "\ufb00": "ff",
        "\ufb01": "fi",
        "\ufb02": "fl",
        "\ufb03": "ffi",
        "\ufb04": "ffl",
    }
)
_TWO_SINGLES = re.compile(r"[\u2018\u2019']{2}")
_NOT_SIGN = "\u00ac"  # what some language data reads for a hyphen at a line end


def clean_word(text: str) -> str:
    """Return a recognised word in the characters of page text."""
    typed = unicodedata.normalize("NFC", _TWO_SINGLES.sub('"', text).translate(_AS_TYPED))
    if len(typed) > 1 and typed.endswith(_NOT_SIGN):
        typed = typed[:-1] + "-"
    return "".join(character for character in typed if character.isprintable())


def page_text(lines: Sequence[Line]) -> str:
    """Return the text of a page: lines as printed, a blank line before each paragraph.

    Lines with a `kind` are left out. The first line has its blank line only when its indent says
    that it begins a paragraph: a gap above it says nothing.
    """
    parts: list[str] = []
    for line in lines:
        words = [clean_word(word.text) for word in line.words]
        if line.kind or not any(words):
            continue
        if line.indented if not parts else line.begins:
            parts.append("")
        parts.append(" ".join(word for word in words if word))
    text, _ = clean_page_text("\n".join(parts))
    return text
