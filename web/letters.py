"""Mail for people: an address of one's own, confirmed by a link, and forgotten passwords.

All of it is there only where a mail server is set; letters are sent by the `books` workers.
"""

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.wrappers import Response

from library import mail
from library.errors import InvalidError
from library.models import Person
from web import place
from web.security import limit_of, limiter
from web.words import gettext as _

bp = Blueprint("letters", __name__)


@bp.before_request
def only_with_mail() -> None:
    """Know nothing of these pages on a site without mail."""
    if not place.settings().sends_mail:
        abort(404)


@bp.post("/settings/mail")
@limiter.limit(limit_of("sign-in"))
def give_address() -> Response:
    """Take an address and write the letter that confirms it; an empty one is forgotten."""
    person, typed = place.person(), request.form.get("mail", "").strip()
    try:
        with place.writes() as transaction:
            mine = transaction.get_one(Person, person.id)
            if typed:
                mail.give_address(
                    transaction, mine, typed, place.settings().secret_key, place.now()
                )
            else:
                mail.remove_address(transaction, mine)
    except InvalidError as error:
        flash(error.sentence, "error")
        return _see(url_for("accounts.settings"))
    place.ring("books")
    said = _("A letter is on its way; open the link in it to confirm the address.")
    flash(said if typed else _("Your address is forgotten."), "done")
    return _see(url_for("accounts.settings"))


@bp.post("/settings/reminders")
def reminders() -> Response:
    """Turn reminders on or off."""
    person, wanted = place.person(), "reminders" in request.form
    with place.writes() as transaction:
        mail.want_reminders(transaction, transaction.get_one(Person, person.id), wanted=wanted)
    flash(_("Reminders will come by mail.") if wanted else _("No reminders will come."), "done")
    return _see(url_for("accounts.settings"))


@bp.get("/mail/<secret>")
def confirm(secret: str) -> str:
    """Ask whether the address is the visitor's: looking at a page confirms nothing."""
    return render_template("accounts/confirm.html", secret=secret)


@bp.post("/mail/<secret>")
@limiter.limit(limit_of("sign-in"))
def confirm_now(secret: str) -> Response:
    """Take the address as its person's."""
    with place.writes() as transaction:
        mail.confirm(transaction, secret, place.now())
    flash(_("Your address is confirmed."), "done")
    target = "accounts.settings" if place.visitor() else "accounts.sign_in"
    return _see(url_for(target))


@bp.get("/recover")
def recover() -> str:
    """Ask for the name or the address of the account."""
    return render_template("accounts/recover.html", asked=False)


@bp.post("/recover")
@limiter.limit(limit_of("sign-in"))
def recover_now() -> str:
    """Write to who has this name or address; the answer is the same when there is nobody."""
    typed = request.form.get("account", "")[:300]
    with place.writes() as transaction:
        mail.ask_recovery(transaction, typed, place.settings().secret_key, place.now())
    place.ring("books")
    return render_template("accounts/recover.html", asked=True)


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))
