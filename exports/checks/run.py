"""All whole-book checks: one entry; findings in the order of their kinds, none of them endless."""

from collections.abc import Iterable, Iterator, Sequence

from exports.book import Book
from exports.checks import leftovers, punctuation, quotes, spelling, structure, words
from exports.checks.kinds import KINDS, Kind
from exports.checks.marking import around, columns
from exports.checks.subject import Hit, Knows, PageHit, Subject
from exports.findings import Finding
from exports.pages import PageText

#: Most places of a kind that are listed; how many there are beyond is told.
MOST = 50
_FAMILIES = (spelling, punctuation, quotes, words, structure, leftovers)


def check(
    book: Book,
    pages: Sequence[PageText],
    *,
    knows: Knows | None = None,
    good: Iterable[str] = (),
    bad: Iterable[str] = (),
) -> list[Finding]:
    """Give what a person should look at in an assembled book, in the order of the kinds' numbers.

    `pages` are those that the book was assembled from. `knows` says of a word whether the book's
    languages have it; None where one of them has no dictionary: then only the book itself is the
    witness. `good` words need no doubt here, `bad` ones always do. Of each kind at most MOST places
    are given, then one finding of page 0 that says how many more there are (`about["more"]`).
    """
    subject = Subject(book, pages, knows, frozenset(good), frozenset(bad))
    found: dict[str, list[Hit | PageHit]] = {}
    for family in _FAMILIES:
        for hit in family.find(subject):
            found.setdefault(hit.code, []).append(hit)
    texts = {page.number: page.text for page in pages}
    return [
        finding
        for code in sorted(found, key=lambda code: KINDS[code].number)
        for finding in _listed(subject, KINDS[code], found[code], texts)
    ]


def _listed(
    subject: Subject, kind: Kind, hits: list[Hit | PageHit], texts: dict[int, str]
) -> Iterator[Finding]:
    hits.sort(key=lambda hit: _place(subject, hit))
    for hit in hits[:MOST]:
        if isinstance(hit, Hit):
            yield _in_text(subject, kind, hit, texts)
        else:
            yield _on_page(kind, hit)
    if (more := len(hits) - MOST) > 0:
        hint = f"{more} more places of this kind are not listed; settle these first."
        yield Finding(kind.code, kind.severity, 0, 0, "", hint, {"more": more})


def _place(subject: Subject, hit: Hit | PageHit) -> tuple[int, int, int]:
    if isinstance(hit, Hit):
        return *subject.script.place(hit.start), hit.start
    return hit.page, hit.line, hit.columns[0] if hit.columns else 0


def _in_text(subject: Subject, kind: Kind, hit: Hit, texts: dict[int, str]) -> Finding:
    number, line = subject.script.place(hit.start)
    excerpt, mark = around(subject.text, hit.start, hit.end)
    page, line_end = texts.get(number, ""), subject.script.line_end(hit.start)
    span = columns(page, line, subject.text[hit.start : hit.end])
    if span is None and line_end < hit.end:
        span = columns(page, line, subject.text[hit.start : line_end], last=True)
    return Finding(
        kind.code, kind.severity, number, line, excerpt, _hint(kind, hit), _about(kind, hit),
        mark=mark, span=span,
    )  # fmt: skip


def _on_page(kind: Kind, hit: PageHit) -> Finding:
    mark: tuple[int, int] | None = None
    excerpt = hit.excerpt
    if hit.columns:
        excerpt, mark = around(hit.excerpt, *hit.columns)
    return Finding(
        kind.code, kind.severity, hit.page, hit.line, excerpt, _hint(kind, hit), _about(kind, hit),
        mark=mark, span=hit.columns,
    )  # fmt: skip


def _hint(kind: Kind, hit: Hit | PageHit) -> str:
    return kind.hint.format_map(hit.said)


def _about(kind: Kind, hit: Hit | PageHit) -> dict[str, str]:
    return {"pair": hit.said.get("pair", kind.code)} if kind.whole else {}
