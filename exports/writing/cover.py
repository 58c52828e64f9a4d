"""Draws a book's cover: cloth, gilt rules, title, a line ornament, author.

The same book gives the same bytes: colour and ornament are chosen by a hash of the title, the font
is shipped (Open Font License), and nothing depends on the machine but Pillow's version.
"""

from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from exports.book import Metadata
from exports.writing.ornaments import ORNAMENTS

WIDTH, HEIGHT = 1400, 2100
_FONT = Path(__file__).resolve().parents[2] / "static/fonts/cover/GalleyCoverSerif-Regular.ttf"
_GILT = (236, 207, 148)
# cloth of old bindings: dark enough that gilt on it has a contrast above 4.5 to 1
_CLOTHS = (
    (31, 53, 82),
    (108, 46, 71),
    (43, 43, 45),
    (42, 74, 42),
    (98, 74, 30),
    (92, 36, 32),
    (24, 78, 84),
    (66, 50, 92),
    (58, 66, 48),
    (84, 56, 44),
)
_SPINE = 76
_FRAME = (140, 96, WIDTH - 92, HEIGHT - 96)
_TITLE_SIZES = (150, 132, 116, 100, 88, 76, 66, 56)
_AUTHOR_SIZES = (60, 54, 48, 42, 36)
_TITLE_HEIGHT = 820
_LONGEST = 300  # letters of a title that a cover has room for
_ORNAMENT_SIZE = 470
_FINER = 3
_STROKE = 5


def cover(metadata: Metadata) -> bytes:
    """Give the cover as JPEG, 1400 x 2100 px, well below 300 kB."""
    return draw_cover(metadata.title, ", ".join(metadata.authors))


def draw_cover(title: str, author: str) -> bytes:
    """Give the cover for a title and its author or authors as JPEG bytes.

    A letter that the font does not have is left out; if most are missing, so is the line.
    """
    seed = sha256(title.encode("utf-8", "replace")).digest()
    cloth = _CLOTHS[seed[0] % len(_CLOTHS)]
    image = Image.new("RGB", (WIDTH, HEIGHT), cloth)
    draw = ImageDraw.Draw(image)
    _binding(draw, cloth)
    bottom = _title(draw, _drawable(title)[:_LONGEST])
    _ornament(image, seed[1] % len(ORNAMENTS), max(bottom, 800))
    _author(draw, _drawable(author)[:_LONGEST].upper())
    out = BytesIO()
    image.save(out, "JPEG", quality=80, optimize=True)
    return out.getvalue()


def _binding(draw: ImageDraw.ImageDraw, cloth: tuple[int, int, int]) -> None:
    dark = tuple(int(part * 0.72) for part in cloth)
    draw.rectangle((0, 0, _SPINE, HEIGHT), fill=dark)
    draw.line((_SPINE, 0, _SPINE, HEIGHT), fill=tuple(int(part * 0.55) for part in cloth), width=6)
    left, top, right, bottom = _FRAME
    draw.rectangle((left, top, right, bottom), outline=_GILT, width=8)
    draw.rectangle((left + 30, top + 30, right - 30, bottom - 30), outline=_GILT, width=3)


def _middle() -> float:
    return (_FRAME[0] + _FRAME[2]) / 2


def _room() -> int:
    return _FRAME[2] - _FRAME[0] - 180


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=1024)
def _has(letter: str) -> bool:
    """Say whether the font draws this letter: its picture differs from that of a missing one."""
    if letter.isspace():
        return True
    font = _font(40)
    return bytes(font.getmask(letter)) != bytes(font.getmask("\uffff"))


def _drawable(text: str) -> str:
    text = " ".join("".join(c for c in text if c.isprintable() or c == " ").split())
    kept = "".join(c for c in text if _has(c))
    return kept if 2 * len(kept) > len(text) else ""


def _title(draw: ImageDraw.ImageDraw, title: str) -> float:
    """Draw the title as large as it fits, and give where it ends."""
    top = _FRAME[1] + 170.0
    for size in _TITLE_SIZES:
        font = _font(size)
        lines = _wrapped(title, font)
        step = size * 1.22
        if len(lines) * step <= _TITLE_HEIGHT and all(font.getlength(x) <= _room() for x in lines):
            break
    lines = lines[: int(_TITLE_HEIGHT // step)]
    for number, line in enumerate(lines):
        draw.text((_middle(), top + number * step), line, font=font, fill=_GILT, anchor="ma")
    return top + len(lines) * step


def _wrapped(text: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Break a title into as few lines as it needs, of widths as equal as they get."""
    widest = _room()
    lines = _filled(text, font, widest)
    low, high = widest // 3, widest
    while low < high:
        middle = (low + high) // 2
        tried = _filled(text, font, middle)
        if len(tried) <= len(lines) and all(font.getlength(line) <= widest for line in tried):
            high = middle
        else:
            low = middle + 1
    return _filled(text, font, high)


def _filled(text: str, font: ImageFont.FreeTypeFont, widest: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= widest:
            lines[-1] += f" {word}"
        else:
            lines += _cut(word, font)
    return lines


def _cut(word: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """Cut a word that is wider than the cover into pieces that fit."""
    pieces = [word]
    while font.getlength(pieces[-1]) > _room():
        last = pieces.pop()
        fits = max(1, int(len(last) * _room() / font.getlength(last)) - 1)
        pieces += [last[:fits], last[fits:]]
    return pieces


def _ornament(image: Image.Image, number: int, title_ends: float) -> None:
    """Draw the ornament between title and author; its strokes are drawn finer and brought down."""
    side = _ORNAMENT_SIZE * _FINER
    mask = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(mask)
    scale = side / 2 - _STROKE * _FINER
    for stroke in ORNAMENTS[number]():
        points = [(side / 2 + x * scale, side / 2 + y * scale) for x, y in stroke]
        pen.line(points, fill=255, width=_STROKE * _FINER, joint="curve")
    mask = mask.resize((_ORNAMENT_SIZE, _ORNAMENT_SIZE), Image.Resampling.BOX)
    foot = _FRAME[3] - 330
    centre = (title_ends + foot) / 2
    corner = (int(_middle() - _ORNAMENT_SIZE / 2), int(centre - _ORNAMENT_SIZE / 2))
    image.paste(Image.new("RGB", mask.size, _GILT), corner, mask)


def _author(draw: ImageDraw.ImageDraw, author: str) -> None:
    """Draw the author in spaced capitals at the foot, smaller or cut short where it is long."""
    for size in _AUTHOR_SIZES:
        font, space = _font(size), size * 0.12
        if _spaced_length(author, font, space) <= _room():
            break
    while author and _spaced_length(author, font, space) > _room():
        author = author[:-2].rstrip(" ,.") + "\u2026"
    x = _middle() - _spaced_length(author, font, space) / 2
    for letter in author:
        draw.text((x, _FRAME[3] - 160), letter, font=font, fill=_GILT, anchor="ls")
        x += font.getlength(letter) + space


def _spaced_length(text: str, font: ImageFont.FreeTypeFont, space: float) -> float:
    return sum(font.getlength(letter) + space for letter in text) - space if text else 0.0
