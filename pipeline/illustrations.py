"""The pictures of pages: regions of their scans that people mark, and what they write of them.

Anybody who is signed in may mark and change them: it is public and the history keeps what was. A
worker cuts the pictures (`pipeline.cutting`) after each change; until then a region has no image.
"""

import hashlib
import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from library import events, queue
from library.clock import utc_now
from library.db import reading, writing
from library.errors import ConflictError, InvalidError
from library.models import Job, Page, Person, Project
from library.pagetext import clean_page_text
from library.queue import Taken
from library.storage import Storage
from pipeline.cutting import Box, cut_pictures
from pipeline.failures import PipelineError
from pipeline.models import Illustration

#: Pictures on one page; pixels of a region's side; characters of its texts.
MOST, SMALLEST, LONGEST = 40, 12, 2000


@dataclass(frozen=True)
class Region:
    """A picture as people mark it: x, y, width, height in pixels of the page image, its texts.

    `alt` says what it shows, `caption` what is printed below it where the page's text does not
    have that. A decorative one needs neither; `line_art` may be shown light on dark.
    """

    box: Box
    alt: str = ""
    caption: str = ""
    decorative: bool = False
    line_art: bool = False


def of_page(session: Session, page: Page) -> Sequence[Illustration]:
    """Return a page's pictures in reading order."""
    query = sa.select(Illustration).where(Illustration.page_id == page.id)
    return session.scalars(query.order_by(Illustration.position)).all()


def of_project(session: Session, project: Project) -> Sequence[tuple[Page, Illustration]]:
    """Return a book's pictures with their pages, in reading order."""
    rows = session.execute(
        sa.select(Page, Illustration)
        .join(Illustration, Illustration.page_id == Page.id)
        .where(Page.project_id == project.id, Page.deleted_at.is_(None))
        .order_by(Page.number, Illustration.position)
    )
    return [(page, picture) for page, picture in rows]


def region(picture: Illustration) -> Region:
    """Return what people said of a picture."""
    box = (picture.box_left, picture.box_top, picture.box_width, picture.box_height)
    return Region(box, picture.alt, picture.caption, picture.decorative, picture.line_art)


def version_of(pictures: Sequence[Illustration]) -> str:
    """Return what tells these pictures from others: a change names what it was made on."""
    said = json.dumps([asdict(region(each)) for each in pictures], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def replace(
    session: Session,
    person: Person,
    page: Page,
    regions: Sequence[Region],
    now: datetime,
    version: str | None = None,
) -> Sequence[Illustration]:
    """Put these pictures, in reading order, in the place of a page's; a worker then cuts them.

    With `version`, only on the pictures that it names. Returns the rows. Raises InvalidError with
    a sentence for each field, ConflictError when somebody else changed them meanwhile.
    """
    _lock(session, page)
    wanted = _checked(page, regions)
    before = of_page(session, page)
    if version is not None and version != version_of(before):
        raise ConflictError(
            "Somebody changed this page's pictures meanwhile; look at theirs, then change again.",
            version=version_of(before),
        )
    had = [region(each) for each in before]
    if had != wanted:
        _store(session, page, before, wanted)
        events.record(
            session,
            "page.pictures-changed",
            now,
            person=person,
            project=page.project,
            page=page,
            detail={"before": _json(had), "after": _json(wanted)},
        )
    after = of_page(session, page)
    if any(each.image_sha256 is None for each in after):
        _ask_to_cut(session, page, now)
    return after


def fit(session: Session, page: Page, width: int, height: int) -> None:
    """Carry a page's regions over to another scan of this size; to be looked at and kept again.

    Call it before the page has its new size. Nobody can know whether the same place of the new
    scan shows the picture, so nothing is cut until somebody keeps the regions.
    """
    across, down = width / page.width, height / page.height
    for each in of_page(session, page):
        each.box_left = min(round(each.box_left * across), width - 1)
        each.box_top = min(round(each.box_top * down), height - 1)
        each.box_width = max(1, min(round(each.box_width * across), width - each.box_left))
        each.box_height = max(1, min(round(each.box_height * down), height - each.box_top))
        each.image_sha256 = None


def cut(engine: sa.Engine, storage: Storage, job: Taken) -> None:
    """Cut the pictures of the page `job.subject_id` and keep them; closes the job.

    What was marked anew meanwhile stays due. Raises PipelineError for trouble that may pass.
    """
    with reading(engine) as session:
        page = session.get_one(Page, job.subject_id)
        waiting = {region(each).box for each in of_page(session, page) if not each.image_sha256}
    boxes = sorted(waiting)
    try:
        with tempfile.TemporaryDirectory(prefix="galley-pictures-") as folder:
            made = _cut(storage, page, boxes, Path(folder)) if boxes else {}
    except PipelineError as error:
        if not error.permanent:
            raise
        give_up(engine, job, error.sentence)
        return
    with writing(engine) as session:
        _keep(session, job, page.original_sha256, made)


def give_up(engine: sa.Engine, job: Taken, reason: str) -> None:
    """Close a job whose pictures can't be cut, with its sentence."""
    with writing(engine) as session:
        queue.fail(session, job, reason, utc_now())


def cutting(session: Session, page: Page) -> tuple[str, str]:
    """Return where a page's cutting stands, and why it failed, if so.

    That is `waiting`, `failed`, or `stale`: what is not cut then waits for somebody to look at it.
    """
    query = sa.select(Job.state, Job.reason).where(
        Job.kind == "cut-pictures", Job.subject_id == page.id
    )
    state, reason = session.execute(query).one_or_none() or ("done", "")
    if state == "failed":
        return "failed", reason
    return ("stale" if state == "done" else "waiting"), ""


def _cut(storage: Storage, page: Page, boxes: Sequence[Box], folder: Path) -> dict[Box, str]:
    original, size = storage.path(page.original_sha256), (page.width, page.height)
    paths = cut_pictures(original, page.media_type, page.frame, size, boxes, folder)
    return {box: storage.put(path) for box, path in zip(boxes, paths, strict=True)}


def _keep(session: Session, job: Taken, original: str, made: dict[Box, str]) -> None:
    """Write what was cut with the job's end; of another scan, or overtaken, nothing."""
    page = session.get_one(Page, job.subject_id)
    _lock(session, page)
    pictures = of_page(session, page)
    due = page.original_sha256 == original and any(
        each.image_sha256 is None and region(each).box not in made for each in pictures
    )
    now = utc_now()
    if due:
        ours = queue.hand_back(session, job, now, asked=True)
    else:
        ours = queue.finish(session, job, now)
    if not ours or page.original_sha256 != original:
        return
    for each in pictures:
        each.image_sha256 = each.image_sha256 or made.get(region(each).box)


def _lock(session: Session, page: Page) -> None:
    """Let one change of a page's pictures wait for the other's end."""
    session.refresh(page, with_for_update={"key_share": True})


def _store(
    session: Session, page: Page, before: Sequence[Illustration], wanted: Sequence[Region]
) -> None:
    """Write the rows; a region that stays, wherever it stands in the order, keeps its image."""
    images = {region(each).box: each.image_sha256 for each in before}
    session.execute(sa.delete(Illustration).where(Illustration.page_id == page.id))
    for position, each in enumerate(wanted, start=1):
        left, top, wide, high = each.box
        session.add(
            Illustration(
                page_id=page.id,
                position=position,
                box_left=left,
                box_top=top,
                box_width=wide,
                box_height=high,
                image_sha256=images.get(each.box),
                **{name: getattr(each, name) for name in _SAID},
            )
        )
    session.flush()


_SAID = ("alt", "caption", "decorative", "line_art")


def _ask_to_cut(session: Session, page: Page, now: datetime) -> None:
    asked = sa.select(Job.id).where(Job.kind == "cut-pictures", Job.subject_id == page.id)
    if session.scalar(asked) is None:
        queue.add_job(session, "ocr", "cut-pictures", page.id, now)
    else:
        queue.ask_again(session, "cut-pictures", page.id, now)


def _checked(page: Page, regions: Sequence[Region]) -> list[Region]:
    if len(regions) > MOST:
        raise InvalidError(f"A page has at most {MOST} pictures; this is {len(regions)}.")
    errors: dict[str, str] = {}
    wanted = []
    for place, each in enumerate(regions):
        errors |= _wrong(page, each, place)
        alt = " ".join(_cleaned(each.alt, f"items.{place}.alt", errors).split())
        caption = _cleaned(each.caption, f"items.{place}.caption", errors).strip()
        said = (each.decorative, each.line_art)
        wanted.append(Region((*each.box,), alt, caption, *said))
    boxes = [each.box for each in wanted]
    for place, box in enumerate(boxes):
        if box in boxes[:place]:
            errors[f"items.{place}.box"] = f"Picture {place + 1} is marked twice; delete one."
    if errors:
        raise InvalidError(" ".join(errors.values()), errors)
    return wanted


def _wrong(page: Page, each: Region, place: int) -> dict[str, str]:
    left, top, wide, high = each.box
    name, errors = f"Picture {place + 1}", {}
    if min(wide, high) < SMALLEST:
        errors[f"items.{place}.box"] = f"{name} is too small; at least {SMALLEST} pixels each way."
    elif left < 0 or top < 0 or left + wide > page.width or top + high > page.height:
        errors[f"items.{place}.box"] = (
            f"{name} must lie on the page, which is {page.width} by {page.height} pixels."
        )
    for field in ("alt", "caption"):
        if len(getattr(each, field)) > LONGEST:
            errors[f"items.{place}.{field}"] = (
                f"{name}: this text has more than {LONGEST} characters; shorten it."
            )
    return errors


def _cleaned(text: str, field: str, errors: dict[str, str]) -> str:
    try:
        return clean_page_text(text)[0]
    except InvalidError as error:
        errors[field] = error.sentence
        return ""


def _json(regions: Sequence[Region]) -> list[dict[str, Any]]:
    return [{**asdict(each), "box": list(each.box)} for each in regions]
