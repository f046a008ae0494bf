"""Where sessions are held: formats, place of service codes, states, ZIP codes, time zones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line

_ZIP = re.compile(r"^\d{5}(-\d{4})?$")

#: Place of service codes (CMS) that a practice of this kind meets.
PLACES_OF_SERVICE: dict[str, str] = {
    "11": "Office",
    "10": "Telehealth, client at home",
    "02": "Telehealth, client elsewhere",
    "12": "Client's home",
    "03": "School",
    "53": "Community mental health center",
    "99": "Other place",
}
OFFICE = "11"
TELEHEALTH_HOME = "10"
TELEHEALTH_ELSEWHERE = "02"

STATES: dict[str, str] = {
    "AL": "Alabama",
    "AK": "Alaska",
    "AZ": "Arizona",
    "AR": "Arkansas",
    "CA": "California",
    "CO": "Colorado",
    "CT": "Connecticut",
    "DE": "Delaware",
    "DC": "District of Columbia",
    "FL": "Florida",
    "GA": "Georgia",
    "HI": "Hawaii",
    "ID": "Idaho",
    "IL": "Illinois",
    "IN": "Indiana",
    "IA": "Iowa",
    "KS": "Kansas",
    "KY": "Kentucky",
    "LA": "Louisiana",
    "ME": "Maine",
    "MD": "Maryland",
    "MA": "Massachusetts",
    "MI": "Michigan",
    "MN": "Minnesota",
    "MS": "Mississippi",
    "MO": "Missouri",
    "MT": "Montana",
    "NE": "Nebraska",
    "NV": "Nevada",
    "NH": "New Hampshire",
    "NJ": "New Jersey",
    "NM": "New Mexico",
    "NY": "New York",
    "NC": "North Carolina",
    "ND": "North Dakota",
    "OH": "Ohio",
    "OK": "Oklahoma",
    "OR": "Oregon",
    "PA": "Pennsylvania",
    "RI": "Rhode Island",
    "SC": "South Carolina",
    "SD": "South Dakota",
    "TN": "Tennessee",
    "TX": "Texas",
    "UT": "Utah",
    "VT": "Vermont",
    "VA": "Virginia",
    "WA": "Washington",
    "WV": "West Virginia",
    "WI": "Wisconsin",
    "WY": "Wyoming",
    "AS": "American Samoa",
    "GU": "Guam",
    "MP": "Northern Mariana Islands",
    "PR": "Puerto Rico",
    "VI": "U.S. Virgin Islands",
    "AA": "Armed Forces Americas",
    "AE": "Armed Forces Europe",
    "AP": "Armed Forces Pacific",
}
_STATE_BY_NAME = {name.casefold(): code for code, name in STATES.items()}

#: The zones that people in the US and its territories live in, as the assistant offers them.
ZONES: dict[str, str] = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Phoenix": "Arizona",
    "America/Los_Angeles": "Pacific",
    "America/Anchorage": "Alaska",
    "America/Adak": "Aleutian",
    "Pacific/Honolulu": "Hawaii",
    "America/Puerto_Rico": "Atlantic (Puerto Rico, Virgin Islands)",
    "Pacific/Guam": "Chamorro (Guam, Northern Marianas)",
    "Pacific/Pago_Pago": "Samoa",
}


#: The zone that most of a state keeps, and the other one where a part of it keeps another.
STATE_ZONES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("CT", "DE", "DC", "GA", "ME", "MD", "MA", "NH", "NJ", "NY", "NC", "OH", "PA", "RI"),
        ("America/New_York",),
    ),
    **dict.fromkeys(("SC", "VT", "VA", "WV"), ("America/New_York",)),
    **dict.fromkeys(("FL", "IN", "KY", "MI"), ("America/New_York", "America/Chicago")),
    **dict.fromkeys(
        ("AL", "AR", "IL", "IA", "LA", "MN", "MS", "MO", "OK", "WI"), ("America/Chicago",)
    ),
    "TN": ("America/Chicago", "America/New_York"),
    **dict.fromkeys(("KS", "NE", "ND", "SD", "TX"), ("America/Chicago", "America/Denver")),
    **dict.fromkeys(("CO", "MT", "NM", "UT", "WY"), ("America/Denver",)),
    "ID": ("America/Denver", "America/Los_Angeles"),
    "AZ": ("America/Phoenix", "America/Denver"),
    **dict.fromkeys(("CA", "WA"), ("America/Los_Angeles",)),
    **dict.fromkeys(("NV", "OR"), ("America/Los_Angeles", "America/Denver")),
    "AK": ("America/Anchorage", "America/Adak"),
    "HI": ("Pacific/Honolulu",),
    **dict.fromkeys(("PR", "VI"), ("America/Puerto_Rico",)),
    **dict.fromkeys(("GU", "MP"), ("Pacific/Guam",)),
    "AS": ("Pacific/Pago_Pago",),
}


def zone_of_state(state: str) -> str:
    """Return the zone that most of a state keeps, "" where no state has one."""
    return STATE_ZONES.get(state, ("",))[0]


def zone_words(state: str) -> str:
    """Return why a state's zone is proposed, and the other one where a part of it keeps that."""
    zones = STATE_ZONES.get(state, ())
    if not zones:
        return ""
    said = f"Proposed for {STATES[state]}."
    if len(zones) == 1:
        return said
    return f"{said} A part of it keeps {ZONES[zones[1]]} time: choose that if you are there."


class SessionFormat(StrEnum):
    """How client and clinician meet; every location has one."""

    IN_PERSON = "IN_PERSON"
    VIDEO = "VIDEO"
    PHONE = "PHONE"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return {"IN_PERSON": "In person", "VIDEO": "Video", "PHONE": "Phone"}[self.value]


@dataclass(frozen=True, slots=True)
class Address:
    """A US postal address; a foreign one has ``country`` and any state and postal code."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = "US"

    @property
    def is_empty(self) -> bool:
        """Return whether nothing but the country is filled in."""
        return not (self.line1 or self.line2 or self.city or self.state or self.zip)

    @property
    def is_complete(self) -> bool:
        """Return whether a letter would arrive: street, city, state and ZIP."""
        return bool(self.line1 and self.city and self.state and self.zip)

    def lines(self) -> list[str]:
        """Return the address as an envelope has it."""
        region = " ".join(part for part in (self.state, self.zip) if part)
        town = ", ".join(part for part in (self.city, region) if part)
        country = "" if self.country in ("", "US") else self.country
        return [line for line in (self.line1, self.line2, town, country) if line]


NO_ADDRESS = Address()


@dataclass(frozen=True, slots=True)
class LocationFields:
    """What a person types of a location. Telehealth has no place of service of its own."""

    name: str
    format: SessionFormat = SessionFormat.IN_PERSON
    place_of_service: str = ""
    address: Address = NO_ADDRESS


def check_address(address: Address, *, prefix: str = "") -> Address:
    """Return the address cleaned, a US state as its two letters.

    Raises ``UserError`` naming the field, which begins with ``prefix``.
    """
    country = clean_line(address.country, field=f"{prefix}country").upper() or "US"
    if country in ("USA", "U.S.", "U.S.A.", "UNITED STATES", "UNITED STATES OF AMERICA"):
        country = "US"
    state = clean_line(address.state, field=f"{prefix}state")
    code = clean_line(address.zip, field=f"{prefix}zip")
    return Address(
        line1=clean_line(address.line1, field=f"{prefix}line1"),
        line2=clean_line(address.line2, field=f"{prefix}line2"),
        city=clean_line(address.city, field=f"{prefix}city"),
        state=check_state(state, field=f"{prefix}state") if country == "US" else state,
        zip=check_zip(code, field=f"{prefix}zip") if country == "US" else code,
        country=country,
    )


def check_state(text: str, *, field: str = "state") -> str:
    """Return the two letters of a US state typed as letters or name; empty stays empty."""
    name = text.strip().casefold()
    if not name:
        return ""
    code = name.upper() if name.upper() in STATES else _STATE_BY_NAME.get(name)
    if code is None:
        raise UserError(f"{text.strip()} is not a US state: type its two letters.", field=field)
    return code


def check_zip(text: str, *, field: str = "zip") -> str:
    """Return a ZIP code, ``97201`` or ``97201-1234``; empty stays empty."""
    code = text.strip()
    if code.isascii() and code.isdigit() and len(code) == 9:
        code = f"{code[:5]}-{code[5:]}"
    if code and not _ZIP.match(code):
        raise UserError("A ZIP code has 5 digits, or 5 and 4, like 97201.", field=field)
    return code


def check_zone(name: str, *, field: str = "zone") -> str:
    """Return the name of a time zone of the IANA data; raises ``UserError`` for any other."""
    try:
        return ZoneInfo(name.strip()).key
    except (ValueError, KeyError, OSError) as unknown:
        # KeyError is an unknown name; the others are names that no file can have.
        raise UserError("Choose a time zone, like America/Los_Angeles.", field=field) from unknown


def check_place_of_service(code: str, *, field: str = "place_of_service") -> str:
    """Return a two-digit place of service code; empty stays empty."""
    place = code.strip()
    if place and not (len(place) == 2 and place.isascii() and place.isdigit()):
        raise UserError("A place of service is two digits, like 11 for an office.", field=field)
    return place


def check_location(fields: LocationFields) -> LocationFields:
    """Return the location as it is stored; raises ``UserError`` naming the field to mend.

    An office gets 11 where nothing is typed; telehealth stays empty: where the client is says it.
    """
    name = clean_line(fields.name, field="name")
    if not name:
        raise UserError("Give the location a name, like Office or Video.", field="name")
    place = check_place_of_service(fields.place_of_service)
    if not place and fields.format is SessionFormat.IN_PERSON:
        place = OFFICE
    return LocationFields(name, fields.format, place, check_address(fields.address))


def place_of_service(
    session_format: SessionFormat, location_code: str, *, client_at_home: bool | None
) -> str:
    """Return the place of service of a session, or "" while it is not known.

    In person it is the location's. By video or phone it is where the client is: 10 at home,
    02 elsewhere; a code set on the location decides while that is not recorded.
    """
    if session_format is SessionFormat.IN_PERSON or client_at_home is None:
        return location_code
    return TELEHEALTH_HOME if client_at_home else TELEHEALTH_ELSEWHERE
