"""Which sessions of one member lie over each other. A warning, never a refusal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.scheduling.rules.status import AppointmentStatus


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a session takes of a member, as instants."""

    id: UUID
    member_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus


def overlapping(spans: Iterable[Span]) -> frozenset[UUID]:
    """Return the ids of sessions that share time with another of the same member.

    Touching is no overlap; what is gone (canceled, missed) takes no time.
    """
    of_member: dict[UUID | None, list[Span]] = defaultdict(list)
    for span in spans:
        if not span.status.is_gone:
            of_member[span.member_id].append(span)
    found: set[UUID] = set()
    for taken in of_member.values():
        taken.sort(key=lambda span: span.starts_at)
        longest: Span | None = None
        for span in taken:
            if longest is not None and span.starts_at < longest.ends_at:
                found.update((longest.id, span.id))
            if longest is None or span.ends_at > longest.ends_at:
                longest = span
    return frozenset(found)


def meets(span: Span, starts_at: datetime, ends_at: datetime) -> bool:
    """Return whether ``span`` takes any of the time from ``starts_at`` to ``ends_at``."""
    return not span.status.is_gone and span.starts_at < ends_at and starts_at < span.ends_at
