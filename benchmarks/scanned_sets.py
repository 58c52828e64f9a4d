"""The sets of real scans with known text that reading is measured on, and how two texts compare.

Sets: each whole book, and the single pages of each language. A truth keeps the book's line breaks
or not, its running heads or not, and the hyphens at line ends or not; `unified` makes alike what is
only convention.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from tests.support.scanned import SHARED, shared_items

_SINGLE_QUOTES = re.compile("[\u2018\u2019\u201a\u201b\u2032`\u00b4]")
_DOUBLE_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]|''|,,|<<|>>")
_DASHES = re.compile("[\u2012-\u2015]|--+")
#: A hyphen at a line's end; which of them stand in the word too is not asked here.
_LINE_END = re.compile("[-\u00ac\u2010\u2011]\\s*\n\\s*")
#: French print sets blanks before these; conventions differ.
_SPACED = re.compile(r"\s+([;:!?,.])")


@dataclass(frozen=True)
class Sample:
    """A scan with its text. `group` is the book, or `single-` and the language."""

    id: str
    group: str
    image: Path
    #: Code of Tesseract's model: `eng`, `frk`.
    language: str
    truth: str


def samples() -> list[Sample]:
    """Return all scans with a text; none where the shared collection is absent."""
    return [
        _sample(item)
        for item in shared_items()
        if item["kind"] in ("book-page", "single") and item.get("gt")
    ]


def _sample(item: dict[str, object]) -> Sample:
    language = str(item["language"])
    group = str(item["book"]) if item["kind"] == "book-page" else f"single-{language}"
    fraktur = "fraktur" in item["features"]  # type: ignore[operator]
    return Sample(
        str(item["id"]),
        group,
        SHARED / str(item["file"]),
        "frk" if fraktur else language,
        (SHARED / str(item["gt"])).read_text("utf-8"),
    )


def unified(text: str) -> str:
    """Return a text with quotes, dashes, line-end hyphens, ligatures and white space made alike."""
    text = unicodedata.normalize("NFKC", text.replace("\u00ad", ""))
    text = _LINE_END.sub("", text)
    text = _DASHES.sub("--", text.replace("\u2010", "-").replace("\u2011", "-"))
    text = _SINGLE_QUOTES.sub("'", _DOUBLE_QUOTES.sub('"', text))
    return _SPACED.sub(r"\1", " ".join(text.split()))


@dataclass(frozen=True)
class Score:
    """Errors of one reading of one page; `letters` and `words` are of the truth."""

    errors: int
    letters: int
    wrong_words: int
    words: int

    @property
    def rate(self) -> float:
        """Character errors by characters; one page's, capped at 1 for means over pages."""
        return min(1.0, self.errors / self.letters) if self.letters else float(self.errors > 0)


def score(read: str, truth: str) -> Score:
    """Compare what was read with what is printed, after `unified`."""
    one, other = unified(read), unified(truth)
    words = other.split()
    return Score(
        Levenshtein.distance(one, other),
        len(other),
        Levenshtein.distance(one.split(), words),
        len(words),
    )


def without_head(read: str, truth: str) -> str:
    """Return what was read without first and last lines that are nearer to no truth at all.

    So a plain engine's text, which has running heads and folios, is compared at its best: an
    oracle, for measuring only.
    """
    lines = [line for line in read.split("\n") if line.strip()]
    for place in (0, -1):
        for _ in range(2):
            rest = lines[1:] if place == 0 else lines[:-1]
            if not rest or _errors(rest, truth) >= _errors(lines, truth):
                break
            lines = rest
    return "\n".join(lines)


def _errors(lines: Sequence[str], truth: str) -> int:
    return Levenshtein.distance(unified("\n".join(lines)), unified(truth))


def pooled(scores: Iterable[Score]) -> dict[str, float]:
    """Return rates in per cent: characters and words pooled, and characters by page."""
    seen = list(scores)
    letters, words = sum(s.letters for s in seen) or 1, sum(s.words for s in seen) or 1
    return {
        "pages": len(seen),
        "cer": 100 * sum(s.errors for s in seen) / letters,
        "wer": 100 * sum(s.wrong_words for s in seen) / words,
        "cer_by_page": 100 * sum(s.rate for s in seen) / max(1, len(seen)),
    }
