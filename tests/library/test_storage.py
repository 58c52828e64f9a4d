import hashlib
import io
import os
import stat
import threading
from pathlib import Path

import pytest

from library.errors import DiskFullError, NotFoundError, SettingError
from library.storage import Storage

BYTES = b"a page" * 1000
DIGEST = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.from_url((tmp_path / "with blank").as_uri())


def test_bytes_lie_under_their_digest(storage: Storage) -> None:
    assert storage.put(io.BytesIO(BYTES)) == DIGEST
    path = storage.path(DIGEST)
    assert path == storage.root / "objects" / DIGEST[:2] / DIGEST[2:]
    assert path.read_bytes() == BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 & ~_umask()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o750 & ~_umask()
    with storage.open(DIGEST) as stream:
        assert stream.read() == BYTES


def _umask() -> int:
    umask = os.umask(0)
    os.umask(umask)
    return umask


def test_a_file_is_copied_and_stays(storage: Storage, tmp_path: Path) -> None:
    source = tmp_path / "scan.png"
    source.write_bytes(BYTES)
    assert storage.put(source) == DIGEST
    assert source.read_bytes() == BYTES
    assert storage.path(DIGEST).stat().st_nlink == 1


def test_the_same_bytes_are_kept_once(storage: Storage) -> None:
    threads = [threading.Thread(target=storage.put, args=(io.BytesIO(BYTES),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(storage) == [DIGEST]
    assert list((storage.root / "new").iterdir()) == []


def test_damage_and_loss_are_found(storage: Storage) -> None:
    storage.put(io.BytesIO(BYTES))
    assert storage.has(DIGEST)
    assert storage.verify(DIGEST)
    storage.path(DIGEST).write_bytes(b"rot")
    assert not storage.verify(DIGEST)
    storage.path(DIGEST).unlink()
    assert not storage.has(DIGEST)
    assert not storage.verify(DIGEST)
    with pytest.raises(NotFoundError, match="missing from storage"):
        storage.open(DIGEST)


@pytest.mark.parametrize(
    "name", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"]
)
def test_only_a_digest_is_a_name(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        storage.path(name)


class _Failing(io.BytesIO):
    def __init__(self, error: OSError) -> None:
        super().__init__(BYTES)
        self.error = error

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise self.error
        return super().read(100 if size else size)


@pytest.mark.parametrize(
    ("error", "raised"),
    [(OSError(28, "No space left"), DiskFullError), (OSError(5, "I/O error"), OSError)],
)
def test_nothing_half_written_stays(
    storage: Storage, error: OSError, raised: type[Exception]
) -> None:
    with pytest.raises(raised):
        storage.put(_Failing(error))
    assert list(storage) == []
    assert list((storage.root / "new").iterdir()) == []


def test_leftovers_of_dead_writers_go_when_old(storage: Storage) -> None:
    old, young = storage.root / "new" / "old", storage.root / "new" / "young"
    old.write_bytes(b"")
    young.write_bytes(b"")
    os.utime(old, (0, 0))
    assert storage.remove_leftovers() == 1
    assert young.exists()
    assert not old.exists()


def test_what_is_no_object_is_not_listed(storage: Storage) -> None:
    storage.put(io.BytesIO(BYTES))
    (storage.root / "objects" / DIGEST[:2] / "notes.txt").write_text("mine")
    assert list(storage) == [DIGEST]


@pytest.mark.parametrize(
    "url", ["s3://bucket/prefix", "file://", "file://host/x", "/plain/path", ""]
)
def test_other_places_are_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(SettingError, match=r"STORAGE_URL is .*give file:///"):
        Storage.from_url(url)
