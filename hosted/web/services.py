"""Everything that the routes stand on, put together once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from fastapi import Request

from app.core.kernel.clock import Clock
from app.core.kernel.entitlement import Act
from app.sync.protocol.terms import Refusal
from hosted.account.commands.means import Means
from hosted.account.rules.passwords import Hashing
from hosted.blobs import Blobs
from hosted.membership.answering import NotTheirs, managed_by
from hosted.membership.charging import ByHand, Charging
from hosted.membership.granting import Granting
from hosted.membership.keys import Ring, own_ring
from hosted.metrics import Metrics
from hosted.pairing import Devices
from hosted.post.queue import Queue
from hosted.seal import Seal
from hosted.settings import NOBODY
from hosted.store.engine import Database, For
from hosted.sync import epochs
from hosted.sync.callers import Caller
from hosted.sync.exchange import Exchange
from hosted.sync.policy import Policy
from hosted.sync.register import Register
from hosted.sync.serving import Author
from hosted.team.commands.means import Means as TeamMeans
from hosted.web.errors import Turned
from hosted.web.pokes import Pokes
from hosted.web.rates import Rates
from hosted.web.security import token_of


@dataclass(frozen=True, slots=True)
class Services:
    """The server's parts, as the routes use them."""

    database: Database
    exchange: Exchange
    devices: Devices
    blobs: Blobs
    pokes: Pokes
    metrics: Metrics
    rates: Rates
    granting: Granting
    charging: Charging
    account: Means
    team: TeamMeans
    post: Queue
    public_url: str
    support: str
    """Who is asked where an owner needs help with the plan: an e-mail address."""
    threads: int

    def poke(self, practice_id: UUID) -> None:
        """Wake the devices of a practice: there is news that is not in its log."""
        with self.database.read(For(practice_id)) as session:
            head = epochs.here(session).head
        self.pokes.pushed(practice_id, head)

    def caller(self, request: Request) -> Caller:
        """Return the device that asks, revoked or not; turns away who has no practice here."""
        device = self.devices.by_token(token_of(request))
        if device is None or device.practice_id is None or device.member_id is None:
            raise Turned(Refusal.UNKNOWN_DEVICE)
        return Caller(
            device.id,
            device.practice_id,
            device.member_id,
            device.name,
            device.revoked_at is not None,
        )

    def member(self, request: Request) -> Caller:
        """Return the device that asks; a revoked one is told so and nothing else."""
        caller = self.caller(request)
        if caller.revoked:
            raise Turned(Refusal.REVOKED)
        return caller

    def reach(self, caller: Caller) -> UUID | None:
        """Return the only member whose computers the caller sees; ``None``: all of the practice.

        All are the owner's to see and take off, and of a practice that has no account.
        """
        try:
            managed_by(self.database, caller.practice_id, caller.member_id)
        except NotTheirs:
            return caller.member_id
        return None

    def require_room(self, caller: Caller) -> None:
        """Turn away who asks for another computer where the plan allows none now."""
        if not self.granting.entitlement_of(caller.practice_id).allows(Act.GROW):
            raise Turned(Refusal.NO_COMPUTER)


def put_together(
    database: Database,
    blobs: Path,
    clock: Clock,
    *,
    threads: int = 8,
    policy: Policy | None = None,
    register: Register | None = None,
    seal: Seal | None = None,
    ring: Ring | None = None,
    hashing: Hashing | None = None,
    public_url: str = "",
    support: str = NOBODY,
) -> Services:
    """Return the parts over a database that is up to date.

    ``public_url`` is where people's browsers find this server; without one it is for this machine
    alone. Without a ``seal`` nothing that is sealed outlives the process; without a ``ring`` a new
    key signs plans. Raises ``NotListed`` for a ring without a list.
    """
    means = Means(database, clock, seal or Seal(), hashing or Hashing())
    charging = ByHand()
    pokes = Pokes()
    granting = Granting(database, clock, ring or own_ring(clock.now()))
    exchange = Exchange(database, clock, policy, register, entitled=granting)
    exchange.on_push(pokes.pushed)
    return Services(
        database=database,
        exchange=exchange,
        devices=Devices(database, clock),
        blobs=Blobs(blobs, database, clock),
        pokes=pokes,
        metrics=Metrics(),
        rates=Rates(),
        granting=granting,
        charging=charging,
        account=means,
        team=TeamMeans(means, Author(policy, register), charging, exchange.wrote),
        post=Queue(database, clock, means.seal),
        public_url=public_url,
        support=support,
        threads=threads,
    )
