"""Two computers and the real server: the union of the work, and questions only where needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.queries.balances import balance_of_case
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import (
    NewNote,
    discard_draft,
    save_draft,
    sign_note,
    start_note,
    start_session_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_details, change_name
from app.core.people.rules import DetailFields, NewClient
from app.core.practice.commands import add_service, start_numbers_at
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import (
    book_series,
    confirm_session,
    delete_session,
    keep_begun_sessions,
    move_session,
)
from app.core.scheduling.queries.reading import days, in_window
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.tasks.commands import decide
from app.core.tasks.queries.inbox import inbox
from app.core.tasks.rules.inbox import InboxState
from app.sync.protocol.terms import Verb
from tests.core.billing.conftest import Walter
from tests.sync.worlds import Desktop, assert_same, settle

WALTER = PersonName(given="Walter", family="Strand")
DAY = date(2026, 11, 19)


def person(desktop: Desktop) -> Walter:
    """Add Walter with a case and a service."""
    fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
    service = desktop.desk.do(add_service, fields).value
    added = desktop.desk.do(add_client_with_case, NewClient(WALTER)).value
    return Walter(desktop.desk, added.client_ids[0], added.case_id, service)


def at(desktop: Desktop, walter: Walter) -> Walter:
    """The same person, worked with on another computer."""
    return Walter(desktop.desk, walter.client_id, walter.case_id, walter.service_id)


def draft(desktop: Desktop, case_id: UUID, plan: str) -> UUID:
    """Begin a note and keep it."""
    note_id: UUID = desktop.desk.do(start_note, NewNote(case_id, DAY)).value
    write(desktop, note_id, plan)
    return note_id


def write(desktop: Desktop, note_id: UUID, plan: str) -> Any:
    """Keep a draft, as the editor does."""
    return desktop.desk.do(save_draft, note_id, NoteFormat.SOAP, {"plan": plan}).value


def texts(desktop: Desktop) -> str:
    """Everything that any note or inbox item says."""
    telling = {"note", "inbox_item"}
    return str([said for (entity, _), said in desktop.rows().items() if entity in telling])


def test_a_second_computer_gets_all_of_it(office: Desktop, laptop: Desktop) -> None:
    assert_same(office, laptop)
    assert office.status().state is SyncState.SYNCED
    assert laptop.status().state is SyncState.SYNCED


def test_edits_go_both_ways(office: Desktop, laptop: Desktop) -> None:
    walter = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    laptop.desk.do(change_name, walter, PersonName(given="Wally", family="Strand"))
    settle(laptop, office)
    assert office.row("client", walter)["legal_given"] == "Wally"
    assert_same(office, laptop)


def test_a_week_offline_on_both_ends_with_the_union(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    settle(office, laptop)
    office.transport.offline = laptop.transport.offline = True
    for day in range(7):
        hosted = office.hosted
        hosted.clock.forward(days=1)
        for desktop in (office, laptop):
            name = PersonName(given=f"Client {day}", family=desktop.root.name)
            added = desktop.desk.do(add_client_with_case, NewClient(name)).value
            draft(desktop, added.case_id, f"written on {desktop.root.name}, day {day}")
            desktop.sync()
    details = DetailFields(pronouns="she/her")
    office.desk.do(change_name, walter.client_id, PersonName(given="Wally", family="Strand"))
    laptop.desk.do(change_details, walter.client_id, details)
    assert office.status().state is SyncState.OFFLINE
    assert office.status().waiting > 14
    office.transport.offline = laptop.transport.offline = False
    settle(office, laptop)
    assert_same(office, laptop)
    row = office.row("client", walter.client_id)
    assert (row["legal_given"], row["pronouns"]) == ("Wally", "she/her")
    assert len([e for e, _ in office.rows() if e == "client"]) == 15
    assert office.inbox() == []
    assert office.status().state is SyncState.SYNCED


def test_two_drafts_of_a_note_are_both_kept_and_asked_about(
    office: Desktop, laptop: Desktop
) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    write(office, note_id, "at the office")
    write(laptop, note_id, "on the train")
    settle(office, laptop)
    assert_same(office, laptop)
    assert "at the office" in texts(laptop)
    assert "on the train" in texts(office)
    (item,) = office.inbox()
    assert item["kind"] == "TEXT"
    assert office.status().state is SyncState.NEEDS_YOU
    assert office.status().asks == 1


def test_typing_on_over_what_was_not_seen_never_loses_it(office: Desktop, laptop: Desktop) -> None:
    """The editor holds the text: what it hides must not count as seen when typing goes on."""
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    laptop.desk.hold(note_id)
    write(office, note_id, "at the office")
    settle(office)
    write(laptop, note_id, "on the train")
    settle(laptop)
    write(laptop, note_id, "on the train, going on")
    settle(laptop, office)
    laptop.desk.release(note_id)
    settle(laptop, office)
    assert "at the office" in texts(office)
    assert "on the train, going on" in texts(office)
    assert_same(office, laptop)


def test_two_decisions_of_one_question_keep_what_each_put_aside(
    office: Desktop, laptop: Desktop
) -> None:
    """Each replaced other words than the other one did; both stay in the inbox."""
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    write(office, note_id, "at the office")
    write(laptop, note_id, "on the train")
    settle(office, laptop)
    (item,) = office.desk.ask(inbox)
    for desktop in (laptop, office):
        office.hosted.clock.forward(minutes=1)
        write(desktop, note_id, f"at the office, more at {desktop.root.name}")
        desktop.desk.do(decide, item.id, InboxState.REPLACED)
    settle(laptop, office)
    assert_same(office, laptop)
    assert "more at laptop" in texts(office)
    assert "more at office" in texts(office)


def test_an_open_editor_never_sees_its_text_replaced(office: Desktop, laptop: Desktop) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    laptop.desk.hold(note_id)
    write(office, note_id, "at the office")
    settle(office, laptop)
    assert laptop.row("note", note_id)["sections"] == {"plan": "begun"}
    laptop.desk.release(note_id)
    settle(laptop)
    assert laptop.row("note", note_id)["sections"] == {"plan": "at the office"}
    assert_same(office, laptop)


def test_what_waited_behind_an_editor_does_not_come_out_over_later_words(
    office: Desktop, laptop: Desktop
) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    laptop.desk.hold(note_id)
    write(office, note_id, "at the office")
    settle(office, laptop)
    write(office, note_id, "at the office, later")
    office.sync()
    laptop.desk.release(note_id)
    laptop.desk.do(discard_draft, note_id)
    settle(laptop, office)
    assert laptop.row("note", note_id)["sections"] == {"plan": "at the office, later"}
    assert_same(office, laptop)


def test_a_signed_note_stays_and_late_words_go_to_the_inbox(
    office: Desktop, laptop: Desktop
) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    kept = write(office, note_id, "signed words")
    office.desk.do(sign_note, note_id, kept.hash)
    write(laptop, note_id, "late words")
    settle(office, laptop)
    assert_same(office, laptop)
    row = laptop.row("note", note_id)
    assert (row["status"], row["sections"]) == ("SIGNED", {"plan": "signed words"})
    assert row["signed_hash"] == office.row("note", note_id)["signed_hash"]
    (item,) = laptop.inbox()
    assert item["kind"] == "LATE_REVISION"
    assert "late words" in str(item["other"])


def test_a_note_signed_twice_has_one_signature_and_a_question(
    office: Desktop, laptop: Desktop
) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    for desktop in (office, laptop):
        kept = write(desktop, note_id, f"signed at {desktop.root.name}")
        desktop.desk.do(sign_note, note_id, kept.hash)
    settle(office, laptop)
    assert_same(office, laptop)
    assert office.row("note", note_id)["sections"] == {"plan": "signed at office"}
    items = {item["kind"]: item for item in laptop.inbox()}
    assert "signed at laptop" in str(items["SECOND_SIGNATURE"]["other"])


def test_the_same_occurrence_touched_on_both_is_one_session(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    booking = Booking(walter.case_id, datetime(2026, 11, 26, 9), lines=(Line(walter.service_id),))
    office.desk.do(book_series, booking, Repeat())
    settle(office, laptop)
    window = days(date(2026, 12, 1), date(2026, 12, 8))
    (session,) = office.desk.ask(in_window, window)
    office.desk.do(start_session_note, session.id)
    office.hosted.clock.forward(minutes=1)
    laptop.desk.do(move_session, session.id, datetime(2026, 12, 4, 11))
    settle(office, laptop)
    assert_same(office, laptop)
    appointments = [pk for entity, pk in office.rows() if entity == "appointment"]
    assert appointments == [session.id.hex]
    assert office.row("appointment", session.id)["starts"] == "2026-12-04T11:00:00"


def occurrence(office: Desktop, laptop: Desktop) -> UUID:
    """Book a weekly series that both know; return an occurrence that nobody has touched."""
    walter = person(office)
    booking = Booking(walter.case_id, datetime(2026, 11, 19, 12), lines=(Line(walter.service_id),))
    office.desk.do(book_series, booking, Repeat())
    settle(office, laptop)
    (session,) = office.desk.ask(in_window, days(DAY, date(2026, 11, 20)))
    found: UUID = session.id
    return found


@pytest.mark.parametrize("first", ["office", "laptop"])
def test_what_was_done_to_an_occurrence_stands_when_the_other_only_made_its_row(
    office: Desktop, laptop: Desktop, first: str
) -> None:
    """Whichever syncs first: making the row that a series computes is no change of it."""
    session = occurrence(office, laptop)
    office.desk.do(move_session, session, datetime(2026, 11, 19, 13))
    office.desk.do(attend, session)
    office.hosted.clock.forward(hours=3)
    assert laptop.desk.do(keep_begun_sessions).value == 1
    laptop.desk.do(start_session_note, session)
    settle(*((office, laptop) if first == "office" else (laptop, office)))
    assert_same(office, laptop)
    row = laptop.row("appointment", session)
    assert (row["starts"], row["status"]) == ("2026-11-19T13:00:00", "COMPLETED")
    assert office.inbox() == []


def test_an_occurrence_changed_on_both_is_joined_field_by_field(
    office: Desktop, laptop: Desktop
) -> None:
    session = occurrence(office, laptop)
    office.desk.do(move_session, session, datetime(2026, 11, 19, 13))
    office.hosted.clock.forward(hours=1)
    laptop.desk.do(confirm_session, session)
    settle(office, laptop)
    assert_same(office, laptop)
    row = office.row("appointment", session)
    assert (row["starts"], row["status"]) == ("2026-11-19T13:00:00", "CONFIRMED")


@pytest.mark.parametrize("first", ["office", "laptop"])
def test_a_deleted_occurrence_stays_deleted_when_the_other_only_made_its_row(
    office: Desktop, laptop: Desktop, first: str
) -> None:
    session = occurrence(office, laptop)
    office.desk.do(delete_session, session)
    office.hosted.clock.forward(hours=3)
    assert laptop.desk.do(keep_begun_sessions).value == 1
    settle(*((office, laptop) if first == "office" else (laptop, office)))
    assert_same(office, laptop)
    assert office.row("appointment", session)["deleted_at"] is not None
    assert office.inbox() == []


def test_the_ledger_is_the_union_and_counts_everything_once(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    settle(office, laptop)
    walter.hold(9)
    at(laptop, walter).hold(16)
    walter.pay(50_00)
    at(laptop, walter).pay(20_00)
    settle(office, laptop)
    assert_same(office, laptop)
    for desktop in (office, laptop):
        balance = desktop.desk.ask(balance_of_case, walter.case_id)
        assert balance.owing == Money(260_00)


def number_of(desktop: Desktop, walter: Walter, day: int) -> str:
    """Hold a session and issue its invoice; return the number."""
    mine = at(desktop, walter)
    charges = mine.hold(day).charge_ids
    invoice = desktop.desk.do(create_invoice, InvoiceOrder(uuid4(), charges)).value
    return str(desktop.row("invoice", invoice)["number"])


def test_numbers_come_from_blocks_and_never_twice(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    settle(office, laptop)
    numbers = [number_of(desktop, walter, day) for day in (2, 3, 4) for desktop in (office, laptop)]
    assert len(set(numbers)) == 6
    assert all(number.count("-") == 2 for number in numbers)
    settle(office, laptop)
    assert_same(office, laptop)


def test_without_a_block_a_computer_numbers_in_a_series_of_its_own(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    settle(office, laptop)
    laptop.file.slice(lambda part: part.connection.execute("DELETE FROM number_block"))
    number = number_of(laptop, walter, 2)
    assert number == f"INV-2026-{laptop.practice._ports.tag}-0001"
    assert laptop.practice._ports.tag != office.practice._ports.tag


def test_numbers_go_on_after_those_of_the_time_before_the_account(
    office: Desktop, laptop: Desktop
) -> None:
    walter = person(office)
    assert number_of(office, walter, 2) == "INV-2026-0001"
    office.desk.do(start_numbers_at, "SB", 500)
    settle(office, laptop)
    office.engine.session.leases = True
    settle(office)
    found = office.file.slice(
        lambda part: part.connection.execute(
            "SELECT prefix, next FROM number_block ORDER BY prefix"
        ).fetchall()
    )
    assert found == [("INV", 2), ("SB", 500)]


def test_an_edit_beats_a_delete_and_both_are_shown(office: Desktop, laptop: Desktop) -> None:
    note_id = draft(office, person(office).case_id, "begun")
    settle(office, laptop)
    office.desk.do(discard_draft, note_id)
    write(laptop, note_id, "still needed")
    settle(office, laptop)
    assert_same(office, laptop)
    row = office.row("note", note_id)
    assert (row["deleted_at"], row["sections"]) == (None, {"plan": "still needed"})
    assert [item["kind"] for item in office.inbox()] == ["DELETED"]


def test_own_edits_never_flicker(office: Desktop, laptop: Desktop) -> None:
    walter = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    seen: list[str] = []
    laptop.desk.listen(lambda _changes: seen.append(laptop_name()))

    def laptop_name() -> str:
        found = laptop.practice.vault.connection.execute(
            "SELECT legal_given FROM client WHERE id = ?", (walter.bytes,)
        )
        return str(found.fetchone()[0])

    office.desk.do(change_name, walter, PersonName(given="Office", family="Strand"))
    settle(office)
    office.hosted.clock.forward(seconds=5)
    laptop.desk.do(change_name, walter, PersonName(given="Laptop", family="Strand"))
    settle(laptop, office)
    assert set(seen) == {"Laptop"}
    assert_same(office, laptop)


@pytest.mark.parametrize("days_off", [-1, 1])
def test_a_clock_a_day_wrong_neither_wins_nor_loses_by_it(
    office: Desktop, laptop: Desktop, days_off: int
) -> None:
    walter = office.desk.do(add_client, NewClient(WALTER)).value
    settle(office, laptop)
    laptop.clock = type(laptop.hosted.clock)(laptop.hosted.clock.now() + timedelta(days=days_off))
    laptop.desk.clock = laptop.clock
    laptop.restart()
    first, last = (office, laptop) if days_off < 0 else (laptop, office)
    first.desk.do(change_name, walter, PersonName(given="First", family="Strand"))
    office.hosted.clock.forward(minutes=5)
    laptop.clock.forward(minutes=5)
    last.desk.do(change_name, walter, PersonName(given="Last", family="Strand"))
    settle(laptop, office)
    assert_same(office, laptop)
    assert office.row("client", walter)["legal_given"] == "Last"
    assert laptop.status().clock_offset_ms == -days_off * 86_400_000


def test_a_slow_answer_does_not_count_as_a_wrong_clock(office: Desktop) -> None:
    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.HELLO:
            return None
        office.transport.tap = None
        office.clock.forward(seconds=3)
        welcome = office.transport.ask(verb, message)
        office.clock.forward(seconds=3)
        return welcome

    office.restart()
    office.transport.tap = tap
    settle(office)
    assert office.status().clock_offset_ms == 0


def test_attended_here_and_moved_there(office: Desktop, laptop: Desktop) -> None:
    walter = person(office)
    session = walter.book(18)
    settle(office, laptop)
    office.desk.do(attend, session)
    laptop.desk.do(move_session, session, datetime(2026, 11, 18, 15))
    settle(office, laptop)
    assert_same(office, laptop)
    assert office.row("appointment", session)["status"] == "COMPLETED"
