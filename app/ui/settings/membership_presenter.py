"""Plan and team of the practice, asked of the account; without a network what was signed last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.kernel.acting import Role
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.membership.queries import capacity
from app.core.membership.rules.capacity import Capacity
from app.core.membership.rules.grant import PlanState
from app.core.membership.rules.moves import Option, PracticeFacts, options
from app.core.membership.rules.offers import done_words
from app.core.membership.rules.seats import Holding
from app.core.team.queries import LicenseView, MemberView, members, providers_licensed
from app.core.team.rules import license_as_of
from app.ui.settings import plan_words, team_words
from app.ui.settings.plan_words import PlanShown, Told
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.shell.program import PracticeFile
from app.ui.shell.syncing import Work

Licensed = dict[UUID, tuple[MemberView, list[LicenseView]]]
INVITING = "invite"
ASK = "ask"
SUPPORT_ASKED = "Support was told what is open. The answer comes by email."
NO_ACCOUNT = "Plan and team are kept by the account: connect this practice to it first."


class TeamMember(Protocol):
    """A row of the team. See ``sync.protocol.membership.TeamRow``."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def holding(self) -> Holding: ...
    @property
    def credentials(self) -> str: ...
    @property
    def sign_in(self) -> str: ...
    @property
    def last_seen(self) -> datetime | None: ...
    @property
    def invited_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...
    @property
    def computers(self) -> tuple[str, ...]: ...
    @property
    def from_reserve(self) -> bool: ...


class MembershipPresenter(Presenter):
    """``problem`` is why the last act was refused, ``offline`` why the account was not reached.

    ``about`` is the id of whom the last act was about, a member or an invitation, or ``INVITING``.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        practice: PracticeFile | None,
        work: Work | None,
        connected: Callable[[], bool],
    ) -> None:
        super().__init__(desk, deliver)
        self.facts: PracticeFacts | None = None
        self.team: Sequence[TeamMember] = ()
        self.asked_at: datetime | None = None
        """When the account answered last, by its own clock."""
        self._asked_here: datetime | None = None
        """The same by this computer's clock."""
        self.here: list[MemberView] = []
        """The members as this computer knows them."""
        self.licensed: Mapping[str, str] = {}
        """The license that each member has now, in words, by the member's id."""
        self.room: Capacity | None = None
        self.busy, self.about = "", ""
        self.problem: UserError | MachineError | None = None
        self.offline = ""
        self.said = ""
        self._heard = self._turn = 0
        self._practice, self._work, self._is_connected = practice, work, connected
        self.watch("people", "team", "membership")

    # What is shown

    @property
    def connected(self) -> bool:
        """Whether the practice has an account."""
        return self._is_connected()

    @property
    def now(self) -> datetime:
        """The moment by the account's clock, which prices go by; this one's before it was asked."""
        here = self.desk.clock.now()
        if self.asked_at is None or self._asked_here is None:
            return here
        return self.asked_at + max(here - self._asked_here, timedelta(0))

    @property
    def state(self) -> PlanState:
        """The plan as it was signed last."""
        if self._practice is None:
            return PlanState(self.desk.entitlement)
        return self._practice.plan()

    @property
    def shown(self) -> PlanShown:
        """The plan, from the newest source there is."""
        if self.facts is not None:
            return plan_words.from_facts(replace(self.facts, active_clients=self.used), self.now)
        return plan_words.from_grant(self.state, self.now, self.desk.zone)

    @property
    def used(self) -> int:
        """Active clients, as this computer counts them."""
        return self.room.used if self.room is not None else 0

    @property
    def told(self) -> list[Told]:
        """All that is to be said before anything else."""
        clock = plan_words.about_the_clock(self.state, self.desk.clock.now(), self.desk.zone)
        return [*clock, *self.shown.told]

    @property
    def options(self) -> tuple[Option, ...]:
        """Every plan as it can be chosen now; none before the account was asked."""
        if self.facts is None:
            return ()
        return options(replace(self.facts, active_clients=self.used), self.now)

    @property
    def why_not_now(self) -> str:
        """Why nothing can be changed now; empty where it can."""
        if not self.connected:
            return NO_ACCOUNT
        if self.facts is not None and not self.offline:
            return ""
        if self.busy == ASK:
            return "Asking your account…"
        return f"This needs the account. {self.offline}".strip()

    def problem_with(self, about: str) -> str:
        """Return why the last act was refused if it was about this, else nothing."""
        problem = self.problem if self.about == about else None
        return "" if problem is None else problem.sentence

    def is_oneself(self, member: TeamMember) -> bool:
        """Return whether a member is who sits here."""
        me = self.desk.actor.member_id
        return me is not None and me.hex == member.id

    @property
    def may_try(self) -> bool:
        """Whether an act of the team can be tried: also when the account was lost meanwhile."""
        return self.connected and self.facts is not None

    @property
    def is_acting(self) -> bool:
        """Whether something is being changed; who only asks is in nobody's way."""
        return self.busy not in ("", ASK)

    # Reading

    def refresh(self) -> None:
        """Count here, and ask the account."""
        self._count()
        self.ask()

    def _refresh_if_open(self) -> None:
        if self.closed:
            return
        self._count()
        if self.facts is not None and self._seq != self._heard:
            # A greeting brought another plan than the one that is shown.
            self.ask()

    @property
    def _seq(self) -> int:
        grant = self.state.grant
        return 0 if grant is None else grant.seq

    def _count(self) -> None:
        self.read("capacity", capacity, self.desk.entitlement, then=self._have_room)
        self.read("members", members, then=self._have_members)

    def _have_room(self, room: Capacity) -> None:
        self.room = room
        self.changed()

    def _have_members(self, here: list[MemberView]) -> None:
        # Shown together with their licenses: a page is built once.
        ids = [each.id for each in here]
        self.read("licenses", providers_licensed, ids, then=partial(self._have_licenses, here))

    def _have_licenses(self, here: list[MemberView], found: Licensed) -> None:
        self.here = here
        today = self.now.astimezone(ZoneInfo(self.desk.zone)).date()
        held = {each: license_as_of(licenses, today) for each, (_, licenses) in found.items()}
        self.licensed = {each.hex: one.words for each, one in held.items() if one is not None}
        self.changed()

    def ask(self) -> None:
        """Ask the account how it stands."""
        if self.connected and not self.busy:
            self._act(ASK, lambda account: account.ask(), "")

    # Acts

    def change_plan(self, option: Option) -> None:
        """Change to a plan, begin the trial, or pay for the present plan, at the price shown."""
        plan, shown = option.plan, option.now
        self._act("plan", lambda account: account.change_plan(plan, shown), done_words(option))

    def ask_support(self) -> None:
        """Ask whoever runs the account about the Archive."""
        self._act("support", lambda account: account.ask_support(), SUPPORT_ASKED)

    def invite(self, address: str, name: str, role: Role) -> None:
        """Invite somebody, at the price shown."""
        facts = self.facts
        shown = None if facts is None else team_words.invitation_due(facts, role, self.now)
        said = f"{name.strip()} is invited: the letter is on its way."
        self._act(
            INVITING, lambda account: account.invite(address, name, role, shown), said, INVITING
        )

    def invite_again(self, invitation: TeamMember) -> None:
        """Send the letter of an invitation again."""
        said = f"The letter to {invitation.name} is on its way again."
        self._act("again", lambda account: account.invite_again(invitation.id), said, invitation.id)

    def withdraw(self, invitation: TeamMember) -> None:
        """Take an invitation back."""
        said = f"The invitation of {invitation.name} is taken back."
        self._act("withdraw", lambda account: account.withdraw(invitation.id), said, invitation.id)

    def reserve(self, role: Role, count: int) -> None:
        """Hold so many seats of a role in reserve, at the price shown."""
        facts, shown = self.facts, None
        if facts is not None:
            more = count - team_words.reserved_of(facts, role)
            shown = team_words.seats_due(facts, role, more, self.now)
        self._act("reserve", lambda account: account.reserve(role, count, shown), "")

    def change_role(self, member: TeamMember, role: Role) -> None:
        """Give a member another role."""
        said = f"{member.name} has another role now."
        self._act("role", lambda account: account.change_role(member.id, role), said, member.id)

    def end(self, member: TeamMember, work_to: str) -> None:
        """End a membership; ``work_to`` is a member's id, or empty."""
        said = f"{member.name} is no longer a member. Their records stay."
        to = UUID(work_to) if work_to else None
        self._act("end", lambda account: account.end(member.id, to), said, member.id)

    def _act(self, name: str, call: Callable[[Any], Any], said: str, about: str = "") -> None:
        practice = self._practice
        if self.is_acting or practice is None or self._work is None:
            return
        self._turn += 1
        turn = self._turn
        self.busy, self.said = name, ""
        if name != ASK:
            self.problem, self.about = None, about

        def arrive(answer: Any) -> None:
            if self.closed or turn != self._turn:
                # What was asked before something was changed knows nothing of the change.
                return
            self.busy, self.offline, self.said = "", "", said
            if isinstance(self.problem, MachineError):
                # It was reached: what is shown is how it stands.
                self.problem = None
            self.facts, self.team, self.asked_at = answer.facts, answer.team, answer.at
            self._asked_here = self.desk.clock.now()
            self._heard = self._seq
            self.changed()

        def failed(error: Exception) -> None:
            if not self.closed and turn == self._turn:
                self._failed(error)

        self.changed()
        self._work(lambda: call(practice.sync.membership), then=arrive, failed=failed)

    def _failed(self, error: Exception) -> None:
        asked, self.busy = self.busy == ASK, ""
        if not isinstance(error, (UserError, MachineError)):
            raise error
        if asked or isinstance(error, MachineError):
            self.offline = error.sentence
        if not asked:
            self.problem = error
        self.changed()
        if not asked and isinstance(error, PlanRefuses):
            # It may have judged by something newer than what is shown.
            self.ask()
