"""The computers of the account, asked of it; without a network those that were known last."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.kernel.computers import Computer, after_taking_off
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.core.team.queries import MemberView, members
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.shell.program import PracticeFile
from app.ui.shell.syncing import Work

#: Whose a computer is that no member of today connected.
FORMER = "Former member"


class ComputersPresenter(Presenter):
    """``problem`` is why the last act was refused, ``offline`` why the list did not come."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        practice: PracticeFile | None,
        work: Work | None,
        connected: Callable[[], bool],
    ) -> None:
        super().__init__(desk, deliver)
        self.computers: Sequence[Computer] = ()
        """All that the account told last, those that were taken off among them."""
        self.busy = ""
        """The name of the act under way."""
        self.problem: UserError | MachineError | None = None
        self.offline = ""
        self.said = ""
        self._names: Mapping[UUID, str] = {}
        self._practice, self._work, self._is_connected = practice, work, connected

    # What is shown

    @property
    def connected(self) -> bool:
        """Whether the practice has an account."""
        return self._is_connected()

    @property
    def in_use(self) -> list[Computer]:
        """The computers that the account answers, the one at hand first."""
        found = [each for each in self.computers if each.in_use]
        return sorted(found, key=lambda each: not each.is_this)

    @property
    def taken_off(self) -> list[Computer]:
        """The computers that were taken off, the last one first."""
        gone = [(each.taken_off, each) for each in self.computers if each.taken_off is not None]
        return [each for _, each in sorted(gone, key=lambda one: one[0], reverse=True)]

    @property
    def disconnected(self) -> list[Computer]:
        """The computers whose person disconnected them, the last one first."""
        found = [each for each in self.computers if not each.in_use and each.taken_off is None]
        parted = [(each.disconnected, each) for each in found if each.disconnected is not None]
        return [each for _, each in sorted(parted, key=lambda one: one[0], reverse=True)]

    @property
    def is_shared(self) -> bool:
        """Whether the computers in use are several members'."""
        return len({each.member_id for each in self.in_use}) > 1

    @property
    def why_not_now(self) -> str:
        """Why nothing can be changed now; empty where it can."""
        return f"This needs the account. {self.offline}" if self.offline else ""

    def owner_of(self, computer: Computer) -> str:
        """Return whose a computer is: ``You``, or a member's name as this computer knows it."""
        member_id = computer.member_id
        if member_id == self.desk.actor.member_id:
            return "You"
        return self._names.get(member_id, FORMER) if member_id is not None else FORMER

    # Asking

    def refresh(self) -> None:
        """Ask the account again."""
        if self.connected:
            self._act("ask", lambda computers: computers.ask(), "")
            self.read("members", members, then=self._have_members)
        else:
            self.changed()

    def take_off(self, computer: Computer) -> None:
        """Have the account refuse a computer from now on."""
        said = after_taking_off(computer.name)
        self._act("take-off", lambda computers: computers.take_off(computer.id), said)

    def forget_said(self) -> None:
        """Say no longer what was done, or refused, on the last visit."""
        self.said, self.problem = "", None

    def _act(self, name: str, call: Callable[[Any], Sequence[Computer]], said: str) -> None:
        practice = self._practice
        if self.busy or practice is None or self._work is None:
            return
        self.busy = name
        if name != "ask":
            self.said, self.problem = "", None

        def arrive(computers: Sequence[Computer]) -> None:
            if not self.closed:
                self._have(computers, said)

        def failed(error: Exception) -> None:
            if not self.closed:
                self._failed(error)

        self.changed()
        self._work(lambda: call(practice.sync.computers), then=arrive, failed=failed)

    def _have(self, computers: Sequence[Computer], said: str) -> None:
        self.computers, self.busy, self.offline = computers, "", ""
        self.said = said or self.said
        self.changed()

    def _failed(self, error: Exception) -> None:
        asked, self.busy = self.busy == "ask", ""
        if not isinstance(error, (UserError, MachineError)):
            raise error
        if asked:
            self.offline = error.sentence
        else:
            self.problem = error
        self.changed()
        if isinstance(self.problem, UserError) and not asked:
            # What was refused was asked of a list that is no longer so.
            self.refresh()

    def _have_members(self, found: list[MemberView]) -> None:
        self._names = {each.id: each.name for each in found}
        self.changed()
