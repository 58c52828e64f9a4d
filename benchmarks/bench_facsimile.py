"""Builds facsimiles of real scans and prints what a page costs: CPU, bytes, memory.

Run: .venv/bin/python benchmarks/bench_facsimile.py [--pages N]. Each folder of scans beside the
checkout is gone through until N pages are made; its texts are laid on them. Figures go to
benchmarks/results/facsimile.json: CPU in milliseconds and kB a page, memory in MB.
"""

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from exports.book import Contributor, Metadata  # noqa: E402
from exports.writing.alto import write_alto_zip  # noqa: E402 - the path comes first
from exports.writing.facsimile import FacsimilePage, write_facsimile  # noqa: E402
from exports.writing.overlay import place_words  # noqa: E402
from exports.writing.scanpage import ScanPage  # noqa: E402
from pipeline.images import prepare  # noqa: E402
from pipeline.media import MediaType  # noqa: E402

SCANS = HERE.parents[1] / "shared" / "scans" / "books"
#: Folders of scans, each with the folder of its texts.
BOOKS = {
    "catholic-church-history-1926/pages": "gt",
    "filial-duty-1908/pages": "gt",
    "kovalewsky-1893-fr/pages": "gt",
    "credulities-1880-extract/scans": "gt",
}
TYPES = {".png": MediaType.PNG, ".jpg": MediaType.JPEG}
DIFFERENT = 12
ABOUT = Metadata(
    "A Made Book",
    "urn:uuid:3f0c9f3e-7f2e-5d1a-9a1e-1d5f0b8f2a11",
    ("en",),
    datetime(2026, 1, 1, tzinfo=UTC),
    "Galley",
    "https://galley.example",
    "https://galley.example/books/made",
    (Contributor("Nobody"),),
)


def prepared(scans: Path, texts: Path, folder: Path) -> list[FacsimilePage]:
    """Prepare some of a folder's scans as an upload would, with their texts on them."""
    made = []
    files = [path for path in sorted(scans.iterdir()) if path.suffix in TYPES]
    for number, path in enumerate(files[:DIFFERENT], start=1):
        place = folder / path.stem
        place.mkdir()
        page = prepare(path, TYPES[path.suffix], 0, place)
        text = texts / f"{path.stem}.txt"
        words = text.read_text(encoding="utf-8") if text.is_file() else ""
        lines = place_words(words, [], page.width, page.height)
        scan = ScanPage(number, str(number), path.name, page.width, page.height, "en", lines)
        made.append(FacsimilePage(scan, page.image))
    return made


def numbered(pages: list[FacsimilePage], count: int) -> Iterator[FacsimilePage]:
    """Give so many pages, the same over and over, each with a number of its own."""
    for number, page in enumerate(islice(cycle(pages), count), start=1):
        old = page.scan
        scan = ScanPage(number, str(number), old.file, old.width, old.height, "en", old.lines)
        yield FacsimilePage(scan, page.image)


def measured(name: str, count: int) -> dict[str, Any]:
    """Give what the facsimile and the ALTO files of a book cost, in a process of their own."""
    scans = SCANS / name
    with tempfile.TemporaryDirectory() as folder:
        pages = prepared(scans, scans.parent / BOOKS[name], Path(folder))
        pdf, alto = Path(folder) / "book.pdf", Path(folder) / "alto.zip"
        before, start = peak(), time.process_time()
        write_facsimile(numbered(pages, count), [], ABOUT, pdf)
        drawn = time.process_time()
        write_alto_zip((page.scan for page in numbered(pages, count)), ABOUT.released_at, alto)
        done = time.process_time()
        return {
            "pages": count,
            "width": max(page.scan.width for page in pages),
            "pdf_ms_a_page": round((drawn - start) * 1000 / count, 1),
            "pdf_kb_a_page": round(pdf.stat().st_size / 1024 / count, 1),
            "alto_ms_a_page": round((done - drawn) * 1000 / count, 1),
            "alto_kb_a_page": round(alto.stat().st_size / 1024 / count, 1),
            "peak_mb_before": before,
            "peak_mb": peak(),
        }


def peak() -> float:
    """Give the most memory that this process has had, in MB."""
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale, 1)


def main() -> int:
    """Measure each book that is here, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=500)
    count = parser.parse_args().pages
    there = [name for name in BOOKS if (SCANS / name).is_dir()]
    if not there:
        print("The real scans are not beside this checkout.", file=sys.stderr)
        return 1
    fresh = multiprocessing.get_context("spawn")
    figures = {}
    for name in there:
        with fresh.Pool(1) as pool:
            figures[name] = pool.apply(measured, (name, count))
    print(json.dumps(figures, indent=1))
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "facsimile.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
