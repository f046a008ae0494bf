"""Rules of the practice: identifiers, places, services, hours, contact points, settings."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.practice.rules.catalogue import (
    CalendarColor,
    CaseKind,
    ServiceFields,
    check_code,
    check_minutes,
    check_modifiers,
    check_service,
    next_color,
    suits,
)
from app.core.practice.rules.contact_points import check_email, format_phone, is_phone
from app.core.practice.rules.identifiers import (
    TaxIdKind,
    check_npi,
    check_start_number,
    check_tax_id,
    check_taxonomy,
    npi_is_valid,
    tax_id_kind,
)
from app.core.practice.rules.organization import (
    USUAL_HOURS,
    Hours,
    PracticeFields,
    check_hours,
    check_practice,
    link_name,
    read_time,
)
from app.core.practice.rules.places import (
    STATE_ZONES,
    STATES,
    ZONES,
    Address,
    LocationFields,
    SessionFormat,
    check_address,
    check_location,
    check_place_of_service,
    check_state,
    check_zip,
    check_zone,
    place_of_service,
    zone_of_state,
    zone_words,
)
from app.core.practice.rules.settings import (
    SETTINGS,
    Home,
    Kind,
    find_setting,
    read_value,
)


class TestNpi:
    @pytest.mark.parametrize("npi", ["1234567893", " 1234-567893 ", "1245319599"])
    def test_a_right_check_digit_is_taken(self, npi: str) -> None:
        assert npi_is_valid(check_npi(npi))

    def test_empty_stays_empty(self) -> None:
        assert check_npi("  ") == ""

    @pytest.mark.parametrize(
        ("npi", "sentence"),
        [
            ("1699800118", "Not an NPI. Are two digits swapped?"),
            ("123456789", "An NPI has 10 digits; this has 9."),
            ("12345678AB", "no letters"),
        ],
    )
    def test_others_are_refused_at_the_field(self, npi: str, sentence: str) -> None:
        with pytest.raises(UserError, match=sentence) as refused:
            check_npi(npi, field="npi2")
        assert refused.value.field == "npi2"

    @given(st.integers(1_000_000_00, 2_999_999_99))
    def test_exactly_one_check_digit_fits(self, stem: int) -> None:
        assert sum(npi_is_valid(f"{stem}{digit}") for digit in range(10)) == 1

    @given(st.integers(1_000_000_00, 2_999_999_99), st.integers(0, 8))
    def test_a_wrong_digit_is_noticed(self, stem: int, place: int) -> None:
        right = next(f"{stem}{d}" for d in range(10) if npi_is_valid(f"{stem}{d}"))
        wrong = right[:place] + str((int(right[place]) + 1) % 10) + right[place + 1 :]
        assert not npi_is_valid(wrong)

    def test_digits_of_other_scripts_are_no_npi(self) -> None:
        assert not npi_is_valid("١٢٣٤٥٦٧٨٩٣")


class TestTaxId:
    def test_forms(self) -> None:
        assert check_tax_id("123456789", TaxIdKind.EIN) == "12-3456789"
        assert check_tax_id("123 45 6789", TaxIdKind.SSN) == "123-45-6789"
        assert check_tax_id("", TaxIdKind.EIN) == ""

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("12-345678", TaxIdKind.EIN),
            ("001234567", TaxIdKind.EIN),
            ("12-34567X9", TaxIdKind.EIN),
            ("000-12-3456", TaxIdKind.SSN),
            ("666-12-3456", TaxIdKind.SSN),
            ("912-12-3456", TaxIdKind.SSN),
            ("123-00-3456", TaxIdKind.SSN),
        ],
    )
    def test_what_nobody_is_issued_is_refused(self, text: str, kind: TaxIdKind) -> None:
        with pytest.raises(UserError) as refused:
            check_tax_id(text, kind)
        assert refused.value.field == "tax_id"

    def test_the_dashes_tell_whose_number_it_is(self) -> None:
        assert tax_id_kind("123-45-6789") is TaxIdKind.SSN
        assert tax_id_kind("12-3456789") is TaxIdKind.EIN
        assert tax_id_kind("123456789") is TaxIdKind.EIN


def test_taxonomy_has_ten_characters_and_ends_in_x() -> None:
    assert check_taxonomy(" 106h00000x ") == "106H00000X"
    assert check_taxonomy("") == ""
    for wrong in ("106H00000", "106H000000", "106H-0000X"):
        with pytest.raises(UserError, match="ends in X"):
            check_taxonomy(wrong)


def test_numbers_begin_within_what_papers_hold() -> None:
    assert check_start_number(1) == 1
    for wrong in (0, 1_000_000):
        with pytest.raises(UserError):
            check_start_number(wrong)


class TestServices:
    @pytest.mark.parametrize("code", ["0001Z", "12345", "A1234", "0001z "])
    def test_codes_of_the_shape(self, code: str) -> None:
        assert check_code(code) == code.strip().upper()

    @pytest.mark.parametrize("code", ["0001", "AA123", "000Z1", "1234-5", "١٢٣٤٥٦"])
    def test_other_shapes_are_refused(self, code: str) -> None:
        with pytest.raises(UserError, match="five characters"):
            check_code(code)

    def test_modifiers_each_once_in_order(self) -> None:
        assert check_modifiers(("95", " ho ", "95", "")) == ("95", "HO")
        with pytest.raises(UserError, match="two characters; 9 has not"):
            check_modifiers(("9",))
        with pytest.raises(UserError, match="room for four"):
            check_modifiers(("A1", "A2", "A3", "A4", "A5"))

    def test_minutes(self) -> None:
        assert check_minutes(1440) == 1440
        for wrong in (0, 1441):
            with pytest.raises(UserError):
                check_minutes(wrong)

    def test_a_service_is_stored_clean(self) -> None:
        service = check_service(
            ServiceFields(
                " Individual  session ",
                code="0001z",
                fee=Money(16500),
                case_kinds=(CaseKind.COUPLE, CaseKind.COUPLE),
            )
        )
        assert (service.name, service.code) == ("Individual session", "0001Z")
        assert service.case_kinds == (CaseKind.COUPLE,)

    @pytest.mark.parametrize(
        ("fields", "field"),
        [(ServiceFields(" "), "name"), (ServiceFields("A", fee=Money(-1)), "fee")],
    )
    def test_a_service_needs_a_name_and_no_negative_fee(
        self, fields: ServiceFields, field: str
    ) -> None:
        with pytest.raises(UserError) as refused:
            check_service(fields)
        assert refused.value.field == field

    def test_the_rarest_color_comes_next(self) -> None:
        assert next_color([]) is CalendarColor.SPRUCE
        assert next_color(["spruce"]) is CalendarColor.SLATE
        assert next_color([str(color) for color in CalendarColor]) is CalendarColor.SPRUCE

    def test_no_kind_named_means_all(self) -> None:
        assert suits((), CaseKind.FAMILY)
        assert suits((CaseKind.COUPLE,), CaseKind.COUPLE)
        assert not suits((CaseKind.COUPLE,), CaseKind.INDIVIDUAL)

    def test_every_kind_has_a_word(self) -> None:
        assert [kind.label for kind in CaseKind][:3] == ["Individual", "Couple", "Family"]


class TestPlaces:
    def test_states_by_letters_and_by_name(self) -> None:
        assert check_state("ca") == "CA"
        assert check_state(" north carolina ") == "NC"
        assert check_state("") == ""
        with pytest.raises(UserError, match="Bavaria is not a US state"):
            check_state("Bavaria")

    def test_zip(self) -> None:
        assert check_zip("97201") == "97201"
        assert check_zip("972011234") == "97201-1234"
        assert check_zip("97201-1234") == "97201-1234"
        assert check_zip(" ") == ""
        for wrong in ("9720", "97201-12", "ABCDE"):
            with pytest.raises(UserError, match="ZIP"):
                check_zip(wrong)

    def test_zone(self) -> None:
        assert check_zone(" America/Los_Angeles") == "America/Los_Angeles"
        for wrong in ("Mars/Olympus", "", "../etc/passwd", "America"):
            with pytest.raises(UserError, match="time zone"):
                check_zone(wrong)

    def test_place_of_service(self) -> None:
        assert check_place_of_service("11 ") == "11"
        assert check_place_of_service("") == ""
        for wrong in ("1", "111", "1A"):
            with pytest.raises(UserError, match="two digits"):
                check_place_of_service(wrong)

    def test_an_address_is_cleaned_and_knows_whether_it_is_whole(self) -> None:
        address = check_address(Address("1 Elm  St", "", "Salem", "oregon", "97301", "usa"))
        assert address == Address("1 Elm St", "", "Salem", "OR", "97301")
        assert address.is_complete
        assert not address.is_empty
        assert address.lines() == ["1 Elm St", "Salem, OR 97301"]
        assert Address().is_empty
        assert not Address("1 Elm St").is_complete

    def test_a_foreign_address_keeps_its_own_forms(self) -> None:
        address = check_address(Address("Weg 1", "", "Bonn", "NRW", "53111", "Germany"))
        assert address.lines() == ["Weg 1", "Bonn, NRW 53111", "GERMANY"]

    def test_an_address_names_the_field_with_its_prefix(self) -> None:
        with pytest.raises(UserError) as refused:
            check_address(Address(zip="9"), prefix="contact_")
        assert refused.value.field == "contact_zip"

    def test_an_office_is_11_and_telehealth_waits_for_the_client(self) -> None:
        assert check_location(LocationFields("Office")).place_of_service == "11"
        video = check_location(LocationFields("Video", SessionFormat.VIDEO))
        assert video.place_of_service == ""
        with pytest.raises(UserError, match="name"):
            check_location(LocationFields(""))

    @pytest.mark.parametrize(
        ("session_format", "code", "at_home", "expected"),
        [
            (SessionFormat.IN_PERSON, "11", None, "11"),
            (SessionFormat.IN_PERSON, "12", True, "12"),
            (SessionFormat.VIDEO, "", True, "10"),
            (SessionFormat.PHONE, "10", False, "02"),
            (SessionFormat.VIDEO, "", None, ""),
            (SessionFormat.VIDEO, "10", None, "10"),
        ],
    )
    def test_where_the_client_is_decides_for_telehealth(
        self, session_format: SessionFormat, code: str, at_home: bool | None, expected: str
    ) -> None:
        assert place_of_service(session_format, code, client_at_home=at_home) == expected

    def test_every_format_has_a_word(self) -> None:
        assert [each.label for each in SessionFormat] == ["In person", "Video", "Phone"]


class TestContactPoints:
    @pytest.mark.parametrize(
        ("typed", "stored"),
        [
            ("7075550148", "(707) 555-0148"),
            ("+1 707 555 0148", "(707) 555-0148"),
            ("707.555.0148", "(707) 555-0148"),
            ("+44 20 7946 0958", "+44 20 7946 0958"),
            ("(700) 555-5349", "(700) 555-5349"),
            ("ask  his mother", "ask his mother"),
            ("", ""),
        ],
    )
    def test_valid_numbers_take_the_us_form_and_others_stay_as_typed(
        self, typed: str, stored: str
    ) -> None:
        assert format_phone(typed) == stored

    @given(st.text(max_size=80))
    def test_formatting_twice_changes_nothing(self, text: str) -> None:
        assert format_phone(format_phone(text)) == format_phone(text)

    def test_is_phone(self) -> None:
        assert is_phone("707-555-0148")
        assert not is_phone("(700) 555-5349")
        assert not is_phone("none")

    @pytest.mark.parametrize("address", ["ana@example.com", " a.b+c@x.example.org ", ""])
    def test_addresses(self, address: str) -> None:
        assert check_email(address) == address.strip()

    @pytest.mark.parametrize(
        "address", ["ana", "ana@", "ana@example", "a b@example.com", "a@b@c.de"]
    )
    def test_what_cannot_be_an_address(self, address: str) -> None:
        with pytest.raises(UserError, match="looks like name@"):
            check_email(address)


class TestPractice:
    def test_it_is_stored_clean(self) -> None:
        checked = check_practice(
            PracticeFields(
                " Alder  Street Therapy ",
                zone="America/Los_Angeles",
                phone="7075550142",
                state="California",
                tax_id="123456789",
            )
        )
        assert checked.name == "Alder Street Therapy"
        assert checked.phone == "(707) 555-0142"
        assert (checked.state, checked.tax_id) == ("CA", "12-3456789")

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            (PracticeFields(""), "name"),
            (PracticeFields("A", npi2="1"), "npi2"),
            (PracticeFields("A", payment_terms_days=400), "payment_terms_days"),
        ],
    )
    def test_what_must_be_mended(self, fields: PracticeFields, field: str) -> None:
        with pytest.raises(UserError) as refused:
            check_practice(fields)
        assert refused.value.field == field

    def test_link_name(self) -> None:
        assert link_name("Alder Street Therapy, PC") == "alder-street-therapy-pc"
        assert link_name("Müller's") == "mullers"
        assert link_name("心理") == "practice"


class TestHours:
    def test_the_usual_week_holds(self) -> None:
        assert check_hours(USUAL_HOURS) == USUAL_HOURS

    def test_they_are_put_in_order(self) -> None:
        late, early = Hours(0, time(13), time(17)), Hours(0, time(9), time(13))
        assert check_hours((late, early)) == (early, late)

    @pytest.mark.parametrize(
        ("hours", "field"),
        [
            ((Hours(0, time(17), time(9)),), "closes"),
            ((Hours(0, time(9), time(13)), Hours(0, time(12), time(17))), "opens"),
            ((Hours(7, time(9), time(13)),), "weekday"),
        ],
    )
    def test_what_is_refused(self, hours: tuple[Hours, ...], field: str) -> None:
        with pytest.raises(UserError) as refused:
            check_hours(hours)
        assert refused.value.field == field

    def test_a_time_of_day(self) -> None:
        assert read_time(" 09:30 ", field="opens") == time(9, 30)
        for wrong in ("9:30", "24:00", "09:60", "nine"):
            with pytest.raises(UserError):
                read_time(wrong, field="opens")


class TestSettings:
    def test_keys_are_unique_and_defaults_fit(self) -> None:
        assert len({each.key for each in SETTINGS}) == len(SETTINGS)
        for each in SETTINGS:
            if each.kind is not Kind.LINE:
                words = {True: "yes", False: "no"}.get(each.default, str(each.default))  # type: ignore[call-overload]
                assert read_value(each, words) == each.default

    def test_a_column_is_named_wherever_the_home_is_one(self) -> None:
        assert all(bool(each.column) is (each.home is not Home.SETTING) for each in SETTINGS)

    def test_the_last_word_is_enough_where_it_is_alone(self) -> None:
        assert find_setting("lock.idle_minutes").key == "lock.idle_minutes"
        assert find_setting("Idle-Minutes").key == "lock.idle_minutes"
        assert find_setting("ein").key == "practice.tax_id"
        assert find_setting("npi").key == "provider.npi"
        with pytest.raises(UserError, match="no setting nothing"):
            find_setting("nothing")

    @pytest.mark.parametrize(
        ("key", "text", "value"),
        [
            ("lock.idle_minutes", "30", 30),
            ("superbill.diagnosis_words", "No", False),
            ("superbill.diagnosis_words", "true", True),
            ("notes.format", "dap", "DAP"),
            ("calendar.week_starts", "Sunday", "SUNDAY"),
            ("invoice.footer", "Checks to\r\nAlder Street", "Checks to\nAlder Street"),
        ],
    )
    def test_typed_values(self, key: str, text: str, value: object) -> None:
        assert read_value(find_setting(key), text) == value

    @pytest.mark.parametrize(
        ("key", "text", "sentence"),
        [
            ("lock.idle_minutes", "0", "from 1 to 240"),
            ("lock.idle_minutes", "9" * 30, "from 1 to 240"),
            ("lock.idle_minutes", "½", "from 1 to 240"),
            ("superbill.diagnosis_words", "maybe", "yes or no"),
            ("notes.format", "XYZ", "SOAP, DAP, BIRP, PLAIN"),
        ],
    )
    def test_values_that_do_not_fit(self, key: str, text: str, sentence: str) -> None:
        with pytest.raises(UserError, match=sentence) as refused:
            read_value(find_setting(key), text)
        assert refused.value.field == key


def test_every_state_proposes_a_zone_that_is_offered() -> None:
    forces = {"AA", "AE", "AP"}
    assert STATE_ZONES.keys() == STATES.keys() - forces
    assert {zone for zones in STATE_ZONES.values() for zone in zones} <= ZONES.keys()
    assert zone_of_state("AE") == zone_of_state("") == ""


def test_a_state_of_two_zones_says_so() -> None:
    assert zone_words("CA") == "Proposed for California."
    assert zone_words("TN") == (
        "Proposed for Tennessee. A part of it keeps Eastern time: choose that if you are there."
    )
    assert zone_words("AE") == ""
