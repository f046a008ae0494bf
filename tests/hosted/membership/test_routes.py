"""``/v1/membership`` as programs ask it: who may, who may not, and what stands in the way."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from sqlalchemy import delete

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import PlanRefuses
from app.core.membership.rules.moves import Why
from app.core.membership.rules.subscription import Status
from app.sync import connecting
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import Reason, check
from app.sync.http import HttpTransport
from app.sync.protocol.membership import Blocked, MembershipAnswer
from app.sync.protocol.terms import Refusal
from hosted.account.tables import Membership
from hosted.store.engine import For
from hosted.web.services import Services
from tests.hosted.account.conftest import Person
from tests.hosted.account.test_connecting import Program
from tests.hosted.membership.conftest import add_account, add_member
from tests.hosted.web.conftest import Site, hello

#: Decided before any database differs from the other.
ON_ONE = pytest.mark.parametrize("stored", ["sqlite"], indirect=True)


class Owned:
    """A practice on a running server, and the program of its owner."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.program, self.practice_id = site.practice()
        listed = site.services.devices.listed(self.practice_id)
        member_id = listed[0].member_id
        assert member_id is not None
        self.of = For(self.practice_id, account=uuid4())
        add_account(site.services.database, self.of, site.clock.now())
        self.add(Role.OWNER, member_id)

    @property
    def services(self) -> Services:
        """The server's parts."""
        return self.site.services

    def add(self, role: Role, member_id: UUID) -> None:
        """Make a member of the practice one of the account."""
        add_member(self.services.database, self.of, role, member_id, self.site.clock.now())

    def member(self, role: Role) -> httpx2.Client:
        """Return the program of another member."""
        member_id = uuid4()
        self.add(role, member_id)
        code = self.services.devices.new_code(self.practice_id, member_id)
        return self.site.pair(code, role.value)[0]

    def change(self, plan: str) -> httpx2.Response:
        """Ask for another plan."""
        return self.program.post("/v1/membership/plan", json={"plan": plan})


@pytest.fixture
def owned(site: Site) -> Owned:
    """A practice with an account."""
    return Owned(site)


def read(answer: httpx2.Response) -> MembershipAnswer:
    """Read the whole answer."""
    assert answer.status_code == 200, answer.text
    return MembershipAnswer.read(answer.json())


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    """Return the status and code of a refusal."""
    return answer.status_code, answer.json()["refused"]


def asks(client: httpx2.Client) -> list[httpx2.Response]:
    """Ask every route of the plan."""
    return [
        client.get("/v1/membership"),
        client.post("/v1/membership/plan", json={"plan": "PROFESSIONAL"}),
        client.post("/v1/membership/support"),
    ]


def test_the_owner_reads_the_plan_and_changes_it(owned: Owned) -> None:
    said = read(owned.program.get("/v1/membership"))
    assert said.facts.stands(said.at).status is Status.STARTER
    assert [each.role for each in said.team] == [Role.OWNER]
    held = check(said.entitlement, owned.practice_id, None, pinned_roots()).held
    changed = read(owned.change("PROFESSIONAL"))
    assert changed.facts.stands(changed.at).status is Status.TRIAL
    now = check(changed.entitlement, owned.practice_id, held, pinned_roots())
    assert now.reason is Reason.ACCEPTED
    assert now.held is not None
    assert now.held.grant is not None
    assert now.held.grant.plan == Plan.PROFESSIONAL


@ON_ONE
def test_what_stands_in_the_way_is_said_in_sentences(owned: Owned) -> None:
    answer = owned.change("ARCHIVE")
    assert answer.status_code == 409
    blocked = Blocked.read(answer.json())
    assert [each.why for each in blocked.blockers] == [Why.NOT_FROM_HERE]
    assert blocked.words == "Archive is for practices on Professional or Group."


def test_only_an_owner_may(owned: Owned) -> None:
    for role in (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN):
        for answer in asks(owned.member(role)):
            assert refusal(answer) == (403, "wrong_role"), role


@ON_ONE
def test_who_is_no_member_of_the_account_may_not(owned: Owned) -> None:
    member_id = uuid4()
    owned.add(Role.OWNER, member_id)
    code = owned.services.devices.new_code(owned.practice_id, member_id)
    stranger, _ = owned.site.pair(code, "Laptop")
    with owned.services.database.write(owned.of) as session:
        session.execute(delete(Membership).where(Membership.member_id == member_id))
    for answer in asks(stranger):
        assert refusal(answer) == (403, "wrong_role")


@ON_ONE
def test_a_practice_without_an_account_has_no_plan(site: Site) -> None:
    office, _ = site.practice()
    for answer in asks(office):
        assert refusal(answer) == (404, "not_found")
    assert hello(office)["entitlement"] == ""
    assert office.post("/v1/codes").status_code == 200


# The embedded database keeps a single practice.
@pytest.mark.parametrize("stored", ["postgresql"], indirect=True)
def test_another_practices_plan_is_not_reached(owned: Owned) -> None:
    other = Owned(owned.site)
    read(other.change("PROFESSIONAL"))
    said = read(owned.program.get("/v1/membership"))
    assert said.facts.stands(said.at).status is Status.STARTER
    theirs = read(other.program.get("/v1/membership")).entitlement
    reason = check(theirs, owned.practice_id, None, pinned_roots()).reason
    assert reason is Reason.WRONG_PRACTICE


@ON_ONE
def test_what_is_no_question_is_malformed(owned: Owned) -> None:
    said: Any
    for said in ({}, {"plan": "DIAMOND"}, {"plan": 7}, {"plan": None}, []):
        assert refusal(owned.program.post("/v1/membership/plan", json=said)) == (422, "malformed")
    huge = owned.program.post("/v1/membership/plan", json={"plan": "GROUP" * 10_000})
    assert refusal(huge) == (413, "too_large")


def test_a_lapsed_practice_reads_its_plan_and_returns_but_adds_no_computer(owned: Owned) -> None:
    owned.site.clock.forward(days=400)
    said = read(owned.program.get("/v1/membership"))
    assert said.facts.stands(said.at).status is Status.LAPSED
    assert hello(owned.program)["entitlement"]
    assert refusal(owned.program.post("/v1/codes")) == (403, Refusal.NO_COMPUTER)
    token = owned.program.headers["Authorization"].removeprefix("Bearer ")
    program = HttpTransport(owned.site.address, token)
    with pytest.raises(PlanRefuses, match="no room for another computer now"):
        connecting.new_code(program)
    program.close()
    blocked = owned.change("GROUP")
    assert blocked.status_code == 409
    words = (
        "Group costs $59.00 now, and no card is on file: "
        "ask whoever runs your account to put one on file."
    )
    assert Blocked.read(blocked.json()).words == words


def test_a_lapsed_persons_further_computer_is_refused_in_words_and_no_other(
    lapsing: Person,
) -> None:
    site = lapsing.site
    told = Program(site, "Office").connected(lapsing)
    said = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
    office = site.client(told["access_token"])
    assert office.post("/v1/practices", json=said).status_code == 200
    site.clock.forward(days=400)
    lapsing.sign_in()
    lapsing.prove()
    asked = Program(site, "Laptop").asked
    refused = lapsing.post("/account/connect", **asked, answer="yes")
    assert refused.status_code == 403
    assert "Your plan has ended: renew it under Settings, Subscription" in refused.text
    # The same computer signs in again; and where none is left, there is no growth.
    assert Program(site, "Office").code(lapsing)
    for device in site.services.devices.listed(UUID(said["practice_id"])):
        lapsing.post(f"/account/computers/{device.id}/revoke")
    assert Program(site, "Laptop").code(lapsing)
