"""The practice page: its lines, the words that its tasks are about, and what is right.

`static/practice` is made by `scans/make_practice.py`.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from web.strips import Strip, strips

_FOLDER = Path(__file__).parent.parent / "static" / "practice"
IMAGE = "practice/page.webp"
#: The tasks in order: a key, a word that was misread, a misprint, the hand-in.
LINE, MISREAD, MISPRINT, HAND_IN = 1, 2, 3, 4
#: What a spell checker would make of the misprint.
_MENDED = {"recieve": "receive"}


@dataclass(frozen=True)
class Task:
    """A word to judge: as the machine read it, as it is printed, and the other reading offered."""

    read: str
    printed: str
    reading: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True)
class Practice:
    """The page: pixels of its image, its lines, its words to judge by the task's number."""

    width: int
    height: int
    strips: list[Strip]
    tasks: dict[int, Task]
    #: For each line its words, each with the number of its task or 0.
    words: list[list[tuple[str, int]]]


@cache
def practice() -> Practice:
    """Return the practice page."""
    facts: dict[str, Any] = json.loads((_FOLDER / "page.json").read_text("utf-8"))
    printed = " ".join(facts["printed"]).split()
    numbers = {facts["misread"]: MISREAD, facts["misprint"]: MISPRINT}
    read = [word for line in facts["lines"] for word in line["words"]]
    tasks = {
        number: _task(read[place]["text"], printed[place], tuple(read[place]["box"]))
        for place, number in numbers.items()
    }
    places = iter(range(len(read)))
    words = [
        [(word["text"], numbers.get(next(places), 0)) for word in line["words"]]
        for line in facts["lines"]
    ]
    return Practice(facts["width"], facts["height"], strips(facts["lines"]), tasks, words)


def _task(read: str, printed: str, box: Any) -> Task:  # noqa: ANN401 - four numbers
    return Task(read, printed, _MENDED.get(printed, printed), box)


def is_right(number: int, answer: str) -> bool:
    """Whether this answer ends the task: the word exactly as it is printed."""
    task = practice().tasks.get(number)
    return task is None or answer.strip() == task.printed
