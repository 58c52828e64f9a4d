"""Which parts an installation has, and how they come up: what `galley run` does."""

import fcntl
import ipaddress
import json
import os
import socket
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from library import schema
from library.config import SITE_NAME, Settings
from library.db import make_engine
from library.errors import UnavailableError
from library.processes import Stopping
from web import demonstration, private_redis
from web.serve import Part, Supervisor, say, stop_on_signals

#: OCR makes room for whoever reads or saves.
_OCR_NICE = 10
_READY_SECONDS = 120


def run(settings: Settings) -> None:
    """Start every part, say when it is ready, and keep it running until told to stop.

    Raises UnavailableError when it can't come up: port taken, no Redis, already running.
    """
    stop_on_signals()
    supervisor = Supervisor(say)
    try:
        with _alone(settings):
            try:
                _start(settings, supervisor)
                supervisor.tend_for_ever()
            finally:
                supervisor.stop()
    except Stopping:
        say(f"{SITE_NAME} has stopped; nothing is lost.")


def _start(settings: Settings, supervisor: Supervisor) -> None:
    _require_free_port(settings)
    _use_own_temporary_folder(settings)
    if private_redis.is_private(settings):
        _start_redis(settings, supervisor)
    engine = make_engine(settings.database_url)
    schema.migrate(engine)
    schema.require_current(engine)
    engine.dispose()
    welcome = demonstration.load(settings) if _offers_demonstration(settings) else None
    for part in _parts(settings):
        supervisor.add(part)
    supervisor.tend_until(lambda: _answers(settings, "/healthz") == [], _READY_SECONDS)
    if settings.workers:  # without a worker it is never wholly ready
        supervisor.tend_until(lambda: _answers(settings, "/readyz") == [], 20)
    for missing in _answers(settings, "/readyz"):
        say(f"Not ready yet: {missing}")
    say(f"{SITE_NAME} is ready at {_address(settings)}")
    for line in welcome or demonstration.reminder(settings):
        say(line)


def _start_redis(settings: Settings, supervisor: Supervisor) -> None:
    where = private_redis.socket_of(settings)
    if where != settings.redis_socket:
        say(f"The path of {settings.var} is too long for a socket; Redis listens at {where}.")
    supervisor.add(Part("redis", private_redis.command(settings), _log(settings, "redis")))
    supervisor.tend_until(lambda: private_redis.answers(settings), 60)


def _parts(settings: Settings) -> Iterator[Part]:
    """Yield what runs besides Redis."""
    galley = [sys.executable, "-m", "web"]
    for number in range(1, settings.workers + 1):
        name = f"ocr-{number}"
        command = [*galley, "worker", "--queue", "ocr"]
        yield Part(name, command, _log(settings, name), nice=_OCR_NICE)
    yield Part("books", [*galley, "worker", "--queue", "books"], _log(settings, "books"))
    yield Part("sweep", [*galley, "sweep", "--loop"], _log(settings, "sweep"))
    yield Part("web", _web_command(settings), _log(settings, "web"))


def _web_command(settings: Settings) -> list[str]:
    """Return gunicorn's command: two processes, since one keeps no more than one core busy.

    Addresses in headers are believed only as GALLEY_PROXIES says, which the application does.
    """
    options = {
        "bind": f"{_bracketed(settings.host)}:{settings.port}",
        "worker-class": "gthread",
        "workers": "2",
        "threads": "8",
        "timeout": "120",
        "graceful-timeout": "10",
        "keep-alive": "5",
        "forwarded-allow-ips": "",
        "access-logfile": "-",
    }
    words = (word for name, value in options.items() for word in (f"--{name}", value))
    return [sys.executable, "-m", "gunicorn", "--no-control-socket", *words, "app:create_app()"]


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold this home, so that it is not started twice; raises UnavailableError."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnavailableError(
                f"{SITE_NAME} already runs from {settings.home}; stop it first, or set GALLEY_HOME"
                " and PORT for a second one."
            ) from None
        yield


def _require_free_port(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise UnavailableError(
                f"{settings.host}, port {settings.port}: {error.strerror or error}."
                " Set PORT (or HOST) to another."
            ) from None


def _use_own_temporary_folder(settings: Settings) -> None:
    """Have every part leave its temporary files where the sweep finds what dead ones left."""
    folder = settings.var / "tmp"
    folder.mkdir(exist_ok=True)
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None


def _offers_demonstration(settings: Settings) -> bool:
    with suppress(ValueError):
        return settings.demo and ipaddress.ip_address(settings.host).is_loopback
    return settings.demo and settings.host == "localhost"


def _answers(settings: Settings, path: str) -> list[str]:
    """Return what is missing by the web server's own word; nothing when all is well."""
    try:
        with urllib.request.urlopen(f"{_address(settings)}{path}", timeout=5):  # noqa: S310 - http
            return []
    except urllib.error.HTTPError as error:
        with suppress(ValueError, KeyError, AttributeError):
            missing = json.loads(error.read())["missing"]
            return [f"{name}: {reason}" for name, reason in missing.items()]
        return [f"the web server answers {error.code}"]
    except OSError as error:
        return [f"the web server does not answer ({error})"]


def _address(settings: Settings) -> str:
    """Return where this machine reaches the web server."""
    wildcards = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is listened on
    host = wildcards.get(settings.host, settings.host)
    return f"http://{_bracketed(host)}:{settings.port}"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _log(settings: Settings, name: str) -> Path:
    return settings.var / "logs" / f"{name}.log"
