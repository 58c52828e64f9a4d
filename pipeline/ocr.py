"""The OCR engine: the only module that knows Tesseract's flags, output and odd failures.

`read` runs in the child: the engine inherits its limits and dies with its process group. The
engine gets nothing but a PNG that Galley wrote: from any other file it would take names of files
to read (https://tesseract-ocr.github.io/tessdoc/Command-Line-Usage.html, "batch of images").
"""

import functools
import re
import shlex
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytesseract

from pipeline.confinement import dying_together
from pipeline.failures import PipelineError
from pipeline.languages import debian_package, language_name

#: Page segmentation modes that give text: all of the engine's but 0 and 2, which only look.
PSMS = frozenset({1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
DEFAULT_PSM = 3

Box = tuple[int, int, int, int]

_COLUMNS = 12
_WORD_LEVEL = "5"
_CODE = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Word:
    """A word as the engine read it; `box` is x, y, width, height in pixels of the page image.

    `confidence` is 0 to 100; block, paragraph and line are the engine's numbers.
    """

    text: str
    box: Box
    confidence: float
    block: int
    paragraph: int
    line: int


@dataclass(frozen=True)
class Reading:
    """What one run gave, in the engine's reading order."""

    words: list[Word]
    engine: str

    @property
    def confidence(self) -> float:
        """The mean confidence of the words, 0 to 100; 0 for a page without words."""
        return sum(word.confidence for word in self.words) / max(1, len(self.words))


@functools.cache
def engine_version() -> str:
    """Return the engine's name and version. Raises PipelineError when it is not installed."""
    try:
        return f"tesseract {pytesseract.get_tesseract_version()}"
    except (pytesseract.TesseractNotFoundError, SystemExit) as error:
        raise _engine_missing() from error


@functools.cache
def installed_languages() -> frozenset[str]:
    """Return the codes of the language data the engine has; `osd` is none.

    Kept for the life of the process; `installed_languages.cache_clear()` looks again.
    Raises PipelineError when the engine is not installed.
    """
    try:
        return frozenset(pytesseract.get_languages()) - {"osd"}
    except pytesseract.TesseractNotFoundError as error:
        raise _engine_missing() from error


def require_languages(codes: Sequence[str]) -> None:
    """Raise PipelineError, which names the package to install, unless all of these are there."""
    if not codes:
        raise PipelineError("A language is needed to read the page; choose at least one.")
    if not set(codes) <= installed_languages():
        installed_languages.cache_clear()  # somebody may just have installed it
    for code in codes:
        if code not in installed_languages():
            raise _language_missing(code)


def read(
    page: Path,
    languages: Sequence[str],
    psm: int = DEFAULT_PSM,
    seconds: float = 120,
    models: Path | None = None,
) -> Reading:
    """Read a page image (a PNG that Galley wrote) in one run of the engine.

    `languages` are Tesseract's codes, the main one first; `models` is a folder of language data
    that holds all of them, where it is not the engine's own. Raises PipelineError for a missing
    engine or language, a crash, and a run longer than `seconds`; not for a page without text.
    """
    if models is None:
        require_languages(languages)
    if psm not in PSMS:
        raise PipelineError(f"There is no page segmentation mode {psm}; 3 is the usual one.")
    with _temporary_files_beside(page):
        tsv = _run(page, "+".join(languages), psm, seconds, models)
    return Reading(_words(tsv), engine_version())


@contextmanager
def _temporary_files_beside(page: Path) -> Iterator[None]:
    """Let pytesseract write into the page's folder, which goes away even if the child is killed."""
    before = tempfile.tempdir
    tempfile.tempdir = str(page.parent)
    try:
        yield
    finally:
        tempfile.tempdir = before


def _run(page: Path, languages: str, psm: int, seconds: float, models: Path | None) -> str:
    elsewhere = f" --tessdata-dir {shlex.quote(str(models))}" if models else ""
    try:
        with dying_together():
            output: str = pytesseract.run_and_get_output(
                str(page),
                extension="tsv",
                lang=languages,
                config=f"-c tessedit_create_tsv=1 --psm {psm:d}{elsewhere}",
                timeout=seconds,
            )
    except pytesseract.TesseractNotFoundError as error:
        raise _engine_missing() from error
    except pytesseract.TesseractError as error:
        raise _engine_failed(error) from error
    except RuntimeError as error:  # what pytesseract raises at its timeout
        raise PipelineError(
            f"The OCR engine took longer than the {seconds:.0f} seconds allowed for a page;"
            " try again, or type the page by hand.",
            permanent=False,
        ) from error
    return output


def _words(tsv: str) -> list[Word]:
    """Take the words out of the engine's table: tabs between, never a quote around."""
    rows = (row.split("\t", _COLUMNS - 1) for row in tsv.split("\n")[1:])
    return [_word(row) for row in rows if row[0] == _WORD_LEVEL and row[-1].strip()]


def _word(row: list[str]) -> Word:
    block, paragraph, line = (int(value) for value in row[2:5])
    left, top, width, height = (int(value) for value in row[6:10])
    confidence = min(100.0, max(0.0, float(row[10])))
    return Word(row[11], (left, top, width, height), confidence, block, paragraph, line)


def _engine_missing() -> PipelineError:
    return PipelineError(
        "The OCR engine is not installed; on Debian and Ubuntu: apt install tesseract-ocr,"
        " on macOS: brew install tesseract.",
        permanent=False,
    )


def _language_missing(code: str) -> PipelineError:
    if not _CODE.fullmatch(code):
        return PipelineError("This is not the code of a language; choose one from the list.")
    return PipelineError(
        f"The OCR engine has no data for {language_name(code)} ({code});"
        f" on Debian and Ubuntu: apt install {debian_package(code)}.",
        permanent=False,
    )


def _engine_failed(error: pytesseract.TesseractError) -> PipelineError:
    how = "crashed" if error.status < 0 else "failed"
    return PipelineError(
        f"The OCR engine {how} on this page; try again, or type the page by hand.",
        permanent=False,
        detail=f"tesseract ended with {error.status}: {error.message}",
    )
