"""Files in storage that no row names: left by uploads cut short, or by books that are gone.

A file may be put again, and then be named by a row, while it is being collected: `put` always
gives the name to a file that it has just written, and `Storage.discard` looks at the file's age
under a lock that keeps every `put` out. So a row that is committed within `SAFE_AGE` of its `put`
never misses its bytes.
"""

import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library.db import Base, reading
from library.storage import Storage

#: Seconds for which a file is left alone after it was put: far longer than any upload takes.
SAFE_AGE = 7 * 24 * 3600
#: Seconds between two looks at all files.
EVERY = 24 * 3600


def collect_daily(engine: sa.Engine, storage: Storage, marker: Path) -> int:
    """Collect, unless the file `marker` says that it was done within a day; returns how many."""
    if marker.exists() and time.time() - marker.stat().st_mtime < EVERY:
        return 0
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()
    return collect(engine, storage)


def collect(engine: sa.Engine, storage: Storage, safe_age: float = SAFE_AGE) -> int:
    """Remove files of `safe_age` seconds and more that no row names; returns how many."""
    gone = 0
    for digit in "0123456789abcdef":  # a sixteenth at a time is held in memory
        old = storage.older_than(safe_age, digit)
        with reading(engine) as session:
            named = names(session, digit)
        gone += sum(storage.discard(sha256, safe_age) for sha256 in old if sha256 not in named)
    return gone


def names(session: Session, prefix: str = "") -> set[str]:
    """Return every digest with this beginning that a row names."""
    return {
        sha256
        for column in naming_columns()
        for sha256 in session.scalars(sa.select(column).where(column.startswith(prefix)))
    }


def naming_columns() -> list[sa.Column[str]]:
    """Return the columns that name files in storage: those whose names end in `_sha256`."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_sha256")
    ]
