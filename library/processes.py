"""How our processes end: when they are told to, and when their parent dies.

A work-horse holds SIGTERM back but for the slow part of its job; there the signal becomes the
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
_TERM = {signal.SIGTERM}
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class Stopping(BaseException):
    """SIGTERM arrived; no `except Exception` may swallow it."""


def die_with(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process a signal when its parent dies (Linux; elsewhere nothing).

    `parent` is the process number that the parent had before it forked: it may be dead by now.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def stop_by_exception() -> None:
    """Let SIGTERM raise Stopping in the main thread, once."""

    def stop(_number: int, _frame: FrameType | None) -> NoReturn:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Stopping

    signal.signal(signal.SIGTERM, stop)


@contextmanager
def sigterm_held() -> Iterator[None]:
    """Hold SIGTERM back inside the block; a process forked there keeps holding it back."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _TERM)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def sigterm_let_through() -> Iterator[None]:
    """Let SIGTERM through inside the block, also one that was held back before."""
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK, _TERM)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
