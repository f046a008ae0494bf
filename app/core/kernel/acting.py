"""Who acts, for whom, and what a role may do and see (`Permissions` of the product)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a member is in the practice."""

    OWNER = "OWNER"
    PROVIDER = "PROVIDER"
    ASSOCIATE = "ASSOCIATE"
    ADMIN = "ADMIN"


class Permission(StrEnum):
    """A named right. A command declares one; a role grants a set."""

    READ_RECORDS = "READ_RECORDS"
    EDIT_CLIENTS = "EDIT_CLIENTS"
    SCHEDULE = "SCHEDULE"
    READ_NOTES = "READ_NOTES"
    WRITE_NOTES = "WRITE_NOTES"
    DIAGNOSE = "DIAGNOSE"
    BILL = "BILL"
    OWN_SETTINGS = "OWN_SETTINGS"
    PRACTICE_SETTINGS = "PRACTICE_SETTINGS"
    OPERATIONAL_SETTINGS = "OPERATIONAL_SETTINGS"
    """Services, locations, hours and the calendar: what the daily running needs."""
    MANAGE_TEAM = "MANAGE_TEAM"
    IMPORT = "IMPORT"
    EXPORT = "EXPORT"
    REPORTS = "REPORTS"
    KEEP_FILE = "KEEP_FILE"


_CLINICIAN = frozenset(
    {
        Permission.READ_RECORDS,
        Permission.EDIT_CLIENTS,
        Permission.SCHEDULE,
        Permission.READ_NOTES,
        Permission.WRITE_NOTES,
        Permission.DIAGNOSE,
        Permission.BILL,
        Permission.OWN_SETTINGS,
        Permission.KEEP_FILE,
    }
)

#: What each role may do; the owner of a Group practice may later widen or narrow the others.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.PROVIDER: _CLINICIAN | {Permission.EXPORT},
    Role.ASSOCIATE: _CLINICIAN,
    Role.ADMIN: frozenset(
        {
            Permission.READ_RECORDS,
            Permission.EDIT_CLIENTS,
            Permission.SCHEDULE,
            Permission.BILL,
            Permission.OWN_SETTINGS,
            Permission.OPERATIONAL_SETTINGS,
            Permission.KEEP_FILE,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may see. Every query takes one.

    ``cases_of`` limits clinical records to the cases of that member; ``None`` means all cases.
    """

    practice_id: UUID
    member_id: UUID | None
    note_text: bool
    cases_of: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The real member who acts, and the member on whose behalf."""

    practice_id: UUID
    member_id: UUID | None
    role: Role
    permissions: frozenset[Permission]
    for_member_id: UUID | None = None

    def may(self, permission: Permission) -> bool:
        """Return whether the actor holds ``permission``."""
        return permission in self.permissions

    def scope(self) -> Scope:
        """Return what this actor may read."""
        own_cases_only = self.role in (Role.PROVIDER, Role.ASSOCIATE)
        return Scope(
            practice_id=self.practice_id,
            member_id=self.member_id,
            note_text=Permission.READ_NOTES in self.permissions,
            cases_of=self.member_id if own_cases_only else None,
        )


def member_actor(practice_id: UUID, member_id: UUID, role: Role) -> Actor:
    """Return the actor for a signed-in member with the rights that the role grants."""
    return Actor(practice_id, member_id, role, GRANTS[role])


def system_actor(practice_id: UUID) -> Actor:
    """Return the actor for what the program does by itself (set-up, migrations, jobs)."""
    return Actor(practice_id, None, Role.OWNER, frozenset(Permission))
