"""Letters: the fonts, styled text and its measure.

Everything here is in half pixels of the scan: the forme is set at twice the scan's resolution,
so that letters may stand between pixels as printed ones do.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from PIL import ImageFont

FONTS = Path(__file__).parent / "fonts"
FACES = {"roman": "Regular", "italic": "Italic", "caps": "SmallCaps"}
LIGATURES = (
    ("ffi", "\ufb03"),
    ("ffl", "\ufb04"),
    ("ff", "\ufb00"),
    ("fi", "\ufb01"),
    ("fl", "\ufb02"),
)
STYLES = {"i": "italic", "sc": "caps", "opening": "opening", "mark": "mark"}
TAG = re.compile(r"<(/?)(i|sc|opening|mark)>")
# Printers of the day set a hair space before these signs.
HAIR_BEFORE = frozenset(";:?!")
HAIR = 0.07


class Run(NamedTuple):
    """A stretch of text in one style: roman, italic, caps, opening or mark (of a note)."""

    text: str
    style: str


class Glyph(NamedTuple):
    """One letter ready to print: its character, face and size, and its pen position."""

    char: str
    face: str
    size: int
    x: float
    y: float


@cache
def font(face: str, size: int) -> ImageFont.FreeTypeFont:
    """Give the face at SIZE half pixels to the em, laid out by Pillow's own simple engine."""
    path = FONTS / f"GalleyPica-{FACES[face]}.ttf"
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def parse(marked: str) -> list[Run]:
    """Turn text with <i>, <sc>, <opening> and <mark> tags into runs."""
    runs: list[Run] = []
    style = "roman"
    last = 0
    for tag in TAG.finditer(marked):
        if tag.start() > last:
            runs.append(Run(marked[last : tag.start()], style))
        style = "roman" if tag[1] else STYLES[tag[2]]
        last = tag.end()
    if last < len(marked):
        runs.append(Run(marked[last:], style))
    return runs


def printed(run: Run, size: int) -> tuple[str, str, int, int]:
    """Say how a run is printed: its characters, face, size and the rise of its baseline."""
    if run.style == "mark":
        return run.text, "roman", round(size * 0.6), round(size * 0.34)
    if run.style == "opening" or (run.style == "caps" and run.text.isupper()):
        return run.text.lower(), "caps", size, 0
    text = run.text
    if run.style != "caps":
        for letters, ligature in LIGATURES:
            text = text.replace(letters, ligature)
    return text, run.style, size, 0


def lay(runs: list[Run], size: int, tracking: float = 0) -> tuple[list[Glyph], float]:
    """Lay runs beside each other from x = 0 on the baseline y = 0; give glyphs and total width.

    TRACKING is the room added after each letter, in half pixels.
    """
    glyphs: list[Glyph] = []
    pen = 0.0
    for run in runs:
        text, face, em, rise = printed(run, size)
        kerned = font(face, em)
        for index, char in enumerate(text):
            if char in HAIR_BEFORE and (index or glyphs):
                pen += HAIR * em
            advance = kerned.getlength(char)
            kern = kerned.getlength(text[index - 1 : index + 1]) - advance if index else 0.0
            kern -= kerned.getlength(text[index - 1]) if index else 0.0
            if char != " ":
                glyphs.append(Glyph(char, face, em, pen + kern, -rise))
            pen += kern + advance + tracking
    return glyphs, pen - tracking


def moved(glyphs: list[Glyph], x: float, y: float) -> list[Glyph]:
    """Give the glyphs moved right by X and down by Y."""
    return [glyph._replace(x=glyph.x + x, y=glyph.y + y) for glyph in glyphs]
