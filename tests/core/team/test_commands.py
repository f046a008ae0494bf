"""Setting up a practice, members, licenses, and settings wherever they are kept."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from app.core.kernel.errors import UserError
from app.core.practice import queries as practice_queries
from app.core.practice.rules.identifiers import TaxIdKind
from app.core.practice.rules.settings import SETTINGS
from app.core.team import queries
from app.core.team.commands import (
    add_license,
    change_license,
    change_member,
    change_setting,
    remove_license,
    set_up_practice,
)
from app.core.team.rules import LicenseFields, MemberFields
from tests.support.practice import OWNER, TestDesk


def test_set_up_makes_owner_office_and_hours(desk: TestDesk, owner_id: UUID) -> None:
    assert desk.ask(practice_queries.practice).name == "Alder Street Therapy"
    assert desk.ask(practice_queries.practice).link_name == "alder-street-therapy"
    assert desk.ask(queries.owner).titled == "Dana Whitfield, LMFT"
    office = desk.ask(practice_queries.locations)[0]
    assert (office.name, office.place_of_service) == ("Office", "11")
    assert office.address.city == "Alder Bay"
    assert len(desk.ask(practice_queries.office_hours)) == 5
    assert [each.id for each in desk.ask(queries.providers)] == [owner_id]


def test_a_file_holds_one_practice(desk: TestDesk) -> None:
    with pytest.raises(UserError, match="already"):
        desk.do(set_up_practice, OWNER)


def test_a_provider_as_of_a_day_has_the_license_of_that_day(desk: TestDesk, owner_id: UUID) -> None:
    old = LicenseFields("AMFT 9001", "CA", "AMFT", date(2018, 1, 1), date(2020, 12, 31))
    license_id = desk.do(add_license, owner_id, old).value
    before = desk.ask(queries.provider_as_of, owner_id, date(2020, 6, 1))
    assert before.license is not None
    assert before.license.words == "AMFT 9001, CA"
    assert before.member.short == "D. Whitfield"
    now = desk.ask(queries.provider_as_of, owner_id, date(2026, 11, 19))
    assert now.license is not None
    assert now.license.words == "LMFT 84117, CA"
    desk.do(change_license, license_id, LicenseFields("9002", "OR", "AMFT"))
    changed = {each.id: each for each in desk.ask(queries.licenses, owner_id)}
    assert changed[license_id].words == "AMFT 9002, OR"
    removed = desk.do(remove_license, license_id)
    assert len(desk.ask(queries.providers_licensed, [owner_id])[owner_id][1]) == 1
    assert removed.undo is not None
    desk.undo(removed.undo).result()
    assert len(desk.ask(queries.licenses, owner_id)) == 2


def test_a_member_changes(desk: TestDesk, owner_id: UUID) -> None:
    desk.do(change_member, owner_id, MemberFields("Dana", "Whitfield-Roe", "LMFT, PhD"))
    assert desk.ask(queries.member, owner_id).initials == "DR"


def test_settings_are_changed_wherever_they_are_kept(desk: TestDesk, owner_id: UUID) -> None:
    desk.do(change_setting, "idle_minutes", "30")
    desk.do(change_setting, "idle_minutes", "45")
    desk.do(change_setting, "npi", "1245319599")
    desk.do(change_setting, "ein", "98-7654321")
    desk.do(change_setting, "invoice.footer", "Checks to Alder Street")
    values = {spec.key: value for spec, value in desk.ask(queries.setting_values)}
    assert set(values) == {spec.key for spec in SETTINGS}
    assert values["lock.idle_minutes"] == 45
    assert desk.ask(practice_queries.setting, "lock.idle_minutes") == 45
    assert desk.ask(queries.member, owner_id).npi == "1245319599"
    assert values["practice.tax_id"] == "98-7654321"
    desk.do(change_setting, "ssn", "123-45-6789")
    fields = desk.ask(practice_queries.practice).fields
    assert (fields.tax_id, fields.tax_id_kind) == ("123-45-6789", TaxIdKind.SSN)


@pytest.mark.parametrize("key", [spec.key for spec in SETTINGS])
def test_every_setting_takes_its_own_value_back(desk: TestDesk, key: str) -> None:
    values = {spec.key: value for spec, value in desk.ask(queries.setting_values)}
    spoken = {True: "yes", False: "no"}.get(values[key], str(values[key]))  # type: ignore[call-overload]
    desk.do(change_setting, key, spoken)
    again = {spec.key: value for spec, value in desk.ask(queries.setting_values)}
    assert again == values


def test_a_value_that_does_not_fit_changes_nothing(desk: TestDesk) -> None:
    before = desk.ask(queries.setting_values)
    for key, text in [("npi", "1234567890"), ("zone", "Mars"), ("idle_minutes", "x")]:
        with pytest.raises(UserError):
            desk.do(change_setting, key, text)
    assert desk.ask(queries.setting_values) == before
