"""What static/vendor holds is what its lock file builds, licensed, and all of it in use."""

import json
import re
import subprocess
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_VENDOR = _ROOT / "static" / "vendor"
_PACKAGES = _ROOT / "build" / "vendor"
_LOCK = json.loads((_VENDOR / "package-lock.json").read_text())["packages"]
_SHIPPED = {
    path.removeprefix("node_modules/"): entry["version"]
    for path, entry in _LOCK.items()
    if path and not entry.get("dev")
}
_BUNDLES = {path.parent: path for path in _VENDOR.glob("*-*/*.js")}
_SCRIPTS = [path.read_text() for path in sorted((_ROOT / "static" / "js").rglob("*.js"))]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build everything anew from the lock file, by the locked Node, with no other to be found."""
    target = tmp_path_factory.mktemp("vendor")
    subprocess.run(["deploy/install", "node-packages"], cwd=_ROOT, check=True, timeout=120)
    subprocess.run(
        [_ROOT / ".venv/bin/node", _VENDOR / "build.js", _PACKAGES, target],
        check=True, timeout=60, env={"PATH": "/nowhere"},
    )  # fmt: skip
    return target


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.glob("*-*/*")
        if path.is_file()
    }


def test_the_build_gives_the_committed_files(built: Path) -> None:
    fresh, committed = _files(built), _files(_VENDOR)
    assert fresh.keys() == committed.keys()
    assert [name for name in fresh if fresh[name] != committed[name]] == []


def test_every_bundle_has_the_licences_of_what_it_holds() -> None:
    told: dict[str, str] = {}
    for folder in _BUNDLES:
        text = (folder / "LICENSES.txt").read_text()
        told |= re.findall(r"^(\S+) (\d+\.\d+\.\d+) \([A-Z]", text, re.MULTILINE)
        parts = text.split("-" * 72)
        assert all("Copyright" in part for part in parts)
        assert all(
            re.search("Permission is hereby granted|Redistributions of source", part)
            for part in parts
        )
    assert told.items() <= _SHIPPED.items()
    assert set(_wanted()) <= set(told)


def test_folders_are_named_after_the_locked_version() -> None:
    versions = {"codemirror": "@codemirror/view", "openseadragon": "openseadragon"}
    names = {f"{bundle}-{_SHIPPED[package]}" for bundle, package in versions.items()}
    assert {folder.name for folder in _BUNDLES} == names


def test_versions_are_exact_and_the_lock_names_no_registry() -> None:
    manifest = json.loads((_VENDOR / "package.json").read_text())
    every = manifest["dependencies"] | manifest["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in every.values())
    assert {name: _LOCK[f"node_modules/{name}"]["version"] for name in every} == every
    assert all("resolved" not in entry for entry in _LOCK.values())
    assert all(entry["integrity"].startswith("sha512-") for path, entry in _LOCK.items() if path)


def test_every_bundle_and_every_name_of_it_is_in_use() -> None:
    for folder in _BUNDLES:
        assert any(f"vendor/{folder.name}/" in script for script in _SCRIPTS), folder.name
    entry = (_VENDOR / "entries" / "codemirror.js").read_text()
    given = _names(r"export {([^}]*)} from", entry)
    taken = _taken("".join(_SCRIPTS))
    assert given
    assert given - taken == set()


def _taken(scripts: str) -> set[str]:
    """Return the names that scripts import from CodeMirror, or use by a name for all of it.

    Those may be put together: cm[`cursor${name}`] uses what begins so and goes on with a string.
    """
    home = r"from \"[^\"]*/codemirror\.js\""
    taken = _names(rf"import {{([^}}]*)}} {home}", scripts)
    for each in re.findall(rf"import \* as (\w+) {home}", scripts):
        taken |= set(re.findall(rf"\b{each}\.(\w+)", scripts))
        for start in re.findall(rf"\b{each}\[`(\w+)\$", scripts):
            taken |= {start + end for end in re.findall(r"\"(\w+)\"", scripts)}
    return taken


def _names(statement: str, script: str) -> set[str]:
    """Return the names between the braces of each such statement, as their module calls them."""
    listed = ",".join(re.findall(statement, script)).split(",")
    return {name.split(" as ")[0].strip() for name in listed} - {""}


def _wanted() -> dict[str, str]:
    manifest = json.loads((_VENDOR / "package.json").read_text())
    wanted: dict[str, str] = manifest["dependencies"]
    return wanted
