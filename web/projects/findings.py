"""What whole-book checks found: shown by kind beside the print, corrected or dismissed in place."""

from collections.abc import Sequence
from itertools import groupby
from urllib.parse import quote

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from exports.checks.marking import columns
from exports.errata import smooth
from exports.releasing import choices, dismissing, previews
from library import projects
from library.errors import ConflictError, ForbiddenError, InvalidError
from library.models import Page, Person, Project
from proofing.correcting import correct_line
from web import place
from web.finding_kinds import title_of
from web.present import Json
from web.previewing import state_of_preview
from web.printed import PrintedLines
from web.projects import bp
from web.words import gettext as _

#: Places of a kind that are shown at once; its own page shows all that are listed.
_AT_ONCE = 8
_WEIGHTS = {"error": 0, "warning": 1, "notice": 2}
#: Characters of a line's text by which a link finds it.
_TOLD = 60
_LONGEST = 4000
#: Kinds that are of a page, a picture or a heading: no line of text to correct.
_NOT_OF_A_LINE = frozenset(
    {
        "unfinished-page", "blank-has-text", "alt-missing", "alt-is-caption", "picture-missing",
        "picture-uncut", "picture-untagged", "heading-proposed", "contents-unfound",
        "page-missing", "page-number-twice", "page-number-order", "page-short", "smooth-reading",
    }
)  # fmt: skip


@bp.get("/projects/<slug>/findings")
def findings(slug: str) -> str:
    """Show what was found, `?kind=CODE` all of one kind."""
    return show_findings(slug)


def show_findings(slug: str, refused: Json | None = None) -> str:
    """Show the findings; `refused` is a correction not taken: its `key`, `new`, `sentence`."""
    person, kind = place.visitor(), request.args.get("kind", "")
    state = state_of_preview(slug)
    with place.reads() as session:
        project = projects.find_project(session, slug)
        found = findings_of(session, project, person, state, kind)
        keys = {item["key"] for group in found["groups"] for item in group["items"]}
        if refused is not None:
            refused["listed"] = refused["key"] in keys
        return render_template(
            "projects/findings.html", project=project, findings=found, refused=refused
        )


@bp.post("/projects/<slug>/findings/dismiss")
def dismiss(slug: str) -> Response:
    """Say that a finding or a whole kind is no fault, or bring it back."""
    person, form = place.person(), request.form
    acts = {"dismiss": dismissing.dismiss, "bring back": dismissing.bring_back}
    act = acts.get(form.get("action", ""))
    if act is None:
        raise BadRequest
    code, key = form.get("code", ""), form.get("key", "")
    with place.writes() as session:
        project = projects.find_project(session, slug)
        act(session, person, project, code, key, place.now())
    return _back(slug, code)


@bp.post("/projects/<slug>/findings/correct")
def correct(slug: str) -> Response | tuple[str, int]:
    """Correct a line; what can't be taken is shown again with what was typed."""
    person, form = place.person(), request.form
    old, new = form.get("old", "")[:_LONGEST], form.get("new", "")[:_LONGEST]
    try:
        with place.writes() as session:
            project = projects.find_project(session, slug)
            page = projects.find_page(session, project, f"id:{form.get('page', -1, type=int)}")
            line = form.get("line", 0, type=int)
            correct_line(session, person, page, line, old, new, place.now())
            number = page.number
    except (ConflictError, ForbiddenError, InvalidError) as error:
        refused = {"key": form.get("key", ""), "new": new, "sentence": error.sentence}
        return show_findings(slug, refused), error.status
    flash(_("Line %(line)s of page %(number)s is corrected.", line=line, number=number), "done")
    return _back(slug, form.get("code", ""))


def findings_of(
    session: Session, project: Project, person: Person | None, state: str, kind: str = ""
) -> Json:
    """Return the findings of the newest preview that is built, grouped by kind.

    `state` is how far the preview of what stands now is. With `kind`, all places of that kind and
    nothing else. Places that were corrected since are left out.
    """
    built = previews.newest_preview(session, project, place.settings()) if state else None
    said = [*(built.findings if built else []), *smooth.findings(session, project)]
    found = dismissing.marked(session, project, said)
    still = [each for each in found if not each["dismissed"]]
    gone = [each for each in found if each["dismissed"]]
    lines = PrintedLines(session, project)
    pages = {page.number: page for page in projects.pages_of(session, project)}
    most = None if kind else _AT_ONCE
    chosen = [each for each in still if kind in ("", each["code"])]
    away = [each for each in gone if kind in ("", each["code"])]
    return {
        "state": state,
        "built": built is not None,
        "kind": kind,
        "count": sum(map(_places, chosen)),
        "errors": dismissing.open_errors(still),
        "groups": [_group(code, part, lines, pages, most) for code, part in _by_kind(chosen)],
        "dismissed": [_gone(code, part) for code, part in _by_kind(away)],
        "may_dismiss": projects.coordinates(session, person, project),
        "may_correct": person is not None,
    }


def _by_kind(found: Sequence[Json]) -> list[tuple[str, list[Json]]]:
    """Return findings by kind: the heaviest kinds first, then as they were found."""
    order = {code: place for place, code in enumerate(dict.fromkeys(f["code"] for f in found))}
    ranked = sorted(found, key=lambda f: (_WEIGHTS.get(f["severity"], 3), order[f["code"]]))
    return [(code, list(part)) for code, part in groupby(ranked, key=lambda f: str(f["code"]))]


def _places(finding: Json) -> int:
    """Return how many places a finding stands for: the last of a kind tells of more."""
    more: int = (finding.get("about") or {}).get("more", 1)
    return more


def _group(
    code: str,
    found: Sequence[Json],
    lines: PrintedLines,
    pages: dict[int, Page],
    most: int | None,
) -> Json:
    listed = [each for each in found if not (each.get("about") or {}).get("more")]
    decided = code in choices.CODES
    shown = [] if decided else [_item(each, lines, pages) for each in listed[:most]]
    return {
        "code": code,
        "title": title_of(code),
        "severity": found[0]["severity"],
        "count": sum(map(_places, found)),
        "listed": len(listed),
        "decided": decided,
        "items": [each for each in shown if each is not None],
        "more": None if decided or most is None or len(listed) <= most else len(listed),
        "beyond": next((each["hint"] for each in found if each not in listed), ""),
    }


def _item(finding: Json, lines: PrintedLines, pages: dict[int, Page]) -> Json | None:
    """Return a finding with its line as it stands now; None once that was corrected."""
    number, row = finding["page"], finding["line"]
    here = [each["text"] for at in (row, row + 1) for each in lines.at(number, at)]
    _before, meant, _after = _parts(finding)
    if here and finding.get("span") and columns("\n".join(here), 1, meant) is None:
        return None
    line = next(iter(lines.at(number, row)), None)
    return _made(finding, pages.get(number), line)


def _made(finding: Json, page: Page | None, line: Json | None) -> Json:
    before, meant, after = _parts(finding)
    of_a_line = finding["code"] not in _NOT_OF_A_LINE
    return {
        **{name: finding[name] for name in ("code", "key", "line", "hint")},
        "correctable": line is not None and line["read"] and of_a_line,
        "page": page.number if page else 0,
        "page_id": page.id if page else 0,
        "label": (page.label or str(page.number)) if page else "",
        "text": line["text"] if line else None,
        "picture": line["picture"] if line and of_a_line else None,
        "told": _told(line["text"], finding.get("span")) if line else "",
        "before": before,
        "meant": meant,
        "after": after,
    }


def _parts(finding: Json) -> tuple[str, str, str]:
    """Return what stands before what is meant in the excerpt, that itself, and what follows."""
    excerpt, mark = finding["excerpt"], finding.get("mark")
    if not mark:
        return excerpt, "", ""
    start, end = mark
    return excerpt[:start], excerpt[start:end], excerpt[end:]


def _told(text: str, span: Sequence[int] | None) -> str:
    """Return a text fragment, by which browsers go to these words of the page and mark them."""
    start, end = span or (0, min(len(text), _TOLD))
    words, before = text[start:end].strip(), text[:start].split()
    if not words:
        return ""
    prefix = f"{quote(' '.join(before[-2:]), safe='')}-," if before and span else ""
    return f":~:text={prefix}{quote(words, safe='').replace('-', '%2D')}"


def _gone(code: str, found: Sequence[Json]) -> Json:
    return {
        "code": code,
        "title": title_of(code),
        "items": [
            {"key": each["key"], "page": each["page"], "excerpt": each["excerpt"] or each["hint"]}
            for each in found
        ],
    }


def _back(slug: str, code: str) -> Response:
    """Return to where the form stood: the findings of a kind, all of them, or the release page."""
    back = request.form.get("back", "")
    anchor = f"kind-{code}"
    if back == "release":
        address = url_for("projects.releases", slug=slug, _anchor=anchor)
    else:
        address = url_for("projects.findings", slug=slug, kind=back or None, _anchor=anchor)
    return make_response(redirect(address, 303))
