"""Pages in hOCR: words with their places on a scan, as a web page."""

from html import escape

from exports.writing.scanpage import Box, PlacedLine, PlacedWord, ScanPage, blocks, box_around
from exports.writing.xhtml import direction, legal

_CLASSES = {
    "head": "ocr_header",
    "folio": "ocr_pageno",
    "foot": "ocr_footer",
    "signature": "ocr_footer",
    "catchword": "ocr_footer",
}
_CAPABILITIES = "ocr_page ocr_par ocr_line ocr_header ocr_footer ocr_pageno ocrx_word"


def hocr(page: ScanPage) -> bytes:
    """Return a page as an hOCR 1.2 file; `x_wconf` stands where the OCR read just this word."""
    language = escape(page.language)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<html xmlns="http://www.w3.org/1999/xhtml"',
        f' lang="{language}" xml:lang="{language}" dir="{direction(page.language)}">',
        f"<head><title>{escape(page.file)}</title>",
        '<meta name="ocr-system" content="galley"/>',
        f'<meta name="ocr-capabilities" content="{_CAPABILITIES}"/></head>',
        f'<body><div class="ocr_page" id="page_{page.number}" title="{_about(page)}">',
    ]
    for number, block in enumerate(blocks(page.lines), 1):
        box = _bbox(box_around(line.box for line in block))
        lines.append(f'<p class="ocr_par" id="par_{number}" title="{box}">')
        lines += map(_line, block)
        lines.append("</p>")
    lines.append("</div></body></html>\n")
    return legal("\n".join(lines)).encode()


def _about(page: ScanPage) -> str:
    size = f"bbox 0 0 {page.width} {page.height}"
    file = page.file.replace("\\", "_").replace('"', "'")
    return escape(f'image "{file}"; {size}; ppageno {page.number - 1}')


def _line(line: PlacedLine) -> str:
    kind = _CLASSES.get(line.kind, "ocr_header") if line.kind else "ocr_line"
    words = " ".join(map(_word, line.words))
    return f'<span class="{kind}" title="{_bbox(line.box)}">{words}</span>'


def _word(word: PlacedWord) -> str:
    sure = "" if word.confidence is None else f"; x_wconf {round(word.confidence)}"
    title = f"{_bbox(word.box)}{sure}"
    return f'<span class="ocrx_word" title="{title}">{escape(word.text, quote=False)}</span>'


def _bbox(box: Box) -> str:
    x, y, width, height = box
    return f"bbox {x} {y} {x + width} {y + height}"
