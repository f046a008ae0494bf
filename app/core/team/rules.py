"""Decisions about members and their licenses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from app.core.kernel.acting import ADJUSTABLE, Permission, Role
from app.core.kernel.entitlement import Entitlement, Feature
from app.core.kernel.errors import PlanRefuses, UserError
from app.core.kernel.text import clean_line
from app.core.practice.rules.contact_points import check_email
from app.core.practice.rules.identifiers import check_npi, check_taxonomy
from app.core.practice.rules.places import check_state
from app.core.practice.rules.settings import SETTINGS, Page

#: The license titles of this field, as the assistant offers them; any other may be typed.
LICENSE_KINDS: dict[str, str] = {
    "LMFT": "Marriage and family therapist",
    "LCSW": "Clinical social worker",
    "LPC": "Professional counselor",
    "LPCC": "Professional clinical counselor",
    "LMHC": "Mental health counselor",
    "PSY": "Psychologist",
    "AMFT": "Associate marriage and family therapist",
    "ASW": "Associate clinical social worker",
    "APCC": "Associate professional clinical counselor",
    "MD": "Psychiatrist",
    "PMHNP": "Psychiatric nurse practitioner",
}


class MemberStatus(StrEnum):
    """Whether a member can sign in."""

    ACTIVE = "ACTIVE"
    INVITED = "INVITED"
    INACTIVE = "INACTIVE"


@dataclass(frozen=True, slots=True)
class MemberFields:
    """What a person types of a member."""

    given: str
    family: str = ""
    credentials: str = ""
    email: str = ""
    npi: str = ""
    taxonomy: str = ""


@dataclass(frozen=True, slots=True)
class LicenseFields:
    """What a person types of a license; both days are included, ``None`` is open."""

    number: str
    state: str
    kind: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


class Dated(Protocol):
    """Anything that holds from a day to a day, both included; ``None`` is open."""

    @property
    def valid_from(self) -> date | None:
        """Return the first day."""
        ...

    @property
    def valid_to(self) -> date | None:
        """Return the last day."""
        ...


D = TypeVar("D", bound=Dated)


#: What the members of a role are called: one, and several.
ROLE_WORDS: dict[Role, tuple[str, str]] = {
    Role.OWNER: ("an owner", "owners"),
    Role.PROVIDER: ("a provider", "providers"),
    Role.ASSOCIATE: ("an associate", "associates"),
    Role.ADMIN: ("an admin", "admins"),
}
#: What Settings calls the rights that the owner of a Group practice gives to roles.
PERMISSION_WORDS: dict[Permission, str] = {
    Permission.EDIT_CLIENTS: "Add and change clients, cases and contacts",
    Permission.SCHEDULE: "Book, move and close sessions",
    Permission.DIAGNOSE: "Add and change diagnoses",
    Permission.BILL: "Charges, payments, invoices and superbills",
    Permission.OPERATIONAL_SETTINGS: "Services, locations, hours and the calendar",
    Permission.PRACTICE_SETTINGS: "The practice\u2019s own settings",
    Permission.IMPORT: "Import clients from a file",
    Permission.EXPORT: "Export lists",
    Permission.REPORTS: "Reports",
}
#: And those that come with a role and stay with it; of records it says whose.
FIXED_WORDS: dict[Permission, str] = {
    Permission.READ_NOTES: "Read and write notes",
    Permission.MANAGE_TEAM: "Plan and team",
}
PERMISSION_KEY = "permission"
AS_USUAL = ""
"""What is kept of a right that the role has, or has not, by itself again."""


def permission_key(role: Role, permission: Permission) -> str:
    """Return the key under which the practice keeps what its owner decided of a right."""
    return f"{PERMISSION_KEY}.{role}.{permission}"


def is_permission_key(key: str) -> bool:
    """Return whether a key is about what a role may do, also one that a newer program wrote."""
    return key.startswith(f"{PERMISSION_KEY}.")


def rights_to_keep(key: str) -> frozenset[Permission]:
    """Return the rights of which any one lets a member keep a value of the practice by ``key``.

    Of a key that only a newer program knows it is the right to the practice's settings.
    """
    if is_permission_key(key):
        return frozenset({Permission.MANAGE_TEAM})
    if any(each.key == key and each.page is Page.CALENDAR for each in SETTINGS):
        return frozenset({Permission.PRACTICE_SETTINGS, Permission.OPERATIONAL_SETTINGS})
    return frozenset({Permission.PRACTICE_SETTINGS})


def read_permission_key(key: str) -> tuple[Role, Permission] | None:
    """Return the role and the right that a key is about; ``None`` for any other key."""
    kind, _, rest = key.partition(".")
    role, _, permission = rest.partition(".")
    known = kind == PERMISSION_KEY and role in set(Role) and permission in set(Permission)
    return (Role(role), Permission(permission)) if known else None


def check_adjustable(role: Role, permission: Permission, entitlement: Entitlement) -> None:
    """Raise where the owner may not give or take the right.

    ``PlanRefuses`` off Group; ``UserError`` for the owner's own rights and those that are fixed.
    """
    if Feature.STAFF_PERMISSIONS not in entitlement.features:
        raise PlanRefuses(
            "What each role may do can be changed on Group: change your plan in Settings first."
        )
    if permission not in ADJUSTABLE[role]:
        raise UserError("This right cannot be given or taken; choose another.", field="permission")


def is_clinician(role: Role) -> bool:
    """Return whether members of ``role`` hold sessions; an admin is never a provider."""
    return role is not Role.ADMIN


def supervises(role: Role) -> bool:
    """Return whether members of ``role`` may supervise an associate."""
    return role in (Role.OWNER, Role.PROVIDER)


def check_takes_over(giver: UUID, taker: UUID, role: Role, status: MemberStatus) -> None:
    """Raise ``UserError`` (field ``to``) unless the taker may hold the giver's cases."""
    if giver == taker:
        raise UserError("Choose somebody else to take the clients over.", field="to")
    if status is not MemberStatus.ACTIVE or not is_clinician(role):
        raise UserError("Choose a clinician of the practice to take the clients over.", field="to")


def holds_on(dated: Dated, day: date) -> bool:
    """Return whether ``dated`` holds on ``day``."""
    begun = dated.valid_from is None or dated.valid_from <= day
    return begun and (dated.valid_to is None or day <= dated.valid_to)


def license_as_of(licenses: Iterable[D], day: date) -> D | None:
    """Return the license that holds on ``day``: of several, the one that began last."""
    holding = [each for each in licenses if holds_on(each, day)]
    return max(holding, key=lambda each: each.valid_from or date.min, default=None)


def check_member(fields: MemberFields) -> MemberFields:
    """Return the member as stored; raises ``UserError`` naming the field to mend."""
    given = clean_line(fields.given, field="given")
    if not given:
        raise UserError("Give the member a first name.", field="given")
    return MemberFields(
        given=given,
        family=clean_line(fields.family, field="family"),
        credentials=clean_line(fields.credentials, field="credentials"),
        email=check_email(fields.email),
        npi=check_npi(fields.npi),
        taxonomy=check_taxonomy(fields.taxonomy),
    )


def check_license(fields: LicenseFields) -> LicenseFields:
    """Return the license as stored; raises ``UserError`` naming the field to mend."""
    number = clean_line(fields.number, field="license_number")
    if not number:
        raise UserError("Type the license number.", field="license_number")
    state = check_state(fields.state, field="license_state")
    if not state:
        raise UserError("Choose the state that issued the license.", field="license_state")
    ends_first = (
        fields.valid_from is not None
        and fields.valid_to is not None
        and fields.valid_to < fields.valid_from
    )
    if ends_first:
        raise UserError("The license ends before it begins.", field="valid_to")
    return LicenseFields(
        number,
        state,
        clean_line(fields.kind, field="license_kind"),
        fields.valid_from,
        fields.valid_to,
    )


def read_license(text: str) -> LicenseFields:
    """Read a license as the command line takes it: ``"LMFT 84117 CA"``, number then state.

    Words before the number that have no digit are its kind. Raises ``UserError`` without a state.
    """
    words = text.split()
    if len(words) < 2:
        raise UserError('Type number and state of the license, like "84117 CA".', field="license")
    *number, state = words
    kind = number.pop(0) if len(number) > 1 and not any(c.isdigit() for c in number[0]) else ""
    return check_license(LicenseFields(" ".join(number), state, kind))
