"""How quick the working screen's calls stay under load, with few and with very many pages.

    python -m benchmarks.bench_load [--pages 10000 1000000] [--volunteers 1 8 32] [--seconds 8]

Volunteers in a closed loop without think time, each on its own connection: open a page, save a
draft, hand it in, take the next. Every latency is counted, no page may be handed out twice and no
call may fail. CPU is that of the web server's processes, by request. The bare ratio beside it is a
page-sized answer of the same server that touches no database (`/healthz`), in the same run.
"""

import argparse
import http.client
import json
import statistics
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from benchmarks.filling import fill
from benchmarks.installation import ROOT, Installation, running
from tests.support import postgresql

#: PostgreSQL as it is run for real: a commit is on disk.
DURABLE = ("listen_addresses=", "max_connections=120", "shared_buffers=512MB")
#: A page's text while it is typed: about 300 words.
TEXT = "\n".join(["and so the old book was read again, line by line, by lamp light"] * 28)


@dataclass
class Tally:
    """What one run saw: seconds by call, errors, pages handed out."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    taken: Counter[int] = field(default_factory=Counter)


class Volunteer(threading.Thread):
    """One volunteer on one connection, working until the time is over."""

    def __init__(self, place: Installation, token: str, until: float, tally: Tally) -> None:
        super().__init__()
        address = place.url.removeprefix("http://")
        self.connection = http.client.HTTPConnection(address, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.until, self.tally = until, tally

    def run(self) -> None:
        """Work; an unexpected answer is an error and ends the day."""
        try:
            while time.monotonic() < self.until:
                self._one_page()
        except Exception as error:  # noqa: BLE001 - every trouble is counted
            self.tally.errors.append(repr(error))

    def _one_page(self) -> None:
        self._call("bare", "GET", "/healthz")
        task = self._call("check-out", "POST", "/api/v1/projects/load/checkouts", {"round": "P1"})
        self.tally.taken[task["page"]] += 1
        path = f"/api/v1/tasks/{task['id']}"
        self._call("open", "GET", path)
        draft = {"text": TEXT, "version": task["version"]}
        saved = self._call("save", "PUT", f"{path}/draft", draft)
        self._call("done", "POST", f"{path}/done", {"text": TEXT, "version": saved["version"]})

    def _call(self, name: str, method: str, path: str, body: Any = None) -> dict[str, Any]:  # noqa: ANN401
        began = time.monotonic()
        self.connection.request(method, path, json.dumps(body) if body else None, self.headers)
        answer = self.connection.getresponse()
        data = answer.read()
        self.tally.seconds[name].append(time.monotonic() - began)
        if answer.status >= http.client.BAD_REQUEST:
            raise RuntimeError(f"{name}: {answer.status} {data[:300]!r}")
        found: dict[str, Any] = json.loads(data)
        return found


def measure(place: Installation, tokens: list[str], seconds: float) -> dict[str, Any]:
    """Let these volunteers work for so many seconds; returns the figures."""
    tally, servers = Tally(), web_processes(place)
    before, began = cpu(servers), time.monotonic()
    volunteers = [Volunteer(place, token, began + seconds, tally) for token in tokens]
    for volunteer in volunteers:
        volunteer.start()
    for volunteer in volunteers:
        volunteer.join()
    took = time.monotonic() - began
    requests = sum(len(each) for each in tally.seconds.values())
    return {
        "volunteers": len(tokens),
        "requests_a_second": round(requests / took, 1),
        "cpu_ms_a_request": round(1000 * (cpu(servers) - before) / max(1, requests), 2),
        "errors": len(tally.errors),
        "first_error": tally.errors[:1],
        "pages_twice": sum(1 for times in tally.taken.values() if times > 1),
        "ms": {name: spread(each) for name, each in tally.seconds.items()},
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Return median and 95th percentile in milliseconds."""
    ordered = sorted(seconds)
    return {
        "p50": round(1000 * statistics.median(ordered), 1),
        "p95": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
    }


def web_processes(place: Installation) -> list[psutil.Process]:
    """Return the web server's processes of this installation."""
    home = place.environ["GALLEY_HOME"]
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any("gunicorn" in word for word in process.info["cmdline"] or [])
        and process.environ().get("GALLEY_HOME") == home
    ]


def cpu(processes: list[psutil.Process]) -> float:
    """Return CPU seconds that these processes have used."""
    return sum(sum(process.cpu_times()[:2]) for process in processes)


@contextmanager
def databases() -> Iterator[dict[str, dict[str, str]]]:
    """Give what each engine adds to the environment; both keep what they were told to keep."""
    with postgresql.cluster(DURABLE) as address:
        postgresql.execute(address, "CREATE DATABASE load")
        url = postgresql.address_of(address.set(database="load"))
        yield {"sqlite": {}, "postgresql": {"DATABASE_URL": url}}


def measure_all(pages: int, volunteers: list[int], seconds: float) -> Iterator[dict[str, Any]]:
    """Yield the figures of each engine and number of volunteers with so many pages."""
    with tempfile.TemporaryDirectory(prefix="galley-load-") as folder, databases() as engines:
        for engine, more in engines.items():
            with running(Path(folder) / engine, GALLEY_WORKERS="0", **more) as place:
                tokens = fill(place, pages, max(volunteers))
                for number in volunteers:
                    figures = measure(place, tokens[:number], seconds)
                    yield {"engine": engine, "pages": pages, **figures}


def main() -> None:
    """Measure every combination and print a row for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, nargs="+", default=[10_000, 1_000_000])
    parser.add_argument("--volunteers", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    rows = []
    for pages in options.pages:
        for row in measure_all(pages, options.volunteers, options.seconds):
            rows.append(row)
            print(json.dumps(row))
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "load.json").write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
