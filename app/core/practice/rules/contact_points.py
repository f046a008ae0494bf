"""Phone numbers and e-mail addresses in US form."""

from __future__ import annotations

import re

import phonenumbers

from app.core.kernel.errors import UserError
from app.core.kernel.text import LINE_LIMIT, clean_line

_HOME = "US"
#: One @, something before it, a dot in the domain. Whether it arrives only sending can tell.
_EMAIL = re.compile(r"^[^\s@,;<>\"()]+@[^\s@,;<>\"()]+\.[^\s@.,;<>\"()]{2,}$")


def format_phone(text: str) -> str:
    """Return a phone number as it is stored and shown: ``(707) 555-0148``.

    Numbers of other countries are ``+44 20 7946 0958``. What is no valid number is kept as typed.
    """
    typed = clean_line(text, limit=LINE_LIMIT)
    try:
        number = phonenumbers.parse(typed, _HOME)
    except phonenumbers.NumberParseException:
        return typed
    if not phonenumbers.is_valid_number(number):
        return typed
    form = phonenumbers.PhoneNumberFormat
    at_home = phonenumbers.region_code_for_number(number) == _HOME
    return phonenumbers.format_number(number, form.NATIONAL if at_home else form.INTERNATIONAL)


def is_phone(text: str) -> bool:
    """Return whether ``text`` is a valid number of the US or, with its ``+``, of a country."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(text, _HOME))
    except phonenumbers.NumberParseException:
        return False


def check_email(text: str, *, field: str = "email") -> str:
    """Return an e-mail address without spaces around it; empty stays empty.

    Raises ``UserError`` naming ``field`` for what cannot be an address.
    """
    address = clean_line(text, field=field)
    if address and not _EMAIL.match(address):
        raise UserError("An email address looks like name@example.com.", field=field)
    return address
