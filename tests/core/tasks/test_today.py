"""Today, its context, needs attention, workflow states and the search, on a real practice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case, add_couple
from app.core.clinical.commands.notes import save_draft, sign_note, start_session_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import attend
from app.core.kernel.acting import Role, member_actor
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_series, book_session, confirm_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.tasks.queries import (
    When,
    day_and_session,
    search,
    session_context,
    today,
    workflows,
)
from app.core.tasks.queries.attention import attention
from app.core.tasks.queries.today import Today
from app.core.tasks.rules.attention import AttentionKind, NextAct, WorkflowState
from tests.support.practice import TestDesk

DAY = date(2026, 11, 19)


@dataclass(frozen=True, slots=True)
class Story:
    """Walter's case and the service of his sessions."""

    desk: TestDesk
    client: UUID
    case: UUID
    service: UUID

    def book(self, day: int, hour: int) -> UUID:
        starts = datetime(2026, 11, day, hour)
        booking = Booking(self.case, starts, lines=(Line(self.service),))
        return self.desk.do(book_session, booking).value

    def sign(self, session: UUID, plan: str) -> UUID:
        note = self.desk.do(start_session_note, session, NoteFormat.SOAP).value
        kept = self.desk.do(save_draft, note, NoteFormat.SOAP, {"plan": plan}).value
        self.desk.do(sign_note, note, kept.hash)
        return note

    def pay(self) -> None:
        entry = PaymentEntry(uuid4(), self.client, Money(165_00), Method.CHECK, DAY, "7")
        self.desk.do(record_payment, entry)

    @property
    def when(self) -> When:
        return When(self.desk.clock.now(), DAY)

    def today(self) -> Today:
        return self.desk.ask(today, self.when)

    def kinds(self) -> list[AttentionKind]:
        return [one.kind for one in self.desk.ask(attention, self.desk.entitlement, self.when)]


@pytest.fixture
def story(desk: TestDesk) -> Story:
    name = PersonName("Walter", "", "Strand")
    added = desk.do(add_client_with_case, NewClient(name)).value
    fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    return Story(desk, added.client_ids[0], added.case_id, desk.do(add_service, fields).value)


def test_an_empty_practice_has_an_empty_day(desk: TestDesk) -> None:
    found = desk.ask(today, When(desk.clock.now(), DAY))
    assert found.sessions == ()
    assert found.upcoming(desk.clock.now()) is None
    assert found.week.booked == 0
    tasks = desk.ask(attention, desk.entitlement, When(desk.clock.now(), DAY))
    assert [one.kind for one in tasks] == [AttentionKind.BACKUP_OVERDUE]


def test_a_session_goes_from_confirm_to_paid(story: Story) -> None:
    session = story.book(19, 13)

    def act() -> NextAct:
        return story.today().sessions[0].next

    assert act() is NextAct.CONFIRM
    story.desk.do(confirm_session, session)
    assert act() is NextAct.NOTHING
    story.desk.clock.set(datetime(2026, 11, 19, 21, 5, tzinfo=UTC))
    assert act() is NextAct.ATTENDED
    story.desk.do(attend, session)
    assert act() is NextAct.WRITE_NOTE
    note = story.desk.do(start_session_note, session, NoteFormat.SOAP).value
    assert act() is NextAct.SIGN_NOTE
    kept = story.desk.do(save_draft, note, NoteFormat.SOAP, {"plan": "Rest."}).value
    story.desk.do(sign_note, note, kept.hash)
    assert act() is NextAct.TAKE_PAYMENT
    assert story.today().sessions[0].owing == Money(165_00)
    story.pay()
    assert act() is NextAct.NOTHING
    week = story.today().week
    assert (week.held, week.booked, week.received, week.owing) == (
        1,
        1,
        Money(165_00),
        Money(0),
    )


def test_the_next_session_is_the_one_running_or_ahead(story: Story) -> None:
    story.book(19, 9)
    running = story.book(19, 11)
    story.book(19, 15)
    found = story.today().upcoming(story.desk.clock.now())
    assert found is not None
    assert found.session.id == running


def test_the_context_holds_plan_balance_and_number(story: Story) -> None:
    before = story.book(12, 9)
    story.desk.do(attend, before)
    story.sign(before, "Ten minutes outside before the phone.")
    session = story.book(19, 13)
    found = story.desk.ask(session_context, session, story.when)
    assert found.number == 2
    assert found.plan is not None
    assert found.plan.text == "Ten minutes outside before the phone."
    assert found.balance.owing == Money(165_00)
    assert [person.name for person in found.people] == ["Walter Strand"]
    assert found.attention == ()


def test_the_context_says_what_is_left_from_earlier_sessions(story: Story) -> None:
    held, left_open = story.book(10, 9), story.book(12, 9)
    story.desk.do(attend, held)
    found = story.desk.ask(session_context, story.book(19, 13), story.when)
    assert [(one.kind, one.record) for one in found.attention] == [
        (AttentionKind.UNSIGNED_NOTE, ("appointment", held)),
        (AttentionKind.UNCLOSED_SESSION, ("appointment", left_open)),
    ]


def test_the_day_after_is_told_when_today_ends(story: Story) -> None:
    story.book(20, 9)
    story.book(20, 14)
    story.book(23, 9)
    assert [one.day.day for one in story.today().following] == [20, 20]


def test_a_rules_task_vanishes_when_its_cause_does(
    story: Story, practice: bootstrap.OpenPractice
) -> None:
    practice.backup()
    session = story.book(17, 9)
    assert story.kinds() == [AttentionKind.UNCLOSED_SESSION]
    story.desk.do(attend, session)
    assert story.kinds() == [AttentionKind.UNSIGNED_NOTE, AttentionKind.UNPAID]
    story.sign(session, "Rest.")
    assert story.kinds() == [AttentionKind.UNPAID]
    story.pay()
    assert story.kinds() == []
    story.desk.clock.forward(days=3)
    assert story.kinds() == [AttentionKind.BACKUP_OVERDUE]


def test_many_of_a_kind_end_in_one_line_that_counts_them(story: Story) -> None:
    for day in range(2, 10):
        story.book(day, 9)
    found = story.desk.ask(attention, story.desk.entitlement, story.when)
    open_ones = [one for one in found if one.kind is AttentionKind.UNCLOSED_SESSION]
    assert len(open_ones) == 6
    assert open_ones[-1].title == "8 sessions still open"


def test_workflow_states(story: Story) -> None:
    def state() -> WorkflowState:
        return story.desk.ask(workflows, [story.case], story.when)[story.case].state

    assert state() is WorkflowState.READY_TO_SCHEDULE
    session = story.book(17, 9)
    story.desk.do(attend, session)
    assert state() is WorkflowState.NEEDS_ATTENTION


def test_an_admin_reads_no_note_nor_finds_one(story: Story, owner_id: UUID) -> None:
    session = story.book(17, 9)
    story.desk.do(attend, session)
    story.sign(session, "xylophone")
    assert [hit.kind for hit in story.desk.ask(search, "xylo", story.desk.clock.now())] == ["note"]
    story.desk._scope = member_actor(story.desk.actor.practice_id, owner_id, Role.ADMIN).scope()
    assert story.desk.ask(search, "xylo", story.desk.clock.now()) == []
    assert AttentionKind.UNSIGNED_NOTE not in story.kinds()
    context = story.desk.ask(session_context, session, story.when)
    assert context.plan is None


@pytest.mark.parametrize("typed", ["strand", "WAL", "walter str", "Wálter"])
def test_a_name_is_found_by_its_beginnings(story: Story, typed: str) -> None:
    story.book(24, 9)
    hits = story.desk.ask(search, typed, story.desk.clock.now())
    assert [hit.kind for hit in hits] == ["client", "appointment"]
    assert hits[0].title == "Walter Strand"


@pytest.mark.parametrize("typed", ["", "  ", '"', "* OR", "ليلى", "a" * 5000, "'; DROP TABLE"])
def test_any_typing_is_a_search(story: Story, typed: str) -> None:
    assert isinstance(story.desk.ask(search, typed, story.desk.clock.now()), list)


def test_arabic_and_apostrophes_are_found(desk: TestDesk) -> None:
    desk.do(add_client_with_case, NewClient(PersonName("ليلى", "", "حداد")))
    desk.do(
        add_couple,
        NewClient(PersonName("Síle", "", "O\u2019Brien")),
        NewClient(PersonName("Zoë", "", "D'Angelo")),
    )
    for typed, name in (
        ("حدا", "ليلى حداد"),
        ("o'bri", "Síle O\u2019Brien"),
        ("dangelo", "Zoë D'Angelo"),
    ):
        assert [hit.title for hit in desk.ask(search, typed, desk.clock.now())][:1] == [name]


def test_the_index_forgets_what_was_undone(desk: TestDesk) -> None:
    outcome = desk.do(add_client_with_case, NewClient(PersonName("Vera", "", "Quint")))
    assert desk.ask(search, "quint", desk.clock.now())
    assert outcome.undo is not None
    desk.undo(outcome.undo).result(timeout=timedelta(seconds=10).total_seconds())
    assert desk.ask(search, "quint", desk.clock.now()) == []


def test_a_series_is_among_the_sessions_and_the_open_ones(story: Story) -> None:
    starts = datetime(2026, 11, 5, 13)
    booking = Booking(story.case, starts, lines=(Line(story.service),))
    story.desk.do(book_series, booking, Repeat())
    assert [each.session.starts.hour for each in story.today().sessions] == [13]
    assert story.kinds().count(AttentionKind.UNCLOSED_SESSION) == 2
    state = story.desk.ask(workflows, [story.case], story.when)[story.case].state
    assert state is WorkflowState.NEEDS_ATTENTION


def test_the_day_comes_with_the_session_looked_at_or_the_one_to_prepare_for(story: Story) -> None:
    assert story.desk.ask(day_and_session, story.when)[1] is None
    first, second = story.book(19, 9), story.book(19, 13)
    found = {}
    for looked_at in (None, first, second, uuid4()):
        day, context = story.desk.ask(day_and_session, story.when, looked_at)
        assert day == story.today()
        assert context is not None
        assert context == story.desk.ask(session_context, context.today.session.id, story.when)
        found[looked_at] = context.today.session.id
    assert list(found.values()) == [second, first, second, second]
