"""A member gets another role, or the membership ends; work that is handed over goes along.

What a computer of somebody who left has not sent yet goes into quarantine by its own way, and what
arrives after another role is judged by the role now.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update

from app.core.cases.tables import Case
from app.core.kernel.acting import Role
from app.core.kernel.clock import wall_time
from app.core.kernel.entitlement import Act
from app.core.membership.rules.growth import act_blockers, role_blockers
from app.core.people.tables import Client
from app.core.scheduling.rules import AppointmentStatus
from app.core.scheduling.tables import Appointment, Series
from app.core.team.rules import MemberStatus
from hosted.account.commands import sessions
from hosted.account.tables import Membership
from hosted.post import queue
from hosted.store.engine import For, HostedSession
from hosted.store.tables import Device, PairingCode
from hosted.sync.serving import Written
from hosted.team import content, queries, rules
from hosted.team.commands.means import Counted, Gone, Means, counting

_TO_COME = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)


def change_role(means: Means, whose: For, member_id: UUID, role: Role) -> None:
    """Give a member another role. Raises ``rules.NotNow`` or ``Gone``."""
    practice_id = _practice(whose)
    with counting(means, whose) as counted:
        session = counted.session
        place = _place(session, counted.account.id, member_id)
        if place.role is role:
            return
        if place.role is Role.OWNER:
            _require_other_owner(counted, member_id)
        rules.require(role_blockers(counted.facts, member_id.hex, role, counted.at))
        place.role = role
        session.flush()
        change = Written("member", member_id, {"role": role.value})
        head = means.author.write(session, [change], counted.at)
    means.told(practice_id, head)


def end(means: Means, whose: For, member_id: UUID, work_to: UUID | None) -> None:
    """End a membership; ``work_to`` takes over, or the clients stay as they are for the owner.

    Raises ``rules.NotNow`` or ``Gone``.
    """
    _end(means, whose, member_id, work_to, by_owner=True)


def leave(means: Means, whose: For, member_id: UUID) -> None:
    """Leave a practice by oneself, whatever its plan; raises ``rules.NotNow`` or ``Gone``."""
    _end(means, whose, member_id, None, by_owner=False)


def _end(
    means: Means, whose: For, member_id: UUID, work_to: UUID | None, *, by_owner: bool
) -> None:
    practice_id = _practice(whose)
    with means.database.read(whose) as session:
        login_id = _place(session, whose.account, member_id).login_id
    address = queries.address_of(means.database, login_id)
    both = For(practice_id, login=login_id, account=whose.account)
    with counting(means, both) as counted:
        session, at = counted.session, counted.at
        place = _place(session, counted.account.id, member_id)
        _require_may_end(counted, place, work_to, by_owner=by_owner)
        session.delete(place)
        # First: where a computer is just being connected, its place is held until it is there.
        session.flush()
        _let_go(session, practice_id, member_id, login_id, at)
        if address is not None:
            queue.leave(session, means.account.seal, content.ended_letter(address), at)
        session.flush()
        changes = [Written("member", member_id, {"status": MemberStatus.INACTIVE.value})]
        if work_to is not None:
            changes += _handed_over(session, practice_id, member_id, work_to, counted)
        head = means.author.write(session, changes, at)
    means.told(practice_id, head)


def _require_may_end(
    counted: Counted, place: Membership, work_to: UUID | None, *, by_owner: bool
) -> None:
    session, account_id = counted.session, counted.account.id
    if by_owner:
        rules.require(act_blockers(counted.facts, Act.WITHDRAW, counted.at))
    member_id = place.member_id
    if place.role is Role.OWNER and member_id is not None:
        _require_other_owner(counted, member_id)
    if work_to is not None and member_id is not None:
        roles = {
            each.member_id: each.role
            for each in queries.members(session, account_id)
            if each.member_id is not None
        }
        rules.require_heir(roles, member_id, work_to)


def _let_go(
    session: HostedSession, practice_id: UUID, member_id: UUID, login_id: UUID, at: datetime
) -> None:
    """Let nothing that the member was given open the practice any more."""
    session.execute(
        update(Device)
        .where(
            Device.practice_id == practice_id,
            Device.member_id == member_id,
            Device.revoked_at.is_(None),
        )
        .values(revoked_at=at)
    )
    session.execute(
        update(PairingCode)
        .where(
            PairingCode.practice_id == practice_id,
            PairingCode.member_id == member_id,
            PairingCode.used_at.is_(None),
        )
        .values(used_at=at)
    )
    sessions.end_all(session, login_id, at)


def _handed_over(
    session: HostedSession, practice_id: UUID, member_id: UUID, heir: UUID, counted: Counted
) -> Iterator[Written]:
    """Yield what goes from one member to another: cases, clients, and sessions to come."""
    to, at = heir.hex, counted.at
    today = wall_time(at, counted.account.zone).date()
    handed: tuple[tuple[Any, str, tuple[ColumnElement[bool], ...]], ...] = (
        (Case, "provider_id", ()),
        (Case, "supervisor_id", ()),
        (Client, "primary_member_id", ()),
        (Series, "member_id", (or_(Series.ends_on.is_(None), Series.ends_on >= today),)),
        (
            Appointment,
            "member_id",
            (Appointment.starts_at >= at, Appointment.status.in_(_TO_COME)),
        ),
    )
    found: dict[tuple[str, UUID], dict[str, str | None]] = {}
    for table, column, further in handed:
        ids = session.scalars(
            select(table.id).where(
                table.practice_id == practice_id,
                getattr(table, column) == member_id,
                table.deleted_at.is_(None),
                *further,
            )
        )
        for pk in ids:
            found.setdefault((table.__tablename__, pk), {})[column] = to
    own = select(Case.id).where(Case.practice_id == practice_id, Case.provider_id == heir)
    for pk in session.scalars(own.where(Case.supervisor_id == member_id)):
        # Nobody supervises a case of their own; one in the trash stays as it is.
        if (Case.__tablename__, pk) in found:
            found[Case.__tablename__, pk]["supervisor_id"] = None
    for (entity, pk), columns in found.items():
        yield Written(entity, pk, columns)


def _require_other_owner(counted: Counted, member_id: UUID) -> None:
    owners = [each.member_id for each in queries.owners(counted.session, counted.account.id)]
    known = [each.hex for each in owners if each is not None]
    rules.require_other_owner(known, member_id.hex, counted.facts, counted.at)


def _place(session: HostedSession, account_id: UUID | None, member_id: UUID) -> Membership:
    found = None if account_id is None else queries.member_of(session, account_id, member_id)
    if found is None:
        raise Gone
    return found


def _practice(whose: For) -> UUID:
    if whose.practice_id is None:
        raise Gone
    return whose.practice_id
