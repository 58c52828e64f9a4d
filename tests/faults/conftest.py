"""An installation of real processes to break: Redis, workers, the sweep, leases of seconds."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import people, projects, queue, schema
from library.clock import utc_now
from library.config import Settings, settings_from
from library.db import make_engine, reading, writing
from library.models import Job, Page
from library.storage import Storage
from pipeline.limits import LIMITS
from pipeline.models import OcrRun
from pipeline.uploads import add_pages, store_scans
from proofing.models import PageTask
from tests.support import postgresql
from web import private_redis

_REPOSITORY = Path(__file__).resolve().parents[2]
_SCANS = sorted((_REPOSITORY / "scans" / "demo" / "pages").glob("*.jpg"))
#: Pages of the demonstration book that are full of text: a second or more of OCR each.
_TEXT_PAGES = slice(6, None)


@dataclass
class Yard:
    """One installation and the processes that the test has started in it."""

    settings: Settings
    environ: dict[str, str]
    engine: sa.Engine = field(init=False)
    started: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.engine = make_engine(self.settings.database_url)

    def start(self, *command: str) -> "subprocess.Popen[bytes]":
        """Start `galley COMMAND` as its own session, its words in a log."""
        return self._start([sys.executable, "-m", "web", *command], f"{command[0]}.out")

    def start_redis(self) -> "subprocess.Popen[bytes]":
        """Start the installation's own Redis and wait until it answers."""
        process = self._start(private_redis.command(self.settings), "redis.out")
        wait_until(lambda: private_redis.answers(self.settings))
        return process

    def _start(self, command: list[str], log: str) -> "subprocess.Popen[bytes]":
        with (self.settings.home / log).open("ab") as out:
            process = subprocess.Popen(
                command, cwd=_REPOSITORY, env=self.environ, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip
        self.started.append(process)
        return process

    def said(self, command: str) -> str:
        """Return what the processes of a command have said so far."""
        return (self.settings.home / f"{command}.out").read_text()

    def upload(self, pages: int) -> None:
        """Add a project with this many pages of the demonstration book, as an upload does."""
        storage = Storage.from_url(self.settings.storage_url)
        scans = _SCANS[_TEXT_PAGES][:pages]
        files = [store_scans(storage, scan, scan.name, LIMITS) for scan in scans]
        with writing(self.engine) as session:
            owner = people.add_person(session, "owner", "a long password", utc_now())
            fields = {"title": "A Book", "languages": ["en"], "rounds": ["P1", "P2"]}
            project = projects.create_project(session, owner, fields, utc_now())
            add_pages(session, owner, project, files, "batch", utc_now())
        queue.ring(self.settings, "ocr", pages)

    def ask(self, query: Callable[[Session], object]) -> object:
        """Answer a question about the rows."""
        with reading(self.engine) as session:
            return query(session)

    def jobs(self) -> list[Job]:
        """Return the job rows in order."""
        with reading(self.engine) as session:
            return list(session.scalars(sa.select(Job).order_by(Job.id)))

    def processes(self, *words: str) -> list[int]:
        """Return the numbers of living processes of this installation whose command has a word.

        They are known by their temporary folder, which reaches down to Tesseract; Redis writes
        over its variables, but its title names its socket.
        """
        mark = f"TMPDIR={self.environ['TMPDIR']}".encode()
        socket = str(private_redis.socket_of(self.settings))
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                ours = mark in (folder / "environ").read_bytes().split(b"\0")
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            named = command and any(word in command for word in words or ("",))
            if named and (ours or socket in command):
                found.append(int(folder.name))
        return found

    def read_mid_page(self) -> None:
        """Return as soon as Tesseract is at work on a page (not asked for its version)."""
        wait_until(lambda: self.processes("--psm"))

    def kill(self, numbers: list[int], by: signal.Signals = signal.SIGKILL) -> None:
        """Send a signal to processes that may be gone already."""
        for number in numbers:
            try:
                os.kill(number, by)
            except ProcessLookupError:
                continue

    def close(self) -> None:
        """End everything that was started, and what it has started."""
        for process in self.started:
            process.kill()
        self.kill(self.processes())
        for process in self.started:
            process.wait()
        self.engine.dispose()


def wait_until(true: Callable[[], object], seconds: float = 40) -> None:
    """Return as soon as a condition holds; fails the test when that takes too long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def assert_all_read_once(yard: Yard, pages: int) -> None:
    """Wait until every page is done; nothing is lost, nothing is there twice, nobody is left."""
    wait_until(lambda: {job.state for job in yard.jobs()} == {"done"}, 90)
    wait_until(
        lambda: (
            yard.ask(tasks_in_order)
            == [(number, "P1", "available") for number in range(1, pages + 1)]
        )
    )
    with reading(yard.engine) as session:
        runs = session.scalars(sa.select(OcrRun).order_by(OcrRun.page_id)).all()
        assert [run.state for run in runs] == ["done"] * pages
        assert all(run.words > 20 for run in runs)
        assert session.scalar(sa.select(sa.func.count()).select_from(Page)) == pages
    wait_until(lambda: not yard.processes("tesseract"))


def tasks_in_order(session: Session) -> list[tuple[int, str, str]]:
    """Return number, round and state of every task."""
    rows = session.execute(
        sa.select(PageTask.number, PageTask.round, PageTask.state).order_by(PageTask.number)
    )
    return [(number, code, state) for number, code, state in rows]


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return the variables of an installation whose leases and sweeps take seconds."""
    for folder in (home / "var", home / "var" / "tmp"):
        folder.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "GALLEY_HOME": str(home),
        "TMPDIR": str(home / "var" / "tmp"),
        "GALLEY_SWEEP": "1",
        "GALLEY_JOB_LEASE": "3",
        "GALLEY_DEMO": "off",
        "SECRET_KEY": "a key for tests alone",
        **more,
    }


@pytest.fixture(params=["sqlite", "postgresql"])
def yard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Yard]:
    """An installation with a migrated database and no process yet, on each database."""
    more = {}
    if request.param == "postgresql":
        cluster: sa.URL = request.getfixturevalue("postgresql_cluster")
        name = f"faults_{os.getpid()}_{time.monotonic_ns()}"
        postgresql.execute(cluster, f"CREATE DATABASE {name}")
        more["DATABASE_URL"] = postgresql.address_of(cluster.set(database=name))
    yield from _yard(tmp_path, more)


@pytest.fixture
def sqlite_yard(tmp_path: Path) -> Iterator[Yard]:
    """An installation on SQLite, for what has nothing to do with the database."""
    yield from _yard(tmp_path, {})


def _yard(tmp_path: Path, more: dict[str, str]) -> Iterator[Yard]:
    if sys.platform != "linux" or shutil.which("redis-server") is None:
        pytest.skip("kills processes by Linux's /proc, and needs redis-server")
    environ = environment(tmp_path, **more)
    yard = Yard(settings_from(environ), environ)
    schema.migrate(yard.engine)
    try:
        yield yard
    finally:
        yard.close()
