"""The form that the text of a page always has, wherever it comes from (docs: "Page text")."""

import unicodedata

from library.errors import InvalidError

_KEPT_CONTROLS = "\n\t"
#: Code points that Unicode keeps free for ever: U+FDD0 to U+FDEF, and the last two of each plane.
_NONCHARACTERS = frozenset(map(chr, range(0xFDD0, 0xFDF0)))
_PLANE_END = 0xFFFE


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
    visible = "".join(character for character in lines if not _is_control(character))
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


def _is_control(character: str) -> bool:
    if character in _KEPT_CONTROLS:
        return False
    is_noncharacter = ord(character) & _PLANE_END == _PLANE_END or character in _NONCHARACTERS
    return is_noncharacter or unicodedata.category(character) == "Cc"
