"""The first page without an account: four tasks, half a real page, one field to keep it.

Everything works as plain forms; `static/js/trying` makes it quicker. Practising changes nothing
on the server, so its forms are GET.
"""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response

from library import naming, people
from library.errors import ConflictError, GoneError, InvalidError
from library.models import Person, Project
from pipeline.runs import DOUBTFUL
from proofing import doubts, halfpages, trials
from proofing.halfpages import HalfPage
from web import accounts, guests, place
from web.forms import Errors, direction_of
from web.practice import HAND_IN, IMAGE, LINE, is_right, practice
from web.present import Json
from web.security import limit_of, limiter
from web.strips import strips
from web.words import gettext as _

bp = Blueprint("trying", __name__, url_prefix="/try")

Answer = Response | tuple[str, int]

#: Pixels of the page image in the strips.
_SCAN = 1600


@bp.get("")
def index() -> str:
    """Show the practice page at the task that comes next after `task` was answered by `word`."""
    answered = request.args.get("task", "")
    number = int(answered) if answered in ("1", "2", "3") else 0
    word = request.args.get("choice", request.args.get("word", ""))[:60]
    right = is_right(number, word)
    shown = practice()
    return render_template(
        "trying/practice.html",
        page=shown,
        image_url=url_for("static", filename=IMAGE),
        task=number + 1 if right else number,
        first=LINE,
        last=HAND_IN,
        answer=None if right else word,
        doubtful=DOUBTFUL,
    )


@bp.get("/page")
def page() -> Response | str:
    """Show half a real page, the same one until it is handed in."""
    if place.visitor() is not None:
        return _see(url_for("desk.index"))
    if "lines" in guests.guest():
        return _see(url_for("trying.kept"))
    half = _half_page()
    return _see(url_for("trying.kept")) if half is None else _half_page_shown(half)


@bp.post("/hand-in")
@limiter.limit(limit_of("try"))
def hand_in() -> Answer:
    """Keep the half page for its first reader, and ask whether to keep it for who read it."""
    chosen, typed = guests.guest().get("half"), request.form.getlist("line")
    if chosen is None:
        return _see(url_for("trying.page"))
    try:
        with place.writes() as session:
            half = halfpages.find(session, chosen)
            seconds = _seconds(request.form.get("seconds", ""))
            layer = trials.keep(
                session, half, typed, guests.secret(), place.now(), active_seconds=seconds
            )
            if (person := place.visitor()) is not None:
                trials.attach(session, guests.secret(), person, place.now())
            guests.remember({"lines": half.excerpt.size, "title": layer.project.title})
    except InvalidError as error:
        with place.reads() as session:
            half = halfpages.find(session, chosen)
        return _half_page_shown(half, typed, error.sentence), 422
    except GoneError as error:
        guests.forget_half()
        flash(error.sentence, "error")
        return _see(url_for("trying.page"))
    return _see(url_for("trying.kept"))


@bp.get("/keep")
def kept() -> Response | str:
    """Ask for the one thing that an account needs, for who has none."""
    if place.visitor() is not None:
        return _see(url_for("desk.index"))
    return _keep_page({})


@bp.post("/keep")
@limiter.limit(limit_of("join"))
def keep() -> Answer:
    """Make an account under the name that was shown, with what its owner read before."""
    if place.visitor() is not None:
        return _see(url_for("desk.index"))
    if not place.settings().registration_open:
        return _keep_page({}), 403
    try:
        person = _add_person(request.form.get("password", ""))
    except InvalidError as error:
        return _keep_page(error.errors), 422
    except ConflictError:
        guests.remember({"name": ""})
        taken = _("That name was taken a moment ago; here is another one.")
        return _keep_page({"password": taken}), 409
    accounts.begin(person)
    flash(_("Your account is ready, %(name)s.", name=person.name), "done")
    return _see(url_for("desk.index"))


def _add_person(password: str) -> Person:
    name = _name()
    with place.writes() as session:
        return naming.add_named_person(session, name, password, place.now())


def _name() -> str:
    """Return the name suggested to this visitor, the same on every try."""
    if not (name := guests.guest().get("name")):
        with place.reads() as session:
            name = naming.suggest_name(session)
        guests.remember({"name": name})
    return name


def _half_page() -> HalfPage | None:
    """Return the half page that this visitor has in front, or another one, or None."""
    chosen = guests.guest().get("half")
    with place.reads() as session:
        if chosen is not None:
            try:
                return halfpages.find(session, chosen)
            except GoneError:
                guests.forget_half()
        half = halfpages.choose(session, _languages())
    if half is not None:
        guests.remember({"half": half.place})
    return half


def _languages() -> list[str]:
    """Return the languages that this visitor reads: their browser's, and the site's own."""
    return [*request.accept_languages.values(), "en"]


def _half_page_shown(
    half: HalfPage, typed: list[str] | None = None, error: str | None = None
) -> str:
    project, number = half.project, half.page.number
    rows = [row for row in half.excerpt.rows if row]
    width = min(half.page.width, _SCAN)
    return render_template(
        "trying/page.html",
        book={
            "title": project.title,
            "author": project.author,
            "language": project.languages[0],
            "direction": direction_of(project.languages[0]),
        },
        page={"label": half.page.label or str(number), **_size(half)},
        image_url=url_for("api.page_image", slug=project.slug, address=number, width=width),
        strips=strips(half.excerpt.printed),
        begins=_begins(half),
        rows=rows,
        typed=typed if typed and len(typed) == len(rows) else rows,
        key=f"{half.run.id}.{half.excerpt.from_line}",
        doubtful=DOUBTFUL,
        readings=_readings(half),
        longest=trials.LONGEST_LINE,
        error=error,
    )


def _readings(half: HalfPage) -> Json:
    with place.reads() as session:
        book = doubts.book_of(session, session.get_one(Project, half.project.id), place.now())
    return doubts.of_page(half.excerpt.printed, book)


def _size(half: HalfPage) -> Json:
    return {"width": half.page.width, "height": half.page.height}


def _begins(half: HalfPage) -> list[bool]:
    """Return for each line whether a paragraph begins there, after a blank row."""
    rows = half.excerpt.rows
    return [bool(place) and not rows[place - 1] for place, row in enumerate(rows) if row]


def _keep_page(errors: Errors) -> str:
    known = guests.guest()
    return render_template(
        "trying/keep.html",
        name=_name(),
        lines=known.get("lines"),
        title=known.get("title"),
        errors=errors,
        least=people.LEAST_PASSWORD,
    )


def _seconds(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None  # noqa: PLR2004


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))
