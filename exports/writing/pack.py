"""What someone needs who makes the book by hand, with Guiguts or the like: one text, the scans.

The text has the separators of Distributed Proofreaders before each page, named after its image and
those who read it; all is streamed, so that a book of any size needs no memory.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_CHUNK = 1 << 20
_RULE = 75  # letters of a separator, as Distributed Proofreaders writes it
_FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class PackPage:
    """A page for the pack: its text as it stands, and who read it, round by round."""

    number: int
    label: str
    text: str
    readers: Sequence[str]
    image: Path | None


@dataclass(frozen=True, slots=True)
class Pack:
    """All that is packed; `state` says in sentences how far the book is."""

    title: str
    author: str
    slug: str
    address: str
    state: Sequence[str]
    note: str
    pages: Sequence[PackPage]
    good_words: Sequence[str]
    bad_words: Sequence[str]


def concatenated(pages: Sequence[PackPage]) -> Iterator[str]:
    """Yield the texts of all pages, each below its separator; lines end with CR LF."""
    for page in pages:
        readers = "".join(f"{name}\\" for name in page.readers)
        head = f"-----File: {image_name(page, pages)}---\\{readers}"
        body = page.text.rstrip("\n").replace("\r\n", "\n").replace("\n", "\r\n")
        yield f"{head.ljust(_RULE, '-')}\r\n{body}\r\n"


def image_name(page: PackPage, pages: Sequence[PackPage]) -> str:
    """Return the name of a page's image: `001.png`, with as many digits as the book needs."""
    most = max(each.number for each in pages)
    return f"{page.number:0{max(_FEWEST_DIGITS, len(str(most)))}d}.png"


def packed(pack: Pack, moment: datetime) -> Iterator[bytes]:
    """Yield the pack as the bytes of a ZIP file; `moment` (aware) dates its entries.

    An image that is gone from storage is left out, and the readme says so.
    """
    outlet = _Outlet()
    images = [(page, page.image) for page in pack.pages if page.image and page.image.is_file()]
    gone = [page.number for page in pack.pages if page.image and not page.image.is_file()]
    with zipfile.ZipFile(outlet, "w") as made:
        for name, parts in _texts(pack, gone):
            with made.open(_entry(name, moment, zipfile.ZIP_DEFLATED), "w") as entry:
                for part in parts:
                    entry.write(part.encode())
            yield outlet.taken()
        for page, path in images:
            name = f"pngs/{image_name(page, pack.pages)}"
            yield from _image(made, outlet, _entry(name, moment, zipfile.ZIP_STORED), path)
    yield outlet.taken()


def _texts(pack: Pack, gone: Sequence[int]) -> Iterator[tuple[str, Iterable[str]]]:
    yield "README.txt", [f"{line}\r\n" for line in _readme(pack, gone)]
    yield f"{pack.slug}.txt", concatenated(pack.pages)
    yield "good_words.txt", [f"{word}\r\n" for word in pack.good_words]
    yield "bad_words.txt", [f"{word}\r\n" for word in pack.bad_words]


def _image(
    made: zipfile.ZipFile, outlet: "_Outlet", entry: zipfile.ZipInfo, path: Path
) -> Iterator[bytes]:
    entry.file_size = path.stat().st_size
    with path.open("rb") as file, made.open(entry, "w") as target:
        while chunk := file.read(_CHUNK):
            target.write(chunk)
            yield outlet.taken()
    yield outlet.taken()


def _readme(pack: Pack, gone: Sequence[int]) -> Iterator[str]:
    yield f"{pack.title}, by {pack.author or 'Anonymous'}"
    yield pack.address
    yield ""
    yield from pack.state
    yield ""
    yield f"{pack.slug}.txt   the texts of all pages, UTF-8, below a separator each: the name of"
    yield "                   its image, then those who read it, in the order of the rounds"
    yield "pngs/              the page images, numbered as in the separators"
    yield "good_words.txt     words that the book's volunteers call right"
    yield "bad_words.txt      words that they call wrong wherever they stand"
    if gone:
        yield ""
        yield f"Without an image, for it is missing: {', '.join(map(str, gone))}"
    printed = [(page.label, page.number) for page in pack.pages if page.label]
    if printed:
        yield ""
        yield "Printed page and image:"
        yield from (f"{label:>8}  {number}" for label, number in printed)
    if pack.note:
        yield ""
        yield "The coordinator's word to volunteers:"
        yield from pack.note.splitlines()


def _entry(name: str, moment: datetime, kind: int) -> zipfile.ZipInfo:
    at = moment.astimezone(UTC)
    entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    entry.compress_type, entry.create_system, entry.external_attr = kind, 3, 0o100644 << 16
    return entry


class _Outlet(io.RawIOBase):
    """Takes what a ZIP file writes, until it is taken away; it can't go back."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Say yes: it is for nothing else."""
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        """Keep a copy; zipfile hands its buffer on."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since, and forget it."""
        parts, self._parts = self._parts, []
        return b"".join(parts)
