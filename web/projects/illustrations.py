"""The pictures of pages, marked on their scans and described; and all pictures of a book."""

from typing import Any

import sqlalchemy as sa
from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from library import projects
from library.errors import ConflictError, InvalidError
from library.models import Page, Project
from pipeline import illustrations
from pipeline.illustrations import Region
from pipeline.models import Illustration
from proofing.models import Revision
from proofing.texts import accepted
from web import place
from web.present import Json
from web.projects import bp
from web.words import gettext as _
from web.words import ngettext

_SIDES = ("left", "top", "width", "height")
_TEXTS = ("alt", "caption")
_FLAGS = ("decorative", "line_art")


@bp.get("/projects/<slug>/pages/<int:number>/illustrations")
def pictures(slug: str, number: int) -> str:
    """Show a page's scan with its pictures marked, and what is said of them."""
    with place.reads() as session:
        page = _page(session, slug, number)
        found = illustrations.of_page(session, page)
        said = [_values(illustrations.region(each)) for each in found]
        return _form(session, page, said, illustrations.version_of(found), {})


@bp.post("/projects/<slug>/pages/<int:number>/illustrations")
def pictures_now(slug: str, number: int) -> Response | tuple[str, int]:
    """Keep a page's pictures as they were sent; its buttons also take out, move and add."""
    person, typed = place.person(), _typed(request.form)
    try:
        regions = [_region(each, at) for at, each in enumerate(typed)]
        with place.writes() as session:
            page = _page(session, slug, number)
            if request.form.get("add") == "page":
                regions.append(Region((0, 0, page.width, page.height)))
            version = request.form.get("version")
            illustrations.replace(session, person, page, regions, place.now(), version)
    except (InvalidError, ConflictError) as error:
        return _again(slug, number, typed, error), error.status
    place.ring("ocr")
    count = len(regions)
    flash(ngettext("%(num)d picture is kept.", "%(num)d pictures are kept.", count), "done")
    return make_response(redirect(url_for("projects.pictures", slug=slug, number=number), 303))


@bp.get("/projects/<slug>/illustrations")
def all_pictures(slug: str) -> str:
    """Show all pictures of a book, those first that nobody has described."""
    with place.reads() as session:
        return _list(session, projects.find_project(session, slug), {}, {})


@bp.post("/projects/<slug>/illustrations")
def describe_picture(slug: str) -> Response | tuple[str, int]:
    """Say of one picture what it shows, and go to the next that lacks it."""
    person, form = place.person(), request.form
    key, alt = form.get("picture", ""), form.get("alt", "").strip()
    decorative = form.get("decorative") == "1"
    if not alt and not decorative:
        sentence = _("Say what the picture shows, or that it is an ornament.")
        return _refused(slug, {f"alt-{key}": sentence})
    try:
        with place.writes() as session:
            project = projects.find_project(session, slug)
            page = projects.find_page(session, project, f"id:{key.partition('-')[0]}")
            found = illustrations.of_page(session, page)
            regions = [
                Region(said.box, alt, said.caption, decorative, said.line_art)
                if f"{page.id}-{row.position}" == key
                else said
                for row, said in ((row, illustrations.region(row)) for row in found)
            ]
            illustrations.replace(session, person, page, regions, place.now(), form.get("version"))
    except (InvalidError, ConflictError) as error:
        return _refused(slug, {f"alt-{key}": error.sentence})
    flash(_("Kept."), "done")
    target = url_for("projects.all_pictures", slug=slug, _anchor="next")
    return make_response(redirect(target, 303))


def _refused(slug: str, errors: dict[str, str]) -> tuple[str, int]:
    with place.reads() as session:
        return _list(session, projects.find_project(session, slug), errors, request.form), 422


def _list(
    session: Session,
    project: Project,
    errors: dict[str, str],
    values: Any,  # noqa: ANN401 - a form
) -> str:
    shown: list[Json] = []
    found = illustrations.of_project(session, project)
    by_page: dict[int, list[Illustration]] = {}
    for page, row in found:
        by_page.setdefault(page.id, []).append(row)
    for page, row in found:
        shown.append(_shown(session, page, row, by_page[page.id]))
    lacking = [each for each in shown if not each["alt"] and not each["decorative"]]
    return render_template(
        "projects/illustrations_list.html",
        project=project,
        lacking=lacking,
        described=[each for each in shown if each not in lacking],
        unmarked=_unmarked(session, project, by_page),
        errors=errors,
        values=values,
        may_describe=place.visitor() is not None,
    )


def _shown(session: Session, page: Page, row: Illustration, of_page: list[Illustration]) -> Json:
    return {
        "key": f"{page.id}-{row.position}",
        "version": illustrations.version_of(of_page),
        "number": page.number,
        "label": page.label or str(page.number),
        "page": {"width": page.width, "height": page.height},
        "state": "cut" if row.image_sha256 else illustrations.cutting(session, page)[0],
        **_values(illustrations.region(row)),
    }


def _unmarked(
    session: Session, project: Project, marked: dict[int, list[Illustration]]
) -> list[Json]:
    """Return the pages that tell of more pictures than are marked on their scans."""
    texts = accepted(session, project)
    wanted = {each.revision_id: page_id for page_id, each in texts.items() if each.revision_id}
    rows = session.execute(
        sa.select(Revision.id, Revision.text).where(
            Revision.id.in_(wanted), Revision.text.contains("[Illustration")
        )
    )
    counts = {wanted[key]: text.count("[Illustration") for key, text in rows}
    pages = []
    for page in projects.pages_of(session, project):
        plate = page.kind == "illustration" or page.proposed_kind == "illustration"
        if counts.get(page.id, int(plate)) > len(marked.get(page.id, [])):
            pages.append({"number": page.number, "label": page.label or str(page.number)})
    return pages


def _form(
    session: Session, page: Page, said: list[Json], version: str, errors: dict[str, str]
) -> str:
    project = page.project
    last = projects.pages_of(session, project)[-1].number
    rows = {illustrations.region(each).box: each for each in illustrations.of_page(session, page)}
    state, trouble = illustrations.cutting(session, page)
    for each in said:
        row = rows.get(each["box"])
        each["state"] = "new" if row is None else "cut" if row.image_sha256 else state
    return render_template(
        "projects/illustrations.html",
        project=project,
        page={
            "number": page.number,
            "label": page.label or str(page.number),
            "width": page.width,
            "height": page.height,
            "ready": page.image_sha256 is not None,
        },
        pictures=said,
        version=version,
        errors=errors,
        trouble=trouble,
        previous=page.number - 1 if page.number > 1 else None,
        next=page.number + 1 if page.number < last else None,
        may_mark=place.visitor() is not None,
    )


def _again(slug: str, number: int, typed: list[Json], error: InvalidError | ConflictError) -> str:
    """Show what was typed again, with what is wrong with it; on a conflict, with theirs to see."""
    errors = getattr(error, "errors", {})
    named = {}
    for field, sentence in errors.items():
        _items, place_, name = (*field.split("."), "", "")[:3]
        key = "left" if name == "box" else name
        named[f"{key}-{place_}" if name else "pictures"] = sentence
    with place.reads() as session:
        page = _page(session, slug, number)
        version = illustrations.version_of(illustrations.of_page(session, page))
        return _form(session, page, typed, version, named or {"pictures": error.sentence})


def _typed(form: MultiDict[str, str]) -> list[Json]:
    """Return the pictures of a form in their order; one without a place was not meant."""
    typed: list[Json] = []
    for key in form.getlist("key"):
        sides = [form.get(f"{side}-{key}", "").strip() for side in _SIDES]
        if not any(sides) or form.get("drop") == key:
            continue
        texts = {name: form.get(f"{name}-{key}", "") for name in _TEXTS}
        flags = {name: form.get(f"{name}-{key}") == "1" for name in _FLAGS}
        typed.append({**dict(zip(_SIDES, sides, strict=True)), **texts, **flags, "key": key})
    keys = [each["key"] for each in typed]
    if (up := form.get("up")) in keys[1:]:
        at = keys.index(up)
        typed[at - 1 : at + 1] = typed[at], typed[at - 1]
    return [each | {"box": _box(each)} for each in typed]


def _box(typed: Json) -> tuple[int, int, int, int]:
    """Return the sides as numbers, -1 for what is none."""
    left, top, wide, high = (
        int(text) if (text := typed[side]).isascii() and text.isdigit() and len(text) < 7 else -1  # noqa: PLR2004 - a million pixels
        for side in _SIDES
    )
    return left, top, wide, high


def _region(typed: Json, at: int) -> Region:
    if -1 in typed["box"]:
        sentence = _(
            "Picture %(number)s: its place is four whole numbers, in pixels.", number=at + 1
        )
        raise InvalidError(sentence, {f"items.{at}.box": sentence})
    flags = (typed["decorative"], typed["line_art"])
    return Region(typed["box"], typed["alt"], typed["caption"].replace("\r\n", "\n"), *flags)


def _values(said: Region) -> Json:
    sides = dict(zip(_SIDES, said.box, strict=True))
    texts = {"alt": said.alt, "caption": said.caption}
    flags = {"decorative": said.decorative, "line_art": said.line_art}
    return {**sides, **texts, **flags, "box": said.box}


def _page(session: Session, slug: str, number: int) -> Page:
    return projects.find_page(session, projects.find_project(session, slug), str(number))
