"""The desk as its owner finds it: pages in hand, what could be next, what was done."""

from datetime import timedelta

from flask import render_template
from flask_babel import format_date

from exports.errata import errata, smooth
from library.models import Person, Project
from proofing import tallies, tasks, trials
from proofing.models import PageTask
from proofing.rules import ROUNDS
from proofing.trials_models import TrialLayer
from web import place
from web.books import shelves
from web.present import Json

_OFFERS, _LATELY, _BOOKS = 6, 5, 20


def show_desk(person: Person) -> str:
    """Return a person's desk."""
    with place.reads() as session:
        offers = tallies.offers(session, person, _OFFERS)
        counts = tallies.counts_of(session, person, place.now())
        return render_template(
            "desk/dashboard.html",
            held=[_in_hand(task) for task in tasks.held(session, person)],
            counts={"today": counts.today, "week": sum(counts.week), "total": counts.total},
            week=_week(counts),
            ready=[shelves.offer(offer) for offer in offers],
            mine=shelves.shares(session, tallies.shares(session, person, _BOOKS)),
            lately=[_handed_in(task) for task in tallies.reopenable(session, person, _LATELY)],
            coordinating=shelves.coordinated(session, person),
            waiting=None,
            smooth=[
                {"slug": each.slug, "title": each.title} for each in smooth.open_books(session)
            ],
            errata=len(errata.waiting_for(session, person)),
            trials=[_trial(layer) for layer in trials.layers_by(session, person)],
        )


def _in_hand(task: PageTask) -> Json:
    return {
        **_about(task),
        "page": task.number,
        "round_name": ROUNDS[task.round].name,
        "expires_at": task.lease_until,
        "doubtful": task.run.doubtful if task.run else None,
    }


def _handed_in(task: PageTask) -> Json:
    return {**_about(task), "done_at": task.done_at}


def _trial(layer: TrialLayer) -> Json:
    return {
        "slug": layer.project.slug,
        "title": layer.project.title,
        "label": layer.page.label or str(layer.page.number),
        "lines": sum(bool(row) for row in layer.text.split("\n")),
        "words": len(layer.text.split()),
        "agreed": layer.agreed,
    }


def _about(task: PageTask) -> Json:
    project: Project = task.project
    return {
        "task_id": task.id,
        "slug": project.slug,
        "title": project.title,
        "label": task.page.label or str(task.number),
    }


def _week(counts: tallies.Counts) -> list[Json]:
    today = place.now().date()
    return [
        {
            "day": format_date(today - timedelta(days=6 - place_in_week), "EEEEEE"),
            "pages": pages,
            "today": place_in_week == len(counts.week) - 1,
        }
        for place_in_week, pages in enumerate(counts.week)
    ]
