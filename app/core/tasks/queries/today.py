"""Today: the day's sessions with what to do next, the context of one, the week at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.balances import Balance, balance_of_case
from app.core.billing.ledger.queries.charges import Charged, charged_for, owing_in_all
from app.core.billing.ledger.queries.payments import received_between
from app.core.clinical.queries.diagnoses import diagnoses_of_clients
from app.core.clinical.queries.notes import (
    LastPlan,
    Unsigned,
    draft_of_session,
    last_plans,
    note_statuses,
    unsigned,
)
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people import queries as people
from app.core.people.rules import age_on
from app.core.people.tables import Client
from app.core.scheduling.queries import SessionView, session_of, sessions_between
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.store.reading import visible_people
from app.core.tasks.queries.case_attention import When, attention_of_case
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

    def session(self, session_id: UUID | None) -> TodaySession | None:
        """Return a session of the day by its id."""
        return next((each for each in self.sessions if each.session.id == session_id), None)

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
    return _today(session, scope, when, _unsigned(session, scope))


def _today(session: Session, scope: Scope, when: When, notes: Sequence[Unsigned]) -> Today:
    monday = when.today - timedelta(days=when.today.weekday())
    sunday = monday + timedelta(days=6)
    ahead = sessions_between(session, scope, monday, max(sunday, when.today + timedelta(days=4)))
    week = [each for each in ahead if each.day <= sunday]
    todays = [each for each in ahead if each.day == when.today]
    return Today(
        day=when.today,
        sessions=tuple(_with_next(session, scope, todays, when)),
        following=_following(ahead, when.today),
        week=_glance(session, scope, week, monday, len(notes)),
    )


def day_and_session(
    session: Session, scope: Scope, when: When, looked_at: UUID | None = None
) -> tuple[Today, SessionContext | None]:
    """Return the day and the context of one of its sessions, in one reading.

    That is the one ``looked_at`` while it is there, else the one to prepare for, else the last;
    none on a day without sessions.
    """
    notes = _unsigned(session, scope)
    day = _today(session, scope, when, notes)
    found = day.session(looked_at) or day.upcoming(when.now) or (day.sessions or (None,))[-1]
    return day, _context(session, scope, found, notes, when) if found is not None else None


def session_context(session: Session, scope: Scope, session_id: UUID, when: When) -> SessionContext:
    """Return what to know of one session; raises ``NotFound``."""
    found = session_of(session, scope, session_id, when.today)
    shown = _with_next(session, scope, [found], when)[0]
    return _context(session, scope, shown, _unsigned(session, scope), when)


def _unsigned(session: Session, scope: Scope) -> list[Unsigned]:
    return unsigned(session, scope) if scope.note_text else []


def _context(
    session: Session, scope: Scope, shown: TodaySession, notes: Sequence[Unsigned], when: When
) -> SessionContext:
    found = shown.session
    waiting = [each.of(found.title) for each in notes if each.case_id == found.case_id]
    inside = _people(session, scope, {person.id for person in found.people}, when.today)
    to_review = [person.id for person in inside if person.needs_review]
    return SessionContext(
        today=shown,
        number=_held_before(session, scope, found) + 1,
        people=inside,
        plan=last_plans(session, scope, [found.case_id]).get(found.case_id),
        balance=balance_of_case(
            session, scope, found.case_id, [person.id for person in found.people]
        ),
        draft_id=draft_of_session(session, scope, found.id) if scope.note_text else None,
        attention=tuple(attention_of_case(session, scope, found.case_id, waiting, to_review, when)),
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
    notes = note_statuses(session, scope, ids) if scope.note_text else {}
    charges = charged_for(session, scope, ids)
    rows = []
    for each in found:
        money = charges.get(each.id, Charged())
        note = notes.get(each.id)
        facts = SessionFacts(
            open=each.status.is_open,
            confirmed=each.status is AppointmentStatus.CONFIRMED,
            held=each.status is AppointmentStatus.COMPLETED,
            begun=each.starts_at <= when.now,
            # From who reads no note, none is waited for.
            has_note=note is not None or not scope.note_text,
            note_signed=note is NoteStatus.SIGNED or not scope.note_text,
            owing=money.owing,
        )
        rows.append(TodaySession(each, next_act(facts), note, money.owing, money.amount))
    return rows


def _glance(
    session: Session, scope: Scope, week: Sequence[SessionView], monday: date, to_sign: int
) -> WeekGlance:
    kept = [each for each in week if not each.status.is_gone]
    return WeekGlance(
        held=sum(each.status is AppointmentStatus.COMPLETED for each in kept),
        booked=len(kept),
        received=received_between(session, scope, monday, monday + timedelta(days=6)),
        owing=owing_in_all(session, scope),
        notes_to_sign=to_sign,
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


def _people(session: Session, scope: Scope, ids: set[UUID], day: date) -> tuple[Person, ...]:
    rows = session.execute(
        select(
            Client.id,
            Client.pronouns,
            Client.birth_date,
            Client.imported_at,
            Client.reviewed_at,
            *people.NAME_COLUMNS,
        )
        .where(
            Client.practice_id == scope.practice_id,
            Client.id.in_(ids),
            visible_people(scope, Client.id),
        )
        .order_by(Client.id)
    )
    # Who reads no notes sees diagnoses on papers alone.
    diagnoses = diagnoses_of_clients(session, scope, ids) if scope.note_text else {}
    return tuple(
        Person(
            client_id,
            PersonName(*name).display,
            pronouns,
            age_on(born, day) if born else None,
            tuple(
                each
                for each in diagnoses.get(client_id, ())
                if each.valid_to is None or each.valid_to >= day
            ),
            imported is not None and reviewed is None,
        )
        for client_id, pronouns, born, imported, reviewed, *name in rows
    )
