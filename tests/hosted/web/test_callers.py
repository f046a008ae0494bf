"""Every route, asked by everybody: who is served, and who is turned back how.

A row says what a route wants of whoever asks (``ROWS``); a caller is a function that makes one
(``CALLERS``), and ``SAYS`` what each meets at each kind of route. A route without a row fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.sync.protocol.membership import WRONG_ROLE, ChangePlan, Invite
from app.sync.protocol.terms import Refusal, Verb
from hosted.account.tables import Login
from hosted.membership.commands import operating
from hosted.store.engine import Database, For
from tests.hosted.account.conftest import Person, account_on, key_of, letters
from tests.hosted.account.test_connecting import Program
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.conftest import as_asked
from tests.hosted.routes import every_route
from tests.hosted.team.test_pages import Guest
from tests.hosted.web.conftest import Site

HASH, SOME_ID = "ab" * 32, "0194fdc2fa2f7cc081d3ff1204455566"
#: What stands in records, addresses and names of the practice that others must not see.
MARKER = "planted"


class Wants(Enum):
    """What a route asks of whoever comes."""

    NOTHING = auto()
    COMPUTER = auto()
    COMPUTER_THAT_FOUNDS = auto()
    COMPUTER_EVEN_REVOKED = auto()
    OWNERS_COMPUTER = auto()
    PASSWORD = auto()
    PASSWORD_AND_A_FACTOR_IF_THERE_IS_ONE = auto()
    BOTH_FACTORS = auto()
    BOTH_FACTORS_JUST_NOW = auto()


Row = tuple[Wants, dict[str, Any]]
_WHO = {"version": 1, "oldest": 1, "schema": 1, "program": "x", "incarnation": uuid4().hex}
_BODIES: dict[str, dict[str, Any]] = {
    "hello": {**_WHO, "tag": "", "lsn": 0, "epoch": "", "cursor": "", "waiting": 0},
    "push": {"epoch": "", "incarnation": uuid4().hex, "operations": []},
    "pull": {"epoch": "", "cursor": "", "rows": 1},
    "snapshot": {"epoch": "", "after": "", "rows": 1},
    "digest": {"epoch": "", "entity": "client", "columns": ["legal_given"]},
    "rows": {"epoch": "", "entity": "client", "ids": []},
    "lease": {"incarnation": uuid4().hex, "prefix": "INV", "year": 2026, "size": 1, "next": 1},
    "quarantine": {"epoch": "", "incarnation": uuid4().hex, "operations": []},
}
_PRACTICE = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
_INVITED = {"address": "kim@b.example", "name": "Kim", "role": "ADMIN"}
_COMPUTER: Row = (Wants.COMPUTER, {})
_OWNER: Row = (Wants.OWNERS_COMPUTER, {})

#: Method and path of every route, as the application has them; the verbs of sync one by one.
ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/health"): (Wants.NOTHING, {}),
    ("POST", "/v1/pair"): (Wants.NOTHING, {}),
    ("POST", "/v1/token"): (Wants.NOTHING, {}),
    ("POST", "/v1/practices"): (Wants.COMPUTER_THAT_FOUNDS, {"json": _PRACTICE}),
    **{
        ("POST", f"/v1/sync/{verb}"): (
            Wants.COMPUTER_EVEN_REVOKED if verb is Verb.QUARANTINE else Wants.COMPUTER,
            {"json": _BODIES[verb]},
        )
        for verb in Verb
    },
    ("GET", "/v1/poke"): _COMPUTER,
    ("POST", "/v1/codes"): _COMPUTER,
    ("GET", "/v1/devices"): _COMPUTER,
    ("POST", "/v1/devices/{device_id}/revoke"): _COMPUTER,
    ("GET", "/v1/membership"): _OWNER,
    ("POST", "/v1/membership/plan"): (Wants.OWNERS_COMPUTER, {"json": {"plan": "GROUP"}}),
    ("POST", "/v1/membership/invitations"): (Wants.OWNERS_COMPUTER, {"json": _INVITED}),
    ("POST", "/v1/membership/invitations/{invitation_id}/again"): _OWNER,
    ("POST", "/v1/membership/invitations/{invitation_id}/withdraw"): _OWNER,
    ("POST", "/v1/membership/reserved"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"role": "ADMIN", "count": 1}},
    ),
    ("POST", "/v1/membership/members/{member_id}/role"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"role": "ADMIN"}},
    ),
    ("POST", "/v1/membership/members/{member_id}/end"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"work_to": None}},
    ),
    ("GET", "/v1/blobs"): _COMPUTER,
    ("GET", "/v1/blobs/{digest}"): _COMPUTER,
    ("GET", "/v1/blobs/{digest}/{chunk}"): _COMPUTER,
    ("HEAD", "/v1/blobs/{digest}/{chunk}"): _COMPUTER,
    ("PUT", "/v1/blobs/{digest}/{chunk}"): (
        Wants.COMPUTER,
        {"content": b"x", "params": {"of": 1}},
    ),
    ("POST", "/v1/blobs/{digest}/{chunk}/doubt"): _COMPUTER,
    ("GET", "/account/look/{name}"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-up"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-up"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-up/sent"): (Wants.NOTHING, {}),
    ("GET", "/account/confirm"): (Wants.NOTHING, {}),
    ("POST", "/account/confirm"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-in"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in/passkey"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in/passkey/ask"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-out"): (Wants.NOTHING, {}),
    ("GET", "/account/reset"): (Wants.NOTHING, {}),
    ("POST", "/account/reset"): (Wants.NOTHING, {}),
    ("GET", "/account/reset/sent"): (Wants.NOTHING, {}),
    ("GET", "/account/new-password"): (Wants.NOTHING, {}),
    ("POST", "/account/new-password"): (Wants.NOTHING, {}),
    ("GET", "/account/invitation"): (Wants.NOTHING, {}),
    ("POST", "/account/invitation"): (Wants.NOTHING, {}),
    ("GET", "/account/second-factor"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor/passkey"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor/passkey/ask"): (Wants.PASSWORD, {}),
    **{
        (method, path): (Wants.PASSWORD_AND_A_FACTOR_IF_THERE_IS_ONE, {})
        for method, path in (
            ("GET", "/account/second-factor/new"),
            ("POST", "/account/second-factor/new"),
            ("GET", "/account/passkeys/new"),
            ("POST", "/account/passkeys/new"),
            ("POST", "/account/passkeys/new/ask"),
        )
    },
    ("GET", "/account"): (Wants.BOTH_FACTORS, {}),
    ("GET", "/account/practices/{account_id}/plan"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/practices/{account_id}/plan"): (Wants.BOTH_FACTORS, {}),
    ("GET", "/account/connect"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/connect"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/computers/{device_id}/revoke"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/invitation/join"): (Wants.BOTH_FACTORS, {}),
    **{
        (method, path): (Wants.BOTH_FACTORS_JUST_NOW, {})
        for method, path in (
            ("GET", "/account/password"),
            ("POST", "/account/password"),
            ("POST", "/account/recovery-codes"),
            ("POST", "/account/passkeys/{passkey_id}/remove"),
            ("POST", "/account/browsers/{session_id}/end"),
            ("POST", "/account/browsers/end"),
            ("GET", "/account/practices/{account_id}/leave"),
            ("POST", "/account/practices/{account_id}/leave"),
        )
    },
}


class Meets(Enum):
    """What an answer comes to."""

    SERVED = auto()
    UNKNOWN = auto()
    REVOKED = auto()
    WRONG_ROLE = auto()
    CLOSED = auto()
    SIGN_IN = auto()
    SECOND_FACTOR = auto()
    SET_UP = auto()
    BROKEN = auto()


SERVED, UNKNOWN, REVOKED = Meets.SERVED, Meets.UNKNOWN, Meets.REVOKED
CLOSED, NOT_THE_OWNER = Meets.CLOSED, Meets.WRONG_ROLE
SIGN_IN, SECOND_FACTOR, SET_UP = Meets.SIGN_IN, Meets.SECOND_FACTOR, Meets.SET_UP
_REFUSED = {
    Refusal.REVOKED.value: REVOKED,
    WRONG_ROLE: NOT_THE_OWNER,
    Refusal.NO_COMPUTER.value: CLOSED,
}
_KINDS = tuple(Wants)
LAPSED = "a computer of a practice whose plan has lapsed"
COLLEAGUES = ("provider", "associate", "admin")
#: In the order of ``Wants``.
SAYS: Mapping[str, tuple[Meets, ...]] = {
    "nobody": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "somebody with made-up secrets": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "a computer without a practice": (SERVED, UNKNOWN, SERVED, UNKNOWN, UNKNOWN, *(SIGN_IN,) * 4),
    "a computer": (*(SERVED,) * 5, *(SIGN_IN,) * 4),
    **{
        f"a colleague’s computer: {role}": (*(SERVED,) * 4, NOT_THE_OWNER, *(SIGN_IN,) * 4)
        for role in COLLEAGUES
    },
    LAPSED: (*(SERVED,) * 5, *(SIGN_IN,) * 4),
    "a revoked computer": (SERVED, REVOKED, REVOKED, SERVED, REVOKED, *(SIGN_IN,) * 4),
    "a browser that has signed out": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "the password alone, before any second factor": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SERVED, SET_UP, SET_UP,
    ),
    "the password alone": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SECOND_FACTOR, SECOND_FACTOR, SECOND_FACTOR,
    ),
    "both factors, a while ago": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SECOND_FACTOR, SERVED, SECOND_FACTOR,
    ),
    "both factors": (SERVED, *(UNKNOWN,) * 4, *(SERVED,) * 4),
}  # fmt: skip
#: What a plan that has lapsed closes: nothing that is read or sent, only what would grow.
GROWING = (("POST", "/v1/codes"),)


@dataclass
class World:
    """A server with one practice, whose owner has a browser and a computer."""

    site: Site
    owner: Person
    office: httpx2.Client
    office_id: str
    practice_id: UUID

    @classmethod
    def made(cls, site: Site) -> World:
        """Sign up, connect a computer and leave something there that others must not see."""
        owner = browser(site)
        owner.confirmed(practice_name=f"Practice {MARKER}")
        owner.sign_in()
        owner.set_up()
        told = Program(site, f"Office {MARKER}").connected(owner)
        office = site.client(told["access_token"])
        founding = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
        assert office.post("/v1/practices", json=founding).status_code == 200
        letters(site)
        practice_id = UUID(hex=founding["practice_id"])
        return cls(site, owner, office, told["device_id"], practice_id)


def browser(site: Site, address: str = f"{MARKER}@alderstreet.example") -> Person:
    """Return a browser that asks for the site by its name, as passkeys need it."""
    person = Person(site, address)
    named = site.address.replace("127.0.0.1", "localhost")
    person.client.base_url = named
    person.client.headers["Origin"] = named
    return person


def nobody(world: World) -> httpx2.Client:
    return browser(world.site).client


def made_up(world: World) -> httpx2.Client:
    client = browser(world.site).client
    client.headers["Authorization"] = "Bearer pr_unknown"
    client.cookies.set("session", "made-up")
    return client


def with_token(world: World, token: str) -> httpx2.Client:
    client = browser(world.site).client
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def homeless(world: World) -> httpx2.Client:
    _client, told = world.site.pair(world.site.services.devices.new_code())
    return with_token(world, told["token"])


def computer(world: World) -> httpx2.Client:
    code = world.office.post("/v1/codes").json()["code"]
    return with_token(world, world.site.pair(code, "Laptop")[1]["token"])


def colleague(role: Role) -> Callable[[World], httpx2.Client]:
    """Return what makes the computer of somebody who was invited, and joined."""

    def made(world: World) -> httpx2.Client:
        address, database = "kim@alderstreet.example", world.site.services.database
        of = operating.whose(database, world.practice_id)
        operating.say_card(database, of, world.site.clock.now(), card=True)
        for path, said in (
            ("plan", ChangePlan(Plan.GROUP).to_json()),
            ("invitations", Invite(address, "Kim", role).to_json()),
        ):
            answer = world.office.post(f"/v1/membership/{path}", json=said)
            assert answer.status_code == 200, answer.text
        guest = Guest(world.site, key_of(letters(world.site)[-1]), address)
        guest.begin()
        guest.set_up()
        guest.join()
        told = Program(world.site, "Front desk").connected(guest)
        return with_token(world, told["access_token"])

    return made


def lapsed(world: World) -> httpx2.Client:
    """Return a computer of the practice, a year and the thirty days of grace after its sign-up."""
    client = computer(world)
    world.site.clock.forward(days=365 + 31)
    return client


def revoked(world: World) -> httpx2.Client:
    code = world.office.post("/v1/codes").json()["code"]
    client, told = world.site.pair(code, "Laptop")
    assert client.post(f"/v1/devices/{told['device_id']}/revoke").status_code == 200
    return with_token(world, told["token"])


def signed_in(world: World) -> Person:
    person = browser(world.site)
    person.key = world.owner.key
    person.sign_in()
    return person


def inside(world: World) -> Person:
    person = signed_in(world)
    assert person.prove().status_code == 303
    return person


def signed_out(world: World) -> httpx2.Client:
    person = inside(world)
    secret = person.client.cookies["session"]
    person.post("/account/sign-out")
    person.client.cookies.set("session", secret)
    return person.client


def a_while_ago(world: World) -> httpx2.Client:
    person = inside(world)
    world.site.clock.forward(minutes=16)
    return person.client


def newcomer(world: World) -> httpx2.Client:
    """Return the browser of a person who has not set a second factor up yet."""
    login_id = login_of(world.site, world.owner.address).id
    with world.site.services.database.write(For(login=login_id)) as session:
        session.get_one(Login, login_id).totp = None
    return signed_in(world).client


def stranger(world: World) -> httpx2.Client:
    """Return somebody with a browser and a computer in another practice."""
    person = browser(world.site, "stranger@else.example")
    person.inside()
    letters(world.site)
    told = Program(world.site, "Elsewhere").connected(person)
    person.client.headers["Authorization"] = f"Bearer {told['access_token']}"
    founding = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
    assert person.client.post("/v1/practices", json=founding).status_code == 200
    return person.client


CALLERS: Mapping[str, Callable[[World], httpx2.Client]] = {
    "nobody": nobody,
    "somebody with made-up secrets": made_up,
    "a computer without a practice": homeless,
    "a computer": computer,
    **{f"a colleague’s computer: {role}": colleague(Role(role.upper())) for role in COLLEAGUES},
    LAPSED: lapsed,
    "a revoked computer": revoked,
    "a browser that has signed out": signed_out,
    "the password alone, before any second factor": newcomer,
    "the password alone": lambda world: signed_in(world).client,
    "both factors, a while ago": a_while_ago,
    "both factors": lambda world: inside(world).client,
}


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
        return _REFUSED[answer.json()["refused"]] if answer.content else REVOKED
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
        found, due = met(answer), SAYS[caller][_KINDS.index(wants)]
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
    invited = client.post("/v1/membership/invitations", json=_INVITED)
    assert invited.status_code == 409
    assert "renew" in invited.json()["blockers"][0]["words"]
    assert client.post("/v1/membership/plan", json={"plan": "PROFESSIONAL"}).status_code == 200
    assert client.post("/v1/codes").status_code == 200
    assert client.post("/v1/membership/invitations", json=_INVITED).status_code == 200
