"""What a member has in hand: asked before their clients are moved or their membership ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.core.cases.tables import Case, CaseParticipant
from app.core.clinical.rules.notes import NoteStatus
from app.core.clinical.tables import Note
from app.core.kernel.acting import Scope
from app.core.people.tables import Client
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment, Series
from app.core.store.reading import visible, visible_cases, visible_people
from app.core.tasks.queries.case_attention import wall_now


@dataclass(frozen=True, slots=True)
class Work:
    """How much a member has: open cases and their people, what is ahead, what is unsigned."""

    clients: int
    cases: int
    sessions: int
    """Booked ahead one by one, or touched; what a series computes is not counted."""
    series: int
    drafts: int

    @property
    def is_none(self) -> bool:
        """Return whether nothing would be left behind."""
        return not (self.clients or self.cases or self.sessions or self.series or self.drafts)


def work_of(session: Session, scope: Scope, member_id: UUID, now: datetime) -> Work:
    """Return what a member has in hand at ``now``."""
    wall = wall_now(session, scope, now)
    held = (
        Case.practice_id == scope.practice_id,
        Case.provider_id == member_id,
        Case.closed_on.is_(None),
        visible_cases(scope, Case.id),
    )
    inside = (
        select(CaseParticipant.client_id)
        .join(Case, Case.id == CaseParticipant.case_id)
        .where(*held, CaseParticipant.to_on.is_(None))
    )
    return Work(
        clients=_count(
            session,
            Client,
            or_(Client.id.in_(inside), Client.primary_member_id == member_id),
            visible_people(scope, Client.id),
        ),
        cases=_count(session, Case, *held),
        sessions=_count(
            session,
            Appointment,
            Appointment.member_id == member_id,
            Appointment.starts >= wall,
            Appointment.status.in_((AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)),
            visible_cases(scope, Appointment.case_id),
        ),
        series=_count(
            session,
            Series,
            Series.member_id == member_id,
            or_(Series.ends_on.is_(None), Series.ends_on >= wall.date()),
            visible_cases(scope, Series.case_id),
        ),
        drafts=_count(
            session,
            Note,
            Note.author_id == member_id,
            Note.status == NoteStatus.DRAFT,
            visible(scope, Note.__tablename__),
        ),
    )


def _count(session: Session, kind: Any, *conditions: Any) -> int:
    return session.scalar(select(func.count()).select_from(kind).where(*conditions)) or 0
