import random
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from pipeline import sandbox
from pipeline.failures import PipelineError
from pipeline.ingest import inspect
from pipeline.limits import LIMITS
from pipeline.media import MediaType
from pipeline.reading import prepare_scan
from tests.support.scanned import drawn_page

HASTY = replace(LIMITS, examine_seconds=3, prepare_seconds=3, memory=512 << 20)


def pdf(*objects: str, stream: bytes = b"", stream_entries: str = "") -> bytes:
    """A PDF of these objects, numbered from 1; the last is the stream. Its index is left out."""
    parts = [b"%PDF-1.7\n"]
    for number, text in enumerate(objects, 1):
        parts.append(f"{number} 0 obj\n{text}\nendobj\n".encode())
    entries = f"<< /Length {len(stream)} {stream_entries}>>"
    parts.append(f"{len(objects) + 1} 0 obj\n{entries}\nstream\n".encode() + stream)
    parts.append(b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n")
    return b"".join(parts)


def one_page(box: str, content: bytes = b"0 0 m 10 10 l S") -> bytes:
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R >>",
        stream=content,
    )


def test_a_page_of_drawn_text_is_drawn_at_300_dots(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page("0 0 420 595"))
    [scan] = inspect(path, "a.pdf").accepted
    assert (scan.width, scan.height) == (1750, 2480)
    prepared = prepare_scan(path, MediaType.PDF, 0, tmp_path)
    assert (prepared.width, prepared.height) == (1750, 2480)


def test_size_of_a_page_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page("0 0 14400 14400"))
    [scan] = inspect(path, "a.pdf").accepted
    assert scan.width * scan.height <= LIMITS.page_pixels
    prepared = prepare_scan(path, MediaType.PDF, 0, tmp_path)
    assert (prepared.width, prepared.height) == (scan.width, scan.height)


@pytest.mark.parametrize("box", ["0 0 0 0", "0 0 1e9 0.001", "5 5", "0 0 nan nan"])
def test_pages_without_a_sensible_size(tmp_path: Path, box: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page(box))
    found = inspect(path, "a.pdf")
    assert len(found.accepted) + len(found.rejected) == 1
    assert all(scan.width * scan.height <= LIMITS.page_pixels for scan in found.accepted)


def test_resolution_follows_the_scan_within_bounds(tmp_path: Path) -> None:
    for dots, expected in ((50, 100), (150, 150), (2400, 600)):
        path = tmp_path / "a.pdf"
        Image.new("L", (4 * dots, 5 * dots), "white").save(path, resolution=dots)
        [scan] = inspect(path, "a.pdf").accepted
        assert (scan.width, scan.height) == (4 * expected, 5 * expected)


def test_count_of_pages_may_lie(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(one_page("0 0 100 100").replace(b"/Count 1", b"/Count 9"))
    found = inspect(path, "a.pdf")
    assert all("page" in refusal.file for refusal in found.rejected)
    assert len(found.accepted) <= 1


def test_endless_drawing_is_stopped(tmp_path: Path) -> None:
    """A form that calls others, ten times each, many levels deep."""
    levels = 12
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources 5 0 R >>",
        "<< /Length 4 >>\nstream\n/X Do\nendstream",
        "<< /XObject << /X 6 0 R >> >>",
    ]
    for level in range(levels):
        content = "/X Do " * 10
        objects.append(
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length {len(content)}"
            f" /Resources << /XObject << /X {level + 7} 0 R >> >> >>\nstream\n{content}\nendstream"
        )
    path = tmp_path / "a.pdf"
    path.write_bytes(
        pdf(
            *objects,
            stream=b"0 0 100 100 re f " * 100,
            stream_entries="/Type /XObject /Subtype /Form /BBox [0 0 100 100] ",
        )
    )
    with pytest.raises(PipelineError, match=r"longer than the 3 seconds|memory|crash"):
        prepare_scan(path, MediaType.PDF, 0, tmp_path, HASTY)


@pytest.mark.parametrize("seed", range(8))
def test_noise_in_a_pdf_never_raises(tmp_path: Path, seed: int) -> None:
    noise = random.Random(seed)  # noqa: S311 - repeatable noise
    path = tmp_path / "a.pdf"
    pages = [drawn_page([f"Page {number}"], size=12) for number in range(3)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    data = bytearray(path.read_bytes())
    for _ in range(200):
        data[noise.randrange(10, len(data))] = noise.randrange(256)
    path.write_bytes(data)
    found = inspect(path, "a.pdf", HASTY)
    assert found.accepted or found.rejected
    for scan in found.accepted:
        try:
            prepare_scan(scan.path, scan.media_type, scan.frame, tmp_path, HASTY)
        except PipelineError as error:
            assert error.sentence.endswith(".")  # noqa: PT017 - either outcome is right


def test_no_child_is_left() -> None:
    assert list(sandbox.each(lambda item: item, [], sandbox.Bounds(1, 1, 1))) == []
