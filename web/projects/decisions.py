"""What only a person can decide about a book: one list, with the print beside it."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response
from werkzeug.exceptions import BadRequest

from exports.making.quotes import signs_of
from exports.models import Decision
from exports.releasing import choices, deciding, previews
from exports.releasing.choices import Choice
from library import projects
from web import place
from web.present import Json
from web.previewing import state_of_preview
from web.printed import PrintedLines
from web.projects import bp
from web.words import gettext as _

#: Asked at once, and of those decided shown; the next come up as these are answered.
_AT_ONCE, _DECIDED = 20, 200
_KINDS = ("word", "paragraph", "quote")


@bp.get("/projects/<slug>/decisions")
def decisions(slug: str) -> str:
    """Show what waits for a decision, and what was decided."""
    person = place.visitor()
    state = state_of_preview(slug)
    with place.reads() as session:
        project = projects.find_project(session, slug)
        built = previews.newest_preview(session, project, place.settings()) if state else None
        waiting = choices.undecided(session, project, built.findings if built else [])
        made = choices.decisions(session, project)
        lines = PrintedLines(session, project)
        return render_template(
            "projects/decisions.html",
            project=project,
            kinds=_grouped(waiting, lines, signs_of(project.languages[0]).single[0]),
            waiting=len(waiting),
            decided=[_decided(each, name) for each, name in made[:_DECIDED]],
            state=state,
            why_not=deciding.why_not(session, person, project) if person else "",
        )


@bp.post("/projects/<slug>/decisions")
def decide(slug: str) -> Response:
    """Decide something, or take a decision back; then come back for the next."""
    person, form = place.person(), request.form
    choice, value = Choice(form.get("kind", ""), form.get("key", "")), form.get("value")
    if value is None:
        raise BadRequest
    with place.writes() as session:
        project = projects.find_project(session, slug)
        choices.decide(session, person, project, choice, value or None, place.now())
    if not value:
        flash(_("The decision is taken back."), "done")
    address = url_for("projects.decisions", slug=slug, _anchor=choice.kind if value else "decided")
    return make_response(redirect(address, 303))


def _grouped(waiting: Sequence[Json], lines: PrintedLines, opening: str) -> list[Json]:
    """Return what waits, kind by kind, the first few of each with their print.

    `opening` is the sign that opens a quotation in the book's language.
    """
    groups = [(kind, [each for each in waiting if each["kind"] == kind]) for kind in _KINDS]
    return [
        {
            "kind": kind,
            "count": len(found),
            "items": [_asked(each, lines, opening) for each in found[:_AT_ONCE]],
        }
        for kind, found in groups
        if found
    ]


def _asked(finding: Json, lines: PrintedLines, opening: str) -> Json:
    page, line, about = finding["page"], finding["line"], finding["about"]
    at_line = lines.at if finding["kind"] == "quote" else lines.meeting
    examples = about.get("examples") or [(page, line)]
    return {
        "kind": finding["kind"],
        "key": finding["key"],
        "excerpt": finding["excerpt"],
        "about": about,
        "lines": at_line(page, line),
        "elsewhere": [{"page": number, "line": row} for number, row in examples[1:]],
        "answers": _answers(finding, opening),
    }


def _answers(finding: Json, opening: str) -> list[Json]:
    """Return the two answers, each with whether the book has it so for the time being."""
    about, guess = finding["about"], str(finding["about"].get("guess", "")).casefold()
    if finding["kind"] == "word":
        pairs = [(finding["key"], about["word"]), (about["joined"].casefold(), about["joined"])]
    elif finding["kind"] == "paragraph":
        pairs = [("yes", _("A new paragraph")), ("no", _("It runs on"))]
    else:
        pairs = [
            ("apostrophe", _("\u2019 apostrophe")),
            ("open", _("%(sign)s opens a quotation", sign=opening)),
        ]
    return [
        {"value": value, "words": words, "taken": value.casefold() == guess}
        for value, words in pairs
    ]


def _decided(row: Decision, name: str) -> Json:
    """Return a decision with what it is about, in words."""
    page_id, _colon, around = row.key.partition(":")
    words = {
        "word": row.value,
        "yes": _("begins a paragraph"),
        "no": _("runs on from the page before"),
        "open": _("opens a quotation"),
        "close": _("closes a quotation"),
        "apostrophe": _("an apostrophe"),
    }
    return {
        "kind": row.kind,
        "key": row.key,
        "about": around if row.kind == "quote" else row.key,
        "page_id": None if row.kind == "word" else int(page_id),
        "value": words["word"] if row.kind == "word" else words.get(row.value, row.value),
        "by": name,
        "at": row.decided_at,
    }
