from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from exports.book import Picture
from exports.pages import Figure
from exports.writing.images import PictureUnreadableError, encoded, seen


def file_of(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def book_image(source: bytes, *, line_art: bool = False) -> Image.Image:
    return Image.open(BytesIO(encoded(Picture("a", source, line_art))))


def gradient(mode: str, size: tuple[int, int]) -> Image.Image:
    return Image.radial_gradient("L").resize(size).convert(mode)


@pytest.mark.parametrize(
    ("given", "expected"),
    [((3000, 1000), (1600, 533)), ((900, 1601), (899, 1600)), ((400, 300), (400, 300))],
)
def test_pictures_fit_every_reader(
    tmp_path: Path, given: tuple[int, int], expected: tuple[int, int]
) -> None:
    source = file_of(gradient("RGB", given))
    (tmp_path / "picture").write_bytes(source)
    figure = seen(Figure(None), tmp_path / "picture")
    assert book_image(source).size == figure.size == expected
    assert not figure.bilevel


def test_grey_is_kept_as_grey_and_colour_as_colour() -> None:
    assert book_image(file_of(gradient("RGB", (80, 80)))).mode == "L"
    assert book_image(file_of(Image.new("RGB", (80, 80), "teal"))).mode == "RGB"
    assert book_image(file_of(gradient("1", (80, 80)))).mode == "L"


def test_line_art_is_a_sharp_png() -> None:
    lines = gradient("1", (80, 80))
    exact = book_image(file_of(lines), line_art=True)
    assert (exact.format, exact.mode) == ("PNG", "1")
    assert exact.tobytes() == lines.tobytes()
    large = book_image(file_of(gradient("1", (3200, 3200))), line_art=True)
    assert (large.format, large.size) == ("PNG", (1600, 1600))
    assert len(large.convert("L").getcolors() or []) <= 16
    assert book_image(file_of(Image.new("RGB", (9, 9), "teal")), line_art=True).mode == "RGB"


def test_black_and_white_needs_no_shades_unless_it_is_made_smaller(tmp_path: Path) -> None:
    for size, bilevel in ((800, True), (1601, False)):
        (tmp_path / "scan").write_bytes(file_of(gradient("1", (size, 400))))
        assert seen(Figure(None), tmp_path / "scan").bilevel is bilevel
    exact = Image.open(
        BytesIO(encoded(Picture("a", file_of(gradient("1", (80, 80))), bilevel=True)))
    )
    assert (exact.format, exact.mode) == ("PNG", "1")


@pytest.mark.parametrize("line_art", [False, True])
def test_nothing_but_pixels_is_in_the_file(line_art: bool) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "Camera", 6
    source = file_of(gradient("L", (60, 40)), "PNG", exif=exif, dpi=(300, 300))
    made = book_image(source, line_art=line_art)
    assert made.size == (40, 60)
    assert not made.getexif()
    assert not {"exif", "dpi", "xmp", "icc_profile"} & set(made.info)


def test_the_same_picture_is_the_same_bytes() -> None:
    for line_art in (False, True):
        picture = Picture("a", file_of(gradient("L", (2000, 900))), line_art)
        assert encoded(picture) == encoded(picture)


def test_a_broken_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(PictureUnreadableError, match="picture plate"):
        encoded(Picture("plate", b"no image"))
    (tmp_path / "broken").write_bytes(b"no image")
    broken = seen(Figure(None, "Alt."), tmp_path / "broken")
    assert (broken.alt, broken.size, broken.image) == ("Alt.", (0, 0), tmp_path / "broken")
