"""Whatever is typed into the account's forms is taken or mended, never an error of ours."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from hosted.account.queries import places
from hosted.store.engine import Database
from tests.hosted.account.conftest import Person, letters, words_on
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.conftest import as_asked
from tests.hosted.routes import every_route
from tests.hosted.web.conftest import Site

#: What any field may be given. NUL and lone surrogates are refused before a form is read.
TYPED = (
    "",
    "x" * 5000,
    "a\0b",
    "\u202eevil\u2066",
    "Z\u0351\u0369" * 30,
    "🌲👩‍👩‍👧‍👦" * 9,
    "عيادة شارع الحور",
    "'; DROP TABLE login; -- <script>alert(1)</script>",
    "\r\nSet-Cookie: session=x",
)
FIELDS = {
    "/account/sign-up": (
        "practice_name", "name", "address", "zone", "password", "agree", "agreement",
    ),
    "/account/confirm": ("key", "password"),
    "/account/sign-in": ("address", "password", "next"),
    "/account/sign-in/passkey": ("answer", "next"),
    "/account/reset": ("address",),
    "/account/new-password": ("key", "password"),
    "/account/second-factor": ("code", "next"),
    "/account/second-factor/new": ("code", "next"),
    "/account/second-factor/passkey": ("answer", "next"),
    "/account/passkeys/new": ("answer", "name", "next"),
    "/account/password": ("current", "password"),
    "/account/invitation": ("key", "name", "password"),
    "/account/practices/{account_id}/plan": ("plan",),
    "/account/invitation/join": ("key", "agree", "agreement"),
    "/account/connect": (
        "response_type", "client_id", "redirect_uri", "code_challenge", "code_challenge_method",
        "state", "device_name", "program", "answer",
    ),
}  # fmt: skip
#: Forms without fields.
BARE = {
    "/account/sign-out", "/account/recovery-codes", "/account/browsers/end",
    "/account/browsers/{session_id}/end", "/account/computers/{device_id}/revoke",
    "/account/passkeys/{passkey_id}/remove", "/account/passkeys/new/ask",
    "/account/practices/{account_id}/leave",
    "/account/sign-in/passkey/ask", "/account/second-factor/passkey/ask",
}  # fmt: skip


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """One kind of database where a test asks for no other."""
    yield from as_asked(request, tmp_path)


@pytest.fixture
def unlimited(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A server that counts no tries: what lies behind the limits is to be met."""
    monkeypatch.setattr(type(site.services.rates), "allows", lambda *_of: True)
    return site


def test_every_form_is_in_the_list(site: Site) -> None:
    forms = {
        path
        for method, path in every_route(site.services)
        if method == "POST" and path.startswith("/account")
    }
    assert forms == BARE | set(FIELDS)


@pytest.mark.slow
# PostgreSQL minds more of what it is given than SQLite does.
@pytest.mark.parametrize("stored", ["postgresql"], indirect=True)
def test_nothing_that_is_typed_into_a_form_is_an_error_of_ours(
    unlimited: Site, person: Person
) -> None:
    person.client.base_url = unlimited.address.replace("127.0.0.1", "localhost")
    person.client.headers["Origin"] = str(person.client.base_url).rstrip("/")
    person.inside()
    wrong = []
    for path, fields in FIELDS.items():
        # All else that a sign-up needs is there: what is not refused is kept.
        send = person.sign_up if path == "/account/sign-up" else partial(person.post, path)
        for field in fields:
            for said in TYPED:
                answer = send(**{field: said})
                if (
                    answer.status_code not in {200, 303, 409, 410, 422}
                    or "<script>alert" in answer.text
                    or "session=x" in answer.headers.get("set-cookie", "")
                ):
                    wrong.append((path, field, said[:20], answer.status_code))
    assert wrong == []
    assert person.get("/account").status_code == 200
    assert "broken" not in unlimited.logged.getvalue()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("عيادة شارع الحور", "عيادة شارع الحور"),
        ("  🌲  Forêt &  Fils ", "🌲 Forêt & Fils"),
        ("ชุมชนบำบัด", "ชุมชนบำบัด"),
        ("Zo\u0308e", "Zo\u0308e"),
        ("נפש \u202eחיה", "נפש חיה"),
        ("x" * 100, "x" * 100),
    ],
)
def test_a_practice_is_called_in_any_script(
    site: Site, person: Person, said: str, kept: str
) -> None:
    person.confirmed(practice_name=said)
    (place,) = places(site.services.database, login_of(site).id)
    assert unicodedata.normalize("NFC", place.name) == unicodedata.normalize("NFC", kept)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("x" * 200, "100 fit here"),
        ("ع" * 200, "100 fit here"),
        ("", "Say what your practice is called."),
        ("\u202e\u200b", "Say what your practice is called."),
    ],
)
def test_what_a_practice_cannot_be_called_is_said_in_one_sentence(
    site: Site, person: Person, said: str, sentence: str
) -> None:
    answer = person.sign_up(practice_name=said)
    assert answer.status_code == 422
    assert sentence in words_on(answer)
    assert letters(site) == []


def test_a_nul_in_a_name_is_turned_back_whole(site: Site, person: Person) -> None:
    answer = person.sign_up(practice_name="Alder\0Street")
    assert (answer.status_code, letters(site)) == (422, [])
    assert "That could not be read" in words_on(answer)


def test_what_stands_in_addresses_is_no_error_of_ours(unlimited: Site, person: Person) -> None:
    for path in ("confirm?key=", "new-password?key=", "sign-in?next=", "second-factor?next=",
                 "connect?state=", "passkeys/new?next=", "password?x="):  # fmt: skip
        for said in ("%00", "%ff", "%ED%A0%80", "x" * 6000, "%2F%2Fevil.example", "a&key=b&next=c"):
            answer = person.get(f"/account/{path}{said}")
            assert answer.status_code in {200, 303, 404, 410, 422}, (path, said)
            assert "evil.example" not in answer.headers.get("location", "")
    for cookie in ("", "x" * 3000, "\x7f", '"quoted"', "a=b; session=c"):
        answer = person.client.get("/account", headers={"Cookie": f"session={cookie}"})
        assert answer.status_code == 303, cookie
        answer = person.client.get(
            "/account/sign-in", headers={"Cookie": f"session={cookie}; known={cookie}"}
        )
        assert answer.status_code == 200, cookie
