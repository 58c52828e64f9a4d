from pathlib import Path

import pytest
from PIL import Image

from pipeline.media import MediaType, sniff, why_not


@pytest.mark.parametrize(
    ("start", "media_type"),
    [
        (b"junk before\n%PDF-1.4", MediaType.PDF),
        (b"PK\x05\x06" + bytes(18), MediaType.ZIP),
        (b"\xff\x4f\xff\x51", MediaType.JPEG2000),
        (b"RIFF\0\0\0\0WEBPVP8 ", MediaType.WEBP),
        (b"RIFF\0\0\0\0WAVEfmt ", None),
        (b"", None),
        (b"plain text", None),
        (bytes(600), None),
    ],
)
def test_first_bytes_tell(tmp_path: Path, start: bytes, media_type: MediaType | None) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(start)
    assert sniff(path) is media_type


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("TIFF", "image/tiff"),
        ("JPEG2000", "image/jp2"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("BMP", "image/bmp"),
        ("PDF", "application/pdf"),
    ],
)
def test_names_do_not_matter(tmp_path: Path, kind: str, media_type: str) -> None:
    path = tmp_path / "x.txt"
    Image.new("L", (9, 9)).save(path, kind)
    assert sniff(path) == media_type


def test_reasons_are_sentences(tmp_path: Path) -> None:
    path = tmp_path / "x"
    for data in (b"", b"Rar!", b"text"):
        path.write_bytes(data)
        assert why_not(path).endswith(".")
