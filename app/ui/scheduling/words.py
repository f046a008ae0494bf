"""How the calendar says a session: to the eye in a few words, to a screen reader in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from app.core.practice.rules.catalogue import CaseKind
from app.core.practice.rules.places import SessionFormat
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.ui.widgets.phrases import clock_range, long_day, short_day

_FORMAT_ICONS = {SessionFormat.VIDEO: "video", SessionFormat.PHONE: "phone"}
STATUS_ICONS = {
    AppointmentStatus.SCHEDULED: "circle-dashed",
    AppointmentStatus.CONFIRMED: "circle-check",
    AppointmentStatus.COMPLETED: "check",
    AppointmentStatus.NO_SHOW: "user-round-x",
    AppointmentStatus.LATE_CANCELED: "calendar-x",
    AppointmentStatus.CANCELED: "calendar-x",
}


def grid_clock(at: datetime) -> str:
    """Return ``9:00`` as the grid says it: the gutter says the half of the day."""
    return f"{at.hour % 12 or 12}:{at.minute:02d}"


def usual_services(sessions: Iterable[SessionView]) -> dict[CaseKind, UUID | None]:
    """Return the service that most sessions of each kind of case have: it goes without saying."""
    counted: dict[CaseKind, Counter[UUID | None]] = {}
    for each in sessions:
        counted.setdefault(each.case_kind, Counter())[each.service_id] += 1
    return {kind: found.most_common(1)[0][0] for kind, found in counted.items()}


def short_title(session: SessionView) -> str:
    """Return the title for a narrow column: ``Ana V.``, ``D. & R. Okonkwo-Bell``."""
    names = [each.name for each in session.people]
    if len(names) == 1 and names[0].family:
        return f"{names[0].called} {names[0].family[0]}."
    called = " & ".join(name.called for name in names)
    if len(names) == 2 and session.title.startswith(f"{called} "):
        initials = " & ".join(f"{name.called[0]}." for name in names)
        return initials + session.title.removeprefix(called)
    return session.title


def second_line(
    session: SessionView, usual: dict[CaseKind, UUID | None], *, wide: bool = False
) -> str:
    """Return what stands under the name: the time, and what is out of the ordinary.

    In a ``wide`` column, where one day has all the room, the time has its end too.
    """
    time = grid_clock(session.starts)
    if wide:
        time = f"{time} – {grid_clock(session.ends)}"
    if session.status.is_gone:
        return f"{time} · {session.status.label}"
    if session.service_name and usual.get(session.case_kind) != session.service_id:
        return f"{time} · {session.service_name}"
    return time


def session_icons(session: SessionView) -> tuple[str, ...]:
    """Return the icons of a session, from left to right."""
    found: list[str] = []
    if session.status is AppointmentStatus.COMPLETED:
        found.append("check")
    if session.format in _FORMAT_ICONS and not session.status.is_gone:
        found.append(_FORMAT_ICONS[session.format])
    if session.series_id is not None:
        found.append("repeat")
    if session.overlaps:
        found.append("triangle-alert")
    return tuple(found)


_long_day = lru_cache(maxsize=64)(long_day)


def spoken(session: SessionView) -> str:
    """Return a session as a screen reader says it."""
    parts = [
        session.title,
        f"{_long_day(session.day)}, {clock_range(session.starts, session.ends)}",
        session.service_name,
        session.format.label if session.format else "",
        session.status.label,
        "repeats" if session.series_id else "",
        "overlaps another session" if session.overlaps else "",
    ]
    return ", ".join(part for part in parts if part)


def span_title(first: date, last: date) -> str:
    """Return ``November 16 – 22``, ``Nov 30 – Dec 6``, ``Dec 28, 2026 – Jan 3, 2027``."""
    if first == last:
        return long_day(first)
    if first.year != last.year:
        return f"{short_day(first)}, {first.year} – {short_day(last)}, {last.year}"
    if first.month != last.month:
        return f"{short_day(first)} – {short_day(last)}"
    return f"{first:%B} {first.day} – {last.day}"


def taken_by(overlapping: Collection[SessionView]) -> str:
    """Return ``Overlaps Ana Villanueva, 3:30 – 4:20 PM``, or ""."""
    found = sorted(overlapping, key=lambda each: each.starts)
    if not found:
        return ""
    first = found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"Overlaps {first.title}, {clock_range(first.starts, first.ends)}{more}"
