"""Keep where the outermost lines of the scanned books lie, for the test of heads and numbers.

    python -m benchmarks.keep_outer_lines

writes `tests/pipeline/outer_lines.json`: of each page its size and its first and last five lines,
in reading order, with words only for the two on either edge and for lines of a few letters; the
text of the pages is not kept. Run it again when the engine reads otherwise.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline import layout, ocr
from tests.support.scanned import SHARED

KEPT = Path(__file__).resolve().parents[1] / "tests" / "pipeline" / "outer_lines.json"
BOOKS = {
    "filial-duty-1908": ("pages", "eng"),
    "catholic-church-history-1926": ("pages", "eng"),
    "kovalewsky-1893-fr": ("pages", "fra"),
    "credulities-1880-extract": ("scans", "eng"),
}
_LINES, _WORDED, _SHORT = 5, 2, 12


def thinned(lines: Sequence[Sequence[tuple[str, ocr.Box]]]) -> list[Any]:
    """Return a page's outer lines: the box, then each word's text, left edge and width if kept."""
    legible = [line for line in lines if any(sign.isalnum() for text, _ in line for sign in text)]
    order = sorted(legible, key=lambda line: _box(line)[1] + _box(line)[3] / 2)
    depth = {id(line): min(at, len(order) - 1 - at) for at, line in enumerate(order)}
    return [list(_kept(line, depth[id(line)])) for line in legible if depth[id(line)] < _LINES]


def _kept(line: Sequence[tuple[str, ocr.Box]], depth: int) -> Iterator[Any]:
    yield _box(line)
    if depth < _WORDED or sum(len(text) for text, _ in line) <= _SHORT:
        yield from ([text, box[0], box[2]] for text, box in line)


def _box(line: Sequence[tuple[str, ocr.Box]]) -> list[int]:
    boxes = [box for _, box in line]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right = max(box[0] + box[2] for box in boxes)
    return [left, top, right - left, max(box[1] + box[3] for box in boxes) - top]


def _read(scan: Path, language: str) -> dict[str, Any]:
    with Image.open(scan) as image:
        size = list(image.size)
    words = ocr.read(scan, [language]).words
    lines = [[(word.text, word.box) for word in line.words] for line in layout.lines_of(words)]
    return {"size": size, "lines": thinned(lines)}


def written(books: dict[str, dict[str, Any]]) -> str:
    """Return the file's text: a page a line."""
    parts = []
    for name, pages in books.items():
        rows = (f"{json.dumps(page)}: {json.dumps(kept, ensure_ascii=False, separators=(',', ':'))}"
                for page, kept in pages.items())  # fmt: skip
        parts.append(f"{json.dumps(name)}: {{\n" + ",\n".join(rows) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Read all pages of the books once."""
    books = {
        name: {
            str(int(scan.stem)): _read(scan, language)
            for scan in sorted((SHARED / "books" / name / folder).iterdir())
        }
        for name, (folder, language) in BOOKS.items()
    }
    KEPT.write_text(written(books), "utf-8")


if __name__ == "__main__":
    main()
