"""Nothing typed is lost, whatever happens to tab, session, page or net; done and next in a key."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import PASSWORD, Installation, Window, _wait_until_read
from tests.support.site import png, zipped

pytestmark = pytest.mark.browser

PAGES = 16
PATIENCE = 30_000  # ms; a busy machine answers late
NO_NET = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK")


@pytest.fixture(scope="module")
def shelf(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the slug of a book of many small pages that are read."""
    installation.person("sarah", role="admin")
    return add_book(installation, tmp_path_factory.mktemp("shelf"), "A Shelf of Pages", PAGES)


def add_book(installation: Installation, folder: Path, title: str, pages: int) -> str:
    scans = folder / "pages.zip"
    lines = ["It was a bright cold day,", "and the page was short."]
    scans.write_bytes(zipped({f"{n:03}.png": png([*lines, f"Leaf {n}"]) for n in range(pages)}))
    slug = installation.galley("import", str(scans), "--title", title, "--owner", "sarah")
    _wait_until_read(installation, slug)
    return slug


@pytest.fixture
def people(installation: Installation, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Give a function that makes an account of this test's own and returns its name."""
    made: list[str] = []

    def person(*, rounds: str = "") -> str:
        test = request.node.name.removeprefix("test_").split("[")[0].replace("_", "-")
        name = f"{test[:20].strip('-')}-{len(made)}"
        with suppress(Exception):
            installation.person(name, rounds=rounds)
        made.append(name)
        return name

    return person


@pytest.fixture
def reader(window: Window, people: Callable[..., str]) -> Iterator[str]:
    """Sign somebody in who may hold several pages; what they still hold goes back."""
    name = people(rounds="P1,P2,F1")
    window.sign_in(name)
    yield name
    window.context.set_offline(False)
    for held in window.context.request.get("/api/v1/me").json()["held"]:
        give_back(window.context, held["task"])


@pytest.fixture
def offline_is_no_fault(window: Window) -> Iterator[None]:
    """Forgive what the browser says about a net that the test has cut."""
    yield
    window.faults[:] = [fault for fault in window.faults if not NO_NET.search(fault)]


def token(context: BrowserContext) -> dict[str, str]:
    found = context.request.get("/api/v1/session").json()
    return {"X-CSRFToken": found["csrf_token"]}


def take(context: BrowserContext, slug: str, code: str | None = None) -> int:
    """Check a page out by the API."""
    answer = context.request.post(
        f"/api/v1/projects/{slug}/checkouts", data={"round": code}, headers=token(context)
    )
    assert answer.status == 201, answer.text()
    task: int = answer.json()["id"]
    return task


def give_back(context: BrowserContext, task: int) -> None:
    """Return a page by the API."""
    answer = context.request.post(f"/api/v1/tasks/{task}/return", data={}, headers=token(context))
    assert answer.status == 200, answer.text()


def end_session(context: BrowserContext) -> None:
    """Sign out behind the desk's back."""
    given = token(context)["X-CSRFToken"]
    context.request.post("/sign-out", form={"csrf_token": given})
    assert context.request.get("/api/v1/session").json()["name"] is None


def task_of(context: BrowserContext, task: int) -> dict[str, Any]:
    found: dict[str, Any] = context.request.get(f"/api/v1/tasks/{task}").json()
    return found


def open_desk(page: Page, task: int) -> None:
    page.goto(f"/proof/{task}")
    page.wait_for_selector("body[data-ready]")


def type_at_end(page: Page, words: str) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def state_is(page: Page, state: str) -> None:
    expect(page.locator("#save-state")).to_have_attribute("data-state", state)


def text_has(page: Page, words: str) -> None:
    expect(page.locator(".cm-content")).to_contain_text(words)


def on_disk(context: BrowserContext, task: int, words: str) -> None:
    """Wait until the server has a text with these words."""
    page = context.pages[-1]
    for _ in range(PATIENCE // 100):
        if words in task_of(context, task)["text"]:
            return
        page.wait_for_timeout(100)
    pytest.fail(f"the server has no text with {words!r}")


def on_device(page: Page) -> list[dict[str, Any]]:
    """Return what this device keeps of texts."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => new Promise((resolve) => {
            const opened = indexedDB.open("galley.desk");
            opened.onsuccess = () => {
                const all = opened.result.transaction("entries").objectStore("entries").getAll();
                all.onsuccess = () => { opened.result.close(); resolve(all.result); };
            };
        })"""
    )
    return found


def kept_on_device(page: Page, words: str) -> None:
    for _ in range(PATIENCE // 50):
        if any(words in entry["text"] for entry in on_device(page)):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"this device keeps no text with {words!r}")


def next_is_ready(page: Page, act: Callable[[], object]) -> None:
    """Do what opens a page, and wait until the one after it is fetched with its picture."""
    with page.expect_response(re.compile(r"/checkouts$")):
        act()
    page.wait_for_load_state("networkidle")


def crash(page: Page) -> None:
    """Let the tab's process die as it does when memory runs out: no event tells the page."""
    with suppress(Error):
        page.goto("chrome://crash", timeout=5000)


def loads(page: Page) -> list[str]:
    """Return a list to which every document loaded from now on is added."""
    seen: list[str] = []
    page.on(
        "request",
        lambda sent: seen.append(sent.url) if sent.is_navigation_request() else None,
    )
    return seen


@pytest.mark.usefixtures("reader")
def test_what_is_typed_saves_itself(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    with page.expect_response(re.compile("/draft$")) as saved:
        type_at_end(page, "\nTyped and left alone.")
        kept_on_device(page, "left alone")
    assert saved.value.status == 200
    state_is(page, "saved")
    assert "left alone" in task_of(window.context, task)["text"]
    assert on_device(page) == []
    page.reload()
    text_has(page, "left alone")


@pytest.mark.usefixtures("reader")
def test_typed_before_the_scripts_started(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    waiting: list[Route] = []
    page.route(re.compile("desk/main"), lambda route: waiting.append(route))  # noqa: PLW0108 - not a builtin
    page.goto(f"/proof/{task}", wait_until="commit")
    area = page.locator("textarea#text")
    area.press("Control+End")
    page.keyboard.type("\nBefore the scipts")
    for _ in "ipts":
        page.keyboard.press("ArrowLeft")
    assert waiting
    with page.expect_response(re.compile("/draft$")):
        waiting[0].continue_()
        page.wait_for_selector("body[data-ready]")
        page.keyboard.type("r")
    on_disk(window.context, task, "Before the scripts")
    state_is(page, "saved")


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
@pytest.mark.parametrize("storage", ["IndexedDB", "localStorage"])
def test_a_killed_tab_gives_its_text_back(window: Window, shelf: str, storage: str) -> None:
    page, task = window.page, take(window.context, shelf)
    if storage == "localStorage":
        window.context.add_init_script(
            "Object.defineProperty(globalThis, 'indexedDB', {value: {open() { throw 0; }}})"
        )
    page.route("**/draft", lambda route: route.abort())
    open_desk(page, task)
    type_at_end(page, "\nNot on the server yet.")
    state_is(page, "offline")
    crash(page)
    page = window.open()
    open_desk(page, task)
    text_has(page, "Not on the server yet.")
    expect(page.locator("#toasts")).to_contain_text("are back")
    on_disk(window.context, task, "Not on the server yet.")
    page.click("#toasts >> text=Use the saved text")
    expect(page.locator(".cm-content")).not_to_contain_text("Not on the server")
    page.locator(".cm-content").press("Control+z")
    text_has(page, "Not on the server yet.")


AGE = """() => new Promise((resolve) => {
    const opened = indexedDB.open("galley.desk");
    opened.onsuccess = () => {
        const work = opened.result.transaction("entries", "readwrite");
        const entries = work.objectStore("entries");
        const all = entries.openCursor();
        all.onsuccess = () => {
            if (!all.result) return;
            all.result.update({ ...all.result.value, at: all.result.value.at - 600000 });
            all.result.continue();
        };
        work.oncomplete = () => { opened.result.close(); resolve(); };
    };
})"""


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_what_was_left_on_another_page_is_sent(window: Window, shelf: str) -> None:
    page = window.page
    left, taken = take(window.context, shelf), take(window.context, shelf)
    page.route("**/draft", lambda route: route.abort())
    open_desk(page, left)
    type_at_end(page, "\nThe lights went out.")
    state_is(page, "offline")
    crash(page)
    page = window.open()
    page.goto("/desk")
    page.evaluate(AGE)
    open_desk(page, taken)
    on_disk(window.context, left, "The lights went out.")


@pytest.mark.usefixtures("reader")
def test_letters_that_no_page_holds_are_told(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    page.locator(".cm-content").focus()
    page.keyboard.insert_text("a\u0007b ")
    expect(page.locator("#desk-messages")).to_contain_text("control character")
    assert "\u0007" not in task_of(window.context, task)["text"]


@pytest.mark.usefixtures("reader")
def test_leaving_sends_what_is_not_saved_yet(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    page.on("dialog", lambda dialog: window.faults.append(f"asked: {dialog.message}"))
    type_at_end(page, "\nGone at once.")
    page.goto("/desk")
    on_disk(window.context, task, "Gone at once.")
    assert window.page.url.endswith("/desk")


def test_an_ended_session_is_taken_up_in_place(window: Window, shelf: str, reader: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    end_session(window.context)
    seen = loads(page)
    type_at_end(page, "\nTyped while signed out.")
    state_is(page, "signed-out")
    page.click("#save-state button")
    dialog = page.locator("#sign-in-again")
    dialog.get_by_label("Name").fill("somebody-else")
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("sent in no other name")
    window.shoot("desk-sign-in-again", whole=False)
    assert findings(page) == []
    dialog.get_by_label("Name").fill(reader)
    dialog.get_by_label("Password").fill("not the right words")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("don't fit together")
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    state_is(page, "saved")
    assert "while signed out" in task_of(window.context, task)["text"]
    type_at_end(page, " And on.")
    on_disk(window.context, task, "And on.")
    assert seen == []


def test_nothing_is_sent_in_another_name(
    window: Window, shelf: str, reader: str, people: Callable[..., str]
) -> None:
    page, task = window.page, take(window.context, shelf)
    other = people(rounds="P1")
    open_desk(page, task)
    end_session(window.context)
    window.page = window.open()
    window.sign_in(other)
    type_at_end(page, "\nTyped by the first.")
    state_is(page, "signed-out")
    expect(page.locator("#save-state")).to_contain_text(f"Signed in as {other}")
    kept_on_device(page, "Typed by the first.")
    assert "Typed by the first." not in task_of(window.context, task)["text"]
    page.click("#save-state button")
    dialog = page.locator("#sign-in-again")
    expect(dialog.get_by_label("Name")).to_have_value(reader)
    dialog.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    state_is(page, "saved")
    assert "Typed by the first." in task_of(window.context, task)["text"]


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_the_net_goes_and_comes_back(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    window.context.set_offline(True)
    type_at_end(page, "\nTyped in a tunnel.")
    state_is(page, "offline")
    expect(page.locator("#save-state")).to_contain_text("Kept on this device")
    kept_on_device(page, "in a tunnel")
    window.context.set_offline(False)
    state_is(page, "saved")
    assert "in a tunnel" in task_of(window.context, task)["text"]


def edit_first_line(page: Page, words: str) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type(words)


@pytest.mark.usefixtures("reader")
def test_two_tabs_are_joined(window: Window, shelf: str) -> None:
    first, task = window.page, take(window.context, shelf)
    open_desk(first, task)
    second = window.open()
    open_desk(second, task)
    edit_first_line(first, "First tab. ")
    on_disk(window.context, task, "First tab.")
    type_at_end(second, "\nSecond tab.")
    state_is(second, "conflict")
    window.page = second
    second.click("#save-state button")
    both = second.locator("#conflict")
    expect(both).to_contain_text("You changed this")
    expect(both).to_contain_text("changed this")
    window.shoot("desk-conflict", whole=False)
    assert findings(second) == []
    both.get_by_role("button", name="Join both").click()
    state_is(second, "saved")
    joined = task_of(window.context, task)["text"]
    assert "First tab." in joined
    assert "Second tab." in joined


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("choice", ["Keep mine", "Take the other"])
def test_of_two_texts_none_is_lost(window: Window, shelf: str, choice: str) -> None:
    first, task = window.page, take(window.context, shelf)
    open_desk(first, task)
    second = window.open()
    open_desk(second, task)
    edit_first_line(first, "One. ")
    on_disk(window.context, task, "One. ")
    edit_first_line(second, "Two. ")
    state_is(second, "conflict")
    second.click("#save-state button")
    expect(second.locator("#conflict")).to_contain_text("Both changed this")
    second.click(f"#conflict >> text={choice}")
    taken, left = ("Two. ", "One. ") if choice == "Keep mine" else ("One. ", "Two. ")
    text_has(second, taken)
    state_is(second, "saved")
    expect(second.locator(".cm-content")).not_to_contain_text(left)
    second.click("#toasts >> text=Bring it back")
    text_has(second, left)
    on_disk(window.context, task, left)


@pytest.mark.usefixtures("reader")
def test_a_line_is_chosen_from_each(window: Window, shelf: str) -> None:
    first, task = window.page, take(window.context, shelf)
    open_desk(first, task)
    second = window.open()
    open_desk(second, task)
    edit_first_line(first, "One. ")
    on_disk(window.context, task, "One. ")
    edit_first_line(second, "Two. ")
    type_at_end(second, "\nThree.")
    state_is(second, "conflict")
    second.click("#save-state button")
    second.locator("#conflict").get_by_label("The other").check()
    assert findings(second) == []
    for width in (390, 320):
        second.set_viewport_size({"width": width, "height": 844})
        inside = second.locator("#conflict").evaluate("(it) => it.scrollWidth - it.clientWidth")
        assert inside <= 0, width
    second.emulate_media(color_scheme="dark")
    window.page = second
    window.shoot("desk-conflict-320-dark", whole=False)
    second.click("#conflict >> text=Join both")
    state_is(second, "saved")
    text_has(second, "One. ")
    text_has(second, "Three.")
    expect(second.locator(".cm-content")).not_to_contain_text("Two. ")


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_an_old_copy_meets_the_newer_text(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    page.route("**/draft", lambda route: route.abort())
    open_desk(page, task)
    edit_first_line(page, "Left behind. ")
    state_is(page, "offline")
    crash(page)
    version = task_of(window.context, task)["version"]
    newer = window.context.request.put(
        f"/api/v1/tasks/{task}/draft",
        data={"text": "Saved from another machine.", "version": version},
        headers=token(window.context),
    )
    assert newer.status == 200
    page = window.open()
    open_desk(page, task)
    state_is(page, "conflict")
    page.click("#save-state button")
    both = page.locator("#conflict")
    expect(both).to_contain_text("Left behind.")
    expect(both).to_contain_text("Saved from another machine.")


def test_a_stolen_page_keeps_its_text(
    chromium: Browser, installation: Installation, window: Window, shelf: str, reader: str,
    people: Callable[..., str],
) -> None:  # fmt: skip
    page, task = window.page, take(window.context, shelf)
    with page.expect_response("**/checkouts"):  # else the desk may fetch the same page ahead
        open_desk(page, task)
    give_back(window.context, task)
    thief = Window(chromium, installation.url)
    name = people(rounds="P1")
    thief.sign_in(name)
    assert take(thief.context, shelf) == task
    type_at_end(page, "\nTyped all the same.")
    state_is(page, "lost")
    message = page.locator("#desk-messages")
    expect(message).to_contain_text(f"{name} has this page now")
    window.shoot("desk-lost", whole=False)
    assert findings(page) == []
    page.click("#save-state button")
    expect(page.locator("#conflict")).to_contain_text("Typed all the same.")
    kept_on_device(page, "Typed all the same.")
    revisions = window.context.request.get(f"/api/v1/tasks/{task}/revisions").json()["items"]
    assert any("Typed all the same." in kept["text"] for kept in revisions)
    before = page.url
    page.click("#conflict >> text=Go to the next page")
    expect(page).not_to_have_url(before)
    state_is(page, "saved")
    give_back(thief.context, task)
    thief.context.close()
    assert reader


@pytest.mark.usefixtures("reader")
def test_the_next_page_is_there_at_once(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    next_is_ready(page, lambda: open_desk(page, task))
    seen = loads(page)
    type_at_end(page, "\nDone with it.")
    held: list[Route] = []
    page.route(re.compile("/done$"), lambda route: held.append(route))  # noqa: PLW0108 - not a builtin
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(f"/proof/{task}$"))
    expect(page.locator(".cm-content")).not_to_contain_text("Done with it.")
    expect(page.locator("#toasts .toast")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("#toasts")).to_contain_text("handed in. 1 today")
    done = task_of(window.context, task)
    assert done["state"] == "done"
    assert "Done with it." in done["text"]
    following = int(page.url.rsplit("/", 1)[1])
    label = window.context.request.get(f"/api/v1/tasks/{following}/sheet").json()["page"]["label"]
    expect(page).to_have_title(re.compile(f"Page {label}, "))
    expect(page.locator("#page-name")).to_have_text(f"Page {label}")
    expect(page.locator(".cm-content")).to_have_attribute("aria-label", f"Text of page {label}")
    give_back = page.locator("#give-back-form")
    expect(give_back).to_have_attribute("action", re.compile(f"/proof/{following}/"))
    assert page.evaluate("document.activeElement.className").startswith("cm-content")
    type_at_end(page, "\nOn the next one.")
    on_disk(window.context, following, "On the next one.")
    window.shoot("desk-next", whole=False)
    assert seen == []


@pytest.mark.usefixtures("reader")
def test_undo_takes_the_page_up_again(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    next_is_ready(page, lambda: open_desk(page, task))
    seen = loads(page)
    type_at_end(page, "\nToo soon.")
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(f"/proof/{task}$"))
    following = int(page.url.rsplit("/", 1)[1])
    type_at_end(page, "\nBegun already.")
    page.click("#toasts >> text=Undo")
    expect(page).to_have_url(re.compile(f"/proof/{task}$"))
    text_has(page, "Too soon.")
    assert task_of(window.context, task)["state"] == "out"
    on_disk(window.context, following, "Begun already.")
    page.keyboard.press("Alt+PageDown")
    expect(page).to_have_url(re.compile(f"/proof/{following}$"))
    text_has(page, "Begun already.")
    assert seen == []


@pytest.mark.usefixtures("reader")
def test_back_and_forward(window: Window, shelf: str) -> None:
    page = window.page
    first, second = take(window.context, shelf), take(window.context, shelf)
    open_desk(page, first)
    page.keyboard.press("Alt+PageDown")
    expect(page).to_have_url(re.compile(f"/proof/{second}$"))
    type_at_end(page, "\nOn the second.")
    seen = loads(page)
    page.go_back()
    expect(page).to_have_url(re.compile(f"/proof/{first}$"))
    expect(page.locator(".cm-content")).not_to_contain_text("On the second.")
    on_disk(window.context, second, "On the second.")
    page.go_forward()
    text_has(page, "On the second.")
    assert seen == []
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("handed in")
    page.go_back()
    # What is handed in is shown where everyone may see it.
    expect(page).to_have_url(re.compile("/pages/"))
    expect(page.locator("main")).to_contain_text("You have handed this page in")


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_handed_in_offline_and_the_tab_closed(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    next_is_ready(page, lambda: open_desk(page, task))
    window.context.set_offline(True)
    type_at_end(page, "\nFinished on the train.")
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(f"/proof/{task}$"))
    expect(page.locator("#toasts")).to_contain_text("is kept here and will be handed in")
    following = page.url
    kept_on_device(page, "Finished on the train.")
    crash(page)
    page.close()
    window.context.set_offline(False)
    assert task_of(window.context, task)["state"] == "out"
    page = window.open()
    page.goto(following)
    expect(page.locator("#toasts")).to_contain_text("handed in. 1 today")
    done = task_of(window.context, task)
    assert done["state"] == "done"
    assert "Finished on the train." in done["text"]


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_a_page_that_waits_can_be_taken_back(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    next_is_ready(page, lambda: open_desk(page, task))
    window.context.set_offline(True)
    type_at_end(page, "\nNot so fast.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("is kept here")
    page.click("#toasts >> text=Undo")
    expect(page).to_have_url(re.compile(f"/proof/{task}$"))
    text_has(page, "Not so fast.")
    window.context.set_offline(False)
    on_disk(window.context, task, "Not so fast.")
    assert task_of(window.context, task)["state"] == "out"


@pytest.mark.usefixtures("reader", "offline_is_no_fault")
def test_the_last_page_waits_on_the_desk_and_goes_on(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    page.route(re.compile("/checkouts$"), lambda route: route.abort())
    open_desk(page, task)
    page.wait_for_load_state("networkidle")
    window.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("is kept here")
    type_at_end(page, "\nChanged my mind.")
    expect(page.locator("#toasts")).to_contain_text("is yours again")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("is kept here")
    page.unroute(re.compile("/checkouts$"))
    window.context.set_offline(False)
    expect(page).not_to_have_url(re.compile(f"/proof/{task}$"))
    done = task_of(window.context, task)
    assert done["state"] == "done"
    assert "Changed my mind." in done["text"]


@pytest.mark.usefixtures("reader")
def test_a_hand_in_that_meets_another_text(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    next_is_ready(page, lambda: open_desk(page, task))
    version = task_of(window.context, task)["version"]
    window.context.request.put(
        f"/api/v1/tasks/{task}/draft",
        data={"text": "From elsewhere.", "version": version},
        headers=token(window.context),
    )
    edit_first_line(page, "Mine. ")
    page.keyboard.press("Control+Enter")
    page.click("#toasts >> text=See both")
    expect(page).to_have_url(re.compile(f"/proof/{task}$"))
    state_is(page, "conflict")
    page.click("#save-state button")
    expect(page.locator("#conflict")).to_contain_text("From elsewhere.")
    page.click("#conflict >> text=Keep mine")
    on_disk(window.context, task, "Mine. ")


@pytest.mark.usefixtures("reader")
def test_likely_slips_are_asked_about_once(window: Window, shelf: str) -> None:
    page, task = window.page, take(window.context, shelf)
    open_desk(page, task)
    type_at_end(page, "\n<i>left open")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-messages")).to_contain_text("A mark is not closed on line")
    window.shoot("desk-slip", whole=False)
    assert task_of(window.context, task)["state"] == "out"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("handed in")
    assert task_of(window.context, task)["text"].endswith("<i>left open")


def test_a_newcomer_has_one_page_at_a_time(
    window: Window, shelf: str, people: Callable[..., str]
) -> None:
    window.sign_in(people())
    page, task = window.page, take(window.context, shelf, "P1")
    seen: list[int] = []
    page.on("response", lambda got: seen.append(got.status) if "checkouts" in got.url else None)
    with page.expect_response(re.compile(r"/checkouts$")):
        open_desk(page, task)
    assert seen == [403]
    opened = loads(page)
    type_at_end(page, "\nMy first page.")
    page.keyboard.press("Control+Enter")
    expect(page).not_to_have_url(re.compile(f"/proof/{task}$"))
    expect(page.locator("#toasts")).to_contain_text("handed in. 1 today")
    assert "My first page." in task_of(window.context, task)["text"]
    assert opened == []


@pytest.mark.usefixtures("reader")
def test_after_the_last_page_comes_the_desk(
    window: Window, installation: Installation, shelf: str, tmp_path: Path
) -> None:
    assert shelf
    page = window.page
    slug = add_book(installation, tmp_path, "A Leaflet", 1)
    task = take(window.context, slug)
    open_desk(page, task)
    type_at_end(page, "\nThe only page.")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile("/desk$"))
    expect(page.locator("#toasts")).to_contain_text("handed in. 1 today")
    with page.expect_navigation():
        page.click("#toasts >> text=Undo")
    expect(page).to_have_url(re.compile(f"/proof/{task}$"))
    text_has(page, "The only page.")
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_url(re.compile("/desk$"))
    assert task_of(window.context, task)["state"] == "done"
