"""How long the desk lets one wait, in Chromium against a real installation.

Run: .venv/bin/python -m benchmarks.bench_desk. Measured are the way from an address to text and
scan on the screen (at 10 Mb/s and 20 ms, with nothing kept and with all kept), from a key to the
letter on the screen and the longest task while one types, and from Control Enter to the next page
on the screen. In the same run the same page without its scripts, a scan beside a text field, tells
what browser, server and machine take by themselves. Figures are milliseconds and go to
benchmarks/results/desk.json; bytes are those of `bench_wire`.
"""

import json
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page
from playwright.sync_api import TimeoutError as TookTooLong

from benchmarks.bench_wire import PERSON, SCAN, Desk, bytes_on_the_wire, desk_of, table
from benchmarks.installation import Installation, running
from library import people
from library.clock import utc_now
from library.config import settings_from
from library.db import make_engine, writing
from library.storage import Storage
from proofing import checkout, rounds
from tests.support import rows
from tests.support.typeset import add_typeset, prepared, typeset

HERE = Path(__file__).resolve().parent
#: Pages of the demonstration book that are read one after the other.
SCANS = [SCAN.with_name(f"{number:03}.jpg") for number in range(7, 13)]
#: Milliseconds.
BUDGET = {"first page": 1200, "swap": 100, "key to paint": 16}
TIMES, LETTERS, LINES = 3, 100, 40
_LINE = {"latency": 20, "downloadThroughput": 1_250_000, "uploadThroughput": 1_250_000}
_SCRIPTS = ["*/static/*/js/*", "*/static/*/vendor/*"]

#: Sets `shown` once text and scan have been painted: two frames after both are there.
_SHOWN = """(isPlain) => {
    const isThere = () => isPlain
        ? document.readyState === "complete" && document.querySelector("#scan img")?.complete
        : document.body?.hasAttribute("data-ready")
            && document.querySelector("#scan canvas")?.width > 300; // as wide as an empty one
    const look = () => requestAnimationFrame(() => isThere() ? twice() : look());
    const twice = () => requestAnimationFrame(() => { globalThis.shown = performance.now(); });
    if (location.protocol.startsWith("http")) look();
}"""
#: From the last key to the frame after the one in which the next page's text was drawn.
_SWAP = """() => {
    const text = () => document.querySelector(".cm-content").textContent;
    const before = text();
    const twice = () => requestAnimationFrame(() => { globalThis.swapped = performance.now(); });
    const look = () => requestAnimationFrame(() => text() === before ? look() : twice());
    globalThis.swapped = undefined;
    addEventListener("keydown", (event) => { globalThis.pressed = event.timeStamp; }, true);
    look();
}"""
_SWAPPED = "() => globalThis.swapped && globalThis.swapped - globalThis.pressed"
#: The browser's own measure from a key to the paint that shows it, in steps of 8.
_KEYS = """() => {
    globalThis.keys = [];
    new PerformanceObserver((list) => keys.push(...list.getEntries()
        .filter(({name}) => name === "keydown").map(({duration}) => duration)))
        .observe({type: "event", durationThreshold: 16});
}"""


def first_page(desk: Desk) -> dict[str, Any]:
    """Return milliseconds from the address to text and scan: nothing kept, all kept, no scripts."""
    found: dict[str, list[float]] = {"cold": [], "warm": [], "bare": [], "bare warm": []}
    for _ in range(TIMES):
        for plain, names in ((True, ("bare", "bare warm")), (False, ("cold", "warm"))):
            with desk.window() as window:
                for name in names:
                    page = window.new_page()
                    found[name].append(_shown(page, desk.path, plain=plain))
                    page.close()
    return {name: _figures(times) for name, times in found.items()}


def _shown(page: Page, path: str, *, plain: bool) -> float:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", {"offline": False, **_LINE})
    if plain:
        session.send("Network.setBlockedURLs", {"urls": _SCRIPTS})
    page.add_init_script(f"({_SHOWN})({json.dumps(plain)})")
    page.goto(path)
    return float(page.wait_for_function("() => globalThis.shown", timeout=60_000).json_value())


def swap(desk: Desk) -> dict[str, Any]:
    """Return milliseconds from Control Enter to the next page, one after the other."""
    times = []
    with desk.window() as window:
        page = window.new_page()
        with page.expect_response("**/image*"):  # of the page that comes next
            page.goto(desk.path)
            page.wait_for_selector("body[data-ready]")
        for _ in SCANS[1:]:
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(2000)  # as long as anybody looks at a page at least
            times.append(_to_next_page(page))
        own = "performance.getEntriesByName('galley.swap', 'measure').map((each) => each.duration)"
        return {"key to page": _figures(times), "script": _figures(page.evaluate(own))}


def _to_next_page(page: Page) -> float:
    page.evaluate(_SWAP)
    page.keyboard.press("Control+Enter")
    try:
        found = page.wait_for_function(_SWAPPED, timeout=5000)
    except TookTooLong:  # asked once about something on the page; the same key sends it as it is
        page.keyboard.press("Control+Enter")
        found = page.wait_for_function(_SWAPPED)
    return float(found.json_value())


def typing(desk: Desk, path: str) -> dict[str, Any]:
    """Return milliseconds of 100 letters typed on a page of 40 lines, by layout, and without."""
    found = {}
    with desk.window() as window:
        for layout in ("facing", "interlinear", "bare"):
            page = window.new_page()
            session = window.new_cdp_session(page)
            if layout == "bare":
                session.send("Network.enable")
                session.send("Network.setBlockedURLs", {"urls": _SCRIPTS})
            page.goto(path)
            page.wait_for_load_state("networkidle")
            if layout == "bare":
                page.focus("#text")
            else:
                page.click(f"[data-command=layout-{layout}]")
                page.focus(".cm-content")
            found[layout] = _typed(page, session)
            page.close()
    return found


def _typed(page: Page, session: CDPSession) -> dict[str, Any]:
    page.keyboard.press("Control+Home")
    for _ in range(LINES // 2):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(1000)
    page.evaluate(_KEYS)
    with _traced(session) as events:
        for number in range(LETTERS):
            page.keyboard.press(" " if number % 6 == 5 else "etaoi"[number % 6])  # noqa: PLR2004
            page.wait_for_timeout(60)
        page.wait_for_timeout(500)
    late = page.evaluate("globalThis.keys")
    # The browser names no key that took less than 16 ms; the steps are of 8.
    durations = [*late, *[8.0] * (LETTERS - len(late))]
    return {"key to paint": _figures(durations), "longest task": _longest_task(events)}


@contextmanager
def _traced(session: CDPSession) -> Iterator[list[dict[str, Any]]]:
    events: list[dict[str, Any]] = []
    ended: list[bool] = []
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append(True))
    categories = "toplevel,devtools.timeline,disabled-by-default-devtools.timeline"
    session.send("Tracing.start", {"categories": categories, "transferMode": "ReportEvents"})
    yield events
    session.send("Tracing.end")
    while not ended:
        session.send("Runtime.evaluate", {"expression": "0"})


def _longest_task(events: Sequence[dict[str, Any]]) -> float:
    """Return the longest task, ms, of the thread that heard the keys."""
    heard = Counter(
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "keydown"
    )
    thread = heard.most_common(1)[0][0]
    tasks = [
        event["dur"]
        for event in events
        if "RunTask" in event["name"] and (event["pid"], event["tid"]) == thread and "dur" in event
    ]
    return float(round(max(tasks) / 1000, 1))


def _figures(times: Sequence[float]) -> dict[str, float]:
    ordered = sorted(times)
    median, most = statistics.median(ordered), ordered[-1]
    late = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return {"median": round(median, 1), "p95": round(late, 1), "worst": round(most, 1)}


def add_long_page(place: Installation) -> str:
    """Put a page of 40 lines into the hands of who has the desk; returns its address."""
    settings = settings_from(place.environ)
    engine, storage = make_engine(settings.database_url), Storage.from_url(settings.storage_url)
    (page,) = typeset(1, lines=LINES)
    pictures = prepared(storage, page)
    with writing(engine) as session:
        project = rows.add_project(session, title="Forty Lines")
        add_typeset(session, project, page, pictures)
        rounds.open_pages(session, project, utc_now())
        person = people.find_person(session, PERSON)
        assert person is not None  # noqa: S101 - it has the desk
        task = checkout.check_out(
            session,
            project,
            person,
            utc_now(),
            lease=settings.lease,
            pages_held=settings.pages_held,
        ).id
    engine.dispose()
    return f"/proof/{task}"


def main() -> int:
    """Measure, print, and write the figures down."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as place,
        desk_of(place, SCANS) as desk,
    ):
        long_page = add_long_page(place)
        measures: dict[str, Callable[[], dict[str, Any]]] = {
            "wire": lambda: bytes_on_the_wire(desk),
            "first page": lambda: first_page(desk),
            "typing": lambda: typing(desk, long_page),
            "swap": lambda: swap(desk),
        }
        figures = {}
        for name, measure in measures.items():
            figures[name] = measure()
            print(json.dumps({name: figures[name]}), flush=True)
    print(table(figures["wire"]))
    result = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), **figures}
    (HERE / "results").mkdir(exist_ok=True)
    (HERE / "results" / "desk.json").write_text(json.dumps(result, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
