"""Which sessions go on a superbill, and why the others do not.

Source: *Our rules* of the billing documents. *Paid* means net allocations at issue.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.billing.superbills.rules.facts import Holder, Session
from app.core.billing.superbills.rules.findings import days_words
from app.core.cases.rules import CLINICAL_KINDS
from app.core.kernel.money import ZERO


class LeftOut(StrEnum):
    """Why a session is not on the superbill."""

    NO_SUPERBILLS = "NO_SUPERBILLS"
    MISSED = "MISSED"
    NOT_CHARGED = "NOT_CHARGED"
    UNPAID = "UNPAID"
    ISSUED = "ISSUED"

    @property
    def words(self) -> str:
        """Return the reason as lists say it."""
        return _REASONS[self]


_REASONS = {
    LeftOut.NO_SUPERBILLS: "consultations and workshops have no superbill",
    LeftOut.MISSED: "missed or canceled late",
    LeftOut.NOT_CHARGED: "nothing was charged",
    LeftOut.UNPAID: "not paid",
    LeftOut.ISSUED: "already on a superbill",
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person asks for beyond the rule.

    ``include_unpaid`` prints unpaid lines with *paid 0.00*. ``include_issued`` takes lines that
    are on another live superbill. ``instead_of`` is the number of the superbill to be superseded.
    """

    include_unpaid: bool = False
    include_issued: bool = False
    instead_of: str = ""


#: Nothing asked beyond the rule.
BY_THE_RULE = Wish()


@dataclass(frozen=True, slots=True)
class Omission:
    """A session left out, and why."""

    session: Session
    reason: LeftOut


def why_left_out(session: Session, wish: Wish) -> LeftOut | None:
    """Return why ``session`` is not on the superbill, or ``None`` when it is."""
    if session.case_kind not in CLINICAL_KINDS:
        return LeftOut.NO_SUPERBILLS
    if not session.attended:
        return LeftOut.MISSED
    if not session.amount:
        return LeftOut.NOT_CHARGED
    if session.paid <= ZERO and not wish.include_unpaid:
        return LeftOut.UNPAID
    if live_elsewhere(session, wish) and not wish.include_issued:
        return LeftOut.ISSUED
    return None


def live_elsewhere(session: Session, wish: Wish) -> tuple[Holder, ...]:
    """Return the live superbills that hold ``session``, but for the one to be superseded."""
    return tuple(each for each in session.live_on if each.number != wish.instead_of)


def choose(
    sessions: Iterable[Session], wish: Wish
) -> tuple[tuple[Session, ...], tuple[Omission, ...]]:
    """Return the sessions that go in, by date, and those left out with the reason."""
    chosen: list[Session] = []
    omitted: list[Omission] = []
    for session in sorted(sessions, key=_by_date):
        reason = why_left_out(session, wish)
        if reason is None:
            chosen.append(session)
        else:
            omitted.append(Omission(session, reason))
    return tuple(chosen), tuple(omitted)


def omission_words(omitted: Iterable[Omission]) -> str:
    """Return what was left out as a sentence: ``Left out: Oct 8, not paid.`` Empty for nothing."""
    by_reason: dict[LeftOut, list[Session]] = {}
    for omission in omitted:
        by_reason.setdefault(omission.reason, []).append(omission.session)
    parts = [
        f"{days_words(session.held_on for session in sessions)}, {reason.words}"
        for reason, sessions in by_reason.items()
    ]
    return f"Left out: {'; '.join(parts)}." if parts else ""


def _by_date(session: Session) -> tuple[object, str, UUID]:
    return session.held_on, session.code, session.charge_id
