"""Plan and team, as the owner's program asks the account about them and changes them.

Every answer is the whole of both, with the plan signed anew: it holds on this computer at once.
Only for whoever manages the team; the account turns the others away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.kernel.money import Money
from app.sync import wire
from app.sync.entitlement.keeping import hear
from app.sync.entitlement.reading import Kept
from app.sync.file import SideDoor, Slice
from app.sync.greeting import PLAN_CHANGED
from app.sync.http import JSON, HttpTransport, read_json
from app.sync.protocol.membership import (
    BLOCKED,
    WRONG_ROLE,
    Blocked,
    ChangePlan,
    ChangeRole,
    EndMembership,
    Invite,
    MembershipAnswer,
    Reserve,
)
from app.sync.protocol.terms import Refusal
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.words import SENTENCES, asked_once

_PATH = "/v1/membership"
_NOT_FOUND = "not_found"
_NO_PLAN = (
    "The account keeps no plan for this practice: it was connected with a code of the server’s own."
)
#: Sentences for what the account refuses as a whole.
_REFUSED: dict[str, str] = {
    WRONG_ROLE: "Only the owner of the practice manages plan and team.",
    _NOT_FOUND: "The account does not know that any more: look at the page again.",
    "too_many": "Too many letters were sent: wait a quarter of an hour, then try again.",
    "address": (
        "The account’s server does not know its own address, so that its letters would lead "
        "nowhere: whoever runs it must set it."
    ),
    Refusal.MALFORMED: "The account could not read that: check what you typed.",
}


class _Said(Protocol):
    def to_json(self) -> dict[str, Any]: ...


class AccountMembership:
    """Asks the account. Every call may wait for the network; ``entitled`` hears what it signed.

    Each raises ``PlanRefuses`` for what the plan does not allow, ``UserError`` for what is refused
    otherwise, ``MachineError`` where the account cannot be asked.
    """

    def __init__(
        self,
        http: Callable[[], HttpTransport],
        file: SideDoor,
        entitled: Callable[[Kept], None],
    ) -> None:
        self._http = http
        self._file = file
        self._entitled = entitled

    def ask(self) -> MembershipAnswer:
        """Return plan and team as they are now."""
        return self._asked("GET", "", None)

    def change_plan(self, plan: Plan, shown: Money | None = None) -> MembershipAnswer:
        """Change to another plan, or begin the trial; no more than ``shown`` is taken at once."""
        return self._asked("POST", "/plan", ChangePlan(plan, shown))

    def ask_support(self) -> MembershipAnswer:
        """Ask whoever runs the account about the Archive; the answer comes by e-mail."""
        return self._asked("POST", "/support", None)

    def invite(
        self, address: str, name: str, role: Role, shown: Money | None = None
    ) -> MembershipAnswer:
        """Invite somebody by e-mail; no more than ``shown`` is taken at once.

        Also raises ``UserError`` with a field, ``address`` or ``name``.
        """
        address, name = address.strip(), " ".join(name.split())
        if not name:
            raise UserError("Type the person’s name, as it stands in your letters.", field="name")
        before, at, after = address.partition("@")
        if not (before and at and "." in after.strip(".")) or len(address.split()) != 1:
            raise UserError("Type an e-mail address, such as name@example.com.", field="address")
        return self._asked("POST", "/invitations", Invite(address, name, role, shown))

    def invite_again(self, invitation_id: str) -> MembershipAnswer:
        """Send the letter of an invitation again; its 14 days begin anew."""
        return self._asked("POST", f"/invitations/{invitation_id}/again", None)

    def withdraw(self, invitation_id: str) -> MembershipAnswer:
        """Take an invitation back."""
        return self._asked("POST", f"/invitations/{invitation_id}/withdraw", None)

    def reserve(self, role: Role, count: int, shown: Money | None = None) -> MembershipAnswer:
        """Hold so many seats of a role in reserve, more or fewer than now.

        No more than ``shown`` is taken at once.
        """
        return self._asked("POST", "/reserved", Reserve(role, count, shown))

    def change_role(self, member_id: str, role: Role) -> MembershipAnswer:
        """Give a member another role."""
        return self._asked("POST", f"/members/{member_id}/role", ChangeRole(role))

    def end(self, member_id: str, work_to: UUID | None) -> MembershipAnswer:
        """End a membership; ``work_to`` takes over what the member had."""
        return self._asked("POST", f"/members/{member_id}/end", EndMembership(work_to))

    def _asked(self, method: str, path: str, said: _Said | None) -> MembershipAnswer:
        try:
            answer = self._answer(method, _PATH + path, said)
        except Unreachable as failed:
            raise MachineError(asked_once(failed.kind)) from None
        except Declined as declined:
            if said is None and not path and declined.code == _NOT_FOUND:
                raise UserError(_NO_PLAN) from None
            words = _REFUSED.get(declined.code) or SENTENCES.get(declined.code)
            raise UserError(words or "The account refuses that.") from None
        kept = self._file.slice(lambda part: _heard(part, answer.entitlement))
        if kept is not None:
            self._entitled(kept)
            self._file.slice(lambda part: part.told(PLAN_CHANGED))
        return answer

    def _answer(self, method: str, path: str, said: _Said | None) -> MembershipAnswer:
        body = b"" if said is None else wire.pack(wire.write(said.to_json()))
        headers = {} if said is None else {"Content-Type": JSON, "Content-Encoding": "zstd"}
        status, content = self._http().send(method, path, body, headers)
        try:
            if status == 409 and (blocked := _blocked(content)) is not None:
                raise PlanRefuses(blocked.words)
            return MembershipAnswer.read(read_json(status, content))
        except wire.Malformed as damaged:
            raise Unreachable(Trouble.BROKEN, str(damaged)) from None


def _blocked(content: bytes) -> Blocked | None:
    said = wire.read(content)
    return Blocked.read(said) if said.get("refused") == BLOCKED else None


def _heard(part: Slice, entitlement: str) -> Kept | None:
    return hear(part.session, entitlement, part.link().practice_id)
