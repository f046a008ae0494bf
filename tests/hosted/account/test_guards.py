"""Every page: what comes from elsewhere is turned back, headers stand, nothing typed comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hosted.store.engine import Database
from hosted.web.account import sign_in
from hosted.web.account.guards import onward
from tests.hosted.account.conftest import PASSWORD, Person, account_on, letters, words_on
from tests.hosted.conftest import on_sqlite
from tests.hosted.routes import every_route
from tests.hosted.web.conftest import Site

SOME_ID = "0194fdc2-fa2f-7cc0-81d3-ff1204455566"


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: what guards a page knows none."""
    yield from on_sqlite(empty_sqlite, tmp_path)


def pages(site: Site, method: str) -> list[str]:
    """Return the paths of the account's pages or forms."""
    return [
        re.sub(r"{\w+}", SOME_ID, path)
        for each, path in every_route(site.services)
        if each == method and path.startswith("/account") and not path.startswith("/account/look")
    ]


def test_there_are_pages_and_forms(site: Site) -> None:
    assert len(pages(site, "GET")) > 10
    assert len(pages(site, "POST")) > 15


def test_no_form_is_taken_from_another_page(site: Site, person: Person) -> None:
    del person.client.headers["Origin"], person.client.headers["Sec-Fetch-Site"]
    strange: tuple[dict[str, str], ...] = (
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": site.address},
        {"Sec-Fetch-Site": "same-site", "Origin": site.address},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    )
    for path in pages(site, "POST"):
        for headers in strange:
            answer = person.client.post(path, data={}, headers=headers)
            assert answer.status_code == 403, (path, headers)
            assert "Nothing was done" in words_on(answer)


def test_a_form_from_another_page_does_nothing(site: Site, person: Person) -> None:
    person.inside()
    before = person.get("/account").text
    forged = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    for path in pages(site, "POST"):
        assert person.client.post(path, data={}, headers=forged).status_code == 403
    assert person.get("/account").text == before


FORM = "application/x-www-form-urlencoded"
UNREAD = (
    (b"address=%00&password=x", FORM),
    (b"address=%ED%A0%80", FORM),
    (b"address=%FF", FORM),
    (b"\xff\xfe", FORM),
    (b"address=a&address=b", FORM),
    (b"&".join(b"f%d=x" % n for n in range(40)), FORM),
    (b"address=" + b"x" * 20_000, FORM),
    (b'{"address": "planted"}', "application/json"),
    (b"planted", "text/plain"),
    (b"planted", ""),
)


def test_what_no_browser_sends_is_turned_back(person: Person) -> None:
    for content, kind in UNREAD:
        for path in ("/account/sign-in", "/account/reset", "/account/confirm"):
            answer = person.client.post(path, content=content, headers={"Content-Type": kind})
            assert answer.status_code == 422, content[:40]
            assert "planted" not in answer.text


def test_ids_that_are_none_are_refused_without_an_echo(site: Site, person: Person) -> None:
    person.inside()
    for said in ("planted", "%00", "9" * 400):
        answer = person.post(f"/account/browsers/{said}/end")
        assert answer.status_code in {404, 422}
        assert "planted" not in answer.text


def test_whoever_goes_astray_reads_a_page(site: Site, person: Person) -> None:
    for path, status in (("/account/planted", 404), ("/account/look/planted.css", 404)):
        answer = person.get(path)
        assert (answer.status_code, "no such page" in words_on(answer)) == (status, True)
        assert "planted" not in answer.text
    assert person.client.delete("/account").status_code == 405
    assert person.get("/planted").json()["refused"] == "not_found"


def test_a_mistake_of_ours_is_said_on_a_page_and_logged_by_its_place(
    site: Site, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("planted-marker")

    monkeypatch.setattr(sign_in, "browser_name", broken)
    answer = person.sign_in()
    assert answer.status_code == 500
    assert "Something went wrong here" in words_on(answer)
    assert "RuntimeError" in site.logged.getvalue()
    assert "planted-marker" not in site.logged.getvalue() + answer.text


def test_every_page_says_what_browsers_must_not_do(site: Site, person: Person) -> None:
    person.inside()
    for path in ("/account", "/account/sign-up", "/account/reset", "/account/second-factor/new"):
        answer = person.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert "unsafe" not in policy
        assert answer.headers.get_list("content-security-policy") == [policy]
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-frame-options"] == "DENY"
        for forbidden in ("<script", " style=", " onclick=", "<style", "javascript:"):
            assert forbidden not in answer.text, (path, forbidden)


def test_a_page_that_takes_passkeys_runs_our_one_script_and_nothing_inline(
    site: Site, person: Person
) -> None:
    person.client.base_url = site.address.replace("127.0.0.1", "localhost")
    answer = person.get("/account/sign-in")
    policy = answer.headers["content-security-policy"]
    assert "; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.text.count("<script") == 1
    script = answer.text.partition('<script src="')[2].partition('"')[0]
    served = person.get(script)
    assert served.headers["content-type"].startswith("text/javascript")
    assert "immutable" in served.headers["cache-control"]
    for forbidden in ("innerHTML", "eval(", "document.write"):
        assert forbidden not in served.text
    for forbidden in (" style=", " onclick=", "<style", "javascript:", "</script>\n<script"):
        assert forbidden not in answer.text


def test_style_and_fonts_are_kept_by_browsers_and_nothing_else_lies_there(
    site: Site, person: Person
) -> None:
    page = person.get("/account/sign-in").text
    style = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    answer = person.get(style)
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert "prefers-color-scheme: dark" in answer.text
    assert person.get("/account/look/Inter-Regular.ttf").content[:4] == b"\0\1\0\0"
    for other in ("other.css", "..%2Fpages.py", "Inter-Bold.ttf", "pages.css"):
        assert person.get(f"/account/look/{other}").status_code == 404


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("/account", "/account"),
        ("/account/second-factor/new", "/account/second-factor/new"),
        ("https://evil.example", "/account"),
        ("//evil.example", "/account"),
        ("/account/../evil", "/account"),
        ("/account/connect?redirect_uri=https://evil.example", "/account"),
        ("/account/connect", "/account"),
        ("/account/invitation?key=a-B_9", "/account/invitation?key=a-B_9"),
        ("/account/invitation?key=a&next=//evil.example", "/account/invitation?key=a"),
        ("/account/invitation?key=//evil.example", "/account/invitation?key=%2F%2Fevil.example"),
        ("/account/invitation", "/account"),
        ("", "/account"),
    ],
)
def test_nobody_is_sent_on_to_another_site(said: str, to: str) -> None:
    assert onward(said) == to


# Cookies and the address of the site.


@pytest.fixture
def public(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A server that people reach under a name of its own."""
    made = account_on(stored, tmp_path, public_url="https://account.example")
    made.start()
    yield made
    made.stop()


def test_on_the_network_cookies_are_this_hosts_alone_and_letters_name_it(public: Site) -> None:
    person = Person(public)
    person.client.headers["Origin"] = "https://account.example"
    person.sign_up()
    (letter,) = letters(public)
    assert "https://account.example/account/confirm?key=" in letter.text
    person.confirm(letter)
    said = person.sign_in().headers["set-cookie"]
    name, _, rest = said.partition("=")
    assert name == "__Host-session"
    assert {part.strip().lower() for part in rest.split(";")[1:]} == {
        "httponly", "path=/", "samesite=lax", "secure",
    }  # fmt: skip


def test_on_ones_own_machine_cookies_have_plain_names(site: Site, person: Person) -> None:
    person.confirmed()
    said = person.sign_in().headers["set-cookie"]
    assert said.startswith("session=")
    assert "HttpOnly" in said


def test_a_server_that_knows_no_address_answers_this_machine_alone(
    site: Site, person: Person
) -> None:
    for host in ("account.example", "127.0.0.1.evil.example", "[", ""):
        answer = person.client.get("/account/sign-up", headers={"Host": host})
        assert answer.status_code in {400, 421}
        answer = person.client.post("/account/sign-in", data={}, headers={"Host": host})
        assert answer.status_code in {400, 421}


def test_logs_tell_nothing_of_people(site: Site, person: Person) -> None:
    person.inside()
    person.post("/account/reset", address=person.address)
    (letter,) = letters(site)
    logged = site.logged.getvalue()
    assert "/account/sign-in" in logged
    key = letter.text.partition("key=")[2].split()[0]
    session = person.client.cookies["session"]
    for secret in (person.address, PASSWORD, "Marguerite", key, session, *person.codes):
        assert secret not in logged
