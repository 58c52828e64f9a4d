"""Scans for tests: real ones of the shared collection, drawn ones with known text; error rates."""

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "scans"


@cache
def shared_items() -> list[dict[str, Any]]:
    """The items of the shared collection's manifest; none where it is absent."""
    manifest = SHARED / "manifest.json"
    if not manifest.exists():
        return []
    items: list[dict[str, Any]] = json.loads(manifest.read_text())["items"]
    return items


def shared_item(item_id: str) -> dict[str, Any]:
    """One item of the collection; skips the test where it is absent."""
    for item in shared_items():
        if item["id"] == item_id:
            return item
    pytest.skip("the shared collection of scans is not here")


def drawn_page(
    lines: list[str], *, size: int = 36, indents: dict[int, int] | None = None
) -> Image.Image:
    """A clean grey page with these lines, in Pillow's own font."""
    font = ImageFont.load_default(size)
    image = Image.new("L", (34 * size, (len(lines) + 4) * size * 3 // 2), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        left = 2 * size + (indents or {}).get(number, 0)
        draw.text((left, (number + 2) * size * 3 // 2), line, font=font, fill="black")
    return image


def plain(text: str) -> str:
    """Text with white space, quotes, dashes and line-end hyphens made alike, for comparing."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[\u00ac-]\n+", "", text)
    text = text.replace("\u2014", "--")
    text = re.sub("[\u2018\u2019\u201c\u201d'\"`]+", "'", text)
    text = re.sub(r"\s+([;:!?,.])", r"\1", text)
    return " ".join(text.split())


def error_rate(read: str, truth: str) -> float:
    """Character errors in per cent of the truth, after `plain`."""
    read, truth = plain(read), plain(truth)
    return 100 * _distance(read, truth) / max(1, len(truth))


def _distance(one: str, other: str) -> int:
    """The Levenshtein distance (Myers 1999: a column of the table in the bits of one number)."""
    if not one:
        return len(other)
    places: dict[str, int] = {}
    for index, letter in enumerate(one):
        places[letter] = places.get(letter, 0) | 1 << index
    mask, last = (1 << len(one)) - 1, 1 << len(one) - 1
    up, down, distance = mask, 0, len(one)
    for letter in other:
        equal = places.get(letter, 0)
        across = (((equal & up) + up) ^ up) | equal | down
        right, left = down | ~(across | up) & mask, up & across
        distance += bool(right & last) - bool(left & last)
        right = (right << 1 | 1) & mask
        left = left << 1 & mask
        vertical = equal | down
        up, down = (left | ~(vertical | right)) & mask, right & vertical
    return distance
