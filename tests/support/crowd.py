"""Many at once: threads that start together, and processes that take pages from one project."""

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from typing import Any

from library.db import make_engine, writing
from library.errors import ConflictError
from library.models import Person, Project
from proofing import checkout
from tests.support.rows import NOW


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do all acts in threads of their own that start together; raise what any of them raised."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = []
    errors: list[BaseException] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results.append(act())
        except BaseException as error:  # noqa: BLE001 - told in the main thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def processes() -> ForkServerContext:
    """Give a way to start processes that share nothing with this one, imported only once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def take_all(url: str, project_id: int, person_id: int) -> list[int]:
    """Check pages out, for one person, until none is to be had; returns the tasks' ids."""
    engine = make_engine(url)
    taken = []
    try:
        while True:
            with writing(engine) as session:
                task = checkout.check_out(
                    session,
                    session.get_one(Project, project_id),
                    session.get_one(Person, person_id),
                    NOW,
                    lease=timedelta(days=3),
                    pages_held=100_000,
                    code="P1",
                )
                taken.append(task.id)
    except ConflictError:
        return taken
    finally:
        engine.dispose()
