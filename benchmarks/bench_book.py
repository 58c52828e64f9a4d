"""Builds a made book of 500 pages and prints what assembly, writers and checks cost.

Run: .venv/bin/python -m benchmarks.bench_book [--pages N] [--alone]. CPU in seconds, memory in MB;
they go to benchmarks/results/book.json. Budgets: assembly and EPUB below 2 s CPU, with plain text
and all checks below 5 s, 200 MB. In the same run ebookmaker and pandoc make an EPUB of the same
book, as HTML; they are installed into build/peers for this alone (--alone leaves them out).
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from exports.book import Book, Contributor, Metadata  # noqa: E402
from exports.checks.run import check  # noqa: E402
from exports.checks.subject import dictionary  # noqa: E402
from exports.making.assembly import Assembled, assemble  # noqa: E402 - the path comes first
from exports.pages import PageText  # noqa: E402
from exports.writing.cover import cover  # noqa: E402
from exports.writing.epub import write_epub  # noqa: E402
from exports.writing.html import write_chapters, write_html  # noqa: E402
from exports.writing.kobo import write_kobo  # noqa: E402
from exports.writing.pagemap import scan_addresses  # noqa: E402
from exports.writing.readback import read_back  # noqa: E402
from exports.writing.tei import write_tei  # noqa: E402
from exports.writing.text import write_text  # noqa: E402
from exports.writing.xhtml import section_body  # noqa: E402

PEERS = ("ebookmaker==0.14.6", "pypandoc_binary==1.17")
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
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
    parser.add_argument("--alone", action="store_true")
    asked = parser.parse_args()
    printer = Printer(1908)
    pages = [PageText(n, f"p{n}", printer.page(n), str(n)) for n in range(1, asked.pages + 1)]
    words = sum(len(page.text.split()) for page in pages)
    about = metadata()
    knows = dictionary(about.languages, about.year)
    assembled, assembling = timed(lambda: assemble(pages, "en", known=knows))
    figures: dict[str, Any] = {"pages": asked.pages, "words": words, "assembly_cpu_s": assembling}
    figures |= written(assembled, about, pages)
    _, checking = timed(lambda: check(assembled.book, pages, knows=knows))
    figures |= {"checks_cpu_s": checking, "peak_mb": peak()}
    figures |= {} if asked.alone else peers(assembled.book, about)
    print(json.dumps(figures, indent=1))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "book.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def written(assembled: Assembled, about: Metadata, pages: list[PageText]) -> dict[str, float]:
    """Give what cover, EPUB, text, web editions and reading back cost."""
    with tempfile.TemporaryDirectory() as folder:
        epub, text = Path(folder) / "book.epub", Path(folder) / "book.txt"
        image, drawing = timed(lambda: cover(about))
        _, writing = timed(lambda: write_epub(assembled.book, about, image, epub))
        until_epub = peak()
        _, texting = timed(lambda: write_text(assembled.book, about, text))
        _, kobo = timed(lambda: write_kobo(epub, epub.with_suffix(".kepub.epub")))
        scans = scan_addresses(pages, about).items()
        _, scholarly = timed(
            lambda: write_tei(assembled.book, about, scans, epub.with_suffix(".xml"))
        )
        _, webbing = timed(lambda: write_web(assembled.book, about, pages, epub))
        back, reading = timed(lambda: [read_back(pages, path).missing for path in (epub, text)])
        return {
            "cover_cpu_s": drawing,
            "epub_cpu_s": writing,
            "peak_mb_until_epub": until_epub,
            "text_cpu_s": texting,
            "kobo_cpu_s": kobo,
            "tei_cpu_s": scholarly,
            "html_cpu_s": webbing,
            "readback_cpu_s": reading,
            "words_missing": sum(back),
            "epub_bytes": epub.stat().st_size,
            "findings": len(assembled.findings),
        }


def write_web(book: Book, about: Metadata, pages: list[PageText], epub: Path) -> None:
    """Write the web editions beside the EPUB."""
    scans = scan_addresses(pages, about)
    write_html(book, about, scans, epub, epub.with_suffix(".html"))
    write_chapters(book, about, scans, epub, epub.with_suffix(".zip"))


def peers(book: Book, about: Metadata) -> dict[str, float]:
    """Give what other makers of EPUBs cost on the same book: CPU and memory of their process."""
    python = installed_peers()
    if python is None:
        print("ebookmaker and pandoc can't be installed here; measured alone.")
        return {}
    bodies = (section_body(section, f"s{at}") for at, section in enumerate(book.sections))
    head = f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/><title>{about.title}'
    html = f"{head}</title></head><body><h1>{about.title}</h1>\n{''.join(bodies)}</body></html>"
    find = "import pypandoc; print(pypandoc.get_pandoc_path())"
    pandoc = subprocess.run([python, "-c", find], capture_output=True, text=True, check=True)
    ebookmaker = [str(python.with_name("ebookmaker")), "--make", "epub3", "--output-dir", "out"]
    commands = {
        "ebookmaker": [*ebookmaker, "--ebook", "1", "--title", "Made", "book.html"],
        "pandoc": [pandoc.stdout.strip(), "book.html", "--split-level=2", "-o", "pandoc.epub"],
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "book.html").write_text(html, encoding="utf-8")
        return {
            key: figure
            for name, command in commands.items()
            for key, figure in process(name, command, Path(folder)).items()
        }


def process(name: str, command: list[str], folder: Path) -> dict[str, float]:
    """Run a command in a folder; give CPU seconds and most memory of its process.

    A process begins with the memory of who starts it, so a small one stands between.
    """
    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *command],
        cwd=folder, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seconds, memory = map(float, measured.stdout.splitlines()[-1].split())
    if not list(folder.rglob("*.epub")):
        return {}
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return {f"{name}_cpu_s": round(seconds, 3), f"{name}_mb": round(memory / scale, 1)}


def installed_peers() -> Path | None:
    """Give the Python of build/peers, installed when it is not there; None when it can't be."""
    home = HERE.parent / "build" / "peers"
    python = home / "bin" / "python"
    if not (home / "bin" / "ebookmaker").exists():
        venv.create(home, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet", *PEERS]
        if subprocess.run(install, check=False, stderr=subprocess.DEVNULL).returncode:
            return None
    return python


if __name__ == "__main__":
    sys.exit(main())
