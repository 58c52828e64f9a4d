"""Where forms may lead, and what they make of what was typed."""

import pytest
from flask import Flask
from flask_babel import Babel

from library.errors import InvalidError
from web.forms import direction_of, language_label, page_numbers, safe_next


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "https://evil.example/desk",
        "javascript:alert(1)",
        "evil.example",
        "/%2F/evil.example",
        "/%2Fevil.example",
        "/%252Fevil.example",
        "/%5Cevil.example",
        "/%255cevil.example",
        "/\t/evil.example",
        "/%09/evil.example",
        "/desk%0d%0aSet-Cookie: a=b",
        "/desk\nx",
        " /desk",
        "",
        None,
        "/" + "a" * 3000,
    ],
)
def test_next_never_leaves_the_site(target: str | None) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize(
    "target", ["/", "/desk", "/projects/a-book?show=ready", "/books?q=caf%C3%A9%20noir&from=48"]
)
def test_next_goes_to_pages_of_the_site(target: str) -> None:
    assert safe_next(target) == target


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    Babel(app)
    return app


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1", [1]), ("1-4, 9", [1, 2, 3, 4, 9]), ("3 \u2013 5", [3, 4, 5]), (" 7;8 ", [7, 8])],
)
def test_page_numbers(app: Flask, typed: str, meant: list[int]) -> None:
    with app.test_request_context():
        assert page_numbers(typed) == meant


@pytest.mark.parametrize("typed", ["", "one", "4-1", "1-", "-3", "1-99999999", "\u0663"])
def test_what_names_no_pages_is_told(app: Flask, typed: str) -> None:
    with app.test_request_context(), pytest.raises(InvalidError) as refused:
        page_numbers(typed)
    assert "pages" in refused.value.errors


def test_languages_have_names_and_directions(app: Flask) -> None:
    with app.test_request_context():
        assert language_label("fr") == "French"
        assert language_label("pt-BR") == "Portuguese (Brazil)"
        assert language_label("it-x-old").startswith("Italian")
        assert language_label("xx-nowhere") == "xx-nowhere"
    assert (direction_of("ar"), direction_of("he"), direction_of("en")) == ("rtl", "rtl", "ltr")
    assert direction_of("it-x-old") == "ltr"
