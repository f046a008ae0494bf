"""What each step of the first run adds."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone
from pathlib import Path

import pytest

from app.core.kernel.errors import UserError
from app.core.practice.rules.organization import Hours, PracticeFields
from app.core.practice.rules.places import SessionFormat
from app.core.team.rules import MemberFields
from app.ui.onboarding.drafts import (
    Draft,
    TypedIdentifiers,
    TypedService,
    backed_up,
    beginning,
    identified,
    located,
    named,
    new_practice,
    offering,
    timed,
)


def test_names_keep_what_other_steps_said() -> None:
    draft = identified(Draft(), TypedIdentifiers(npi="1234567893", tax_id="123456789"))
    draft = named(draft, PracticeFields("Alder Street Therapy"), MemberFields("Dana", "Whitfield"))
    assert (draft.practice.name, draft.practice.tax_id) == ("Alder Street Therapy", "12-3456789")
    assert (draft.owner.given, draft.owner.npi) == ("Dana", "1234567893")


def test_a_practice_without_a_name_is_refused_at_its_field() -> None:
    with pytest.raises(UserError) as refused:
        named(Draft(), PracticeFields(""), MemberFields("Dana"))
    assert refused.value.field == "name"


def test_swapped_digits_of_an_npi_are_noticed() -> None:
    with pytest.raises(UserError, match="swapped") as refused:
        identified(Draft(), TypedIdentifiers(npi2="1699800118"))
    assert refused.value.field == "npi2"


def test_a_license_keeps_its_kind_once() -> None:
    typed = TypedIdentifiers(
        license_kind="LMFT", license_number="LMFT 84117", license_state="California"
    )
    held = identified(Draft(), typed).license
    assert held is not None
    assert (held.kind, held.number, held.state) == ("LMFT", "84117", "CA")


def test_no_license_number_is_no_license() -> None:
    assert identified(Draft(), TypedIdentifiers(license_state="CA")).license is None


def test_a_social_security_number_is_known_by_its_shape() -> None:
    practice = identified(Draft(), TypedIdentifiers(tax_id="123-45-6789")).practice
    assert (practice.tax_id_kind, practice.tax_id) == ("SSN", "123-45-6789")


def test_an_office_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(UserError, match="Monday closes before it opens"):
        timed(Draft(), "America/Denver", (Hours(0, time(17), time(9)),))


def test_empty_rows_are_no_services() -> None:
    rows = (
        TypedService("Individual session", "0001z", "50", "165"),
        TypedService("", "", "50", ""),
        TypedService("Couple session", "", "80", "$240.00"),
    )
    services = offering(Draft(), rows).services
    assert [(each.name, each.code, each.fee.cents) for each in services] == [
        ("Individual session", "0001Z", 16_500),
        ("Couple session", "", 24_000),
    ]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (TypedService("", "0001Z", "50", ""), "1.name"),
        (TypedService("Session", "1", "50", ""), "1.code"),
        (TypedService("Session", "", "an hour", ""), "1.minutes"),
        (TypedService("Session", "", "50", "free"), "1.fee"),
    ],
)
def test_a_wrong_row_is_named_with_its_field(row: TypedService, field: str) -> None:
    with pytest.raises(UserError) as refused:
        offering(Draft(), (TypedService("", "", "50", ""), row))
    assert refused.value.field == field


def test_locations_stand_beside_the_office() -> None:
    (video,) = located(Draft(), (SessionFormat.VIDEO,)).locations
    assert (video.name, video.place_of_service) == ("Video", "")


def test_backup_folder_and_numbers() -> None:
    draft = backed_up(Draft(), " /Volumes/Stick ", "208", "35")
    assert draft.backup_folder == Path("/Volumes/Stick")
    assert (draft.first_invoice, draft.first_superbill) == (208, 35)
    assert backed_up(Draft(), "", "1", "1").backup_folder is None


@pytest.mark.parametrize("typed", ["", "zero", "0", "-3", "1000000"])
def test_a_number_that_cannot_begin_a_series_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        backed_up(Draft(), "", "1", typed)
    assert refused.value.field == "first_superbill"


def test_the_zone_of_this_computer_is_proposed() -> None:
    winter = datetime(2026, 11, 19, 11, 18, tzinfo=timezone(timedelta(hours=-8)))
    assert beginning(winter).practice.zone == "America/Los_Angeles"
    assert beginning(datetime(2026, 11, 19, tzinfo=UTC)).practice.zone == "America/New_York"


def in_state(draft: Draft, state: str) -> Draft:
    """Return ``draft`` with an address in ``state``."""
    return named(draft, PracticeFields("Alder Street Therapy", state=state), MemberFields("Dana"))


def test_the_state_of_the_address_proposes_the_zone() -> None:
    draft = in_state(Draft(), "CA")
    assert draft.practice.zone == "America/Los_Angeles"
    # Nobody chose yet, so another address proposes another zone.
    assert in_state(draft, "AZ").practice.zone == "America/Phoenix"


def test_the_license_proposes_the_zone_where_there_is_no_address() -> None:
    typed = TypedIdentifiers(license_number="84117", license_state="HI")
    assert identified(Draft(), typed).practice.zone == "Pacific/Honolulu"
    assert identified(in_state(Draft(), "OH"), typed).practice.zone == "America/New_York"


def test_a_zone_once_chosen_stays() -> None:
    draft = in_state(Draft(), "IN")
    kept = timed(draft, "America/Chicago", ())
    assert in_state(kept, "CA").practice.zone == "America/Chicago"
    # Going on with what was proposed is no choice against the next state.
    accepted = timed(draft, draft.practice.zone, ())
    assert in_state(accepted, "CA").practice.zone == "America/Los_Angeles"


def test_skipping_everything_still_makes_a_practice() -> None:
    made = new_practice(Draft())
    assert (made.practice.name, made.owner.given) == ("My practice", "Owner")
    assert len(made.hours) == 5
