from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.failures import PipelineError
from pipeline.limits import LIMITS
from pipeline.media import MediaType, sniff
from pipeline.reading import read_page, read_scan
from tests.support.scanned import SHARED, drawn_page, error_rate, shared_items

BOOK_PAGES = [
    item
    for item in shared_items()
    if item["kind"] == "book-page" and item.get("gt") and item.get("gt_chars", 0) > 800
][10::24]
ODD = [
    item
    for item in shared_items()
    if item["id"]
    in (
        "odd-huge-1bit.png",
        "odd-grey-16bit.png",
        "odd-transparent-background.png",
        "odd-exif-orientation-3.jpg",
        "odd-negative.png",
    )
]

PROSE = [
    "12 THE BOOK OF TESTS 12",
    "of a paragraph that began before this page did and",
    "that comes to its end right here.",
    "Another one begins with an indent, runs on over",
    "more than a single line, and is cut by the page-",
]


def test_a_page_from_bytes_to_text(tmp_path: Path) -> None:
    source = tmp_path / "original"
    page = drawn_page(PROSE[1:], indents={2: 60})
    page.save(source, "TIFF")
    read = read_scan(source, MediaType.TIFF, 0, ["en"], 3, tmp_path, LIMITS)
    assert read.text == "\n".join([*PROSE[1:3], "", *PROSE[3:]])
    assert (read.prepared.width, read.prepared.height) == page.size
    assert read.confidence > 80
    assert read.engine.startswith("tesseract ")
    assert read.seconds > 0
    assert [" ".join(word["text"] for word in line["words"]) for line in read.lines] == PROSE[1:]
    for line in read.lines:
        x, y, width, height = line["box"]
        for word in line["words"]:
            assert 0 <= word["suspect"] <= 1
            assert x <= word["box"][0]
            assert word["box"][0] + word["box"][2] <= x + width
            assert y <= word["box"][1]
            assert word["box"][1] + word["box"][3] <= y + height


def test_failures_are_sentences(tmp_path: Path) -> None:
    source = tmp_path / "original"
    drawn_page(PROSE).save(source, "PNG")
    source.write_bytes(source.read_bytes()[:300])
    with pytest.raises(PipelineError, match="damaged") as caught:
        read_scan(source, MediaType.PNG, 0, ["en"], 3, tmp_path, LIMITS)
    assert caught.value.permanent
    for languages in (["xx"], ["yo"], []):
        with pytest.raises(PipelineError, match=r"language|Yoruba"):
            read_page(source, languages)


def test_memory_is_limited(tmp_path: Path) -> None:
    source = tmp_path / "original"
    drawn_page(PROSE).resize((14_000, 9_000)).save(source, "PNG", compress_level=1)
    with pytest.raises(PipelineError, match="MB of memory") as caught:
        read_scan(source, MediaType.PNG, 0, ["en"], 3, tmp_path, replace(LIMITS, memory=100 << 20))
    assert caught.value.permanent


@pytest.mark.skipif(not BOOK_PAGES, reason="the shared collection of scans is not here")
@pytest.mark.parametrize("item", BOOK_PAGES + ODD, ids=lambda item: item["id"])
def test_real_pages_are_read_as_well_as_the_engine_can(
    item: dict[str, Any], tmp_path: Path
) -> None:
    """At most half a per cent more character errors than the engine by itself."""
    source = SHARED / item["file"]
    media_type = sniff(source)
    assert media_type is not None
    read = read_scan(source, media_type, 0, [item["language"]], 3, tmp_path, LIMITS)
    truth = (SHARED / item["gt"]).read_text()
    if item["gt_convention"] == "lines":  # heads and folios are in these texts
        text = "\n".join(" ".join(w["text"] for w in line["words"]) for line in read.lines)
    else:
        text = read.text
    baseline = item.get("baseline_tesseract", {"cer_norm": 1.0})["cer_norm"]
    if "exif-rotated" in item["features"]:
        baseline = 10  # the baseline read it upside down; the upright page of the set has 9.4
    assert error_rate(text, truth) <= baseline + 0.5
