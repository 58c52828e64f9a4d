"""What a page gets wrong for people with disabilities, as far as a machine can tell.

axe-core is locked with what static/vendor is built of, and is never shipped.
"""

import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
#: Success criteria of WCAG up to 2.2, levels A and AA, as axe names them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
_RUN = """only => axe.run(document, {
    runOnly: only, resultTypes: ["violations"],
}).then(({violations}) => violations)"""


def findings(page: Page, *rules: str) -> list[str]:
    """Return a sentence for each element that fails a rule (of these, or any) in the page's state.

    It names the rule, the element's selector, and what axe says is wrong. Nothing is added to the
    document, so the page's own content security policy stays as it is.
    """
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_source())
    only = {"type": "rule" if rules else "tag", "values": list(rules) or TAGS}
    violations: list[dict[str, Any]] = page.evaluate(_RUN, only)
    return [
        f"{rule['id']}: {_selector(node['target'])}: {_reasons(node)}"
        for rule in violations
        for node in rule["nodes"]
    ]


@cache
def _source() -> str:
    """Return axe's script, whose packages are installed at the first call."""
    subprocess.run(["deploy/install", "node-packages"], cwd=ROOT, check=True, timeout=120)
    script = (ROOT / "build/vendor/node_modules/axe-core/axe.min.js").read_text()
    # Its value would be a function, which can't be handed over.
    return script + "\n;undefined"


def _selector(target: list[str | list[str]]) -> str:
    """Return the way to an element: one selector, or more through frames and shadow roots."""
    return " / ".join(" > ".join(each) if isinstance(each, list) else each for each in target)


def _reasons(node: dict[str, Any]) -> str:
    checks = [*node["any"], *node["all"], *node["none"]]
    return "; ".join(check["message"] for check in checks)
