"""Running Galley: the whole, or one of its parts on this or another host."""

import logging
import signal
import threading

import click

from exports.dumping import dump
from library import schema, worker
from library.clock import utc_now
from library.config import settings_from, with_secret
from library.db import make_engine
from library.queue import QUEUES
from library.worker import Installation
from proofing.sweep import sweep
from web import running
from web.commands.places import opened

log = logging.getLogger(__name__)


@click.command()
def run() -> None:
    """Start everything: Redis, workers, sweep, web server. Ctrl-C stops all of it."""
    running.run(with_secret(settings_from()))


@click.command()
def migrate() -> None:
    """Bring the database to this version's schema; makes an absent one."""
    engine = make_engine(settings_from().database_url)
    schema.migrate(engine)
    schema.require_current(engine)


@click.command("worker")
@click.option("--queue", "name", type=click.Choice(QUEUES), required=True)
def start_worker(name: str) -> None:
    """Work on one queue until told to stop."""
    place = opened()
    place.engine.dispose()  # work-horses are forked: they must not inherit open connections
    worker.installation.cache_clear()
    worker.work(place.settings, name)


@click.command("sweep")
@click.option("--loop", is_flag=True, help="Sweep every 30 seconds (GALLEY_SWEEP) until stopped.")
def start_sweep(*, loop: bool) -> None:
    """Put right what the database says is undone."""
    place, over = opened(), threading.Event()
    if not loop:
        for line in sweep(place, utc_now()).lines():
            click.echo(line)
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    threading.Thread(target=_dump_daily, args=(place, over), daemon=True).start()
    while True:
        for line in sweep(place, utc_now()).lines():
            log.info(line)
        if over.wait(place.settings.sweep_every.total_seconds()):
            return


def _dump_daily(place: Installation, over: threading.Event) -> None:
    """Make the open dump once a day; beside the sweep, which must not wait for it."""
    while not over.wait(place.settings.sweep_every.total_seconds()):
        try:
            if dump.export_daily(place):
                log.info("open dump made")
        except Exception:
            log.exception("open dump")


COMMANDS: tuple[click.Command, ...] = (run, migrate, start_worker, start_sweep)
