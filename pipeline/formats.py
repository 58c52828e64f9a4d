"""OCR results in the exchange formats of libraries: ALTO 4 and hOCR."""

from collections.abc import Mapping
from typing import Any

from lxml import etree

_ALTO = "http://www.loc.gov/standards/alto/ns-v4#"
_XHTML = "http://www.w3.org/1999/xhtml"

Page = Mapping[str, Any]


def alto(page: Page) -> bytes:
    """Return a page (`number`, `width`, `height`, `lines`; boxes in pixels) as an ALTO 4 file."""
    root = etree.Element(f"{{{_ALTO}}}alto", nsmap=_default(_ALTO))
    description = _sub(root, "Description")
    _sub(description, "MeasurementUnit").text = "pixel"
    source = _sub(description, "sourceImageInformation")
    _sub(source, "fileName").text = page["file"]
    size = {"WIDTH": str(page["width"]), "HEIGHT": str(page["height"])}
    number = page["number"]
    sheet = _sub(
        _sub(root, "Layout"), "Page", ID=f"page{number}", PHYSICAL_IMG_NR=str(number), **size
    )
    space = _sub(sheet, "PrintSpace", HPOS="0", VPOS="0", **size)
    block = _sub(space, "TextBlock", ID="block1", HPOS="0", VPOS="0", **size)
    for place, line in enumerate(page["lines"], 1):
        _alto_line(block, place, line)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def hocr(page: Page) -> bytes:
    """Return a page as an hOCR file."""
    html = etree.Element(f"{{{_XHTML}}}html", nsmap=_default(_XHTML))
    head = etree.SubElement(html, f"{{{_XHTML}}}head")
    etree.SubElement(head, f"{{{_XHTML}}}title").text = page["file"]
    capabilities = {"name": "ocr-capabilities", "content": "ocr_page ocr_line ocrx_word"}
    etree.SubElement(head, f"{{{_XHTML}}}meta", capabilities)
    body = etree.SubElement(html, f"{{{_XHTML}}}body")
    whole = f"bbox 0 0 {page['width']} {page['height']}; ppageno {page['number'] - 1}"
    sheet = _span(body, "div", "ocr_page", whole)
    for line in page["lines"]:
        row = _span(sheet, "span", "ocr_line", _bbox(line["box"]))
        for word in line["words"]:
            title = f"{_bbox(word['box'])}; x_wconf {round(word['confidence'])}"
            cell = _span(row, "span", "ocrx_word", title)
            cell.text, cell.tail = word["text"], " "
    return etree.tostring(html, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _alto_line(block: etree._Element, place: int, line: Mapping[str, Any]) -> None:
    row = _sub(block, "TextLine", ID=f"line{place}", **_area(line["box"]))
    for number, word in enumerate(line["words"], 1):
        if number > 1:
            _sub(row, "SP")
        _sub(
            row,
            "String",
            ID=f"word{place}_{number}",
            CONTENT=word["text"],
            WC=f"{word['confidence'] / 100:.2f}",
            **_area(word["box"]),
        )


def _sub(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_ALTO}}}{name}", attributes)


def _area(box: list[int]) -> dict[str, str]:
    return dict(zip(("HPOS", "VPOS", "WIDTH", "HEIGHT"), map(str, box), strict=True))


def _span(parent: etree._Element, name: str, kind: str, title: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{_XHTML}}}{name}", {"class": kind, "title": title})


def _bbox(box: list[int]) -> str:
    x, y, width, height = box
    return f"bbox {x} {y} {x + width} {y + height}"


def _default(namespace: str) -> dict[str, str]:
    """Return lxml's map for a default namespace; its stubs do not know the key None."""
    return {None: namespace}  # type: ignore[dict-item]
