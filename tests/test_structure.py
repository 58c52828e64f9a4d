"""The house's own rules, read from the source: who may import whom, and what stands where."""

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from sys import stdlib_module_names

from library.queue import QUEUES, WAKE

ROOT = Path(__file__).parent.parent
#: A package imports only those to its left.
ORDER = ("library", "pipeline", "proofing", "exports", "web", "app")
#: Which part alone imports what: a module, or a whole package when it ends with a slash.
ALONE = {
    "flask": ("web/", "app.py"),
    "flask_babel": ("web/", "app.py"),
    "flask_limiter": ("web/", "app.py"),
    "flask_wtf": ("web/", "app.py"),
    "werkzeug": ("web/", "app.py"),
    "rq": ("library/queue.py", "library/worker.py"),
    # Besides the queue: who starts the private server, and who says that Redis is away.
    "redis": (
        "library/queue.py", "library/worker.py", "web/private_redis.py", "web/health.py",
        "web/commands/",
    ),
    "pytesseract": ("pipeline/ocr.py",),
    "hunspell": ("pipeline/lexicon.py",),
    "ebooklib": ("exports/writing/epub.py",),
    "argon2": ("library/people.py",),
}  # fmt: skip
#: Calls that stand in one place; the name as written, or its last part after a dot.
CALLS = {
    ".commit": ("library/db.py",),
    "datetime.now": ("library/clock.py",),
    "datetime.utcnow": (),
    "datetime.today": (),
    "date.today": (),
    "print": ("web/serve.py",),  # the commands' own words
    "breakpoint": (),
    "eval": (),
    "exec": (),
    "os.system": (),
}
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def _sources() -> list[Path]:
    found = [path for name in ORDER[:-1] for path in (ROOT / name).rglob("*.py")]
    return sorted([*found, ROOT / "app.py"])


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _imports(path: Path) -> Iterator[str]:
    """Every module a source imports, also within functions; relative ones made absolute."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join([*above, *filter(None, [node.module])])


def _calls(path: Path) -> Iterator[str]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def _stands_in(path: Path, places: tuple[str, ...]) -> bool:
    return any(
        _name(path).startswith(place) if place.endswith("/") else _name(path) == place
        for place in places
    )


def test_sources_are_found() -> None:
    names = {_name(path) for path in _sources()}
    assert {"library/db.py", "proofing/rules.py", "web/api/__init__.py", "app.py"} <= names


def test_imports_go_one_way() -> None:
    wrong = {
        (_name(path), module)
        for path in _sources()
        for module in _imports(path)
        if module.partition(".")[0] in _later(path)
    }
    assert not wrong


def _later(path: Path) -> tuple[str, ...]:
    own = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return ORDER[ORDER.index(own) + 1 :]


def test_each_library_has_its_place() -> None:
    wrong = {
        (_name(path), module)
        for path in _sources()
        for module in _imports(path)
        if (places := ALONE.get(module.partition(".")[0])) and not _stands_in(path, places)
    }
    assert not wrong


def test_each_call_has_its_place() -> None:
    wrong = {
        (_name(path), call)
        for path in _sources()
        for call in _calls(path)
        for name, places in CALLS.items()
        if (call == name or (name.startswith(".") and call.endswith(name)))
        and not _stands_in(path, places)
    }
    assert not wrong


def test_names_say_something() -> None:
    words = {
        (_name(path), word)
        for path in _sources()
        for part in path.relative_to(ROOT).with_suffix("").parts
        for word in part.split("_")
    }
    assert not {each for each in words if each[1] in VAGUE}


def test_the_rules_stand_on_the_standard_library_alone() -> None:
    imported = set(_imports(ROOT / "proofing/rules.py"))
    assert imported
    assert imported <= stdlib_module_names | {"collections.abc"}


def test_each_queue_has_a_worker_function() -> None:
    assert set(WAKE) == set(QUEUES)
    for address in WAKE.values():
        module, _, function = address.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function))


def test_each_kind_of_job_is_asked_for_on_a_queue_that_does_it() -> None:
    """Kinds are words in `add_job(session, QUEUE, KIND, ...)` and in that queue's module."""
    asked: dict[str, set[str]] = {name: set() for name in QUEUES}
    for path in _sources():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("add_job"):
                _, queue, kind, *_ = (ast.literal_eval(arg) if isinstance(arg, ast.Constant) else ""
                                      for arg in node.args)  # fmt: skip
                asked[queue].add(kind)
    assert asked["ocr"] - {"read-page"} <= _words_of("proofing/jobs.py")
    assert asked["books"] <= _words_of("exports/jobs.py")
    assert asked["ocr"]
    assert asked["books"]


def _words_of(module: str) -> set[str]:
    nodes = ast.walk(_tree(ROOT / module))
    constants = (node.value for node in nodes if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def test_only_the_queue_enqueues() -> None:
    """A ring before the commit would wake a worker that finds nothing."""
    for path in _sources():
        enqueues = any(call.endswith((".enqueue", ".enqueue_call")) for call in _calls(path))
        assert not enqueues or _name(path) == "library/queue.py"
