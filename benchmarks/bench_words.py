"""How well doubt finds wrong words, and how often what was printed is among a word's readings.

Run: .venv/bin/python -m benchmarks.bench_words [--pages N]. Figures go to
benchmarks/results/words.json. Real pages with known text are read, their words tied to that text
as the desk ties them, and called wrong where the two differ in more than quotes and dashes. Words
without a tie are left out. `caught` is the share of the wrong words among the most doubted 4, 6
and 10 in 100 words, with dictionaries and, in the same run, without. The texts hold slips of their
own, and names that no dictionary has: all of it would be too much to ask.
"""

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pipeline import ocr, reading, suspects  # noqa: E402 - the path comes first
from pipeline.languages import to_bcp47  # noqa: E402
from pipeline.lexicon import lexicon_for  # noqa: E402
from pipeline.media import sniff  # noqa: E402
from pipeline.runs import DOUBTFUL  # noqa: E402
from proofing import anchors, doubts, vocabulary  # noqa: E402
from proofing.doubts import Book  # noqa: E402
from tests.support.scanned import SHARED, plain, shared_items  # noqa: E402

SHARES = (0.04, 0.06, 0.1)
FEWEST_LETTERS = 400
MOST_WRONG = 0.15
_UTF16 = "utf-16-le"
#: Signs of the text's own, for notes and broken words.
_NO_PRINT = re.compile(r"[\[\]{}^*\u00ac]")


@dataclass
class Seen:
    """A word that was read, what was printed, and how doubtful it is with and without a lexicon."""

    read: str
    printed: str
    asked: float
    unasked: float
    readings: Sequence[str] = ()

    @property
    def wrong(self) -> bool:
        """Whether what was read is not what was printed; small capitals count as either case."""
        read, printed = plain(self.read), plain(self.printed)
        if read.isupper() != printed.isupper():
            read, printed = read.lower(), printed.lower()
        return read != printed


@dataclass
class Page:
    """A page as it was read, and its known text."""

    book: str
    tag: str
    text: str
    truth: str
    lines: list[reading.LineJson]


def pages(count: int) -> Iterator[Page]:
    """Read so many pages of each of the shared books and of the single ones."""
    here = ocr.installed_languages()
    found = [
        item
        for item in shared_items()
        if item["kind"] in ("book-page", "single")
        and item["language"] in ("eng", "fra")
        and item.get("gt_chars", 0) > FEWEST_LETTERS
        and item["language"] in here
    ]
    for (_, language), group in groupby(found, lambda item: (item.get("book"), item["language"])):
        items = list(group)
        tag = to_bcp47(language)
        for item in items[:: max(1, len(items) // count)][:count]:
            yield _read(item, tag)


def _read(item: dict[str, Any], tag: str) -> Page:
    path = SHARED / item["file"]
    media_type = sniff(path)
    assert media_type is not None  # noqa: S101 - they are pictures
    with tempfile.TemporaryDirectory() as folder:
        read = reading.read_scan(path, media_type, 0, [tag], ocr.DEFAULT_PSM, Path(folder))
    truth = (SHARED / item["gt"]).read_text("utf-8")
    return Page(item.get("book") or "single", tag, read.text, truth, read.lines)


def judged(page: Page, book: Book, spent: list[float]) -> Iterator[Seen]:
    """Yield a page's words that are tied to the known text."""
    seen = [[(word["text"], word["confidence"]) for word in line["words"]] for line in page.lines]
    unasked = suspects.suspects(seen)
    began = time.process_time()
    offered = doubts.of_page(page.lines, book)
    spent.append((time.process_time() - began) * 1000)
    units = page.truth.encode(_UTF16)
    for start, end, line, first, last in anchors.anchors(page.truth, page.lines):
        if first != last or _is_broken(seen, line, first):
            continue
        word = page.lines[line]["words"][first]
        printed = units[2 * start : 2 * end].decode(_UTF16)
        if _NO_PRINT.search(printed) or _is_torn(seen[line], first, printed):
            continue
        given = offered.get(f"{line}.{first}", {}).get("readings", ())
        yield Seen(word["text"], printed, word["suspect"], unasked[line][first], given)


def _is_broken(lines: Sequence[Sequence[tuple[str, float]]], line: int, place: int) -> bool:
    """Whether a word is half of one that runs over a line's end, which most texts have whole."""
    ends = place == len(lines[line]) - 1 and lines[line][-1][0].endswith("-")
    before = lines[line - 1] if line and place == 0 else []
    return ends or bool(before and before[-1][0].endswith("-"))


def _is_torn(line: Sequence[tuple[str, float]], place: int, printed: str) -> bool:
    """Whether a word and its neighbour are one in the text: a stop or dash with a blank before."""
    texts = [text for text, _ in line[max(0, place - 1) : place + 2]]
    return any(plain(one + other) == plain(printed) for one, other in pairwise(texts))


def caught(doubted: Sequence[tuple[float, bool]]) -> dict[str, float]:
    """Return the share of the wrong words among the most doubted ones, ties by their mean."""
    wrong = sum(is_wrong for _, is_wrong in doubted) or 1
    ordered = sorted(doubted, key=lambda each: -each[0])
    ties = [[is_wrong for _, is_wrong in tie] for _, tie in groupby(ordered, lambda each: each[0])]
    means = [sum(tie) / len(tie) for tie in ties for _ in tie]
    return {
        f"{share:.0%}": round(sum(means[: int(share * len(means))]) / wrong, 3) for share in SHARES
    }


def figures(words: Sequence[Seen]) -> dict[str, Any]:
    """Return what the words of a language show."""
    doubted = [word for word in words if word.wrong and word.asked >= DOUBTFUL]
    among = sum(plain(word.printed) in map(plain, word.readings) for word in doubted)
    return {
        "words": len(words),
        "wrong": round(sum(word.wrong for word in words) / len(words), 4),
        "doubtful": round(sum(word.asked >= DOUBTFUL for word in words) / len(words), 4),
        "caught": caught([(word.asked, word.wrong) for word in words]),
        "caught_without_dictionary": caught([(word.unasked, word.wrong) for word in words]),
        "printed_among_readings": round(among / max(1, len(doubted)), 3),
    }


def measure(count: int) -> dict[str, Any]:
    """Return the figures of so many pages a book."""
    found = list(pages(count))
    words: dict[str, list[Seen]] = {}
    spent: list[float] = []
    for name, group in groupby(found, lambda page: (page.book, page.tag)):
        of_book = list(group)
        counts = Counter(word for page in of_book for word in vocabulary.words_of(page.text))
        book = Book(lexicon_for([name[1]]), vocabulary.Vocabulary(counts))
        for page in of_book:
            seen = list(judged(page, book, spent))
            # Else the text is of another kind: columns in another order, an index, small capitals.
            if sum(word.wrong for word in seen) <= MOST_WRONG * len(seen):
                words.setdefault(name[1], []).extend(seen)
    return {
        "pages": len(found),
        "page_of_readings_cpu_ms": {
            "median": round(statistics.median(spent), 1),
            "most": round(max(spent), 1),
        },
        "languages": {tag: figures(seen) for tag, seen in words.items()},
    }


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=12, help="pages of each book")
    asked = parser.parse_args()
    if not shared_items():
        print("The shared collection of scans is not here: nothing to measure.")
        return
    result = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **measure(asked.pages)}
    out = HERE / "results" / "words.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(result, indent=1) + "\n", "utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
