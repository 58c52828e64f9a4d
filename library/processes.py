"""How our processes end: when they are told to, and when their parent dies.

A work-horse holds these signals back but for the slow part of its job; there they become the
exception `Stopping`, so that the row goes back to the queue instead of waiting for its lease.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

_PR_SET_PDEATHSIG = 1
#: Asked to stop; the parent died.
_STOPS = (signal.SIGTERM, signal.SIGHUP)
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopping(BaseException):
    """A signal to stop arrived; no `except Exception` may swallow it.

    `asked` is false when nobody asked: the parent died.
    """

    def __init__(self, *, asked: bool = True) -> None:
        super().__init__()
        self.asked = asked


def die_with(parent: int, by: signal.Signals) -> None:
    """Have the kernel send this process a signal when its parent dies (Linux; elsewhere nothing).

    `parent` is the process number that the parent had before it forked: it may be dead by now.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def stop_by_exception() -> None:
    """Let SIGTERM, and SIGHUP for a parent that died, raise Stopping in the main thread, once."""

    def stop(number: int, _frame: FrameType | None) -> NoReturn:
        for each in _STOPS:
            signal.signal(each, signal.SIG_IGN)
        raise Stopping(asked=number == signal.SIGTERM)

    for each in _STOPS:
        signal.signal(each, stop)


@contextmanager
def stops_held() -> Iterator[None]:
    """Hold signals to stop back inside the block; a process forked there keeps doing so."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def stops_let_through() -> Iterator[None]:
    """Let signals to stop through inside the block, also one that was held back before."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
