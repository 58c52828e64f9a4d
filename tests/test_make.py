"""The Makefile, its scripts, the lock files and the settings' document say what is so."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from library.config import DEFAULT_LIMITS

_ROOT = Path(__file__).resolve().parents[1]
_MAKEFILE = (_ROOT / "Makefile").read_text()


def test_help_gives_every_target_a_sentence() -> None:
    said = subprocess.run(
        ["make", "help"], cwd=_ROOT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^  make ([a-z-]+) +\S", said, re.MULTILINE)
    inner = {"tools", "test-tools"}
    phony = re.search(r"^\.PHONY: (.*)$", _MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(listed) == set(phony[1].split()) - inner


@pytest.mark.parametrize("script", ["deploy/install", "deploy/lock", ".ci/run"])
def test_scripts_are_plain_shell(script: str) -> None:
    subprocess.run(["sh", "-n", _ROOT / script], check=True)
    assert (_ROOT / script).stat().st_mode & 0o111


def test_run_installs_without_network_when_all_is_there() -> None:
    """A second start asks nobody: with no package manager to be found it still passes."""
    subprocess.run(
        ["deploy/install", "run-tools"], cwd=_ROOT, check=True, timeout=20,
        env={"PATH": "/usr/bin:/bin", "http_proxy": "http://127.0.0.1:1"},
    )  # fmt: skip


def test_every_dependency_is_locked_with_hashes() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text())
    runtime = set(map(_name, project["project"]["dependencies"]))
    groups = project["dependency-groups"]
    locked, tested = _locked("requirements.txt"), _locked("requirements-test.txt")
    assert runtime | set(map(_name, groups["build"])) <= set(locked)
    assert runtime | set(map(_name, groups["test"])) <= set(tested)
    assert locked.items() <= tested.items()


def test_every_setting_is_documented() -> None:
    document = (_ROOT / "docs" / "settings.md").read_text()
    tree = ast.parse((_ROOT / "library" / "config.py").read_text())
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    names = {word for word in words if isinstance(word, str) and re.fullmatch(r"[A-Z_]{4,}", word)}
    rows = re.findall(r"^\| (`[A-Z].*?) \|", document, re.MULTILINE)
    assert names == set(re.findall(r"`([A-Z_]+)`", " ".join(rows)))
    for name, value in DEFAULT_LIMITS.items():
        assert re.search(rf"^\| `{name}` \|.*\| `{re.escape(value)}` \|$", document, re.MULTILINE)


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower().replace("_", "-")


def _locked(file: str) -> dict[str, str]:
    """Return versions by name; each must have a hash."""
    text = (_ROOT / "deploy" / file).read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    assert all("--hash=sha256:" in line for line in lines)
    return {_name(line): line.split("==")[1].split()[0] for line in lines}
