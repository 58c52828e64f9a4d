"""A page as ALTO and hOCR: with the words as people left them, or as the machine read them."""

from library.db import writing
from library.models import Page
from tests.support.printed import read_anew
from tests.support.site import Site


def test_the_corrected_words_are_given_or_the_machines(sqlite_site: Site) -> None:
    olga = sqlite_site.person("olga", role="coordinator")
    slug = sqlite_site.project(olga, pages=["I sot in my doorway"], rounds_=["P1"], one_person=True)
    with writing(sqlite_site.engine) as session:
        page = session.query(Page).one()
        read_anew(session, page, ["I", "sot", "in", "my", "doorway"])
    api = sqlite_site.api(olga)
    task = api.post(f"/projects/{slug}/checkouts", {}).get_json()
    api.post(f"/tasks/{task['id']}/done", {"text": "I <i>sat</i> in my doorway", "version": 0})
    path = f"/projects/{slug}/pages/1"
    for kind in ("alto", "hocr"):
        corrected, read = (api.get(f"{path}/{kind}{asked}") for asked in ("", "?text=ocr"))
        assert "sat" in corrected.text
        assert "sot" not in corrected.text
        assert "sot" in read.text
        assert api.get(f"{path}/{kind}?text=mine").status_code == 422
