"""The limited child: what it does for us, and everything that may go wrong in it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline import sandbox
from pipeline.failures import PipelineError
from pipeline.sandbox import Bounds
from tests.support import probes
from tests.support.scanned import drawn_page

BOUNDS = Bounds(memory=1 << 30, file_bytes=1 << 20, seconds=20)
HASTY = Bounds(memory=1 << 30, file_bytes=1 << 20, seconds=1)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["forked", "fresh"])
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Run as a worker does, in one thread, and as a web server does, beside others."""
    if request.param == "forked":
        if threading.active_count() > 1:
            pytest.skip("another test left a thread behind")
        yield
        return
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    yield
    over.set()
    other.join()


def running(argument: str) -> list[int]:
    """Processes that have this among their arguments."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes().split(b"\0")
            zombie = "(zombie)" in (folder / "status").read_text()
        except OSError:
            continue
        if argument.encode() in arguments and not zombie:
            found.append(int(folder.name))
    return found


def soon(condition: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def slow_page(folder: Path) -> Path:
    """A page that the engine needs many seconds for."""
    page = drawn_page(["The quick brown fox jumps over the lazy dog, again and again."] * 60)
    tall = Image.new("L", (page.width * 2, page.height * 2), "white")
    for place in ((0, 0), (page.width, 0), (0, page.height), page.size):
        tall.paste(page, place)
    tall.save(folder / "slow.png")
    return folder / "slow.png"


@pytest.mark.usefixtures("either_way")
def test_gives_back_what_the_work_returns() -> None:
    assert sandbox.call(probes.echo, {"text": "é\n\u2028", "n": [1, None]}, BOUNDS) == {
        "text": "é\n\u2028",
        "n": [1, None],
    }


@pytest.mark.usefixtures("either_way")
def test_one_bad_item_costs_no_other() -> None:
    deeds = ["a", "crash", "b", "refuse", "exit", "chatter", "allocate", "err", "c"]
    results = list(sandbox.each(probes.misbehave, [{"how": deed} for deed in deeds], BOUNDS))
    assert [result for result in results if isinstance(result, str)] == ["a", "b", "chatter", "c"]
    errors = {
        deed: result
        for deed, result in zip(deeds, results, strict=True)
        if isinstance(result, PipelineError)
    }
    assert errors["refuse"].sentence == "Not this one; take another."
    assert errors["refuse"].permanent
    assert "crash" in errors["crash"].sentence
    assert "1024 MB of memory" in errors["allocate"].sentence
    assert "ZeroDivisionError" in errors["err"].detail
    assert not errors["err"].permanent


@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize("how", ["sleep", "spin"])
def test_time_is_limited_for_each_item(how: str) -> None:
    began = time.monotonic()
    slow, quick = sandbox.each(probes.misbehave, [{"how": how}, {"how": "quick"}], HASTY)
    assert isinstance(slow, PipelineError)
    assert "longer than the 1 seconds" in slow.sentence
    assert not slow.permanent
    assert quick == "quick"
    assert time.monotonic() - began < 10


@pytest.mark.usefixtures("either_way")
def test_size_of_a_file_is_limited(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="larger than one file may be"):
        sandbox.call(
            probes.misbehave, {"how": "fill the disk", "path": str(tmp_path / "big")}, BOUNDS
        )


@pytest.mark.usefixtures("either_way")
def test_child_has_its_limits_and_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for decoders")
    found: dict[str, Any] = sandbox.call(probes.limits, {}, BOUNDS)
    assert found["core"] == 0
    assert BOUNDS.memory < found["memory"] < 4 * BOUNDS.memory
    assert found["file"] == BOUNDS.file_bytes
    assert found["session"]
    assert "SECRET_KEY" not in found["variables"]
    assert found["variables"]["OMP_THREAD_LIMIT"] == "1"
    assert found["open"] <= 6


@pytest.mark.usefixtures("either_way")
def test_leaving_early_ends_the_child() -> None:
    results = sandbox.each(probes.misbehave, [{"how": "one"}, {"how": "sleep"}], BOUNDS)
    assert next(results) == "one"
    began = time.monotonic()
    results.close()  # type: ignore[attr-defined]
    assert time.monotonic() - began < 5


@pytest.mark.usefixtures("either_way")
def test_programs_of_the_child_end_with_it() -> None:
    argument = f"61.{os.getpid()}"
    with pytest.raises(PipelineError):
        sandbox.call(probes.sleep_in_a_program, {"seconds": argument}, HASTY)
    assert soon(lambda: not running(argument))


@pytest.mark.usefixtures("either_way")
def test_no_engine_is_left_when_time_is_over(tmp_path: Path) -> None:
    page = slow_page(tmp_path)
    with pytest.raises(PipelineError, match="longer than"):
        sandbox.call(probes.read, {"page": str(page), "seconds": 100}, HASTY)
    assert soon(lambda: not running(str(page)))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells only on Linux")
@pytest.mark.parametrize("threads", [False, True])
@pytest.mark.parametrize("program", ["engine", "sleep"])
def test_no_program_is_left_when_the_worker_is_killed(
    tmp_path: Path, program: str, *, threads: bool
) -> None:
    if program == "engine":
        argument = str(slow_page(tmp_path))
        work = "probes.read, {'page': sys.argv[1], 'seconds': 100}"
    else:
        argument = f"62.{os.getpid()}"
        work = "probes.sleep_in_a_program, {'seconds': sys.argv[1]}"
    call = (
        "import signal, sys, threading; from pipeline import sandbox;"
        "from tests.support import probes;"
        "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM});"
        f"work = lambda: sandbox.call({work}, sandbox.Bounds(1 << 30, 1 << 24, 100));"
        + ("t = threading.Thread(target=work); t.start(); t.join()" if threads else "work()")
    )
    worker = subprocess.Popen([sys.executable, "-c", call, argument], cwd=ROOT)
    try:
        assert soon(lambda: len(running(argument)) > 1, 20), "the program did not start"
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        assert soon(lambda: not running(argument))
    finally:
        worker.kill()
        worker.wait()
