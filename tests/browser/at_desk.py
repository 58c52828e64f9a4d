"""A page on the desk with a text of the test's own, in a first round or in the formatting round."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import SCANS, Installation, Window, _wait_until_read
from tests.support.site import zipped

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
NAME = "typist"
TITLE = "A Book to Type"
#: The editor's view, as CodeMirror hangs it on its element.
_VIEW = "document.querySelector('.cm-content').cmTile.view"

#: Tasks by installation and round, made once.
_TASKS: dict[tuple[str, str], int] = {}
#: Tokens by installation and name.
_TOKENS: dict[tuple[str, str], str] = {}


@dataclass
class AtDesk:
    """A page in hand, open in a window."""

    window: Window
    slug: str
    task: int

    @property
    def page(self) -> Page:
        """The browser's page."""
        return self.window.page

    @property
    def text(self) -> str:
        """The text as it stands in the editor."""
        return str(self.page.evaluate(f"{_VIEW}.state.doc.toString()"))

    @property
    def selected(self) -> str:
        """The selected part of the text."""
        return str(self.page.evaluate(f"{{const v = {_VIEW}; const {{from, to}} = v.state.selection.main; v.state.sliceDoc(from, to)}}"))  # fmt: skip  # noqa: E501

    @property
    def caret(self) -> int:
        """Where the caret stands."""
        return int(self.page.evaluate(f"{_VIEW}.state.selection.main.head"))

    @property
    def in_text(self) -> bool:
        """Whether what is typed goes into the text."""
        return bool(self.page.evaluate("document.activeElement.classList.contains('cm-content')"))

    def select(self, words: str, *, caret: bool = False) -> None:
        """Select the first place of these words, or put the caret into their middle."""
        start = self.text.index(words)
        ends = (start, start + len(words)) if not caret else (start + len(words) // 2,) * 2
        self.page.evaluate(
            f"([anchor, head]) => {{const v = {_VIEW}; v.dispatch({{selection: {{anchor, head}}}}); v.focus()}}",  # noqa: E501
            list(ends),
        )

    def type_at_end(self, words: str) -> None:
        """Type at the end of the text, key by key."""
        self.page.locator(".cm-content").focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)


def at_desk(window: Window, installation: Installation, text: str, code: str = "P1") -> AtDesk:
    """Open a page of a round (P1 or F1) with this text on it."""
    slug, task = "a-book-to-type", _task(installation, code)
    version = _call(installation, NAME, "GET", f"/tasks/{task}")["version"]
    _call(installation, NAME, "PUT", f"/tasks/{task}/draft", text=text, version=version)
    if "/proof/" not in window.page.url:
        window.sign_in(NAME)
    window.page.goto(f"/proof/{task}")
    window.page.wait_for_selector("body[data-ready]")
    window.page.wait_for_selector(".cm-content:focus")
    return AtDesk(window, slug, task)


@contextmanager
def on_phone(
    chromium: Browser, installation: Installation, text: str, code: str = "P1"
) -> Iterator[AtDesk]:
    """Open a page on a phone; what goes wrong in it fails the test."""
    window = Window(chromium, installation.url, **PHONE)
    yield at_desk(window, installation, text, code)
    window.context.close()
    assert window.faults == []


def _task(installation: Installation, code: str) -> int:
    if (installation.url, code) not in _TASKS:
        _make_book(installation)
    return _TASKS[installation.url, code]


def _make_book(installation: Installation) -> None:
    if not SCANS.exists():
        pytest.skip("the demonstration book is not here")
    installation.person("typing-owner", role="coordinator")
    for name in (NAME, "typist-one", "typist-two"):
        installation.person(name, rounds="P1,P2,F1")
    with TemporaryDirectory() as folder:
        scans = Path(folder) / "pages.zip"
        page = (SCANS / "007.jpg").read_bytes()
        scans.write_bytes(zipped({"001.jpg": page, "002.jpg": page}))
        words = ("--title", TITLE, "--owner", "typing-owner", "--language", "eng+fra")
        slug = installation.galley("import", str(scans), *words)
    _wait_until_read(installation, slug)
    for name, code in (("typist-one", "P1"), ("typist-two", "P2")):
        task = _check_out(installation, name, slug, code)
        sent = {"text": task["text"], "version": task["version"]}
        _call(installation, name, "POST", f"/tasks/{task['id']}/done", **sent)
    for code in ("F1", "P1"):
        task = _check_out(installation, NAME, slug, code)
        _TASKS[installation.url, code] = task["id"]


def _check_out(installation: Installation, name: str, slug: str, code: str) -> dict[str, Any]:
    return _call(installation, name, "POST", f"/projects/{slug}/checkouts", round=code)


def _call(
    installation: Installation, name: str, method: str, path: str, **body: object
) -> dict[str, Any]:
    """Make a call of the API as one person; every test has a connection of its own."""
    headers = {"Authorization": f"Bearer {_token(installation, name)}"}
    url = f"{installation.url}/api/v1{path}"
    answer = httpx.request(method, url, json=body or None, headers=headers, timeout=30)
    assert answer.is_success, answer.text
    given: dict[str, Any] = answer.json()
    return given


def _token(installation: Installation, name: str) -> str:
    known = _TOKENS.get((installation.url, name))
    if known is None:
        known = _TOKENS[installation.url, name] = installation.token(name)
    return known
