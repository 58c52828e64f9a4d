"""What is new in a release since the one that readers have."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports.releasing.freezing import FrozenPage
from pipeline.models import OcrRun
from proofing.diff import changed_words
from proofing.models import Revision

Json = dict[str, Any]
_SHOWN = 20


def sentences(
    before: Sequence[FrozenPage], now: Sequence[FrozenPage], changed: Sequence[Json] | None = None
) -> list[str]:
    """Say, a sentence each, what became of the pages; with how many words once they are counted."""
    old = {page.page_id: page for page in before}
    corrected = [page.number for page in now if _differs(old, page)]
    added = [page.number for page in now if page.page_id not in old]
    gone = {page.page_id for page in now}
    taken_out = [page.number for page in before if page.page_id not in gone]
    words = sum(each["words"] for each in changed or [])
    count = f"{words} {'word' if words == 1 else 'words'} on " if words else ""
    told = ((f"Corrected: {count}", corrected), ("Added: ", added), ("Taken out: ", taken_out))
    return [f"{word}{_pages(numbers)}." for word, numbers in told if numbers]


def changed_pages(
    session: Session, before: Sequence[FrozenPage], now: Sequence[FrozenPage]
) -> list[Json]:
    """Return the pages whose text is another, with how many words differ and what to compare.

    Each is `{"page": page id, "words", "before", "after": revision ids or None for OCR's text}`.
    """
    old = {page.page_id: page for page in before}
    pairs = [(old[page.page_id], page) for page in now if _differs(old, page)]
    texts = _texts(session, [page for pair in pairs for page in pair])
    found = []
    for earlier, later in pairs:
        words = changed_words(texts[_key(earlier)], texts[_key(later)])
        sides = {"before": earlier.revision_id, "after": later.revision_id}
        found.append({"page": later.page_id, "words": words, **sides})
    return found


def _differs(old: Mapping[int, FrozenPage], page: FrozenPage) -> bool:
    return page.page_id in old and _key(old[page.page_id]) != _key(page)


def _key(page: FrozenPage) -> tuple[str, int | None]:
    if page.revision_id is not None:
        return "revision", page.revision_id
    return "run", page.run_id


def _texts(session: Session, pages: Sequence[FrozenPage]) -> dict[tuple[str, int | None], str]:
    keys = {_key(page) for page in pages}
    texts = dict.fromkeys(keys, "")
    for kind, table in (("revision", Revision), ("run", OcrRun)):
        ids = [number for which, number in keys if which == kind and number is not None]
        rows = session.execute(sa.select(table.id, table.text).where(table.id.in_(ids)))
        texts |= {(kind, number): text for number, text in rows}
    return texts


def _pages(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:_SHOWN])
    more = f" and {len(numbers) - _SHOWN} more" if len(numbers) > _SHOWN else ""
    return f"page {shown}" if len(numbers) == 1 else f"pages {shown}{more}"
