"""The superbills' page without a window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.rules import findings
from app.core.billing.superbills.rules.findings import Finding, Severity
from app.core.cases.commands import add_client_with_case, add_couple
from app.core.cases.queries import cases_of_client
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.queries import services
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.ui.billing import superbills_issuing
from app.ui.billing.superbills_mending import place_to_mend
from app.ui.billing.superbills_presenter import (
    SuperbillsPresenter,
    last_month,
    month_of,
    month_to_bill,
)
from app.ui.billing.superbills_rows import Kind
from app.ui.shell.places import Place
from tests.core.paper.reading import text
from tests.support.practice import StoredPractice, TestDesk
from tests.support.pumping import Pump
from tests.ui.billing.scene import PEOPLE, Someone, stored_october

FEW = (
    *(each for each in PEOPLE if each.name.split()[0] in ("Noor", "Jun", "Ada")),
    Someone("Ruth Okonkwo", 2, unpaid=1),
)


class Scene:
    """A presenter of October with four clients, and the pump that brings its answers."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk = desk
        self.pump = Pump()
        self.page = self.opened()

    def opened(self, whose: tuple[str, object] | None = None) -> SuperbillsPresenter:
        page = SuperbillsPresenter(self.desk, self.pump, whose=whose)  # type: ignore[arg-type]
        page.refresh()
        self.pump.until(lambda: page.found is not None)
        return page

    def titles(self, kind: Kind) -> list[str]:
        return [row.title for row in self.page.rows if row.kind is kind]

    def create(self) -> None:
        self.page.create()
        self.settle()

    def settle(self) -> None:
        self.pump.until(lambda: self.page.work is None)
        self.page.refresh()
        wanted = self.page.found
        self.pump.until(lambda: self.page.found is not wanted)


@pytest.fixture(scope="module")
def stored_practice(tmp_path_factory: pytest.TempPathFactory) -> StoredPractice:
    """A practice with that October, made once for this file."""
    return stored_october(tmp_path_factory, FEW)


@pytest.fixture
def scene(desk: TestDesk) -> Iterator[Scene]:
    made = Scene(desk)
    yield made
    made.page.close()


def test_the_month_that_ended_is_shown_in_groups(scene: Scene) -> None:
    page = scene.page
    assert (page.first_on, page.last_on) == (date(2026, 10, 1), date(2026, 10, 31))
    assert scene.titles(Kind.REFUSED_HEAD) == ["1 an insurer would refuse"]
    assert scene.titles(Kind.FINDING) == ["The diagnosis begins Oct 29; four sessions are earlier."]
    assert scene.titles(Kind.BILL) == ["Jun Tanaka", "Ada Lowry", "Ruth Okonkwo"]
    assert (len(page.chosen), str(page.chosen_sum), page.client_count) == (3, "$1,485.00", 4)
    spoken = [row.spoken() for row in page.rows]
    assert any("Make valid from Oct 8" in words for words in spoken)
    assert "Ada Lowry, D. Whitfield, 4 sessions, $660.00, chosen" in spoken


def test_a_one_click_mend_moves_the_client_to_the_next_group(scene: Scene) -> None:
    blocked = next(row.finding for row in scene.page.rows if row.finding)
    assert blocked is not None
    assert scene.page.mend(blocked)
    scene.pump.until(lambda: not scene.titles(Kind.REFUSED))
    jun = next(each for each in scene.page.chosen if each.draft.title == "Jun Tanaka")
    assert scene.page.mend(jun.findings[0])
    scene.pump.until(lambda: not scene.titles(Kind.LOOK_HEAD))
    assert len(scene.page.chosen) == 4


def test_what_cannot_be_mended_by_a_click_leads_to_the_field() -> None:
    client, session, case, practice = (uuid4() for _ in range(4))
    expected = {
        findings.link("", "client", client, "birth_date"): Place(
            "people", ("client", client), "details", {"field": "birth_date"}
        ),
        findings.link("", "client", client, "diagnosis"): Place(
            "people", ("client", client), "clinical", {"field": "diagnosis"}
        ),
        findings.link("", "client", client, "payment"): Place(
            "billing", part="payments", ask={"client": str(client)}
        ),
        findings.link("", "appointment", session, "note"): Place(
            "clinical", ask={"appointment": str(session)}
        ),
        findings.link("", "case", case, "fees"): Place(
            "people", ("case", case), "billing", {"field": "fees"}
        ),
        findings.link("", "practice", practice, "tax_id"): Place(
            "settings", None, "identifiers", {"field": "tax_id", "record": str(practice)}
        ),
        findings.link("", "practice", practice, "phone"): Place(
            "settings", None, "practice", {"field": "phone", "record": str(practice)}
        ),
    }
    for mend, place in expected.items():
        assert place_to_mend(mend) == place


def test_a_mend_that_leads_elsewhere_is_not_done_here(scene: Scene) -> None:
    mend = findings.link("Add date of birth", "client", uuid4(), "birth_date")
    assert not scene.page.mend(Finding("no_birth_date", Severity.BLOCK, "", mend))


def test_the_proof_of_the_selected_one_is_shown(scene: Scene) -> None:
    page = scene.page
    refused = next(row for row in page.rows if row.kind is Kind.REFUSED)
    page.select(refused.key)
    scene.pump.until(lambda: page.paper is not None)
    assert page.paper is not None
    assert "Noor Haddad" in text(page.paper)
    assert "Given when created" in text(page.paper)


def test_chosen_ones_are_created_and_a_second_click_does_nothing_more(scene: Scene) -> None:
    page = scene.page
    ruth = next(row for row in page.rows if row.title == "Ruth Okonkwo")
    page.toggle(ruth.key)
    assert len(page.chosen) == 2
    page.create()
    page.create()
    scene.settle()
    assert page.message == "2 superbills created."
    assert [each.number for each in page.live] == ["SB-2026-0001", "SB-2026-0002"]
    assert scene.titles(Kind.BILL) == ["Ruth Okonkwo"]
    assert str(page.live_sum) == "$1,320.00"
    scene.create()
    assert len(page.live) == 2, "nothing is chosen any more"
    page.toggle(ruth.key)
    scene.create()
    assert page.message == "1 superbill created."


def test_the_refused_cannot_be_chosen(scene: Scene) -> None:
    refused = next(row for row in scene.page.rows if row.kind is Kind.REFUSED)
    scene.page.toggle(refused.key)
    assert len(scene.page.chosen) == 3


def test_cancel_keeps_what_has_its_number(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(superbills_issuing, "ORDERS_AT_ONCE", 1)
    page = scene.page
    page.create()
    scene.pump.until(lambda: page.work is None or page.work.done == 1)
    page.cancel()
    scene.settle()
    assert 1 <= len(page.live) <= 2
    assert "created" in page.message


def test_what_changed_meanwhile_is_told_and_the_others_are_created(scene: Scene) -> None:
    page = scene.page
    first, second, third = (page._orders.order(each) for each in page.chosen)
    page._issuing.start((first, replace(second, charge_ids=(uuid4(),)), third))
    scene.settle()
    assert page.message.startswith("2 superbills created. 1 not: The sessions changed")


def test_a_long_one_takes_its_number_first(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(superbills_issuing, "LINES_AT_ONCE", 0)
    scene.create()
    assert len(scene.page.live) == 3


def test_an_issued_one_is_printed_replaced_and_found_in_the_history(scene: Scene) -> None:
    page = scene.page
    scene.create()
    first = page.live[0]
    page.select(first.id)
    scene.pump.until(lambda: page.paper is not None)
    page.take_out(to_file=True)
    scene.pump.until(lambda: page.outbox is not None)
    paper = page.taken()
    assert paper is not None
    assert (paper.name, paper.to_file) == ("SB-2026-0001", True)
    again = page.taken()
    assert again is None
    page.supersede()
    scene.pump.until(lambda: page.selected != first.id and page.selected_issued() is not None)
    replacing = page.selected_issued()
    assert replacing is not None
    assert replacing.supersedes == "SB-2026-0001"
    page.show_history(True)
    scene.pump.until(lambda: page.all_issued is not None and len(page.rows) == 5)
    assert any(row.note == "Replaced by SB-2026-0004" for row in page.rows)
    page.show_history(False)
    page.take_out_all(to_file=False)
    scene.pump.until(lambda: page.outbox is not None)
    stacked = page.taken()
    assert stacked is not None
    assert stacked.name == "Superbills 2026-10"
    assert "SB-2026-0001" not in text(stacked.content).replace(
        "Replaces superbill SB-2026-0001", ""
    )


def test_proofs_are_printed_without_a_number(scene: Scene) -> None:
    scene.page.take_proofs()
    scene.pump.until(lambda: scene.page.outbox is not None)
    paper = scene.page.taken()
    assert paper is not None
    assert text(paper.content).count("Not issued") == 3
    assert scene.page.live == ()


def test_months_are_stepped_through(scene: Scene) -> None:
    scene.page.step_month(1)
    assert scene.page.first_on == date(2026, 11, 1)
    scene.page.step_month(-1)
    scene.pump.until(lambda: scene.page.found is not None and bool(scene.page.rows))
    assert month_of(date(2024, 2, 9))[1] == date(2024, 2, 29)
    assert last_month(date(2026, 1, 15)) == (date(2025, 12, 1), date(2025, 12, 31))


def test_one_clients_dates_are_shown_from_their_record(scene: Scene, desk: TestDesk) -> None:
    ada = next(each for each in scene.page.chosen if each.draft.title == "Ada Lowry").draft.key[0]
    (case,) = desk.ask(cases_of_client, ada)
    for whose in (("client", ada), ("case", case.id)):
        page = scene.opened(whose)
        assert [each.draft.title for each in page.chosen] == ["Ada Lowry"]
        page.show_dates(date(2026, 10, 1), date(2026, 10, 9))
        scene.pump.until(lambda shown=page: shown.found is not None)  # type: ignore[misc]
        assert len(page.chosen[0].draft.lines) == 1
        page.close()


def test_a_record_opens_on_the_month_with_something_to_bill(scene: Scene, desk: TestDesk) -> None:
    walter = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
    couple = desk.do(
        add_couple,
        NewClient(PersonName("Ana", "", "Li")),
        NewClient(PersonName("Bo", "", "Li")),
        identified=1,
    ).value
    (service,) = desk.ask(services)
    for added, pays, day in ((walter, 0, 12), (couple, 0, 5)):
        booking = Booking(added.case_id, datetime(2026, 11, day, 9), lines=(Line(service.id),))
        desk.do(attend, desk.do(book_session, booking).value)
        paid = PaymentEntry(
            uuid4(), added.client_ids[pays], Money(165_00), Method.CASH, date(2026, 11, day)
        )
        desk.do(record_payment, paid)
        page = scene.opened(("case", added.case_id))
        assert (page.first_on, page.last_on) == (date(2026, 11, 1), date(2026, 11, 30))
        assert len(page.found.checked) == 1 if page.found else False
        page.close()


@pytest.mark.parametrize(
    ("waiting", "first_on"),
    [
        ((), date(2026, 10, 1)),
        ((date(2026, 9, 3), date(2026, 10, 8), date(2026, 11, 5)), date(2026, 10, 1)),
        ((date(2026, 8, 3), date(2026, 9, 3)), date(2026, 9, 1)),
    ],
)
def test_last_month_comes_first_while_it_has_something_to_bill(
    waiting: tuple[date, ...], first_on: date
) -> None:
    assert month_to_bill(list(waiting), date(2026, 10, 1)) == month_of(first_on)


def test_dates_the_wrong_way_round_are_told(scene: Scene) -> None:
    page = scene.page
    page.show_dates(date(2026, 10, 31), date(2026, 10, 1))
    scene.pump.until(lambda: page.problem is not None)


def test_unpaid_sessions_are_counted_and_can_be_included(scene: Scene) -> None:
    page = scene.page
    assert page.unpaid_count == 1
    (ruth,) = (row for row in page.rows if row.title == "Ruth Okonkwo")
    assert (ruth.sessions, ruth.note) == ("1 session", "")
    page.include(True)
    scene.pump.until(lambda: page.unpaid_count == 0)
    (ruth,) = (row for row in page.rows if row.title == "Ruth Okonkwo")
    assert (ruth.sessions, ruth.note) == ("2 sessions", "Not paid, Oct 13")
