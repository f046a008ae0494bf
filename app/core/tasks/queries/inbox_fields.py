"""The fields of two versions of a record, each in the words that screens use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.types import TypeEngine

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import date_words, time_words
from app.core.store.base import HOUSEKEEPING, synced_tables
from app.core.store.columns import Cents, Day, Moment, WallTime, Word, decode
from app.core.tasks.rules import inbox as rules
from app.core.tasks.rules.inbox import Spans
from app.core.tasks.tables import InboxItem

_WORDS: dict[str, str] = {
    "consent_email": "May be written to by e-mail",
    "consent_text": "May be sent text messages",
    "consent_voicemail": "Voicemail may be left",
    "is_emergency": "Emergency contact",
    "verification": "Relationship verified",
    "signs": "May sign for the client",
    "status": "Status",
    "deleted_at": "Deleted",
    "legal_given": "First name",
    "legal_family": "Last name",
    "birth_date": "Birth date",
}
#: What only the program reads: links, proofs, and the content that a paper was drawn from.
_MACHINERY = HOUSEKEEPING | {"content", "revision"}
_MACHINE_ENDS = ("_id", "_hash")


@dataclass(frozen=True, slots=True)
class Part:
    """A section or a field, as both versions have it."""

    title: str
    kept: Spans
    other: Spans


def field_parts(item: InboxItem, zone: str) -> tuple[Part, ...]:
    """Return the fields of an item as both versions have them; moments in IANA ``zone``."""
    kept, other = item.kept or {}, item.other or {}
    kinds = _kinds(item.entity)
    named = sorted(name for name in {**kept, **other} if not _is_machinery(name))
    return tuple(
        Part(
            _WORDS.get(name, name.replace("_", " ").capitalize()),
            *rules.compare(
                _said(kinds.get(name), kept.get(name), zone),
                _said(kinds.get(name), other.get(name), zone),
            ),
        )
        for name in named
    )


def _is_machinery(name: str) -> bool:
    return name in _MACHINERY or name.endswith(_MACHINE_ENDS)


def _kinds(entity: str) -> dict[str, TypeEngine[Any]]:
    table = synced_tables().get(entity)
    return {} if table is None else {each.name: each.type for each in table.__table__.columns}


def _said(kind: TypeEngine[Any] | None, value: Any, zone: str) -> str:
    if value is None:
        return "–"
    say = _SAYS.get(type(kind))
    if kind is not None and say is not None:
        try:
            return say(decode(kind, value), zone)
        except (ValueError, TypeError, AttributeError):
            # Refused work may hold what is no such value: it is shown as it was written.
            return str(value)
    return _plainly(value)


def _plainly(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return "\n".join(str(each) for each in value.values() if each)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def _moment(at: datetime, zone: str) -> str:
    return _wall(wall_time(at, zone), zone)


def _wall(at: datetime, _zone: str) -> str:
    return f"{date_words(at.date())}, {time_words(at)}"


def _day(day: date, _zone: str) -> str:
    return date_words(day)


def _amount(amount: Any, _zone: str) -> str:
    return str(amount)


def _member(member: Any, _zone: str) -> str:
    return str(getattr(member, "label", "") or str(member).replace("_", " ").capitalize())


_SAYS: dict[type, Callable[[Any, str], str]] = {
    Cents: _amount,
    Moment: _moment,
    WallTime: _wall,
    Day: _day,
    Word: _member,
}
