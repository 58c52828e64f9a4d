# ruff: noqa: INP001 - a script beside what it writes
"""Writes `docs/rounds.md` from `proofing/rules.py`: `python -m docs.make_rounds`."""

from collections.abc import Iterator
from pathlib import Path

from proofing.rules import DEFAULT_ROUNDS, ROUNDS, TABLE, Round
from proofing.trust import LAST_PAGES, LEAST_MEASURED

_INTRODUCTION = f"""\
# Rounds

This page is written by `docs/make_rounds.py` from `proofing/rules.py`, and a test compares the two.

A project has an ordered list of rounds ({", ".join(DEFAULT_ROUNDS)} unless it chooses others). A
page has one task a round. As soon as a page is done in a round, its next task is available,
without waiting for the rest of the book. A volunteer reads a page once, in whatever round, unless
the project is set to be done by one person.

## What can happen to a page in a round

What is not in this table is refused, with a sentence that says why.

| action | from | to | who | also |
|---|---|---|---|---|
"""

_ROUNDS = """
## Rounds and when they open

| code | name | opens after | next reader changes fewer than |
|---|---|---|---|
"""

_REASONS = f"""
Pages count while their reading stands: one that is reopened or sent back counts again when it is
done again. Changes are the words that the next proofreader changed in one's last {LAST_PAGES}
pages, on average; they are looked at from {LEAST_MEASURED} pages on, since fewer say nothing.

Why these figures: twenty pages are an evening or two, enough to have met the usual scanning errors
and short enough that a second round fills. Under two changes a page says that little is overlooked.
Formatting asks for ten pages, to know a book's text before marking it up. The third and the second
formatting round are last looks, and ask for fifty.

On a young site nobody has done so many. As long as fewer than three people reach a threshold, it
steps down to what the third most active person has handed in, so that rounds never stand still.
Rounds can also be opened to a person by name; the public history says who did.

A round that is not open is no error: the answer says how many pages are missing.

## Blank pages and plates

Once a coordinator says that a page is blank or is to be skipped, it is done at once in every round;
a plate is done at once in proofreading rounds and still gets formatted. Saying that it is a text
page after all opens these tasks again. What a person has read stands.
"""


def document() -> str:
    """Return the text of `docs/rounds.md`."""
    return (
        _INTRODUCTION
        + "\n".join(_moves())
        + "\n"
        + _ROUNDS
        + "\n".join(_rounds())
        + "\n"
        + _REASONS
    )


def _moves() -> Iterator[str]:
    for (state, action), move in TABLE.items():
        who = ", ".join(sorted(move.who))
        yield f"| {action} | {state} | {move.to} | {who} | {move.also} |"


def _rounds() -> Iterator[str]:
    for each in ROUNDS.values():
        yield f"| {each.code} | {each.name} | {_pages(each)} | {_changes(each)} |"


def _pages(each: Round) -> str:
    return f"{each.pages_needed} pages handed in" if each.pages_needed else "nothing: open to all"


def _changes(each: Round) -> str:
    return f"{each.changes_allowed:g} words a page" if each.changes_allowed else ""


if __name__ == "__main__":
    (Path(__file__).parent / "rounds.md").write_text(document(), encoding="utf-8")
