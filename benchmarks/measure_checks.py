"""Says how often whole-book checks are right: on finished pages, and on pages with errors put in.

Run: .venv/bin/python benchmarks/measure_checks.py [--seeds N]. It takes the demonstration book's
known text, and the real books of ../shared/scans where they are. The tables are those of
docs/checks.md; the errors are put in by a fixed seed.
"""

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from exports.checks.run import check  # noqa: E402
from exports.checks.subject import dictionary  # noqa: E402
from exports.findings import Finding  # noqa: E402
from exports.making.assembly import assemble  # noqa: E402 - the path comes first
from exports.pages import PageText  # noqa: E402

SCANS = HERE.parent.parent / "shared" / "scans" / "books"
#: Folder, language, year.
BOOKS = {
    "finished": (SCANS / "catholic-church-history-1926" / "dp", "en", "1926"),
    "proofread": (SCANS / "filial-duty-1908" / "gt", "en", "1908"),
    "extract": (SCANS / "credulities-1880-extract" / "gt", "en", "1880"),
    "demonstration": (HERE.parent / "scans" / "demo" / "text" / "f", "en", "1865"),
}
LONG = 40
#: Shapes that are mixed up, as printed and as read.
SHAPES = (
    ("rn", "m"), ("m", "rn"), ("h", "b"), ("b", "h"), ("cl", "d"), ("e", "c"), ("c", "e"),
    ("u", "n"), ("n", "u"), ("i", "l"), ("t", "f"), ("f", "t"), ("a", "o"), ("li", "h"),
)  # fmt: skip
STEALTH = {"and": "arid", "but": "hut", "had": "bad", "the": "die", "all": "ail", "in": "hi"}


@dataclass(frozen=True)
class Slip:
    """A kind of error: what is found in a line, and what a machine or a hand makes of it."""

    name: str
    pattern: str
    to: Callable[[re.Match[str]], str]


def misread(match: re.Match[str]) -> str:
    """Give a word with one shape taken for another; the word itself where it has none."""
    dice = random.Random(match[0])  # noqa: S311 - an error, no secret
    for printed, read in dice.sample(SHAPES, len(SHAPES)):
        if printed in match[0]:
            return match[0].replace(printed, read, 1)
    return match[0]


SLIPS = (
    Slip("a letter misread", r"\b[a-z]{4,}\b", misread),
    Slip("a word twice", r"\b[a-z]{4,}\b", lambda m: f"{m[0]} {m[0]}"),
    Slip("two words run together", r"\b(of|in|to|the|and) ([a-z]{3,})", lambda m: m[1] + m[2]),
    Slip("a word in two pieces", r"\b([a-z]{3})([a-z]{3,})\b", lambda m: f"{m[1]} {m[2]}"),
    Slip("he and be", r"\b(?:he|be)\b", lambda m: {"he": "be", "be": "he"}[m[0]]),
    Slip("another word (arid, hut, bad, die, ail, hi)", rf"\b(?:{'|'.join(STEALTH)})\b",
         lambda m: STEALTH[m[0]]),
    Slip("a blank before a stop", r"(?<=[a-z])[,.](?= )", lambda m: f" {m[0]}"),
    Slip("no blank after a stop", r"(?<=[a-z])([,.;]) (?=[A-Za-z])", lambda m: m[1]),
    Slip("a full stop for a comma", r"(?<=[a-z]),(?= [a-z])", lambda _m: "."),
    Slip("a comma for a full stop", r"(?<=[a-z])\.(?= [A-Z])", lambda _m: ","),
    Slip("two stops", r"(?<=[a-z])[,;](?= )", lambda m: f"{m[0]},"),
    Slip("a quotation mark lost", r'"', lambda _m: ""),
    Slip("a bracket lost", r"[()]", lambda _m: ""),
    Slip("a figure in a word", r"\b[a-z]+l[a-z]+\b", lambda m: m[0].replace("l", "1", 1)),
    Slip("a capital in a word", r"\b([a-z]{2})([a-z])", lambda m: m[1] + m[2].upper()),
)  # fmt: skip


def pages_of(folder: Path) -> list[PageText]:
    """Give a book's pages, in order."""
    files = sorted(folder.glob("*.txt"))
    texts = [path.read_text("utf-8").rstrip("\n") for path in files]
    return [PageText(n, f"p{n}", text) for n, text in enumerate(texts, start=1)]


def findings(pages: Sequence[PageText], language: str, year: str) -> list[Finding]:
    """Give what the checks say of these pages."""
    book = assemble(pages, language).book
    return check(book, pages, knows=dictionary([language], year))


def with_slips(
    pages: Sequence[PageText], dice: random.Random
) -> Iterator[tuple[PageText, str, int]]:
    """Give each page with one error put in, what error that is, and its line (0 for none)."""
    for number, page in enumerate(pages):
        slip, lines = SLIPS[number % len(SLIPS)], page.text.split("\n")
        places = [
            (row, match)
            for row, line in enumerate(lines)
            if len(line) > LONG and not line.startswith(("[", "/", " "))
            for match in re.finditer(slip.pattern, line)
            if slip.to(match) != match[0]
        ]
        if not places:
            yield page, slip.name, 0
            continue
        row, match = dice.choice(places)
        lines[row] = lines[row][: match.start()] + slip.to(match) + lines[row][match.end() :]
        yield replace(page, text="\n".join(lines)), slip.name, row + 1


def caught(
    found: Sequence[Finding], before: Counter[tuple[str, int]], page: int, line: int
) -> bool:
    """Say whether anything new is found at a line, or in its paragraph for what is paired."""
    here = [each for each in found if each.page == page]
    near = any(abs(each.line - line) <= 1 for each in here)
    now = Counter((each.code, each.page) for each in found)
    paired = ("quotes-unbalanced", "brackets-unbalanced")
    beside = (page - 1, page, page + 1)
    return near or any(now[code, at] > before[code, at] for code in paired for at in beside)


def main() -> int:
    """Measure and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=6)
    seeds = parser.parse_args().seeds
    put: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for name, (folder, language, year) in BOOKS.items():
        pages = pages_of(folder)
        if not pages:
            continue
        clean = findings(pages, language, year)
        kinds = ", ".join(f"{code} {n}" for code, n in Counter(f.code for f in clean).most_common())
        print(f"{name}: {len(pages)} pages, {len(clean)} findings ({kinds})")
        before = Counter((each.code, each.page) for each in clean)
        for seed in range(seeds):
            made = list(with_slips(pages, random.Random(seed)))  # noqa: S311 - errors, no secret
            found = findings([page for page, _, _ in made], language, year)
            for page, error, line in made:
                if line:
                    put[error] += 1
                    seen[error] += caught(found, before, page.number, line)
    for slip in SLIPS:
        print(
            f"| {slip.name} | {put[slip.name]} | {seen[slip.name] / max(1, put[slip.name]):.0%} |"
        )
    print(f"| all | {put.total()} | {seen.total() / max(1, put.total()):.0%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
