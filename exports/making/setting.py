"""Drafts to the blocks of the finished book: joined, curled, marked up."""

import re
from collections.abc import Sequence
from dataclasses import replace

from exports.book import (
    Block,
    Blocks,
    Heading,
    Illustration,
    Inlines,
    Line,
    Lines,
    LinesKind,
    PageBreak,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Sidenote,
    ThoughtBreak,
)
from exports.findings import Findings, excerpt
from exports.making.inline import Numbering, parse, split_lines
from exports.making.markup import Draft, RawLine
from exports.making.measure import begins_like_verse, visible
from exports.making.quotations import OPENING, Quotations
from exports.making.quotes import curl, dashes, signs_of
from exports.making.running import Joiner, Running

_COLUMNS = re.compile(r"\S[ ]{3,}\S")
_GAP = re.compile("[ ]{2,}")
_DITTO = re.compile(r'(?<![^\s])"(?![^\s])')
_VERSE_WIDTH = 70
_TABLE_WIDTH = 72
_DEEPEST = 12
_PROBLEMS = {
    "unclosed": "Close this mark in the same paragraph.",
    "unopened": "Nothing opened this mark; delete it, or open it in the same paragraph.",
}


class Setter:
    """Sets the drafts of one book."""

    def __init__(
        self,
        joiner: Joiner,
        numbering: Numbering,
        quotations: Quotations,
        findings: Findings,
        language: str,
    ) -> None:
        self.joiner = joiner
        self.numbering = numbering
        self.quotations = quotations
        self.findings = findings
        self.signs = signs_of(language)

    def set(self, drafts: Sequence[Draft]) -> Blocks:
        """Give the blocks of these drafts, in order."""
        return tuple(block for draft in drafts for block in self._block(draft))

    def _block(  # noqa: PLR0911 - one return for each kind
        self, draft: Draft
    ) -> list[Block]:
        match draft.kind:
            case "para" if draft.display:
                return [self._lines(draft, "display" if draft.role == "front" else "kept")]
            case "para":
                return [Paragraph(self._running(draft.lines))]
            case "kept" | "verse":
                return [self._kept(draft)]
            case "quote":
                return [Quote(self.set(draft.children))] if draft.children else []
            case "heading":
                lines = tuple(self._running(child.lines) for child in draft.children)
                return [Heading(draft.level, lines)]
            case "break":
                return [ThoughtBreak()]
            case "page":
                return [PageBreak(draft.number, self.numbering.labels.get(draft.number, ""))]
            case _:
                return [self._float(draft)]

    def _running(self, lines: Sequence[RawLine]) -> Inlines:
        running = self.joiner.join(lines)
        return self._parse(self._curled(running), running)

    def _curled(self, running: Running) -> str:
        """Give the text with curly quotes; those in doubt as decided, or told."""
        text, doubtful = curl(running.text, self.signs)
        text, asked = self.quotations.settle(text, doubtful, running)
        for offset, place in asked:
            self.findings.notice(
                "quote-doubtful",
                running.place(offset),
                excerpt(text, offset),
                "An apostrophe or an opening quote? Type the curly sign to decide.",
                key=place,
                guess="open" if text[offset] in OPENING else "apostrophe",
            )
        return text

    def _parse(self, text: str, running: Running) -> Inlines:
        def report(problem: str, offset: int) -> None:
            place, words = running.place(offset), excerpt(text, offset)
            if problem == "greek":
                self.findings.warn(
                    "greek-transliterated", place, words, "Type the Greek letters in its stead."
                )
            else:
                self.findings.error(f"mark-{problem}", place, words, _PROBLEMS[problem])

        return parse(text, self.numbering, report, running.starts())

    def _kept(self, draft: Draft) -> Block:
        if sum(bool(_COLUMNS.search(line.text)) for line in draft.lines) > 1:
            return self._preformatted(draft)
        return self._lines(draft, _lines_kind(draft))

    def _preformatted(self, draft: Draft) -> Preformatted:
        texts = [_aligned(line.text) for line in draft.lines]
        running = _offsets(texts, draft.lines)
        if max(map(len, texts)) > _TABLE_WIDTH:
            self.findings.notice(
                "table-wide",
                draft.lines[0].place,
                excerpt(texts[0]),
                "Too wide for a small screen and for plain text; set it as a list if you can.",
            )
        running = replace(running, text=_DITTO.sub("\u2033", running.text))
        return Preformatted(tuple(split_lines(self._parse(self._curled(running), running))))

    def _lines(self, draft: Draft, kind: LinesKind) -> Lines:
        margin = min((_indent(line) for line in draft.lines if line.text.strip()), default=0)
        running = _unjoined(draft.lines)
        contents = split_lines(self._parse(self._curled(running), running))
        groups: list[list[Line]] = [[]]
        for raw, content in zip(draft.lines, contents, strict=True):
            if not raw.text.strip():
                groups.append([])
                continue
            groups[-1].append(Line(content, min((_indent(raw) - margin) // 2, _DEEPEST)))
        return Lines(kind, tuple(tuple(group) for group in groups if group))

    def _float(self, draft: Draft) -> Block:
        item = draft.taken
        if item is None:
            return ThoughtBreak()
        if item.kind == "sidenote":
            lines = [line for part in draft.children for line in part.lines]
            return Sidenote(self._running(lines) if lines else ())
        return self._illustration(draft, self.set(draft.children))

    def _illustration(self, draft: Draft, caption: Blocks) -> Illustration:
        figure, page = draft.figure, draft.lines[0].page
        if figure is None:
            self.findings.warn(
                "picture-missing",
                draft.lines[0].place,
                "[Illustration]",
                "Mark the picture's place on the scan, so that it can be cut out.",
            )
            return Illustration(caption)
        if figure.image is None:
            return Illustration(caption)
        name = f"page{page:04d}-{draft.number}"
        picture = Picture(name, figure.image, figure.line_art, figure.size, figure.bilevel)
        alt, _ = curl(dashes(figure.alt), self.signs)
        return Illustration(caption, alt, picture, figure.decorative)


def _unjoined(lines: Sequence[RawLine]) -> Running:
    """Give lines as they stand, one text with line feeds, for blocks that keep them."""
    return _offsets([dashes(line.text.strip()) for line in lines], lines)


def _offsets(texts: Sequence[str], lines: Sequence[RawLine]) -> Running:
    offsets = [0]
    for text in texts[:-1]:
        offsets.append(offsets[-1] + len(text) + 1)
    return Running("\n".join(texts), tuple(offsets), tuple(line.place for line in lines))


def _aligned(text: str) -> str:
    """Turn the dashes of a table's row, and keep the columns behind them where they were."""
    turned = dashes(text)
    if turned != text and (
        gap := _GAP.search(turned, turned.index("\u2014") if "\u2014" in turned else 0)
    ):
        return turned[: gap.start()] + " " * (len(text) - len(turned)) + turned[gap.start() :]
    return turned


def _indent(line: RawLine) -> int:
    text = re.sub("^(?:\x02\\d+\x03)+", "", line.text)
    return len(text) - len(text.lstrip(" "))


def _lines_kind(draft: Draft) -> LinesKind:
    if draft.display:
        return "display"
    if draft.kind == "verse":
        return "verse"
    lines = [line for line in draft.lines if line.text.strip()]
    capital = sum(begins_like_verse([line]) for line in lines)
    longest = max(len(visible(line.text)) for line in lines)
    all_caps = all(visible(line.text).isupper() for line in lines)
    is_verse = len(lines) > 1 and capital * 4 >= len(lines) * 3 and longest < _VERSE_WIDTH
    return "verse" if is_verse and not all_caps else "kept"
