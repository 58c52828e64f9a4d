"""Signing in and out, joining, one's own settings, and links that set a new password."""

from flask import (
    Blueprint,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.wrappers import Response
from sqlalchemy import select

from library import mail, naming, people
from library.config import SITE_NAME
from library.errors import ConflictError, InvalidError, SignInError
from library.models import ApiToken, Person
from web import carrying, desk, guests, place
from web.forms import Errors, Values, safe_next
from web.preferences import desk_settings, keep_desk
from web.security import limit_of, limiter
from web.words import gettext as _

bp = Blueprint("accounts", __name__)

#: Key of the session under which a new token waits to be shown, once.
_NEW_TOKEN = "new-token"  # noqa: S105 - a key, not a secret


def typed_name() -> str:
    """Return the account's name as typed, in the form that accounts have."""
    return request.form.get("name", "").strip().casefold()


def _account() -> str:
    return f"account:{typed_name()[:64]}"


def _refused(response: Response) -> bool:
    return response.status_code >= 400  # noqa: PLR2004


@bp.get("/sign-in")
def sign_in() -> Response | str:
    """Ask for name and password."""
    if place.visitor() is not None:
        return _onwards(request.args.get("next"))
    return _sign_in_page({}, {}, request.args.get("next"))


@bp.post("/sign-in")
@limiter.limit(limit_of("sign-in"))
@limiter.limit(limit_of("sign-in-account"), key_func=_account, deduct_when=_refused)
def sign_in_now() -> Response | tuple[str, int]:
    """Begin a session; an unknown name and a wrong password get one answer in the same time."""
    name, password = typed_name(), request.form.get("password", "")
    with place.reads() as transaction:
        person = people.find_person(transaction, name)
    if not people.verify(person.password_hash if person else None, password) or person is None:
        sentence = _("This name and password don't fit together; check both.")
        return _sign_in_page({"name": name}, {"password": sentence}, _next()), 401
    try:
        begin(person)
    except SignInError as error:
        return _sign_in_page({"name": name}, {"name": error.sentence}, _next()), 401
    if (text := carrying.carried()) is not None:
        return desk.keep(person, text) or _see(url_for("desk.proof", task_id=text.task))
    if _to_a_page():
        return _see(desk.any_page(person))
    return _onwards(_next())


@bp.get("/join")
def join() -> Response | str:
    """Ask for a name and a password for a new account."""
    if place.visitor() is not None:
        return _onwards(request.args.get("next"))
    return _join_page({}, {}, request.args.get("next"))


@bp.post("/join")
@limiter.limit(limit_of("join"))
def join_now() -> Response | tuple[str, int]:
    """Create an account and sign it in."""
    name, password = typed_name(), request.form.get("password", "")
    address = request.form.get("mail", "").strip() if place.settings().sends_mail else ""
    typed = {"name": name, "mail": address}
    if not place.settings().registration_open:
        return _join_page(typed, {}, _next()), 403
    try:
        person = _add(name, password, address)
    except InvalidError as error:
        return _join_page(typed, error.errors, _next()), 422
    except ConflictError as error:
        return _join_page(typed, {"name": error.sentence}, _next()), 409
    begin(person)
    if address:
        place.ring("books")
        flash(_("A letter is on its way; open the link in it to confirm the address."), "done")
    flash(_("Welcome to %(site)s, %(name)s.", site=SITE_NAME, name=name), "done")
    return _onwards(_next())


def _add(name: str, password: str, address: str) -> Person:
    """Create an account, and write the letter that confirms its address, if one was given."""
    with place.writes() as transaction:
        person = people.add_person(transaction, name, password, place.now())
        if address:
            key = place.settings().secret_key
            mail.give_address(transaction, person, address, key, place.now())
    return person


@bp.post("/sign-out")
def sign_out() -> Response:
    """End this session, here and on the server."""
    _end()
    flash(_("You are signed out."), "done")
    return _see(url_for("home.index"))


@bp.get("/settings")
def settings() -> str:
    """Show what one can set for oneself."""
    return _settings_page({})


@bp.post("/settings/password")
@limiter.limit(limit_of("sign-in"))
def change_password() -> Response | tuple[str, int]:
    """Set a new password; every other session ends."""
    person, wanted = place.person(), request.form.get("password", "")
    if not people.verify(person.password_hash, request.form.get("current", "")):
        return _settings_page({"current": _("This is not your present password.")}), 422
    try:
        with place.writes() as transaction:
            changed = transaction.get_one(Person, person.id)
            people.change_password(transaction, changed, wanted, place.now())
    except InvalidError as error:
        return _settings_page(error.errors), 422
    begin(changed)
    flash(_("Your password is changed, and every other session has ended."), "done")
    return _see(url_for("accounts.settings"))


@bp.post("/settings/name")
@limiter.limit(limit_of("join"))
def choose_name() -> Response | tuple[str, int]:
    """Put a name of one's own in the place of the one that was given, once."""
    person, wanted = place.person(), typed_name()
    try:
        with place.writes() as transaction:
            mine = transaction.get_one(Person, person.id)
            naming.choose_name(transaction, mine, wanted, place.now())
    except (InvalidError, ConflictError) as error:
        return _settings_page({"name": error.sentence}, {"name": wanted}), error.status
    flash(_("Your name is %(name)s now; sign in with it.", name=wanted), "done")
    return _see(url_for("accounts.settings"))


@bp.post("/settings/tokens")
def make_token() -> Response:
    """Make an API token; it is shown on the next page, once."""
    person = place.person()
    with place.writes() as transaction:
        session[_NEW_TOKEN] = people.new_token(transaction, person, place.now())
    return _see(url_for("accounts.settings"))


@bp.post("/settings/tokens/<int:token_id>/revoke")
def revoke_token(token_id: int) -> Response:
    """Delete one of one's own tokens."""
    person = place.person()
    with place.writes() as transaction:
        people.revoke_token(transaction, person, token_id)
    flash(_("The token is revoked."), "done")
    return _see(url_for("accounts.settings"))


@bp.post("/settings/preferences")
def preferences() -> Response:
    """Keep how somebody likes their desk."""
    keep_desk(place.person(), request.form)
    flash(_("Your desk is set so from now on."), "done")
    return _see(url_for("accounts.settings"))


@bp.get("/reset/<secret>")
def reset(secret: str) -> str:
    """Ask for a new password, for who holds this link."""
    return render_template("accounts/reset.html", secret=secret, errors={}, least=_least())


@bp.post("/reset/<secret>")
@limiter.limit(limit_of("sign-in"))
def reset_now(secret: str) -> Response | tuple[str, int]:
    """Use a link: set the password and sign in."""
    try:
        with place.writes() as transaction:
            password = request.form.get("password", "")
            person = people.reset_password(transaction, secret, password, place.now())
    except InvalidError as error:
        page = render_template(
            "accounts/reset.html", secret=secret, errors=error.errors, least=_least()
        )
        return page, 422
    begin(person)
    flash(_("Your new password is set."), "done")
    return _see(url_for("desk.index"))


def begin(person: Person) -> None:
    """Sign a person in under a new secret; what they read as a guest becomes theirs."""
    with place.writes() as transaction:
        secret = people.sign_in(transaction, person, place.now())
        guests.attach(transaction, person)
    _end()
    session.permanent = True
    session[place.LOGIN] = secret
    place.welcome(person)


def _end() -> None:
    secret = session.get(place.LOGIN)
    session.clear()
    place.welcome(None)
    if secret:
        with place.writes() as transaction:
            people.sign_out(transaction, secret)


def _next() -> str | None:
    return request.form.get("next")


def _to_a_page() -> bool:
    """Whether who signs in wants a page at once, not their desk first."""
    return request.values.get("then") == "page"


def _onwards(target: str | None) -> Response:
    return _see(safe_next(target) or url_for("desk.index"))


def _see(address: str) -> Response:
    return make_response(redirect(address, 303))


def _least() -> int:
    return people.LEAST_PASSWORD


def _sign_in_page(values: Values, errors: Errors, target: str | None) -> str:
    return render_template(
        "accounts/sign_in.html",
        values=values,
        errors=errors,
        next=safe_next(target),
        to_a_page=_to_a_page(),
        carried=carrying.carried(),
    )


def _join_page(values: Values, errors: Errors, target: str | None) -> str:
    return render_template(
        "accounts/join.html", values=values, errors=errors, next=safe_next(target), least=_least()
    )


def _settings_page(errors: Errors, values: Values | None = None) -> str:
    person = place.person()
    with place.reads() as transaction:
        mine = select(ApiToken).where(ApiToken.person_id == person.id).order_by(ApiToken.id.desc())
        tokens = transaction.scalars(mine).all()
        name_was_given = naming.has_given_name(transaction, person)
        own_mail = mail.mail_of(transaction, person)
    return render_template(
        "accounts/settings.html",
        values=values or {},
        errors=errors,
        name_was_given=name_was_given,
        mail=own_mail,
        desk=desk_settings(),
        tokens=tokens,
        new_token=session.pop(_NEW_TOKEN, None),
        least=_least(),
    )
