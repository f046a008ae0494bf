"""What becomes of a session, and which step may follow which."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from app.core.kernel.errors import UserError


class AppointmentStatus(StrEnum):
    """Where a session stands."""

    SCHEDULED = "SCHEDULED"
    CONFIRMED = "CONFIRMED"
    COMPLETED = "COMPLETED"
    NO_SHOW = "NO_SHOW"
    LATE_CANCELED = "LATE_CANCELED"
    CANCELED = "CANCELED"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return _LABELS[self]

    @property
    def is_open(self) -> bool:
        """Return whether nothing is settled yet: it may be moved, held, missed or canceled."""
        return self in (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)

    @property
    def is_gone(self) -> bool:
        """Return whether nobody came: its time is free again."""
        return self in (
            AppointmentStatus.NO_SHOW,
            AppointmentStatus.LATE_CANCELED,
            AppointmentStatus.CANCELED,
        )


_LABELS = {
    AppointmentStatus.SCHEDULED: "Scheduled",
    AppointmentStatus.CONFIRMED: "Confirmed",
    AppointmentStatus.COMPLETED: "Attended",
    AppointmentStatus.NO_SHOW: "No-show",
    AppointmentStatus.LATE_CANCELED: "Late canceled",
    AppointmentStatus.CANCELED: "Canceled",
}


class CanceledBy(StrEnum):
    """Who called a session off."""

    CLIENT = "CLIENT"
    PRACTICE = "PRACTICE"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return "The client" if self is CanceledBy.CLIENT else "The practice"


class ClientPlace(StrEnum):
    """Where the client of a telehealth session is."""

    HOME = "HOME"
    ELSEWHERE = "ELSEWHERE"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return "At home" if self is ClientPlace.HOME else "Elsewhere"


_CLOSING = frozenset(
    {
        AppointmentStatus.COMPLETED,
        AppointmentStatus.NO_SHOW,
        AppointmentStatus.LATE_CANCELED,
        AppointmentStatus.CANCELED,
    }
)
_NEXT: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    AppointmentStatus.SCHEDULED: _CLOSING | {AppointmentStatus.CONFIRMED},
    AppointmentStatus.CONFIRMED: _CLOSING | {AppointmentStatus.SCHEDULED},
    AppointmentStatus.COMPLETED: frozenset({AppointmentStatus.SCHEDULED}),
    AppointmentStatus.NO_SHOW: frozenset({AppointmentStatus.SCHEDULED}),
    AppointmentStatus.LATE_CANCELED: frozenset({AppointmentStatus.SCHEDULED}),
    AppointmentStatus.CANCELED: frozenset({AppointmentStatus.SCHEDULED}),
}


def may_become(current: AppointmentStatus, wanted: AppointmentStatus) -> bool:
    """Return whether the step is open."""
    return wanted in _NEXT[current]


def check_step(current: AppointmentStatus, wanted: AppointmentStatus) -> None:
    """Raise ``UserError`` with the mend when a session cannot go from one status to the other."""
    if may_become(current, wanted):
        return
    if current is wanted:
        raise UserError(f"This session is already marked {current.label.lower()}.", field="status")
    raise UserError(
        f"This session is marked {current.label.lower()}: reopen it first.", field="status"
    )


def check_day_has_come(day: date, today: date) -> None:
    """Raise ``UserError`` when a session of a later ``day`` is to be marked attended or missed."""
    if day > today:
        raise UserError(
            f"This session is on {day:%b} {day.day}, {day.year}: mark it once the day has come.",
            field="status",
        )


def check_movable(status: AppointmentStatus) -> None:
    """Raise ``UserError`` when the time of a settled session is to be changed."""
    if not status.is_open:
        raise UserError(
            f"This session is marked {status.label.lower()}: reopen it to change its time.",
            field="starts",
        )


def is_charged(status: AppointmentStatus, chargeable: bool) -> bool:
    """Return whether the session owes money: it was held, or missed and is charged all the same."""
    if status in (AppointmentStatus.NO_SHOW, AppointmentStatus.LATE_CANCELED):
        return chargeable
    return status is AppointmentStatus.COMPLETED
