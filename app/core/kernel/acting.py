"""Who acts, for whom, and what a role may do and see (`Permissions` of the product)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
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

#: What each role may do unless the owner of a Group practice widened or narrowed it.
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


#: What no owner gives or takes: the file and settings of one's own, the team, and the words of
#: notes, which whoever writes must read and no admin ever sees.
_FIXED = frozenset(
    {
        Permission.READ_RECORDS,
        Permission.READ_NOTES,
        Permission.WRITE_NOTES,
        Permission.OWN_SETTINGS,
        Permission.MANAGE_TEAM,
        Permission.KEEP_FILE,
    }
)
#: What the owner of a Group practice may give to a role, or take from it. An import compares with
#: everybody in the practice, whom clinicians do not see; a diagnosis is a clinician's.
ADJUSTABLE: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(),
    Role.PROVIDER: frozenset(Permission) - _FIXED - {Permission.IMPORT},
    Role.ASSOCIATE: frozenset(Permission) - _FIXED - {Permission.IMPORT},
    Role.ADMIN: frozenset(Permission) - _FIXED - {Permission.DIAGNOSE},
}


NO_CHANGES: Mapping[Permission, bool] = MappingProxyType({})


def granted(role: Role, changes: Mapping[Permission, bool]) -> frozenset[Permission]:
    """Return what ``role`` may do with the owner's changes; those beyond ``ADJUSTABLE`` are void.

    ``changes`` says of a permission that it is given or taken.
    """
    asked = {each: given for each, given in changes.items() if each in ADJUSTABLE[role]}
    given = {each for each, is_given in asked.items() if is_given}
    return (GRANTS[role] | given) - (asked.keys() - given)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader may see. Every query takes one.

    ``cases_of`` limits clinical records to the cases of that member; ``None`` means all cases.
    """

    practice_id: UUID
    member_id: UUID | None
    note_text: bool
    cases_of: UUID | None = None

    @property
    def is_cut(self) -> bool:
        """Return whether anything of the practice is hidden."""
        return self.cases_of is not None or not self.note_text


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


def member_actor(
    practice_id: UUID, member_id: UUID, role: Role, changes: Mapping[Permission, bool] = NO_CHANGES
) -> Actor:
    """Return the actor for a signed-in member with the rights that the role grants.

    ``changes`` are what the owner gave to the role or took from it, where the plan lets them.
    """
    return Actor(practice_id, member_id, role, granted(role, changes))


def former_member(practice_id: UUID, member_id: UUID, role: Role) -> Actor:
    """Return the actor for a member whose membership ended: they do nothing and read no note."""
    return Actor(practice_id, member_id, role, frozenset())


def system_actor(practice_id: UUID) -> Actor:
    """Return the actor for what the program does by itself (set-up, migrations, jobs)."""
    return Actor(practice_id, None, Role.OWNER, frozenset(Permission))
