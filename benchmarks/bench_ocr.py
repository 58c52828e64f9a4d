"""What reading a page costs beside the bare engine on the same prepared images in the same run.

Run: .venv/bin/python benchmarks/bench_ocr.py [--pages N] [--rounds N]. Figures go to
benchmarks/results/ocr.json. Each page is read by `tesseract PAGE OUT -l LANG --psm 3 tsv` and by
the OCR call in turn, so that what else the machine does falls on both. Budget of the issue: the
call takes at most 5% more CPU than the bare engine; preparation, the layout of lines and text,
and the child with its limits are shown apart. `pages_a_minute` is of one worker.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from pipeline import cleanup, furniture, images, layout, ocr, reading, sandbox  # noqa: E402 - the path comes first
from pipeline.limits import LIMITS  # noqa: E402
from pipeline.media import MediaType, sniff  # noqa: E402
from tests.support.probes import echo  # noqa: E402
from tests.support.scanned import SHARED, drawn_page, shared_items  # noqa: E402

BUDGET = 1.05
FEWEST_LETTERS = 400
DRAWN = ["It was a bright cold day in the month of books, and"] * 34


@dataclass
class Cost:
    """CPU and wall seconds, a value for each time something was done."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def of(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do the work and note what it took, with all its children."""
        cpu, wall = _cpu(), time.perf_counter()
        result = work()
        self.cpu.append(_cpu() - cpu)
        self.wall.append(time.perf_counter() - wall)
        return result

    def figures(self) -> dict[str, float]:
        """Return means a page and the pages a minute of one worker."""
        return {
            "cpu_seconds": round(statistics.fmean(self.cpu), 4),
            "wall_seconds": round(statistics.fmean(self.wall), 4),
            "pages_a_minute": round(60 / statistics.fmean(self.wall), 1),
        }


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def scans(count: int, folder: Path) -> list[tuple[Path, MediaType, str]]:
    """Return real book pages spread over the shared books, or drawn ones where they are absent."""
    here = ocr.installed_languages()
    items = [
        item
        for item in shared_items()
        if item["kind"] == "book-page"
        and item.get("gt_chars", 0) > FEWEST_LETTERS
        and item["language"] in here
    ]
    if not items:
        drawn_page(DRAWN).save(folder / "drawn.png")
        return [(folder / "drawn.png", MediaType.PNG, "eng")] * count
    chosen = items[:: max(1, len(items) // count)][:count]
    found = [(SHARED / item["file"], item["language"]) for item in chosen]
    return [(path, sniff(path) or MediaType.PNG, language) for path, language in found]


def bare(page: Path, language: str, out: Path) -> None:
    """Read a page with the engine alone."""
    command = ["tesseract", str(page), str(out), "-l", language, "--psm", "3", "tsv"]
    subprocess.run(command, check=True, capture_output=True)


def arranged(read: ocr.Reading) -> None:
    """Do what follows the engine: lines, paragraphs, text, doubts."""
    lines = layout.with_paragraphs(furniture.marked(layout.lines_of(read.words)))
    reading.lines_json(lines)
    cleanup.page_text(lines)


def measure(count: int, rounds: int) -> dict[str, Any]:
    """Return the figures of so many pages, each read so many times."""
    costs = {
        name: Cost() for name in ("prepare", "bare", "ocr_call", "layout", "in_child", "read_scan")
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages = scans(count, folder)
        for index, page in enumerate(pages):
            out = folder / str(index)
            out.mkdir()
            _measure_page(costs, *page, out, rounds)
    return {
        "engine": ocr.engine_version(),
        "pages": len(pages),
        "rounds": rounds,
        "real": bool(shared_items()),
        **{name: cost.figures() for name, cost in costs.items()},
        "ocr_call_over_bare_cpu": ratio(costs["ocr_call"], costs["bare"]),
        "in_child_over_bare_cpu": ratio(costs["in_child"], costs["bare"]),
        "read_scan_over_bare_cpu": ratio(costs["read_scan"], costs["bare"]),
        "child": {"forked": start_of_a_child(fresh=False), "fresh": start_of_a_child(fresh=True)},
    }


def _measure_page(
    costs: dict[str, Cost], scan: Path, media_type: MediaType, language: str, out: Path, rounds: int
) -> None:
    prepared = costs["prepare"].of(lambda: images.prepare(scan, media_type, 0, out))
    for number in range(rounds):
        _read_in_turn(costs, prepared.image, language, out, turned=bool(number % 2))
    costs["read_scan"].of(lambda: reading.read_scan(scan, media_type, 0, [language], 3, out))


def _read_in_turn(
    costs: dict[str, Cost], page: Path, language: str, out: Path, *, turned: bool
) -> None:
    """Read one page in all three ways; `turned` turns the order, so that none is always first."""
    ways: list[Callable[[], Any]] = [
        lambda: costs["bare"].of(lambda: bare(page, language, out / "bare")),
        lambda: costs["ocr_call"].of(lambda: ocr.read(page, [language])),
        lambda: costs["in_child"].of(lambda: reading.read_page(page, [language])),
    ]
    read = [way() for way in (reversed(ways) if turned else ways)][1]
    costs["layout"].of(lambda: arranged(read))


def ratio(cost: Cost, peer: Cost) -> float:
    """Return CPU over CPU, both a page."""
    return round(statistics.fmean(cost.cpu) / statistics.fmean(peer.cpu), 4)


def start_of_a_child(*, fresh: bool) -> dict[str, float]:
    """Return what a child costs that does nothing: forked, or fresh as beside other threads."""
    bounds = sandbox.Bounds(LIMITS.memory, LIMITS.member_bytes, 30)
    cost = Cost()

    def work() -> None:
        for _ in range(20):
            cost.of(lambda: sandbox.call(echo, {}, bounds))

    if fresh:
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    else:
        work()
    return cost.figures()


def main() -> None:
    """Measure, print, and write the figures down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    os.environ["OMP_THREAD_LIMIT"] = "1"
    result = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        **measure(arguments.pages, arguments.rounds),
    }
    result["within_budget"] = result["ocr_call_over_bare_cpu"] <= BUDGET
    target = HERE / "results" / "ocr.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
