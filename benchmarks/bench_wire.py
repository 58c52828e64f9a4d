"""What opening a page to proofread takes over the wire, in Chromium against a real installation.

Run: .venv/bin/python -m benchmarks.bench_wire. Bytes as they come: of a first visit with nothing
kept (`cold`), beside the headers around them and what they unpack to, and of the next visit with
its headers (`again`). They go to benchmarks/results/wire.json. Budgets are of a cold visit.

A further measure is a function that takes the Desk and gives figures, named in MEASURES.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from benchmarks.demo_book import wait_for
from benchmarks.installation import Installation, running

HERE = Path(__file__).resolve().parent
#: A full page of print; what is around it has no part in the bytes.
SCAN = HERE.parent / "scans" / "demo" / "pages" / "007.jpg"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
#: Bytes over the wire of a cold visit, by kind.
BUDGETS = {
    "page": 15_000,
    "styles": 12_000,
    "scripts": 110_000,
    "fonts": 136_000,
    "page image": 250_000,
}
KINDS = {"Document": "page", "Stylesheet": "styles", "Script": "scripts", "Font": "fonts"}
PERSON, PASSWORD = "ann", "ann reads by candle light"


@dataclass(frozen=True)
class Desk:
    """A page in somebody's hands, and a browser in which nobody is signed in."""

    browser: Browser
    site: str
    path: str
    signed_in: StorageState

    @contextmanager
    def window(self) -> Iterator[BrowserContext]:
        """Give a window of who has the page, nothing kept from earlier visits."""
        size = {"width": 1440, "height": 900}
        context = self.browser.new_context(
            base_url=self.site, storage_state=self.signed_in, viewport=size  # type: ignore[arg-type]
        )  # fmt: skip
        yield context
        context.close()


class Wire:
    """Counts bytes of the answers that a page gets from the server, by kind."""

    def __init__(self, page: Page) -> None:
        self.kinds: dict[str, str] = {}
        self.heads: dict[str, int] = {}
        self.headers: Counter[str] = Counter()
        self.bodies: Counter[str] = Counter()
        self.unpacked: Counter[str] = Counter()
        self.requests: Counter[str] = Counter()
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._begun)
        session.on("Network.dataReceived", self._part)
        session.on("Network.loadingFinished", self._ended)
        session.send("Network.enable")

    def _begun(self, event: dict[str, Any]) -> None:
        answer, request = event["response"], event["requestId"]
        if answer["fromDiskCache"] or answer["url"].startswith(("data:", "blob:")):
            return
        image = answer["mimeType"] == "image/webp"
        self.kinds[request] = "page image" if image else KINDS.get(event["type"], "other")
        self.heads[request] = answer["encodedDataLength"]

    def _part(self, event: dict[str, Any]) -> None:
        if kind := self.kinds.get(event["requestId"]):
            self.unpacked[kind] += event["dataLength"]

    def _ended(self, event: dict[str, Any]) -> None:
        if kind := self.kinds.get(event["requestId"]):
            head = self.heads[event["requestId"]]
            self.headers[kind] += head
            self.bodies[kind] += round(event["encodedDataLength"]) - head
            self.requests[kind] += 1


def bytes_on_the_wire(desk: Desk) -> dict[str, dict[str, int]]:
    """Return bytes and requests of a first visit and the next one, by kind."""
    with desk.window() as window:
        cold, again = (_visit(window, desk.path) for _ in range(2))
    return {
        kind: {
            "requests": cold.requests[kind],
            "headers": cold.headers[kind],
            "cold": cold.bodies[kind],
            "unpacked": cold.unpacked[kind],
            "again": again.headers[kind] + again.bodies[kind],
        }
        for kind in sorted(cold.bodies)
    }


def _visit(window: BrowserContext, path: str) -> Wire:
    page = window.new_page()
    wire = Wire(page)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.close()
    return wire


MEASURES: dict[str, Callable[[Desk], dict[str, Any]]] = {"wire": bytes_on_the_wire}


@contextmanager
def desk_of(place: Installation, scans: Sequence[Path] = (SCAN,)) -> Iterator[Desk]:
    """Have pages read by the machine, put the first in somebody's hands, and start Chromium."""
    place.command(["user", "add", PERSON, "--role", "admin", "--password-stdin"], f"{PASSWORD}\n")
    headers = {"Authorization": f"Bearer {place.command(['token', PERSON]).strip()}"}
    words = ["import", *map(str, scans), "--title", "Wire", "--owner", PERSON]
    slug = place.command(words).strip()
    with httpx.Client(base_url=f"{place.url}/api/v1", headers=headers, timeout=60) as client:
        pages = f"/projects/{slug}"
        wait_for(lambda: client.get(pages).json()["pages"]["ocr"]["done"] == len(scans), 300)
        task = client.post(f"/projects/{slug}/checkouts", json={}).raise_for_status().json()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield Desk(browser, place.url, f"/proof/{task['id']}", _signed_in(browser, place.url))
        browser.close()


def _signed_in(browser: Browser, site: str) -> StorageState:
    context = browser.new_context(base_url=site)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#name", PERSON)
    page.fill("#password", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/desk")
    state = context.storage_state()
    context.close()
    return state


def table(figures: dict[str, dict[str, int]]) -> str:
    """Return the bytes on the wire as a table, budgets beside them."""
    heads = ["", "requests", "headers", "cold", "unpacked", "again", "budget"]
    rows = [heads, ["---"] * len(heads)]
    for kind, each in figures.items():
        numbers = [each[name] for name in heads[1:-1]]
        budget = [BUDGETS[kind]] if kind in BUDGETS else []
        rows.append([kind, *(f"{number:,}" for number in numbers + budget)])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def main() -> int:
    """Measure, print, and write the figures down."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as place,
        desk_of(place) as desk,
    ):
        figures = {name: measure(desk) for name, measure in MEASURES.items()}
    wire = figures["wire"]
    over = [kind for kind, budget in BUDGETS.items() if wire[kind]["cold"] > budget]
    result = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), **figures}
    print(table(wire))
    print("over budget:", ", ".join(over) or "nothing")
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "wire.json").write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
