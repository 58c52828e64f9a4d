"""The files of a release as readers are told of them: what each is, and whom it is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from exports.models import Download
from web.words import gettext as _

#: Shown with the book, not offered.
PICTURES = (".jpg", ".png")


@dataclass(frozen=True, slots=True)
class Offer:
    """A file of a release, with what a reader needs to choose it."""

    name: str
    title: str
    meant_for: str
    media_type: str
    bytes: int
    sha256: str


def offers(files: Sequence[Download]) -> list[Offer]:
    """Return the files that readers are offered, the recommended one first."""
    known = _known()
    order = list(known)
    found = [(_end(file.name, known), file) for file in files if not file.name.endswith(PICTURES)]
    found.sort(key=lambda each: (order.index(each[0]) if each[0] else len(order), each[1].name))
    return [_offer(file, *known.get(end, (file.name, ""))) for end, file in found]


def _offer(file: Download, title: str, meant_for: str) -> Offer:
    return Offer(file.name, title, meant_for, file.media_type, file.bytes, file.sha256)


def _end(name: str, known: Iterable[str]) -> str:
    """Return the longest known end of a file's name, or an empty string."""
    return max((end for end in known if name.endswith(end)), key=len, default="")


def _known() -> dict[str, tuple[str, str]]:
    """Return title and purpose by the end of a file's name, best first."""
    return {
        ".epub": (
            _("EPUB"),
            _("Phones, tablets, computers and most e-readers; send it to a Kindle as it is."),
        ),
        ".kepub.epub": (
            _("Kobo EPUB"),
            _("Kobo e-readers, by cable: faster pages, and notes that open in place."),
        ),
        ".pdf": (_("PDF"), _("The printed pages as scanned, with text to search and copy.")),
        ".html": (_("Web page"), _("Any browser, the whole book on one page.")),
        "-alto.zip": (_("ALTO"), _("Programs: every word with its place on the scan.")),
        "-html.zip": (_("Web pages"), _("A folder for your own site, with a page a chapter.")),
        ".txt": (_("Plain text"), _("Every device, and programs that count words.")),
        ".tei.xml": (
            _("TEI"),
            _("Scholars: the text with its structure, each page with its scan."),
        ),
        "pages.json": (_("Page table"), _("Programs: which page is where, in print and text.")),
    }
