"""The rules of page-by-page proofreading, on the standard library alone. Read this first.

A page has one *task* a round. A task is always in one state; an action takes it to another, when
the person (or the system) asking for it has a role that may. `TABLE` is the whole law: what is not
in it is refused. `docs/rounds.md` is generated from it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a page task stands."""

    AVAILABLE = "available"
    OUT = "out"
    DONE = "done"
    BAD = "bad"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What can be asked of a page task."""

    CHECK_OUT = "check out"
    SAVE = "save draft"
    RENEW = "renew"
    DONE = "done"
    REOPEN = "reopen"
    RETURN = "return"
    RECLAIM = "reclaim"
    REPORT_BAD = "report bad scan"
    CLEAR = "clear"
    SEND_BACK = "send back"
    SKIP = "skip"
    UNSKIP = "unskip"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    SETTLE = "settle"
    UNSETTLE = "unsettle"


class Role(StrEnum):
    """What somebody is to a page task; one person may be several of these."""

    VOLUNTEER = "qualified volunteer"
    HOLDER = "holder"
    READER = "its reader"
    COORDINATOR = "coordinator"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """One row of the table."""

    to: State
    who: frozenset[Role]
    #: What else must hold or happens, for people.
    also: str


@dataclass(frozen=True)
class Refusal:
    """Why an action is not possible: `wrong_state`, or else the wrong person."""

    wrong_state: bool
    sentence: str


def _move(to: State, *who: Role, also: str = "") -> Move:
    return Move(to, frozenset(who), also)


_S, _A, _R = State, Action, Role

TABLE: Mapping[tuple[State, Action], Move] = {
    (_S.AVAILABLE, _A.CHECK_OUT): _move(
        _S.OUT, _R.VOLUNTEER, also="never read this page; under the limit of pages held"
    ),
    (_S.OUT, _A.SAVE): _move(_S.OUT, _R.HOLDER, also="version matches; the lease starts anew"),
    (_S.OUT, _A.RENEW): _move(_S.OUT, _R.HOLDER, also="the lease starts anew"),
    (_S.OUT, _A.DONE): _move(_S.DONE, _R.HOLDER, also="version matches; opens the next round"),
    (_S.DONE, _A.REOPEN): _move(_S.OUT, _R.READER, also="not yet taken in the next round"),
    (_S.OUT, _A.RETURN): _move(_S.AVAILABLE, _R.HOLDER, also="draft kept, shown to its author"),
    (_S.OUT, _A.RECLAIM): _move(
        _S.AVAILABLE, _R.SYSTEM, _R.COORDINATOR, also="lease over; draft offered to the next holder"
    ),
    (_S.OUT, _A.REPORT_BAD): _move(_S.BAD, _R.HOLDER, also="a reason; draft kept"),
    (_S.BAD, _A.CLEAR): _move(_S.AVAILABLE, _R.COORDINATOR),
    (_S.DONE, _A.SEND_BACK): _move(
        _S.AVAILABLE, _R.COORDINATOR, also="a reason; not finished in the next round"
    ),
    (_S.AVAILABLE, _A.SKIP): _move(_S.SKIPPED, _R.COORDINATOR, _R.SYSTEM, also="a reason"),
    (_S.SKIPPED, _A.UNSKIP): _move(_S.AVAILABLE, _R.COORDINATOR, _R.SYSTEM),
    (_S.AVAILABLE, _A.WITHDRAW): _move(
        _S.WITHDRAWN, _R.SYSTEM, also="an earlier round was reopened or sent back"
    ),
    (_S.WITHDRAWN, _A.RESTORE): _move(_S.AVAILABLE, _R.SYSTEM, also="the earlier round is done"),
    (_S.AVAILABLE, _A.SETTLE): _move(
        _S.DONE, _R.COORDINATOR, _R.SYSTEM, also="the page is blank, a plate or to be skipped"
    ),
    (_S.DONE, _A.UNSETTLE): _move(
        _S.AVAILABLE, _R.COORDINATOR, _R.SYSTEM, also="settled, not read by a person"
    ),
}

_SAID = {
    State.AVAILABLE: "nobody has this page in hand",
    State.OUT: "this page is in somebody's hands",
    State.DONE: "this page is already handed in",
    State.BAD: "this page's scan was reported as bad",
    State.SKIPPED: "this page skips the round",
    State.WITHDRAWN: "an earlier round of this page is being read again",
}


def judge(state: State, action: Action, roles: Collection[Role]) -> State | Refusal:
    """Return the state that `action` leads to, or why it is refused."""
    move = TABLE.get((state, action))
    if move is None:
        return Refusal(
            wrong_state=True, sentence=f"You can't {action} here: {_SAID[state]} ({state})."
        )
    if not move.who & set(roles):
        needed = " or the ".join(sorted(move.who))
        return Refusal(wrong_state=False, sentence=f"Only the {needed} may {action} here.")
    return move.to


@dataclass(frozen=True)
class Round:
    """One kind of reading that a project's pages go through."""

    code: str
    name: str
    formatting: bool
    #: Pages a volunteer must have handed in before this round opens to them.
    pages_needed: int
    #: Most changes a page that the next reader may have had to make; None asks nothing.
    changes_allowed: float | None


#: What ships. Thresholds are explained in `docs/rounds.md`.
ROUNDS: Mapping[str, Round] = {
    each.code: each
    for each in (
        Round("P1", "First proofreading", False, 0, None),
        Round("P2", "Second proofreading", False, 20, 2.0),
        Round("P3", "Third proofreading", False, 50, 2.0),
        Round("F1", "Formatting", True, 10, None),
        Round("F2", "Second formatting", True, 50, None),
    )
}
DEFAULT_ROUNDS = ("P1", "P2", "F1")


def next_round(rounds: Collection[str], code: str) -> str | None:
    """Return the round that follows `code` in a project, or None after the last."""
    order = list(rounds)
    place = order.index(code) + 1
    return order[place] if place < len(order) else None


def settles(kind: str, code: str) -> bool:
    """Whether pages of this kind need no reader in this round: plates still get formatted."""
    if kind in ("blank", "skip"):
        return True
    return kind == "illustration" and not ROUNDS[code].formatting
