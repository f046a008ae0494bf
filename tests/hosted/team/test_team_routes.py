"""The owner's program asks the account about its team over HTTP; nobody else is answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.moves import LinkTo
from app.core.membership.rules.seats import SeatCount
from app.sync.protocol.membership import Blocked, Invite, MembershipAnswer
from hosted.account.queries import computers
from hosted.store.engine import Database, For
from hosted.store.tables import Device
from tests.hosted.conftest import on_sqlite
from tests.hosted.rooms import Rooms
from tests.hosted.team.office import KIM, OWNER, SITE, TOKEN, Office, office_on
from tests.hosted.web.conftest import PATIENCE, Site


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: a route sees no difference."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.fixture
def site(office: Office) -> Iterator[Site]:
    """The running server."""
    made = Site(office.services, office.clock)
    made.start()
    yield made
    made.stop()


def owner(site: Site, office: Office) -> httpx2.Client:
    """Return the owner's program."""
    return site.client(f"{TOKEN}_of_{office.owner}")


def post(client: httpx2.Client, path: str, **said: Any) -> MembershipAnswer:
    """Ask for a change that may be."""
    answer = client.post(f"/v1/membership/{path}", json=said)
    assert answer.status_code == 200, answer.text
    return MembershipAnswer.read(answer.json())


def test_a_team_is_made_and_changed_by_the_owners_program(site: Site, office: Office) -> None:
    program = owner(site, office)
    asked = Invite(KIM, "Kim", Role.PROVIDER).to_json()
    told = post(program, "invitations", **asked)
    assert told.facts.used(told.at).clinicians == SeatCount(active=1, invited=1)
    invited = told.team[1]
    assert (invited.address, invited.name) == (KIM, "Kim")
    assert invited.ends_at == told.at + timedelta(days=14)
    post(program, f"invitations/{invited.id}/again")
    assert [each.to for each in office.letters()] == [KIM, KIM]
    assert len(post(program, f"invitations/{invited.id}/withdraw").team) == 1
    told = post(program, "reserved", role="ASSOCIATE", count=2)
    assert told.facts.used(told.at).associates == SeatCount(reserved=2)
    kim = office.joined(role=Role.PROVIDER)
    told = post(program, f"members/{kim.member_id.hex}/role", role="ADMIN")
    assert told.facts.used(told.at).admins == SeatCount(active=1)
    row = next(each for each in told.team if each.id == kim.member_id.hex)
    assert (row.name, row.sign_in) == ("Kim Park", "code app")
    told = post(program, f"members/{kim.member_id.hex}/end", work_to=office.owner_id.hex)
    assert [each.role for each in told.team[:1]] == [Role.OWNER]
    assert kim.member_id.hex not in {each.id for each in told.team}
    assert told.entitlement


def test_what_may_not_be_is_answered_with_sentences_and_links(site: Site, office: Office) -> None:
    office.choose(Plan.PROFESSIONAL)
    program = owner(site, office)
    for path, said, words in (
        ("invitations", Invite(KIM, "Kim", Role.PROVIDER).to_json(), "second clinician"),
        ("invitations", Invite("kim", "Kim", Role.ADMIN).to_json(), "looks like"),
        ("reserved", {"role": "OWNER", "count": 1}, "second clinician"),
        (f"members/{office.owner_id.hex}/role", {"role": "ADMIN"}, "keeps an owner"),
        (f"members/{office.owner_id.hex}/end", {"work_to": None}, "keeps an owner"),
    ):
        answer = program.post(f"/v1/membership/{path}", json=said)
        assert answer.status_code == 409, path
        blocked = Blocked.read(answer.json())
        assert words in blocked.words
    refused = program.post(
        "/v1/membership/invitations", json=Invite(KIM, "Kim", Role.PROVIDER).to_json()
    )
    (blocker,) = Blocked.read(refused.json()).blockers
    assert [each.to for each in blocker.links] == [LinkTo.SUBSCRIPTION]
    for path, said in (("invitations", {"address": KIM}), ("reserved", {"role": "X", "count": 1})):
        assert program.post(f"/v1/membership/{path}", json=said).status_code == 422


def test_nobody_but_an_owner_of_the_practice_changes_its_team(site: Site, office: Office) -> None:
    for role in (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN):
        address = f"{role}@b.example".lower()
        member = office.joined(address, role, "Kim Park").member_id
        office.connect(member, "Laptop", f"token_{role}")
        for path, body in targets(member):
            answer = site.client(f"token_{role}").post(path, **body)
            assert (answer.status_code, answer.json()["refused"]) == (403, "wrong_role"), path
    assert len(office.rows()) == 4


def test_another_practices_team_is_not_there(rooms: Rooms, tmp_path: Path) -> None:
    with rooms.room() as database:
        office = office_on(database, tmp_path)
        other = Office(office.services, office.clock, "lee@elmstreet.example")
        office.invite("pat@b.example", Role.ADMIN)
        invitation, kim = UUID(hex=office.rows()[1].id), office.joined().member_id
        site = Site(office.services, office.clock)
        site.start()
        try:
            for which in (invitation, kim):
                for path, body in targets(which):
                    if which.hex in path:
                        assert owner(site, other).post(path, **body).status_code == 404, path
        finally:
            site.stop()
        assert len(office.rows()) == 3


def targets(which: UUID) -> list[tuple[str, dict[str, Any]]]:
    """Return a request for every route, about a member or an invitation that is there."""
    team, invited = "/v1/membership", Invite("pat@b.example", "Pat", Role.ADMIN)
    return [
        (f"{team}/invitations", {"json": invited.to_json()}),
        (f"{team}/invitations/{which.hex}/again", {}),
        (f"{team}/invitations/{which.hex}/withdraw", {}),
        (f"{team}/reserved", {"json": {"role": "ADMIN", "count": 1}}),
        (f"{team}/members/{which.hex}/role", {"json": {"role": "ADMIN"}}),
        (f"{team}/members/{which.hex}/end", {"json": {"work_to": None}}),
    ]


def test_letters_to_one_address_are_few(site: Site, office: Office) -> None:
    program = owner(site, office)
    invited = post(program, "invitations", **Invite(KIM, "Kim", Role.ADMIN).to_json()).team[1]
    again = f"/v1/membership/invitations/{invited.id}/again"
    codes = [program.post(again).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert len(office.letters()) == 3


def test_other_computers_hear_of_a_change(site: Site, office: Office) -> None:
    program = owner(site, office)
    kim = office.joined()
    with program.stream("GET", "/v1/poke", timeout=PATIENCE) as stream:
        lines = (line for line in stream.iter_lines() if line)
        before = next(lines)
        post(program, f"members/{kim.member_id.hex}/role", role="ADMIN")
        assert next(lines) != before


def test_a_member_is_told_of_a_computer_that_a_code_connected(site: Site, office: Office) -> None:
    site.second(owner(site, office), "Old PC")
    (letter,) = office.letters()
    assert (letter.to, letter.subject) == (OWNER, "A computer was connected to your account")
    assert f"{SITE}/account#computers" in letter.text


def test_a_member_who_owns_nothing_lists_and_takes_off_their_own_computers_alone(
    site: Site, office: Office
) -> None:
    kim = office.joined()
    office.connect(kim.member_id, "Kim's laptop", "pr_kims")
    program, owners = site.client("pr_kims"), owner(site, office)
    listed = program.get("/v1/devices").json()["devices"]
    assert [each["name"] for each in listed] == ["Kim's laptop"]
    everybodys = owners.get("/v1/devices").json()["devices"]
    assert [each["name"] for each in everybodys] == ["Office iMac", "Kim's laptop"]
    theirs = next(each["id"] for each in everybodys if each["mine"])
    assert program.post(f"/v1/devices/{theirs}/revoke").status_code == 404
    assert owners.get("/v1/devices").status_code == 200
    code = program.post("/v1/codes").json()["code"]
    site.pair(program.post("/v1/codes").json()["code"], "Kim's old PC")
    old = program.get("/v1/devices").json()["devices"][-1]["id"]
    # On the page of the account as well, though no browser connected it.
    mine = computers(office.database, kim.who.login_id)
    assert [each.name for each in mine] == ["Kim's laptop", "Kim's old PC"]
    # Whoever took the laptop does not come back with a code that it asked for before.
    assert owners.post(f"/v1/devices/{listed[0]['id']}/revoke").status_code == 200
    asked = {"code": code, "device_name": "Thief", "program": "0.1"}
    assert site.client().post("/v1/pair", json=asked).status_code == 403
    with office.database.read(For(office.practice_id)) as session:
        assert session.get_one(Device, UUID(old)).revoked_at is None
