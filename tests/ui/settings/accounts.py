"""An account that answers about plan and team as a test tells it, and the pages that ask it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import UNLIMITED, Entitlement, Feature, Plan, Standing
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.money import Money
from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus
from app.core.membership.rules.grant import PlanState, grant_of, plan_state
from app.core.membership.rules.moves import Named, PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.membership.rules.subscription import Subscription
from app.sync.protocol.membership import MembershipAnswer, TeamRow
from app.ui.shell.context import ScreenContext
from app.ui.shell.program import PracticeFile, Program
from app.ui.shell.syncing import SyncPresenter
from tests.support.clock import THE_MOMENT

ZONE = "America/Los_Angeles"
OWNER, TOMAS, DANA, IMANI = (f"{number:032x}" for number in range(1, 5))
_DAY = timedelta(days=1)
SIGNED_UP = datetime(2025, 3, 3, 17, 0, tzinfo=UTC)
MONTH = BillingPeriod(datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 12, 3, 17, tzinfo=UTC))


def team() -> tuple[TeamRow, ...]:
    """Return the design's team: an owner, an associate, an admin, and an associate invited."""
    return (
        TeamRow(OWNER, "Marguerite Lindqvist", "marguerite@alderstreet.example", Role.OWNER,
                credentials="LMFT", sign_in="passkey", last_seen=THE_MOMENT,
                computers=("Office iMac", "MacBook Air")),
        TeamRow(TOMAS, "Tomás Arriaga", "tomas@alderstreet.example", Role.ASSOCIATE,
                credentials="AMFT", sign_in="code app", last_seen=THE_MOMENT - _DAY,
                computers=("MacBook Pro",)),
        TeamRow(DANA, "Dana Pruitt", "dana@alderstreet.example", Role.ADMIN,
                sign_in="passkey", last_seen=THE_MOMENT - timedelta(hours=2)),
        TeamRow(IMANI, "Imani Osei", "imani.osei@example.com", Role.ASSOCIATE, Holding.INVITED,
                invited_at=THE_MOMENT - 7 * _DAY, ends_at=THE_MOMENT + 7 * _DAY),
    )  # fmt: skip


def facts_of(
    rows: tuple[TeamRow, ...], subscription: Subscription, clients: int = 31, **more: Any
) -> PracticeFacts:
    """Return the facts of a practice with this team."""
    staff = tuple(
        SeatHolder(r.id, r.name, r.role, r.holding, r.invited_at, r.from_reserve) for r in rows
    )
    return PracticeFacts(subscription, ZONE, staff, clients, **more)


PROFESSIONAL = facts_of(team(), Subscription(SIGNED_UP, Plan.PROFESSIONAL, SIGNED_UP, True, MONTH))
#: Starter in its last weeks.
STARTER = facts_of(team()[:1], Subscription(datetime(2025, 12, 19, 17, tzinfo=UTC)), 9)
FULL = facts_of(
    team(),
    Subscription(SIGNED_UP, Plan.GROUP, SIGNED_UP, True, MONTH),
    drafts=(Named(f"{9:032x}", "Progress note of Nov 12"),),
    unsent=(Named(f"{8:032x}", "MacBook Pro"),),
)


#: What a practice on Group is allowed on its computers.
GROUP = Entitlement("GROUP", Standing.WITHIN, None, seats=UNLIMITED, features=frozenset(Feature))
SYNCED = replace(NOT_CONNECTED, state=SyncState.SYNCED)


@dataclass
class Account:
    """The open practice's file and its tie to an account, as far as these pages ask."""

    facts: PracticeFacts | None = PROFESSIONAL
    rows: tuple[TeamRow, ...] = field(default_factory=team)
    at: datetime = THE_MOMENT
    trouble: Exception | None = None
    after: PracticeFacts | None = None
    """What holds once the plan was changed."""
    seq: int = 1
    """The number of the plan that was signed last."""
    status_now: SyncStatus = SYNCED
    did: list[str] = field(default_factory=list)

    @property
    def sync(self) -> Account:
        return self

    @property
    def membership(self) -> Account:
        return self

    def status(self) -> SyncStatus:
        return self.status_now

    def listen(self, _heard: Callable[[SyncStatus], None]) -> Callable[[], None]:
        return lambda: None

    def start(self) -> None:
        self.did.append("start")

    def plan(self) -> PlanState:
        if self.facts is None:
            return PlanState(plan_state(None, self.at).entitlement)
        return plan_state(grant_of(UUID(int=7), self.facts, self.seq, self.at), self.at)

    def _did(self, what: str) -> MembershipAnswer:
        self.did.append(what)
        # What refuses a change answers who only asks.
        if self.trouble is not None and (what != "ask" or isinstance(self.trouble, MachineError)):
            raise self.trouble
        assert self.facts is not None
        return MembershipAnswer(self.at, self.facts, self.rows, "")

    def ask(self) -> MembershipAnswer:
        return self._did("ask")

    def change_plan(self, plan: Plan, _shown: Money) -> MembershipAnswer:
        self.facts = self.facts if self.trouble or self.after is None else self.after
        return self._did(f"plan {plan}")

    def ask_support(self) -> MembershipAnswer:
        return self._did("support")

    def invite(self, address: str, name: str, role: Role, _shown: Money | None) -> MembershipAnswer:
        return self._did(f"invite {address} {name} {role}")

    def invite_again(self, invitation_id: str) -> MembershipAnswer:
        return self._did(f"again {invitation_id}")

    def withdraw(self, invitation_id: str) -> MembershipAnswer:
        return self._did(f"withdraw {invitation_id}")

    def reserve(self, role: Role, count: int, _shown: Money | None) -> MembershipAnswer:
        return self._did(f"reserve {role} {count}")

    def change_role(self, member_id: str, role: Role) -> MembershipAnswer:
        return self._did(f"role {member_id} {role}")

    def end(self, member_id: str, work_to: UUID | None) -> MembershipAnswer:
        return self._did(f"end {member_id} {work_to.hex if work_to else ''}".strip())


@dataclass
class Life:
    """The program's life: work is done at once, or when a test lets it."""

    practice: PracticeFile
    waiting: list[Callable[[], None]] | None = None

    def work(self, call: Callable[[], Any], *, then: Any, failed: Any = None) -> None:
        def run() -> None:
            try:
                value = call()
            except (UserError, MachineError) as error:
                failed(error)
            else:
                then(value)

        if self.waiting is None:
            run()
        else:
            self.waiting.append(run)


def asking(
    context: ScreenContext, desk: Desk, account: Account, waiting: list[Any] | None = None
) -> ScreenContext:
    """Return surroundings in which pages ask ``account``."""
    life = Life(cast(PracticeFile, account), waiting)
    sync = SyncPresenter(desk, context.deliver, life.practice, life.work)
    sync.status = account.status_now
    return replace(context, program=cast(Program, life), sync=sync)
