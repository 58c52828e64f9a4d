"""The contents list: what the machine proposes, what people make of it, and every change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from exports.releasing import contents, deciding, previews
from library import projects
from library.errors import ConflictError, InvalidError
from library.models import Event, Page, Project
from web import place
from web.present import Json
from web.previewing import state_of_preview
from web.projects import bp
from web.words import gettext as _

#: Rows for new entries, and changes that can be put back at once.
_BLANK, _CHANGES = 2, 10


@dataclass(frozen=True)
class Refused:
    """A list that was not saved, why, and whether it is because another one was meanwhile."""

    typed: Sequence[Json]
    sentence: str
    conflict: bool = False


@bp.get("/projects/<slug>/contents", endpoint="contents")
def show_contents(slug: str) -> str:
    """Show the contents list with the machine's proposal beside it."""
    return _page(slug)


@bp.post("/projects/<slug>/contents")
def change_contents(slug: str) -> Response | tuple[str, int]:
    """Save the list; what is refused is shown again, beside the one that stands."""
    person, form = place.person(), request.form
    version, typed = form.get("version", 0, type=int), _kept(form)
    try:
        with place.writes() as session:
            project = projects.find_project(session, slug)
            entries = [*typed, *_added(session, project, form)]
            contents.change(session, person, project, entries, version, place.now())
            unfound = [entries[at]["heading"] for at in contents.unfound(session, project, entries)]
    except ConflictError as error:
        return _page(slug, refused=Refused(typed, error.sentence, conflict=True)), 409
    except InvalidError as error:
        return _page(slug, refused=Refused(typed, error.sentence)), 422
    for heading in unfound:
        words = _("Its page does not say “%(heading)s”; correct one or the other.", heading=heading)
        flash(words, "error")
    flash(_("The contents list is saved."), "done")
    return _back(slug)


@bp.post("/projects/<slug>/contents/before")
def put_back_contents(slug: str) -> Response:
    """Go back to the machine's proposal, or to the list before a change."""
    person, version = place.person(), request.form.get("version", 0, type=int)
    event = request.form.get("change", type=int)
    with place.writes() as session:
        project = projects.find_project(session, slug)
        if event is None:
            contents.change(session, person, project, None, version, place.now())
        else:
            contents.put_back(session, person, project, event, version, place.now())
    flash(_("The contents list is put back."), "done")
    return _back(slug)


def _page(slug: str, refused: Refused | None = None) -> str:
    person, state = place.visitor(), state_of_preview(slug)
    with place.reads() as session:
        project = projects.find_project(session, slug)
        pages = {page.id: page for page in projects.pages_of(session, project)}
        standing = contents.standing(session, project)
        built = previews.newest_preview(session, project, place.settings()) if pages else None
        proposal = built.contents if built else []
        mine = refused.typed if refused else standing.entries
        entries = proposal if mine is None else mine
        other = standing.entries or proposal if refused and refused.conflict else []
        return render_template(
            "projects/contents.html",
            project=project,
            version=standing.version,
            settled=standing.entries is not None,
            entries=_shown(entries, pages),
            proposed=[] if mine is None else _shown(_new(proposal, entries), pages),
            other=_shown(other, pages),
            added=_new_rows(request.form if refused else MultiDict()),
            sentence=refused.sentence if refused else "",
            state=state,
            changes=[_change(*each) for each in contents.changes(session, project, _CHANGES)],
            why_not=deciding.why_not(session, person, project) if person else "",
        )


def _kept(form: MultiDict[str, str]) -> list[Json]:
    """Return the entries of the form that stay."""
    gone = set(form.getlist("remove"))
    columns = [form.getlist(name) for name in ("page", "heading", "title", "level")]
    return [
        _entry(int(page), heading, title, level)
        for at, (page, heading, title, level) in enumerate(zip(*columns, strict=False))
        if str(at) not in gone and page.isdigit()
    ]


def _added(session: Session, project: Project, form: MultiDict[str, str]) -> list[Json]:
    """Return the new entries of the form, and the one taken over from the proposal."""
    added = [
        _entry(
            _addressed(session, project, row["page"]).id, row["title"], row["title"], row["level"]
        )
        for row in _new_rows(form)
        if row["title"].strip()
    ]
    page, _colon, rest = form.get("take", "").partition(":")
    level, _colon, heading = rest.partition(":")
    if page.isdigit() and heading:
        added.append(_entry(int(page), heading, heading, level))
    return added


def _new_rows(form: MultiDict[str, str]) -> list[dict[str, str]]:
    columns = [form.getlist(f"new_{name}") for name in ("page", "title", "level")]
    typed = [dict(zip(("page", "title", "level"), row, strict=True)) for row in zip(*columns)]  # noqa: B905
    return typed or [{"page": "", "title": "", "level": "2"}] * _BLANK


def _entry(page: int, heading: str, title: str, level: str) -> Json:
    return {
        "page": page,
        "heading": heading,
        "title": title,
        "level": int(level) if level in ("1", "2", "3") else 0,
    }


def _addressed(session: Session, project: Project, address: str) -> Page:
    """Return the page with this printed number, else that scan; raises InvalidError."""
    address = address.strip()
    pages = projects.pages_of(session, project)
    labelled = (page for page in pages if page.label and page.label == address)
    numbered = (page for page in pages if str(page.number) == address.removeprefix("scan "))
    found = next(labelled, None) or next(numbered, None)
    if found is None:
        raise InvalidError(_("The book has no page “%(address)s”.", address=address))
    return found


def _new(proposal: Sequence[Json], entries: Sequence[Json]) -> list[Json]:
    """Return what the machine proposes and the list does not have."""
    known = {(each["page"], each["heading"].casefold()) for each in entries}
    return [each for each in proposal if (each["page"], each["heading"].casefold()) not in known]


def _shown(entries: Sequence[Json], pages: Mapping[int, Page]) -> list[Json]:
    """Return entries with the number and label of their page; those of pages taken out are left."""
    return [
        {
            **each,
            "number": pages[each["page"]].number,
            "label": pages[each["page"]].label or str(pages[each["page"]].number),
        }
        for each in entries
        if each["page"] in pages
    ]


def _change(event: Event, name: str | None) -> Json:
    """Return a change with how many entries it added, took away and changed."""
    before, after = event.detail["before"], event.detail["after"]
    return {
        "id": event.id,
        "at": event.at,
        "by": name,
        "before": None if before is None else len(before),
        "after": None if after is None else len(after),
        "differs": _differs(before or [], after or []),
    }


def _differs(before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    """Return the titles that came or went, a few of them."""
    old, new = ({each["title"] for each in entries} for entries in (before, after))
    return sorted(old ^ new)[:4] if before and after else []


def _back(slug: str) -> Response:
    return make_response(redirect(url_for("projects.contents", slug=slug), 303))
