"""Builds a made book of 500 pages and prints what assembly and the writers cost.

Run: .venv/bin/python benchmarks/bench_book.py [--pages N]. CPU in seconds, memory in MB; they go
to benchmarks/results/book.json. Budget of the issue: assembly and EPUB below 2 s CPU and 200 MB.
"""

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from exports.assembly import Assembled, assemble  # noqa: E402 - the path comes first
from exports.book import Contributor, Metadata  # noqa: E402
from exports.cover import cover  # noqa: E402
from exports.epub import write_epub  # noqa: E402
from exports.pages import PageText  # noqa: E402
from exports.readback import read_back  # noqa: E402
from exports.text import write_text  # noqa: E402

LINES, COLUMNS, CHAPTER = 50, 68, 20
OFTEN, SELDOM = 0.15, 0.1
SHORTEST = 2
SYLLABLES = "ba be co da el fi ga ho in ka lo ma ne or pa qui ra se ti un va wo ex ly ter ment"
Result = TypeVar("Result")


class Printer:
    """Sets made-up prose as a printer does: full lines, broken words, paragraphs over pages."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a made text, no secret
        syllables = SYLLABLES.split(" ")
        lengths = (1, 1, 2, 2, 3, 4)
        words = {
            "".join(self.dice.choices(syllables, k=self.dice.choice(lengths))) for _ in range(9000)
        }
        self.words = sorted(words)
        self.rest = ""

    def sentence(self) -> str:
        """Give one made sentence, now and then with italics, a dash or a quotation."""
        count = self.dice.randint(6, 28)
        words = [self.words[int(len(self.words) * self.dice.random() ** 3)] for _ in range(count)]
        if self.dice.random() < SELDOM:
            words[2] = f"<i>{words[2]}</i>"
        if self.dice.random() < SELDOM:
            words[3:5] = [f"{words[3]}--{words[4]}"]
        text = " ".join(words).capitalize() + "."
        return f'"{text}"' if self.dice.random() < OFTEN else text

    def lines(self, count: int) -> list[str]:
        """Set so many lines of paragraphs; what is left of the last goes to the next page."""
        made: list[str] = []
        while len(made) < count:
            words = (
                self.rest or " ".join(self.sentence() for _ in range(self.dice.randint(3, 9)))
            ).split()
            self.rest = ""
            while words and len(made) < count:
                made.append(self._line(words))
            if words:
                self.rest = " ".join(words)
            else:
                made.append("")
        return made

    def _line(self, words: list[str]) -> str:
        line = words.pop(0)
        while words and len(line) + 1 + len(words[0]) <= COLUMNS:
            line += f" {words.pop(0)}"
        room = COLUMNS - len(line) - 2
        if words and room > SHORTEST and len(words[0]) > room + SHORTEST and words[0].isalpha():
            line += f" {words[0][:room]}-"
            words[0] = words[0][room:]
        return line

    def page(self, number: int) -> str:
        """Give one page: a chapter's opening every so often, sometimes a note or a poem."""
        head = [f"CHAPTER {number // CHAPTER + 1}", "", "", ""] if number % CHAPTER == 1 else []
        body = self.lines(LINES)
        if number % 5 == 0:
            body[3] += "[1]"
            body += ["", f"[Footnote 1: {self.sentence()}]"]
        if number % 17 == 0:
            body += ["", "/*", *(f"  {w.title()} and {w}" for w in self.words[:4]), "*/"]
        return "\n".join([*([""] * 4 if head else []), *head, *body])


def timed(act: Callable[[], Result]) -> tuple[Result, float]:
    """Give what a call gives, and its CPU seconds."""
    start = time.process_time()
    result = act()
    return result, round(time.process_time() - start, 3)


def metadata() -> Metadata:
    """Give the made book's metadata."""
    return Metadata(
        "A Made Book",
        "urn:uuid:3f0c9f3e-7f2e-5d1a-9a1e-1d5f0b8f2a11",
        ("en",),
        datetime(2026, 1, 1, tzinfo=UTC),
        "Galley",
        "https://galley.example",
        "https://galley.example/books/made",
        (Contributor("Nobody"),),
    )


def peak() -> float:
    """Give the most memory that this process has had, in MB."""
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale, 1)


def main() -> int:
    """Make, build, measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    count = parser.parse_args().pages
    printer = Printer(1908)
    pages = [PageText(n, f"p{n}", printer.page(n), str(n)) for n in range(1, count + 1)]
    words = sum(len(page.text.split()) for page in pages)
    about = metadata()
    assembled, assembling = timed(lambda: assemble(pages, "en"))
    figures = {"pages": count, "words": words, "assembly_cpu_s": assembling}
    figures |= written(assembled, about, pages)
    print(json.dumps(figures, indent=1))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "book.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def written(assembled: Assembled, about: Metadata, pages: list[PageText]) -> dict[str, float]:
    """Give what cover, EPUB, text and reading back cost."""
    with tempfile.TemporaryDirectory() as folder:
        epub, text = Path(folder) / "book.epub", Path(folder) / "book.txt"
        image, drawing = timed(lambda: cover(about))
        _, writing = timed(lambda: write_epub(assembled.book, about, image, epub))
        until_epub = peak()
        _, texting = timed(lambda: write_text(assembled.book, about, text))
        back, reading = timed(lambda: [read_back(pages, path).missing for path in (epub, text)])
        return {
            "cover_cpu_s": drawing,
            "epub_cpu_s": writing,
            "peak_mb_until_epub": until_epub,
            "text_cpu_s": texting,
            "readback_cpu_s": reading,
            "words_missing": sum(back),
            "epub_bytes": epub.stat().st_size,
            "findings": len(assembled.findings),
            "process_cpu_s": round(time.process_time(), 3),
            "peak_mb": peak(),
        }


if __name__ == "__main__":
    sys.exit(main())
