"""Administration: health, people, jobs."""

from datetime import UTC, datetime

import pytest

from library import people
from library.db import writing
from library.models import Job, Person
from tests.support.site import PASSWORD, Browser, Site, png


@pytest.fixture
def root(site: Site) -> Browser:
    return site.browser(site.person("root", role="admin"))


def test_health_names_what_does_not_answer(site: Site, root: Browser) -> None:
    page = root.read("/admin")
    assert "No worker listens on the queue ocr." in page
    assert page.count("Does not answer") == 1
    ready = site.visitor().get("/readyz")
    assert (ready.status_code, list(ready.get_json()["missing"])) == (503, ["worker"])
    assert site.visitor().get("/healthz").get_json() == {"status": "alive"}


def test_health_names_languages_without_a_dictionary(site: Site) -> None:
    olga = site.person("olga", role="coordinator")
    site.project(olga, languages=["en", "tlh"])
    site.project(olga, languages=["la"], state="archived")
    [advice] = site.visitor().get("/readyz").get_json()["advice"]
    assert advice.startswith("There is no dictionary for tlh;")


def test_metrics_are_for_this_machine_and_admins(site: Site) -> None:
    assert 'galley_jobs{queue="ocr",state="pending"} 0' in site.visitor().read("/metrics")
    elsewhere = {"REMOTE_ADDR": "192.0.2.1"}
    assert site.visitor().get("/metrics", environ_base=elsewhere).status_code == 403


def test_people_are_found_and_get_roles(site: Site, root: Browser) -> None:
    site.person("ann")
    site.person("ben")
    assert "ann" in root.read("/admin/people")
    found = root.read("/admin/people?q=BE")
    assert "/admin/people/ben/role" in found
    assert "/admin/people/ann/role" not in found
    assert root.post("/admin/people/ann/role", {"role": "coordinator"}).status_code == 303
    assert root.post("/admin/people/ann/role", {"role": "king"}).status_code == 422
    assert root.post("/admin/people/root/role", {"role": "volunteer"}).status_code == 403
    assert root.post("/admin/people/none/role", {"role": "admin"}).status_code == 404
    with site.look() as session:
        assert people.person_named(session, "ann").role == "coordinator"


def test_a_closed_account_is_out_at_once(site: Site, root: Browser) -> None:
    with writing(site.engine) as session:
        ann = people.add_person(session, "ann", PASSWORD, datetime.now(UTC))
    browser, api = site.browser(ann), site.api(ann)
    root.post("/admin/people/ann/closing", {"closed": "1"})
    assert browser.get("/desk").status_code == 303
    assert api.get("/me").status_code == 401
    fields = {"name": "ann", "password": PASSWORD}
    assert site.visitor().post("/sign-in", fields).status_code == 401
    assert "Closed" in root.read("/admin/people")
    root.post("/admin/people/ann/closing", {"closed": "0"})
    assert site.visitor().post("/sign-in", fields).status_code == 303
    assert root.post("/admin/people/root/closing", {"closed": "1"}).status_code == 403


def test_failed_work_is_tried_again(site: Site, root: Browser) -> None:
    with site.look() as session:
        owner = session.query(Person).filter_by(name="root").one()
    slug, api = site.project(owner, pages=0), site.api(owner)
    api.upload(slug, ("a.png", png()))
    with writing(site.engine) as session:
        job = session.query(Job).one()
        job.state, job.reason = "failed", "The worker died."
        number = job.id
    assert "The worker died." in root.read("/admin/jobs?state=failed")
    assert "No jobs." in root.read("/admin/jobs?state=done")
    assert "page 1" in root.read("/admin/jobs?state=odd")
    assert root.post(f"/admin/jobs/{number}/retry").status_code == 303
    assert root.post("/admin/jobs/999/retry").status_code == 404
    site.work("ocr")
    assert api.get(f"/projects/{slug}").get_json()["pages"]["ocr"]["done"] == 1
