import os
import resource
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline.ingest import files_in, inspect, inspect_all
from pipeline.limits import LIMITS
from pipeline.media import MediaType
from pipeline.reading import prepare_scan
from tests.support.scanned import SHARED, drawn_page, error_rate, plain, shared_items

ODD = [item for item in shared_items() if item["kind"] == "odd-input"]
#: What the manifest counts otherwise: a spread is one image; a zip says what it holds.
PAGES = {"odd-two-page-spread.png": 1}

needs_shared = pytest.mark.skipif(not ODD, reason="the shared collection of scans is not here")


def test_files_of_a_folder_in_natural_order(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/10.png", "a.png", ".hidden", "Thumbs.db", "c/.git/x.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "link.png").symlink_to("/etc/passwd")
    assert [name for _, name in files_in(tmp_path)] == ["a.png", "b/2.png", "b/10.png"]


def test_many_files_keep_their_order_and_their_faults(tmp_path: Path) -> None:
    files = []
    for number in range(6):
        path = tmp_path / f"{number}.png"
        Image.new("L", (10 + number, 20)).save(path)
        files.append((path, path.name))
    files[2][0].write_bytes(b"")
    files[4][0].write_bytes(files[4][0].read_bytes()[:43])
    found = inspect_all(files)
    assert [[scan.width for scan in each.accepted] for each in found] == [
        [10],
        [11],
        [],
        [13],
        [],
        [15],
    ]
    assert [refusal.file for each in found for refusal in each.rejected] == ["2.png", "4.png"]
    assert "empty" in found[2].rejected[0].reason


def test_too_large_a_file_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    found = inspect(path, "scan.png", replace(LIMITS, file_bytes=50))
    assert "larger than" in found.rejected[0].reason


def test_large_uploads_are_not_read_into_memory(tmp_path: Path) -> None:
    path = tmp_path / "noise.zip"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(1 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with inspect(path, "noise.zip") as found:
        assert "damaged" in found.rejected[0].reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_pages_of_a_tiff_are_numbered_and_a_bad_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.tif"
    pages = [Image.effect_noise((50, 60 + number), 50) for number in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    with Image.open(path) as image:
        image.seek(1)
        offset = image.tag_v2[273][0]  # type: ignore[attr-defined]
    data = bytearray(path.read_bytes())
    data[offset : offset + 200] = b"\xff" * 200
    path.write_bytes(data)
    found = inspect(path, "book.tif")
    assert [(scan.name, scan.frame, scan.height) for scan in found.accepted] == [
        ("book.tif, page 1", 0, 60),
        ("book.tif, page 3", 2, 62),
    ]
    assert [refusal.file for refusal in found.rejected] == ["book.tif, page 2"]


def test_too_many_pages_in_a_tiff(tmp_path: Path) -> None:
    path = tmp_path / "book.tif"
    pages = [Image.new("1", (10, 10)) for _ in range(5)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    found = inspect(path, "book.tif", replace(LIMITS, pages=4))
    assert found.accepted == []
    assert "more than 4 pages" in found.rejected[0].reason


def test_a_pdf_is_drawn_in_the_resolution_of_its_scan(tmp_path: Path) -> None:
    pages = [drawn_page(["Page one"]), drawn_page(["Page two", "has more"])]
    path = tmp_path / "book.pdf"
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=217)
    found = inspect(path, "book.pdf")
    assert [(scan.width, scan.height) for scan in found.accepted] == [page.size for page in pages]
    assert [scan.name for scan in found.accepted] == ["book.pdf, page 1", "book.pdf, page 2"]


@pytest.mark.parametrize(
    ("start", "advice"),
    [
        (b"Rar!\x1a\x07", "ZIP"),
        (b"7z\xbc\xaf\x27\x1c", "ZIP"),
        (b"AT&TFORM", "PDF"),
        (b"\0\0\0\x18ftypheic", "JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "formats that Galley reads"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "formats that Galley reads"),
        (b"/etc/passwd\n", "formats that Galley reads"),
    ],
)
def test_other_formats_are_told_what_to_do(tmp_path: Path, start: bytes, advice: str) -> None:
    path = tmp_path / "scan.png"
    path.write_bytes(start + bytes(600))
    found = inspect(path, "scan.png")
    assert advice in found.rejected[0].reason


@needs_shared
@pytest.mark.parametrize("item", ODD, ids=[item["id"] for item in ODD])
def test_odd_inputs_get_what_they_should(item: dict[str, Any], tmp_path: Path) -> None:
    path = SHARED / item["file"]
    with inspect(path, path.name, workspace=tmp_path) as found:
        if not item["loadable"]:
            assert found.accepted == []
            assert found.rejected[0].file.startswith(path.name)
            assert found.rejected[0].reason.endswith(".")
            return
        assert found.rejected == []
        assert len(found.accepted) == PAGES.get(item["id"], item["pages"])
        out = tmp_path / "out"
        out.mkdir()
        for scan in found.accepted:
            prepared = prepare_scan(scan.path, scan.media_type, scan.frame, out)
            assert (prepared.width, prepared.height) == (scan.width, scan.height)
            with Image.open(prepared.view) as view:
                low, high = view.convert("L").getextrema()
            nothing_on_it = item["features"] in (["tiny"], ["blank-page"])
            assert nothing_on_it or float(high) - float(low) > 60, "all of one tone"  # type: ignore[arg-type]


@needs_shared
def test_members_come_in_natural_order(tmp_path: Path) -> None:
    path = SHARED / "odd-inputs" / "pages.zip"
    with inspect(path, path.name, workspace=tmp_path) as found:
        names = [scan.name for scan in found.accepted]
    assert names == [f"pages.zip/My Book/page {number}.png" for number in range(1, 6)]


@needs_shared
def test_nothing_is_written_outside(tmp_path: Path) -> None:
    path = SHARED / "odd-inputs" / "zip-slip.zip"
    work = tmp_path / "a" / "b"
    work.mkdir(parents=True)
    with inspect(path, path.name, workspace=work) as found:
        assert [scan.name for scan in found.accepted] == ["zip-slip.zip/001.png"]
    assert not Path("/tmp/abs-outside.txt").exists()  # noqa: S108 - the place the archive names
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


@needs_shared
def test_true_colours_of_cmyk(tmp_path: Path) -> None:
    means = []
    for name in ("cmyk.jpg", "progressive.jpg"):  # the same page
        prepared = prepare_scan(SHARED / "odd-inputs" / name, MediaType.JPEG, 0, tmp_path)
        with Image.open(prepared.thumb) as thumb:
            means.append(thumb.convert("RGB").resize((1, 1)).getpixel((0, 0)))
    first, second = means
    assert isinstance(first, tuple)
    assert isinstance(second, tuple)
    assert all(abs(one - other) < 12 for one, other in zip(first, second, strict=True))


def test_error_rate_of_tests_is_right() -> None:
    assert error_rate("abc", "abc") == 0
    assert error_rate("abd", "abc") == pytest.approx(100 / 3)
    assert error_rate("", "abcd") == 100
    assert error_rate("kitten", "sitting") == pytest.approx(300 / 7)
    assert plain("to-\nday \u201cit\u201d ;") == "today 'it';"
    assert os.fspath(SHARED).endswith("scans")
