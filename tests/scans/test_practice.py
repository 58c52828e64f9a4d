"""The committed practice page is what its script makes, and teaches what it should."""

import json
from pathlib import Path

import numpy as np
from PIL import Image

from scans.make_practice import MISPRINT, SEED, page

FOLDER = Path(__file__).resolve().parents[2] / "static" / "practice"
FACTS = json.loads((FOLDER / "page.json").read_text("utf-8"))


def test_the_committed_picture_is_what_the_script_draws() -> None:
    fresh, printed = page(SEED)
    assert printed == FACTS["printed"]
    with Image.open(FOLDER / "page.webp") as picture:
        assert picture.size == fresh.size == (FACTS["width"], FACTS["height"])
        old = np.asarray(picture.convert("L"), dtype=np.int16)
    new = np.asarray(fresh.convert("L"), dtype=np.int16)
    assert np.abs(old - new).mean() < 4, "only what the compression took differs"


def test_one_word_is_misread_before_one_misprint() -> None:
    read = [word["text"] for line in FACTS["lines"] for word in line["words"]]
    printed = " ".join(FACTS["printed"]).split()
    wrong = [
        place for place, (one, two) in enumerate(zip(read, printed, strict=True)) if one != two
    ]
    assert wrong == [FACTS["misread"]]
    assert printed[FACTS["misprint"]] == read[FACTS["misprint"]] == MISPRINT
    assert len(FACTS["lines"][0]["words"]) <= FACTS["misread"] < FACTS["misprint"]


def test_words_lie_in_the_picture() -> None:
    for line in FACTS["lines"]:
        for word in line["words"]:
            x, y, width, height = word["box"]
            assert 0 <= x < x + width <= FACTS["width"]
            assert 0 <= y < y + height <= FACTS["height"]
