import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pipeline.failures import PipelineError
from pipeline.images import frame_count, make_smaller, page_image, page_size, prepare
from pipeline.limits import LIMITS
from pipeline.media import MediaType

INK, PAPER = (20, 20, 20), (240, 230, 210)


def sheet(mode: str = "RGB", size: tuple[int, int] = (120, 200)) -> Image.Image:
    """Paper with a dark bar across the top quarter."""
    image = Image.new("RGB", size, PAPER)
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 4), fill=INK)
    return image.convert(mode)


def saved(image: Image.Image, path: Path, kind: str, **options: object) -> Path:
    image.save(path, kind, **options)
    return path


def brightness(image: Image.Image, place: tuple[int, int]) -> int:
    value = image.convert("L").getpixel(place)
    assert isinstance(value, int | float)
    return int(value)


def assert_upright(image: Image.Image) -> None:
    assert brightness(image, (10, 10)) < 80
    assert brightness(image, (image.width - 10, image.height - 10)) > 170


@pytest.mark.parametrize(
    ("kind", "media_type", "mode", "expected"),
    [
        ("PNG", MediaType.PNG, "1", "1"),
        ("PNG", MediaType.PNG, "L", "L"),
        ("PNG", MediaType.PNG, "P", "RGB"),
        ("PNG", MediaType.PNG, "RGBA", "RGB"),
        ("JPEG", MediaType.JPEG, "L", "L"),
        ("JPEG", MediaType.JPEG, "RGB", "RGB"),
        ("JPEG", MediaType.JPEG, "CMYK", "RGB"),
        ("TIFF", MediaType.TIFF, "1", "1"),
        ("TIFF", MediaType.TIFF, "CMYK", "RGB"),
        ("TIFF", MediaType.TIFF, "LAB", "RGB"),
        ("JPEG2000", MediaType.JPEG2000, "RGB", "RGB"),
        ("WEBP", MediaType.WEBP, "RGB", "RGB"),
        ("GIF", MediaType.GIF, "P", "RGB"),
        ("BMP", MediaType.BMP, "RGB", "RGB"),
    ],
)
def test_every_format_becomes_a_plain_page(
    tmp_path: Path, kind: str, media_type: MediaType, mode: str, expected: str
) -> None:
    if mode == "LAB":
        image = Image.merge("LAB", [sheet("L"), *[Image.new("L", (120, 200), 0)] * 2])
    else:
        image = sheet(mode)
    path = saved(image, tmp_path / "scan", kind)
    page = page_image(path, media_type, 0)
    assert page.mode == expected
    assert page.size == page_size(path, media_type, 0) == (120, 200)
    assert_upright(page)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("JPEG", MediaType.JPEG), ("PNG", MediaType.PNG), ("TIFF", MediaType.TIFF)],
)
def test_orientation_is_applied_once(
    tmp_path: Path, kind: str, media_type: MediaType, orientation: int
) -> None:
    back = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = sheet() if back is None else sheet().transpose(back)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(image, tmp_path / "scan", kind, exif=exif)
    page = page_image(path, media_type, 0)
    assert page.size == page_size(path, media_type, 0) == (120, 200)
    assert_upright(page)


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize(("kind", "media_type"), [("PNG", MediaType.PNG), ("TIFF", MediaType.TIFF)])
def test_deep_grey_keeps_its_tones(
    tmp_path: Path, kind: str, media_type: MediaType, bits: int
) -> None:
    grey = sheet("L")
    top = 2**bits - 1
    values = struct.pack(f"<{120 * 200}H", *(byte * top // 255 for byte in grey.tobytes()))
    deep = Image.frombytes("I;16", grey.size, values)
    page = page_image(saved(deep, tmp_path / "scan", kind), media_type, 0)
    assert page.mode == "L"
    for place in ((10, 10), (110, 190)):
        assert abs(brightness(page, place) - brightness(grey, place)) <= 12


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (50, 50), 0)
    image.paste((0, 0, 0, 255) if mode == "RGBA" else (0, 255), (0, 0, 50, 10))
    page = page_image(saved(image, tmp_path / "scan", "PNG"), MediaType.PNG, 0)
    assert page.mode == "L"
    assert (brightness(page, (5, 5)), brightness(page, (5, 40))) == (0, 255)


def test_colourless_colour_is_grey(tmp_path: Path) -> None:
    grey = sheet("L")
    for mode in ("RGB", "P", "RGBA"):
        path = saved(grey.convert(mode), tmp_path / mode, "PNG")
        assert page_image(path, MediaType.PNG, 0).mode == "L"


def test_frames_of_a_tiff_are_pages_but_not_its_thumbnails(tmp_path: Path) -> None:
    path = tmp_path / "book.tif"
    small = sheet("L", (12, 20))
    small.encoderinfo = {"tiffinfo": {254: 1}}
    images = [sheet("1"), small, sheet("RGB", (60, 80)), sheet("L", (70, 90))]
    images[0].save(path, save_all=True, append_images=images[1:])
    assert frame_count(path, MediaType.TIFF) == 3
    sizes = [page_size(path, MediaType.TIFF, frame) for frame in range(3)]
    assert sizes == [(120, 200), (60, 80), (70, 90)]
    assert [page_image(path, MediaType.TIFF, frame).size for frame in range(3)] == sizes


@pytest.mark.parametrize("mode", ["1", "P", "L", "RGB", "RGBA"])
def test_a_huge_page_is_brought_down(tmp_path: Path, mode: str) -> None:
    limits = replace(LIMITS, page_pixels=3000)
    path = saved(sheet(mode), tmp_path / "scan", "PNG")
    page = page_image(path, MediaType.PNG, 0, limits)
    assert page.size == page_size(path, MediaType.PNG, 0, limits) == (40, 67)
    assert_upright(page)


def test_prepare_writes_image_view_and_thumbnail(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "where I live"
    path = saved(sheet(size=(2000, 3000)), tmp_path / "scan", "JPEG", exif=exif, dpi=(1, 1))
    prepared = prepare(path, MediaType.JPEG, 0, tmp_path)
    assert (prepared.width, prepared.height) == (2000, 3000)
    sizes = {}
    for name, file in prepared.files.items():
        with Image.open(file) as image:
            sizes[name] = (image.format, image.size)
            assert not image.getexif()
            assert "dpi" not in image.info
            assert_upright(image)
    assert sizes == {
        "image": ("PNG", (2000, 3000)),
        "view": ("WEBP", (1600, 2400)),
        "thumb": ("WEBP", (240, 360)),
    }


def test_nothing_is_enlarged(tmp_path: Path) -> None:
    prepared = prepare(saved(sheet("1"), tmp_path / "scan", "PNG"), MediaType.PNG, 0, tmp_path)
    for file in prepared.files.values():
        with Image.open(file) as image:
            assert image.size == (120, 200)
    make_smaller(prepared.image, 5000, tmp_path / "w5000.webp")
    make_smaller(prepared.image, 60, tmp_path / "w60.webp")
    with Image.open(tmp_path / "w5000.webp") as wide, Image.open(tmp_path / "w60.webp") as narrow:
        assert (wide.size, narrow.size) == ((120, 200), (60, 100))


def test_one_pixel(tmp_path: Path) -> None:
    path = saved(Image.new("1", (1, 1)), tmp_path / "scan", "PNG")
    assert prepare(path, MediaType.PNG, 0, tmp_path).width == 1


def header_of(width: int, height: int) -> bytes:
    """A PNG that says it is this large, with hardly any data."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    start = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", start) + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(65_535, 65_535), (300_000_000, 1), (12_000, 12_000)]
)
def test_more_pixels_than_allowed_are_refused_unseen(
    tmp_path: Path, width: int, height: int
) -> None:
    path = tmp_path / "bomb"
    path.write_bytes(header_of(width, height))
    with pytest.raises(PipelineError, match=r"more than 250 million pixels \(134 million in"):
        page_size(path, MediaType.PNG, 0)
    with pytest.raises(PipelineError, match="more than 250 million"):
        page_image(path, MediaType.PNG, 0)


def encoded(kind: str) -> bytes:
    stream = io.BytesIO()
    image = Image.effect_noise((200, 300), 80).convert("RGB")
    image.save(stream, kind, **({"compression": "tiff_lzw"} if kind == "TIFF" else {}))
    return stream.getvalue()


@pytest.mark.parametrize("decode", [page_size, page_image])
@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", MediaType.PNG),
        ("JPEG", MediaType.JPEG),
        ("TIFF", MediaType.TIFF),
        ("WEBP", MediaType.WEBP),
        ("GIF", MediaType.GIF),
        ("BMP", MediaType.BMP),
        ("JPEG2000", MediaType.JPEG2000),
    ],
)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_cut_images_are_refused(
    tmp_path: Path,
    decode: Callable[[Path, MediaType, int], object],
    kind: str,
    media_type: MediaType,
    share: float,
) -> None:
    data = encoded(kind)
    path = tmp_path / "cut"
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(PipelineError, match="damaged"):
        decode(path, media_type, 0)


def test_one_decoder_only(tmp_path: Path) -> None:
    """What says it is one format is never opened as another."""
    path = saved(sheet(), tmp_path / "scan", "PPM")
    with pytest.raises(PipelineError, match="damaged"):
        page_image(path, MediaType.PNG, 0)
