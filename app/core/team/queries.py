"""Reads of the team area."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.core.kernel.acting import (
    ADJUSTABLE,
    GRANTS,
    Actor,
    Permission,
    Role,
    Scope,
    former_member,
    member_actor,
)
from app.core.kernel.entitlement import Entitlement, Feature
from app.core.kernel.errors import NotFound
from app.core.kernel.text import initials
from app.core.practice import queries as practice_queries
from app.core.practice.rules.settings import SETTINGS, Home, Setting, Value
from app.core.team.rules import (
    PERMISSION_KEY,
    PERMISSION_WORDS,
    LicenseFields,
    MemberFields,
    MemberStatus,
    is_clinician,
    license_as_of,
    read_permission_key,
)
from app.core.team.tables import License, Member


@dataclass(frozen=True, slots=True)
class LicenseView:
    """A license of a member; both days are included, ``None`` is open."""

    id: UUID
    kind: str
    number: str
    state: str
    valid_from: date | None
    valid_to: date | None

    @property
    def words(self) -> str:
        """Return it as papers print it: ``LMFT 84117, CA``."""
        named = self.number if self.number.startswith(self.kind) else f"{self.kind} {self.number}"
        return f"{named}, {self.state}"

    def as_fields(self) -> LicenseFields:
        """Return it as a form edits it."""
        return LicenseFields(self.number, self.state, self.kind, self.valid_from, self.valid_to)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member of the practice."""

    id: UUID
    given: str
    family: str
    credentials: str
    role: Role
    email: str
    npi: str
    taxonomy: str
    color: str
    status: MemberStatus

    @property
    def name(self) -> str:
        """Return first and last name."""
        return f"{self.given} {self.family}".strip()

    @property
    def titled(self) -> str:
        """Return the name with its credentials: ``Dana Whitfield, LMFT``."""
        return ", ".join(part for part in (self.name, self.credentials) if part)

    @property
    def short(self) -> str:
        """Return the name as lists abbreviate it: ``D. Whitfield``."""
        return f"{self.given[:1]}. {self.family}" if self.family else self.given

    @property
    def initials(self) -> str:
        """Return two letters for the round mark."""
        return initials(self.given, self.family)

    def as_fields(self) -> MemberFields:
        """Return it as a form edits it."""
        return MemberFields(
            self.given, self.family, self.credentials, self.email, self.npi, self.taxonomy
        )


@dataclass(frozen=True, slots=True)
class Provider:
    """A member with the license that holds on a date; ``license`` is ``None`` if none does."""

    member: MemberView
    license: LicenseView | None


def members(session: Session, scope: Scope) -> list[MemberView]:
    """Return every member who is not inactive, in the order in which they joined."""
    rows = session.scalars(
        select(Member)
        .where(Member.practice_id == scope.practice_id, Member.status != MemberStatus.INACTIVE)
        .order_by(Member.id)
    )
    return [_member_view(row) for row in rows]


def providers(session: Session, scope: Scope) -> list[MemberView]:
    """Return the members who hold sessions."""
    return [each for each in members(session, scope) if is_clinician(each.role)]


def member(session: Session, scope: Scope, member_id: UUID) -> MemberView:
    """Return one member; raises ``NotFound``."""
    row = session.get(Member, (scope.practice_id, member_id))
    if row is None:
        raise NotFound("This member is no longer there.")
    return _member_view(row)


def owner(session: Session, scope: Scope) -> MemberView:
    """Return the owner of the practice; raises ``NotFound`` before set-up."""
    row = session.scalars(_owners(scope.practice_id)).first()
    if row is None:
        raise NotFound("This practice has no owner yet: set it up first.")
    return _member_view(row)


@lru_cache(maxsize=8)
def _owners(practice_id: UUID) -> Select[Any]:
    owning = select(Member).where(Member.practice_id == practice_id, Member.role == Role.OWNER)
    return owning.order_by(Member.id)


def licenses(session: Session, scope: Scope, member_id: UUID) -> list[LicenseView]:
    """Return a member's licenses, oldest first."""
    return _licenses(session, scope, [member_id])[member_id]


def provider_as_of(session: Session, scope: Scope, member_id: UUID, day: date) -> Provider:
    """Return a member with the license that held on ``day``; raises ``NotFound``."""
    held = licenses(session, scope, member_id)
    return Provider(member(session, scope, member_id), license_as_of(held, day))


def providers_licensed(
    session: Session, scope: Scope, member_ids: list[UUID]
) -> dict[UUID, tuple[MemberView, list[LicenseView]]]:
    """Return several members with all their licenses, for papers that span dates."""
    rows = session.scalars(_members_among(scope.practice_id), {"ids": member_ids})
    held = _licenses(session, scope, member_ids)
    return {row.id: (_member_view(row), held[row.id]) for row in rows}


@dataclass(frozen=True, slots=True)
class RoleRight:
    """A right that the owner of a Group practice may give to a role or take from it."""

    role: Role
    permission: Permission
    words: str
    given: bool
    usual: bool
    """Whether the role has it by itself."""


def role_rights(session: Session, scope: Scope) -> list[RoleRight]:
    """Return what the owner decided, or may decide, of each role, as Settings lists it."""
    decided = _decided(session, scope)
    return [
        RoleRight(role, right, words, decided[role].get(right, usual), usual)
        for role in (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN)
        for right, words in PERMISSION_WORDS.items()
        if right in ADJUSTABLE[role]
        for usual in (right in GRANTS[role],)
    ]


def actor_of(session: Session, scope: Scope, member_id: UUID, entitlement: Entitlement) -> Actor:
    """Return the actor that a member is now: of their role, and of what the owner decided of it.

    A member whose membership ended may do nothing. Raises ``NotFound``.
    """
    found = member(session, scope, member_id)
    if found.status is MemberStatus.INACTIVE:
        return former_member(scope.practice_id, member_id, found.role)
    if Feature.STAFF_PERMISSIONS not in entitlement.features or not ADJUSTABLE[found.role]:
        return member_actor(scope.practice_id, member_id, found.role)
    decided = _decided(session, scope)[found.role]
    return member_actor(scope.practice_id, member_id, found.role, decided)


def _decided(session: Session, scope: Scope) -> defaultdict[Role, dict[Permission, bool]]:
    found: defaultdict[Role, dict[Permission, bool]] = defaultdict(dict)
    for key, given in practice_queries.settings_under(session, scope, PERMISSION_KEY).items():
        about = read_permission_key(key)
        if about is not None and isinstance(given, bool):
            found[about[0]][about[1]] = given
    return found


def titles(session: Session, scope: Scope, member_ids: list[UUID]) -> dict[UUID, str]:
    """Return the names of members with their credentials, as papers print them."""
    rows = session.scalars(_members_among(scope.practice_id), {"ids": member_ids})
    return {row.id: _member_view(row).titled for row in rows}


@lru_cache(maxsize=8)
def _members_among(practice_id: UUID) -> Select[Any]:
    among = Member.id.in_(bindparam("ids", expanding=True))
    return select(Member).where(Member.practice_id == practice_id, among)


def setting_values(session: Session, scope: Scope) -> list[tuple[Setting, Value]]:
    """Return every setting of the table with its value, for the member who reads."""
    kept = practice_queries.settings(session, scope)
    practice = practice_queries.practice(session, scope).fields
    own = member(session, scope, scope.member_id) if scope.member_id else None
    values: list[tuple[Setting, Value]] = []
    for spec in SETTINGS:
        if spec.home is Home.SETTING:
            values.append((spec, kept[spec.key]))
        elif spec.home is Home.PRACTICE:
            values.append((spec, getattr(practice, spec.column)))
        elif own is not None:
            values.append((spec, getattr(own, spec.column)))
    return values


def _licenses(
    session: Session, scope: Scope, member_ids: list[UUID]
) -> defaultdict[UUID, list[LicenseView]]:
    rows = session.scalars(_licenses_among(scope.practice_id), {"ids": member_ids})
    found: defaultdict[UUID, list[LicenseView]] = defaultdict(list)
    for row in rows:
        found[row.member_id].append(
            LicenseView(row.id, row.kind, row.number, row.state, row.valid_from, row.valid_to)
        )
    return found


@lru_cache(maxsize=8)
def _licenses_among(practice_id: UUID) -> Select[Any]:
    among = License.member_id.in_(bindparam("ids", expanding=True))
    held = select(License).where(License.practice_id == practice_id, among)
    return held.order_by(License.valid_from, License.id)


def _member_view(row: Member) -> MemberView:
    return MemberView(
        id=row.id,
        given=row.given,
        family=row.family,
        credentials=row.credentials,
        role=row.role,
        email=row.email,
        npi=row.npi,
        taxonomy=row.taxonomy,
        color=row.color,
        status=row.status,
    )
