"""What every answer and every request goes through: headers, CSRF, limits, cookies."""

import secrets
from collections.abc import Callable

from flask import Blueprint, Flask, g, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from library.config import Settings
from web import carrying, place

csrf = CSRFProtect()
limiter = Limiter(
    key_func=get_remote_address,
    # Redis may be down: then each process counts for itself.
    in_memory_fallback_enabled=True,
    headers_enabled=True,
)

#: Bytes of a request that is not an upload.
FORM_BYTES = 4_000_000
#: Endpoints that take scans.
UPLOADS = frozenset(
    {
        "api.add_scans",
        "api.put_cover",
        "api.replace_image",
        "projects.add_now",
        "projects.add_scans",
        "projects.cover_now",
        "projects.settle",
    }
)

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions(SecureCookieSessionInterface):
    """Renews the cookie with every answer but those that anybody may keep.

    Such an answer would be asked for again with each new cookie, and a cache could give the cookie
    of one reader to the next.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the session's cookie with this answer."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


def secure(app: Flask, settings: Settings) -> None:
    """Set up cookies, CSRF, rate limits and headers."""
    app.session_interface = Sessions()
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-galley" if settings.secure else "galley",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=30 * 24 * 3600,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAX_CONTENT_LENGTH=settings.upload_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=20_000,
        RATELIMIT_ENABLED=settings.limits_on,
        RATELIMIT_STORAGE_URI=_limits_storage(settings),
    )
    csrf.init_app(app)
    app.before_request(_limit_body)
    app.before_request(place.find_visitor)
    app.before_request(_check_csrf)
    limiter.init_app(app)  # after the visitor is known: some limits are a person's
    app.after_request(_set_headers)
    app.jinja_env.globals["csp_nonce"] = csp_nonce


def csp_nonce() -> str:
    """Return this request's nonce for styles.

    Its length differs by chance: pages are compressed, and the size of one must not tell whether a
    guess that it repeats is near the form's token (the attack called BREACH).
    """
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16 + secrets.randbelow(64))
    return str(g.nonce)


def limit_of(name: str) -> Callable[[], str]:
    """Return a limit, by its name in GALLEY_LIMITS, for Flask-Limiter."""
    return lambda: place.settings().limits[name]


def limit_calls(blueprint: Blueprint) -> None:
    """Limit the calls of an API by person, or by address where nobody is signed in."""
    per_visitor = limiter.shared_limit(
        limit_of("api"), scope="api", key_func=_visitor, exempt_when=_is_picture
    )
    per_visitor(blueprint)


def _visitor() -> str:
    person = place.visitor()
    return f"person:{person.id}" if person is not None else get_remote_address()


def _is_picture() -> bool:
    """Whether this asks for a page's image: pages for people hold many of them."""
    return request.endpoint == "api.page_image"


def _limits_storage(settings: Settings) -> str:
    address = settings.redis_address
    return address.replace("unix://", "redis+unix://", 1)


def _limit_body() -> None:
    if request.endpoint not in UPLOADS:
        request.max_content_length = FORM_BYTES


def _check_csrf() -> None:
    """Ask a browser for its token; a bearer token can't be sent by another site."""
    if request.method in _SAFE or g.by_token:
        return
    if place.visitor() is None and request.endpoint in carrying.ENDPOINTS:
        # Nothing changes: the typed text is given back with the sign-in page.
        carrying.require_same_origin()
        return
    if request.blueprint != "api" or place.visitor() is not None:
        csrf.protect()


def _set_headers(response: Response) -> Response:
    policy = {
        "default-src": "'self'",
        "img-src": "'self' data: blob:",
        "style-src": f"'self' 'nonce-{csp_nonce()}'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": "'self'",
    }
    response.headers.setdefault(
        "Content-Security-Policy", "; ".join(f"{name} {value}" for name, value in policy.items())
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if place.settings().secure:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if place.visitor() is not None and not response.cache_control.public:
        response.vary.add("Cookie")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
    return response
