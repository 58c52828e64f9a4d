"""Catchwords: the first word of the next page, alone under a page's text at the right."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from pipeline.bands import Bands, Row

#: A book has them on this share of its pages, and on this many, or on none.
_SHARE, _FEWEST = 0.2, 3
_MOST_WORDS = 2
#: From where on the row begins, as a share of the text's width.
_RIGHT = 0.55
_ALIKE = 0.7


def catchwords(
    pages: Sequence[Bands], feet: Sequence[Row | None], heads: Sequence[Row | None]
) -> list[int]:
    """Return the places of pages whose last row is a catchword.

    `feet` and `heads` are the last and the first row of each page's text.
    """
    found = [
        place
        for place, (foot, following) in enumerate(zip(feet, heads[1:], strict=False))
        if foot and following and _catches(pages[place], foot, following)
    ]
    return found if len(found) >= max(_FEWEST, _SHARE * len(pages)) else []


def _catches(page: Bands, foot: Row, following: Row) -> bool:
    width = max(1, page.right - page.left)
    if len(foot.tokens) > _MOST_WORDS or (foot.left - page.left) / width < _RIGHT:
        return False
    caught = " ".join(token.text for token in foot.tokens).casefold()
    begun = " ".join(token.text for token in following.tokens).casefold()[: len(caught)]
    return len(caught) > 1 and SequenceMatcher(None, caught, begun).ratio() >= _ALIKE
