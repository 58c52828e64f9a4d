"""Running heads and page numbers that are still in the texts of pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from exports.findings import Findings, excerpt
from exports.making.markup import Draft, PageDraft, RawLine
from exports.making.measure import visible

REPEATED = 3
NARROW = 0.75
_FOLIO = re.compile(r"[\[(\u2014-]*\s*\d{1,4}\s*[\])\u2014-]*")


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at the edge of a page, and the paragraph that it belongs to."""

    line: RawLine
    draft: Draft


def report(read: Sequence[PageDraft], findings: Findings) -> None:
    """Tell of first and last lines that come again on three pages, and of bare numbers there.

    They stay where they are, since a person must see them; such a line is no heading.
    """
    edges = [edge for page in read for edge in _edges(page)]
    keys = [_key(edge) for edge in edges]
    often = Counter(keys)
    for edge, key in zip(edges, keys, strict=True):
        if not key or often[key] < REPEATED:
            continue
        edge.draft.role = ""
        findings.warn(
            "running-head",
            edge.line.place,
            excerpt(edge.line.text),
            "This looks like a running head or page number; delete it from the page.",
        )


def _edges(page: PageDraft) -> list[_Edge]:
    """Give the first two lines of a page and its last, as far as they are short."""
    texts = [draft for draft in page.drafts if draft.kind == "para"]
    lines = [_Edge(line, draft) for draft in texts for line in draft.lines]
    edges = [*lines[:2], *lines[max(2, len(lines) - 1) :]]
    widest = NARROW * max((len(edge.line.text) for edge in lines), default=0)
    return [edge for edge in edges if len(edge.line.text) <= widest]


def _key(edge: _Edge) -> str:
    """Give what a head has in common on all pages: its letters; for a bare number a sign.

    Numbered headings differ in their numbers, so there these count too.
    """
    text = visible(edge.line.text)
    if edge.draft.role in {"ordinal", "part", "bare"}:
        return text.casefold()
    if _FOLIO.fullmatch(text):
        return "#"
    letters = "".join(c for c in text.casefold() if c.isalpha())
    return letters if len(letters) > REPEATED and not text[-1:].islower() else ""
