"""How a dated diagnosis reads on screen."""

from __future__ import annotations

from datetime import date

from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.phrases import date_words, short_day


def _day(day: date, near: date) -> str:
    return short_day(day) if day.year == near.year else date_words(day)


def span_words(diagnosis: Diagnosis, day: date) -> str:
    """Return ``since Mar 3``, ``Mar 3 to Oct 31``; a year is said where it is not ``day``'s."""
    first = _day(diagnosis.valid_from, day)
    if diagnosis.valid_to is None:
        return f"{'since' if diagnosis.valid_from <= day else 'from'} {first}"
    return f"{first} to {_day(diagnosis.valid_to, day)}"


def late_words(diagnosis: Diagnosis, day: date) -> str:
    """Return why a session has no diagnosis although the person has one."""
    begins = _day(diagnosis.valid_from, day)
    return f"{diagnosis.code} begins {begins}, after this session."
