"""The Redis of this installation's own: a unix socket under `var/`, no port, everything on disk.

A unix socket's path has 104 bytes at most (108 on Linux). Where `var/` lies deeper, the socket
stands in a folder of this user's own in `/tmp`, named after the home.
"""

import hashlib
import os
import shutil
import stat
from collections.abc import MutableMapping
from pathlib import Path

import redis

from library import queue
from library.config import Settings, settings_from
from library.errors import SettingError, UnavailableError

_LONGEST_PATH = 100


def choose_address(environ: MutableMapping[str, str] = os.environ) -> None:
    """Set REDIS_URL to the short socket where the usual one's path would be too long.

    Raises SettingError when its folder is not this user's own.
    """
    settings = settings_from(environ)
    socket = socket_of(settings)
    if settings.redis_url is None and socket != settings.redis_socket:
        if socket.parent.exists():
            _require_own(socket.parent)
        environ["REDIS_URL"] = f"unix://{socket}"


def is_private(settings: Settings) -> bool:
    """Whether `galley run` starts the Redis itself."""
    return settings.redis_url in (None, f"unix://{socket_of(settings)}")


def socket_of(settings: Settings) -> Path:
    """Return where the private Redis listens; decided by the home alone."""
    if len(os.fsencode(settings.redis_socket)) <= _LONGEST_PATH:
        return settings.redis_socket
    mark = hashlib.sha256(os.fsencode(settings.home)).hexdigest()[:12]
    return Path("/tmp") / f"galley-{os.getuid()}-{mark}" / "redis.sock"  # noqa: S108 - checked below


def command(settings: Settings) -> list[str]:
    """Return the command that starts it, its folders made.

    Raises UnavailableError where Redis is not installed, SettingError for a folder that is not
    this user's own.
    """
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise UnavailableError("Redis is not installed; install redis-server, or set REDIS_URL.")
    data, socket = settings.var / "redis", socket_of(settings)
    data.mkdir(parents=True, exist_ok=True)
    socket.parent.mkdir(mode=0o700, exist_ok=True)
    _require_own(socket.parent)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]


def answers(settings: Settings) -> bool:
    """Whether Redis answers, its data read in."""
    try:
        queue.connect(settings).ping()
    except redis.RedisError:
        return False
    return True


def _require_own(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise SettingError(f"{folder} belongs to somebody else; choose a shorter GALLEY_HOME.")
