"""Every route, asked by everybody: who is served, and who is turned back how.

``wants`` says what a route asks of whoever asks and what each meets there, ``callers`` makes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.core.kernel.acting import Role
from app.sync.protocol.terms import Verb
from hosted.store.engine import Database
from tests.hosted.account.conftest import account_on
from tests.hosted.conftest import as_asked
from tests.hosted.routes import every_route
from tests.hosted.web.callers import CALLERS, MARKER, World, colleague, lapsed, stranger
from tests.hosted.web.conftest import Site
from tests.hosted.web.wants import (
    CLOSED,
    COLLEAGUES,
    GROWING,
    INVITED,
    KINDS,
    LAPSED,
    REFUSED,
    REVOKED,
    ROWS,
    SAYS,
    SECOND_FACTOR,
    SERVED,
    SET_UP,
    SIGN_IN,
    UNKNOWN,
    Meets,
    Wants,
)

HASH, SOME_ID = "ab" * 32, "0194fdc2fa2f7cc081d3ff1204455566"


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The embedded database, unless somebody is to ask from another practice."""
    yield from as_asked(request, tmp_path)


@pytest.fixture
def site(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A running server without accounts."""
    made = account_on(stored, tmp_path)
    made.start()
    yield made
    made.stop()


def asked(world: World, client: httpx2.Client, method: str, path: str) -> httpx2.Response:
    """Ask a route about the practice's own things, as far as its path names any."""
    body = ROWS[method, path][1]
    filled = (
        path.replace("{device_id}", world.office_id)
        .replace("{digest}", HASH)
        .replace("{chunk}", "0")
        .replace("{session_id}", SOME_ID)
        .replace("{passkey_id}", SOME_ID)
        .replace("{invitation_id}", SOME_ID)
        .replace("{member_id}", SOME_ID)
        .replace("{account_id}", SOME_ID)
        .replace("{name}", "Inter-Regular.ttf")
    )
    if path == "/v1/poke":
        # Whoever is served is served without end: what it begins with is enough.
        with client.stream(method, filled) as stream:
            text = "" if stream.is_success else stream.read().decode()
            return httpx2.Response(stream.status_code, text=text)
    return client.request(method, filled, **body)


def met(answer: httpx2.Response) -> Meets:
    """Return what an answer comes to."""
    to = answer.headers.get("location", "")
    if answer.status_code == 401:
        return UNKNOWN
    if answer.status_code == 403:
        # What is asked by HEAD is answered without a word.
        return REFUSED[answer.json()["refused"]] if answer.content else REVOKED
    if to.startswith("/account/sign-in") and answer.request.url.path != "/account/sign-out":
        return SIGN_IN
    if to.startswith("/account/second-factor/new"):
        return SET_UP
    if to.startswith("/account/second-factor"):
        return SECOND_FACTOR
    return SERVED if answer.status_code < 500 else Meets.BROKEN


def test_every_route_has_a_row(site: Site) -> None:
    there = set(every_route(site.services)) - {("POST", "/v1/sync/{verb}")}
    there |= {("POST", f"/v1/sync/{verb}") for verb in Verb}
    assert there == set(ROWS)


@pytest.mark.parametrize("caller", CALLERS)
def test_a_caller_gets_what_the_table_says(site: Site, caller: str) -> None:
    world = World.made(site)
    client = CALLERS[caller](world)
    wrong: list[tuple[object, ...]] = []
    # Signing out comes last: it ends what all others are asked with.
    for method, path in sorted(ROWS, key=lambda row: row[1] == "/account/sign-out"):
        wants = ROWS[method, path][0]
        answer = asked(world, client, method, path)
        found, due = met(answer), SAYS[caller][KINDS.index(wants)]
        if wants is Wants.NOTHING and found is not Meets.BROKEN:
            # Anybody is answered, if only with the way to go on, or that this is none.
            found = UNKNOWN if found is UNKNOWN else SERVED
        if (wants, found) == (Wants.PASSWORD, SET_UP):
            found = SERVED  # whoever has no second factor is shown where to set one up
        if caller == LAPSED and (method, path) in GROWING:
            due = CLOSED
        if found is not due:
            wrong.append((method, path, answer.status_code, found.name, due.name))
        if found is not SERVED and MARKER in answer.text:
            wrong.append((method, path, "tells", MARKER, ""))
    assert wrong == []


@pytest.mark.parametrize("stored", ["postgresql"], indirect=True)
def test_another_practice_is_served_and_sees_and_changes_nothing_of_this_one(site: Site) -> None:
    world = World.made(site)
    for digest in (HASH, HASH[::-1]):
        put = world.office.put(f"/v1/blobs/{digest}/0", params={"of": 1}, content=MARKER.encode())
        assert put.status_code == 200
    client = stranger(world)
    wrong: list[tuple[object, ...]] = []
    for method, path in sorted(ROWS, key=lambda row: row[1] == "/account/sign-out"):
        if (method, path) == ("PUT", "/v1/blobs/{digest}/{chunk}"):
            continue  # which would make a file of theirs under the name of ours
        answer = asked(world, client, method, path)
        if met(answer) is not SERVED or MARKER in answer.text or world.office_id in answer.text:
            wrong.append((method, path, answer.status_code, answer.text[:80]))
    assert wrong == []
    listed = world.office.get("/v1/devices").json()["devices"]
    assert [each["revoked_at"] for each in listed] == [None]
    assert world.office.get(f"/v1/blobs/{HASH}/0").text == MARKER
    assert world.owner.get("/account").status_code == 200


@pytest.mark.parametrize("role", COLLEAGUES)
def test_a_colleague_neither_sees_the_owners_computers_nor_takes_them_off(
    site: Site, role: str
) -> None:
    world = World.made(site)
    client = colleague(Role(role.upper()))(world)
    listed = client.get("/v1/devices").json()["devices"]
    assert [each["name"] for each in listed] == ["Front desk"]
    assert client.post(f"/v1/devices/{world.office_id}/revoke").status_code == 404
    listed = world.office.get("/v1/devices").json()["devices"]
    assert [each["revoked_at"] for each in listed] == [None, None]
    # The owner sees all, and takes a colleague's lost laptop off.
    assert world.office.post(f"/v1/devices/{listed[1]['id']}/revoke").status_code == 200
    assert met(client.get("/v1/devices")) is REVOKED


def test_what_a_lapsed_plan_closes_is_said_in_words_and_a_new_plan_opens_it(site: Site) -> None:
    world = World.made(site)
    client = lapsed(world)
    invited = client.post("/v1/membership/invitations", json=INVITED)
    assert invited.status_code == 409
    assert "renew" in invited.json()["blockers"][0]["words"]
    assert client.post("/v1/membership/plan", json={"plan": "PROFESSIONAL"}).status_code == 200
    assert client.post("/v1/codes").status_code == 200
    assert client.post("/v1/membership/invitations", json=INVITED).status_code == 200
