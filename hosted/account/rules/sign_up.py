"""What a practice says when it signs up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line
from app.core.practice.rules.contact_points import check_email
from app.core.practice.rules.places import check_zone
from hosted.account.rules.passwords import check_password

_NAME = 100
#: Longer ones are not carried (RFC 5321, 4.5.3.1.3).
_ADDRESS = 254


class Mistakes(Exception):
    """What a person can mend in a form: a sentence for each field."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(", ".join(sentences))
        self.sentences = dict(sentences)


@dataclass(frozen=True, slots=True)
class SignUpFields:
    """What was typed, cleaned and found good."""

    practice_name: str
    name: str
    address: str
    zone: str
    password: str
    agreement_hash: str


def read(typed: Mapping[str, str]) -> SignUpFields:
    """Return the form of a sign-up; raises ``Mistakes`` with all of them at once."""
    sentences: dict[str, str] = {}

    def taken(check: Callable[[], str]) -> str:
        try:
            return check()
        except UserError as error:
            sentences.setdefault(error.field or "", error.sentence)
            return ""

    practice = taken(lambda: _name(typed, "practice_name", "Say what your practice is called."))
    name = taken(lambda: _name(typed, "name", "Say your name."))
    address = taken(lambda: check_address(typed.get("address", "")))
    zone = taken(lambda: check_zone(typed.get("zone", "")))
    known = (practice, name, address)
    password = taken(lambda: check_password(typed.get("password", ""), known))
    if typed.get("agree") != "yes":
        sentences["agree"] = "Read the agreement, then check the box to accept it."
    if sentences:
        raise Mistakes(sentences)
    return SignUpFields(practice, name, address, zone, password, typed.get("agreement", ""))


def check_address(typed: str, *, field: str = "address") -> str:
    """Return an e-mail address; raises ``UserError`` for what cannot be one."""
    address = check_email(typed, field=field)
    if not address or len(address) > _ADDRESS:
        raise UserError("An email address looks like name@example.com.", field=field)
    return address


def _name(typed: Mapping[str, str], field: str, empty: str) -> str:
    name = clean_line(typed.get(field, ""), field=field, limit=_NAME)
    if not name:
        raise UserError(empty, field=field)
    return name
