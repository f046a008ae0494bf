"""A practice on two computers whose account issues documents, and the time that passes there."""

from __future__ import annotations

from uuid import UUID, uuid4

from app.core.journeys.clients import add_person
from app.core.kernel.acting import Role
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle, NewClient
from hosted.membership.granting import Granting
from hosted.membership.keys import own_ring
from hosted.store.engine import For
from hosted.sync.exchange import Exchange
from tests.hosted.membership.conftest import add_account, add_member
from tests.sync.worlds import Desktop, settle


def give_account(desktop: Desktop) -> Granting:
    """Let the practice of a computer have an account that signed up just now."""
    hosted, actor = desktop.hosted, desktop.desk.actor
    of, now = For(actor.practice_id, account=uuid4()), hosted.clock.now()
    add_account(hosted.database, of, now)
    add_member(hosted.database, of, Role.OWNER, actor.member_id, now)
    granting = Granting(hosted.database, hosted.clock, own_ring(now))
    hosted.exchange = Exchange(hosted.database, hosted.clock, entitled=granting)
    return granting


def greet(*desktops: Desktop) -> None:
    """Start the programs, which greet the account."""
    for desktop in desktops:
        desktop.restart()
        desktop.engine.greeting.entitled = desktop.practice._entitled
    settle(*desktops)


def five_minutes(*desktops: Desktop) -> None:
    """Let the programs go on exchanging; each has heard of what the others did."""
    settle(*desktops)
    desktops[0].clock.forward(minutes=5)
    settle(*desktops)


def add(desktop: Desktop, count: int, family: str) -> list[UUID]:
    """Add active clients."""
    people = [PersonName(given=f"Client {number}", family=family) for number in range(count)]
    return [
        desktop.desk.do(add_person, NewClient(name, lifecycle=Lifecycle.ACTIVE)).value
        for name in people
    ]


def used(desktop: Desktop) -> tuple[int, int | None]:
    """Return active clients used and allowed, as the program shows them."""
    grant = desktop.practice.plan().grant
    assert grant is not None
    return grant.active_clients_used, grant.active_clients
