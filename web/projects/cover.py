"""The page on which coordinators choose a book's cover."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.wrappers import Response

from library import projects
from library.errors import InvalidError, NotFoundError
from pipeline import covers
from pipeline.cutting import COVER_LEAST, COVER_NARROWEST
from pipeline.failures import PipelineError
from web import place
from web.api.covers import change_cover
from web.projects import bp
from web.words import gettext as _

#: The first pages of a book, among which its title page is.
_OFFERED = 8


@bp.get("/projects/<slug>/cover")
def cover(slug: str) -> str:
    """Show the cover, and what it may be made of."""
    return _form(slug, {})


@bp.post("/projects/<slug>/cover")
def cover_now(slug: str) -> Response | tuple[str, int]:
    """Make a cover of a page or of the file that came, or return to the drawn one."""
    person, action = place.person(), request.form.get("action", "")
    if action == "draw":
        with place.writes() as session:
            project = projects.find_project(session, slug)
            covers.set_cover(session, person, project, None, place.now())
    else:
        field = "page" if action == "page" else "file"
        try:
            change_cover(slug, request.form.get("page", "").strip() if action == "page" else "")
        except (InvalidError, PipelineError, NotFoundError) as error:
            return _form(slug, {field: error.sentence}), 422
    flash(_("The next release has this cover."), "done")
    return make_response(redirect(url_for("projects.cover", slug=slug), 303))


def _form(slug: str, errors: dict[str, str]) -> str:
    person = place.person()
    with place.reads() as session:
        project = projects.find_project(session, slug)
        projects.require_coordinator(session, person, project)
        first = [page for page in projects.pages_of(session, project) if page.kind != "blank"]
        return render_template(
            "projects/cover.html",
            project=project,
            version=(project.cover_sha256 or "drawn")[:16],
            errors=errors,
            values=request.form,
            pages=[
                {"number": page.number, "label": page.label or str(page.number)}
                for page in first[:_OFFERED]
                if page.image_sha256
            ],
            least=COVER_LEAST,
            better=COVER_NARROWEST,
        )
