"""Everybody who may ask the server, each as a function that makes one in a world."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx2

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.sync.protocol.membership import ChangePlan, Invite
from hosted.account.tables import Login
from hosted.membership.commands import operating
from hosted.store.engine import For
from tests.hosted.account.conftest import Person, key_of, letters
from tests.hosted.account.test_connecting import Program
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.team.test_pages import Guest
from tests.hosted.web.conftest import Site
from tests.hosted.web.wants import COLLEAGUES, LAPSED

#: What stands in records, addresses and names of the practice that others must not see.
MARKER = "planted"


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
