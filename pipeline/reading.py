"""One scan, from its original bytes to the page image, its lines and its text."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypedDict

from library.errors import InvalidError
from pipeline import cleanup, furniture, images, layout, ocr, sandbox, suspects
from pipeline.failures import PipelineError
from pipeline.images import Prepared
from pipeline.languages import to_tesseract
from pipeline.lexicon import Lexicon, lexicon_for
from pipeline.limits import LIMITS, Limits
from pipeline.media import MediaType
from pipeline.ocr import DEFAULT_PSM, Box

#: What the engine's own time limit gets on top before the whole child is ended.
_GRACE = 15


class WordJson(TypedDict):
    """A word in the form of the API; `suspect` is 0 to 1, `confidence` 0 to 100."""

    text: str
    box: Box
    confidence: float
    suspect: float


class LineJson(TypedDict, total=False):
    """A line in the form of the API; `kind` only where it is no part of the text."""

    box: Box
    words: list[WordJson]
    kind: str


@dataclass(frozen=True)
class ReadPage:
    """A page that was read: lines in reading order, the words' mean confidence, 0 to 100."""

    prepared: Prepared
    lines: list[LineJson]
    text: str
    confidence: float
    engine: str
    seconds: float


def prepare_scan(
    original: Path, media_type: str, frame: int, out_dir: Path, limits: Limits = LIMITS
) -> Prepared:
    """Make the page image, the view and the thumbnail of one scan, in a limited child.

    The files are written into `out_dir`. Raises PipelineError.
    """
    item = {
        "original": str(original),
        "media_type": media_type,
        "frame": frame,
        "out_dir": str(out_dir),
        "limits": asdict(limits),
    }
    made = sandbox.call(_prepare, item, _bounds(limits, limits.prepare_seconds))
    return images.in_folder(out_dir, made["width"], made["height"])


def read_page(
    page: Path, languages: Sequence[str], psm: int = DEFAULT_PSM, limits: Limits = LIMITS
) -> tuple[list[LineJson], str, float, str]:
    """Read a page image that `prepare_scan` made, in a limited child.

    Returns lines, text, mean confidence and engine. Raises PipelineError.
    """
    codes = _codes(languages)
    ocr.require_languages(codes)
    engine = ocr.engine_version()
    lexicon_for(languages)  # here, so that it is there when the child is forked
    item = {
        "page": str(page),
        "languages": codes,
        "tags": list(languages),
        "psm": psm,
        "seconds": limits.ocr_seconds,
    }
    read = sandbox.call(_read, item, _bounds(limits, limits.ocr_seconds + _GRACE))
    return read["lines"], read["text"], read["confidence"], engine


def read_scan(  # noqa: PLR0917 - what a reading depends on, in the order of its way
    original: Path,
    media_type: str,
    frame: int,
    languages: Sequence[str],
    psm: int,
    out_dir: Path,
    limits: Limits = LIMITS,
) -> ReadPage:
    """Prepare and read one scan; `languages` as BCP 47 tags or Tesseract's codes.

    Raises PipelineError. Where only the second half fails, the page image lies in `out_dir` all
    the same; `prepare_scan` and `read_page` do the halves apart.
    """
    began = time.monotonic()
    prepared = prepare_scan(original, media_type, frame, out_dir, limits)
    lines, text, confidence, engine = read_page(prepared.image, languages, psm, limits)
    return ReadPage(prepared, lines, text, confidence, engine, time.monotonic() - began)


def _codes(languages: Sequence[str]) -> list[str]:
    try:
        return [to_tesseract(language) for language in languages]
    except InvalidError as error:
        raise PipelineError(error.sentence) from error


def _bounds(limits: Limits, seconds: float) -> sandbox.Bounds:
    return sandbox.Bounds(limits.memory, limits.member_bytes, seconds)


def _prepare(item: dict[str, Any]) -> dict[str, int]:
    media_type = MediaType(item["media_type"])
    source, folder = Path(item["original"]), Path(item["out_dir"])
    prepared = images.prepare(source, media_type, item["frame"], folder, Limits(**item["limits"]))
    return {"width": prepared.width, "height": prepared.height}


def _read(item: dict[str, Any]) -> dict[str, Any]:
    reading = ocr.read(Path(item["page"]), item["languages"], item["psm"], item["seconds"])
    lines = layout.with_paragraphs(furniture.marked(layout.lines_of(reading.words)))
    return {
        "lines": lines_json(lines, lexicon_for(item["tags"])),
        "text": cleanup.page_text(lines),
        "confidence": round(reading.confidence, 2),
    }


def lines_json(lines: Sequence[layout.Line], lexicon: Lexicon | None = None) -> list[LineJson]:
    """Return lines in the form of the API; without a lexicon, doubt is by confidence and shape."""
    seen = [
        [(cleanup.clean_word(word.text), word.confidence) for word in line.words] for line in lines
    ]
    result: list[LineJson] = []
    for line, doubts in zip(lines, suspects.suspects(seen, lexicon), strict=True):
        words = [_word_json(*each) for each in zip(line.words, doubts, strict=True)]
        result.append({"box": line.box, "words": words})
        if line.kind:
            result[-1]["kind"] = line.kind
    return result


def _word_json(word: ocr.Word, doubt: float) -> WordJson:
    return {
        "text": cleanup.clean_word(word.text),
        "box": word.box,
        "confidence": word.confidence,
        "suspect": doubt,
    }
