from __future__ import annotations

import gzip
from hashlib import sha256
from importlib.resources import files

from app.web.assets import address, assets
from tests.web.conftest import Browser


def test_a_file_may_be_kept_for_ever_under_the_address_of_its_release(browser: Browser) -> None:
    response = browser.client.get(address("app.css"))
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in response.headers["cache-control"]
    assert response.content == assets().files["app.css"].body


def test_under_the_address_of_another_release_it_is_todays_and_not_kept(browser: Browser) -> None:
    response = browser.client.get("/static/0123456789abcdef/app.css")
    assert (response.status_code, response.headers["cache-control"]) == (200, "no-cache")


def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for path in ("nothing.css", "../pages.py", "%2e%2e/pages.py", "katex/SHA256SUMS"):
        assert browser.client.get(f"/static/x/{path}").status_code == 404


def test_texts_travel_packed_to_those_who_can_unpack_them(browser: Browser) -> None:
    path = address("katex/katex.js")
    packed = browser.client.get(path, headers={"accept-encoding": "gzip"})
    plain = browser.client.get(path, headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content == gzip.decompress(assets().files["katex/katex.js"].packed or b"")


def test_katex_is_byte_for_byte_what_its_list_of_hashes_names() -> None:
    folder = files("app.web").joinpath("static", "katex")
    rows = (row.split("  ") for row in folder.joinpath("SHA256SUMS").read_text().splitlines())
    listed = {path: digest for digest, path in rows}
    assert listed == {
        path.removeprefix("katex/"): sha256(asset.body).hexdigest()
        for path, asset in assets().files.items()
        if path.startswith("katex/") and not path.endswith(".txt")
    }
    assert all(path.endswith((".js", ".css", ".woff2")) for path in listed)
