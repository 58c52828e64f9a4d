"""What four scanned books bear besides their text, as people saw it, and how near a rule comes."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).resolve().parents[1] / "pipeline"
#: Letters in a row that two texts must share; letters that a line must have to say anything.
_RUN, _TELLING = 2, 4
_ROW = re.compile(r"(\d+)(?:-(\d+))?\s*\|\s*(-|\d+)\s*\|([^|]*)\|([^|]*)")


@dataclass(frozen=True)
class Printed:
    """A page as it is printed: its number, what stands at its top and at its foot."""

    scan: int
    label: str
    top: str
    foot: str

    @property
    def bears(self) -> bool:
        """Whether anything is to be left out."""
        return bool(self.top or self.foot)


def printed_books() -> dict[str, list[Printed]]:
    """The list made by eye, by book."""
    books: dict[str, list[Printed]] = {}
    for line in (_FOLDER / "printed_furniture.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            pages = books.setdefault(line.strip("[]"), [])
        elif match := _ROW.fullmatch(line):
            first, last = int(match[1]), int(match[2] or match[1])
            for scan in range(first, last + 1):
                label = "" if match[3] == "-" else str(scan + int(match[3]))
                top, foot = (match[at].strip().replace("#", label) for at in (4, 5))
                pages.append(Printed(scan, label, top, foot))
    return books


def kept_books() -> dict[str, list[tuple[list[dict[str, Any]], int]]]:
    """Of each page the outer lines, in the form of the API, and its height in pixels."""
    kept = json.loads((_FOLDER / "outer_lines.json").read_text("utf-8"))
    return {
        book: [
            ([_line(*line) for line in page["lines"]], page["size"][1]) for page in pages.values()
        ]
        for book, pages in kept.items()
    }


def _line(box: list[int], *words: tuple[str, int, int]) -> dict[str, Any]:
    left, top, width, height = box
    seen = words or [("words", left, width)]
    made = [{"text": text, "box": [at, top, wide, height]} for text, at, wide in seen]
    return {"box": box, "words": made}


def text_of(line: dict[str, Any]) -> str:
    """A line's words."""
    return " ".join(word["text"] for word in line["words"])


def lost(printed: Printed, marked: Sequence[str]) -> Iterator[str]:
    """Yield the lines that were left out and belong to the text."""
    for text in marked:
        bare = _bare(text)
        if len(bare) > _TELLING and max(_part(bare, printed.top), _part(bare, printed.foot)) < 0.6:
            yield text


def left(printed: Printed, kept: Sequence[str]) -> Iterator[str]:
    """Yield the lines that were left in the text and are no part of it."""
    for text in kept:
        bare, number = _bare(text), bool(printed.foot) and _bare(text) == _bare(printed.foot)
        telling = (
            len(bare) > _TELLING and max(_part(bare, printed.top), _part(bare, printed.foot)) > 0.8
        )
        if number or telling:
            yield text


def _bare(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _part(bare: str, printed: str) -> float:
    """How much of what was read is a part of what is printed, from 0 to 1."""
    blocks = SequenceMatcher(None, bare, _bare(printed), autojunk=False).get_matching_blocks()
    # Runs of a letter or two match anywhere.
    return sum(block.size for block in blocks if block.size > _RUN) / max(1, len(bare))
