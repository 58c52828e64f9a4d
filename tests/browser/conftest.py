"""The whole installation, as `galley run` starts it, and Chromium looking at it.

Screenshots of every journey go to `artefacts/`.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Error, Page, Playwright, expect, sync_playwright

from library import people
from library.clock import utc_now
from library.config import settings_from
from library.db import make_engine, writing
from proofing import trust
from tests.browser.firefox import Firefox, running_firefox
from tests.support.site import zipped

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
SCANS = ROOT / "scans" / "demo" / "pages"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
#: Keeps Chromium from looking for hosts of its maker, and lets it run as root in a container.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "a few words of mine"  # noqa: S105 - of test accounts
_READY_SECONDS = 120
#: Milliseconds that a page has for what a test waits for.
_PATIENCE = 60_000


@dataclass(frozen=True)
class Installation:
    """A running installation."""

    url: str
    home: Path
    environment: dict[str, str]

    def galley(self, *words: str, given: str = "") -> str:
        """Run a command of `galley` here; returns what it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "web", *words],
            check=True,
            cwd=ROOT,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout.strip()

    def person(self, name: str, *, role: str = "volunteer", rounds: str = "") -> None:
        """Make an account with the tests' password, with these rounds (`P1,P2`) open to it."""
        with writing(_engine(self.environment["GALLEY_HOME"])) as session:
            made = people.add_person(session, name, PASSWORD, utc_now(), role=role)
            if rounds:
                trust.grant(session, None, made, rounds.split(","), utc_now())

    def token(self, name: str) -> str:
        """Make an API token of an account."""
        with writing(_engine(self.environment["GALLEY_HOME"])) as session:
            return people.new_token(session, people.person_named(session, name), utc_now())


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Run web server, Redis, one OCR worker, the books worker and the sweep."""
    if CHROMIUM is None:
        word = "Chromium is not installed; install it to test in a browser."
        pytest.fail(word) if os.environ.get("CI") else pytest.skip(word)
    home, port = tmp_path_factory.mktemp("home"), _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "GALLEY_HOME": str(home),
        "PORT": str(port),
        "GALLEY_WORKERS": "1",
        "GALLEY_DEMO": "off",
        "GALLEY_LIMITS": "off",
    }
    with (home / "run.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "web", "run"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            running = Installation(f"http://127.0.0.1:{port}", home, environment)
            _wait_until_ready(running, process)
            yield running
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Run Playwright's driver."""
    # A busy machine takes its time; what never comes is told all the same.
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver: Playwright, installation: Installation) -> Iterator[Browser]:
    """Run Chromium; the installation is up when it is."""
    del installation
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    """Run Firefox, where its keys are real ones."""
    with running_firefox(tmp_path_factory.mktemp("profile")) as running:
        yield running


class Window:
    """One browser window with cookies of its own; what goes wrong in it fails the test."""

    def __init__(self, browser: Browser, url: str, **options: object) -> None:
        wide = {"viewport": {"width": 1440, "height": 900}}
        self.context = browser.new_context(base_url=url, **{**wide, **options})  # type: ignore[arg-type]
        self.faults: list[str] = []
        self.page = self.open()

    def open(self) -> Page:
        """Open another tab."""
        page = self.context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._note)
        page.on(
            "response",
            lambda answer: (
                self.faults.append(f"{answer.status} {answer.url}")
                if answer.status >= 500
                else None
            ),
        )
        return page

    def _note(self, message: object) -> None:
        text = str(getattr(message, "text", ""))
        # Answers of 4xx are told as errors too; tests ask for some of them.
        if getattr(message, "type", "") == "error" and "the server responded" not in text:
            self.faults.append(f"console: {text}")

    def sign_in(self, name: str) -> None:
        """Sign in by the form."""
        self.page.goto("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", PASSWORD)
        self.page.click("main form button")
        self.page.wait_for_url(re.compile("/desk$"))

    def shoot(self, name: str, *, whole: bool = True) -> None:
        """Keep a screenshot; where memory is short, Chromium may take it at the second try."""
        ARTEFACTS.mkdir(exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        try:
            self.page.screenshot(path=path, full_page=whole)
        except Error:
            self.page.screenshot(path=path, full_page=whole)


@pytest.fixture
def window(chromium: Browser, installation: Installation) -> Iterator[Window]:
    """Give a wide window; errors of scripts and of the server fail the test."""
    made = Window(chromium, installation.url)
    yield made
    made.context.close()
    assert made.faults == []


@pytest.fixture(scope="session")
def book(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the slug of a book of many pages that are read and open to volunteers."""
    if not SCANS.exists():
        pytest.skip("the demonstration book is not here")
    scans = tmp_path_factory.mktemp("scans") / "pages.zip"
    page = (SCANS / "007.jpg").read_bytes()
    # The same print again and again: each test takes pages of its own.
    scans.write_bytes(zipped({f"{n:03}.jpg": page for n in range(1, 9)}))
    installation.person("olga", role="admin")
    slug = installation.galley("import", str(scans), "--title", "A Book to Read", "--owner", "olga")
    _wait_until_read(installation, slug)
    return slug


def _wait_until_read(installation: Installation, slug: str) -> None:
    for _ in range(600):
        with urllib.request.urlopen(f"{installation.url}/api/v1/projects/{slug}") as answer:  # noqa: S310
            pages = json.load(answer)["pages"]
        if pages["ocr"]["done"] == pages["total"]:
            return
        time.sleep(0.2)
    pytest.fail("the machine did not read the pages in time")


@cache
def _engine(home: str) -> sa.Engine:
    """Give an engine on an installation's database; a command would take a second to start."""
    return make_engine(settings_from({"GALLEY_HOME": home}).database_url)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(running: Installation, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{running.url}/readyz", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"it did not come up: {(running.home / 'run.log').read_text()}")
