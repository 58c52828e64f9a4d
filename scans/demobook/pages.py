"""The pages of the book: what stands where, and what each says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .letters import Glyph, Run, lay, moved, parse
from .lines import Line, Measure, merged, paragraph
from .truth import STRAIGHT, Block

TEXTS = Path(__file__).parent / "text"
PAPER = (2560, 3960)  # of a page, in half pixels
TITLE = "ALICE’S ADVENTURES"  # noqa: RUF001 -- the sign that is printed
MEASURE = 1800  # width of the lines
MARGIN = {"recto": 350, "verso": 410}  # left of them
HEAD, TOP, LEAD = 300, 468, 90  # baselines: running head, first line, from line to line
BODY, SMALL, VERSE = 72, 58, 63  # sizes of type
SMALL_LEAD, VERSE_LEAD = 68, 72
FOOT = TOP + 35 * LEAD + 14  # baseline of the signature
# Lines on each page of the chapter, as its compositor made them up; a note takes room of its own.
DEPTHS = (23, 35, 32, 35, 35, 35)
NOTE_BREAK = re.compile(r"\n*/note (\S+)\n(.*?)\nnote/\n*", re.DOTALL)


@dataclass
class Page:
    """One printed page: the lines to print and the blocks of text they make."""

    label: str
    side: str
    kind: str = "text"
    picture: str = ""
    printed: list[Glyph] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    rules: list[tuple[int, int, int]] = field(default_factory=list)  # x, y, width

    @property
    def left(self) -> int:
        """Give where the lines begin."""
        return MARGIN[self.side]

    def put(self, line: Line, y: float, x: float = 0) -> Line:
        """Print a line with its baseline at Y, X from where the lines begin."""
        self.printed += moved(line.glyphs, self.left + x, y)
        return line

    def centre(self, text: str, size: int, y: float, tracking: float = 0) -> Line:
        """Print one line in the middle of the measure."""
        runs = parse(text)
        glyphs, width = lay(runs, size, tracking)
        return self.put(Line(runs, glyphs), y, (MEASURE - width) / 2)

    def add(self, kind: str, *lines: Line, begins: bool = True, mark: str = "") -> None:
        """Add a block of text."""
        self.blocks.append(Block(kind, list(lines), begins=begins, mark=mark))


def read(name: str) -> tuple[list[str], dict[str, str]]:
    """Read one text of the book: its paragraphs and its notes by their marks."""
    text = (TEXTS / f"{name}.txt").read_text("utf-8")
    notes = {note[1]: note[2] for note in NOTE_BREAK.finditer(text)}
    return [part.strip("\n") for part in NOTE_BREAK.sub("", text).split("\n\n")], notes


def book() -> list[Page]:
    """Set the whole book."""
    return [
        title(),
        Page("ii", "verso", kind="blank"),
        contents(),
        reader(),
        verses(),
        plate(),
        *chapter(),
    ]


def title() -> Page:
    """Set the title page."""
    page = Page("i", "recto", picture="rabbit")
    say = page.centre
    page.add("title", say(TITLE, 150, 640, 6), say("IN WONDERLAND.", 124, 812, 6))
    page.add("title", say("BY", 48, 1010, 6))
    page.add("title", say("LEWIS CARROLL.", 86, 1140, 10))
    page.add(
        "title",
        say("THE FIRST CHAPTER,", 58, 1370, 6),
        say("<i>with the Verses that go before it.</i>", 66, 1464),
    )
    page.blocks.append(Block("caption", []))
    page.add(
        "title",
        say("LONDON:", 56, 3130, 8),
        say("FIRST PUBLISHED BY MACMILLAN AND CO.", 50, 3222, 4),
        say("1865.", 58, 3314, 4),
    )
    page.add("title", say("<i>Set anew for the proofreaders of Galley.</i>", 58, 3500))
    page.rules += [(page.left + 700, 1250, 400), (page.left + 800, 3396, 200)]
    return page


def contents() -> Page:
    """Set the table of contents."""
    page = Page("iii", "recto")
    page.add("chapter", page.centre("CONTENTS.", 84, 780, 10))
    number, width = lay(parse("PAGE"), 42, 4)
    rows = [page.put(Line(parse("PAGE"), number), 960, MEASURE - width)]
    entries = (
        ("<sc>To the Reader</sc>", "iv"),
        ("<sc>All in the Golden Afternoon</sc>", "v"),
        ("<sc>Chapter I. Down the Rabbit-Hole</sc>", "1"),
    )
    for row, (entry, folio) in enumerate(entries):
        rows.append(page.put(leader(entry, folio), 1080 + row * 128))
    page.add("list", *rows)
    page.add("heading", page.centre("ILLUSTRATION.", 66, 1740, 8))
    page.add("list", page.put(leader("<i>Full leisurely we glide</i>", "vi"), 1890))
    page.rules.append((page.left + 700, 1560, 400))
    return page


def leader(entry: str, folio: str) -> Line:
    """Set an entry and its page number with a row of points between them."""
    runs = parse(entry)
    glyphs, start = lay(runs, 66)
    number, width = lay([Run(folio, "roman")], 66)
    point = lay([Run(".", "roman")], 66)[0]
    end = MEASURE - width
    at = float(int(start + 70) // 48 * 48 + 48)
    while at < end - 50:
        glyphs = glyphs + moved(point, at, 0)
        at += 48
    return Line(
        merged([*runs, Run(" ", "roman"), Run(folio, "roman")]), glyphs + moved(number, end, 0)
    )


def reader() -> Page:
    """Set the word to the reader, with its quotation and its note."""
    page = Page("iv", "verso")
    folio(page, "iv", "")
    page.add("chapter", page.centre("TO THE READER.", 80, 640, 10))
    parts, notes = read("reader")
    y = 850.0
    for part in parts:
        quoted = part.startswith("/#")
        size, lead, inset = (64, 80, 110) if quoted else (BODY, LEAD, 0)
        measure = Measure(size, MEASURE - 2 * inset, size)
        y += 36 if quoted else 0
        lines = []
        for line in paragraph(parse(part.strip("/#\n")), measure):
            lines.append(page.put(line, y, inset))
            y += lead
        y += 36 if quoted else 0
        page.add("quote" if quoted else "paragraph", *lines)
    note(page, "1", notes["1"])
    return page


def verses() -> Page:
    """Set the prefatory verses on one page."""
    page = Page("v", "recto")
    y = TOP - 40.0
    for stanza in read("verses")[0]:
        rows = stanza.split("\n")
        indents = tuple(len(row) - len(row.lstrip()) for row in rows)
        lines = []
        for indent, row in zip(indents, rows, strict=True):
            runs = parse(row.strip())
            lines.append(page.put(Line(runs, lay(runs, VERSE)[0]), y, 420 + indent * 36))
            y += VERSE_LEAD
        page.blocks.append(Block("verse", lines, indents=indents))
        y += 42
    return page


def plate() -> Page:
    """Set the page that is a picture, with its caption."""
    page = Page("vi", "verso", kind="illustration", picture="river")
    page.add("caption", page.centre("<i>Full leisurely we glide.</i>", 70, 3420))
    return page


def chapter() -> Iterator[Page]:
    """Set the chapter, page after page, each as deep as its compositor made it."""
    parts, notes = read("chapter")
    rows = list(_rows(parts))
    for number, depth in enumerate(DEPTHS, start=1):
        page = Page(str(number), "recto" if number % 2 else "verso")
        start = TOP
        if number == 1:
            page.add("chapter", page.centre("CHAPTER I.", 88, 760, 10))
            page.add("heading", page.centre("DOWN THE RABBIT-HOLE.", 62, 920, 8))
            start = 1140
        else:
            left = number % 2 == 0
            folio(page, str(number), TITLE if left else "DOWN THE RABBIT-HOLE.")
        taken, rows = rows[:depth], rows[depth:]
        _fill(page, taken, start)
        for mark in [run.text for _, line in taken for run in line.runs if run.style == "mark"]:
            note(page, mark, notes[mark])
        if number in {1, 3}:
            signature(page, "B" if number == 1 else "B 2")
        yield page
    if rows:
        message = f"{len(rows)} lines of the chapter found no page; raise DEPTHS in pages.py."
        raise ValueError(message)


def _rows(parts: list[str]) -> Iterator[tuple[str, Line]]:
    """Give each line of the chapter with what it is: first or later of a paragraph, or a break."""
    measure = Measure(BODY, MEASURE, BODY)
    for index, part in enumerate(parts):
        if part == "<tb>":
            yield "break", stars()
            continue
        lines = opening(parse(part)) if index == 0 else paragraph(parse(part), measure)
        for row, line in enumerate(lines):
            yield "first" if row == 0 else "later", line


def _fill(page: Page, rows: list[tuple[str, Line]], start: int) -> None:
    """Print the rows from the baseline START down and gather them into blocks."""
    for index, (place, line) in enumerate(rows):
        page.put(line, start + index * LEAD)
        if place == "break":
            page.add("break", line)
        elif place == "first" or not page.blocks:
            page.add("paragraph", line, begins=place == "first")
        else:
            page.blocks[-1].lines.append(line)


def opening(runs: list[Run]) -> list[Line]:
    """Set the chapter's first paragraph: an initial of two lines, its word in small capitals."""
    word = runs[0].text
    initial, width = lay([Run(word[0], "roman")], 214)
    rest = [Run(word[1:], "opening"), *runs[1:]]
    lines = paragraph(rest, Measure(BODY, MEASURE, dropped=(2, round(width) + 10)))
    first = lines[0]
    first.runs[0] = Run(word, "opening")
    first.glyphs += moved(initial, 0, LEAD)
    return lines


def stars() -> Line:
    """Set the row of stars that breaks a chapter."""
    runs = [Run("* * * * *", "roman")]
    star, width = lay([Run("*", "roman")], BODY)
    glyphs: list[Glyph] = []
    for place in range(5):
        glyphs += moved(star, MEASURE / 2 + (place - 2) * 300 - width / 2, 16)
    return Line(runs, glyphs)


def folio(page: Page, number: str, head: str) -> None:
    """Print the page number at the outer edge and the running head in the middle."""
    runs = [Run(number, "roman")]
    glyphs, width = lay(runs, 66)
    page.put(Line(runs, glyphs), HEAD, 0 if page.side == "verso" else MEASURE - width)
    if head:
        page.centre(head, 50, HEAD, 10)
    page.furniture += [text for text in (head.translate(STRAIGHT), number) if text]


def signature(page: Page, text: str) -> None:
    """Print the binder's mark of the sheet at the foot."""
    runs = [Run(text, "roman")]
    page.put(Line(runs, lay(runs, 54)[0]), FOOT, 1240)
    page.furniture.append(text)


def note(page: Page, mark: str, text: str) -> None:
    """Print a footnote at the foot of the type area and add its block."""
    lines = paragraph(
        [Run(mark, "mark"), Run(" ", "roman"), *parse(text)], Measure(SMALL, MEASURE, SMALL)
    )
    top = TOP + 34 * LEAD - (len(lines) - 1) * SMALL_LEAD
    for row, line in enumerate(lines):
        page.put(line, top + row * SMALL_LEAD)
    first = lines[0].runs[1]
    lines[0].runs[:2] = [Run(first.text.lstrip(), first.style)]
    page.add("note", *lines, mark=mark)
