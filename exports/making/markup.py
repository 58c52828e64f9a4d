"""The block notation of one page: lines to drafts of paragraphs, kept lines and quotations.

Never raises on any text; what is odd becomes a finding and stays in the book as text.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from exports.findings import Findings, excerpt
from exports.making.brackets import FLOATED, Taken, take_out
from exports.making.letters import letter_codes, open_ligatures
from exports.making.nesting import limit_nesting
from exports.making.sentences import goes_on
from exports.pages import Figure

DraftKind = Literal["para", "kept", "quote", "break", "float", "page", "heading", "verse"]


@dataclass(frozen=True, slots=True)
class RawLine:
    """A line of page text with the page's number and its own (from 1)."""

    text: str
    page: int
    number: int

    @property
    def place(self) -> tuple[int, int]:
        """Page number and line, as findings give them."""
        return self.page, self.number


@dataclass(slots=True)
class Draft:
    """A block in the making.

    `gap` counts the blank lines before it, `after` those behind it; at a page's top `top` is true.
    `leads_blank` says that a fenced block begins with a blank line: a new stanza or paragraph.
    A `kept` or `verse` draft holds empty lines between stanzas. A `float` stands for a picture or
    sidenote (`taken`, its text in `children`), a `page` for the beginning of page `number`, a
    `heading` has its `level`.
    `display` says that a paragraph's lines stand as printed, `role` why it looks like a heading.
    """

    kind: DraftKind
    lines: list[RawLine] = field(default_factory=list)
    children: list["Draft"] = field(default_factory=list)
    gap: int = 1
    after: int = 1
    top: bool = False
    bottom: bool = False
    leads_blank: bool = False
    level: int = 0
    number: int = 0
    taken: Taken | None = None
    display: bool = False
    role: str = ""
    figure: Figure | None = None
    #: What the contents list calls a heading, where it says other words than the page.
    title: str = ""


@dataclass(slots=True)
class PageDraft:
    """A page read: its drafts, the notes taken out, and whether a blank line leads it."""

    drafts: list[Draft]
    notes: list[Taken]
    leads_blank: bool
    is_blank: bool


_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(
        chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (65534, 65535)
    )
    + "]"
)
_FENCE = re.compile(r"/([*#])|([*#])/")
_BREAK = re.compile(r"<tb\b[^<>]*>|\*(?:[ ]*\*){2,}")
_OUTER_TAG = re.compile(r"^[ ]*(?:</?[ibgfu]>|</?sc>)[ ]*$")


def clean(text: str, page: int, findings: Findings) -> str:
    """Remove what no book may hold (controls, lone surrogates, soft hyphens), and tell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").isprintable():
        return unicodedata.normalize("NFC", text)
    for match in _UNPRINTABLE.finditer(text):
        findings.warn(
            "character-removed",
            (page, text.count("\n", 0, match.start()) + 1),
            excerpt(text, match.start()),
            f"U+{ord(match[0]):04X} can't stand in a book; look at the scan for what belongs here.",
        )
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text)).expandtabs(4)


def read_page(text: str, page: int, findings: Findings) -> PageDraft:
    """Read one page's text (contract, "Page text") into drafts of blocks.

    `page` is its number. Footnotes are taken out; pictures and sidenotes become `float` drafts.
    """
    text = limit_nesting(clean(text, page, findings), page, findings)
    _report_codes(text, page, findings)
    text, taken = take_out(text.replace("[Blank Page]", ""), page, findings)
    lines = [
        RawLine(line.rstrip(), page, number)
        for number, line in enumerate(open_ligatures(text).split("\n"), start=1)
    ]
    lines = _without_notes(lines, taken)
    leads_blank = bool(lines) and not lines[0].text and any(line.text for line in lines)
    drafts = _Reader(findings, taken).read(lines)
    if drafts:
        drafts[0].top = drafts[-1].bottom = True
    notes = [item for item in taken if item.kind == "footnote"]
    return PageDraft(drafts, notes, leads_blank, not drafts and not notes)


def _report_codes(text: str, page: int, findings: Findings) -> None:
    for offset, code, letter in letter_codes(text):
        line = text.count("\n", 0, offset) + 1
        hint = f"{code} stands for {letter}; type the letter itself."
        findings.warn("letter-code", (page, line), excerpt(text, offset), hint)


def _without_notes(lines: list[RawLine], taken: list[Taken]) -> list[RawLine]:
    """Drop the notes' sentinels; a line left empty goes, with one blank line behind it.

    Where a note parts a sentence, the blank line before it goes too.
    """
    kept: list[RawLine] = []
    swallow = parted = False
    for line in lines:
        text = FLOATED.sub(lambda m: "" if taken[int(m[1])].kind == "footnote" else m[0], line.text)
        if text.strip() == "" and (line.text or swallow):
            swallow = parted = True
            continue
        if parted and text.strip():
            _close_up(kept, text)
            parted = False
        swallow = False
        kept.append(RawLine(text, line.page, line.number) if text != line.text else line)
    return kept


def _close_up(kept: list[RawLine], text: str) -> None:
    """Drop the blank lines at the end where a sentence goes on with this text."""
    last = next((line.text for line in reversed(kept) if line.text.strip()), ".")
    if _FENCE.fullmatch(last.strip()) or not goes_on(last, text):
        return
    while kept and not kept[-1].text.strip():
        kept.pop()


def read_note(item: Taken, page: int, findings: Findings) -> list[Draft]:
    """Read the text of a footnote or caption into drafts; a note inside stays text in it."""
    text, taken = take_out(item.text, page, findings)
    text = FLOATED.sub(lambda m: _put_back(taken[int(m[1])]) or m[0], text)
    lines = [
        RawLine(line.rstrip(), page, item.line + offset)
        for offset, line in enumerate(open_ligatures(text).split("\n"))
    ]
    return _Reader(findings, taken).read(lines)


def _put_back(item: Taken) -> str:
    if item.kind != "footnote":
        return ""
    head = f"Footnote {item.mark}".rstrip()
    return f"[{head}: {item.text}]" if item.text else f"[{head}]"


class _Reader:
    """Reads the lines of one page into drafts."""

    def __init__(self, findings: Findings, taken: list[Taken]) -> None:
        self.findings = findings
        self.taken = taken

    def read(self, lines: list[RawLine]) -> list[Draft]:
        """Give the drafts of these lines; fences inside are read again."""
        drafts: list[Draft] = []
        gap = at = 0
        while at < len(lines):
            line = lines[at]
            stripped = line.text.strip()
            if not stripped:
                gap += 1
                at += 1
                continue
            new, at = self._block(lines, at, stripped)
            if new and drafts:
                drafts[-1].after = gap
            for draft in new:
                draft.gap, gap = gap, 0
            drafts.extend(new)
        if drafts:
            drafts[-1].after = gap
        return drafts

    def _block(self, lines: list[RawLine], at: int, stripped: str) -> tuple[list[Draft], int]:
        if _FENCE.fullmatch(stripped):
            return self._fence(lines, at, stripped)
        if _BREAK.fullmatch(stripped):
            return [Draft("break", [lines[at]])], at + 1
        end = at
        while end < len(lines) and (text := lines[end].text.strip()):
            if _FENCE.fullmatch(text) or _BREAK.fullmatch(text):
                break
            end += 1
        return self._paragraph(lines[at:end]), end

    def _paragraph(self, lines: list[RawLine]) -> list[Draft]:
        """Give the paragraph, and the pictures and sidenotes that float to its edge."""
        text: list[RawLine] = []
        before: list[Draft] = []
        behind: list[Draft] = []
        for line in lines:
            for match in FLOATED.finditer(line.text):
                item = self.taken[int(match[1])]
                side = before if item.kind == "sidenote" or not text else behind
                side.append(self._float(item, line))
            rest = FLOATED.sub("", line.text)
            if rest.strip():
                text.append(RawLine(rest, line.page, line.number))
        return [*before, *([Draft("para", text)] if text else []), *behind]

    def _float(self, item: Taken, line: RawLine) -> Draft:
        place = RawLine("", line.page, item.line)
        return Draft("float", [place], read_note(item, line.page, self.findings), taken=item)

    def _fence(self, lines: list[RawLine], at: int, fence: str) -> tuple[list[Draft], int]:
        line = lines[at]
        if fence.startswith(("*", "#")):
            self._unclosed(line, "Nothing opened this mark; delete it or open it above.")
            return [], at + 1
        end = self._fence_end(lines, at, fence)
        if end == len(lines):
            self._unclosed(line, f"Close it with {fence[::-1]} on this page.")
        inside = lines[at + 1 : end]
        if fence == "/#":
            quote = Draft("quote", children=self.read(inside))
            quote.leads_blank = bool(quote.children and quote.children[0].gap)
            return [quote], end + 1
        return self._kept(inside), end + 1

    def _fence_end(self, lines: list[RawLine], at: int, fence: str) -> int:
        depth = 0
        for index in range(at, len(lines)):
            stripped = lines[index].text.strip()
            depth += (stripped == fence) - (stripped == fence[::-1])
            if not depth:
                return index
        return len(lines)

    def _kept(self, lines: list[RawLine]) -> list[Draft]:
        floats = [
            self._float(self.taken[int(match[1])], line)
            for line in lines
            for match in FLOATED.finditer(line.text)
        ]
        kept = [
            RawLine(FLOATED.sub("", line.text), line.page, line.number)
            for line in lines
            if not line.text or _is_kept(line.text)
        ]
        leads_blank = bool(kept) and not kept[0].text.strip()
        while kept and not kept[0].text.strip():
            kept.pop(0)
        while kept and not kept[-1].text.strip():
            kept.pop()
        draft = Draft("kept", kept, leads_blank=leads_blank)
        return [*floats, draft] if kept else floats

    def _unclosed(self, line: RawLine, hint: str) -> None:
        self.findings.error("mark-unclosed", line.place, excerpt(line.text), hint)


def _is_kept(text: str) -> bool:
    """Say whether a line inside a kept block is more than a stray fence or a picture's place."""
    return not _FENCE.fullmatch(text.strip()) and bool(FLOATED.sub("", text))
