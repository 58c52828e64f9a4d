"""Files that no row names go; a file that is about to be named never does."""

import fcntl
import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest
import sqlalchemy as sa

from library import collecting
from library.db import writing
from library.models import Page
from library.storage import Storage
from tests.support.rows import add_page, add_project

DAY = 24 * 3600


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.from_url((tmp_path / "scans").as_uri())


def _put(storage: Storage, data: bytes, *, days: float = 0) -> str:
    sha256 = storage.put(io.BytesIO(data))
    path = storage.path(sha256)
    then = path.stat().st_mtime - days * DAY
    os.utime(path, (then, then))
    return sha256


def test_only_old_files_without_a_row_go(engine: sa.Engine, storage: Storage) -> None:
    old, young = _put(storage, b"old", days=8), _put(storage, b"young", days=6)
    named = [_put(storage, bytes([each]), days=400) for each in range(4)]
    with writing(engine) as session:
        page = add_page(session, add_project(session))
        page.original_sha256, page.image_sha256, page.view_sha256, page.thumb_sha256 = named
    assert collecting.collect(engine, storage) == 1
    assert set(storage) == {young, *named}
    assert not storage.has(old)


def test_it_is_done_once_a_day(engine: sa.Engine, storage: Storage, tmp_path: Path) -> None:
    marker = tmp_path / "collected"
    _put(storage, b"one", days=8)
    assert collecting.collect_daily(engine, storage, marker) == 1
    _put(storage, b"two", days=8)
    assert collecting.collect_daily(engine, storage, marker) == 0
    os.utime(marker, (0, 0))
    assert collecting.collect_daily(engine, storage, marker) == 1


def test_the_same_bytes_put_again_are_young(storage: Storage) -> None:
    sha256 = _put(storage, b"a page", days=30)
    storage.put(io.BytesIO(b"a page"))
    assert not storage.discard(sha256, collecting.SAFE_AGE)
    assert storage.verify(sha256)


def test_put_just_before_it_is_taken_away(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is put again after the collector listed it as old, or waits until it is gone."""
    sha256, lock = _put(storage, b"a page", days=30), fcntl.flock

    def put_first(file: TextIO, how: int) -> None:
        if how == fcntl.LOCK_EX:
            storage.put(io.BytesIO(b"a page"))
        lock(file, how)

    with monkeypatch.context() as patch:
        patch.setattr(fcntl, "flock", put_first)
        assert not storage.discard(sha256, collecting.SAFE_AGE)
    assert storage.verify(sha256)


@pytest.fixture
def collectors(engine: sa.Engine, storage: Storage) -> Iterator[threading.Event]:
    """Two collectors that never rest, until the test is over."""
    over = threading.Event()

    def collect() -> None:
        while not over.is_set():
            collecting.collect(engine, storage)

    threads = [threading.Thread(target=collect) for _ in range(2)]
    for thread in threads:
        thread.start()
    yield over
    over.set()
    for thread in threads:
        thread.join()


def test_no_row_ever_misses_its_bytes(
    engine: sa.Engine, storage: Storage, collectors: threading.Event
) -> None:
    with writing(engine) as session:
        pages = [add_page(session, add_project(session)).id for _ in range(40)]
    for number, page_id in enumerate(pages):
        data = f"page {number % 5}".encode()
        _put(storage, data, days=30)  # somebody left it once
        sha256 = storage.put(io.BytesIO(data))
        with writing(engine) as session:
            session.get_one(Page, page_id).original_sha256 = sha256
        assert storage.verify(sha256)
        if number % 5 == 4:  # and it belongs to nothing again
            with writing(engine) as session:
                session.execute(sa.update(Page).values(original_sha256=""))
    assert not collectors.is_set()
