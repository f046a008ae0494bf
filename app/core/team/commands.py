"""Writes of the team area, and the set-up of a practice, which makes its first member."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from uuid import UUID

from app.core.kernel.acting import Permission, Role
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotAllowed, UserError
from app.core.practice import commands as practice_commands
from app.core.practice import queries as practice_queries
from app.core.practice.rules.identifiers import tax_id_kind
from app.core.practice.rules.organization import (
    USUAL_HOURS,
    Hours,
    PracticeFields,
    check_practice,
    link_name,
)
from app.core.practice.rules.places import Address, LocationFields
from app.core.practice.rules.settings import (
    Home,
    Setting,
    Value,
    find_setting,
    read_value,
)
from app.core.practice.tables import Practice
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.queries import member as member_view
from app.core.team.rules import (
    AS_USUAL,
    LicenseFields,
    MemberFields,
    check_adjustable,
    check_license,
    check_member,
    permission_key,
    rights_to_keep,
)
from app.core.team.tables import License, Member


@dataclass(frozen=True, slots=True)
class NewPractice:
    """What the first-run assistant knows when it makes the file."""

    practice: PracticeFields
    owner: MemberFields
    license: LicenseFields | None = None
    hours: tuple[Hours, ...] = USUAL_HOURS
    is_demo: bool = False
    owner_id: UUID | None = None
    """The id that the vault already knows the member by."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """The records that a new practice begins with."""

    practice_id: UUID
    owner_id: UUID
    office_id: UUID
    license_id: UUID | None = None


@command(permission=Permission.PRACTICE_SETTINGS, label="Set up practice")
def set_up_practice(uow: UnitOfWork, new: NewPractice) -> SetUp:
    """Make the practice, its owner, the location *Office* (11) and the office hours.

    Raises ``UserError`` naming the field to mend, or when the file has a practice already.
    """
    if uow.find(Practice, uow.actor.practice_id) is not None:
        raise UserError("This file holds a practice already; choose another folder.")
    checked = check_practice(new.practice)
    uow.add(
        Practice(
            id=uow.actor.practice_id,
            link_name=link_name(checked.name),
            is_demo=new.is_demo,
            **asdict(checked),
        )
    )
    uow.about("practice", uow.actor.practice_id)
    owner = uow.add(Member(id=new.owner_id, role=Role.OWNER, **asdict(check_member(new.owner))))
    license_id = add_license(uow, owner.id, new.license) if new.license else None
    address = Address(checked.address1, checked.address2, checked.city, checked.state, checked.zip)
    office_id = practice_commands.add_location(uow, LocationFields("Office", address=address))
    practice_commands.set_office_hours(uow, new.hours)
    return SetUp(uow.actor.practice_id, owner.id, office_id, license_id)


@command(permission=Permission.OWN_SETTINGS, act=Act.CLOSE, label="Change member", undo=True)
def change_member(uow: UnitOfWork, member_id: UUID, fields: MemberFields) -> None:
    """Change a member's name, credentials and identifiers; papers already issued keep theirs."""
    row = _own_or_managed(uow, member_id)
    for name, value in asdict(check_member(fields)).items():
        setattr(row, name, value)


@command(permission=Permission.OWN_SETTINGS, act=Act.CLOSE, label="Add license", undo=True)
def add_license(uow: UnitOfWork, member_id: UUID, fields: LicenseFields) -> UUID:
    """Add a license to a member."""
    _own_or_managed(uow, member_id)
    row = uow.add(License(member_id=member_id, **asdict(check_license(fields))))
    return row.id


@command(permission=Permission.OWN_SETTINGS, act=Act.CLOSE, label="Change license", undo=True)
def change_license(uow: UnitOfWork, license_id: UUID, fields: LicenseFields) -> None:
    """Change a license; papers already issued keep what they say."""
    row = uow.get(License, license_id)
    _own_or_managed(uow, row.member_id)
    for name, value in asdict(check_license(fields)).items():
        setattr(row, name, value)


@command(permission=Permission.OWN_SETTINGS, act=Act.CLOSE, label="Remove license", undo=True)
def remove_license(uow: UnitOfWork, license_id: UUID) -> None:
    """Remove a license that was entered by mistake; one that ended gets its last day instead."""
    row = uow.get(License, license_id)
    _own_or_managed(uow, row.member_id)
    uow.delete(row)


@command(permission=Permission.OWN_SETTINGS, label="Change setting", undo=True)
def change_setting(uow: UnitOfWork, key: str, text: str) -> None:
    """Set any setting of the table to what a person typed, wherever it is kept.

    Raises ``UserError`` for an unknown key or a value that the setting does not take, and
    ``NotAllowed`` for a practice's setting without the right to it.
    """
    spec = find_setting(key)
    if spec.home is Home.MEMBER:
        if uow.actor.member_id is None:
            raise UserError(f"{spec.label} belongs to a member: sign in first.", field="key")
        own = member_view(uow.session, uow.scope, uow.actor.member_id).as_fields()
        # The column is one of the form's fields, which the tests of the table make sure of.
        changed = replace(own, **{spec.column: str(read_value(spec, text))})
        change_member(uow, uow.actor.member_id, changed)
        return
    _require_right_to(uow, spec)
    if spec.home is Home.SETTING:
        practice_commands.set_setting(uow, key, text)
    else:
        _change_practice(uow, spec.column, read_value(spec, text))


@command(permission=Permission.MANAGE_TEAM, label="Change permissions", undo=True)
def set_permission(uow: UnitOfWork, role: Role, permission: Permission, given: bool | None) -> None:
    """Give a right to a role or take it; ``None`` goes back to what the role has by itself.

    Group alone has it: what was decided stays through another plan, and counts again on Group.
    Raises ``PlanRefuses``, or ``UserError`` for a right that is fixed.
    """
    check_adjustable(role, permission, uow.entitlement)
    decided: bool | str = AS_USUAL if given is None else given
    practice_commands.keep_setting(uow, permission_key(role, permission), decided)


def _change_practice(uow: UnitOfWork, column: str, value: Value) -> None:
    fields = practice_queries.practice(uow.session, uow.scope).fields
    changes: dict[str, Value] = {column: value}
    if column == "tax_id":
        changes["tax_id_kind"] = tax_id_kind(str(value))
    practice_commands.change_practice(uow, replace(fields, **changes))  # type: ignore[arg-type]


def _require_right_to(uow: UnitOfWork, spec: Setting) -> None:
    if rights_to_keep(spec.key).isdisjoint(uow.actor.permissions):
        raise NotAllowed("Only the owner changes the practice's settings.")


def _own_or_managed(uow: UnitOfWork, member_id: UUID) -> Member:
    if member_id != uow.actor.member_id and not uow.actor.may(Permission.MANAGE_TEAM):
        raise NotAllowed("Only the owner changes another member's record.")
    uow.about("member", member_id)
    return uow.get(Member, member_id)
