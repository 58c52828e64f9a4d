"""Settings: read once from the environment, frozen, passed down as a value.

Names, meanings and defaults are listed in `docs/settings.md`.
"""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from library.errors import SettingError

#: The product's name; it stands nowhere else.
SITE_NAME = "Galley"

#: Rate and abuse limits; `GALLEY_LIMITS` overrides them by name. Rates are those of `limits`.
DEFAULT_LIMITS: Mapping[str, str] = {
    "sign-in": "10/minute",
    "sign-in-account": "10/hour",
    "join": "20/hour",
    "try": "10/hour",
    "errata": "20/hour",
    "pack": "30/hour",
    "api": "600/minute",
    "pages-held": "5",
    "upload-bytes": "2000000000",
}


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides. Times are durations, addresses are absolute URLs."""

    home: Path
    database_url: str
    redis_url: str | None
    storage_url: str
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 1
    secret_key: str = field(default="", repr=False)
    url: str = "http://127.0.0.1:5000"
    proxies: int = 0
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    demo: bool = True
    registration_open: bool = True
    limits: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULT_LIMITS))
    limits_on: bool = True
    lease: timedelta = timedelta(days=3)
    prefetch_lease: timedelta = timedelta(minutes=20)
    sweep_every: timedelta = timedelta(seconds=30)
    job_lease: timedelta = timedelta(seconds=60)

    @property
    def var(self) -> Path:
        """Folder for the SQLite file, Redis, logs and releases."""
        return self.home / "var"

    @property
    def releases(self) -> Path:
        """Folder of built releases: `SLUG/NUMBER/files`."""
        return self.var / "releases"

    @property
    def redis_socket(self) -> Path:
        """Unix socket of the private Redis that `make run` starts."""
        return self.var / "redis.sock"

    @property
    def redis_address(self) -> str:
        """The Redis in use: the given one, else the private one's socket."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def secure(self) -> bool:
        """Whether the public address is https, so that cookies may say Secure."""
        return self.url.startswith("https:")

    @property
    def sends_mail(self) -> bool:
        """Whether there is a server that takes mail."""
        return self.smtp_url is not None

    @property
    def pages_held(self) -> int:
        """How many pages one person may have in hand."""
        return int(self.limits["pages-held"])

    @property
    def upload_bytes(self) -> int:
        """Largest upload, bytes of one request."""
        return int(self.limits["upload-bytes"])


def settings_from(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this environment (the process's own by default).

    Raises SettingError with one sentence that names the variable and what it takes.
    """
    env = os.environ if environ is None else environ
    home = Path(env.get("GALLEY_HOME") or Path(__file__).parent.parent).resolve()
    host = env.get("HOST") or "127.0.0.1"
    port = _whole(env, "PORT", 5000, 1, 65535)
    limits, limits_on = _limits(env.get("GALLEY_LIMITS", ""))
    return Settings(
        home=home,
        database_url=_database(env, home),
        redis_url=_choice_of_scheme(env, "REDIS_URL", ("redis", "rediss", "unix")),
        storage_url=env.get("STORAGE_URL") or f"file://{home / 'scans'}",
        host=host,
        port=port,
        workers=_whole(env, "GALLEY_WORKERS", os.cpu_count() or 1, 0, 256),
        secret_key=env.get("SECRET_KEY") or "",
        url=_public_url(env, host, port),
        proxies=_whole(env, "GALLEY_PROXIES", 0, 0, 16),
        smtp_url=_choice_of_scheme(env, "SMTP_URL", ("smtp", "smtps")),
        mail_from=_sender(env),
        demo=_word(env, "GALLEY_DEMO", ("auto", "off")) == "auto",
        registration_open=_word(env, "GALLEY_REGISTRATION", ("open", "closed")) == "open",
        limits=limits,
        limits_on=limits_on,
        lease=_seconds(env, "GALLEY_LEASE", timedelta(days=3)),
        prefetch_lease=_seconds(env, "GALLEY_PREFETCH_LEASE", timedelta(minutes=20)),
        sweep_every=_seconds(env, "GALLEY_SWEEP", timedelta(seconds=30)),
        job_lease=_seconds(env, "GALLEY_JOB_LEASE", timedelta(seconds=60)),
    )


def with_secret(settings: Settings) -> Settings:
    """Return the settings with a secret key: the given one, else one made once and kept in `var/`.

    Raises SettingError when the given key is too short to sign anything.
    """
    if settings.secret_key:
        if len(settings.secret_key) < 16:  # noqa: PLR2004 - 128 bits, one character a byte
            raise SettingError("SECRET_KEY is too short: give at least 16 random characters.")
        return settings
    kept = settings.var / "secret.key"
    kept.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return replace(settings, secret_key=kept.read_text())


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise SettingError(f"{name} is {text!r}; it takes a whole number from {least} to {most}.")
    return int(text)


def _seconds(env: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    text = env.get(name)
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 10_000_000:  # noqa: PLR2004 - four months: beyond that it is a slip
        raise SettingError(f"{name} is {text!r}; it takes a number of seconds above 0.")
    return timedelta(seconds=seconds)


def _word(env: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    text = env.get(name) or words[0]
    if text not in words:
        raise SettingError(f"{name} is {text!r}; it takes {' or '.join(words)}.")
    return text


def _choice_of_scheme(env: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    text = env.get(name)
    if text and urlsplit(text).scheme not in schemes:
        expected = " or ".join(f"{scheme}://…" for scheme in schemes)
        raise SettingError(f"{name} is not an address it can use; it takes {expected}.")
    return text or None


def _sender(env: Mapping[str, str]) -> str | None:
    text = env.get("MAIL_FROM") or None
    if env.get("SMTP_URL") and not re.fullmatch(r"[^\s@<>\"]+@[^\s@<>\"]+", text or ""):
        raise SettingError("MAIL_FROM takes the sender of mail, like books@example.org.")
    return text


def _database(env: Mapping[str, str], home: Path) -> str:
    text = env.get("DATABASE_URL") or f"sqlite:///{home / 'var' / 'galley.db'}"
    scheme = text.partition(":")[0]
    if scheme in ("postgres", "postgresql"):
        return "postgresql+psycopg" + text[len(scheme) :]
    if scheme not in ("sqlite", "postgresql+psycopg"):
        raise SettingError("DATABASE_URL takes sqlite:///FILE or postgresql+psycopg://…")
    return text


def _public_url(env: Mapping[str, str], host: str, port: int) -> str:
    text = (env.get("GALLEY_URL") or f"http://{host}:{port}").rstrip("/")
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingError(f"GALLEY_URL is {text!r}; it takes an address like https://books.org.")
    return text


def _limits(text: str) -> tuple[Mapping[str, str], bool]:
    if text.strip() == "off":
        open_wide = {**DEFAULT_LIMITS, "pages-held": "1000000"}
        return open_wide, False
    limits = dict(DEFAULT_LIMITS)
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition("=")
        if name not in limits or not value:
            known = ", ".join(limits)
            raise SettingError(f"GALLEY_LIMITS has {part!r}; it takes NAME=VALUE of {known}.")
        limits[name] = value
    return limits, True
