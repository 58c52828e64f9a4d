from io import BytesIO

import pytest
from PIL import Image

from exports.writing.cover import HEIGHT, WIDTH, draw_cover
from exports.writing.ornaments import ORNAMENTS


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("Walden", "Henry David Thoreau"),
        ("\u5b5d\u7d93", "\u5b54\u5b50"),
        ("", ""),
        ("A Title of Very Many Words " * 30, "An Author, and Another, and a Third One, " * 6),
        ("Donaudampfschifffahrtsgesellschaftskapit\u00e4nsm\u00fctze" * 3, "X"),
        ("half \ud800", "\x00"),
    ],
)
def test_any_title_gives_a_cover_that_shops_take(title: str, author: str) -> None:
    data = draw_cover(title, author)
    image = Image.open(BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (WIDTH, HEIGHT))
    assert len(data) < 300_000
    assert draw_cover(title, author) == data


def test_titles_stay_inside_the_frame() -> None:
    image = Image.open(BytesIO(draw_cover("W" * 400, "W" * 400))).convert("L")
    left, right = image.crop((112, 60, 130, 2040)), image.crop((1340, 60, 1390, 2040))
    for strip in (left, right):
        shades = strip.histogram()
        seen = [shade for shade, count in enumerate(shades) if count]
        assert seen[-1] - seen[0] < 30


@pytest.mark.parametrize("ornament", ORNAMENTS)
def test_ornaments_keep_within_their_square(ornament: object) -> None:
    strokes = ornament()  # type: ignore[operator]
    assert all(-1 <= x <= 1 and -1 <= y <= 1 for stroke in strokes for x, y in stroke)
    assert all(len(stroke) > 1 for stroke in strokes)
