"""A member's clients go to another: cases, sessions ahead, and who is primarily whose."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true, update

from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Permission
from app.core.kernel.clock import wall_time
from app.core.kernel.entitlement import Act
from app.core.people.tables import Client
from app.core.scheduling.commands import keep_begun_sessions
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment, Series
from app.core.store.base import Synced
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.rules import check_takes_over, supervises
from app.core.team.tables import Member

_AHEAD = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Moved:
    """How much went from one member to another."""

    cases: int
    clients: int
    sessions: int
    series: int


@command(permission=Permission.MANAGE_TEAM, act=Act.WITHDRAW, label="Move clients", undo=True)
def move_work(
    uow: UnitOfWork, from_id: UUID, to_id: UUID, case_ids: Collection[UUID] | None = None
) -> Moved:
    """Give a member's open cases, or those among ``case_ids``, to another, all at once.

    With a case go its sessions from now on and its series; without ``case_ids`` also whoever is
    primarily that member's client. What was held stays who held it, a draft its author's. Where
    the member supervises, the other does; one who may not leaves it to the practice's default.
    Raises ``UserError`` (field ``to``) for somebody who cannot take clients over.
    """
    giver, taker = uow.get(Member, from_id), uow.get(Member, to_id)
    check_takes_over(giver.id, taker.id, taker.role, taker.status)
    uow.about("member", giver.id)
    # What has begun is no longer computed from its series: it stays who held it.
    keep_begun_sessions(uow)
    moving = _Moving(uow, giver.id, taker.id, case_ids)
    clients = moving.clients()
    sessions, series = moving.sessions(uow.today)
    cases = moving.cases()
    moving.supervision(taker.id if supervises(taker.role) else None)
    return Moved(cases, clients, sessions, series)


class _Moving:
    """The statements of one move; each is captured like any other write."""

    def __init__(
        self, uow: UnitOfWork, giver: UUID, taker: UUID, case_ids: Collection[UUID] | None
    ) -> None:
        self._uow = uow
        self._giver = giver
        self._taker = taker
        self._case_ids = case_ids

    def clients(self) -> int:
        """Move who is primarily the giver's; with chosen cases, of their people alone."""
        chosen: ColumnElement[bool] = true()
        if self._case_ids is not None:
            people = select(CaseParticipant.client_id).where(
                CaseParticipant.case_id.in_(self._case_ids)
            )
            chosen = Client.id.in_(people)
        return self._set(
            Client, Client.primary_member_id == self._giver, chosen, primary_member_id=self._taker
        )

    def sessions(self, today: date) -> tuple[int, int]:
        """Move the sessions that are still ahead, and the series that go on."""
        now = wall_time(self._uow.now, self._uow.zone)
        sessions = self._set(
            Appointment,
            Appointment.member_id == self._giver,
            Appointment.starts >= now,
            Appointment.status.in_(_AHEAD),
            self._among(Appointment.case_id),
            member_id=self._taker,
        )
        goes_on = or_(Series.ends_on.is_(None), Series.ends_on >= today)
        held = Series.member_id == self._giver
        chosen = self._among(Series.case_id)
        return sessions, self._set(Series, held, goes_on, chosen, member_id=self._taker)

    def cases(self) -> int:
        """Move the open cases that the giver holds."""
        held = Case.provider_id == self._giver
        return self._set(
            Case, held, Case.closed_on.is_(None), self._among(Case.id), provider_id=self._taker
        )

    def supervision(self, supervisor: UUID | None) -> None:
        """Let another supervise where the giver did; nobody supervises themselves."""
        now = wall_time(self._uow.now, self._uow.zone)
        open_case = (Case.closed_on.is_(None), self._among(Case.id))
        ahead = (
            Appointment.starts >= now,
            Appointment.status.in_(_AHEAD),
            self._among(Appointment.case_id),
        )
        supervised = Case.supervisor_id == self._giver
        self._set(Case, supervised, *open_case, supervisor_id=supervisor)
        oneself = Case.supervisor_id == Case.provider_id
        self._set(Case, oneself, *open_case, supervisor_id=None)
        session_is = Appointment.supervisor_id == self._giver
        self._set(Appointment, session_is, *ahead, supervisor_id=supervisor)
        alone = Appointment.supervisor_id == Appointment.member_id
        self._set(Appointment, alone, *ahead, supervisor_id=None)

    def _among(self, case_id: Any) -> ColumnElement[bool]:
        if self._case_ids is None:
            return true()
        found: ColumnElement[bool] = case_id.in_(self._case_ids)
        return found

    def _set(self, kind: type[Synced], *conditions: ColumnElement[bool], **values: Any) -> int:
        changing = update(kind).where(
            kind.practice_id == self._uow.actor.practice_id, kind.deleted_at.is_(None), *conditions
        )
        done: Any = self._uow.session.execute(
            changing.values(**values), execution_options={"synchronize_session": False}
        )
        return int(done.rowcount)
