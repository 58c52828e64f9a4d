"""Footnotes: each finds its place in the text, and continued ones are put together."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from exports.findings import Findings, excerpt
from exports.making.brackets import END, NOTE, Taken
from exports.making.joins import TEXTS, merge
from exports.making.markup import Draft, PageDraft, RawLine, read_note

_MARK = r"\d{1,3}|[A-Z]|[a-z]|[*\u2020\u2021\u00a7\u2016\u00b6]{1,3}"
_ANCHOR = re.compile(rf"[ ]?\[({_MARK})\]")
_FOOT = re.compile(r"(?:(\d{1,2})|([*\u2020\u2021\u00a7\u2016\u00b6]{1,3}))[ ]+(?=\S)")
_PARENTHESIS = re.compile(r"\((\d{1,2}|[*a-z])\)[ ]*\S")
REFERENCE = re.compile(f"{NOTE}(\\d+){END}")


@dataclass(slots=True)
class NoteDraft:
    """A footnote in the making; `anchored` says that its reference was found."""

    mark: str
    drafts: list[Draft]
    place: tuple[int, int]
    unfinished: bool = False
    anchored: bool = False


@dataclass(slots=True)
class Notes:
    """The notes of a book, by the identity that their sentinels carry."""

    findings: Findings
    drafts: list[NoteDraft] = field(default_factory=list)
    after_page: dict[int, list[int]] = field(default_factory=dict)

    def take_page(self, page: PageDraft, number: int, before: PageDraft | None) -> None:
        """Read a page's notes and put sentinels where the text refers to them.

        `before` is the page before, whose text may refer to a note that was printed here.
        """
        own = [*self._marked(page.notes, number), *self._at_foot(page, number)]
        inside = [draft for index in own for draft in self.drafts[index].drafts]
        anchors = _Anchors([*page.drafts, *inside, *(before.drafts if before else [])])
        for index in own:
            note = self.drafts[index]
            note.anchored = anchors.take(note.mark, index)
            if not note.anchored:
                self.after_page.setdefault(number, []).append(index)
                self.findings.warn(
                    "note-unanchored",
                    note.place,
                    f"[{note.mark}]",
                    "No reference in the text has this mark; add it where the scan shows it.",
                )
        self._missing(page.drafts, number)

    def finish(self) -> None:
        """Tell of notes whose continuation never came."""
        for note in self.drafts:
            if note.unfinished:
                self._unfinished(note)

    def _marked(self, notes: Iterable[Taken], number: int) -> Iterator[int]:
        for item in notes:
            drafts = read_note(item, number, self.findings)
            if item.continues or not item.mark:
                self._continue(item, drafts, number)
                continue
            self.drafts.append(
                NoteDraft(item.mark, drafts, (number, item.line), unfinished=item.unfinished)
            )
            yield len(self.drafts) - 1

    def _continue(self, item: Taken, drafts: list[Draft], number: int) -> None:
        last = self.drafts[-1] if self.drafts else None
        if last is None or not last.unfinished:
            self.findings.warn(
                "note-continues-nothing",
                (number, item.line),
                excerpt(item.text),
                "The note before does not end with ]*; mark it so, or give this note its mark.",
            )
        if last is None:
            self.drafts.append(NoteDraft(item.mark, drafts, (number, item.line)))
            self.after_page.setdefault(number, []).append(0)
            return
        if last.drafts and drafts and last.drafts[-1].kind == drafts[0].kind in TEXTS:
            first = drafts.pop(0)
            merge(last.drafts[-1], first, apart=first.leads_blank)
        last.drafts += drafts
        last.unfinished = item.unfinished

    def _unfinished(self, note: NoteDraft) -> None:
        self.findings.warn(
            "note-unfinished",
            note.place,
            f"[Footnote {note.mark}: ...]*",
            "Mark its rest on the next page as *[Footnote: ...].",
        )

    def _at_foot(self, page: PageDraft, number: int) -> list[int]:
        """Take as notes what stands at the foot, begins with a mark, and is referred to above it.

        Below the first such paragraph everything belongs to the notes: no text follows notes.
        """
        found: list[int] = []
        for at, draft in enumerate(page.drafts):
            mark = foot_mark(draft)
            if not mark:
                continue
            above = [line.text for d in page.drafts[:at] for line in _lines(d)]
            if any(f"[{mark}]" in text for text in above):
                found = self._foot(page.drafts[at:], number)
                del page.drafts[at:]
                break
            if (
                at == len(page.drafts) - 1
                and at
                and (not mark.startswith("(") or _holds(above, mark))
            ):
                self._looks_like_note(draft, mark)
        return found

    def _foot(self, drafts: list[Draft], number: int) -> list[int]:
        found: list[int] = []
        for draft in drafts:
            if mark := foot_mark(draft):
                first = draft.lines[0]
                draft.lines[0] = RawLine(_FOOT.sub("", first.text, 1), first.page, first.number)
                self.drafts.append(NoteDraft(mark, [draft], first.place))
                found.append(len(self.drafts) - 1)
                self.findings.notice(
                    "note-unmarked",
                    (number, first.number),
                    excerpt(first.text),
                    "Read as a footnote, since the text refers to it; mark it as [Footnote ...].",
                )
            else:
                self.drafts[-1].drafts.append(draft)
        return found

    def _looks_like_note(self, draft: Draft, mark: str) -> None:
        self.findings.warn(
            "note-unmarked",
            draft.lines[0].place,
            excerpt(draft.lines[0].text),
            f"If this is a footnote, mark it as [Footnote {mark.strip('()')}: ...] "
            "and its place in the text too.",
        )

    def _missing(self, drafts: list[Draft], number: int) -> None:
        for line in (line for draft in drafts for line in _lines(draft)):
            for match in _ANCHOR.finditer(line.text):
                if match[1].isalpha() and not match[0].startswith("["):
                    continue
                self.findings.warn(
                    "note-missing",
                    (number, line.number),
                    excerpt(line.text, match.start()),
                    f"No footnote on this page has the mark {match[1]}.",
                )


def foot_mark(draft: Draft) -> str:
    """Give the mark with which a paragraph begins as footnotes do ("1", "*", "(1)"), or ""."""
    if draft.kind != "para" or not draft.lines:
        return ""
    text = draft.lines[0].text
    if match := _FOOT.match(text):
        return match[1] or match[2]
    match = _PARENTHESIS.match(text)
    return f"({match[1]})" if match else ""


def _holds(texts: list[str], mark: str) -> bool:
    return any(mark in text[1:] for text in texts)


def _lines(draft: Draft) -> Iterator[RawLine]:
    yield from draft.lines
    for child in draft.children:
        yield from _lines(child)


class _Anchors:
    """The references in some drafts, in reading order, by their marks."""

    def __init__(self, drafts: list[Draft]) -> None:
        self.places: dict[str, deque[tuple[Draft, int]]] = {}
        for draft in drafts:
            self._find(draft)

    def _find(self, draft: Draft) -> None:
        for at, line in enumerate(draft.lines):
            for match in _ANCHOR.finditer(line.text):
                self.places.setdefault(match[1], deque()).append((draft, at))
        for child in draft.children:
            self._find(child)

    def take(self, mark: str, index: int) -> bool:
        """Put the note's sentinel in place of the first reference with this mark, if any."""
        if not self.places.get(mark):
            return False
        draft, at = self.places[mark].popleft()
        line = draft.lines[at]
        wanted = re.compile(rf"[ ]?\[{re.escape(mark)}\]")
        text = wanted.sub(f"{NOTE}{index}{END}", line.text, count=1)
        draft.lines[at] = RawLine(text, line.page, line.number)
        return True


def references(draft: Draft) -> Iterator[int]:
    """Give the notes that a draft refers to, in reading order."""
    for line in _lines(draft):
        for match in REFERENCE.finditer(line.text):
            yield int(match[1])
