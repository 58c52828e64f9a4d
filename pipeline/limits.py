"""What Galley takes, and how much of the machine one file may use.

These figures are the documented file rules; where the documents show them, a test compares.
"""

from dataclasses import dataclass

MIB = 1024**2
GIB = 1024**3


@dataclass(frozen=True)
class Limits:
    """The limits of one installation; each may be set apart (tests use small ones)."""

    #: One uploaded file: an archive, a PDF or an image.
    file_bytes: int = 2 * GIB
    #: One image or PDF, loose or unpacked from an archive.
    member_bytes: int = 512 * MIB
    #: Everything that is unpacked from one archive.
    unpacked_bytes: int = 8 * GIB
    #: Unpacked size over packed size, once more than `ratio_from_bytes` would be unpacked.
    ratio: int = 200
    ratio_from_bytes: int = 64 * MIB
    #: Entries in one archive, junk and folders included.
    members: int = 20_000
    #: Pages from one file.
    pages: int = 10_000
    #: Width times height of one image.
    pixels: int = 250_000_000
    #: The same image decoded: a byte a pixel in black and white or grey, four in colour.
    decoded_bytes: int = 512 * MIB
    #: A page image larger than this is brought down to it.
    page_pixels: int = 40_000_000
    #: Address space that the child which decodes may add, and the OCR engine that it starts.
    memory: int = GIB
    #: Time to examine one image or one PDF at upload, in seconds.
    examine_seconds: int = 30
    #: Time to unpack one archive, in seconds.
    unpack_seconds: int = 600
    #: Time to make the page image and its derivatives, in seconds.
    prepare_seconds: int = 60
    #: Time of the OCR engine on one page, in seconds.
    ocr_seconds: int = 120


LIMITS = Limits()
