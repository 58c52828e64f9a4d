import os
from pathlib import Path

import pytest
from PIL import Image

from pipeline import ocr, reading
from pipeline.failures import PipelineError
from pipeline.limits import Limits
from tests.support.scanned import drawn_page

TEXT = ["The quick brown fox", 'said "seven" & went', "over 3 lazy dogs."]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    drawn_page(TEXT).save(path)
    return path


def test_words_have_boxes_and_confidences(page: Path) -> None:
    read = ocr.read(page, ["eng"])
    assert read.engine.startswith("tesseract ")
    assert " ".join(word.text for word in read.words).replace("\u201d", '"') == " ".join(TEXT)
    with Image.open(page) as image:
        for word in read.words:
            x, y, width, height = word.box
            assert 0 <= word.confidence <= 100
            assert x >= 0 <= y
            assert width > 0 < height
            assert x + width <= image.width
            assert y + height <= image.height
            inside = image.crop((x, y, x + width, y + height))
            assert inside.getextrema()[0] == 0, "no ink in the box"
    assert read.confidence > 80


def test_nothing_stays_beside_the_page(page: Path) -> None:
    ocr.read(page, ["eng"])
    assert list(page.parent.iterdir()) == [page]


def test_page_without_text_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "blank.png"
    Image.new("L", (500, 700), "white").save(path)
    read = ocr.read(path, ["eng"])
    assert (read.words, read.confidence) == ([], 0)


def test_quotes_in_the_table_are_only_quotes() -> None:
    head = "level\tpage\tblock\tpar\tline\tword\tleft\ttop\twidth\theight\tconf\ttext"
    rows = [
        '5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\t"Once',
        "5\t1\t1\t1\t1\t2\t50\t20\t30\t40\t-1\t'",
        '5\t1\t1\t1\t1\t3\t90\t20\t30\t40\t12\ta "b"',
        "5\t1\t1\t1\t1\t4\t90\t20\t30\t40\t12\t ",
        "4\t1\t1\t1\t2\t0\t90\t20\t30\t40\t-1\t",
    ]
    words = ocr._words("\n".join([head, *rows]) + "\n")  # noqa: SLF001
    assert [(word.text, word.confidence) for word in words] == [
        ('"Once', 96.5),
        ("'", 0.0),
        ('a "b"', 12.0),
    ]


def test_missing_language_names_its_package(page: Path) -> None:
    with pytest.raises(PipelineError, match=r"Yoruba \(yor\).*apt install tesseract-ocr-yor"):
        ocr.read(page, ["eng", "yor"])


@pytest.mark.parametrize("language", ["../../etc", "eng --psm 0", "-h", "", "script/Latin"])
def test_only_codes_of_languages_reach_the_engine(page: Path, language: str) -> None:
    with pytest.raises(PipelineError, match="not the code of a language"):
        ocr.read(page, [language])


def test_no_language_and_no_such_mode(page: Path) -> None:
    with pytest.raises(PipelineError, match="at least one"):
        ocr.read(page, [])
    with pytest.raises(PipelineError, match="no page segmentation mode 99"):
        ocr.read(page, ["eng"], 99)


def test_languages_together(page: Path) -> None:
    if "fra" not in ocr.installed_languages():
        pytest.skip("French language data is not installed")
    assert ocr.read(page, ["eng", "fra"]).words


def test_time_limit_of_the_engine(page: Path) -> None:
    with pytest.raises(PipelineError, match="longer than") as caught:
        ocr.read(page, ["eng"], seconds=0.01)
    assert not caught.value.permanent


@pytest.fixture
def other_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine of our own making first on the path; write its script."""
    ocr.installed_languages()
    ocr.engine_version()
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder / "tesseract"


@pytest.mark.parametrize(
    ("script", "sentence", "detail"),
    [
        ("kill -SEGV $$", "crashed", "-11"),
        ("echo 'out of ideas' >&2; exit 1", "failed", "out of ideas"),
    ],
)
def test_engine_that_ends_badly(
    page: Path, other_engine: Path, script: str, sentence: str, detail: str
) -> None:
    other_engine.write_text(f"#!/bin/sh\n{script}\n")
    other_engine.chmod(0o755)
    with pytest.raises(PipelineError, match=sentence) as caught:
        ocr.read(page, ["eng"])
    assert detail in caught.value.detail
    assert not caught.value.permanent


def test_engine_that_is_not_there(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(page.parent))
    ocr.installed_languages.cache_clear()
    ocr.engine_version.cache_clear()
    for call in (ocr.installed_languages, ocr.engine_version, lambda: ocr.read(page, ["eng"])):
        with pytest.raises(PipelineError, match=r"not installed.*apt install tesseract-ocr"):
            call()


def test_a_list_of_files_is_no_image(tmp_path: Path) -> None:
    """The engine would read the files that such a list names; it never gets to see it."""
    secret = tmp_path / "secret.png"
    drawn_page(["SECRET WORDS OF OTHERS"]).save(secret)
    scan = tmp_path / "scan.png"
    scan.write_text(f"{secret}\n")
    out = tmp_path / "out"
    out.mkdir()
    for media_type in ("image/png", "image/tiff", "application/pdf"):
        with pytest.raises(PipelineError, match="damaged"):
            reading.read_scan(scan, media_type, 0, ["en"], 3, out, Limits())
    assert list(out.iterdir()) == []
