"""Notes and suggested words as plain values: what the API gives and templates show."""

from library.models import Person
from proofing.models import Note, WordSuggestion
from web.cuttings import cutting
from web.present import Json, moment


def note(row: Note) -> Json:
    """Return a note with its answers, as the API gives it; what was withdrawn says nothing."""
    picture = cutting(row.page, row.box, row.image_sha256)
    return {
        **_said(row),
        "project": row.page.project.slug,
        "page": row.page.number,
        "page_id": row.page_id,
        "line": row.line,
        "first": row.first_word,
        "last": row.last_word,
        "quote": row.quote,
        "picture": picture["url"] if picture else None,
        "settled_by": row.settler.name if row.settler else None,
        "settled_at": moment(row.settled_at),
        "answers": [_said(answer) for answer in row.answers],
    }


def note_shown(row: Note, person: Person | None) -> Json:
    """Return a note as a template shows it to this person, with its picture's size."""
    return {
        **note(row),
        "at": row.created_at,
        "picture": cutting(row.page, row.box, row.image_sha256),
        "label": row.page.label or str(row.page.number),
        "mine": _is_of(row, person),
        "answers": [
            {**_said(each), "at": each.created_at, "mine": _is_of(each, person)}
            for each in row.answers
        ],
    }


def suggestion_shown(row: WordSuggestion) -> Json:
    """Return a suggested word as a template shows it, with its picture's size."""
    page = row.page
    return {
        **suggestion(row),
        "at": row.created_at,
        "picture": cutting(page, row.box, row.image_sha256) if page else None,
        "label": (page.label or str(page.number)) if page else "",
    }


def suggestion(row: WordSuggestion) -> Json:
    """Return a suggested word, as the API gives it."""
    picture = cutting(row.page, row.box, row.image_sha256) if row.page else None
    return {
        "id": row.id,
        "word": row.word,
        "state": row.state,
        "by": row.person.name,
        "at": moment(row.created_at),
        "page": row.page.number if row.page and not row.page.deleted_at else None,
        "line": row.line,
        "index": row.word_index,
        "picture": picture["url"] if picture else None,
    }


def _is_of(row: Note, person: Person | None) -> bool:
    return person is not None and row.person_id == person.id


def _said(row: Note) -> Json:
    return {
        "id": row.id,
        "by": row.person.name,
        "at": moment(row.created_at),
        "state": row.state,
        "body": "" if row.state == "withdrawn" else row.body,
    }
