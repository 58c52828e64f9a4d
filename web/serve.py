"""What `make run` is: starts every part of Galley, keeps it running, and stops all of it in order.

Each part is a process in a group of its own, so that Ctrl-C reaches only this one; on Linux the
kernel tells the parts to stop even if this process is killed. Nothing here knows of work: a part
that dies is started again, and what it had in hand is a row in the database.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from library.errors import UnavailableError
from library.processes import Stopping, die_with

#: Seconds that parts get to stop in order, before they are killed.
_GRACE = 14
#: A part that ran this long in seconds is started again at once.
_STEADY = 60
_LONGEST_PAUSE = 30.0
#: A log larger than this in bytes is set aside at the next start.
_LARGE_LOG = 10_000_000
#: A part that never came up is not tried for ever.
_MOST_EARLY_DEATHS = 3

_CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass
class Part:
    """One process that is to run: its name, command, what its environment has besides ours."""

    name: str
    command: Sequence[str]
    log: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    #: How much it steps back for the others, 0 to 19.
    nice: int = 0
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    deaths: int = 0
    due: float = 0.0

    def start(self) -> None:
        """Start the process, its words going to the log."""
        parent, nice = os.getpid(), self.nice

        def prepare() -> None:
            die_with(parent, signal.SIGTERM)
            os.nice(nice)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own commands
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=_CHECKOUT,
                env={**os.environ, **self.environ},
                start_new_session=True,
                preexec_fn=prepare,  # noqa: PLW1509 - this process has one thread
            )
        self.started = time.monotonic()

    def tend(self, say: Callable[[str], None]) -> None:
        """Start the process again, after a pause that grows, when it has ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.signal(signal.SIGKILL)  # whatever it left behind in its group
        self.process = None
        self.deaths = 1 if now - self.started > _STEADY else self.deaths + 1
        pause = min(_LONGEST_PAUSE, 0.25 * 2**self.deaths)
        self.due = now + pause
        say(
            f"{self.name} ended ({_ending(code)}); starting it again in {pause:g} s. See {self.log}"
        )

    def signal(self, number: signal.Signals) -> None:
        """Send the process's whole group a signal, if it is still there."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def ask_to_stop(self) -> None:
        """Send the process itself SIGTERM: it stops its own children in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """The parts, in the order in which they start."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.parts: list[Part] = []
        self._say = say

    def add(self, part: Part) -> None:
        """Start a part and keep it running from now on."""
        part.log.parent.mkdir(parents=True, exist_ok=True)
        if part.log.exists() and part.log.stat().st_size > _LARGE_LOG:
            part.log.replace(part.log.with_suffix(".old.log"))
        self.parts.append(part)
        part.start()

    def tend(self) -> None:
        """Start again what has ended; raises UnavailableError when one never came up."""
        for part in self.parts:
            part.tend(self._say)

    def tend_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Tend the parts until `ready` says so; False when that takes longer than `seconds`.

        Raises UnavailableError when a part ends again and again meanwhile.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline:
                return False
            self.tend()
            for part in self.parts:
                if part.deaths >= _MOST_EARLY_DEATHS:
                    raise UnavailableError(
                        f"{part.name} does not start: {_last_words(part.log)} See {part.log}."
                    )
            time.sleep(0.1)
        return True

    def tend_for_ever(self) -> None:
        """Tend the parts until an exception, Stopping as a rule, ends it."""
        while True:
            self.tend()
            time.sleep(0.2)

    def stop(self, last: Sequence[str] = ("redis",)) -> None:
        """Stop every part in order, those named `last` after the others, and kill stragglers."""
        others = [part for part in self.parts if part.name not in last]
        _stop(others, _GRACE)
        _stop([part for part in self.parts if part.name in last], 3)
        self.parts.clear()


def stop_on_signals() -> None:
    """Let the first SIGTERM, SIGINT or SIGHUP raise Stopping; further ones change nothing."""

    def stop(_number: int, _frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopping

    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, stop)


def say(sentence: str) -> None:
    """Print a line for whoever started this."""
    print(sentence, flush=True)  # noqa: T201 - a command's own words


def _stop(parts: Sequence[Part], seconds: float) -> None:
    for part in parts:
        part.ask_to_stop()
    deadline = time.monotonic() + seconds
    while any(part.running for part in parts) and time.monotonic() < deadline:
        time.sleep(0.05)
    for part in parts:
        part.signal(signal.SIGKILL)
        if part.process is not None:
            part.process.wait()


def _ending(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _last_words(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "it said nothing.")
