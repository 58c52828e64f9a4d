"""Quotation marks that no rule can tell: each named by where it stands, and set as people decided.

A place is the page's id and the words around, with straight quotes and without marks, so that it
stays the same while other lines of the page, or the rules, change.
"""

from collections.abc import Mapping, Sequence

from exports.measure import visible
from exports.running import Running

_SIGNS = {
    '"': {"open": "\u201c", "close": "\u201d", "apostrophe": "\u2019"},
    "'": {"open": "\u2018", "close": "\u2019", "apostrophe": "\u2019"},
}
OPENING = frozenset("\u2018\u201c")
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
#: Characters before and behind that surely hold the words around.
_REACH = 80
_WORDS_BEFORE, _WORDS_BEHIND = 2, 3


class Quotations:
    """The doubtful quotation marks of one book.

    `decided` are `Decisions.quotes`, `ids` gives a page's id by its number.
    """

    def __init__(self, decided: Mapping[str, str], ids: Mapping[int, str]) -> None:
        self.decided = decided
        self.ids = ids

    def settle(
        self, text: str, doubtful: Sequence[int], running: Running
    ) -> tuple[str, list[tuple[int, str]]]:
        """Give a curled text as people decided, and the offsets and places still in doubt."""
        signs = list(text)
        asked = []
        for offset in doubtful:
            page_id = self.ids.get(running.place(offset)[0], "")
            place = f"{page_id}:{words_around(running.text, offset)}"
            decided = self.decided.get(place)
            if decided is None:
                asked.append((offset, place))
            else:
                typed = running.text[offset].translate(_STRAIGHT)
                signs[offset] = _SIGNS.get(typed, {}).get(decided, text[offset])
        return "".join(signs), asked


def words_around(text: str, offset: int) -> str:
    """Give the words around an offset of a running text, the quotation mark itself among them."""
    before = visible(text[max(0, offset - _REACH) : offset]).translate(_STRAIGHT)
    behind = visible(text[offset : offset + _REACH]).translate(_STRAIGHT)
    glue = " " if text[:offset][-1:].isspace() else ""
    words = behind.split()[:_WORDS_BEHIND]
    return " ".join(before.split()[-_WORDS_BEFORE:]) + glue + " ".join(words)
