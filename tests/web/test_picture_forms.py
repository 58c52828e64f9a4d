"""Pictures and covers as plain forms, without a script."""

import io
import re
from collections.abc import Sequence

import pytest
from PIL import Image

from library.db import writing
from library.models import Page
from tests.support.site import Browser, Site, encoded, textarea

MARKS = "/projects/a-book/pages/1/illustrations"
LIST = "/projects/a-book/illustrations"
COVER = "/projects/a-book/cover"
SIDES = ("left", "top", "width", "height")


@pytest.fixture
def site(sqlite_site: Site) -> Site:
    """Give a site with a book of two pages, 700 by 1000 pixels each; the texts tell of pictures."""
    texts = ["One.\n\n[Illustration: A cat]\n\n[Illustration]", "Two."]
    olga = sqlite_site.person("olga", role="coordinator")
    slug = sqlite_site.project(olga, pages=["", ""], rounds_=["P1"], one_person=True)
    scan = encoded(Image.linear_gradient("L").resize((700, 1000)), "PNG")
    with writing(sqlite_site.engine) as session:
        for page in session.query(Page):
            page.original_sha256 = page.image_sha256 = sqlite_site.place.storage.put(
                io.BytesIO(scan)
            )
            page.width, page.height = 700, 1000
    api = sqlite_site.api(olga)
    for text in texts:
        task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
        api.post(f"/tasks/{task['id']}/done", {"text": text, "version": 0})
    return sqlite_site


@pytest.fixture
def ben(site: Site) -> Browser:
    return site.browser(site.person("ben"))


def form(*pictures: Sequence[object], **more: str) -> dict[str, object]:
    """Return a form of pictures, each its four sides, alt and caption."""
    fields: dict[str, object] = {"key": [str(key) for key in range(len(pictures))], **more}
    for key, (*box, alt, caption) in enumerate(pictures):
        fields |= {f"{side}-{key}": str(value) for side, value in zip(SIDES, box, strict=True)}
        fields |= {f"alt-{key}": alt, f"caption-{key}": caption}
    return fields


def kept(site: Site) -> list[tuple[list[int], str]]:
    items = site.api(None).get(MARKS).get_json()["items"]
    return [(each["box"], each["alt"]) for each in items]


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found
    return found[1]


A, B = (10, 20, 300, 200, "A cat.", ""), (50, 500, 300, 200, "A dog.", "The <dog>")


def test_pictures_are_typed_reordered_and_taken_out(site: Site, ben: Browser) -> None:
    assert ben.post(MARKS, form(A, B, ("", "", "", "", "", ""))).status_code == 303
    assert kept(site) == [([10, 20, 300, 200], "A cat."), ([50, 500, 300, 200], "A dog.")]
    shown = ben.read(MARKS)
    assert textarea(shown, "caption-1") == "The <dog>"
    assert "Being cut out" in shown
    site.work()
    assert ben.read(MARKS).count("Cut out") == 2
    ben.post(MARKS, form(A, B, up="1", version=version(ben.read(MARKS))))
    assert [alt for _, alt in kept(site)] == ["A dog.", "A cat."]
    ben.post(MARKS, form(B, A, drop="0"))
    assert [alt for _, alt in kept(site)] == ["A cat."]
    ben.post(MARKS, form(add="page"))
    assert kept(site) == [([0, 0, 700, 1000], "")]


def test_what_does_not_fit_is_shown_again_with_its_reason(site: Site, ben: Browser) -> None:
    for wrong in ((10, 20, "wide", 200, "Mine.", ""), (600, 20, 300, 200, "Mine.", "")):
        answer = ben.post(MARKS, form(A, wrong))
        assert answer.status_code == 422
        assert textarea(answer.text, "alt-1") == "Mine."
        assert 'href="#left-1"' in answer.text
        assert kept(site) == []


def test_a_form_of_yesterday_shows_that_somebody_was_faster(site: Site, ben: Browser) -> None:
    old = version(ben.read(MARKS))
    ben.post(MARKS, form(A))
    late = ben.post(MARKS, form(B, version=old))
    assert late.status_code == 409
    assert "Somebody changed" in late.text
    assert textarea(late.text, "alt-0") == "A dog."
    assert ben.post(MARKS, form(B, version=version(late.text))).status_code == 303
    assert [alt for _, alt in kept(site)] == ["A dog."]


def test_who_is_not_signed_in_looks_only(site: Site) -> None:
    visitor = site.visitor()
    assert "Keep these pictures" not in visitor.read(MARKS)
    assert visitor.post(MARKS, form(A)).status_code == 303
    assert kept(site) == []
    assert "Sign in" in visitor.read(MARKS)


def test_the_list_leads_from_one_undescribed_picture_to_the_next(site: Site, ben: Browser) -> None:
    shown = ben.read(LIST)
    assert "To be marked" in shown
    assert MARKS in shown
    ben.post(MARKS, form((*A[:4], "", ""), (*B[:4], "", "")))
    shown = ben.read(LIST)
    assert "To be marked" not in shown
    assert "2 pictures wait" in shown
    with writing(site.engine) as session:
        page_id = session.query(Page).filter_by(number=1).one().id
    said = {"picture": f"{page_id}-2", "version": version(shown), "alt": "A dog asleep."}
    refused = ben.post(LIST, {**said, "alt": " "})
    assert refused.status_code == 422
    assert "Say what the picture shows" in refused.text
    assert ben.post(LIST, said).headers["Location"].endswith(f"{LIST}#next")
    assert [alt for _, alt in kept(site)] == ["", "A dog asleep."]
    assert ben.post(LIST, said).status_code == 422
    ornament = {"picture": f"{page_id}-1", "version": version(ben.read(LIST)), "decorative": "1"}
    ben.post(LIST, ornament)
    assert "2 pictures, and all are described" in ben.read(LIST)


def test_a_cover_is_chosen_and_returned(site: Site) -> None:
    olga = site.browser(site.person("lead", role="admin"))
    assert "Drawn for the book" in olga.read(COVER)
    assert olga.post(COVER, {"action": "page", "page": "2"}).status_code == 303
    assert "own cover" in olga.read(COVER)
    small = encoded(Image.new("L", (200, 300)), "PNG")
    refused = olga.send(COVER, {"action": "file"}, ("small.png", small), field="file")
    assert refused.status_code == 422
    assert "too small" in refused.text
    missing = olga.post(COVER, {"action": "page", "page": "77"})
    assert (missing.status_code, "no page 77" in missing.text) == (422, True)
    large = encoded(Image.new("L", (1400, 2000)), "PNG")
    sent = olga.send(COVER, {"action": "file"}, ("large.png", large), field="file")
    assert sent.status_code == 303
    olga.post(COVER, {"action": "draw"})
    assert "Drawn for the book" in olga.read(COVER)
    assert site.browser(site.person("carl")).get(COVER).status_code == 403
