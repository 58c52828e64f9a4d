"""The command line as its users meet it: real processes, exit codes, one sentence on stderr."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from library import people
from library.clock import utc_now
from library.db import make_engine, reading, writing
from library.models import Job, Page, Person, Project
from library.storage import Storage
from pipeline.models import OcrRun
from proofing import checkout, saving
from proofing.models import Grant, PageTask
from tests.support import postgresql
from tests.support.rows import NOW

_REPOSITORY = Path(__file__).resolve().parents[2]
_SCANS = sorted((_REPOSITORY / "scans" / "demo" / "pages").glob("*.jpg"))

_A_MINUTE = timedelta(minutes=1)
#: Adds one person a transaction, and says each number once it is committed.
_WRITER = """
import itertools, os
from library.db import make_engine, writing
from tests.support.rows import add_person
engine = make_engine(os.environ["URL"])
for number in itertools.count():
    with writing(engine) as session:
        add_person(session, f"writer-{number}")
    print(number, flush=True)
"""

Galley = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def galley(home: Path) -> Galley:
    """Run `galley WORDS` in a home of its own; `more` are variables, `stdin` what it reads."""

    def run(*words: str | Path, stdin: str = "", **more: str) -> "subprocess.CompletedProcess[str]":
        environ = {"PATH": os.environ["PATH"], "GALLEY_HOME": str(home), **more}
        return subprocess.run(
            [sys.executable, "-m", "web", *map(str, words)], cwd=_REPOSITORY, env=environ,
            input=stdin, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def engine_of_home(home: Path) -> sa.Engine:
    return make_engine(f"sqlite:///{home}/var/galley.db")


def test_accounts_in_a_home_that_was_not_there(galley: Galley, engine_of_home: sa.Engine) -> None:
    done = galley(
        "user", "add", "ada", "--rounds", "P2,F1", "--password-stdin", stdin=" pass word\n"
    )
    assert (done.returncode, done.stdout) == (0, "")
    again = galley("user", "add", "ada", "--password-stdin", stdin="another password")
    _assert_refused(again, "The name ada is taken")
    token = galley("token", "ada")
    assert re.fullmatch(r"galley_[\w-]{40,}\n", token.stdout)
    with reading(engine_of_home) as session:
        assert [person.role for person in session.scalars(sa.select(Person))] == ["volunteer"]
        assert sorted(session.scalars(sa.select(Grant.round))) == ["F1", "P2"]


@pytest.mark.parametrize(
    ("words", "stdin", "sentence"),
    [
        (["user", "add", "Ada", "--password-stdin"], "a long password", "A name has 2 to 32"),
        (["user", "add", "ada", "--password-stdin"], "short", "at least 8 characters"),
        (["user", "add", "ada", "--rounds", "P9", "--password-stdin"], "pass word 9", "P9"),
        (["token", "nobody"], "", "Nobody here is called nobody."),
        (["import", str(_SCANS[0]), "--title", "A Book"], "", "There is no account yet"),
        (["import", str(_SCANS[0]), "--title", "A", "--language", "klingon"], "", "klingon"),
        (["release", "nothing"], "", "There is no project called nothing."),
    ],
)
def test_refusals_are_one_sentence(
    galley: Galley, words: list[str], stdin: str, sentence: str
) -> None:
    _assert_refused(galley(*words, stdin=stdin), sentence)


@pytest.mark.parametrize(
    "words",
    [["user", "add"], ["worker", "--queue", "none"], ["restore", "absent.tar"], ["nonsense"]],
)
def test_wrong_usage_is_2(galley: Galley, words: list[str]) -> None:
    assert galley(*words).returncode == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("GALLEY_SWEEP", "0"),
        ("DATABASE_URL", "mysql://x"),
        ("REDIS_URL", "tcp:6"),
    ],
)
def test_wrong_settings_are_named(galley: Galley, name: str, value: str) -> None:
    _assert_refused(galley("sweep", **{name: value}), name)


def test_database_that_does_not_answer(galley: Galley) -> None:
    absent = "postgresql+psycopg://nobody@127.0.0.1:1/none"
    _assert_refused(galley("sweep", DATABASE_URL=absent), "The database does not answer")


def test_import_takes_files_archives_and_folders(
    galley: Galley, engine_of_home: sa.Engine, tmp_path: Path
) -> None:
    galley("user", "add", "ada", "--role", "admin", "--password-stdin", stdin="a long password")
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    for number in (10, 9, 2):
        shutil.copy(_SCANS[number], folder / f"page {number}.jpg")
    shutil.copy(_SCANS[1], folder / "deep" / "blank.jpg")
    (folder / "notes.png").write_text("no image")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.write(_SCANS[0], "a.jpg")
    done = galley(
        "import", folder, tmp_path / "more.zip", "--title", "Été & Cie", "--language", "fra+lat"
    )
    assert (done.returncode, done.stdout) == (0, "ete-cie\n")
    assert "notes.png: " in done.stderr
    with reading(engine_of_home) as session:
        project = session.scalars(sa.select(Project)).one()
        assert project.languages == ["fr", "la"]
        pages = session.scalars(sa.select(Page).order_by(Page.number)).all()
        names = [page.file_name for page in pages]
        assert names == [
            "deep/blank.jpg", "page 2.jpg", "page 9.jpg", "page 10.jpg", "more.zip/a.jpg",
        ]  # fmt: skip
        assert [job.state for job in session.scalars(sa.select(Job))] == ["pending"] * 5
    assert galley("check").returncode == 0

    nothing = galley("import", folder / "notes.png", "--title", "Another")
    _assert_refused(nothing, "Nothing was imported", lines=2)
    with reading(engine_of_home) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Project)) == 1


def test_release_prints_the_paths(galley: Galley, engine_of_home: sa.Engine) -> None:
    _with_read_page(galley, engine_of_home)
    done = galley("release", "a-book")
    assert done.returncode == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert {path.suffix for path in paths} >= {".epub", ".txt"}
    assert all(path.parts[-4:-1] == ("releases", "a-book", "1") for path in paths)
    assert "Curiouser and curiouser" in next(p for p in paths if p.suffix == ".txt").read_text()
    assert galley("check").stdout == ""

    paths[0].write_bytes(b"rotten")
    found = galley("check")
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        f"release 1 of a-book: {paths[0].name} has other bytes than were published"
    ]


def test_check_names_what_is_wrong(galley: Galley, engine_of_home: sa.Engine, home: Path) -> None:
    _with_read_page(galley, engine_of_home)
    storage = Storage(home / "scans")
    [damaged] = storage
    storage.path(damaged).write_bytes(b"rotten")
    orphan = storage.put(_SCANS[3])
    found = galley("check")
    assert found.returncode == 1
    assert found.stdout.splitlines() == [
        f"image {damaged} is damaged: page 1 of a-book",
        f"image {orphan} belongs to nothing: an upload that was cut short left it",
    ]
    storage.path(damaged).unlink()
    assert f"image {damaged} is missing: page 1 of a-book" in galley("check").stdout


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_backup_while_people_write_and_restore(
    galley: Galley, home: Path, tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    first: dict[str, str] = {}
    second: dict[str, str] = {}
    if kind == "postgresql":
        cluster: sa.URL = request.getfixturevalue("postgresql_cluster")
        for name, variables in (("kept", first), ("new", second)):
            database = f"{name}_{time.monotonic_ns()}"
            postgresql.execute(cluster, f"CREATE DATABASE {database}")
            variables["DATABASE_URL"] = postgresql.address_of(cluster.set(database=database))
    engine = make_engine(first.get("DATABASE_URL", f"sqlite:///{home}/var/galley.db"))
    _with_read_page(galley, engine, **first)
    assert galley("release", "a-book", **first).returncode == 0
    archive = tmp_path / "kept.tar"

    with subprocess.Popen(
        [sys.executable, "-c", _WRITER],
        env={**os.environ, "URL": postgresql.address_of(engine.url)},
        cwd=_REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            last = int(writer.stdout.readline())
        done = galley("backup", archive, **first)
        writer.kill()
    assert done.returncode == 0, done.stderr

    new_home = str(tmp_path / "new")
    done = galley("restore", archive, **second, GALLEY_HOME=new_home)
    assert done.returncode == 0, done.stderr
    found = galley("check", **second, GALLEY_HOME=new_home)
    assert (found.returncode, found.stdout) == (0, "")
    restored = make_engine(second.get("DATABASE_URL", f"sqlite:///{new_home}/var/galley.db"))
    with reading(restored) as session:
        names = set(session.scalars(sa.select(Person.name)))
        assert {f"writer-{number}" for number in range(last + 1)} <= names
        assert session.scalars(sa.select(OcrRun.text)).all() == ["Curiouser and curiouser!"]
    again = galley("restore", archive, **second, GALLEY_HOME=new_home)
    _assert_refused(again, "is not empty")
    restored.dispose()
    engine.dispose()


def test_restore_refuses_what_is_no_backup(galley: Galley, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "file.tar"
    file.write_bytes(b"no archive")
    _assert_refused(galley("restore", file), "is no backup of Galley")
    with tarfile.open(file, "w") as archive:
        archive.add(_SCANS[0], "../../escaped.jpg")
    _assert_refused(galley("restore", file), "no backup of Galley")
    assert not home.exists()


def test_two_sweeps_and_a_lapsed_page(galley: Galley, engine_of_home: sa.Engine) -> None:
    _with_read_page(galley, engine_of_home)
    with writing(engine_of_home) as session:
        project, person = (
            session.scalars(sa.select(Project)).one(),
            people.person_named(session, "ada"),
        )
        task = checkout.check_out(session, project, person, NOW, lease=_A_MINUTE, pages_held=5)
        sent = saving.Attempt(person, "My draft", task.version)
        saving.save_draft(session, task.id, sent, NOW, lease=_A_MINUTE)
    assert "1 lapsed pages freed" in galley("sweep").stdout
    assert "lapsed" not in galley("sweep").stdout
    with reading(engine_of_home) as session:
        task = session.scalars(sa.select(PageTask)).one()
        assert (task.state, task.holder_id) == ("available", None)
        assert task.left_id is not None


def _with_read_page(galley: Galley, engine: sa.Engine, **more: str) -> None:
    """Import one page and write what OCR would have read, as a worker does."""
    words = ("user", "add", "ada", "--role", "admin", "--password-stdin")
    assert galley(*words, stdin="a long password", **more).returncode == 0
    done = galley("import", _SCANS[6], "--title", "A Book", **more)
    assert done.returncode == 0, done.stderr
    with writing(engine) as session:
        run = session.scalars(sa.select(OcrRun)).one()
        run.state, run.text, run.finished_at = "done", "Curiouser and curiouser!", utc_now()
        job = session.scalars(sa.select(Job)).one()
        job.state, job.finished_at = "done", utc_now()
    swept = galley("sweep", **more)
    assert swept.stdout == "1 pages opened\n"


def _assert_refused(
    done: "subprocess.CompletedProcess[str]", sentence: str, *, lines: int = 1
) -> None:
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == lines, done.stderr
