"""The child's side of the sandbox: takes its limits, does the work, answers in JSON lines."""

import contextlib
import ctypes
import errno
import gc
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from pipeline.failures import PipelineError

#: Variables that a decoder or the OCR engine needs; secrets are not among them.
_KEPT_VARIABLES = (
    "PATH",
    "PYTHONPATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "TESSDATA_PREFIX",
    "TZ",
)
_PR_SET_PDEATHSIG = 1

#: Whatever the parent does on these (or holds back), a child just ends.
_PARENTS_SIGNALS = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGALRM,
    signal.SIGCHLD,
)
_DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class Bounds:
    """How much a child may use.

    Bytes of address space more than it begins with, bytes of one file, seconds for one item.
    """

    memory: int
    file_bytes: int
    seconds: float


@dataclass(frozen=True)
class Request:
    """What a child is asked: a function by name, its arguments one by one, and the bounds."""

    work: str
    items: list[dict[str, Any]]
    bounds: Bounds
    parent: int

    def to_bytes(self) -> bytes:
        """Give the request as JSON."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Request":
        """Take a request from the parent's JSON."""
        fields = json.loads(data)
        return cls(**{**fields, "bounds": Bounds(**fields["bounds"])})


def environment() -> dict[str, str]:
    """Return the variables a child sees. One thread for each engine: there is one child a core."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "OMP_THREAD_LIMIT": "1"}


def serve() -> None:
    """Answer the request on standard input on standard output: a fresh interpreter's main."""
    answers = os.dup(1)
    os.dup2(2, 1)
    answer(Request.from_bytes(sys.stdin.buffer.read()), answers)


def answer(request: Request, answers: int) -> None:
    """Do the work on each item in turn; one JSON line each, sent as soon as it is there.

    `answers` is a file descriptor. It stays open: the parent takes its end for ours.
    """
    out = os.fdopen(answers, "wb", closefd=False)
    _confine(request)
    work = _named(request.work)
    for item in request.items:
        _allow_processor_time(request.bounds.seconds)
        out.write(json.dumps(_attempt(work, item, request.bounds)).encode() + b"\n")
        out.flush()


def _named(name: str) -> Callable[[dict[str, Any]], Any]:
    module, _, function = name.partition(":")
    work: Callable[[dict[str, Any]], Any] = getattr(importlib.import_module(module), function)
    return work


def _confine(request: Request) -> None:
    gc.freeze()  # nothing of the parent is finalised here: its file descriptors are gone
    for number in _PARENTS_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    _die_with(request.parent)
    _limit(resource.RLIMIT_AS, _address_space() + request.bounds.memory)
    _limit(resource.RLIMIT_FSIZE, request.bounds.file_bytes)
    _limit(resource.RLIMIT_CORE, 0)


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)


def _address_space() -> int:
    """Return what this process takes already: a forked one has its parent's address space."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:  # macOS, which does not honour the limit either
        return 0
    return pages * resource.getpagesize()


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some, RLIMIT_AS among them
        resource.setrlimit(kind, (value, value))


def _allow_processor_time(seconds: float) -> None:
    """Move the soft limit on: it counts from the child's start, over all its items."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(usage.ru_utime + usage.ru_stime + seconds) + 1
    if hard != resource.RLIM_INFINITY:
        soft = min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _attempt(
    work: Callable[[dict[str, Any]], Any], item: dict[str, Any], bounds: Bounds
) -> dict[str, Any]:
    try:
        return {"value": work(item)}
    except PipelineError as error:
        return {"error": error.to_json()}
    except MemoryError:
        return {"error": too_much_memory(bounds).to_json()}
    except OSError as error:
        return {"error": _system_error(error).to_json()}
    except Exception:  # noqa: BLE001 - whatever a decoder raises is the file's failure, told to the parent
        return {"error": unexpected(traceback.format_exc()).to_json()}


def too_much_memory(bounds: Bounds) -> PipelineError:
    """Return the error for an item that does not fit into the memory allowed."""
    return PipelineError(
        f"This needs more than the {bounds.memory >> 20} MB of memory allowed for one file;"
        " scan it at a lower resolution, or in grey."
    )


def _system_error(error: OSError) -> PipelineError:
    if error.errno in _DISK_ERRORS:
        sentence = "The server's disk is full; try again when there is room."
        return PipelineError(sentence, permanent=False, detail=str(error))
    if error.errno == errno.EFBIG:
        return PipelineError(
            "What this unpacks to is larger than one file may be.", detail=str(error)
        )
    return unexpected(traceback.format_exc())


def unexpected(detail: str) -> PipelineError:
    """Return the error for what nobody foresaw; the log has the detail."""
    return PipelineError(
        "This could not be read, for a reason that Galley does not know;"
        " try again, or save the scan in another format.",
        permanent=False,
        detail=detail,
    )


@contextlib.contextmanager
def dying_together() -> Iterator[None]:
    """While a program runs that we started: when told to end, end it too.

    The kernel tells a child that its parent died, but not the child's children; they are found by
    their process group.
    """

    def end_all(_number: int, _frame: FrameType | None) -> None:
        os.killpg(0, signal.SIGKILL)

    before = signal.signal(signal.SIGTERM, end_all)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
