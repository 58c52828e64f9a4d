"""Runs functions over uploaded files in a child process that has limits and can't outlive us.

Decoders of images, PDF and archives are written in C and are fed by strangers. They run only here:
the kernel limits address space, processor time and file size, the child is a session of its own
and is killed with everything it started when its time is over, and on Linux also when we die.

A process of one thread (an RQ work-horse) forks, which costs some milliseconds. A process of many
threads (the web server) must not run Python code after a fork: it starts a fresh interpreter, once
for a whole list of items. `benchmarks/bench_ocr.py` measures both.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from pipeline.confinement import Bounds, Request, answer, environment, too_much_memory, unexpected
from pipeline.failures import PipelineError

__all__ = ["Bounds", "call", "each"]

Work = Callable[[dict[str, Any]], Any]

_HOME = Path(__file__).resolve().parent.parent
_FRESH = "from pipeline.confinement import serve; serve()"
_LONGEST_ANSWER = 64 * 1024**2
_CHUNK = 1 << 20


class _AnswerTooLongError(Exception):
    """The child sends more than any honest answer holds."""


@dataclass
class _Child:
    """A running child; `answers` is the descriptor to read from."""

    pid: int
    answers: int
    wait: Callable[[], int]

    @cached_property
    def exit_code(self) -> int:
        """End the child with all it started; a negative number is the signal that ended it."""
        for kill in (os.killpg, os.kill):  # the group, and a child that has not made it yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(self.pid, signal.SIGKILL)  # before it is waited for: the number is still its
        return self.wait()


def call(work: Work, item: dict[str, Any], bounds: Bounds) -> Any:  # noqa: ANN401 - JSON
    """Return `work(item)`, computed in a child with these bounds.

    `work` is a function of a module, by name; item and result are JSON. Raises PipelineError, also
    for a child that ran out of time or memory or crashed.
    """
    [result] = each(work, [item], bounds)
    if isinstance(result, PipelineError):
        raise result
    return result


def each(work: Work, items: Sequence[dict[str, Any]], bounds: Bounds) -> Iterator[Any]:
    """Yield for each item, in order, `work(item)` or the PipelineError that came instead.

    One child does all; when it dies over an item, that item failed and a new child does the rest.
    """
    rest = list(items)
    while rest:
        try:
            with _started(work, rest, bounds) as child:
                lines = _lines(child.answers, bounds.seconds)
                for count, result in enumerate(_results(child, lines, bounds), 1):
                    yield result
                    if count == len(rest):
                        return
                rest = rest[count:]
        except BlockingIOError as error:  # no more processes
            sentence = "The server has no room for another process now; try again."
            yield from [PipelineError(sentence, permanent=False, detail=str(error))] * len(rest)
            return


def _results(child: _Child, lines: Iterator[bytes], bounds: Bounds) -> Iterator[Any]:
    """Yield what the child answers; if it ends before its time, the reason comes last."""
    try:
        for line in lines:
            reply = json.loads(line)
            yield reply["value"] if "value" in reply else PipelineError.from_json(reply["error"])
    except TimeoutError:
        yield _too_slow(bounds)
    except (_AnswerTooLongError, ValueError, KeyError, TypeError) as error:
        yield unexpected(f"the child's answer is not understood: {error}")
    else:
        yield _cause_of_death(child, bounds)


def _lines(descriptor: int, seconds: float) -> Iterator[bytes]:
    """Yield the lines of a pipe; TimeoutError when one takes longer than this."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    pending = b""
    deadline = time.monotonic() + seconds
    while True:
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimeoutError
        chunk = os.read(descriptor, _CHUNK)
        if not chunk:
            return
        *lines, pending = (pending + chunk).split(b"\n")
        if len(pending) > _LONGEST_ANSWER:
            raise _AnswerTooLongError
        for line in lines:
            yield line
            deadline = time.monotonic() + seconds


def _too_slow(bounds: Bounds) -> PipelineError:
    return PipelineError(
        f"This took longer than the {bounds.seconds:.0f} seconds allowed; try again,"
        " or save the scan in a simpler format.",
        permanent=False,
    )


def _cause_of_death(child: _Child, bounds: Bounds) -> PipelineError:
    if child.exit_code == -signal.SIGXCPU:
        return _too_slow(bounds)
    if child.exit_code == -signal.SIGKILL:
        return too_much_memory(bounds)
    return PipelineError(
        "This made the program that opens it crash; it is probably damaged."
        " Save the scan again, or in another format.",
        permanent=False,
        detail=f"the child ended with {child.exit_code}",
    )


@contextlib.contextmanager
def _started(work: Work, items: list[dict[str, Any]], bounds: Bounds) -> Iterator[_Child]:
    request = Request(f"{work.__module__}:{work.__qualname__}", items, bounds, os.getpid())
    child = _forked(request) if _may_fork() else _fresh(request)
    try:
        yield child
    finally:
        _ = child.exit_code
        os.close(child.answers)


def _may_fork() -> bool:
    return sys.platform == "linux" and threading.active_count() == 1


def _fresh(request: Request) -> _Child:
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as asked, os.fdopen(writing) as answers:
        asked.write(request.to_bytes())
        asked.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", _FRESH],
            stdin=asked,
            stdout=answers,
            stderr=subprocess.DEVNULL,
            cwd=_HOME,
            env=environment(),
            start_new_session=True,
        )
    return _Child(process.pid, reading, process.wait)


def _forked(request: Request) -> _Child:
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Libraries may have threads of their own, idle and made safe for a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        _be_child(request, writing)
    os.close(writing)
    return _Child(pid, reading, lambda: os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


def _be_child(request: Request, writing: int) -> NoReturn:
    """Answer and exit; never returns into the parent's code, whatever happens."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nothing, standard)
        os.closerange(3, writing)
        os.closerange(writing + 1, os.sysconf("SC_OPEN_MAX"))
        sys.stdout = sys.stderr = os.fdopen(1, "w", closefd=False)
        kept = environment()
        os.environ.clear()
        os.environ.update(kept)
        answer(request, writing)
        os._exit(0)
    finally:
        os._exit(1)
