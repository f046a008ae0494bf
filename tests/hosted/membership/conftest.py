"""A practice with an account, its owner's computer, and a clock that goes where a test needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.grant import Grant
from app.core.membership.rules.moves import PracticeFacts
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import Held, Reason, check
from hosted.account.tables import Account, Membership
from hosted.membership.charging import ByHand
from hosted.membership.commands import operating
from hosted.membership.commands.changing import change_plan
from hosted.membership.facts import facts
from hosted.membership.granting import Granting
from hosted.membership.keys import Ring, own_ring
from hosted.membership.tables import PlanCharge
from hosted.store.engine import Database, For
from hosted.sync.exchange import Exchange
from tests.hosted.account.conftest import Person, account_on
from tests.hosted.web.conftest import Site
from tests.hosted.worlds import CLIENT, MEMBER, Computer, Server


@dataclass
class Subscribed:
    """A practice with an account; it signed up at the moment at which the server's clock stands."""

    server: Server
    ring: Ring
    of: For
    owner: Computer
    held: Held | None = field(default=None)

    @property
    def now(self) -> datetime:
        """What the server's clock shows."""
        return self.server.clock.now()

    @property
    def practice_id(self) -> UUID:
        """The practice."""
        assert self.of.practice_id is not None
        return self.of.practice_id

    @property
    def account_id(self) -> UUID:
        """The account."""
        assert self.of.account is not None
        return self.of.account

    def turn_to(self, ring: Ring) -> None:
        """Sign with other keys from now on, as after a restart of the server."""
        self.ring = ring
        server = self.server
        granting = Granting(server.database, server.clock, ring)
        server.exchange = Exchange(
            server.database, server.clock, None, server.register, entitled=granting
        )

    def join(self, role: Role, name: str) -> Computer:
        """Add a member, with a computer."""
        member_id = uuid4()
        self.owner.add("member", {**MEMBER, "given": name, "role": str(role)}, member_id)
        add_member(self.server.database, self.of, role, member_id, self.now)
        return self.server.computer(self.practice_id, name, member_id)

    def clients(self, count: int) -> list[UUID]:
        """Add active clients."""
        return [self.owner.add("client", CLIENT) for _ in range(count)]

    def greet(self, computer: Computer | None = None) -> Grant:
        """Greet, and return the plan as a program that held the last one takes it."""
        pair = (computer or self.owner).hello().entitlement
        checked = check(pair, self.practice_id, self.held, pinned_roots())
        assert checked.reason is Reason.ACCEPTED, checked.reason
        assert checked.held is not None
        assert checked.held.grant is not None
        self.held = checked.held
        return checked.held.grant

    def change(self, plan: Plan) -> None:
        """Choose a plan."""
        change_plan(self.server.database, self.of, plan, ByHand(), self.now)

    def with_card(self) -> Subscribed:
        """Put a card on file."""
        operating.say_card(self.server.database, self.of, self.now, card=True)
        return self

    def facts(self) -> PracticeFacts:
        """Return all that a change is judged by."""
        with self.server.database.read(self.of) as session:
            return facts(session, session.get_one(Account, self.account_id))

    def due(self) -> list[int]:
        """Return what was due for changes, in cents, in order."""
        with self.server.database.read(self.of) as session:
            rows: list[Any] = list(session.query(PlanCharge).order_by(PlanCharge.at, PlanCharge.id))
        return [row.cents for row in rows]


def add_account(database: Database, of: For, at: datetime, name: str = "Alder Street") -> None:
    """Add the account of a practice, which signed up at a moment."""
    with database.write(of) as session:
        session.add(
            Account(
                id=of.account,
                practice_id=of.practice_id,
                name=name,
                zone="America/Los_Angeles",
                made_at=at,
            )
        )


def add_member(database: Database, of: For, role: Role, member_id: UUID, at: datetime) -> None:
    """Tie a member of the practice's records to the account."""
    login_id = uuid4()
    with database.write(For(of.practice_id, account=of.account, login=login_id)) as session:
        session.add(
            Membership(
                account_id=of.account,
                login_id=login_id,
                role=role,
                member_id=member_id,
                made_at=at,
            )
        )


def subscribed(server: Server) -> Subscribed:
    """Begin a practice with an account and its owner's computer."""
    practice_id, member_id, at = server.practice(), uuid4(), server.clock.now()
    of = For(practice_id, account=uuid4())
    add_account(server.database, of, at)
    add_member(server.database, of, Role.OWNER, member_id, at)
    owner = server.computer(practice_id, "Office", member_id)
    owner.add("member", {**MEMBER, "given": "Dana", "family": "Whitfield"}, member_id)
    made = Subscribed(server, own_ring(at), of, owner)
    made.turn_to(made.ring)
    return made


@pytest.fixture
def practice(server: Server) -> Subscribed:
    """A practice that signed up just now."""
    return subscribed(server)


@pytest.fixture
def site(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A running server without practices."""
    made = account_on(stored, tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def lapsing(site: Site) -> Person:
    """A person who has signed up and gone all the way in."""
    return Person(site).inside()
