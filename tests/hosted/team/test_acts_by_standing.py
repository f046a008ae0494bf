"""The table *act × state* through the API: what is asked for online obeys it, work never does.

The table's last column is no state of an account: whoever reaches it has a fresh document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Act, Plan, Standing
from app.core.membership.rules.grant import Grant, plan_state
from app.core.membership.rules.moves import Why
from app.core.membership.rules.seats import Holding
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import check
from app.sync.protocol.membership import Blocked, Invite
from hosted.store.engine import Database
from tests.hosted.conftest import on_sqlite
from tests.hosted.team.office import KIM, TOKEN, Office
from tests.hosted.web.conftest import Site, hello
from tests.hosted.worlds import APPOINTMENT, CLIENT, NOTE

#: Paid, thirty days of grace after the month that was, and a day.
LAPSED_FOR = timedelta(days=31)
WORDS = {
    Standing.LAPSED: "Your plan has ended: renew it under Settings, Subscription to do this.",
    Standing.ARCHIVE: "This practice is archived: return to a plan in Settings to do this.",
}


@dataclass
class Story:
    """A practice on Group in which everything stands ready that an act could be about."""

    office: Office
    site: Site
    program: httpx2.Client
    colleague: UUID
    invitation: UUID

    def stand(self, standing: Standing) -> None:
        """Let the plan have ended, or be the Archive."""
        if standing is Standing.LAPSED:
            self.office.choose(Plan.GROUP, self.office.clock.now() - LAPSED_FOR)
        if standing is Standing.ARCHIVE:
            self.office.choose(Plan.ARCHIVE)
        assert self.stands() is standing

    def stands(self) -> Standing:
        """Return how the plan stands by the document of a greeting."""
        return plan_state(self.granted(), self.office.clock.now()).entitlement.standing

    def granted(self) -> Grant:
        """Return what the document of a greeting says now."""
        told = hello(self.program)["entitlement"]
        held = check(told, self.office.practice_id, None, pinned_roots()).held
        assert held is not None
        assert held.grant is not None
        return held.grant


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: neither plan nor route sees a difference."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.fixture
def story(office: Office) -> Iterator[Story]:
    """A practice with a colleague and an invitation."""
    site = Site(office.services, office.clock)
    site.start()
    colleague = office.joined("ada@b.example", Role.ASSOCIATE, "Ada Byron").member_id
    office.invite("bo@b.example", Role.ADMIN)
    (invitation,) = (UUID(hex=each.id) for each in office.rows() if each.holding is Holding.INVITED)
    yield Story(office, site, site.client(f"{TOKEN}_of_{office.owner}"), colleague, invitation)
    site.stop()


def team(path: str, **said: Any) -> tuple[str, Mapping[str, Any]]:
    """Return a route of the team and what it is asked."""
    return f"/v1/membership/{path}", said


#: What is asked of the account online: the act that it is, the route, and what is said to it.
ASKED: Mapping[str, tuple[Act, tuple[str, Mapping[str, Any]]]] = {
    "invite": (Act.GROW, team("invitations", **Invite(KIM, "Kim", Role.ADMIN).to_json())),
    "hold a seat in reserve": (Act.GROW, team("reserved", role="ASSOCIATE", count=1)),
    "add a computer": (Act.GROW, ("/v1/codes", {})),
    "give another role": (Act.BOOK, team("members/{colleague}/role", role="ADMIN")),
    "take an invitation back": (Act.WITHDRAW, team("invitations/{invitation}/withdraw")),
    "end a membership": (Act.WITHDRAW, team("members/{colleague}/end", work_to=None)),
}
#: The cells of the table, by hand.
OPEN: Mapping[Standing, frozenset[Act]] = {
    Standing.WITHIN: frozenset({Act.BOOK, Act.WITHDRAW, Act.GROW}),
    Standing.LAPSED: frozenset({Act.WITHDRAW}),
    Standing.ARCHIVE: frozenset(),
}


@pytest.mark.parametrize("standing", OPEN)
@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_online_obeys_the_table(story: Story, asked: str, standing: Standing) -> None:
    story.stand(standing)
    act, (path, said) = ASKED[asked]
    path = path.format(colleague=story.colleague.hex, invitation=story.invitation.hex)
    answer = story.program.post(path, json=said)
    if act in OPEN[standing]:
        assert answer.status_code == 200, answer.text
    elif path == "/v1/codes":
        assert (answer.status_code, answer.json()["refused"]) == (403, "no_computer")
    else:
        assert answer.status_code == 409, answer.text
        blocked = Blocked.read(answer.json())
        assert [each.why for each in blocked.blockers] == [Why.STANDING]
        assert blocked.words == WORDS[standing]


@pytest.mark.parametrize("standing", OPEN)
def test_reading_is_open_whatever_the_plan(story: Story, standing: Standing) -> None:
    client = story.office.computer.add("client", CLIENT)
    story.stand(standing)
    assert story.program.get("/v1/membership").status_code == 200
    other = story.office.connect(story.office.owner_id, "Laptop")
    assert other.row("client", client)["legal_given"] == CLIENT["legal_given"]
    assert {row.entity for row in other.snapshot()} >= {"client", "member"}


@pytest.mark.parametrize("standing", OPEN)
def test_work_is_taken_whatever_the_plan_and_the_next_document_says_so(
    story: Story, standing: Standing
) -> None:
    computer, owner = story.office.computer, story.office.owner_id.hex
    case = computer.add("care_case", {"kind": "INDIVIDUAL"}).hex
    session = computer.add("appointment", {**APPOINTMENT, "case_id": case})
    draft = computer.add("note", {**NOTE, "case_id": case, "author_id": owner})
    story.stand(standing)
    # Close, finish and settle; book; make inactive and active: none is asked for, each is told.
    closed = computer.change("appointment", session, status="COMPLETED")
    finished = computer.change("note", draft, sections={"plan": "Written since."})
    assert (closed.verdict, finished.verdict) == ("applied", "applied")
    computer.add("appointment", {**APPOINTMENT, "case_id": case})
    first, second = computer.add("client", CLIENT), computer.add("client", CLIENT)
    assert computer.change("client", second, lifecycle="INACTIVE").verdict == "applied"
    assert computer.change("client", second, lifecycle="ACTIVE").verdict == "applied"
    computer.pull()
    assert computer.row("client", first)["lifecycle"] == "ACTIVE"
    assert story.granted().active_clients_used == 2
    assert story.stands() is standing
