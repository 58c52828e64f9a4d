"""Make the practice page of `/try`: a few lines set, printed, worn, and read by Tesseract.

Run by hand from the top folder, as python -m scans.make_practice, when the script changes; the
result is committed to static/practice. Needs Pillow, numpy and Tesseract with English. The page
holds one word that the engine truly misread and, before the last line, one misprint. Whatever
changes either makes it stop: then try other seeds.
"""

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from pipeline.reading import LineJson, read_page

from .demobook.ageing import Field, cloud, forme, foxing, inked, leaf, scanned
from .demobook.letters import parse
from .demobook.lines import Measure, paragraph
from .demobook.pages import Page

OUT = Path(__file__).parent.parent / "static" / "practice"
#: Written for this page. The misprint is the compositor's, as the text says.
TEXT = (
    "Every page was set by hand, and then read by a machine that sometimes takes one letter for "
    "another. That we put right. But a slip of the hand is part of the book: whatever you recieve "
    "from the printer, leave as it is."
)
MISPRINT = "recieve"
SEED = 23
WORN = 0.36  # share of the ink that wear takes where it is worst
QUALITY = 82
SIZE, LEAD, WIDTH, TOP = 118, 156, 1800, 900  # half pixels: type, line to line, measure, first line
MARGIN = 34  # pixels around the lines
ONE_BLOCK = 6  # Tesseract's page segmentation mode


def main() -> None:
    """Write page.webp and page.json to the folder asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--seed", type=int, default=SEED)
    asked = parser.parse_args()
    for path in write(asked.out, asked.seed):
        print(path)


def write(folder: Path, seed: int = SEED) -> list[Path]:
    """Make the page in FOLDER and give the files written."""
    picture, printed = page(seed)
    folder.mkdir(parents=True, exist_ok=True)
    image, about = folder / "page.webp", folder / "page.json"
    picture.save(image, quality=QUALITY, method=6)
    facts = described(image, printed)
    about.write_text(json.dumps(facts, indent=1) + "\n", "utf-8", newline="\n")
    return [image, about]


def page(seed: int) -> tuple[Image.Image, list[str]]:
    """Print and age the page; give its picture and its lines as they are printed."""
    sheet = Page("1", "recto")
    lines = paragraph(parse(TEXT), Measure(SIZE, WIDTH, SIZE))
    for row, line in enumerate(lines):
        sheet.put(line, TOP + row * LEAD)
    chance = np.random.default_rng([seed])
    type_ = worn(forme(sheet, {}, chance), chance)
    ink = scanned(inked(type_, chance), float(chance.uniform(-0.4, 0.4)))
    scan = leaf(sheet, ink, np.zeros_like(ink), foxing(chance), chance)
    return cropped(scan, ink), ["".join(run.text for run in line.runs) for line in lines]


def worn(clean: Field, chance: np.random.Generator) -> Field:
    """Take ink away in patches smaller than a letter, as worn type does."""
    patches = np.clip(cloud(chance, (clean.shape[1], clean.shape[0]), 9), 0, 2)
    left: Field = clean * np.clip(1 - WORN * patches, 0, 1)
    return left


def cropped(scan: Image.Image, ink: Field) -> Image.Image:
    """Cut the printed lines out of the scan, with a margin."""
    rows, columns = np.nonzero(ink > 0.5)  # noqa: PLR2004 - more ink than paper
    above = (scan.height - ink.shape[0]) // 2  # of the scanner's bed
    left, top = int(columns.min()) - MARGIN, int(rows.min()) + above - MARGIN
    right, bottom = int(columns.max()) + MARGIN, int(rows.max()) + above + MARGIN
    return scan.crop((left, top, right, bottom))


def described(image: Path, printed: list[str]) -> dict[str, Any]:
    """Read the picture; give its size, the lines as read and as printed, and the two tasks."""
    lines = read(image)
    read_words = [word["text"] for line in lines for word in line["words"]]
    known = " ".join(printed).split()
    wrong = [
        place for place, pair in enumerate(zip(read_words, known, strict=True)) if len({*pair}) > 1
    ]
    misprint = known.index(MISPRINT)
    if len(lines) != len(printed) or len(wrong) != 1 or wrong[0] >= misprint:
        told = [(read_words[place], known[place]) for place in wrong]
        message = f"The engine misread {told}; it must be one word, before the misprint."
        raise SystemExit(message)
    with Image.open(image) as picture:
        width, height = picture.size
    tasks = {"misread": wrong[0], "misprint": misprint}
    return {"width": width, "height": height, **tasks, "printed": printed, "lines": lines}


def read(image: Path) -> list[LineJson]:
    """Give the lines that the engine reads in the committed picture."""
    with tempfile.TemporaryDirectory() as folder, Image.open(image) as picture:
        grey = Path(folder) / "page.png"
        picture.convert("L").save(grey)
        return read_page(grey, ["en"], ONE_BLOCK)[0]


if __name__ == "__main__":
    main()
