"""The demonstration: a book and four accounts for whoever starts Galley for the first time.

The book goes the way of any other: a coordinator's upload, real OCR, pages to be read.
"""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import people, projects, queue
from library.clock import utc_now
from library.config import Settings
from library.db import make_engine, reading, writing
from library.models import Page, Person, Project
from library.storage import Storage
from pipeline.limits import LIMITS
from pipeline.uploads import StoredFile, add_pages, store_scans
from proofing import trust
from proofing.rules import DEFAULT_ROUNDS

_BOOK = Path(__file__).resolve().parent.parent / "scans" / "demo"
_COORDINATOR, _VOLUNTEERS = "coordinator", ("ada", "ben", "cleo")
#: What the project's row takes over from `book.json`.
_FIELDS = ("title", "author", "languages", "year", "publisher", "place", "description", "subjects")


def load(settings: Settings) -> Sequence[str]:
    """Load the demonstration into an empty database; returns lines with the sign-ins, if it did."""
    engine = make_engine(settings.database_url)
    try:
        if not (_BOOK / "book.json").exists() or not _is_empty(engine):
            return []
        book = json.loads((_BOOK / "book.json").read_text(encoding="utf-8"))
        files = _stored(Storage.from_url(settings.storage_url), book)
        passwords = {name: secrets.token_urlsafe(9) for name in (_COORDINATOR, *_VOLUNTEERS)}
        with writing(engine) as session:
            _add(session, book, files, passwords)
        queue.ring(settings, "ocr", len(files))
    finally:
        engine.dispose()
    return _keep_sign_ins(settings, passwords)


def reminder(settings: Settings) -> Sequence[str]:
    """Return a line that says where an earlier start kept the sign-ins, if one did."""
    kept = _sign_ins(settings)
    return [f"Sign-ins of the demonstration are in {kept}"] if kept.exists() else []


def _is_empty(engine: sa.Engine) -> bool:
    with reading(engine) as session:
        firsts = (sa.select(row.id).limit(1) for row in (Person, Project))
        return all(session.scalar(first) is None for first in firsts)


def _stored(storage: Storage, book: dict[str, Any]) -> list[StoredFile]:
    scans = [_BOOK / page["scan"] for page in book["pages"]]
    return [store_scans(storage, scan, scan.name, LIMITS) for scan in scans]


def _add(
    session: Session, book: dict[str, Any], files: Sequence[StoredFile], passwords: dict[str, str]
) -> None:
    """Add accounts, project and pages in one transaction: a start cut short begins anew."""
    now = utc_now()
    owner = people.add_person(session, _COORDINATOR, passwords[_COORDINATOR], now, role="admin")
    for name in _VOLUNTEERS:
        person = people.add_person(session, name, passwords[name], now)
        trust.grant(session, owner, person, list(DEFAULT_ROUNDS), now)
    fields = {name: book[name] for name in _FIELDS if name in book}
    fields |= {"rights": book.get("rights", {}), "rounds": list(DEFAULT_ROUNDS)}
    project = projects.create_project(session, owner, fields, now)
    add_pages(session, owner, project, files, secrets.token_hex(8), now)
    said = {Path(page["scan"]).name: page for page in book["pages"]}
    for page in session.scalars(sa.select(Page).where(Page.project_id == project.id)):
        about = said[page.file_name]
        projects.change_page(session, owner, page, now, label=about["label"], kind=about["kind"])


def _keep_sign_ins(settings: Settings, passwords: dict[str, str]) -> list[str]:
    lines = ["Sign in to the demonstration as one of these (name, password):"]
    lines += [f"  {name:12} {password}" for name, password in passwords.items()]
    kept = _sign_ins(settings)
    kept.unlink(missing_ok=True)
    with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
    return lines


def _sign_ins(settings: Settings) -> Path:
    return settings.var / "demonstration.txt"
