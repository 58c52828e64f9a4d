"""The flow of a book cut into sections: title pages, prefaces, parts, chapters, index."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from exports.book import Matter
from exports.making.headings import CHAPTER, PART, name
from exports.making.markup import Draft, RawLine
from exports.making.quotes import curl, dashes
from exports.making.titles import named_kind, text_of

LONGEST = 150_000  # characters: a file of the EPUB stays far below 300 kB
TITLE_LENGTH = 120


@dataclass(slots=True)
class SectionDraft:
    """A section in the making."""

    title: str
    kind: str
    matter: Matter
    level: int
    drafts: list[Draft] = field(default_factory=list)


def cut(flow: Sequence[Draft]) -> list[SectionDraft]:
    """Cut the flow at the headings of parts and chapters; what is very long, at its pages."""
    sections: list[SectionDraft] = []
    current: list[Draft] = []
    for draft in flow:
        if draft.kind == "heading" and draft.level <= CHAPTER:
            ahead = _trailing_pages(current)
            _close(sections, current)
            current = [*ahead, draft]
        else:
            current.append(draft)
    _close(sections, current)
    _find_half_titles(sections)
    _place(sections)
    return [part for section in sections for part in _parts(section)]


def _trailing_pages(drafts: list[Draft]) -> list[Draft]:
    """Take the page marks at the end, which belong to what follows."""
    at = len(drafts)
    while at and drafts[at - 1].kind == "page":
        at -= 1
    ahead = drafts[at:]
    del drafts[at:]
    return ahead


def _close(sections: list[SectionDraft], drafts: list[Draft]) -> None:
    if not drafts:
        return
    heading = next((d for d in drafts if d.kind == "heading" and d.level <= CHAPTER), None)
    if heading is None:
        front = all(d.display or d.kind in {"page", "float"} for d in drafts)
        kind, matter = ("titlepage", "front") if front else ("", "body")
        sections.append(SectionDraft(_first_words(drafts), kind, _as_matter(matter), 2, drafts))
        return
    words = [text_of(child) for child in heading.children]
    kind, matter = next(filter(None, map(named_kind, words)), ("chapter", "body"))
    if heading.level == PART:
        kind = "part"
    sections.append(
        SectionDraft(_title(name(heading)), kind, _as_matter(matter), heading.level, drafts)
    )


def _as_matter(name: str) -> Matter:
    return "front" if name == "front" else "back" if name == "back" else "body"


def _find_half_titles(sections: list[SectionDraft]) -> None:
    """Know a heading alone on its page for a half title, where the same words head what follows."""
    for at, section in enumerate(sections):
        alone = all(draft.kind in {"heading", "page"} for draft in section.drafts)
        again = (each.title for each in sections[at + 1 :])
        if section.kind == "part" and alone and section.title in again:
            section.kind, section.level = "halftitlepage", CHAPTER


def _place(sections: list[SectionDraft]) -> None:
    """Make the three parts of a book follow each other: nothing is front matter after the body."""
    started = False
    for section in sections:
        if section.matter == "front" and started:
            section.matter = "body"
        started = started or section.matter == "body"
    ended = True
    for section in reversed(sections):
        ended = ended and section.matter == "back"
        if section.matter == "back" and not ended:
            section.matter = "body"


def _first_words(drafts: list[Draft]) -> str:
    for draft in drafts:
        lines: list[RawLine] = draft.lines or [line for c in draft.children for line in c.lines]
        if draft.kind in {"para", "kept", "verse", "quote"} and lines:
            return _title(text_of(Draft("para", lines[:2])))
    return ""


def _title(text: str) -> str:
    text, _ = curl(dashes(text))
    if len(text) <= TITLE_LENGTH:
        return text
    return text[:TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + " \u2026"


def _parts(section: SectionDraft) -> Iterator[SectionDraft]:
    parts: list[list[Draft]] = [[]]
    size = 0
    for draft in section.drafts:
        if size > LONGEST:
            parts.append([])
            size = 0
        parts[-1].append(draft)
        size += _size(draft)
    for number, drafts in enumerate(parts, start=1):
        title = section.title if number == 1 else f"{section.title} ({number})"
        kind = section.kind if number == 1 else ""
        yield SectionDraft(title, kind, section.matter, section.level, drafts)


def _size(draft: Draft) -> int:
    return sum(len(line.text) for line in draft.lines) + sum(map(_size, draft.children))


def number_notes(
    sections: Sequence[SectionDraft],
    refers: Callable[[Draft], Iterator[int]],
    inside: Callable[[int], list[Draft]],
) -> dict[int, int]:
    """Give the notes their numbers, 1 to n, in the order in which the sections refer to them."""
    numbers: dict[int, int] = {}

    def visit(draft: Draft) -> None:
        found = [index for index in refers(draft) if index not in numbers]
        for index in found:
            numbers[index] = len(numbers) + 1
        for index in found:
            for child in inside(index):
                visit(child)

    for section in sections:
        for draft in section.drafts:
            visit(draft)
    return numbers
