"""Pictures meet their places in the text: `[Illustration]` in order, else the nearest paragraph.

What is wrong with a picture (no place, no image, nobody said what it shows) becomes a finding.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from math import comb

from exports.findings import Findings
from exports.making.brackets import Taken
from exports.making.joins import locate
from exports.making.markup import Draft, PageDraft, RawLine, read_note
from exports.pages import Figure, PageText, ScanLine

#: Ways to match pictures and places that are compared; with more, they are taken in order.
_MOST_WAYS = 10_000


def meet(page: PageText, draft: PageDraft, notes: Sequence[Draft], findings: Findings) -> None:
    """Give each `[Illustration]` of a page its picture, and the other pictures a place.

    `notes` are the drafts of the footnotes that the page has.
    """
    figures = page.figures
    if not figures and page.kind == "illustration" and page.image is not None:
        figures = (Figure(page.image),)
    places = [*_places(draft.drafts), *((len(draft.drafts), each) for each in _floats(notes))]
    wanted = [_nearest(draft.drafts, page.lines, figure) for figure in figures]
    pairs = dict(_pairs(wanted, [at for at, _ in places]))
    for number, figure in enumerate(figures):
        if number in pairs:
            _give(places[pairs[number]][1], figure, number + 1, findings)
    for number in reversed(range(len(figures))):  # from behind, so that places stay
        if number not in pairs:
            _insert(page, draft, wanted[number], number + 1, figures[number], findings)


def _insert(
    page: PageText, draft: PageDraft, at: int, number: int, figure: Figure, findings: Findings
) -> None:
    line = _line_at(draft.drafts, at)
    picture = Draft("float", [RawLine("", page.number, line)], taken=_taken("", line))
    draft.drafts.insert(at, picture)
    draft.is_blank = False
    findings.warn(
        "picture-untagged",
        (page.number, line),
        "",
        f"Picture {number} of this page has no [Illustration] in the text, so it stands beside the"
        " nearest paragraph; type [Illustration] where it belongs.",
    )
    _give(picture, figure, number, findings)


def _give(draft: Draft, figure: Figure, number: int, findings: Findings) -> None:
    """Let a place have its picture; a typed caption counts where the text has none."""
    place = draft.lines[0].place
    draft.number, draft.figure = number, figure
    printed = draft.taken.text if draft.taken else ""
    if not printed and figure.caption:
        draft.taken = _taken(figure.caption, place[1])
        draft.children = read_note(draft.taken, place[0], findings)
    if figure.image is None:
        hint = "It is not cut out of the scan yet; open the page's pictures and keep them again."
        findings.error("picture-uncut", place, "", hint)
    if figure.decorative:
        return
    if not figure.alt:
        hint = "Say in a sentence what the picture shows, for those who can't see it."
        findings.warn("alt-missing", place, _short(printed), hint)
    elif figure.alt in {printed, figure.caption}:
        hint = "The caption is read out anyway; say what the picture shows beyond it."
        findings.warn("alt-is-caption", place, _short(figure.alt), hint)


def _taken(caption: str, line: int) -> Taken:
    return Taken("illustration", "", caption, line, continues=False, unfinished=False)


def _short(text: str) -> str:
    return f"[Illustration: {' '.join(text.split())[:40]}]" if text else "[Illustration]"


def _floats(drafts: Sequence[Draft]) -> Iterator[Draft]:
    for draft in drafts:
        if draft.taken is not None and draft.taken.kind == "illustration":
            yield draft
        elif draft.kind != "float":
            yield from _floats(draft.children)


def _places(drafts: Sequence[Draft]) -> Iterator[tuple[int, Draft]]:
    """Give the page's illustrations, also those in quotations, with the index of their draft."""
    for at, draft in enumerate(drafts):
        yield from ((at, each) for each in _floats([draft]))


def _pairs(figures: Sequence[int], places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Match pictures and places, both in order, so that they stand as near as can be.

    As many of the one as of the other are simply the same; an odd one is left where it fits least.
    """
    if len(figures) > len(places):
        yield from ((figure, place) for place, figure in _pairs(places, figures))
        return
    count = len(figures)
    ways = combinations(range(len(places)), count)
    few = ways if comb(len(places), count) <= _MOST_WAYS else islice(ways, 1)
    best = min(
        few, key=lambda way: sum(abs(a - places[b]) for a, b in zip(figures, way, strict=True))
    )
    yield from zip(range(count), best, strict=True)


def _nearest(drafts: Sequence[Draft], lines: tuple[ScanLine, ...], figure: Figure) -> int:
    """Give the index before which a picture stands: the edge of a block that is nearest to it."""
    _, top, _, height = figure.box
    best, found = float("inf"), len(drafts)
    for at, draft in enumerate(drafts):
        for line, index in zip(_ends(draft), (at, at + 1), strict=False):
            place = locate(lines, line.text)
            if place is None:
                continue
            edge = lines[place].y + (lines[place].height if index > at else 0)
            distance = abs(edge - top - height / 2)
            if distance < best:
                best, found = distance, index
    return found


def _ends(draft: Draft) -> list[RawLine]:
    """Give the first and the last line of a block's text."""
    lines = list(_lines(draft))
    return [lines[0], lines[-1]] if lines else []


def _lines(draft: Draft) -> Iterator[RawLine]:
    if draft.kind == "float":
        return
    yield from draft.lines
    for child in draft.children:
        yield from _lines(child)


def _line_at(drafts: Sequence[Draft], at: int) -> int:
    """Give the number of the line at which something inserted there stands."""
    behind = next((line for draft in drafts[at:] for line in _lines(draft)), None)
    before = [line for draft in drafts[:at] for line in _lines(draft)]
    return behind.number if behind else before[-1].number if before else 1
