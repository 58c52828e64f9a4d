"""The open dump for visitors, and by the command line."""

import os
import subprocess
import sys
from pathlib import Path

from exports.dumping import dump
from tests.support.site import Site

_REPOSITORY = Path(__file__).resolve().parents[2]


def test_the_dump_can_be_fetched(sqlite_site: Site) -> None:
    visitor = sqlite_site.visitor()
    assert "made tonight" in visitor.read("/dump/")
    olga = sqlite_site.person("olga", role="coordinator")
    slug = sqlite_site.project(olga)
    dump.export(sqlite_site.place, dump.folder_of(sqlite_site.place.settings))
    assert "SHA256SUMS" in visitor.read("/dump/")
    assert "pages.jsonl" in visitor.read(f"/dump/books/{slug}/")
    pages = visitor.get(f"/dump/books/{slug}/pages.jsonl")
    assert (pages.status_code, pages.text.count("\n")) == (200, 3)
    again = visitor.get(
        f"/dump/books/{slug}/pages.jsonl", headers={"If-None-Match": pages.headers["ETag"]}
    )
    assert again.status_code == 304
    for wrong in ("/dump/../galley.db", "/dump/nothing", "/dump/nothing/", "/dump/books"):
        assert visitor.get(wrong).status_code in (301, 308, 404), wrong
    assert visitor.get("/dump/%2e%2e/galley.db").status_code == 404


def test_a_library_goes_from_home_to_home(tmp_path: Path) -> None:
    def galley(home: str, *words: str) -> "subprocess.CompletedProcess[str]":
        environ = {"PATH": os.environ["PATH"], "GALLEY_HOME": str(tmp_path / home)}
        return subprocess.run(
            [sys.executable, "-m", "web", *words], check=False, cwd=_REPOSITORY, env=environ,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    folder = str(tmp_path / "dump")
    assert galley("one", "export-site", folder).returncode == 0
    made = galley("two", "import-site", folder)
    assert (made.returncode, made.stdout) == (0, "")
    refused = galley("two", "import-site", str(tmp_path))
    assert refused.returncode == 1
    assert "no dump" in refused.stderr
