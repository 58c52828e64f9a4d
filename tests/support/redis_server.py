"""A Redis of the tests' own, on a unix socket, that can be stopped and started again."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import redis

from library.processes import die_with


class RedisServer:
    """One `redis-server` process in a folder of its own."""

    def __init__(self) -> None:
        # Unix sockets have short names only, so not below pytest's own folder.
        self.folder = Path(tempfile.mkdtemp(prefix="galley-redis-"))
        self.url = f"unix://{self.folder / 'redis.sock'}"
        self._process: subprocess.Popen[bytes] | None = None

    def client(self) -> "redis.Redis":
        """Return a new client; close it."""
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start the server, unless it runs, and wait until it answers."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", str(self.folder / "redis.sock"),
             "--save", "", "--dir", str(self.folder)],
            stdout=subprocess.DEVNULL,
            # Also when the tests are killed, nothing stays behind.
            preexec_fn=partial(die_with, os.getpid(), signal.SIGKILL),  # noqa: PLW1509 - no thread yet
        )  # fmt: skip
        with self.client() as client:
            for _ in range(500):
                try:
                    client.ping()
                except redis.ConnectionError:
                    time.sleep(0.01)
                else:
                    return
        raise RuntimeError("redis-server did not start")

    def stop(self) -> None:
        """Kill the server: what was in it is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None
            (self.folder / "redis.sock").unlink(missing_ok=True)

    def close(self) -> None:
        """Kill the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
