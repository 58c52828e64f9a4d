"""Pages set in type by the tests themselves: the print, its true text, and a reading with faults.

Words are those of the demonstration book, one after the other; what the machine misreads, and what
it is unsure of though it read it well, is put in by a rule and not by chance.
"""

import io
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from sqlalchemy.orm import Session

from library.models import Page, Project
from library.storage import Storage
from pipeline import confusions
from pipeline.images import prepare
from pipeline.layout import Line
from pipeline.lexicon import Lexicon, lexicon_for
from pipeline.media import MediaType
from pipeline.models import OcrRun
from pipeline.ocr import Word
from pipeline.reading import LineJson, lines_json
from pipeline.runs import DOUBTFUL
from tests.support import rows

SCANS = Path(__file__).parents[2] / "scans"
_FONT = SCANS / "demobook" / "fonts" / "GalleyPica-Regular.ttf"
_TEXTS = SCANS / "demo" / "text" / "p"
#: Pages of the demonstration book that are prose.
_PROSE = range(7, 13)

_TYPE, _LEAD, _LEFT, _TOP, _MEASURE = 44, 60, 160, 200, 840  # pixels
#: Letters of the words that get a fault.
_USUAL = range(5, 8)
#: Confidence of a word that was read well, of one that is faint in print, of one that is wrong.
_SURE, _FAINT, _WRONG = 96.0, 72.0, 78.0


@dataclass
class Typeset:
    """A page as it was set, and as the machine read it."""

    image: Image.Image
    #: Words by line, as they are printed, and their boxes in pixels.
    printed: list[list[str]]
    boxes: list[list[tuple[int, int, int, int]]]
    #: What was misread, and the doubtful words that are right, by line and word.
    misread: dict[tuple[int, int], str] = field(default_factory=dict)
    faint: set[tuple[int, int]] = field(default_factory=set)

    @property
    def truth(self) -> str:
        """The text as it is printed."""
        return "\n".join(map(" ".join, self.printed))

    @property
    def read(self) -> str:
        """The text as the machine read it."""
        return "\n".join(" ".join(word for word, _, _ in line) for line in self._words())

    def lines(self, lexicon: Lexicon) -> list[LineJson]:
        """Return what the machine read, with boxes, confidences and the pipeline's own doubt."""
        lines = [
            Line(tuple(Word(text, box, sure, 1, 1, row) for text, box, sure in words))
            for row, words in enumerate(self._words())
        ]
        return lines_json(lines, lexicon)

    def _words(self) -> Iterator[list[tuple[str, tuple[int, int, int, int], float]]]:
        for row, line in enumerate(self.printed):
            yield [
                (
                    self.misread.get((row, at), word),
                    self.boxes[row][at],
                    _WRONG if (row, at) in self.misread
                    else _FAINT if (row, at) in self.faint
                    else _SURE,
                )
                for at, word in enumerate(line)
            ]  # fmt: skip


def typeset(
    pages: int, *, lines: int = 31, wrong: int = 5, doubtful: int = 14, broken: int = 3
) -> list[Typeset]:
    """Set so many pages of so many lines each, full of prose without paragraphs.

    `wrong` words of a page are misread, the last of them beyond what a list of likely readings
    holds; others are doubtful though they are right, until there are `doubtful` in all; `broken`
    words go over a line's end.
    """
    words, font = _prose(), ImageFont.truetype(_FONT, _TYPE)
    return [_page(words, font, lines, wrong, doubtful, broken) for _ in range(pages)]


def _page(
    words: Iterator[str],
    font: ImageFont.FreeTypeFont,
    lines: int,
    wrong: int,
    doubtful: int,
    broken: int,
) -> Typeset:
    breaks = [number * lines // broken + 2 for number in range(broken)]
    page, lexicon = _printed(_lines(words, font, lines, breaks), font), lexicon_for(["en"])
    plain = [
        (row, at)
        for row, line in enumerate(page.printed)
        for at in range(1, len(line) - 1)
        if _is_plain(line[at], lexicon)
    ]
    for number in range(wrong):
        here = _around(plain, number * lines // wrong)
        place, read = _misreading(page, here, lexicon, badly=number == wrong - 1)
        page.misread[place] = read
        plain.remove(place)
    for number in range(doubtful):
        if _doubted(page.lines(lexicon)) >= doubtful:
            break
        page.faint.add(place := _around(plain, number * lines // doubtful)[0])
        plain.remove(place)
    return page


def _around(places: Sequence[tuple[int, int]], row: int) -> list[tuple[int, int]]:
    return sorted(places, key=lambda place: abs(place[0] - row))


def _doubted(lines: Sequence[LineJson]) -> int:
    return sum(word["suspect"] >= DOUBTFUL for line in lines for word in line["words"])


def _misreading(
    page: Typeset, places: Sequence[tuple[int, int]], lexicon: Lexicon, *, badly: bool
) -> tuple[tuple[int, int], str]:
    """Take one letter of a word for another or (`badly`) lose one too: the place, what is read."""
    for row, at in places:
        word = page.printed[row][at]
        for change in confusions.confused(word, confusions.OFTEN):
            read = change.word[:2] + change.word[3:] if badly else change.word
            is_word = read.isalpha() and read.isascii() and read.islower()
            if read[0] == word[0] and is_word and not lexicon.known(read):
                return (row, at), read
    raise AssertionError("no word of this page can be misread")


def _is_plain(word: str, lexicon: Lexicon) -> bool:
    return len(word) in _USUAL and word.isalpha() and word.islower() and lexicon.known(word)


def _lines(
    words: Iterator[str], font: ImageFont.FreeTypeFont, lines: int, breaks: Sequence[int]
) -> list[list[str]]:
    waiting, found = list(breaks), [[next(words)]]
    while len(found) <= lines:
        word, line = next(words), found[-1]
        if font.getlength(" ".join([*line, word])) <= _MEASURE:
            line.append(word)
        elif waiting and len(found) >= waiting[0] and (parts := _broken(word)):
            waiting.pop(0)
            line.append(parts[0])
            found.append([parts[1]])
        else:
            found.append([word])
    assert not waiting, "too few long words to break"
    return found[:lines]


def _broken(word: str) -> tuple[str, str] | None:
    parts = re.fullmatch(r"([a-z]{2,4}?)([a-z]{2,}[.,;:!?]*)", word)
    return (parts[1] + "-", parts[2]) if parts else None


def _printed(lines: list[list[str]], font: ImageFont.FreeTypeFont) -> Typeset:
    size = (_MEASURE + 2 * _LEFT, 2 * _TOP + len(lines) * _LEAD)
    image = Image.new("L", size, 245)
    draw = ImageDraw.Draw(image)
    boxes: list[list[tuple[int, int, int, int]]] = []
    for row, line in enumerate(lines):
        base, left = _TOP + row * _LEAD, float(_LEFT)
        boxes.append([])
        for word in line:
            draw.text((left, base), word, font=font, fill=25, anchor="ls")
            box = draw.textbbox((left, base), word, font=font, anchor="ls")
            x, y, right, bottom = (round(side) for side in box)
            boxes[-1].append((x, y, right - x, bottom - y))
            left += font.getlength(word + " ")
    return Typeset(image, lines, boxes)


def _prose() -> Iterator[str]:
    texts = [(_TEXTS / f"{number:03}.txt").read_text("utf-8") for number in _PROSE]
    plain = re.sub(r"<[^>]*>|\[[^\]]*\]|/[*#]|[*#]/|[_*]", " ", "\n".join(texts))
    whole = re.sub(r"(?<=[a-z])-\n+(?=[a-z])", "", plain)
    return cycle([word for word in whole.split() if word.isascii() and re.search("[A-Za-z]", word)])


def prepared(storage: Storage, page: Typeset) -> dict[str, Any]:
    """Store a page's pictures, as a worker that prepares a scan does; returns columns of Page."""
    original = storage.put(_png(page.image))
    width, height = page.image.size
    columns = {"original_sha256": original, "width": width, "height": height}
    with tempfile.TemporaryDirectory() as folder:
        made = prepare(storage.path(original), MediaType.PNG, 0, Path(folder))
        return columns | {f"{name}_sha256": storage.put(path) for name, path in made.files.items()}


def add_typeset(
    session: Session, project: Project, page: Typeset, pictures: dict[str, Any]
) -> Page:
    """Add a page to a project, read as it says; `pictures` as `prepared` gives them."""
    added = rows.add_page(session, project, page.read)
    for column, value in pictures.items():
        setattr(added, column, value)
    run = session.query(OcrRun).filter_by(page_id=added.id, latest=True).one()
    run.lines = list(page.lines(lexicon_for(["en"])))
    run.words, run.doubtful = len(page.read.split()), _doubted(page.lines(lexicon_for(["en"])))
    session.flush()
    return added


def _png(image: Image.Image) -> io.BytesIO:
    file = io.BytesIO()
    image.save(file, "PNG")
    file.seek(0)
    return file
