"""The whole of Galley as `make run` starts it: stopped, killed, and its parts killed."""

import os
import signal
import socket
import urllib.error
import urllib.request

import pytest

from tests.faults.conftest import Yard, assert_all_read_once, wait_until

pytestmark = pytest.mark.faults


@pytest.fixture
def whole(sqlite_yard: Yard) -> Yard:
    """An installation that listens on a free port and has one OCR worker."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sqlite_yard.environ |= {"PORT": str(probe.getsockname()[1]), "GALLEY_WORKERS": "1"}
    return sqlite_yard


@pytest.mark.parametrize("whom", ["process", "group"])
def test_sigterm_stops_everything_and_loses_nothing(whole: Yard, whom: str) -> None:
    whole.upload(2)
    run = whole.start("run")
    _wait_until_ready(whole)
    whole.read_mid_page()
    if whom == "process":
        run.terminate()
    else:
        os.killpg(run.pid, signal.SIGTERM)
    assert run.wait(timeout=20) == 0
    assert whole.processes() == []
    assert "running" not in {job.state for job in whole.jobs()}
    assert all(job.attempt == (job.state == "done") for job in whole.jobs())

    whole.start("run")
    assert_all_read_once(whole, 2)
    assert [job.attempt for job in whole.jobs()] == [1, 1]


def test_killed_supervisor_leaves_nothing_running(whole: Yard) -> None:
    whole.upload(2)
    run = whole.start("run")
    _wait_until_ready(whole)
    whole.read_mid_page()
    run.kill()
    run.wait()
    wait_until(lambda: whole.processes() == [], 20)

    whole.start("run")
    assert_all_read_once(whole, 2)


def test_every_part_that_dies_is_started_again(whole: Yard) -> None:
    whole.upload(2)
    whole.start("run")
    _wait_until_ready(whole)
    whole.read_mid_page()
    whole.kill(whole.processes("redis-server"))
    assert_all_read_once(whole, 2)

    parts = {"redis-server", "--queue ocr", "--queue books", "sweep --loop", "gunicorn"}
    wait_until(lambda: all(whole.processes(part) for part in parts))
    first = {part: whole.processes(part) for part in parts}
    for numbers in first.values():
        whole.kill(numbers)
    wait_until(lambda: all(set(whole.processes(part)) - set(first[part]) for part in parts))
    _wait_until_ready(whole)


def test_second_start_of_the_same_home_is_refused(whole: Yard) -> None:
    whole.start("run")
    _wait_until_ready(whole)
    whole.environ["PORT"] = "1"
    second = whole.start("run")
    assert second.wait(timeout=20) == 1
    assert "already runs" in whole.said("run")


def _wait_until_ready(yard: Yard) -> None:
    wait_until(lambda: _status(yard) == 200, 60)


def _status(yard: Yard) -> int:
    address = f"http://127.0.0.1:{yard.environ['PORT']}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
