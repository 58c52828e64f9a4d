import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pipeline.cutting import Box, cut_pictures, make_cover, parts
from pipeline.failures import PipelineError
from pipeline.images import page_image
from pipeline.limits import LIMITS
from pipeline.media import MediaType
from tests.support.scanned import SHARED, shared_item

BOXES: Sequence[Box] = [(7, 11, 60, 40), (0, 0, 30, 150), (90, 100, 30, 50)]


def speckled(mode: str = "RGB", size: tuple[int, int] = (120, 150)) -> Image.Image:
    """An image in which every place looks different."""
    image = Image.new("RGB", size)
    image.putdata(
        [
            (x * 2 % 256, y % 256, (x * 7 + y * 13) % 256)
            for y in range(size[1])
            for x in range(size[0])
        ]
    )
    return image.convert(mode)


def same(one: Image.Image, other: Image.Image) -> bool:
    return (
        one.size == other.size
        and not ImageChops.difference(one.convert("RGB"), other.convert("RGB")).getbbox()
    )


def corners(box: Box) -> Box:
    left, top, wide, high = box
    return left, top, left + wide, top + high


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(("kind", "media_type"), [("PNG", MediaType.PNG), ("TIFF", MediaType.TIFF)])
def test_a_cut_is_the_region_as_the_page_shows_it(
    tmp_path: Path, orientation: int, kind: str, media_type: MediaType
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = speckled(size=(120, 150) if orientation < 5 else (150, 120))
    stored.save(tmp_path / "scan", kind, exif=exif)
    page = page_image(tmp_path / "scan", media_type, 0)
    assert page.size == (120, 150)
    made = parts(tmp_path / "scan", media_type, 0, page.width, BOXES)
    assert all(same(part, page.crop(corners(box))) for part, box in zip(made, BOXES, strict=True))


def test_a_large_scan_is_cut_in_its_own_resolution(tmp_path: Path) -> None:
    small = replace(LIMITS, page_pixels=120 * 150 // 4)
    original = speckled()
    original.save(tmp_path / "scan.png")
    page = page_image(tmp_path / "scan.png", MediaType.PNG, 0, small)
    assert page.size == (60, 75)
    [part] = parts(tmp_path / "scan.png", MediaType.PNG, 0, page.width, [(10, 20, 25, 30)], small)
    assert same(part, original.crop((20, 40, 70, 100)))


def test_deep_pixels_are_as_bright_as_on_the_page(tmp_path: Path) -> None:
    dark, light = struct.pack("<H", 500), struct.pack("<H", 60_000)
    deep = Image.frombytes("I;16", (100, 100), (dark * 50 + light * 50) * 100)
    deep.save(tmp_path / "deep.png")
    page = page_image(tmp_path / "deep.png", MediaType.PNG, 0)
    [part] = parts(tmp_path / "deep.png", MediaType.PNG, 0, 100, [(0, 0, 40, 40)])
    assert part.getextrema() == page.crop((0, 0, 40, 40)).getextrema()
    assert part.getpixel((5, 5)) in {1, 2}


def test_the_child_cuts_a_real_scan(tmp_path: Path) -> None:
    scan = SHARED / shared_item("en-seatweaving-j040")["file"]
    box = (100, 700, 500, 300)
    [path] = cut_pictures(scan, "image/tiff", 0, (1088, 1642), [box], tmp_path)
    with Image.open(path) as made, Image.open(scan) as whole:
        assert same(made, whole.crop(corners(box)))
        assert made.mode == "1"
        assert not made.info


def test_a_region_beside_the_scan_is_refused(tmp_path: Path) -> None:
    speckled().save(tmp_path / "scan.png")
    with pytest.raises(PipelineError, match="outside the scan") as refused:
        cut_pictures(
            tmp_path / "scan.png", "image/png", 0, (120, 150), [(130, 0, 20, 20)], tmp_path
        )
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 4500), (1600, 2400)),
        ((1400, 2100), (1400, 2100)),
        ((800, 1200), (1000, 1500)),
        ((1000, 2400), (1000, 2400)),
    ],
)
def test_a_cover_has_a_size_that_readers_take(
    tmp_path: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    Image.effect_noise(size, 90).convert("RGB").save(tmp_path / "in.jpg", quality=95, exif=exif)
    made = make_cover(tmp_path / "in.jpg", "image/jpeg", 0, tmp_path)
    with Image.open(made) as cover:
        assert (cover.format, cover.size) == ("JPEG", expected)
        assert not cover.getexif()


@pytest.mark.parametrize(
    ("size", "word"), [((1200, 1200), "higher than wide"), ((400, 600), "too small"),
                       ((1000, 2700), "too narrow")]
)  # fmt: skip
def test_a_cover_is_refused_with_what_to_do(
    tmp_path: Path, size: tuple[int, int], word: str
) -> None:
    Image.new("L", size).save(tmp_path / "in.png")
    with pytest.raises(PipelineError, match=word):
        make_cover(tmp_path / "in.png", "image/png", 0, tmp_path)
