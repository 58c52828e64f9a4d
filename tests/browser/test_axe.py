"""The pages everybody meets have no fault that axe knows, and axe does find faults."""

import pytest

from tests.browser.axe import findings
from tests.browser.conftest import Window

pytestmark = pytest.mark.browser

ILL = """() => {
    const main = document.querySelector("main");
    const pale = document.createElement("p");
    pale.id = "pale";
    pale.textContent = "Hard to read";
    pale.style.color = "#ccc";
    pale.style.background = "#fff";
    const field = document.createElement("input");
    field.id = "nameless";
    const small = document.createElement("div");
    small.id = "small";
    for (const name of ["a", "b"]) {
        const button = document.createElement("button");
        button.className = name;
        button.style.cssText = "width:9px;height:9px;min-width:0;min-height:0;padding:0;border:0";
        button.setAttribute("aria-label", name);
        small.append(button);
    }
    main.append(pale, field, small);
}"""


@pytest.mark.parametrize("address", ["/", "/sign-in", "/projects", "/books"])
def test_pages_everybody_meets_are_sound(window: Window, address: str) -> None:
    window.page.goto(address)
    assert findings(window.page) == []


def test_faults_are_named_with_their_place(window: Window) -> None:
    window.page.goto("/sign-in")
    window.page.evaluate(ILL)
    found = {tuple(each.split(": ")[:2]) for each in findings(window.page)}
    assert {("color-contrast", "#pale"), ("label", "#nameless")} <= found
    assert any(rule == "target-size" for rule, _ in found)
