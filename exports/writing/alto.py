"""Pages in ALTO 4, the form in which libraries keep words with their places on a scan."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from lxml import etree

from exports.writing.scanpage import PlacedLine, PlacedWord, ScanPage, blocks, box_around
from library.durable import replacing

_NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_ILLEGAL = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def alto(page: ScanPage) -> bytes:
    """Return a page as an ALTO 4.4 file.

    Its running head and the like stand in the margins. `CS` says of a word that the text differs
    from what the OCR read; `WC` is given where it does not.
    """
    root = etree.Element(f"{{{_NAMESPACE}}}alto", nsmap={None: _NAMESPACE})  # type: ignore[dict-item]
    root.set("SCHEMAVERSION", "4.4")
    description = _sub(root, "Description")
    _sub(description, "MeasurementUnit").text = "pixel"
    source = _sub(description, "sourceImageInformation")
    _sub(source, "fileName").text = page.file.translate(_ILLEGAL)
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    sheet = _sub(
        _sub(root, "Layout"), "Page", ID=f"page{page.number}", PHYSICAL_IMG_NR=str(page.number)
    )
    for name, value in {"PRINTED_IMG_NR": page.label, "LANG": page.language, **size}.items():
        if value:
            sheet.set(name, value)
    numbers = count(1)
    for name, lines in _spaces(page):
        space = _sub(sheet, name)
        if name == "PrintSpace":
            for key, value in {"HPOS": "0", "VPOS": "0", **size}.items():
                space.set(key, value)
        for block in blocks(lines):
            _block(space, next(numbers), block)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def write_alto_zip(pages: Iterable[ScanPage], moment: datetime, path: Path) -> None:
    """Write the ALTO files of all pages into one ZIP, `0001.xml` the first.

    Pages are taken one by one; `moment` (aware) dates the entries. Raises OSError.
    """
    at = moment.astimezone(UTC)
    date = (max(1980, at.year), at.month, at.day, at.hour, at.minute, at.second)
    with replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as made:
        for page in pages:
            entry = zipfile.ZipInfo(f"{page.number:04d}.xml", date)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o100644 << 16
            made.writestr(entry, alto(page), compresslevel=9)


def _spaces(page: ScanPage) -> Iterator[tuple[str, Sequence[PlacedLine]]]:
    """Yield the regions of a page in the schema's order; the print space always."""
    middle = page.height / 2
    outside = [line for line in page.lines if line.kind]
    above = [line for line in outside if line.box[1] < middle]
    below = [line for line in outside if line.box[1] >= middle]
    for name, lines in (("TopMargin", above), ("BottomMargin", below)):
        if lines:
            yield name, lines
    yield "PrintSpace", [line for line in page.lines if not line.kind]


def _block(space: etree._Element, number: int, lines: Sequence[PlacedLine]) -> None:
    area = _area(box_around(line.box for line in lines))
    block = _sub(space, "TextBlock", ID=f"block{number}", **area)
    for place, line in enumerate(lines, 1):
        row = _sub(block, "TextLine", ID=f"line{number}_{place}", **_area(line.box))
        for at, word in enumerate(line.words, 1):
            if at > 1:
                _sub(row, "SP")
            cell = _string(row, f"word{number}_{place}_{at}", word)
        _hyphen(row, cell, line.words[-1])


def _string(row: etree._Element, name: str, word: PlacedWord) -> etree._Element:
    said = {"ID": name, "CONTENT": word.text.translate(_ILLEGAL), **_area(word.box)}
    if word.confidence is not None:
        said["WC"] = f"{word.confidence / 100:.2f}"
    elif not word.read:
        said["CS"] = "true"
    return _sub(row, "String", **said)


def _hyphen(row: etree._Element, cell: etree._Element, word: PlacedWord) -> None:
    """Take the hyphen of a word broken at the line's end out of it, as ALTO has it."""
    text = cell.get("CONTENT", "")
    if len(text) > 1 and text[-1] in "-\u2010\u00ac" and text[-2].isalpha():
        cell.set("CONTENT", text[:-1])
        x, y, width, height = word.box
        own = max(1, width // len(text))
        _sub(row, "HYP", CONTENT=text[-1], **_area((x + width - own, y, own, height)))


def _sub(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_NAMESPACE}}}{name}", attributes)


def _area(box: tuple[int, int, int, int]) -> dict[str, str]:
    return dict(zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), map(str, box), strict=True))
