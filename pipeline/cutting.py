"""Pictures cut from originals, and covers made of them; decoding happens in the limited child.

A picture is cut from the scan as it came, in its full resolution, even where the page image was
brought down; it stands upright as the page image does, and holds no data of the camera.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline import images, sandbox
from pipeline.failures import PipelineError
from pipeline.limits import LIMITS, Limits
from pipeline.media import MediaType

Box = tuple[int, int, int, int]

#: Pixels of a cover: its longer side at most, its shorter one at least. Smaller scans are enlarged
#: up to twice, since shops and readers want a thousand pixels across.
COVER_LONGEST, COVER_NARROWEST, _ENLARGED = 2400, 1000, 2
#: The narrowest image that a cover can be made of.
COVER_LEAST = COVER_NARROWEST // _ENLARGED
#: Bytes of a cover (shops refuse or shrink larger ones), and the qualities to try for that.
_COVER_BYTES, _QUALITIES = 900_000, (88, 80, 70, 60, 45)
_ORIENTATION = 0x0112
#: What turns an image upright, by the value of its EXIF orientation.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def cut_pictures(  # noqa: PLR0917 - a scan, what to cut of it, and where to
    original: Path,
    media_type: str,
    frame: int,
    page_size: tuple[int, int],
    boxes: Sequence[Box],
    folder: Path,
    limits: Limits = LIMITS,
) -> list[Path]:
    """Cut regions out of one scan, in a limited child; returns a PNG in `folder` for each.

    `boxes` are x, y, width, height in pixels of the page image, which has `page_size`. Raises
    PipelineError.
    """
    item = {**_scan(original, media_type, frame, limits), "folder": str(folder)}
    item |= {"page_size": list(page_size), "boxes": [list(box) for box in boxes]}
    names = sandbox.call(_cut, item, _bounds(limits))
    return [folder / name for name in names]


def make_cover(
    original: Path, media_type: str, frame: int, folder: Path, limits: Limits = LIMITS
) -> Path:
    """Make a book's cover of an image, in a limited child: an upright JPEG in `folder`.

    At most 2400 pixels on its longer side, at least 1000 across, below 1 MB. Raises PipelineError,
    also for an image that is too small, or wider than high.
    """
    item = {**_scan(original, media_type, frame, limits), "folder": str(folder)}
    name: str = sandbox.call(_cover, item, _bounds(limits))
    return folder / name


def _scan(original: Path, media_type: str, frame: int, limits: Limits) -> dict[str, Any]:
    scan = {"original": str(original), "media_type": media_type, "frame": frame}
    return {**scan, "limits": asdict(limits)}


def _bounds(limits: Limits) -> sandbox.Bounds:
    return sandbox.Bounds(limits.memory, limits.member_bytes, limits.prepare_seconds)


def _cut(item: dict[str, Any]) -> list[str]:
    source, media_type = Path(item["original"]), MediaType(item["media_type"])
    limits, boxes = Limits(**item["limits"]), [tuple(box) for box in item["boxes"]]
    across, names = item["page_size"][0], []
    for number, part in enumerate(
        parts(source, media_type, item["frame"], across, boxes, limits), start=1
    ):
        names.append(f"{number}.png")
        part.save(Path(item["folder"]) / names[-1], "PNG")
    return names


def parts(
    source: Path,
    media_type: MediaType,
    frame: int,
    across: int,
    boxes: Sequence[Box],
    limits: Limits = LIMITS,
) -> list[Image.Image]:
    """Return regions of one scan in its full resolution, upright, in mode 1, L or RGB.

    `across` is the width of the page image, in whose pixels the boxes are. Runs in the child.
    """
    if media_type is MediaType.PDF:
        page = images.page_image(source, media_type, frame, limits)
        return [page.crop(_scaled(box, page.size, across)) for box in boxes]
    with images.loaded(source, media_type, frame, limits) as image:
        # Cut before it is turned: a large scan has no room for a second one beside it.
        whole = images.plain(image) if images.is_deep(image) else image
        orientation = image.getexif().get(_ORIENTATION, 1)
        return [_upright(whole, orientation, box, across) for box in boxes]


def _upright(image: Image.Image, orientation: int, box: Box, across: int) -> Image.Image:
    width, height = image.size if orientation < 5 else image.size[::-1]  # noqa: PLR2004 - lying
    left, top, right, bottom = _scaled(box, (width, height), across)
    if orientation in {2, 3, 6, 7}:
        left, right = width - right, width - left
    if orientation in {3, 4, 7, 8}:
        top, bottom = height - bottom, height - top
    if orientation in {5, 6, 7, 8}:
        left, top, right, bottom = top, left, bottom, right
    part = images.plain(image.crop((left, top, right, bottom)))
    return part.transpose(_TURNS[orientation]) if orientation in _TURNS else part


def _scaled(box: Box, size: tuple[int, int], across: int) -> Box:
    """Return a box of the page image as left, top, right, bottom on the upright scan."""
    times = max(1, round(size[0] / across))  # the page image is brought down by a whole number
    left, top, wide, high = (side * times for side in box)
    right, bottom = min(left + wide, size[0]), min(top + high, size[1])
    if left >= right or top >= bottom:
        raise PipelineError("A picture's region lies outside the scan; mark it again.")
    return left, top, right, bottom


def _cover(item: dict[str, Any]) -> str:
    source, media_type = Path(item["original"]), MediaType(item["media_type"])
    image = images.page_image(source, media_type, item["frame"], Limits(**item["limits"]))
    cover = _as_cover(image.convert("L" if image.mode == "1" else image.mode))
    path = Path(item["folder"]) / "cover.jpg"
    for quality in _QUALITIES:
        cover.save(path, "JPEG", quality=quality, optimize=True)
        if path.stat().st_size <= _COVER_BYTES:
            break
    return path.name


def _as_cover(image: Image.Image) -> Image.Image:
    width, height = image.size
    if width >= height:
        raise PipelineError(
            f"A cover is higher than wide; this image has {width} by {height} pixels. Cut it"
            " upright, then send it again."
        )
    if width < COVER_LEAST:
        raise PipelineError(
            f"This image is {width} pixels wide, too small for a cover; send one that is at least"
            f" {COVER_LEAST} pixels wide, better {COVER_NARROWEST}."
        )
    times = max(min(1.0, COVER_LONGEST / height), COVER_NARROWEST / width)
    if height * times > COVER_LONGEST:
        raise PipelineError(
            f"This image is too narrow for its height, {width} by {height} pixels; a cover's sides"
            " are about 2 to 3."
        )
    if times == 1:
        return image
    size = max(COVER_NARROWEST, round(width * times)), min(COVER_LONGEST, round(height * times))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
