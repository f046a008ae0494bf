"""The practice's catalogue, locations, hours and settings against a real file."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from uuid import uuid4

import pytest

from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.money import Money
from app.core.practice import queries
from app.core.practice.commands import (
    add_location,
    add_service,
    change_location,
    change_practice,
    change_service,
    retire_location,
    retire_service,
    set_office_hours,
    set_setting,
    start_numbers_at,
)
from app.core.practice.rules.catalogue import CaseKind, ServiceFields
from app.core.practice.rules.organization import Hours
from app.core.practice.rules.places import Address, LocationFields, SessionFormat
from tests.support.practice import TestDesk

SESSION = ServiceFields(
    "Individual session",
    code="0001Z",
    minutes=50,
    fee=Money(16500),
    modifiers=("95",),
    case_kinds=(CaseKind.INDIVIDUAL,),
)


def test_services_are_added_changed_and_retired(desk: TestDesk) -> None:
    first = desk.do(add_service, SESSION).value
    second = desk.do(add_service, ServiceFields("Couple session")).value
    one, two = desk.ask(queries.services)
    assert (one.id, two.id) == (first, second)
    assert one.color != two.color
    assert one.as_fields() == replace(SESSION, color=one.color)
    desk.do(change_service, first, replace(SESSION, fee=Money(18000)))
    changed = desk.ask(queries.service, first)
    assert (changed.fee, changed.color) == (Money(18000), one.color)
    retired = desk.do(retire_service, first)
    assert [each.id for each in desk.ask(queries.services)] == [second]
    assert len(desk.ask(queries.services, retired=True)) == 2
    assert retired.undo is not None
    desk.undo(retired.undo).result()
    assert len(desk.ask(queries.services)) == 2


def test_locations_are_added_changed_and_retired(desk: TestDesk) -> None:
    video = desk.do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value
    home = Address("2 Elm St", "", "Salem", "Oregon", "97301")
    desk.do(change_location, video, LocationFields("At home", address=home))
    found = desk.ask(queries.location, video)
    assert (found.place_of_service, found.address.state) == ("11", "OR")
    assert found.as_fields().name == "At home"
    desk.do(retire_location, video)
    assert [each.name for each in desk.ask(queries.locations)] == ["Office"]
    assert len(desk.ask(queries.locations, retired=True)) == 2


def test_what_is_not_there_is_one_sentence(desk: TestDesk) -> None:
    for query in (queries.service, queries.location):
        with pytest.raises(NotFound):
            desk.ask(query, uuid4())


def test_office_hours_are_replaced_and_keep_what_stays(desk: TestDesk) -> None:
    week = tuple(desk.ask(queries.office_hours))
    changed = (*week[1:], Hours(5, time(10), time(13)))
    desk.do(set_office_hours, changed)
    assert tuple(desk.ask(queries.office_hours)) == changed
    assert desk.do(set_office_hours, changed).changes.ids == frozenset()


def test_the_practice_changes(desk: TestDesk) -> None:
    fields = desk.ask(queries.practice).fields
    desk.do(change_practice, replace(fields, name="Alder", legal_name=""))
    assert desk.ask(queries.practice).billing_name == "Alder"
    assert desk.ask(queries.practice).zone == "America/Los_Angeles"
    assert desk.ask(queries.practice).address.is_complete


def test_a_setting_of_the_practice_itself_is_no_row(desk: TestDesk) -> None:
    with pytest.raises(UserError, match="changed with the practice"):
        desk.do(set_setting, "practice.name", "X")


def test_the_first_number_is_set_once(desk: TestDesk) -> None:
    desk.do(start_numbers_at, "INV", 120)
    with pytest.raises(UserError):
        desk.do(start_numbers_at, "INV", 0)
