"""Measures how well line-end hyphens are decided, on real books whose final text is known.

Run: .venv/bin/python -m benchmarks.bench_hyphens. It reads the scans beside the checkout with
Tesseract to see where the printer broke his words, breaks the proofread text there, and compares
what Galley decides with that text. Figures go to benchmarks/results/hyphens.json.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from exports.making.hyphens import Hyphens, Known, Split
from exports.making.markup import RawLine
from pipeline.lexicon import lexicon_for

HERE = Path(__file__).resolve().parent
BOOKS = HERE.parents[1] / "shared" / "scans" / "books"
MEASURED = ("catholic-church-history-1926", "filial-duty-1908")
YEAR = 1926
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_LEFT = re.compile(r"([^\W\d_]+(?:['\u2019-][^\W\d_]+)*)[-\u2010]\s*$")
_RIGHT = re.compile(r"\s*([^\W\d_]+(?:['\u2019][^\W\d_]+)*)")
_MARKS = re.compile(r"</?(?:i|b|sc|g|f|u)>|\[\*\*[^\]]*\]")


@dataclass
class Broken:
    """A book's text with its words broken where they were printed so, and what is right."""

    lines: list[RawLine] = field(default_factory=list)
    words: list[tuple[Split, bool]] = field(default_factory=list)

    def add_page(self, number: int, text: str, printed: str) -> None:
        """Add a page: its proofread text, and its lines as printed."""
        text = _MARKS.sub("", text)
        for left, right in _breaks(printed):
            forms = {left + right, f"{left}-{right}"}
            found = [word for word in forms if word in set(_WORD.findall(text))]
            if len(found) == 1:
                self.words.append((Split(left, right), "-" in found[0][len(left) :]))
                whole = rf"(?<![\w'\u2019-]){re.escape(found[0])}(?![\w'\u2019-])"
                text = re.sub(whole, f"{left}-\n{right}", text, count=1)
        self.lines += [RawLine(line, number, at) for at, line in enumerate(text.split("\n"), 1)]

    def judged(self, known: Known | None) -> Counter[str]:
        """Count what is decided right, wrong, and left to a person."""
        hyphens = Hyphens(self.lines, {}, known)
        verdicts = ((hyphens.decide(split), keep) for split, keep in self.words)
        return Counter(
            "asked" if not verdict.sure else "right" if verdict.keep == keep else "wrong"
            for verdict, keep in verdicts
        )


def _breaks(printed: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in printed.split("\n") if line.strip()]
    for line, following in pairwise(lines):
        left, right = _LEFT.search(line), _RIGHT.match(following)
        if left and right:
            yield left[1], right[1]


def broken_book(folder: Path) -> Broken:
    """Read the scans of a book and break its text as they do."""
    book = Broken()
    with tempfile.TemporaryDirectory() as scratch:
        for number, path in enumerate(sorted((folder / "dp").glob("*.txt")), start=1):
            scan = folder / "pages" / f"{path.stem}.png"
            out = Path(scratch) / path.stem
            subprocess.run(["tesseract", scan, out, "-l", "eng"], capture_output=True, check=True)
            printed = out.with_suffix(".txt").read_text(encoding="utf-8")
            book.add_page(number, path.read_text(encoding="utf-8"), printed)
    return book


def main() -> int:
    """Measure each book with a dictionary and without."""
    if not BOOKS.is_dir():
        print(f"The real books are not at {BOOKS}; nothing is measured.")
        return 0
    known = lexicon_for(["en"], YEAR).known
    figures = {}
    for name in MEASURED:
        book = broken_book(BOOKS / name)
        figures[name] = {
            "broken": len(book.words),
            "hyphenated": sum(keep for _, keep in book.words),
            "with_dictionary": dict(book.judged(known)),
            "without": dict(book.judged(None)),
        }
    print(json.dumps(figures, indent=1))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "hyphens.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
