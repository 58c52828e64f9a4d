"""Searching inside a large library: the size of its index, and how long a question takes.

Run: .venv/bin/python -m benchmarks.bench_search [--books N] [--words N]. Figures go to
benchmarks/results/search.json. Books of made-up words, as frequent as those of a language (Zipf),
are put into a new SQLite file and, where PostgreSQL is installed, into a new database. `ratio` is
a question's time over that of the same question in a tenth of the books, in the same run.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import accumulate, islice
from pathlib import Path

import sqlalchemy as sa

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from exports.catalogue import search, search_index  # noqa: E402 - the path comes first
from exports.catalogue.catalog_models import Outline  # noqa: E402
from exports.catalogue.search_passages import Passage, Place  # noqa: E402
from exports.models import Release  # noqa: E402
from library import people, schema  # noqa: E402
from library.db import make_engine, reading, writing  # noqa: E402
from library.models import Person, Project  # noqa: E402
from tests.support import postgresql  # noqa: E402

VOCABULARY, PARAGRAPH, LINE, AT_ONCE, RUNS = 60_000, 100, 10, 100, 9
SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "je",
    "ki",
    "lo",
    "mu",
    "na",
    "pe",
    "ri",
    "so",
    "tu",
    "va",
    "we",
    "xi",
    "yo",
    "zu",
]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIZES = {
    "sqlite": {
        "index": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'passage_words%'",
        "texts": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE '%passage%'"
        " AND name NOT LIKE 'passage_words%'",
    },
    "postgresql": {
        "index": "SELECT pg_total_relation_size('passage_words')",
        "texts": "SELECT pg_total_relation_size('passage')",
    },
}


def word(rank: int) -> str:
    """Return the made-up word of this frequency rank."""
    made = ""
    while True:
        rank, at = divmod(rank, len(SYLLABLES))
        made += SYLLABLES[at]
        if not rank:
            return made


WORDS = [word(rank) for rank in range(1, VOCABULARY + 1)]
WEIGHTS = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
QUESTIONS = {
    "commonest word": WORDS[0],
    "common word": WORDS[60],
    "rare word": WORDS[40_000],
    "two words": f"{WORDS[300]} {WORDS[500]}",
    "phrase": f'"{WORDS[0]} {WORDS[20]} {WORDS[3]}"',
    "beginning": WORDS[9000][:4],
    "absent": "qqq",
}


def passages(chance: random.Random, words: int) -> Iterator[Passage]:
    """Give a book of so many words, in paragraphs of lines."""
    for number in range(words // PARAGRAPH):
        chosen = chance.choices(WORDS, cum_weights=WEIGHTS, k=PARAGRAPH)
        text, places = "", []
        for line, at in enumerate(range(0, PARAGRAPH, LINE), start=1):
            places.append(Place(len(text), number // 3 + 1, number % 3 * LINE + line))
            text += " ".join(chosen[at : at + LINE]) + " "
        yield Passage(0, text, tuple(places))


def add_book(engine: sa.Engine, owner: Person, number: int, words: int) -> float:
    """Publish and index a book; returns the seconds that indexing took."""
    with writing(engine) as session:
        project = Project(
            slug=f"book-{number}", title=f"Book {number}", languages=["en"], rounds=["P1"],
            created_by=owner.id, created_at=NOW,
        )  # fmt: skip
        session.add(project)
        session.flush()
        release = Release(
            project_id=project.id, number=1, state="published", requested_at=NOW, built_at=NOW
        )
        session.add(release)
        session.flush()
        sections = [{"slug": "s001", "title": "I", "level": 2, "kind": "", "matter": "body"}]
        session.add(Outline(release_id=release.id, words=words, sections=sections))
    book, first = passages(random.Random(number), words), 0  # noqa: S311 - made-up words
    taken = 0.0
    while some := list(islice(book, AT_ONCE)):
        begin = time.perf_counter()
        with writing(engine) as session:
            search_index.add(session, session.get_one(Release, release.id), some, first)
        taken += time.perf_counter() - begin
        first += len(some)
    return taken


def median_ms(do: Callable[[], object]) -> float:
    """Return how long it takes, in milliseconds."""
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        do()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def asked(engine: sa.Engine) -> dict[str, float]:
    """Return how long each question takes."""

    def ask(question: str) -> None:
        with reading(engine) as session:
            search.search(session, question)

    return {name: median_ms(lambda q=text: ask(q)) for name, text in QUESTIONS.items()}  # type: ignore[misc]


def measure(engine: sa.Engine, books: int, words: int) -> dict[str, object]:
    """Fill a library and ask it, after a tenth of the books and after all."""
    schema.migrate(engine)
    with writing(engine) as session:
        owner = people.add_person(session, "owner", "reads by candle light", NOW)
    seconds, small = [], {}
    for number in range(books):
        seconds.append(add_book(engine, owner, number, words))
        if number == books // 10 - 1:
            small = asked(engine)
    tidy(engine)
    large = asked(engine)
    with reading(engine) as session:
        sizes = {
            name: int(session.scalar(sa.text(query)) or 0)
            for name, query in SIZES[engine.dialect.name].items()
        }
    return {
        "seconds to index a book": round(statistics.median(seconds), 2),
        "bytes a word": {name: round(size / books / words, 1) for name, size in sizes.items()},
        "questions": {
            name: {"ms": round(ms, 1), "ratio": round(ms / small[name], 1)}
            for name, ms in large.items()
        },
    }


def tidy(engine: sa.Engine) -> None:
    """Let the database do what it does by itself in quiet hours."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))


@contextmanager
def databases() -> Iterator[dict[str, sa.Engine]]:
    """Open an engine on a new database of each kind that is installed."""
    with tempfile.TemporaryDirectory() as folder:
        engines = {"sqlite": make_engine(f"sqlite:///{folder}/galley.db")}
        if postgresql.program("postgres") is None:
            yield engines
            return
        with postgresql.cluster(("listen_addresses=", "shared_buffers=256MB")) as address:
            postgresql.execute(address, "CREATE DATABASE galley")
            url = postgresql.address_of(address.set(database="galley"))
            yield {**engines, "postgresql": make_engine(url)}


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", type=int, default=200)
    parser.add_argument("--words", type=int, default=100_000)
    given = parser.parse_args()
    figures: dict[str, object] = {"books": given.books, "words a book": given.words}
    with databases() as engines:
        for name, engine in engines.items():
            figures[name] = measure(engine, given.books, given.words)
            print(name, json.dumps(figures[name]), flush=True)
            engine.dispose()
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    (results / "search.json").write_text(json.dumps(figures, indent=1))
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
