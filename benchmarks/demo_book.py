"""Takes a real book of scans the whole way over HTTP, as its people would, and times each step.

    python benchmarks/demo_book.py [--pages N] [--keep FOLDER]

A coordinator uploads the scans as one ZIP; real workers read them; three volunteers at once take
the pages through three rounds with the book's known text; the coordinator releases; a reader
downloads EPUB and plain text. Then epubcheck judges the EPUB, and both files are compared with the
known text, word by word.
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.installation import Installation, epubcheck, running

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BOOK = SHARED / "scans" / "books" / "filial-duty-1908"
ROUNDS = {"ann": "P1", "bob": "P2", "cid": "F1"}
COORDINATOR = "cora"


class Journey:
    """One book's way; `seconds` holds what each step took, in order."""

    def __init__(self, place: Installation, scans: list[Path], texts: list[str]) -> None:
        self.place, self.scans, self.texts = place, scans, texts
        self.seconds: dict[str, float] = {}
        self.slug = ""
        self.clients: dict[str, httpx.Client] = {}

    def travel(self, folder: Path) -> None:
        """Go the whole way; the downloaded files are left in `folder`."""
        try:
            self._travel(folder)
        finally:
            for client in self.clients.values():
                client.close()

    def _travel(self, folder: Path) -> None:
        with self._timed("accounts"):
            self._sign_up()
        with self._timed("upload"):
            self._upload()
        with self._timed("reading the scans"):
            self._await_reading()
        with self._timed("three rounds"):
            self._proofread()
        with self._timed("release"):
            self._release()
        with self._timed("download"):
            self._download(folder)

    def _sign_up(self) -> None:
        for name in (COORDINATOR, *ROUNDS):
            role = "coordinator" if name == COORDINATOR else "volunteer"
            rounds = ["--rounds", ROUNDS[name]] if name in ROUNDS else []
            self.place.command(
                ["user", "add", name, "--role", role, *rounds, "--password-stdin"],
                text=f"{name} reads by candle light\n",
            )
            token = self.place.command(["token", name]).strip()
            self.clients[name] = httpx.Client(
                base_url=f"{self.place.url}/api/v1",
                headers={"Authorization": f"Bearer {token}"},
                timeout=120,
            )

    def _upload(self) -> None:
        started = self._call(
            COORDINATOR,
            "POST",
            "/projects",
            json={"title": "The Book of Filial Duty", "author": "Ivan Chên", "languages": ["en"]},
        )
        self.slug = started["slug"]
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as written:
            for scan in self.scans:
                written.write(scan, scan.name)
        files = {"files": ("filial-duty.zip", archive.getvalue())}
        answer = self._call(COORDINATOR, "POST", f"/projects/{self.slug}/scans", files=files)
        expect(answer["accepted"][0]["pages"] == len(self.scans), answer)

    def _await_reading(self) -> None:
        def read() -> bool:
            ocr = self._project()["pages"]["ocr"]
            return bool(ocr["done"] + ocr["failed"] == len(self.scans))

        wait_for(read, seconds=30 + 10 * len(self.scans))
        expect(self._project()["pages"]["ocr"]["failed"] == 0, "a page could not be read")

    def _proofread(self) -> None:
        troubles: list[str] = []
        threads = [
            threading.Thread(target=self._read_round, args=(name, code, troubles))
            for name, code in ROUNDS.items()
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect(not troubles, troubles)
        expect(self._project()["state"] == "finished", self._project())

    def _read_round(self, name: str, code: str, troubles: list[str]) -> None:
        """Read page after page of one round, waiting for the round before when it is behind."""
        done = 0
        try:
            while done < len(self.scans):
                answer = self.clients[name].post(
                    f"/projects/{self.slug}/checkouts", json={"round": code}
                )
                if answer.status_code == httpx.codes.CONFLICT:
                    time.sleep(0.05)
                    continue
                self._read_page(name, answer.raise_for_status().json())
                done += 1
        except Exception as error:  # noqa: BLE001 - told by the main thread
            troubles.append(f"{name}: {error!r}")

    def _read_page(self, name: str, task: dict[str, Any]) -> None:
        text = self.texts[task["page"] - 1]
        draft = {"text": text[: len(text) // 2], "version": task["version"]}
        saved = self._call(name, "PUT", f"/tasks/{task['id']}/draft", json=draft)
        done = {"text": text, "version": saved["version"]}
        answer = self._call(name, "POST", f"/tasks/{task['id']}/done", json=done)
        expect(answer["state"] == "done", answer)

    def _release(self) -> None:
        path = f"/projects/{self.slug}/releases"
        self._call(COORDINATOR, "POST", path, json={"with_open_findings": True})
        wait_for(lambda: self._call("ann", "GET", path)["items"][0]["state"] == "published", 120)

    def _download(self, folder: Path) -> None:
        for file in self._call("ann", "GET", f"/books/{self.slug}")["files"]:
            answer = httpx.get(file["url"], timeout=60).raise_for_status()
            expect(len(answer.content) == file["bytes"], file)
            (folder / file["name"]).write_bytes(answer.content)

    def _project(self) -> dict[str, Any]:
        return self._call("ann", "GET", f"/projects/{self.slug}")

    def _call(self, name: str, method: str, path: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
        answer = self.clients[name].request(method, path, **more)
        expect(answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seconds[step] = time.monotonic() - began


class JourneyError(Exception):
    """The way ended before the book was made."""


def expect(holds: bool, told: object) -> None:
    """Raise JourneyError, telling what was seen, unless it holds."""
    if not holds:
        raise JourneyError(str(told))


def wait_for(holds: Any, seconds: float) -> None:  # noqa: ANN401 - any callable
    """Ask until it holds; raise JourneyError after so many seconds."""
    end = time.monotonic() + seconds
    while not holds():
        expect(time.monotonic() < end, f"still waiting after {seconds:.0f} s")
        time.sleep(0.25)


def known_book(pages: int | None = None) -> tuple[list[Path], list[str]]:
    """Return scans and known texts of the book; raises JourneyError when it is not at hand."""
    scans = sorted((BOOK / "pages").glob("*.png"))[:pages]
    expect(bool(scans), f"The book of this journey is not at hand: {BOOK.name} among the scans.")
    texts = [(BOOK / "gt" / f"{scan.stem}.txt") for scan in scans]
    return scans, [path.read_text(encoding="utf-8") for path in texts]


def missing_words(book: Path, scans: list[Path]) -> str:
    """Return what the word checker says of a made book; raises JourneyError when it refuses it."""
    pages = [str(BOOK / "gt" / f"{scan.stem}.txt") for scan in scans]
    checker = [sys.executable, str(SHARED / "checks" / "words.py"), str(book), *pages]
    done = subprocess.run(checker, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, done.stdout + done.stderr)
    return done.stdout.strip().splitlines()[-1]


def main() -> None:
    """Go the way and print how long each step took."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, help="only the first N scans")
    parser.add_argument("--keep", type=Path, help="folder that gets the made files")
    options = parser.parse_args()
    scans, texts = known_book(options.pages)
    with tempfile.TemporaryDirectory(prefix="galley-book-") as home:
        folder = Path(home) / "made"
        folder.mkdir()
        with running(Path(home) / "home") as place:
            journey = Journey(place, scans, texts)
            journey.travel(folder)
        report(journey, folder)
        if options.keep:
            shutil.copytree(folder, options.keep, dirs_exist_ok=True)


def report(journey: Journey, folder: Path) -> None:
    """Print the steps, judge the files, and write the figures down."""
    for step, seconds in journey.seconds.items():
        print(f"{step:20} {seconds:8.1f} s")
    epub, text = (folder / f"{journey.slug}{suffix}" for suffix in (".epub", ".txt"))
    for path in (epub, text):
        print(f"{path.name}: {missing_words(path, journey.scans)}")
    print(f"epubcheck: {epubcheck(epub)}")
    figures = {"pages": len(journey.scans), "seconds": journey.seconds}
    results = ROOT / "benchmarks" / "results"
    results.mkdir(exist_ok=True)
    (results / "demo_book.json").write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
