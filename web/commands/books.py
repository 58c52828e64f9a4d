"""Bringing scans in and releases out."""

import secrets
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exports import jobs
from exports.models import Release
from exports.releasing import releases
from library import people, projects, queue
from library.clock import utc_now
from library.db import reading, writing
from library.errors import InvalidError, NotFoundError
from library.models import ROLES, Person, Project
from library.worker import Installation, do_next
from pipeline.ingest import files_in
from pipeline.languages import known_languages
from pipeline.limits import LIMITS
from pipeline.uploads import StoredFile, add_pages, store_scans
from proofing.rules import DEFAULT_ROUNDS
from web.commands.places import opened

#: States in which a release needs no more work.
_BUILT = ("held", "published", "withdrawn", "failed")


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--title", required=True)
@click.option("--author", default="")
@click.option("--language", default="eng", show_default=True, help="eng, fra+lat, en, de-Latf …")
@click.option("--owner", help="Account that coordinates the project; the first admin by default.")
def import_scans(
    paths: Sequence[Path], title: str, author: str, language: str, owner: str | None
) -> None:
    """Start a project from images, archives, PDFs and folders; prints its slug."""
    languages = known_languages(language.split("+"))
    place = opened()
    with reading(place.engine) as session:
        person = _owner(session, owner)
    stored = list(_stored(place, paths))
    for refusal in (refusal for file in stored for refusal in file.refused):
        click.echo(f"{refusal.file}: {refusal.reason}", err=True)
    if not any(file.scans for file in stored):
        raise InvalidError("Nothing was imported: no page could be read from these files.")
    fields = {"title": title, "author": author, "languages": languages}
    with writing(place.engine) as session:
        fields["rounds"] = list(DEFAULT_ROUNDS)
        project = projects.create_project(session, person, fields, utc_now())
        add_pages(session, person, project, stored, secrets.token_hex(8), utc_now())
    queue.ring(place.settings, "ocr", sum(len(file.scans) for file in stored))
    click.echo(project.slug)


@click.command()
@click.argument("slug")
@click.option("--with-open-findings", is_flag=True, help="Publish in spite of errors found.")
def release(slug: str, *, with_open_findings: bool) -> None:
    """Build a release of the project SLUG here and now; prints the paths of its files."""
    place = opened()
    with writing(place.engine) as session:
        project = projects.find_project(session, slug)
        person = session.get_one(Person, project.created_by)
        asked = releases.request_release(
            session, _admin(session) or person, project, place.settings, utc_now(),
            with_open_findings=with_open_findings,
        )  # fmt: skip
    _build(place, asked.id)
    with reading(place.engine) as session:
        _show(place, project, session.get_one(Release, asked.id))


def _owner(session: Session, name: str | None) -> Person:
    """Return who is to coordinate: the named, else whoever stands highest and came first."""
    if name:
        return people.person_named(session, name)
    highest = sa.case({role: rank for rank, role in enumerate(ROLES)}, value=Person.role).desc()
    first = session.scalar(
        sa.select(Person).where(Person.disabled_at.is_(None)).order_by(highest, Person.id).limit(1)
    )
    if first is None:
        raise NotFoundError(
            "There is no account yet to coordinate the project; make one:"
            " galley user add NAME --role admin --password-stdin"
        )
    return first


def _admin(session: Session) -> Person | None:
    is_admin = (Person.role == "admin", Person.disabled_at.is_(None))
    return session.scalar(sa.select(Person).where(*is_admin).order_by(Person.id).limit(1))


def _stored(place: Installation, paths: Sequence[Path]) -> Iterator[StoredFile]:
    for path in paths:
        found = files_in(path) if path.is_dir() else [(path, path.name)]
        for file, name in found:
            yield store_scans(place.storage, file, name, LIMITS)


def _build(place: Installation, release_id: int) -> None:
    """Do the queue's rows until this release is built, by us or by a worker that was faster."""
    while True:
        with reading(place.engine) as session:
            if session.get_one(Release, release_id).state in _BUILT:
                return
        if not do_next(place, "books", jobs.perform, jobs.give_up):
            time.sleep(0.5)


def _show(place: Installation, project: Project, built: Release) -> None:
    folder = releases.folder_of(place.settings, project, built)
    if built.state == "failed":
        raise InvalidError(f"Release {built.number} could not be built: {built.reason}")
    for file in built.files:
        click.echo(folder / file.name)
    if built.state == "held":
        errors = sum(finding["severity"] == "error" for finding in built.findings)
        raise InvalidError(
            f"Release {built.number} is held: {errors} findings of severity error are open."
            " Resolve them, or release --with-open-findings."
        )


COMMANDS: tuple[click.Command, ...] = (import_scans, release)
