"""What a cell of the page grid shows: a page's state in one word, for a visitor."""

from collections.abc import Sequence

from library.models import Person, Project
from proofing.rules import State
from web.present import Json

#: Views of the grid besides all pages.
SHOWN = ("ready", "mine", "problems")


def cells(project: Project, items: Sequence[Json], person: Person | None) -> list[Json]:
    """Return pages as the grid shows them, from `present.page_items`."""
    return [
        {
            "number": item["number"],
            "label": item["label"] or str(item["number"]),
            "mark": _mark(project, item, person),
            "holder": item["holder"],
            "free": item["state"] == State.AVAILABLE,
        }
        for item in items
    ]


def in_view(shown: Sequence[Json], name: str) -> list[Json]:
    """Return the cells of one view of the grid: `ready`, `mine`, `problems`, or all of them."""
    if name == "ready":
        return [cell for cell in shown if cell["free"]]
    marks = {"mine": "mine", "problems": "problem"}
    return [cell for cell in shown if name not in marks or cell["mark"] == marks[name]]


def _mark(project: Project, item: Json, person: Person | None) -> str:
    state = item["state"]
    if state == "reading":
        return "under-way" if item["ocr"]["state"] == "running" else "waiting"
    if state in ("failed", State.BAD):
        return "problem"
    if state == State.OUT:
        return "mine" if person is not None and item["holder"] == person.name else "held"
    if item["kind"] == "blank":
        return "blank"
    return _progress(project, item)


def _progress(project: Project, item: Json) -> str:
    """Return how often a page has been read: its round tells, and whether it is done there."""
    code, rounds = item["round"], list(project.rounds)
    times = rounds.index(code) if code in rounds else 0
    times += item["state"] in (State.DONE, State.SKIPPED)
    if times == len(rounds):
        return "finished"
    return ("ready", "once", "twice")[min(times, 2)]
