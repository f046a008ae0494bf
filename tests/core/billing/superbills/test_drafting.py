"""Which sessions go on which superbill, and what its paper says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.billing.superbills.content.composing import compose, issued
from app.core.billing.superbills.content.printed import Provider, read_superbill
from app.core.billing.superbills.rules.choosing import (
    LeftOut,
    Wish,
    choose,
    omission_words,
    why_left_out,
)
from app.core.billing.superbills.rules.drafting import drafts, issued_already, license_for
from app.core.billing.superbills.rules.facts import Session
from app.core.billing.superbills.rules.findings import Severity
from app.core.billing.superbills.rules.orders import (
    Order,
    check_dates,
    chosen_draft,
    refuse_blocked,
)
from app.core.billing.superbills.rules.preflight import check
from app.core.kernel.errors import ChangedSince, UserError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.practice.rules.catalogue import CaseKind
from tests.core.billing.superbills import made


@pytest.mark.parametrize(
    ("session", "reason"),
    [
        (made.session(), None),
        (made.session(paid=Money(1)), None),
        (made.session(paid=Money(0)), LeftOut.UNPAID),
        (made.session(attended=False), LeftOut.MISSED),
        (made.session(attended=False, paid=Money(0)), LeftOut.MISSED),
        (made.session(case_kind=CaseKind.CONSULTATION), LeftOut.NO_SUPERBILLS),
        (made.session(case_kind=CaseKind.WORKSHOP), LeftOut.NO_SUPERBILLS),
        (made.session(amount=Money(0), paid=Money(0)), LeftOut.NOT_CHARGED),
        (made.session(live_on=(made.HOLDER,)), LeftOut.ISSUED),
        (made.session(case_kind=CaseKind.COUPLE), None),
    ],
)
def test_paid_sessions_that_were_held_go_in(session: Session, reason: LeftOut | None) -> None:
    assert why_left_out(session, Wish()) is reason


def test_unpaid_lines_go_in_only_when_the_person_says_so() -> None:
    unpaid = made.session(paid=Money(0))
    assert why_left_out(unpaid, Wish(include_unpaid=True)) is None
    assert (
        why_left_out(replace(unpaid, attended=False), Wish(include_unpaid=True)) is LeftOut.MISSED
    )


def test_what_is_left_out_is_listed_with_the_reason() -> None:
    sessions = [made.session(13, paid=Money(0)), made.session(6), made.session(8, attended=False)]
    chosen, omitted = choose(sessions, Wish())
    assert [line.held_on.day for line in chosen] == [6]
    assert omission_words(omitted) == "Left out: Oct 8, missed or canceled late; Oct 13, not paid."
    assert omission_words(()) == ""


def test_one_person_has_one_superbill_and_a_stranger_another() -> None:
    ana = UUID(int=77)
    people = {
        made.CLIENT: made.PRIYA,
        ana: replace(made.PRIYA, client_id=ana, name=PersonName("Ana", "", "Abel")),
    }
    lines = (made.session(6), made.session(13), made.session(20, client_id=ana))
    found = drafts(made.facts(*lines, people=people), made.FIRST, made.LAST, Wish())
    assert [(draft.title, len(draft.lines)) for draft in found] == [
        ("Ana Abel", 1),
        ("Priya Raman", 2),
    ]
    assert len({draft.key for draft in found}) == 2


def test_a_person_with_nothing_left_in_has_no_draft() -> None:
    known = made.facts(made.session(paid=Money(0)))
    assert drafts(known, made.FIRST, made.LAST, Wish()) == ()


def test_what_a_live_superbill_holds_is_issued_already() -> None:
    known = made.facts(made.session(6, live_on=(made.HOLDER,)), made.session(13))
    assert [each.session.held_on.day for each in issued_already(known, Wish())] == [6]


def test_a_license_that_changed_makes_two_superbills() -> None:
    before = made.licensed("139204", None, date(2026, 10, 14))
    after = made.licensed("99001", date(2026, 10, 15), license_id=UUID(int=43))
    clinicians = {made.DANA: replace(made.OWNER, licenses=(before, after))}
    known = made.facts(made.session(13, paid=Money(1)), made.session(20), clinicians=clinicians)
    first, second = drafts(known, made.FIRST, made.LAST, Wish())
    assert first.providers.rendering.license_number == "139204"
    assert second.providers.rendering.license_number == "99001"
    assert first.key != second.key
    assert first.omitted == second.omitted == ()


def test_of_two_superbills_the_person_chooses_by_their_lines() -> None:
    before = made.licensed("139204", None, date(2026, 10, 14))
    after = made.licensed("99001", date(2026, 10, 15))
    clinicians = {made.DANA: replace(made.OWNER, licenses=(before, after))}
    known = made.facts(made.session(13), made.session(20), clinicians=clinicians)
    checked = [check(each) for each in drafts(known, made.FIRST, made.LAST, Wish())]
    order = Order(UUID(int=1), made.CLIENT, made.FIRST, made.LAST)
    with pytest.raises(UserError, match="license changed") as refused:
        chosen_draft(order, checked, ())
    assert refused.value.field == "first_on"
    chosen = chosen_draft(replace(order, charge_ids=(UUID(int=120),)), checked, ())
    assert chosen.draft.lines[0].held_on.day == 20
    with pytest.raises(ChangedSince):
        chosen_draft(replace(order, charge_ids=(UUID(int=1),)), checked, ())


def test_dates_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(UserError, match="before the first") as refused:
        check_dates(made.LAST, made.FIRST)
    assert refused.value.field == "last_on"
    check_dates(made.FIRST, made.FIRST)


def test_a_session_concerns_its_patient_or_everybody_while_nobody_is_named() -> None:
    both = (made.CLIENT, made.TOMAS)
    own = made.session(participants=both)
    nameless = made.session(client_id=None, participants=both)
    assert [own.concerns(each) for each in (*both, made.DANA)] == [True, False, False]
    assert [nameless.concerns(each) for each in (*both, made.DANA)] == [True, True, False]


def test_nothing_to_issue_is_said_with_what_was_left_out() -> None:
    _, omitted = choose([made.session(paid=Money(0))], Wish())
    order = Order(UUID(int=1), made.CLIENT, made.FIRST, made.LAST)
    with pytest.raises(UserError, match=r"no paid session .* Left out: Oct 6, not paid"):
        chosen_draft(order, (), omitted)


def test_a_block_refuses_with_its_field() -> None:
    checked = check(made.draft(made.facts(practice=replace(made.OWN, zip=""))))
    with pytest.raises(UserError, match="address is not complete") as refused:
        refuse_blocked(checked)
    assert refused.value.field == "address1"
    assert refused.value.record == ("practice", str(made.PRACTICE))
    assert checked.severity is Severity.BLOCK


def test_the_nearest_license_is_printed_for_a_day_outside_all() -> None:
    old = made.licensed("1", date(2020, 1, 1), date(2022, 1, 1))
    new = made.licensed("2", date(2026, 10, 10))
    clinician = replace(made.OWNER, licenses=(old, new))
    assert license_for(clinician, date(2026, 10, 6)) == new
    assert license_for(clinician, date(2022, 2, 1)) == old
    assert license_for(replace(made.OWNER, licenses=()), date(2026, 10, 6)) is None


def test_the_paper_says_what_the_draft_holds() -> None:
    second = replace(
        made.DEPRESSION, id=UUID(int=90), code="F51.01", valid_from=date(2026, 10, 10), position=1
    )
    lines = (
        made.session(6, usual_fee=Money(20000)),
        made.session(13, place="12", place_address="9 Lantern Court"),
    )
    content = compose(
        made.draft(made.facts(*lines, diagnoses={made.CLIENT: (made.DEPRESSION, second)}))
    )
    assert [(each.letter, each.code) for each in content.diagnoses] == [
        ("A", "F33.1"),
        ("B", "F51.01"),
    ]
    assert [line.pointers for line in content.lines] == ["A", "AB"]
    assert (content.lines[0].fee, content.lines[0].adjustment) == (Money(20000), Money(-3500))
    assert content.charged == Money(36500)
    assert content.adjusted == Money(-3500)
    assert content.paid == Money(33000)
    assert not content.balance
    assert content.has_adjustments
    assert [(place.code, place.address) for place in content.places] == [("12", "9 Lantern Court")]
    assert content.providers.rendering == Provider(
        "Dana Whitfield, LMFT", "84117", "LMFT", "CA", "1234567893", "106H00000X"
    )
    assert content.is_proof


def test_a_supervised_session_names_both() -> None:
    known = made.facts(made.session(rendering_id=made.TOMAS, supervisor_id=made.DANA))
    providers = compose(made.draft(known)).providers
    assert providers.rendering.license_number == "139204"
    assert providers.identified.npi == "1234567893"


def test_a_draft_without_patient_still_makes_a_proof() -> None:
    couple = made.session(client_id=None, case_kind=CaseKind.COUPLE, case_title="Greer & Holt")
    content = compose(made.draft(made.facts(couple)))
    assert content.patient.legal_name == "Greer & Holt"
    assert content.insurance is None
    assert content.lines[0].pointers == ""


def test_the_legal_name_is_printed_and_the_chosen_one_listed() -> None:
    known = made.facts(
        people={
            made.CLIENT: replace(made.PRIYA, name=PersonName("Priya", "K.", "Raman", "", "Pri"))
        }
    )
    draft = made.draft(known)
    assert draft.title == "Pri Raman"
    assert compose(draft).patient.legal_name == "Priya K. Raman"


def test_issuing_freezes_number_and_date_and_changes_the_check_code() -> None:
    proof = compose(made.draft())
    content = issued(proof, "SB-2026-0001", date(2026, 11, 19))
    assert not content.is_proof
    assert content.check_code() != proof.check_code()
    assert len(content.check_code()) == 19
    assert content.sha256().startswith(content.check_code().replace(" ", "").lower())


@given(
    day=st.integers(1, 31),
    cents=st.integers(0, 10_000_000),
    words=st.text(max_size=40),
    modifiers=st.lists(st.sampled_from(["95", "HO", "GT"]), max_size=4),
)
def test_canonical_json_reads_back_as_it_was(
    day: int, cents: int, words: str, modifiers: list[str]
) -> None:
    line = made.session(
        day,
        paid=Money(cents),
        description=words,
        modifiers=tuple(modifiers),
        amount=Money(cents + 1),
    )
    content = compose(made.draft(made.facts(line), include_unpaid=True))
    text = content.canonical()
    assert read_superbill(text) == content
    assert read_superbill(text).canonical() == text


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(0, 3), st.booleans(), st.booleans()), max_size=12
    )
)
def test_no_session_is_lost_or_doubled(rows: list[tuple[int, int, bool, bool]]) -> None:
    sessions = tuple(
        made.session(
            day,
            charge_id=UUID(int=5000 + number),
            paid=Money(paid * 5500),
            attended=attended,
            live_on=(made.HOLDER,) if live else (),
        )
        for number, (day, paid, attended, live) in enumerate(rows)
    )
    found = drafts(
        made.facts(*sessions) if sessions else replace(made.facts(), sessions=()),
        made.FIRST,
        made.LAST,
        Wish(),
    )
    lines = [line for draft in found for line in draft.lines]
    assert len({line.charge_id for line in lines}) == len(lines)
    assert all(line.attended and line.paid and not line.live_on for line in lines)
    assert sum(line.attended and bool(line.paid) and not line.live_on for line in sessions) == len(
        lines
    )
