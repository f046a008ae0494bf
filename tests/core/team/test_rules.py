"""Rules of members and their licenses."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.errors import UserError
from app.core.team.rules import (
    LicenseFields,
    MemberFields,
    check_license,
    check_member,
    holds_on,
    is_clinician,
    license_as_of,
    read_license,
)

OLD = LicenseFields("1", "CA", "AMFT", date(2020, 1, 1), date(2023, 6, 30))
NEW = LicenseFields("2", "CA", "LMFT", date(2023, 6, 30), None)
ALWAYS = LicenseFields("3", "OR")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 12, 31), None),
        (date(2020, 1, 1), OLD),
        (date(2023, 6, 29), OLD),
        (date(2023, 6, 30), NEW),
        (date(2030, 1, 1), NEW),
    ],
)
def test_the_license_that_began_last_of_those_that_hold(
    day: date, expected: LicenseFields | None
) -> None:
    assert license_as_of([OLD, NEW], day) is expected


def test_open_days_hold_always() -> None:
    assert holds_on(ALWAYS, date(1990, 1, 1))
    assert license_as_of([ALWAYS, OLD], date(2021, 1, 1)) is OLD


def test_an_admin_is_never_a_provider() -> None:
    assert [role for role in Role if not is_clinician(role)] == [Role.ADMIN]


def test_a_member_is_stored_clean() -> None:
    member = check_member(MemberFields(" Dana ", "Whitfield", npi="1234567893"))
    assert member.given == "Dana"
    with pytest.raises(UserError) as refused:
        check_member(MemberFields(""))
    assert refused.value.field == "given"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        (LicenseFields("", "CA"), "license_number"),
        (LicenseFields("1", ""), "license_state"),
        (LicenseFields("1", "XX"), "license_state"),
        (LicenseFields("1", "CA", "", date(2024, 1, 2), date(2024, 1, 1)), "valid_to"),
    ],
)
def test_licenses_that_must_be_mended(fields: LicenseFields, field: str) -> None:
    with pytest.raises(UserError) as refused:
        check_license(fields)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("84117 CA", LicenseFields("84117", "CA")),
        ("LMFT 84117 ca", LicenseFields("84117", "CA", "LMFT")),
        ("LW60 123 WA", LicenseFields("LW60 123", "WA")),
        ("ABC NY", LicenseFields("ABC", "NY")),
    ],
)
def test_a_license_as_the_command_line_takes_it(text: str, expected: LicenseFields) -> None:
    assert read_license(text) == expected


def test_a_license_without_its_state_is_refused() -> None:
    with pytest.raises(UserError, match="84117 CA"):
        read_license("84117")
