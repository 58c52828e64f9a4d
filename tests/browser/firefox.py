"""Firefox as the system has it, with real keys: for chords that the browser wants for itself.

Pages are opened and asked over WebDriver BiDi. Its key events go to the page alone, past the
browser's own shortcuts, so keys are pressed on the X server (XTEST), which has no screen.
"""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import pytest
from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
#: Seconds for Firefox to come up, and for it to answer a command.
START, ANSWER = 60, 20
#: Keeps Firefox from looking for hosts of its maker.
PREFERENCES = {
    "app.normandy.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#disabled",
    "signon.rememberSignons": False,
}
#: X names of keys that pages call otherwise; letters, digits and F1 to F12 have one name.
KEYSYMS = {
    "Alt": "alt", "ArrowDown": "Down", "ArrowLeft": "Left", "ArrowRight": "Right",
    "ArrowUp": "Up", "Backspace": "BackSpace", "Control": "ctrl", "Enter": "Return",
    "Meta": "super", "PageDown": "Next", "PageUp": "Prior", "Shift": "shift", "Space": "space",
    "-": "minus", "Plus": "plus", "\\": "backslash", "?": "question",
}  # fmt: skip


class FirefoxError(Exception):
    """Firefox did not do what it was told, or a script in the page threw."""


class Firefox:
    """A window of Firefox; `tab` is the one that is looked at and gets the keys."""

    def __init__(self, connection: ClientConnection, screen: dict[str, str]) -> None:
        self._connection, self._screen = connection, screen
        self._sent = 0
        self._send("session.new", capabilities={})
        self.tab = self._send("browsingContext.getTree")["contexts"][0]["context"]
        window = self._xdotool("search", "--onlyvisible", "--class", "firefox").split()[-1]
        self._xdotool("windowfocus", "--sync", window)

    def open(self, url: str) -> Self:
        """Go to an address in a new tab, which takes the place of the present one.

        All of it is loaded then, and has the keyboard: in an old tab the address bar may have it.
        """
        old, self.tab = self.tab, self._send("browsingContext.create", type="tab")["context"]
        self.close_tab(old)
        self._send("browsingContext.navigate", context=self.tab, url=url, wait="complete")
        self.until("document.hasFocus()")
        return self

    @contextmanager
    def another_tab(self) -> Iterator[None]:
        """Have a second tab, after the present one, meanwhile."""
        made = self._send("browsingContext.create", type="tab", background=True)["context"]
        yield
        self.close_tab(made)
        self._send("browsingContext.activate", context=self.tab)

    def close_tab(self, tab: str) -> None:
        """Close a tab."""
        self._send("browsingContext.close", context=tab)

    def press(self, *chords: str) -> None:
        """Press and let go of each chord: "Control+Shift+K", "F8", "Alt+1", "a".

        What follows from it comes a moment later: wait with `until`.
        """
        self._xdotool("key", *map(_keysyms, chords))

    def evaluate(self, script: str) -> Any:  # noqa: ANN401 - whatever the script gives
        """Return the value of a JavaScript expression, awaited, that can be written as JSON."""
        done = self._send(
            "script.evaluate",
            expression=f"Promise.resolve({script}).then((v) => JSON.stringify(v ?? null))",
            target={"context": self.tab},
            awaitPromise=True,
            userActivation=True,
        )
        if done["type"] == "exception":
            raise FirefoxError(done["exceptionDetails"]["text"])
        return json.loads(done["result"]["value"])

    def until(self, script: str, seconds: float = ANSWER) -> None:
        """Wait until an expression holds; raises FirefoxError when it does not in time."""
        deadline = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({script})"):
            if time.monotonic() > deadline:
                raise FirefoxError(f"This did not come true in {seconds} s: {script}")
            time.sleep(0.05)

    def sign_in(self, url: str, name: str, password: str) -> None:
        """Sign in to the installation at `url` by the form."""
        self.open(f"{url}/sign-in")
        values = json.dumps({"name": name, "password": password})
        self.evaluate(
            f"Object.entries({values}).forEach(([id, v]) => document.getElementById(id).value = v)"
        )
        self.evaluate("document.querySelector('main form button').click()")
        self.until("location.pathname === '/desk' && document.readyState === 'complete'")

    def forget(self) -> None:
        """Be nobody again: signed out, as in a new browser."""
        self._send("storage.deleteCookies")

    def _send(self, method: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        self._sent += 1
        command = {"id": self._sent, "method": method, "params": params}
        self._connection.send(json.dumps(command))
        while True:
            answer = json.loads(self._connection.recv(timeout=ANSWER))
            if answer.get("id") == self._sent:
                break
        if answer["type"] == "error":
            raise FirefoxError(f"{method}: {answer['error']}: {answer['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _xdotool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._screen, check=True, capture_output=True, text=True,
            timeout=ANSWER,
        )  # fmt: skip
        return done.stdout


@contextmanager
def running_firefox(profile: Path) -> Iterator[Firefox]:
    """Run Firefox on a screen of its own, in an empty folder; skips the test where it can't be."""
    if FIREFOX is None or not all(map(shutil.which, ("Xvfb", "xdotool"))):
        word = "Firefox, Xvfb or xdotool is not installed; install them to test Firefox's keys."
        pytest.fail(word) if os.environ.get("CI") else pytest.skip(word)
    with (
        _screen(profile) as screen,
        _running(str(FIREFOX), profile, screen) as address,
        # No proxy of the environment: it listens on this machine.
        connect(f"{address}/session", proxy=None, max_size=None) as connection,
    ):
        yield Firefox(connection, screen)


@contextmanager
def _screen(home: Path) -> Iterator[dict[str, str]]:
    """Run an X server without a screen; gives the environment of its programs."""
    reads, writes = os.pipe()
    process = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1440x900x24", "-nolisten", "tcp",
         "-noreset"],
        pass_fds=[writes], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            display = told.readline().strip()
        wanted = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        yield {**wanted, "HOME": str(home), "DISPLAY": f":{display}", "GDK_BACKEND": "x11"}
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _running(program: str, profile: Path, screen: dict[str, str]) -> Iterator[str]:
    """Run Firefox; gives the address where it listens."""
    lines = [
        f"user_pref({json.dumps(each)}, {json.dumps(PREFERENCES[each])});" for each in PREFERENCES
    ]
    (profile / "user.js").write_text("\n".join(lines))
    process = subprocess.Popen(
        [program, "--no-remote", "--remote-debugging-port", "0", "--profile", profile,
         "--width", "1440", "--height", "900", "about:blank"],
        env=screen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield _address(profile)
    finally:
        process.terminate()
        process.wait(30)


def _address(profile: Path) -> str:
    """Return where Firefox listens, which it writes into its profile once it does."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, json.JSONDecodeError):
            told = json.loads((profile / "WebDriverBiDiServer.json").read_text())
            return f"ws://{told['ws_host']}:{told['ws_port']}"
        time.sleep(0.05)
    raise FirefoxError(f"Firefox did not come up within {START} s.")


def _keysyms(chord: str) -> str:
    """Return a chord as X names it; a capital without Shift would press Shift by itself."""
    names = chord.split("+")
    return "+".join(KEYSYMS.get(each, each.lower() if len(each) == 1 else each) for each in names)
