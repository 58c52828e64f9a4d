"""Quotation marks that no rule can tell: each named by where it stands, and set as people decided.

A place is the page's id and the words around, with straight quotes and without marks, so that it
stays the same while other lines of the page, or the rules, change.
"""

from collections.abc import Mapping, Sequence

from exports.making.measure import visible
from exports.making.quotes import signs_of
from exports.making.running import Running

OPENING = frozenset("\u2018\u201a\u201c\u201e")
_APOSTROPHE = "\u2019"
_STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'})
#: Characters before and behind that surely hold the words around.
_REACH = 80
_WORDS_BEFORE, _WORDS_BEHIND = 2, 3


class Quotations:
    """The doubtful quotation marks of one book.

    `decided` are `Decisions.quotes`, `ids` gives a page's id by its number, `language` is BCP 47.
    """

    def __init__(self, decided: Mapping[str, str], ids: Mapping[int, str], language: str) -> None:
        self.decided = decided
        self.ids = ids
        self.signs = signs_of(language)

    def settle(
        self, text: str, doubtful: Sequence[int], running: Running
    ) -> tuple[str, list[tuple[int, str]]]:
        """Give a curled text as people decided, and the offsets and places still in doubt."""
        letters = list(text)
        asked = []
        for offset in doubtful:
            page_id = self.ids.get(running.place(offset)[0], "")
            place = f"{page_id}:{words_around(running.text, offset)}"
            decided = self.decided.get(place)
            if decided is None:
                asked.append((offset, place))
            else:
                letters[offset] = self._sign(running.text[offset], decided)
        return "".join(letters), asked

    def _sign(self, typed: str, decided: str) -> str:
        if decided == "apostrophe":
            return _APOSTROPHE
        is_double = typed.translate(_STRAIGHT) == '"'
        opening, closing = self.signs.double if is_double else self.signs.single
        return opening if decided == "open" else closing


def words_around(text: str, offset: int) -> str:
    """Give the words around an offset of a running text, the quotation mark itself among them."""
    # The stroke keeps the blank before the mark, which marks of the notation may stand behind.
    before = visible(f"{text[max(0, offset - _REACH) : offset]}|")[:-1].translate(_STRAIGHT)
    behind = visible(text[offset : offset + _REACH]).translate(_STRAIGHT)
    glue = " " if before[-1:].isspace() else ""
    return (
        " ".join(before.split()[-_WORDS_BEFORE:]) + glue + " ".join(behind.split()[:_WORDS_BEHIND])
    )
