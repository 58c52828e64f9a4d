"""Writes the facsimile: a PDF of the scans that can be searched by the corrected text.

The text lies invisibly on the printed words, in the order of reading, tagged by paragraph. Pages
are taken one by one and written in parts, so that a book of a thousand pages needs little memory.
Equal pages and metadata give equal bytes.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import islice
from pathlib import Path

from pikepdf import (
    AccessMode,
    Array,
    Dictionary,
    Job,
    Name,
    Object,
    ObjectStreamMode,
    OutlineItem,
    Pdf,
    String,
)

from exports.book import Book, Metadata, PageBreak, Section, flatten, runs
from exports.writing.glyphless import ADVANCE, Codes
from exports.writing.overlay import is_backwards
from exports.writing.scanimage import CodedImage, coded
from exports.writing.scanpage import PlacedLine, PlacedWord, ScanPage, blocks
from library.durable import replacing
from library.errors import InvalidError

#: Points. How large the book was is not known; a page is shown as wide as one of an octavo.
_WIDTH = 432
_PAGES_A_PART = 25
_SKEWED = 1.8  # a line's box so many times as high as its words is not straight


class FacsimileEmptyError(InvalidError):
    """There is nothing to write."""

    def __init__(self) -> None:
        super().__init__("No page of this book has an image; add its scans, then build it again.")


@dataclass(frozen=True, slots=True)
class FacsimilePage:
    """A page of the facsimile: the words on its scan, and its page image (a PNG)."""

    scan: ScanPage
    image: Path


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the outline: where it leads is the number of a page, `level` is 1 for a part."""

    title: str
    page: int
    level: int


def write_facsimile(
    pages: Iterable[FacsimilePage], outline: Sequence[Mark], metadata: Metadata, path: Path
) -> None:
    """Write the facsimile to `path`, replacing what was there only when all is written.

    `pages` in order. Raises FacsimileEmptyError, and OSError where an image can't be read or the
    file not written.
    """
    with replacing(path) as temporary, tempfile.TemporaryDirectory(dir=path.parent) as folder:
        codes = Codes()
        made = list(_parts(iter(pages), codes, Path(folder)))
        if not made:
            raise FacsimileEmptyError
        scans = [scan for _, of_part in made for scan in of_part]
        whole = _joined([part for part, _ in made], Path(folder) / "whole.pdf")
        with Pdf.open(whole, access_mode=AccessMode.stream) as pdf:
            del pdf.trailer["/ID"]  # of the first part, made by chance; the book gets its own
            _finish(pdf, scans, codes)
            _outline(pdf, [each.number for each in scans], outline)
            _describe(pdf, metadata)
            pdf.save(
                temporary,
                deterministic_id=True,
                linearize=True,
                object_stream_mode=ObjectStreamMode.generate,
            )


def outline_of(book: Book) -> list[Mark]:
    """Return the chapters of a book, each with the page that it begins on."""
    marks = []
    page = next((mark.number for section in book.sections for mark in _turns(section)), 1)
    for section in book.sections:
        turns = list(_turns(section))
        begin = turns[0].number if turns and _is_at_top(section) else page
        level = section.level if section.matter == "body" else 1
        marks.append(Mark(section.title, begin, level))
        page = turns[-1].number if turns else page
    return marks


def _turns(section: Section) -> Iterator[PageBreak]:
    for block in section.blocks:
        for run in runs(block):
            yield from (item for item in flatten(run) if isinstance(item, PageBreak))


def _is_at_top(section: Section) -> bool:
    """Whether a page begins where the section does, before any of its words."""
    for block in section.blocks:
        for run in runs(block):
            for item in flatten(run):
                if isinstance(item, PageBreak):
                    return True
                if isinstance(item, str) and item.strip():
                    return False
    return False


@dataclass(frozen=True, slots=True)
class _Made:
    """What the end needs to know of a page that was written: its paragraphs are only counted."""

    number: int
    label: str
    paragraphs: int


def _parts(
    pages: Iterator[FacsimilePage], codes: Codes, folder: Path
) -> Iterator[tuple[Path, list[_Made]]]:
    """Write pages into files of a few each; what is in a file needs no memory."""
    while part := list(islice(pages, _PAGES_A_PART)):
        path = folder / f"{part[0].scan.number}.pdf"
        with Pdf.new() as pdf:
            made = [_add_page(pdf, page, codes) for page in part]
            pdf.save(path, object_stream_mode=ObjectStreamMode.generate)
        yield path, made


def _joined(parts: Sequence[Path], whole: Path) -> Path:
    """Join the parts by the command of qpdf: what is copied between open files stays in memory."""
    pages = [{"file": str(part), "range": "1-z"} for part in parts]
    job = {"inputFile": str(parts[0]), "outputFile": str(whole), "pages": pages, "staticId": ""}
    Job(json.dumps(job)).run()
    return whole


def _add_page(pdf: Pdf, page: FacsimilePage, codes: Codes) -> _Made:
    scan, image = page.scan, coded(page.image)
    scale = _WIDTH / scan.width
    height = round(scan.height * scale, 2)
    paragraphs = list(blocks(line for line in scan.lines if not line.kind))
    added = pdf.add_blank_page(page_size=(_WIDTH, height))
    added.obj.Contents = pdf.make_stream(
        b"\n".join(
            [
                f"/Artifact BMC q {_WIDTH} 0 0 {height} 0 0 cm /Scan Do Q EMC".encode(),
                *_text(paragraphs, codes, scale, height),
            ]
        )
    )
    added.obj.Resources = Dictionary(XObject=Dictionary(Scan=_image(pdf, image)))
    return _Made(scan.number, scan.label, len(paragraphs))


def _image(pdf: Pdf, image: CodedImage) -> Object:
    stream = pdf.make_stream(image.data)
    stream.stream_dict.update(
        {
            "/Type": Name.XObject,
            "/Subtype": Name.Image,
            "/Width": image.width,
            "/Height": image.height,
            "/ColorSpace": Name(f"/{image.space}"),
            "/BitsPerComponent": 1 if image.filter == "CCITTFaxDecode" else 8,
            "/Filter": Name(f"/{image.filter}"),
        }
    )
    if image.filter == "CCITTFaxDecode":
        stream.DecodeParms = Dictionary(
            K=-1, Columns=image.width, Rows=image.height, BlackIs1=image.black_is_set
        )
    return stream


def _text(
    paragraphs: Sequence[Sequence[PlacedLine]], codes: Codes, scale: float, height: float
) -> Iterator[bytes]:
    """Yield the drawing of the words, invisibly (rendering mode 3), a marked content each block."""
    for number, lines in enumerate(paragraphs):
        yield f"/P <</MCID {number}>> BDC BT 3 Tr".encode()
        for line in lines:
            yield from _line(line, codes, scale, height)
        yield b"ET EMC"


def _line(line: PlacedLine, codes: Codes, scale: float, height: float) -> Iterator[bytes]:
    heights = sorted(word.box[3] for word in line.words)
    size = heights[len(heights) // 2] * scale
    _, top, _, high = line.box
    straight = high * scale < size * _SKEWED
    yield f"/Text {size:.2f} Tf".encode()
    for word in line.words:
        bottom = top + high if straight else word.box[1] + word.box[3]
        yield _word(word, codes, scale, size, height - bottom * scale)


def _word(word: PlacedWord, codes: Codes, scale: float, size: float, baseline: float) -> bytes:
    """Return the drawing of a word stretched to its box, with a blank behind it.

    Readers of PDF take letters as they stand, from left to right, and turn what runs to the left.
    """
    left, _, wide, _ = word.box
    letter = max(1, wide) * scale / len(word.text)
    start, shown = left * scale, f"{word.text} "
    if is_backwards(word.text):
        start, shown = start - letter, shown[::-1]
    stretch = max(0.1, 100_000 * letter / (size * ADVANCE))
    place = f"{stretch:.1f} Tz 1 0 0 1 {start:.2f} {baseline:.2f} Tm"
    return f"{place} <{codes.encode(shown).hex()}> Tj".encode()


def _finish(pdf: Pdf, scans: Sequence[_Made], codes: Codes) -> None:
    """Give all pages their font, labels and tags."""
    font = codes.font(pdf)
    root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    whole = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
    labels, parents, kids = Array(), Array(), Array()
    for at, (page, scan) in enumerate(zip(pdf.pages, scans, strict=True)):
        page.obj.Resources.Font = Dictionary(Text=font)
        page.obj.StructParents = at
        page.obj.Tabs = Name.S
        labels.append(at)
        labels.append(Dictionary(P=String(scan.label or f"[scan {scan.number}]")))
        tags = [
            pdf.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P, P=whole, Pg=page.obj, K=number)
            )
            for number in range(scan.paragraphs)
        ]
        kids.extend(tags)
        parents.append(at)
        parents.append(pdf.make_indirect(Array(tags)))
    whole.K = kids
    root.K = whole
    root.ParentTree = pdf.make_indirect(Dictionary(Nums=parents))
    root.ParentTreeNextKey = len(scans)
    pdf.Root.StructTreeRoot = root
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.PageLabels = Dictionary(Nums=labels)


def _outline(pdf: Pdf, numbers: Sequence[int], marks: Sequence[Mark]) -> None:
    places = {number: at for at, number in enumerate(numbers)}
    part: OutlineItem | None = None
    with pdf.open_outline() as outline:
        for mark in marks:
            if mark.page not in places:
                continue
            item = OutlineItem(mark.title, places[mark.page])
            if mark.level > 1 and part is not None:
                part.children.append(item)
                continue
            outline.root.append(item)
            part = item if mark.level == 1 else None


def _describe(pdf: Pdf, metadata: Metadata) -> None:
    moment = metadata.released_at.astimezone(UTC)
    pdf.Root.Lang = String(metadata.language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.docinfo["/CreationDate"] = String(f"D:{moment:%Y%m%d%H%M%S}Z")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as about:
        about["dc:title"] = metadata.title
        about["dc:creator"] = list(metadata.authors)
        about["dc:language"] = set(metadata.languages)
        about["dc:publisher"] = {metadata.site_name}
        about["dc:identifier"] = metadata.identifier
        about["dc:source"] = metadata.source_url or metadata.project_url
        about["xmp:CreateDate"] = moment.isoformat()
        if metadata.subjects:
            about["dc:subject"] = set(metadata.subjects)
