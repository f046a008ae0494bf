"""Numbers that insurers know a provider by: NPI, tax id, taxonomy; and number series."""

from __future__ import annotations

import re
from enum import StrEnum

from app.core.kernel.errors import UserError
from app.core.kernel.text import digits

#: The prefix that makes an NPI a card number of the health industry (ISO 7812), for Luhn.
_NPI_PREFIX = "80840"
_TAXONOMY = re.compile(r"^[0-9A-Z]{9}X$")
_NUMBER = re.compile(r"^[\d\s-]*$")
#: Larger numbers would not fit the papers.
LARGEST_START = 999_999

#: Provider taxonomies of this field, offered by the assistant; any other of the shape is taken.
TAXONOMIES: dict[str, str] = {
    "106H00000X": "Marriage and family therapist",
    "101YM0800X": "Mental health counselor",
    "101YP2500X": "Professional counselor",
    "101YA0400X": "Addiction counselor",
    "1041C0700X": "Clinical social worker",
    "104100000X": "Social worker",
    "103TC0700X": "Clinical psychologist",
    "103T00000X": "Psychologist",
    "2084P0800X": "Psychiatrist",
    "363LP0808X": "Psychiatric nurse practitioner",
    "390200000X": "Student or trainee",
}


class TaxIdKind(StrEnum):
    """Whose number the tax id is: the business's or the person's."""

    EIN = "EIN"
    SSN = "SSN"


def npi_is_valid(npi: str) -> bool:
    """Return whether ``npi`` is ten digits whose check digit is right (Luhn with 80840)."""
    if not (len(npi) == 10 and npi.isascii() and npi.isdigit()):
        return False
    total = 0
    for index, digit in enumerate(reversed(_NPI_PREFIX + npi)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def check_npi(text: str, *, field: str = "npi") -> str:
    """Return an NPI as ten digits; empty stays empty. Raises ``UserError`` for any other."""
    npi = _only_digits(text, "An NPI has 10 digits and no letters.", field)
    if npi and len(npi) != 10:
        raise UserError(f"An NPI has 10 digits; this has {len(npi)}.", field=field)
    if npi and not npi_is_valid(npi):
        raise UserError("Not an NPI. Are two digits swapped?", field=field)
    return npi


def check_tax_id(text: str, kind: TaxIdKind, *, field: str = "tax_id") -> str:
    """Return a tax id as it is printed: EIN ``12-3456789``, SSN ``123-45-6789``.

    Empty stays empty; raises ``UserError`` for what is not nine digits or cannot be issued.
    """
    number = _only_digits(text, "A tax ID has 9 digits and no letters.", field)
    if not number:
        return ""
    if len(number) != 9:
        raise UserError(f"A tax ID has 9 digits; this has {len(number)}.", field=field)
    if kind is TaxIdKind.EIN:
        if number.startswith("00"):
            raise UserError("No EIN begins with 00: check the first digits.", field=field)
        return f"{number[:2]}-{number[2:]}"
    if number[:3] in ("000", "666") or number[0] == "9" or number[3:5] == "00":
        raise UserError("No Social Security number begins like that: check it.", field=field)
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def tax_id_kind(text: str) -> TaxIdKind:
    """Return what a typed tax id looks like: dashes as ``123-45-6789`` are a person's."""
    return TaxIdKind.SSN if re.match(r"^\s*\d{3}-\d{2}-\d{4}\s*$", text) else TaxIdKind.EIN


def check_taxonomy(text: str, *, field: str = "taxonomy") -> str:
    """Return a provider taxonomy code in capitals; empty stays empty."""
    code = text.strip().upper()
    if code and not _TAXONOMY.match(code):
        raise UserError(
            "A taxonomy code has 10 characters and ends in X, like 106H00000X.", field=field
        )
    return code


def check_start_number(number: int, *, field: str = "start_number") -> int:
    """Return the number that a series of papers begins with; raises ``UserError`` out of range."""
    if not 1 <= number <= LARGEST_START:
        raise UserError("Numbers begin between 1 and 999999.", field=field)
    return number


def _only_digits(text: str, refusal: str, field: str) -> str:
    if not _NUMBER.match(text):
        raise UserError(refusal, field=field)
    return digits(text)
