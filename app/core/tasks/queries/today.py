"""Today: the day's sessions with what to do next, the context of one, the week at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.balances import Balance, balance_of_case
from app.core.billing.ledger.queries.charges import charges_of_appointments, owing_in_all
from app.core.billing.ledger.queries.payments import received_between
from app.core.clinical.queries.diagnoses import diagnoses_of_client
from app.core.clinical.queries.notes import (
    LastPlan,
    draft_of_session,
    last_plans,
    note_statuses,
    unsigned_notes,
)
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money, total
from app.core.people import queries as people
from app.core.people.rules import age_on
from app.core.scheduling.queries import SessionView, session_of, sessions_between
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.tasks.queries.attention import When, attention_of_case
from app.core.tasks.rules.attention import Attention, NextAct, SessionFacts, next_act


@dataclass(frozen=True, slots=True)
class TodaySession:
    """A session of the day and the one act that brings it on."""

    session: SessionView
    next: NextAct
    note: NoteStatus | None
    owing: Money
    charged: Money


@dataclass(frozen=True, slots=True)
class WeekGlance:
    """The week that the day lies in, Monday to Sunday."""

    held: int
    booked: int
    received: Money
    owing: Money
    notes_to_sign: int


@dataclass(frozen=True, slots=True)
class Today:
    """All that the page shows but the context. ``following`` are the next day's with sessions."""

    day: date
    sessions: tuple[TodaySession, ...]
    following: tuple[SessionView, ...]
    week: WeekGlance

    def upcoming(self, now: datetime) -> TodaySession | None:
        """Return the session to prepare for: the one running, else the next one ahead."""
        ahead = [
            each
            for each in self.sessions
            if each.session.ends_at > now and not each.session.status.is_gone
        ]
        return ahead[0] if ahead else None


@dataclass(frozen=True, slots=True)
class Person:
    """A client in a session, as one should have them before one's eyes."""

    id: UUID
    name: str
    pronouns: str
    age: int | None
    diagnoses: tuple[Diagnosis, ...]
    needs_review: bool


@dataclass(frozen=True, slots=True)
class SessionContext:
    """What to know before a session, or what is left to do after it."""

    today: TodaySession
    number: int
    """Which session of the case it is, counting those held."""
    people: tuple[Person, ...]
    plan: LastPlan | None
    balance: Balance
    draft_id: UUID | None
    attention: tuple[Attention, ...]


def today(session: Session, scope: Scope, when: When) -> Today:
    """Return the day's sessions, those of the next day with any, and the week."""
    monday = when.today - timedelta(days=when.today.weekday())
    sunday = monday + timedelta(days=6)
    ahead = sessions_between(session, scope, monday, max(sunday, when.today + timedelta(days=4)))
    week = [each for each in ahead if each.day <= sunday]
    todays = [each for each in ahead if each.day == when.today]
    return Today(
        day=when.today,
        sessions=tuple(_with_next(session, scope, todays, when)),
        following=_following(ahead, when.today),
        week=_glance(session, scope, week, monday, sunday),
    )


def session_context(session: Session, scope: Scope, session_id: UUID, when: When) -> SessionContext:
    """Return what to know of one session; raises ``NotFound``."""
    found = session_of(session, scope, session_id, when.today)
    ids = {person.id for person in found.people}
    return SessionContext(
        today=_with_next(session, scope, [found], when)[0],
        number=_held_before(session, scope, found) + 1,
        people=tuple(_person(session, scope, each, when.today) for each in sorted(ids)),
        plan=last_plans(session, scope, [found.case_id]).get(found.case_id),
        balance=balance_of_case(session, scope, found.case_id),
        draft_id=draft_of_session(session, scope, session_id) if scope.note_text else None,
        attention=tuple(attention_of_case(session, scope, found.case_id, ids, when)),
    )


def _following(ahead: Sequence[SessionView], today: date) -> tuple[SessionView, ...]:
    later = [each for each in ahead if each.day > today and not each.status.is_gone]
    if not later:
        return ()
    return tuple(each for each in later if each.day == later[0].day)


def _with_next(
    session: Session, scope: Scope, found: Sequence[SessionView], when: When
) -> list[TodaySession]:
    ids = [each.id for each in found]
    notes = note_statuses(session, scope, ids)
    charges = charges_of_appointments(session, scope, ids)
    rows = []
    for each in found:
        amounts = charges.get(each.id, [])
        charged = total(one.amount for one in amounts)
        owing = charged - total(one.paid for one in amounts)
        note = notes.get(each.id)
        facts = SessionFacts(
            open=each.status.is_open,
            confirmed=each.status is AppointmentStatus.CONFIRMED,
            held=each.status is AppointmentStatus.COMPLETED,
            begun=each.starts_at <= when.now,
            has_note=note is not None,
            note_signed=note is NoteStatus.SIGNED,
            owing=owing,
        )
        rows.append(TodaySession(each, next_act(facts), note, owing, charged))
    return rows


def _glance(
    session: Session, scope: Scope, week: Sequence[SessionView], monday: date, sunday: date
) -> WeekGlance:
    kept = [each for each in week if not each.status.is_gone]
    return WeekGlance(
        held=sum(each.status is AppointmentStatus.COMPLETED for each in kept),
        booked=len(kept),
        received=received_between(session, scope, monday, sunday),
        owing=owing_in_all(session, scope),
        notes_to_sign=len(unsigned_notes(session, scope)) if scope.note_text else 0,
    )


def _held_before(session: Session, scope: Scope, found: SessionView) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Appointment)
            .where(
                Appointment.practice_id == scope.practice_id,
                Appointment.case_id == found.case_id,
                Appointment.starts < found.starts,
                Appointment.status == AppointmentStatus.COMPLETED,
            )
        )
        or 0
    )


def _person(session: Session, scope: Scope, client_id: UUID, day: date) -> Person:
    record = people.client(session, scope, client_id)
    born = record.details.birth_date
    valid = [
        each
        for each in diagnoses_of_client(session, scope, client_id)
        if each.valid_to is None or each.valid_to >= day
    ]
    return Person(
        client_id,
        record.name.display,
        record.details.pronouns,
        age_on(born, day) if born else None,
        tuple(valid),
        record.needs_review,
    )
