"""The whole demonstration book written to a folder: scans, known text and what it is."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from .ageing import Field, forme, foxing, inked, leaf, scanned
from .pages import Page, book
from .rabbit import rabbit
from .river import river
from .truth import formatted, proofread

SEED = 1865
QUALITY = 66
ABOUT: dict[str, Any] = {
    "title": "Alice's Adventures in Wonderland: The First Chapter",
    "author": "Lewis Carroll",
    "languages": ["en"],
    "year": 1865,
    "publisher": "Macmillan and Co.",
    "place": "London",
    "description": (
        "Alice follows a White Rabbit with a watch down a very deep well, and finds a "
        "little golden key. The verses and the first chapter, set, printed and aged by "
        "Galley's own script so that newcomers have an old book to practise on."
    ),
    "subjects": [
        "Fantasy fiction",
        "Children's stories, English",
        "Alice (Fictitious character from Carroll)",
    ],
    "rights": {
        "basis": "public-domain",
        "evidence": (
            "The author died in 1898; his words were first printed in 1865 and 1871. The word to "
            "the reader, the note on page 3, the pictures and the scans were made for Galley and "
            "are given to the public domain (CC0 1.0)."
        ),
    },
    "source": "Made by scans/make_demo.py; publisher, place and year are the first edition's.",
}


def generator(*path: int) -> np.random.Generator:
    """Give the chances of one thing, always the same: PATH names it."""
    return np.random.default_rng([SEED, *path])


def write(folder: Path, only: Iterable[int] = ()) -> list[Path]:
    """Make the book in FOLDER and give the scans written.

    ONLY names pages by number from 1; when empty, all are drawn and book.json is written too.
    The texts are always written whole.
    """
    pages = book()
    _write_texts(folder, pages)
    wanted = sorted(only) or range(1, len(pages) + 1)
    pictures = _pictures(pages, wanted)
    inks: dict[int, Field] = {}
    paths = []
    for number in wanted:
        for index in (number - 1, behind(number - 1)):
            if index not in inks:
                inks[index] = _ink(pages, index, pictures)
        path = folder / "pages" / f"{number:03}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        scan(pages, number - 1, inks).save(
            path, quality=QUALITY, subsampling="4:2:0", dpi=(220, 220)
        )
        paths.append(path)
    if not only:
        _write_about(folder, pages, paths)
    return paths


def behind(index: int) -> int:
    """Give the page on the other side of the leaf; both count from 0, and the first is a recto."""
    return index ^ 1


def scan(pages: list[Page], index: int, inks: dict[int, Field]) -> Image.Image:
    """Scan one page: its ink, the other side's shine, and the stains of their common leaf."""
    stains = foxing(generator(3, index // 2))
    if index % 2:
        stains = stains[:, ::-1] * np.float32(0.85)
    return leaf(pages[index], inks[index], inks[behind(index)], stains, generator(4, index))


def _pictures(pages: list[Page], wanted: Iterable[int]) -> dict[str, Image.Image]:
    """Engrave the pictures that the wanted pages, or the backs of their leaves, need."""
    needed = {pages[side].picture for number in wanted for side in (number - 1, behind(number - 1))}
    cuts = {"river": river, "rabbit": rabbit}
    return {
        name: cut(generator(1, order))
        for order, (name, cut) in enumerate(cuts.items())
        if name in needed
    }


def _ink(pages: list[Page], index: int, pictures: dict[str, Image.Image]) -> Field:
    """Print one page and turn it as little as a hand lays a book askew."""
    chance = generator(2, index)
    degrees = float(chance.uniform(0.15, 0.75) * (chance.choice((-1, 1))))
    return scanned(inked(forme(pages[index], pictures, chance), chance), degrees)


def _write_texts(folder: Path, pages: list[Page]) -> None:
    """Write the known text of each page in its two forms."""
    for form, tell in (("p", proofread), ("f", formatted)):
        target = folder / "text" / form
        target.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(pages, start=1):
            (target / f"{number:03}.txt").write_text(tell(page.blocks), "utf-8", newline="\n")


def _write_about(folder: Path, pages: list[Page], paths: list[Path]) -> None:
    """Write book.json: what the book is and what each page is."""
    listed = [
        {
            "number": number,
            "label": page.label,
            "kind": page.kind,
            "scan": f"pages/{path.name}",
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "furniture": page.furniture,
        }
        for number, (page, path) in enumerate(zip(pages, paths, strict=True), start=1)
    ]
    text = json.dumps({**ABOUT, "pages": listed}, ensure_ascii=False, indent=1)
    (folder / "book.json").write_text(text + "\n", "utf-8", newline="\n")
