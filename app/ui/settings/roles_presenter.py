"""What each role may do in this practice, and the owner's change of it. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.core.kernel.acting import GRANTS, Permission, Role, granted
from app.core.kernel.changes import RIGHTS, Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Act, Feature
from app.core.kernel.errors import MachineError, UserError
from app.core.team.commands import set_permission
from app.core.team.queries import RoleRight, role_rights
from app.ui.shell.presenter import Deliver, Presenter


class RolesPresenter(Presenter):
    """``decided`` is what the owner decided or may decide; ``problem`` why a change was refused."""

    def __init__(
        self, desk: Desk, deliver: Deliver, *, did: Callable[[Outcome[Any]], None] | None = None
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.decided: list[RoleRight] = []
        self.problem: UserError | MachineError | None = None
        self.watch("practice", "membership", RIGHTS)

    def refresh(self) -> None:
        """Read what was decided."""
        self.read("rights", role_rights, then=self._have)

    @property
    def counts(self) -> bool:
        """Whether what the owner decided counts: on Group alone."""
        return Feature.STAFF_PERMISSIONS in self.desk.entitlement.features

    @property
    def may_change(self) -> bool:
        """Whether it can be changed now."""
        return self.counts and self.desk.entitlement.allows(Act.BOOK, self.desk.actor.role)

    def of_role(self, role: Role) -> list[RoleRight]:
        """Return what may be decided of a role."""
        return [each for each in self.decided if each.role is role]

    def rights(self, role: Role) -> frozenset[Permission]:
        """Return what a role may do now."""
        if not self.counts:
            return GRANTS[role]
        return granted(role, {each.permission: each.given for each in self.of_role(role)})

    def give(self, right: RoleRight, given: bool) -> None:
        """Give a right to its role or take it; what the role has by itself is no decision."""
        decided = None if given is right.usual else given
        self.problem = None
        self.run(
            set_permission,
            right.role,
            right.permission,
            decided,
            then=self.did,
            failed=self._refused,
        )

    def _have(self, found: list[RoleRight]) -> None:
        self.decided = found
        self.changed()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, (UserError, MachineError)):
            raise error
        self.problem = error
        self.changed()
