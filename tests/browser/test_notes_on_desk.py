"""Notes on words, a reported scan, and what a newcomer read: on the desk and where others see it."""

# ruff: noqa: E501 - scripts for the page read better in one piece

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from library.models import Page as ScannedPage
from proofing.models import PageTask
from proofing.trials_models import TrialLayer
from tests.browser.books import DEMO, book_of, call, open_desk, take
from tests.browser.conftest import Installation, Window
from tests.support.rows import NOW

pytestmark = pytest.mark.browser

WORDS = "Is this a smudge?"
_LOST = "document.activeElement === document.body"


def on_first_word(page: Page) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+ArrowRight")


def test_a_note_on_a_word_is_seen_by_others_and_settled(
    window: Window, chromium: Browser, installation: Installation
) -> None:
    slug = book_of(installation, "Noted on", [DEMO, DEMO])
    task = take(installation, "nora", slug)
    window.sign_in("nora")
    open_desk(window, task["id"])
    page = window.page
    on_first_word(page)
    page.keyboard.press("Control+Shift+m")
    expect(page.locator("#new-note-body")).to_be_focused()
    expect(page.locator("#notes-panel [data-print]")).to_be_visible()
    page.keyboard.type(WORDS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    note = page.locator("#notes-panel .note")
    expect(note).to_contain_text(WORDS)
    expect(page.locator("#notes-count")).to_have_text("1")
    expect(page.locator("#desk-live")).to_contain_text("written")
    expect(page.locator(".has-note").first).to_be_attached()
    assert not page.evaluate(_LOST)
    window.shoot("notes-on-desk", whole=False)
    page.keyboard.press("Escape")
    expect(page.locator("#notes-panel")).to_be_hidden()
    expect(page.locator(".cm-content")).to_be_focused()
    number = call(installation, "nora", "GET", f"/tasks/{task['id']}/sheet")["page"]["number"]
    text = page.evaluate("document.querySelector('.cm-content').cmTile.view.state.doc.toString()")
    sent = {"text": text, "version": task["version"]}
    call(installation, "nora", "POST", f"/tasks/{task['id']}/done", **sent)

    other = Window(chromium, installation.url)
    after = take(installation, "oskar", slug, "P2")
    other.sign_in("oskar")
    other.page.goto(f"/projects/{slug}/pages/{number}")
    expect(other.page.locator("main")).to_contain_text(WORDS)
    open_desk(other, after["id"])
    expect(other.page.locator("#notes-count")).to_have_text("1")
    other.page.click("[data-command=notes]")
    other.page.get_by_role("button", name="Settled").click()
    expect(other.page.locator("#notes-count")).to_be_hidden()
    again = other.page.get_by_role("button", name="Open again")
    expect(again).to_be_focused()
    expect(other.page.locator(".has-note")).to_have_count(0)
    other.context.close()
    assert other.faults == []


def test_a_reported_scan_leads_to_the_next_page(window: Window, installation: Installation) -> None:
    slug = book_of(installation, "Reported on", [DEMO, DEMO])
    task = take(installation, "rita", slug)
    window.sign_in("rita")
    open_desk(window, task["id"])
    page = window.page
    page.click("[popovertarget=report-panel]")
    page.get_by_text("Too faint to read").click()
    page.fill("#detail", "The lower half.")
    page.get_by_role("button", name="Report the scan").click()
    page.wait_for_url(lambda url: not url.endswith(f"/proof/{task['id']}"))
    page.wait_for_load_state()
    assert "/proof/" in page.url
    state = call(installation, "shelver", "GET", f"/projects/{slug}")
    assert state["pages"]["rounds"]["P1"]["bad"] == 1


def test_what_a_newcomer_read_is_offered_and_taken(
    window: Window, installation: Installation
) -> None:
    slug = book_of(installation, "Newly Begun", [DEMO])
    task = take(installation, "lars", slug)
    lines = task["text"].split("\n")
    row = next(n for n, line in enumerate(lines) if n > 3 and len(line.split()) > 5)
    theirs = f"{lines[row]} by a newcomer"
    engine = sa.create_engine(f"sqlite:///{installation.home}/var/galley.db")
    with Session(engine) as session, session.begin():
        held = session.get_one(PageTask, task["id"])
        page_ = session.get_one(ScannedPage, held.page_id)
        session.add(
            TrialLayer(
                project_id=held.project_id, page_id=page_.id, run_id=held.run_id, secret_hash="0" * 64,
                from_line=row + 1, to_line=row + 1, text=theirs, created_at=NOW,
            )
        )  # fmt: skip
    engine.dispose()
    window.sign_in("lars")
    open_desk(window, task["id"])
    page = window.page
    message = page.locator("#desk-messages [data-name=layers]")
    expect(message).to_contain_text("A newcomer read lines")
    message.get_by_role("button", name="Show the differences").click()
    expect(message.locator("ins")).to_contain_text("by a newcomer")
    window.shoot("notes-newcomer", whole=False)
    message.get_by_role("button", name="Take them").click()
    expect(message).to_have_count(0)
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-content")).to_contain_text("by a newcomer")
