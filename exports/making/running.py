"""Lines to running text: words made whole, one string a paragraph, and where each line began."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from exports.book import LineStart
from exports.findings import Findings, excerpt
from exports.making.brackets import END, PAGE
from exports.making.hyphens import Hyphens, Split, line_end_hyphen, split_word
from exports.making.markup import RawLine
from exports.making.measure import visible
from exports.making.quotes import dashes

_LEADING_MARKS = re.compile(f"((?:{PAGE}\\d+{END})*)(.*)", re.DOTALL)
_INNER = re.compile(r"(?<=[^\W_])-\*(?=[^\W_])")
_OPENED = re.compile(r"<(i|b|sc|g|f|u)>")
_BLANKS = re.compile(" {2,}")
#: Places of a doubtful word that are shown.
EXAMPLES = 4
_DASH = "\u2014"


@dataclass(frozen=True, slots=True)
class Running:
    """The text of one paragraph; `places` are page and line at each of the `offsets`."""

    text: str
    offsets: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def starts(self) -> list[tuple[int, LineStart]]:
        """Give the offsets at which the lines begin."""
        return [
            (at, LineStart(*place)) for at, place in zip(self.offsets, self.places, strict=True)
        ]

    def place(self, offset: int) -> tuple[int, int]:
        """Give the page number and line of the character at this offset."""
        return self.places[max(0, bisect_right(self.offsets, offset) - 1)]


@dataclass(slots=True)
class _Doubt:
    """A word that nothing decides: the places where it is broken, and the guess."""

    split: Split
    keep: bool
    places: list[tuple[int, int]] = field(default_factory=list)


class Joiner:
    """Joins the lines of paragraphs by one book's hyphens."""

    def __init__(self, hyphens: Hyphens, findings: Findings) -> None:
        self.hyphens = hyphens
        self.findings = findings
        self.unsure: dict[str, _Doubt] = {}

    def join(self, lines: Sequence[RawLine]) -> Running:
        """Give the running text of a paragraph's lines; none may be empty."""
        text = ""
        offsets: list[int] = []
        for line in lines:
            marks, piece = _pages(_BLANKS.sub(" ", line.text.strip()))
            piece = self._inner(piece, line)
            if not offsets:
                text, piece = marks, self._unstarred(piece, line)
            else:
                text, piece = self._meet(text, marks, piece, line)
            offsets.append(len(text))
            text += dashes(piece)
        if line_end_hyphen(text):
            self._dangling(lines[-1], text)
        return Running(text, tuple(offsets), tuple(line.place for line in lines))

    def report(self) -> None:
        """List each word that stayed doubtful, once, with all that decides it."""
        for word, doubt in self.unsure.items():
            joined, hyphenated = self.hyphens.seen(doubt.split)
            self.findings.warn(
                "hyphen-unsure",
                doubt.places[0],
                word,
                f"Broken at a line end in {len(doubt.places)} place(s); decide once whether it has"
                " a hyphen.",
                key=word,
                word=doubt.split.hyphenated,
                joined=doubt.split.joined,
                guess=doubt.split.hyphenated if doubt.keep else doubt.split.joined,
                places=len(doubt.places),
                examples=doubt.places[:EXAMPLES],
                seen_joined=joined,
                seen_hyphenated=hyphenated,
            )

    def _meet(self, text: str, marks: str, piece: str, line: RawLine) -> tuple[str, str]:
        """Give the text before, ready to take the next line, and that line without join marks."""
        end = line_end_hyphen(text)
        split = split_word(text, piece) if end else None
        if end and split:
            doubt = "*" in end[0]
            piece = _without_star(piece)
            keep = self._keeps(split, line, doubt=doubt)
            text, piece = _reopened(text[: end.start()] + ("-" if keep else "") + end[1], piece)
            return text + marks, piece
        starred = text.endswith(f"{_DASH}*")
        text = text.removesuffix("*") if starred else text
        piece = _without_star(piece) if starred else self._unstarred(piece, line)
        tight = (text.endswith(_DASH) and text[-2:-1] != " ") or _begins_tight(piece)
        text, piece = _reopened(text, piece)
        return text + ("" if tight else " ") + marks, piece

    def _keeps(self, split: Split, line: RawLine, *, doubt: bool) -> bool:
        verdict = self.hyphens.decide(split)
        if not verdict.sure and doubt:
            self._unresolved(line, split.hyphenated, split)
            return True
        if not verdict.sure:
            found = _Doubt(split, keep=verdict.keep)
            self.unsure.setdefault(split.hyphenated.lower(), found).places.append(line.place)
        return verdict.keep

    def _inner(self, piece: str, line: RawLine) -> str:
        """Settle the `-*` that proofers leave inside a line for a hyphen in doubt."""
        while "-*" in piece and (match := _INNER.search(piece)):
            before, after = piece[: match.start()], piece[match.end() :]
            split = split_word(f"{before}-", after)
            keep = split is None or self._keeps(split, line, doubt=True)
            piece = before + ("-" if keep else "") + after
        return piece

    def _unstarred(self, piece: str, line: RawLine) -> str:
        """Drop a join mark at a page's beginning that nothing before answers, and tell."""
        if line.number > 1 or not re.match(r"\*\w", piece):
            return piece
        self.findings.error(
            "join-unanswered",
            line.place,
            excerpt(piece),
            "The page before does not end with -*; mark both pages or neither.",
        )
        return piece[1:]

    def _dangling(self, line: RawLine, text: str) -> None:
        if text.endswith("*"):
            self._unresolved(line, text[-20:])
            return
        self.findings.warn(
            "hyphen-dangling",
            line.place,
            visible(text[-20:]),
            "The paragraph ends within a word; look at where it goes on.",
        )

    def _unresolved(self, line: RawLine, word: str, split: Split | None = None) -> None:
        about = {"key": word.lower(), "word": word, "joined": split.joined} if split else {}
        self.findings.error(
            "hyphen-unresolved",
            line.place,
            excerpt(visible(word)),
            "Decide whether the word has a hyphen, and type it so without the asterisk.",
            **about,
        )


def _pages(text: str) -> tuple[str, str]:
    match = _LEADING_MARKS.match(text)
    return (match[1], match[2].lstrip()) if match else ("", text)


def _without_star(piece: str) -> str:
    return re.sub(r"^((?:<(?:i|b|sc|g|f|u)>)*)\*", r"\1", piece)


def _reopened(text: str, piece: str) -> tuple[str, str]:
    """Take away a mark closed at one line's end and opened again at the next one's start."""
    while piece.startswith("<") and text.endswith(">"):
        match = _OPENED.match(piece)
        if match is None or not text.endswith(f"</{match[1]}>"):
            break
        text, piece = text[: -len(match[1]) - 3], piece[match.end() :]
    return text, piece


def _begins_tight(piece: str) -> bool:
    return bool(re.match(r"(?:--(?!-)|\u2014)(?=\S)", piece))
