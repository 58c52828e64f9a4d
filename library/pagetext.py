"""The form that the text of a page always has, wherever it comes from (docs: "Page text")."""

import re
import unicodedata

from library.errors import InvalidError

#: Control characters but LF and TAB, and the code points that Unicode keeps free for ever: U+FDD0
#: to U+FDEF, and the last two of each plane.
_INVISIBLE = re.compile(
    "[\x01-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


def clean_page_text(text: str) -> tuple[str, list[str]]:
    """Return the text as it is stored, and a sentence for each thing that was changed.

    NFC; LF between lines; no blanks at line ends and no blank lines at the end; no control
    characters but LF and TAB, no noncharacters. A blank line at the beginning has a meaning and
    stays. Doing it again changes nothing. Line ends are changed without a word: every browser
    sends CRLF. Raises InvalidError for NUL and for lone surrogates, which are no text.
    """
    _refuse_what_is_no_text(text)
    changed = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    visible = _INVISIBLE.sub("", lines)
    if visible != lines:
        count = len(lines) - len(visible)
        changed.append(f"{count} invisible control character(s) were removed.")
    composed = unicodedata.normalize("NFC", visible)
    if composed != visible:
        changed.append("Letters with accents were stored in their composed form (Unicode NFC).")
    trimmed = "\n".join(line.rstrip() for line in composed.split("\n")).rstrip("\n")
    if trimmed != composed:
        changed.append("Blanks at the ends of lines and of the page were removed.")
    return trimmed, changed


def _refuse_what_is_no_text(text: str) -> None:
    if "\0" in text:
        raise InvalidError("The text holds a NUL character, which no text has; remove it.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InvalidError(
            f"The text holds half a character (a lone surrogate) at position {error.start + 1};"
            " remove it or type it again."
        ) from error
