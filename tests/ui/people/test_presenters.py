"""The clients' screens without a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from app.core.cases.commands import Added
from app.core.cases.queries import case
from app.core.cases.rules import ClientFilter, PayerFields
from app.core.kernel.changes import Outcome
from app.core.kernel.errors import PlanRefuses, UserError
from app.core.kernel.text import PersonName
from app.core.people.queries import activity, client, lifecycle_counts
from app.core.people.rules import (
    ContactFields,
    EmailFields,
    Grants,
    Lifecycle,
    Verification,
)
from app.core.tasks.queries import When
from app.ui.people.adding_presenter import AddPresenter, TypedPerson
from app.ui.people.details_presenter import DetailsPresenter
from app.ui.people.lifecycles import offered
from app.ui.people.onboarding import onboarding
from app.ui.people.record_presenter import RecordPresenter
from app.ui.people.relationships_presenter import RelationshipsPresenter
from app.ui.people.roster_presenter import people_roster, records_roster
from app.ui.people.sections.case import case_value
from app.ui.shell.form_presenter import at_once
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.ui.people.scene import Small, with_sessions

TODAY = date(2026, 11, 19)


def write_down(adding: AddPresenter, position: int, person: TypedPerson) -> None:
    """Type a person into the form, as its fields do."""
    people = list(adding.typed.people)
    people[position] = person
    adding.typed.people = people


@dataclass
class Told:
    """What a presenter tells the shell."""

    outcomes: list[Outcome[Any]] = field(default_factory=list)
    problems: list[Exception] = field(default_factory=list)


def unexpected(problem: Exception) -> None:
    """Fail: nothing was to be refused."""
    pytest.fail(str(problem))


@pytest.fixture
def pump() -> Pump:
    """The window's thread, by hand."""
    return Pump()


@pytest.fixture
def told() -> Told:
    """What was told."""
    return Told()


@pytest.fixture
def when(desk: TestDesk) -> Callable[[], When]:
    """The moment of the pictures."""
    return lambda: When(desk.clock.now(), TODAY)


class TestRoster:
    def test_it_filters_counts_and_finds(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When], small: Small
    ) -> None:
        roster = people_roster(desk, pump, when)
        roster.refresh()
        pump.until(lambda: roster.lines is not None and bool(roster.counts))
        assert [each.row.client.name.display for each in roster.shown] == [
            "Ada Lowry",
            "Daniel Okonkwo-Bell",
            "Ruth Okonkwo",
        ]
        assert roster.counts[ClientFilter.PROSPECTS] == 1
        roster.search("0148")
        assert [each.row.client.id for each in roster.shown] == [small.ruth]
        roster.search("nobody")
        assert roster.shown == ()
        roster.show_all()
        assert roster.chosen is ClientFilter.EVERYONE
        pump.until(lambda: roster.lines is not None and len(roster.lines) == 4)
        assert not roster.nobody
        roster.close()

    def test_a_couple_is_one_record(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When], small: Small
    ) -> None:
        roster = records_roster(desk, pump, when)
        roster.refresh()
        pump.until(lambda: roster.lines is not None)
        assert [each.row.record for each in roster.shown] == [
            ("case", small.ada_case),
            ("case", small.couple_case),
        ]
        roster.search("ruth")
        assert [each.row.title for each in roster.shown] == ["Daniel & Ruth Okonkwo-Bell"]
        roster.close()

    def test_it_follows_what_is_written(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When]
    ) -> None:
        roster = people_roster(desk, pump, when)
        roster.refresh()
        pump.until(lambda: bool(roster.counts) and roster.lines is not None)
        assert roster.nobody
        adding = AddPresenter(desk, pump, lambda: TODAY, lambda _outcome: None)
        write_down(adding, 0, TypedPerson("Ada", "Lowry"))
        adding.add()
        pump.until(lambda: bool(roster.lines))
        assert roster.shown[0].row.client.name.display == "Ada Lowry"
        roster.close()
        adding.close()


class TestAdding:
    @pytest.fixture
    def done(self) -> list[Outcome[Added]]:
        return []

    @pytest.fixture
    def adding(self, desk: TestDesk, pump: Pump, done: list[Outcome[Added]]) -> AddPresenter:
        made = AddPresenter(desk, pump, lambda: TODAY, done.append)
        made.start("client")
        pump.until(lambda: made.capacity is not None)
        return made

    def test_a_name_is_enough(
        self, desk: TestDesk, pump: Pump, adding: AddPresenter, done: list[Outcome[Added]]
    ) -> None:
        write_down(adding, 0, TypedPerson("Ada", "Lowry", phone="7075550101"))
        assert adding.lifecycle is Lifecycle.ACTIVE
        adding.add()
        adding.add()
        pump.until(lambda: bool(done))
        pump.drain()
        assert len(done) == 1
        assert desk.ask(lifecycle_counts) == {Lifecycle.ACTIVE: 1}
        assert desk.ask(client, done[0].value.client_ids[0]).main_phone == "(707) 555-0101"
        assert adding.typed.is_empty

    def test_what_was_refused_stays_typed(
        self, pump: Pump, adding: AddPresenter, done: list[Outcome[Added]]
    ) -> None:
        write_down(adding, 0, TypedPerson("Ada", "Lowry", email="nowhere"))
        adding.add()
        pump.until(lambda: adding.problem is not None)
        assert isinstance(adding.problem, UserError)
        assert adding.problem.field == "emails"
        assert adding.typed.people[0].email == "nowhere"
        adding.start("client")
        assert adding.typed.people[0].given == "Ada"
        assert done == []

    def test_a_couple_may_take_somebody_who_is_here_already(
        self,
        desk: TestDesk,
        pump: Pump,
        small: Small,
        adding: AddPresenter,
        done: list[Outcome[Added]],
    ) -> None:
        adding.start("couple")
        pump.until(lambda: bool(adding.name_of(small.ada)))
        write_down(adding, 0, TypedPerson("ada", "LOWRY"))
        (found,) = adding.like(0)
        adding.use(0, found.id)
        assert adding.like(0) == []
        write_down(adding, 1, TypedPerson("Bo", "Holt"))
        adding.typed.identified = 0
        adding.add()
        pump.until(lambda: bool(done))
        made = desk.ask(case, done[0].value.case_id)
        assert made.title == "Lowry & Holt"
        assert made.identified_client_id == small.ada

    def test_a_full_plan_offers_a_prospect(
        self, pump: Pump, adding: AddPresenter, done: list[Outcome[Added]]
    ) -> None:
        for number in range(10):
            write_down(adding, 0, TypedPerson(f"P{number}", "Li"))
            adding.add()
            pump.until(lambda number=number: len(done) > number)  # type: ignore[misc]
        adding.start("client")
        pump.until(lambda: adding.capacity is not None and adding.capacity.used == 10)
        write_down(adding, 0, TypedPerson("Eleventh", "Li"))
        assert adding.lifecycle is Lifecycle.PROSPECT
        adding.typed.lifecycle = Lifecycle.ACTIVE
        adding.add()
        pump.until(lambda: isinstance(adding.problem, PlanRefuses))
        assert len(done) == 10


class TestRecord:
    @pytest.fixture
    def record(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When], small: Small, told: Told
    ) -> RecordPresenter:
        made = RecordPresenter(
            desk,
            pump,
            when,
            ("client", small.ruth),
            did=told.outcomes.append,
            failed=told.problems.append,
        )
        made.refresh()
        pump.until(lambda: made.found is not None)
        return made

    def test_a_clients_record_is_their_case(self, record: RecordPresenter, small: Small) -> None:
        assert record.case_id == small.couple_case

    def test_opening_is_noted(
        self, desk: TestDesk, pump: Pump, record: RecordPresenter, small: Small
    ) -> None:
        record.note_opening()
        desk.ask(client, small.ruth)
        pump.until(lambda: "Open chart" in [each.label for each in desk.ask(activity, small.ruth)])

    def test_statuses_change_by_their_own_commands(
        self, desk: TestDesk, pump: Pump, record: RecordPresenter, small: Small, told: Told
    ) -> None:
        for status in (
            Lifecycle.INACTIVE,
            Lifecycle.ARCHIVED,
            Lifecycle.WAITLIST,
            Lifecycle.ACTIVE,
        ):
            before = len(told.outcomes)
            record.move(small.ruth, status)
            pump.until(lambda before=before: len(told.outcomes) > before)  # type: ignore[misc]
            assert desk.ask(client, small.ruth).lifecycle is status

    def test_a_case_closes_and_opens_again(
        self, desk: TestDesk, pump: Pump, record: RecordPresenter, small: Small, told: Told
    ) -> None:
        record.close_or_reopen()
        pump.until(lambda: len(told.outcomes) == 1)
        assert not desk.ask(case, small.couple_case).is_open
        pump.until(lambda: record.found is not None and not record.found.case.is_open)  # type: ignore[union-attr]
        record.close_or_reopen()
        pump.until(lambda: len(told.outcomes) == 2)
        assert desk.ask(case, small.couple_case).is_open

    def test_a_record_that_is_gone_is_one_sentence(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When], told: Told
    ) -> None:
        nobody = UUID(int=7)
        made = RecordPresenter(
            desk,
            pump,
            when,
            ("case", nobody),
            did=told.outcomes.append,
            failed=told.problems.append,
        )
        made.refresh()
        pump.until(lambda: made.problem is not None)
        assert made.problem is not None
        assert made.problem.sentence.count(".") == 1

    def test_onboarding_says_what_is_missing(
        self, desk: TestDesk, pump: Pump, record: RecordPresenter, small: Small
    ) -> None:
        assert record.found is not None
        missing = [each.words for each in onboarding(record.found) if not each.done]
        assert missing == ["Address, Daniel", "First appointment", "Diagnosis"]
        with_sessions(desk, small)
        pump.until(lambda: record.found is not None and record.found.held == 3)
        assert record.found is not None
        missing = [each.words for each in onboarding(record.found) if not each.done]
        assert missing == ["Address, Daniel", "Diagnosis"]


class TestDetails:
    @pytest.fixture
    def details(
        self, desk: TestDesk, pump: Pump, when: Callable[[], When], small: Small, told: Told
    ) -> DetailsPresenter:
        made = DetailsPresenter(
            desk,
            pump,
            when,
            ("case", small.couple_case),
            did=told.outcomes.append,
            failed=told.problems.append,
        )
        made.refresh()
        pump.until(lambda: made.found is not None and bool(made.members) and bool(made.locations))
        return made

    def test_a_section_saves_and_can_be_undone(
        self, desk: TestDesk, pump: Pump, details: DetailsPresenter, small: Small, told: Told
    ) -> None:
        details.save_name(small.ruth, PersonName("Ruth", "", "Bell"), unexpected)
        pump.until(lambda: bool(told.outcomes))
        assert desk.ask(client, small.ruth).name.display == "Ruth Bell"
        assert told.outcomes[0].undo is not None

    def test_a_refusal_reaches_its_section(
        self, pump: Pump, details: DetailsPresenter, small: Small, told: Told
    ) -> None:
        refused: list[UserError] = []
        details.save_emails(small.ruth, (EmailFields("nowhere"),), refused.append)
        pump.until(lambda: bool(refused))
        assert refused[0].field == "emails"
        assert told.problems == []

    def test_only_what_changed_of_a_case_is_written(
        self, desk: TestDesk, pump: Pump, details: DetailsPresenter, small: Small, told: Told
    ) -> None:
        assert details.found is not None
        assert details.found.case is not None
        before = case_value(details.found.case)
        details.save_case(before, unexpected)
        changed = type(before)(
            small.daniel,
            before.relationship_label,
            before.provider_id,
            before.defaults,
            (PayerFields(client_id=small.ruth),),
        )
        details.save_case(changed, unexpected)
        pump.until(lambda: len(told.outcomes) == 2)
        made = desk.ask(case, small.couple_case)
        assert made.identified_client_id == small.daniel
        assert made.billing_words == "Ruth Okonkwo pays"


def test_a_menu_offers_every_other_status() -> None:
    assert offered(Lifecycle.ACTIVE, "Ruth") == [
        (Lifecycle.INTAKE_PENDING, "Begin Ruth’s intake"),
        (Lifecycle.WAITLIST, "Put Ruth on the waitlist"),
        (Lifecycle.INACTIVE, "Make Ruth inactive"),
        (Lifecycle.ARCHIVED, "Archive Ruth"),
    ]
    assert offered(Lifecycle.INACTIVE)[0] == (Lifecycle.ACTIVE, "Make active")


def test_a_new_helper_may_do_only_what_is_ticked(
    desk: TestDesk, pump: Pump, when: Callable[[], When], small: Small, told: Told
) -> None:
    presenter = RelationshipsPresenter(
        desk,
        pump,
        when,
        ("case", small.couple_case),
        did=told.outcomes.append,
        failed=told.problems.append,
    )
    form = presenter.form(small.ruth, at_once)
    refused: list[UserError] = []
    added: list[bool] = []

    def press(name: str) -> None:
        form.add(ContactFields(name), lambda: added.append(True), refused.append)

    press("")
    pump.until(lambda: bool(refused))
    press("Ana Okonkwo")
    press("Ana Okonkwo")
    pump.until(lambda: bool(added))
    assert [each.field for each in refused] == ["contact_name"]
    (tie,) = desk.ask(client, small.ruth).relationships
    assert (tie.grants, tie.is_emergency) == (Grants(), True)
    presenter.grant(tie, Grants(billing=True))
    presenter.verify(tie, Verification.VERIFIED)
    pump.until(lambda: len(told.outcomes) == 3)
    (tie,) = desk.ask(client, small.ruth).relationships
    assert (tie.grants, tie.verification) == (Grants(billing=True), Verification.VERIFIED)
    presenter.set_emergency(tie, False)
    presenter.remove(tie)
    pump.until(lambda: len(told.outcomes) == 5)
    assert desk.ask(client, small.ruth).relationships == ()
