"""The day beside the editor, with the session that is being booked in it. No Qt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from app.core.practice.rules.catalogue import CalendarColor, CaseKind
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.core.scheduling.rules.overlap import overlapping
from app.core.scheduling.rules.walltime import place
from app.ui.scheduling.dragging import Draft
from app.ui.scheduling.editor_presenter import EditorPresenter

NEW = UUID(int=0)
"""The id of the session that is not booked yet."""


class DayBeside:
    """The day beside the editor, with the session that is being booked in it."""

    def __init__(self, editor: EditorPresenter) -> None:
        self._editor = editor
        self.selected: UUID | None = NEW

    @property
    def days(self) -> tuple[date, ...]:
        """Return the one day."""
        return (self._editor.typed.starts.date(),)

    @property
    def sessions(self) -> tuple[SessionView, ...]:
        """Return its sessions and the new one, overlaps marked."""
        editor = self._editor
        view = editor.day
        if view is None or view.first != self.days[0]:
            return ()
        others = [each for each in view.sessions if each.id != editor.session_id]
        everything = [*others, _as_session(editor)]
        marked = overlapping(each.span for each in everything)
        return tuple(replace(each, overlaps=each.id in marked) for each in everything)

    @property
    def usual_minutes(self) -> int:
        """Return the length of the session that is being booked."""
        return self._editor.typed.minutes

    def now(self) -> datetime:
        """Return the time on the practice's wall."""
        return self._editor.now()

    def is_past(self, session: SessionView) -> bool:
        """Return whether a session is over; the new one never is."""
        over = session.ends_at <= self._editor.desk.clock.now()
        return session.id != NEW and (over or session.status is AppointmentStatus.COMPLETED)

    def opening(self, day: date) -> list[tuple[time, time]]:
        """Return when the practice is open on ``day``."""
        hours = self._editor.day.hours if self._editor.day else ()
        return [(each.opens, each.closes) for each in hours if each.weekday == day.weekday()]

    def conflict(self, draft: Draft) -> str:
        """Return nothing: the sentence stands in the form."""
        return ""


def _as_session(editor: EditorPresenter) -> SessionView:
    typed, case = editor.typed, editor.case
    placed = place(typed.starts, typed.minutes, editor.desk.zone)
    first = typed.lines[0].service_id if typed.lines else None
    service = editor.service(first) if first else None
    return SessionView(
        id=NEW,
        case_id=typed.case_id or NEW,
        case_kind=case.kind if case else CaseKind.INDIVIDUAL,
        title=case.title if case else "New session",
        people=case.people if case else (),
        member_id=typed.member_id or editor.desk.actor.member_id,
        supervisor_id=None,
        series_id=None,
        original_start=None,
        is_kept=False,
        starts=placed.starts,
        ends=placed.ends,
        minutes=typed.minutes,
        zone=editor.desk.zone,
        starts_at=placed.starts_at,
        ends_at=placed.ends_at,
        status=AppointmentStatus.SCHEDULED,
        chargeable=False,
        canceled_by=None,
        reason="",
        service_id=first,
        service_name=service.name if service else "",
        color=service.color if service else CalendarColor.SPRUCE,
        location_id=typed.location_id,
        location_name="",
        format=None,
        place_of_service="",
        client_place=None,
        client_state="",
        memo="",
    )
