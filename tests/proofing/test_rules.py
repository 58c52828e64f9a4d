"""Every cell of the table, against what `docs/rounds.md` promises, written out by hand."""

from itertools import product
from pathlib import Path

import pytest

from docs import make_rounds
from proofing import rules
from proofing.rules import Action, Refusal, Role, State, judge, next_round, settles

#: state, action, the state it leads to, who may. What is not here is refused.
EXPECTED = """
available | check out       | out       | qualified volunteer
available | skip            | skipped   | coordinator, system
available | withdraw        | withdrawn | system
available | settle          | done      | coordinator, system
out       | save draft      | out       | holder
out       | renew           | out       | holder
out       | done            | done      | holder
out       | return          | available | holder
out       | report bad scan | bad       | holder
out       | reclaim         | available | coordinator, system
done      | reopen          | out       | its reader
done      | send back       | available | coordinator
done      | unsettle        | available | coordinator, system
bad       | clear           | available | coordinator
skipped   | unskip          | available | coordinator, system
withdrawn | restore         | available | system
"""


def _expected() -> dict[tuple[str, str], tuple[str, set[str]]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in EXPECTED.strip().splitlines()]
    return {(state, action): (to, set(who.split(", "))) for state, action, to, who in rows}


CELLS = list(product(State, Action, Role))


def test_there_are_six_states_sixteen_actions_and_five_roles() -> None:
    assert (len(State), len(Action), len(Role)) == (6, 16, 5)


@pytest.mark.parametrize(("state", "action", "role"), CELLS, ids=str)
def test_every_cell(state: State, action: Action, role: Role) -> None:
    to, who = _expected().get((state, action), (None, set()))
    answer = judge(state, action, {role})
    if role in who:
        assert answer == to
    else:
        assert isinstance(answer, Refusal)
        assert answer.wrong_state == (to is None)


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)), ids=str)
def test_nobody_may_nothing_and_everybody_all_that_is_possible(
    state: State, action: Action
) -> None:
    assert isinstance(judge(state, action, set()), Refusal)
    possible = (state, action) in _expected()
    assert isinstance(judge(state, action, set(Role)), Refusal) != possible


def test_a_refusal_is_a_sentence_about_what_was_asked() -> None:
    for state, action in product(State, Action):
        answer = judge(state, action, set())
        assert isinstance(answer, Refusal)
        assert action in answer.sentence
        assert answer.sentence.endswith(".")


def test_every_state_can_be_reached_and_left() -> None:
    moves = {(state, to) for (state, _), (to, _) in _expected().items() if state != to}
    assert {to for _, to in moves} == set(State)
    assert {state for state, _ in moves} == set(State)


def test_the_document_is_in_step() -> None:
    written = (Path(__file__).parents[2] / "docs/rounds.md").read_text(encoding="utf-8")
    assert written == make_rounds.document(), "run `python -m docs.make_rounds`"


def test_the_document_holds_every_row_of_the_table() -> None:
    document = make_rounds.document()
    for (state, action), (to, who) in _expected().items():
        row = next(line for line in document.splitlines() if line.startswith(f"| {action} |"))
        assert f"| {state} | {to} |" in row
        assert all(role in row for role in who)


def test_rounds_follow_one_another() -> None:
    order = ["P1", "P2", "F1"]
    assert [next_round(order, code) for code in order] == ["P2", "F1", None]


def test_shipped_rounds_and_thresholds() -> None:
    shipped = {
        each.code: (each.formatting, each.pages_needed, each.changes_allowed)
        for each in rules.ROUNDS.values()
    }
    assert shipped == {
        "P1": (False, 0, None),
        "P2": (False, 20, 2.0),
        "P3": (False, 50, 2.0),
        "F1": (True, 10, None),
        "F2": (True, 50, None),
    }
    assert rules.DEFAULT_ROUNDS == ("P1", "P2", "F1")
    assert all(code == each.code for code, each in rules.ROUNDS.items())


@pytest.mark.parametrize(
    ("kind", "settled"),
    [
        ("text", ""),
        ("blank", "P1 P2 P3 F1 F2"),
        ("skip", "P1 P2 P3 F1 F2"),
        ("illustration", "P1 P2 P3"),
    ],
)
def test_kinds_that_need_no_reader(kind: str, settled: str) -> None:
    assert [code for code in rules.ROUNDS if settles(kind, code)] == settled.split()
