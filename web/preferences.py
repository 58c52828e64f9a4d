"""What somebody chose for their desk: as pages show it, and as the settings page sends it."""

from typing import TYPE_CHECKING

from library.models import Person
from proofing import desks
from web import place
from web.present import Json

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

FACES = ("mono", "sans", "book")
PROOF_MARKS = ("off", "punctuation", "lookalikes")
#: Choices that are on or off, and off as usual.
SWITCHES = ("tab_moves_focus", "blind", "toast_stays")


def desk_settings() -> Json:
    """Return what the visitor chose for wide screens; a guest's own choices stay in the browser."""
    person = place.visitor()
    if person is None:
        return {}
    with place.reads() as session:
        return dict(desks.chosen(session, person).devices["wide"])


def typeface() -> str:
    """Return the typeface of the text to proofread."""
    return str(desk_settings().get("face", FACES[0]))


def keep_desk(person: Person, form: "MultiDict[str, str]") -> None:
    """Keep what the settings page sent, for all of their screens; odd values change nothing."""
    changes: Json = {name: form.get(name) == "1" or None for name in SWITCHES}
    for name, values in (("face", FACES), ("proof_marks", PROOF_MARKS)):
        if form.get(name) in values:
            changes[name] = form[name]
    with place.writes() as session:
        for device in desks.DEVICES:
            desks.choose(session, person, device, changes)
