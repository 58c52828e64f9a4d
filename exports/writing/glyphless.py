"""A font without shapes: it gives invisible text in a PDF its letters, of any script.

Every letter of a file gets a code of its own, and the font says which Unicode letter that is; what
is seen is the scan. The font file is made here: six tables of a TrueType font with two glyphs.
"""

import struct
from collections.abc import Iterator, Mapping

from pikepdf import Array, Dictionary, Name, Object, Pdf

#: A letter's width and height, in thousandths of the type size; text is stretched to its box.
ADVANCE, ASCENT = 500, 1000
_UNITS = 1000
_MOST = 65_535
_CHUNK = 100  # entries of one block of a CMap, by its specification


class Codes:
    """The codes of a file's letters, from 1 in the order of their first use."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """Return a text's codes, two bytes each; what no longer has room is code 0."""
        codes = (self._codes.setdefault(sign, self._next()) for sign in text)
        return b"".join(struct.pack(">H", code if code <= _MOST else 0) for code in codes)

    def _next(self) -> int:
        return len(self._codes) + 1

    def font(self, pdf: Pdf) -> Object:
        """Return the font of all that was encoded, as an object of `pdf`."""
        file = pdf.make_stream(_font_file())
        count = min(len(self._codes), _MOST) + 1
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.Glyphless,
            Flags=4,
            FontBBox=[0, 0, ADVANCE, ASCENT],
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=0,
            CapHeight=ASCENT,
            StemV=80,
            FontFile2=file,
        )
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name.Glyphless,
            CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
            DW=ADVANCE,
            CIDToGIDMap=pdf.make_stream(b"\0\1" * count),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
        font = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.Glyphless,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(_to_unicode(self._codes)),
        )
        return pdf.make_indirect(font)


def _to_unicode(codes: Mapping[str, int]) -> bytes:
    """Return the CMap from codes to UTF-16."""
    entries = [
        f"<{code:04X}> <{sign.encode('utf-16-be').hex().upper()}>"
        for sign, code in codes.items()
        if code <= _MOST
    ]
    blocks = [entries[at : at + _CHUNK] for at in range(0, len(entries), _CHUNK)]
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    ]
    for block in blocks:
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    ending = ["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"]
    return "\n".join([*lines, *ending]).encode()


def _font_file() -> bytes:
    """Return a TrueType font (OpenType specification 1.9) of two empty glyphs."""
    tables = dict(_tables())
    offset = 12 + 16 * len(tables)
    directory, body = [], b""
    for tag, content in tables.items():
        padded = content + b"\0" * (-len(content) % 4)
        directory.append(
            struct.pack(">4sLLL", tag, _checksum(padded), offset + len(body), len(content))
        )
        body += padded
    head = struct.pack(">LHHHH", 0x00010000, len(tables), 64, 2, 16 * len(tables) - 64)
    font = head + b"".join(directory) + body
    adjustment = (0xB1B0AFBA - _checksum(font)) % (1 << 32)
    at = font.index(tables[b"head"]) + 8
    return font[:at] + struct.pack(">L", adjustment) + font[at + 4 :]


def _tables() -> Iterator[tuple[bytes, bytes]]:
    yield b"glyf", bytes(4)  # no outline, but a table of no length counts as missing
    yield (
        b"head",
        struct.pack(
            ">LLLLHHQQhhhhHHhhh",
            0x00010000,
            0x00010000,
            0,
            0x5F0F3CF5,
            0b11,
            _UNITS,
            0,
            0,
            0,
            0,
            ADVANCE,
            ASCENT,
            0,
            8,
            2,
            0,
            0,
        ),
    )
    yield (
        b"hhea",
        struct.pack(">LhhhHhhhhhh8xhH", 0x00010000, ASCENT, 0, 0, ADVANCE, 0, 0, 0, 1, 0, 0, 0, 2),
    )
    yield b"hmtx", struct.pack(">HhHh", ADVANCE, 0, ADVANCE, 0)
    yield b"loca", bytes(6)
    yield b"maxp", struct.pack(">LH13H", 0x00010000, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)


def _checksum(content: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(content) // 4}L", content)
    return sum(words) % (1 << 32)
