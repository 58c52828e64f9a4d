"""Books and pages in hand for tests of the desk, each made once for an installation."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from tests.browser.at_desk import _call as call
from tests.browser.conftest import SCANS, Installation, Window, _wait_until_read
from tests.support.site import zipped

__all__ = ["DEMO", "book_of", "call", "hand_in", "open_desk", "person", "take"]

#: A page of the demonstration book: running head, paragraphs, hyphens.
DEMO = SCANS / "007.jpg"
_OWNER = "shelver"

_BOOKS: dict[tuple[str, str], str] = {}
_PEOPLE: set[tuple[str, str]] = set()


def person(
    installation: Installation, name: str, *, role: str = "volunteer", rounds: str = "P1,P2,F1"
) -> str:
    """Make an account once, with every round open to it where nothing else is said."""
    if (installation.url, name) not in _PEOPLE:
        installation.person(name, role=role, rounds=rounds)
        _PEOPLE.add((installation.url, name))
    return name


def book_of(installation: Installation, title: str, scans: Sequence[Path]) -> str:
    """Import a book of these scans, wait until it is read, and return its slug."""
    if (installation.url, title) not in _BOOKS:
        for scan in scans:
            if not scan.exists():
                pytest.skip(f"the scan {scan.name} is not here")
        person(installation, _OWNER, role="admin")
        with TemporaryDirectory() as folder:
            file = Path(folder) / "pages.zip"
            file.write_bytes(
                zipped({f"{n:03}{each.suffix}": each.read_bytes() for n, each in enumerate(scans)})
            )
            slug = installation.galley("import", str(file), "--title", title, "--owner", _OWNER)
        _wait_until_read(installation, slug)
        _BOOKS[installation.url, title] = slug
    return _BOOKS[installation.url, title]


def take(installation: Installation, name: str, slug: str, code: str = "P1") -> dict[str, Any]:
    """Check the next page of a round out, as one person; gives the task as the API does."""
    person(installation, name)
    return call(installation, name, "POST", f"/projects/{slug}/checkouts", round=code)


def hand_in(installation: Installation, name: str, task: dict[str, Any], text: str) -> None:
    """Hand a page in with this text, by the API."""
    sent = {"text": text, "version": task["version"]}
    call(installation, name, "POST", f"/tasks/{task['id']}/done", **sent)


def open_desk(window: Window, task: int) -> None:
    """Open a page in hand in a window that is signed in, and wait for its scripts."""
    window.page.goto(f"/proof/{task}")
    window.page.wait_for_selector("body[data-ready]")
