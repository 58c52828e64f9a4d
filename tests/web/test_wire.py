"""Answers are compressed for whoever takes it; static files may be kept for good."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from flask import url_for

from tests.support.site import Site
from web import wire

SCRIPT = "vendor/codemirror-6.43.15/codemirror.js"
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "gzip": gzip.decompress,
    "": bytes,
}


def address(site: Site, filename: str) -> str:
    with site.app.test_request_context():
        return url_for("static", filename=filename)


def _static(site: Site, filename: str) -> bytes:
    return wire.lean(Path(site.app.root_path) / "static" / filename)


def test_what_only_we_read_stays_here(tmp_path: Path) -> None:
    script = tmp_path / "own.js"
    script.write_text(
        "// Why.\nconst a = `b // c`; // d\n\nexport const e = /[/]\\/\\*/.test(a);\n"
    )
    assert wire.lean(script).decode().count("//") == 1
    assert b"`b // c`" in wire.lean(script)
    vendored = tmp_path / "vendor" / "other.js"
    vendored.parent.mkdir()
    vendored.write_text("// Licence\n")
    assert wire.lean(vendored) == b"// Licence\n"


@pytest.mark.parametrize(
    ("accepts", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("identity", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("filename", ["css/base.css", "js/site.js", "icons.svg"])
def test_texts_come_in_the_best_coding_that_the_client_takes(
    sqlite_site: Site, filename: str, accepts: str, coding: str
) -> None:
    client = sqlite_site.app.test_client()
    answer = client.get(address(sqlite_site, filename), headers={"Accept-Encoding": accepts})
    assert answer.headers.get("Content-Encoding", "") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert DECODERS[coding](answer.data) == _static(sqlite_site, filename)
    assert int(answer.headers["Content-Length"]) == len(answer.data)


def test_what_is_compressed_already_stays_as_it_is(sqlite_site: Site) -> None:
    filename = "fonts/noto-sans-mono-latin-wdth-normal.woff2"
    headers = {"Accept-Encoding": "br"}
    answer = sqlite_site.app.test_client().get(address(sqlite_site, filename), headers=headers)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == _static(sqlite_site, filename)


def test_pages_and_api_are_compressed(sqlite_site: Site) -> None:
    client = sqlite_site.app.test_client()
    for path in ("/sign-in", "/api/v1/openapi.json"):
        plain, coded = (client.get(path, headers={"Accept-Encoding": each}) for each in ("", "br"))
        assert "Content-Encoding" not in plain.headers
        assert coded.headers["Content-Encoding"] == "br"
        assert len(coded.data) < len(plain.data) / 2
        assert coded.mimetype == plain.mimetype
    assert brotli.decompress(coded.data) == plain.data


def test_a_compressed_answer_asked_again_by_its_tag_is_not_sent_again(sqlite_site: Site) -> None:
    client, headers = sqlite_site.app.test_client(), {"Accept-Encoding": "br"}
    for path in ("/api/v1/openapi.json", address(sqlite_site, "css/base.css")):
        tag = client.get(path, headers=headers).headers["ETag"]
        again = client.get(path, headers={**headers, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        plain = client.get(path, headers={"If-None-Match": tag})
        assert plain.status_code == 200


def test_an_address_with_the_present_digest_is_kept_for_good(sqlite_site: Site) -> None:
    client, path = sqlite_site.app.test_client(), address(sqlite_site, SCRIPT)
    assert re.fullmatch(rf"/static/[0-9a-f]{{12}}/{re.escape(SCRIPT)}", path)
    assert "immutable" in client.get(path).headers["Cache-Control"]
    old = client.get(f"/static/000000000000/{SCRIPT}")
    assert old.headers["Cache-Control"] == "no-cache"
    assert old.data == _static(sqlite_site, SCRIPT)


def test_what_anybody_may_keep_has_nobodys_cookie(sqlite_site: Site) -> None:
    """The cookie changes with each answer, so one that varied by it would be kept for nobody."""
    client = sqlite_site.browser(sqlite_site.person("ann")).client
    with client.session_transaction() as session:
        session.permanent = True
    private = client.get("/desk")
    assert "Cookie" in private.headers["Vary"]
    assert "Set-Cookie" in private.headers
    public = client.get(address(sqlite_site, SCRIPT))
    assert public.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in public.headers


@pytest.mark.parametrize("name", ["nothing.css", "../app.py", "css", "", "..%2f..%2fapp.py"])
def test_nothing_beside_the_static_files_is_served(sqlite_site: Site, name: str) -> None:
    assert sqlite_site.app.test_client().get(f"/static/x/{name}").status_code == 404


def test_every_page_names_static_files_by_digest(sqlite_site: Site) -> None:
    page = sqlite_site.app.test_client().get("/sign-in").text
    named = re.findall(r"/static/[^\"'#]+", page)
    start = address(sqlite_site, "")
    assert len(named) > 5
    assert all(each.startswith(start) for each in named)


def test_the_digest_tells_of_content_names_and_nothing_else(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "ab"]
    for folder in folders:
        (folder / "css").mkdir(parents=True)
        (folder / "css" / "base.css").write_text("a {}")
        (folder / "icons.svg").write_text("<svg/>")
    first, second = map(wire.digest, folders)
    assert first == second
    (folders[1] / "icons.svg").write_text("<svg />")
    changed = wire.digest(folders[1])
    (folders[0] / "icons.svg").rename(folders[0] / "icons2.svg")
    renamed = wire.digest(folders[0])
    assert len({first, changed, renamed}) == 3


def test_sizes_of_equal_answers_differ(sqlite_site: Site) -> None:
    """What is secret in a page can't be learnt from how well guesses compress with it."""
    client = sqlite_site.app.test_client()
    answers = [client.get("/sign-in", headers={"Accept-Encoding": "br"}) for _ in range(30)]
    sizes = [len(answer.data) + len(str(answer.headers)) for answer in answers]
    assert max(sizes) - min(sizes) > 20


def test_the_scripts_that_one_imports_are_found(tmp_path: Path) -> None:
    scripts = {
        "js/main.js": 'import { a } from "./desk/a.js";\nimport {\n  b,\n} from "./desk/b.js";\n',
        "js/desk/a.js": 'import "./c.js";\nimport { b } from "./b.js";\nexport const a = b;\n',
        "js/desk/b.js": 'export * from "../../vendor/b-1.js";\nexport const x = "from ./no.js";\n',
        "js/desk/c.js": 'const later = () => import("./later.js");\nimport { a } from "./a.js";\n',
        "vendor/b-1.js": "export const b = 1;\n",
        "js/desk/later.js": "",
    }
    for name, content in scripts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    found = ["js/desk/a.js", "js/desk/b.js", "js/desk/c.js", "vendor/b-1.js"]
    assert wire.modules_of(tmp_path, "js/main.js") == found


def test_the_desk_asks_for_all_its_scripts_at_once(sqlite_site: Site) -> None:
    ann = sqlite_site.person("ann")
    browser = sqlite_site.browser(ann)
    taken = browser.post(f"/projects/{sqlite_site.project(ann)}/next").location
    page = browser.read(taken)
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    folder = Path(sqlite_site.app.root_path) / "static"
    desk = {path.relative_to(folder).as_posix() for path in (folder / "js" / "desk").rglob("*.js")}
    desk.remove("js/desk/main.js")
    bundle = {"js/codemirror.js", SCRIPT, "js/toast.js"}
    assert {address(sqlite_site, name) for name in desk | bundle} <= set(named)
    assert not any("openseadragon" in each for each in named), "it is for later"
    assert all(browser.get(each).status_code == 200 for each in named)
