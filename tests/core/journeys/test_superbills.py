"""Superbills are issued, frozen, replaced and printed again, against a real file."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from app.core.billing.ledger.commands import reverse_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.commands import (
    add_modifier,
    take_out_superbill,
    take_superbill_number,
)
from app.core.billing.superbills.queries.issued import (
    showing_more_than_paid,
    superbill,
    superbill_content,
    superbill_numbered,
    superbill_paper,
    superbills_issued,
    unused_numbers,
)
from app.core.billing.superbills.rules.choosing import LeftOut, Wish
from app.core.billing.superbills.rules.findings import Act, Severity
from app.core.clinical.commands.diagnoses import make_valid_from
from app.core.journeys import superbills
from app.core.journeys.sessions import attend, miss, reopen
from app.core.journeys.superbills import (
    draw,
    issue,
    issue_superbill,
    issue_superbills,
    overview,
    proof,
    replacement_order,
    supersede_superbill,
    take_out_stack,
)
from app.core.kernel.errors import ChangedSince, NotFound, UserError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.paper.superbill import render_superbill
from app.core.people import queries as people
from app.core.people.commands import change_details, change_name, set_insurances
from app.core.people.rules import InsuranceFields, InsuredRelation
from app.core.practice.commands import add_location, change_practice
from app.core.practice.queries import practice as own_practice
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.status import ClientPlace
from tests.core.billing.conftest import Walter
from tests.core.journeys.superbill_practice import (
    FIRST,
    LAST,
    charges_seen,
    complete,
    hold,
    november,
    order,
    sign_session,
)
from tests.core.paper.reading import text
from tests.support.practice import TestDesk


@pytest.fixture
def paid(walter: Walter) -> Walter:
    """Walter, complete, with two sessions held and paid."""
    complete(walter)
    hold(walter, 5, 12)
    walter.pay(330_00)
    return walter


def test_a_month_is_looked_at_issued_and_frozen(paid: Walter, desk: TestDesk) -> None:
    (checked,) = november(paid).checked
    assert [finding.code for finding in checked.findings] == ["code_unchecked"]
    assert checked.severity is Severity.QUIET
    assert [line.paid_by for line in checked.draft.lines] == [("11/19/2026 check 318",)] * 2
    wanted = order(paid)
    outcome = desk.do(issue_superbill, wanted)
    assert outcome.undo is None
    found = desk.ask(superbill, outcome.value)
    assert found.number == "SB-2026-0001"
    assert (found.sessions, found.charged, found.paid) == (2, Money(330_00), Money(330_00))
    assert found.is_live
    content = desk.ask(superbill_content, found.id)
    assert (content.number, content.issued_on) == ("SB-2026-0001", date(2026, 11, 19))
    paper = desk.ask(superbill_paper, found.id)
    assert paper == render_superbill(content)
    assert content.check_code() in text(paper)
    after = november(paid)
    assert after.checked == ()
    assert [each.number for each in after.issued] == ["SB-2026-0001"]
    assert {each.reason for each in after.omitted} == {LeftOut.ISSUED}


def test_what_was_issued_never_changes(paid: Walter, desk: TestDesk) -> None:
    issued = desk.do(issue_superbill, order(paid)).value
    before = desk.ask(superbill_paper, issued)
    desk.do(change_name, paid.client_id, PersonName("Gualterio", "", "Strand"))
    desk.do(set_insurances, paid.client_id, ())
    practice = desk.ask(own_practice).fields
    desk.do(change_practice, replace(practice, legal_name="Another Name, PC"))
    assert desk.ask(superbill_paper, issued) == before
    assert desk.ask(superbill, issued).patient == "Walter Strand"
    digest = hashlib.sha256(before).hexdigest()
    assert desk.ask(superbill_content, issued).sha256() != digest


def test_a_second_click_issues_nothing_twice(paid: Walter, desk: TestDesk) -> None:
    wanted = order(paid)
    first = desk.run(issue_superbill, wanted)
    second = desk.run(issue_superbill, wanted)
    assert first.result().value == second.result().value
    assert len(desk.ask(superbills_issued)) == 1
    with pytest.raises(UserError, match="already on a superbill"):
        desk.do(issue_superbill, order(paid))
    assert len(desk.ask(superbills_issued)) == 1


def test_a_refused_superbill_names_the_very_field_and_uses_no_number(
    walter: Walter, desk: TestDesk
) -> None:
    complete(walter)
    details = desk.ask(people.client, walter.client_id).details
    desk.do(change_details, walter.client_id, replace(details, birth_date=None))
    hold(walter, 5)
    walter.pay(165_00)
    with pytest.raises(UserError, match="Date of birth is missing") as refused:
        desk.do(issue_superbill, order(walter))
    assert refused.value.field == "birth_date"
    assert refused.value.record == ("client", str(walter.client_id))
    desk.do(change_details, walter.client_id, details)
    desk.do(issue_superbill, order(walter))
    assert [each.number for each in desk.ask(superbills_issued)] == ["SB-2026-0001"]


def test_a_chinese_name_asks_for_the_latin_one_and_an_arabic_one_prints(
    paid: Walter, desk: TestDesk
) -> None:
    desk.do(change_name, paid.client_id, PersonName("小明", "", "王"))
    with pytest.raises(UserError, match="Latin letters") as refused:
        desk.do(issue_superbill, order(paid))
    assert refused.value.field == "legal_given"
    assert desk.ask(proof, replace(order(paid), charge_ids=charges_seen(paid)))
    desk.do(change_name, paid.client_id, PersonName("مريم", "", "الحداد"))
    issued = desk.do(issue_superbill, order(paid)).value
    assert "SB-2026-0001" in text(desk.ask(superbill_paper, issued))


def test_a_later_diagnosis_is_mended_by_one_click(walter: Walter, desk: TestDesk) -> None:
    hold(walter, 5)
    walter.pay(165_00)
    complete(walter, diagnosed_from=date(2026, 11, 10))
    (block,) = november(walter).checked[0].blocks
    assert block.mend.act is Act.VALID_FROM
    ((_, diagnosis_id),) = block.mend.records
    desk.do(make_valid_from, diagnosis_id, date.fromisoformat(block.mend.value))
    assert november(walter).checked[0].blocks == ()


def test_a_missing_modifier_is_mended_by_one_click_and_undone(
    walter: Walter, desk: TestDesk
) -> None:
    complete(walter)
    video = desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value
    booking = Booking(
        walter.case_id,
        datetime(2026, 11, 5, 9),
        lines=(Line(walter.service_id),),
        location_id=video,
        client_place=ClientPlace.HOME,
    )
    session_id = desk.do(book_session, booking).value
    desk.do(attend, session_id)
    sign_session(desk, session_id)
    walter.pay(165_00)
    (warning, _) = november(walter).checked[0].findings
    assert warning.mend.act is Act.ADD_MODIFIER
    lines = tuple(record_id for _, record_id in warning.mend.records)
    outcome = desk.do(add_modifier, lines, warning.mend.value)
    (line,) = november(walter).checked[0].draft.lines
    assert (line.place, line.modifiers) == ("10", ("95",))
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert november(walter).checked[0].draft.lines[0].modifiers == ()


def test_unpaid_and_missed_sessions_are_left_out_and_listed(walter: Walter, desk: TestDesk) -> None:
    complete(walter)
    hold(walter, 5, 12)
    desk.do(miss, walter.book(13), charged=True)
    walter.pay(200_00)
    found = november(walter)
    (checked,) = found.checked
    assert [line.held_on.day for line in checked.draft.lines] == [5, 12]
    assert "part_paid" in [finding.code for finding in checked.findings]
    assert [(each.session.held_on.day, each.reason) for each in found.omitted] == [
        (13, LeftOut.MISSED)
    ]
    hold(walter, 17)
    assert LeftOut.UNPAID in {each.reason for each in november(walter).omitted}
    (with_unpaid,) = november(walter, Wish(include_unpaid=True)).checked
    assert [line.held_on.day for line in with_unpaid.draft.lines] == [5, 12, 17]
    assert "unpaid" in [finding.code for finding in with_unpaid.findings]


def test_an_insured_spouse_and_a_zelle_payment_are_printed(walter: Walter, desk: TestDesk) -> None:
    complete(walter)
    insured = InsuranceFields(
        "Cascade Mutual", "CMH 1", "", InsuredRelation.SPOUSE, "Peter Strand", date(1989, 9, 3)
    )
    desk.do(set_insurances, walter.client_id, (insured,))
    hold(walter, 5)
    plain = PaymentEntry(uuid4(), walter.client_id, Money(165_00), Method.ZELLE, date(2026, 11, 6))
    walter.pay(0, entry=plain)
    issued = desk.do(issue_superbill, order(walter)).value
    said = text(desk.ask(superbill_paper, issued))
    assert "Peter Strand, 09/03/1989" in said
    assert "11/06/2026 Zelle" in said


def test_nothing_paid_is_said_in_one_sentence(walter: Walter, desk: TestDesk) -> None:
    complete(walter)
    hold(walter, 5)
    with pytest.raises(UserError, match=r"no paid session.*Left out: Nov 5, not paid"):
        desk.do(issue_superbill, order(walter))
    with pytest.raises(UserError, match="before the first"):
        desk.do(issue_superbill, replace(order(walter), first_on=LAST, last_on=FIRST))


def test_a_correction_replaces_and_refers_to_the_old_one(paid: Walter, desk: TestDesk) -> None:
    old = desk.do(issue_superbill, order(paid)).value
    before = desk.ask(superbill_paper, old)
    desk.do(change_name, paid.client_id, PersonName("Walter", "James", "Strand"))
    new_id = uuid4()
    new = desk.do(supersede_superbill, old, new_id).value
    assert desk.do(supersede_superbill, old, new_id).value == new
    replaced, replacing = desk.ask(superbill, old), desk.ask(superbill, new)
    assert (replaced.superseded_by, replacing.supersedes) == ("SB-2026-0002", "SB-2026-0001")
    assert replaced.is_live is False
    assert desk.ask(superbill_paper, old) == before
    said = text(desk.ask(superbill_paper, new))
    assert "Replaces superbill SB-2026-0001" in said
    assert "Walter James Strand" in said
    with pytest.raises(UserError, match="replaced already, by SB-2026-0002"):
        desk.do(supersede_superbill, old, uuid4())
    seen = desk.ask(replacement_order, new, uuid4())
    assert seen.wish.instead_of == "SB-2026-0002"
    assert seen.supersedes_id == new


def test_a_line_on_a_live_superbill_is_issued_again_only_with_a_warning(
    paid: Walter, desk: TestDesk
) -> None:
    desk.do(issue_superbill, order(paid))
    again = Wish(include_issued=True)
    (checked,) = november(paid, again).checked
    assert "on_another_superbill" in [finding.code for finding in checked.findings]
    desk.do(issue_superbill, order(paid, again))
    assert [each.number for each in desk.ask(superbills_issued)] == ["SB-2026-0002", "SB-2026-0001"]


def test_a_payment_taken_back_shows_in_the_task_and_changes_no_paper(
    paid: Walter, desk: TestDesk
) -> None:
    hold(paid, 17)
    second = paid.pay(165_00)
    issued = desk.do(issue_superbill, order(paid)).value
    before = desk.ask(superbill_paper, issued)
    assert desk.ask(showing_more_than_paid) == []
    desk.do(reverse_payment, second.payment_id)
    (found,) = desk.ask(showing_more_than_paid)
    assert (found.number, found.shown, found.paid) == (
        "SB-2026-0001",
        Money(495_00),
        Money(330_00),
    )
    assert desk.ask(superbill_paper, issued) == before
    desk.do(supersede_superbill, issued, uuid4())
    assert desk.ask(showing_more_than_paid) == []


def test_what_the_person_saw_is_what_is_issued(paid: Walter, desk: TestDesk) -> None:
    seen = replace(order(paid), charge_ids=charges_seen(paid))
    hold(paid, 17)
    paid.pay(165_00)
    with pytest.raises(ChangedSince, match="look at the superbill again"):
        desk.do(issue_superbill, seen)
    with pytest.raises(ChangedSince):
        desk.ask(proof, seen)
    assert desk.ask(superbills_issued) == []


def test_a_session_reopened_since_is_no_longer_billed(paid: Walter, desk: TestDesk) -> None:
    (checked,) = november(paid).checked
    session_id = checked.draft.lines[0].appointment_id
    assert session_id is not None
    desk.do(reopen, session_id)
    (checked,) = november(paid).checked
    assert [line.held_on.day for line in checked.draft.lines] == [12]


def test_a_long_paper_takes_its_number_first(
    paid: Walter, desk: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(superbills, "LINES_AT_ONCE", 1)
    wanted = order(paid)
    issued = issue(desk, wanted).value
    assert desk.ask(superbill, issued).number == "SB-2026-0001"
    assert desk.ask(unused_numbers) == []
    assert issue(desk, wanted).value == issued


def test_a_number_taken_for_nothing_is_explained_and_never_given_again(
    paid: Walter, desk: TestDesk
) -> None:
    wanted = order(paid)
    number = desk.do(take_superbill_number, wanted).value
    assert desk.do(take_superbill_number, wanted).value == number
    assert [each.number for each in desk.ask(unused_numbers)] == ["SB-2026-0001"]
    drawn = desk.ask(draw, wanted, number, date(2026, 11, 19))
    desk.do(change_name, paid.client_id, PersonName("Wat", "", "Strand"))
    with pytest.raises(ChangedSince):
        desk.do(issue_superbill, wanted, drawn)
    desk.do(issue_superbill, order(paid))
    assert [each.number for each in desk.ask(superbills_issued)] == ["SB-2026-0002"]
    assert [each.number for each in desk.ask(unused_numbers)] == ["SB-2026-0001"]
    with pytest.raises(UserError, match="patient"):
        desk.do(take_superbill_number, replace(wanted, client_id=None))


def test_a_month_is_printed_as_one_stack_of_the_issued_pages(paid: Walter, desk: TestDesk) -> None:
    first = desk.do(issue_superbill, order(paid)).value
    hold(paid, 17)
    paid.pay(165_00)
    second = desk.do(issue_superbill, order(paid)).value
    whole = text(desk.do(take_out_stack, [first, second]).value)
    assert "SB-2026-0001" in whole
    assert "SB-2026-0002" in whole
    assert desk.do(take_out_superbill, first).value == desk.ask(superbill_paper, first)
    with pytest.raises(UserError, match="Choose"):
        desk.do(take_out_stack, [])


def test_issued_superbills_are_found_by_number_dates_and_client(
    paid: Walter, desk: TestDesk
) -> None:
    issued = desk.do(issue_superbill, order(paid)).value
    assert desk.ask(superbill_numbered, " sb-2026-0001 ").id == issued
    assert [each.id for each in desk.ask(superbills_issued, FIRST, LAST)] == [issued]
    assert desk.ask(superbills_issued, LAST) == []
    assert desk.ask(superbills_issued, client_id=uuid4()) == []
    for query, missing in ((superbill, uuid4()), (superbill_content, uuid4())):
        with pytest.raises(NotFound):
            desk.ask(query, missing)
    with pytest.raises(NotFound):
        desk.ask(superbill_numbered, "SB-2026-0999")
    with pytest.raises(NotFound):
        desk.ask(superbill_paper, uuid4())


def test_one_client_alone_is_looked_at(
    paid: Walter, couple: tuple[Walter, Walter], desk: TestDesk
) -> None:
    ruth = complete(couple[1])
    hold(ruth, 6)
    ruth.pay(165_00)
    assert len(november(paid).checked) == 2
    (only,) = desk.ask(overview, FIRST, LAST, client_id=ruth.client_id).checked
    assert only.draft.title == "Ruth Okonkwo"


def test_a_slice_of_a_month_issues_what_it_can(
    paid: Walter, couple: tuple[Walter, Walter], desk: TestDesk
) -> None:
    ruth = complete(couple[1])
    hold(ruth, 6)
    ruth.pay(165_00)
    orders = [order(paid), order(ruth), order(paid)]
    first, second, third = desk.do(issue_superbills, orders).value
    assert (first.refusal, second.refusal) == ("", "")
    assert "no paid session" in third.refusal
    assert desk.do(issue_superbills, orders[:2]).value == (first, second)
    assert [each.number for each in desk.ask(superbills_issued)] == ["SB-2026-0002", "SB-2026-0001"]
