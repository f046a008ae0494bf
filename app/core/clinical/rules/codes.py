"""What a release of ICD-10-CM says of a code, and when that blocks a superbill.

Source: *Our rules* of the billing documents. A session is judged by the release that governs its
date. Where that release is not held nothing blocks: one quiet line says what was checked instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.kernel.errors import UserError

#: A letter, a digit, a digit or letter, and up to four more after the point.
_SHAPE = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
#: Characters before the point.
CATEGORY_LENGTH = 3
#: More specific codes that a sentence names; where there are more, the rest are counted.
_NAMED_CHILDREN = 8


class Standing(StrEnum):
    """What a release says of a code."""

    BILLABLE = "BILLABLE"
    HAS_CHILDREN = "HAS_CHILDREN"
    NO_SUCH_CODE = "NO_SUCH_CODE"


@dataclass(frozen=True, slots=True)
class Release:
    """A release of the classification and the days of service that it governs."""

    name: str
    governs_from: date
    governs_to: date

    def governs(self, day: date) -> bool:
        """Return whether sessions of ``day`` are judged by this release."""
        return self.governs_from <= day <= self.governs_to


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code as a release words it; only a ``billable`` one may stand on a superbill."""

    code: str
    description: str
    billable: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the table says of a code on a day of service.

    ``governing`` tells whether ``release`` governs that day, or is merely the newest one held.
    ``children`` are the next more specific codes.
    """

    code: str
    standing: Standing
    release: Release
    governing: bool
    children: tuple[CodeEntry, ...] = ()

    @property
    def blocks(self) -> bool:
        """Whether an insurer would refuse the code, as far as the governing release is held."""
        return self.governing and self.standing is not Standing.BILLABLE

    @property
    def sentence(self) -> str:
        """Return what is wrong with the code and what to choose; empty for a billable one."""
        if self.standing is Standing.NO_SUCH_CODE:
            return f"{self.code} is not in ICD-10-CM of {self.release.name}: choose another code."
        if self.standing is Standing.HAS_CHILDREN:
            return f"{self.code} is not specific enough: choose {_any_of(self.children)}."
        return ""

    @property
    def quiet_line(self) -> str:
        """Return what a superbill says where the governing release is not held, else nothing."""
        if self.governing:
            return ""
        return f"Checked against {self.release.name}, not against the table in force on this date."


def _any_of(entries: tuple[CodeEntry, ...]) -> str:
    codes = [entry.code for entry in entries]
    if len(codes) > _NAMED_CHILDREN:
        left = len(codes) - _NAMED_CHILDREN + 1
        codes[_NAMED_CHILDREN - 1 :] = [f"one of {left} more"]
    if len(codes) == 1:
        return codes[0]
    return f"{', '.join(codes[:-1])} or {codes[-1]}"


def normal_code(text: str) -> str:
    """Return a code as the table writes it: ``f411`` and ``F41.1`` are ``F41.1``."""
    bare = "".join(text.upper().replace(".", "").split())
    if len(bare) <= CATEGORY_LENGTH:
        return bare
    return f"{bare[:CATEGORY_LENGTH]}.{bare[CATEGORY_LENGTH:]}"


def is_code(text: str) -> bool:
    """Return whether ``text``, in normal form, has the shape of an ICD-10-CM code."""
    return _SHAPE.fullmatch(text) is not None


def typed_by_hand(text: str) -> CodeEntry | None:
    """Return a code with the description typed behind it, for one newer than every table held.

    ``F99.9 A new disorder``; ``None`` where the first word is no code or nothing follows it.
    """
    first, _, words = text.strip().partition(" ")
    code = normal_code(first)
    return CodeEntry(code, words.strip(), True) if is_code(code) and words.strip() else None


def check_code(text: str, *, field: str = "code") -> str:
    """Return the code in normal form; raises ``UserError`` when it has not the shape of one."""
    code = normal_code(text)
    if not is_code(code):
        raise UserError("Type a diagnosis code, like F41.1.", field=field)
    return code
