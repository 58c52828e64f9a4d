"""What holds for every template and for the looks: checked on the sources, without a database."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from jinja2 import nodes
from lxml import etree

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMES = [str(path.relative_to(ROOT / "templates")) for path in TEMPLATES]

#: Words that are the same in every language.
PROPER = {"EPUB", "SHA-256", "·", "/"}
#: Attributes that people read or hear.
SPOKEN = {"title", "alt", "placeholder", "aria-label"}


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("templates", root_path=str(ROOT))
    Babel(app)
    app.jinja_env.filters["language_name"] = str
    return app


def source(name: str) -> str:
    return (ROOT / "templates" / name).read_text()


def markup(app: Flask, name: str) -> str:
    """The template's literal output with every expression and statement taken out."""
    tree = app.jinja_env.parse(source(name))
    return "".join(
        part.data if isinstance(part, nodes.TemplateData) else "{}"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )


class Page(HTMLParser):
    """Collects texts, attributes and scripts of one template."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[dict[str, str]] = []
        self.raw = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in ("script", "style"):
            self.raw = tag
            self.scripts.append({name: value or "" for name, value in attrs} | {"tag": tag})

    def handle_endtag(self, tag: str) -> None:
        if tag == self.raw:
            self.raw = ""

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self.texts.append(data)


def parsed(app: Flask, name: str) -> Page:
    page = Page()
    page.feed(markup(app, name))
    return page


@pytest.mark.parametrize("name", NAMES)
def test_compiles_and_says_what_it_is_given(app: Flask, name: str) -> None:
    app.jinja_env.get_template(name)
    assert source(name).startswith("{#"), "say on top, in a comment, what the template is given"


@pytest.mark.parametrize("name", NAMES)
def test_no_inline_script_or_style(app: Flask, name: str) -> None:
    page = parsed(app, name)
    for tag, attribute, _value in page.attributes:
        assert attribute != "style", f"<{tag} style>"
        assert not attribute.startswith("on"), f"<{tag} {attribute}>"
    for script in page.scripts:
        assert script["tag"] == "script"
        assert "src" in script or script.get("type", "").endswith("json")


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_marked_safe(name: str) -> None:
    text = source(name)
    assert not re.search(r"\|\s*safe\b|Markup|autoescape", text)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_goes_through_gettext(app: Flask, name: str) -> None:
    page = parsed(app, name)
    spoken = [value for _tag, attribute, value in page.attributes if attribute in SPOKEN]
    for text in page.texts + spoken:
        words = re.sub(r"[\w-]+=\"[^\"]*\"|\{\}|[^\w/-]+", " ", text).split()
        untranslated = [word for word in words if re.search(r"[A-Za-z]{2}", word)]
        assert set(untranslated) <= PROPER, f"not translated: {text.strip()!r}"


@pytest.mark.parametrize("name", NAMES)
def test_every_form_that_changes_something_sends_its_token(name: str) -> None:
    for form in re.findall(r"<form\b.*?</form>", source(name), re.DOTALL):
        if 'method="post"' in form:
            assert "csrf" in form, form[:90]


def test_every_endpoint_stands_in_the_table() -> None:
    table = (ROOT / "templates/README.md").read_text()
    listed = set(re.findall(r"`([a-z]+\.[a-z_]+)[(`]", table)) | {"static"}
    used = {
        found for name in NAMES for found in re.findall(r"url_for\(\s*['\"]([\w.]+)", source(name))
    }
    assert used <= listed
    assert {"desk.done", "catalog.download"} <= used


def test_every_icon_is_in_the_sprite() -> None:
    sprite = etree.parse(ROOT / "static/icons.svg").getroot()
    ids = {symbol.get("id") for symbol in sprite.iter("{http://www.w3.org/2000/svg}symbol")}
    calls = r"icon\(\"([\w-]+)\"|(?:before|after)=\"([\w-]+)\""
    used = {one or two for name in NAMES for one, two in re.findall(calls, source(name))}
    assert used <= ids
    assert len(used) > 20


def test_every_file_that_styles_name_exists() -> None:
    for sheet in (ROOT / "static/css").glob("*.css"):
        for address in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / address).resolve().is_file(), address


# Pairs that carry text (4.5) or a part or boundary (3): WCAG 2.2, 1.4.3 and 1.4.11.
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink-2", "paper"), ("ink-2", "surface"),
    ("ink-2", "sunken"), ("ink-3", "paper"), ("ink-3", "surface"), ("ink-3", "sunken"),
    ("on-accent", "accent"), ("on-accent", "accent-hover"), ("link", "paper"), ("link", "surface"),
    ("link", "accent-soft"), ("ink", "accent-soft"), ("amber", "amber-soft"), ("ink", "amber-soft"),
    ("brick", "brick-soft"), ("brick", "surface"), ("brick", "paper"), ("ink", "brick-soft"),
    ("blue", "blue-soft"), ("blue", "surface"), ("on-once", "once"), ("on-twice", "twice"),
    ("on-finished", "finished"), ("paper", "ink"),
]  # fmt: skip
PART_PAIRS = [
    ("edge", "surface"), ("edge", "paper"), ("accent", "surface"), ("accent", "sunken"),
    ("amber-line", "surface"), ("ring", "surface"), ("ring", "paper"), ("blue", "surface"),
    ("brick", "paper"),
]  # fmt: skip
TOKENS = dict(
    re.findall(
        r"--([\w-]+): light-dark\((#\w+, #\w+)\);", (ROOT / "static/css/tokens.css").read_text()
    )
)


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back", "least"),
    [(*pair, 4.5) for pair in TEXT_PAIRS] + [(*pair, 3) for pair in PART_PAIRS],
)
def test_contrast(front: str, back: str, least: float, theme: int) -> None:
    colours = [TOKENS[name].split(", ")[theme] for name in (front, back)]
    assert contrast(*colours) >= least


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    "name", [name for name in NAMES if "/" in name and "macros" not in name and "parts" not in name]
)
def test_headings_start_at_one_and_leave_no_step_out(app: Flask, name: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", markup(app, name))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
