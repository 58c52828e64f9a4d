"""What printed page numbers say of a book's scans, in words."""

from collections.abc import Sequence

from library import labels
from library.models import Page
from library.numbering import Flaw, flaws
from web.present import Json
from web.words import gettext as _


def numbers_of(pages: Sequence[Page]) -> Json:
    """Return a book's printed numbers as ranges, and where they do not go on.

    Pages to skip are passed over.
    """
    counted = [page for page in pages if page.kind != "skip"]
    found = flaws([(page.number, page.label) for page in counted])
    return {
        "ranges": labels.ranges_of([page.label for page in counted]),
        "known": any(page.label for page in counted),
        "flaws": [
            {"code": flaw.kind, "page": flaw.page, "label": flaw.label, "sentence": _sentence(flaw)}
            for flaw in found
        ],
    }


def _sentence(flaw: Flaw) -> str:
    if flaw.kind == "twice":
        return _("Scans %(other)s and %(page)s both bear the page number %(label)s.",
                 other=flaw.other, page=flaw.page, label=flaw.label)  # fmt: skip
    if flaw.kind == "order":
        return _("Page %(label)s stands behind page %(before)s.",
                 label=flaw.label, before=flaw.before)  # fmt: skip
    if len(flaw.lacking) == 1:
        return _("Page %(label)s seems to be missing.", label=flaw.lacking[0])
    if flaw.lacking:
        return _("Pages %(first)s to %(last)s seem to be missing.",
                 first=flaw.lacking[0], last=flaw.lacking[-1])  # fmt: skip
    return _("Between pages %(before)s and %(label)s there are too few scans.",
             before=flaw.before, label=flaw.label)  # fmt: skip
