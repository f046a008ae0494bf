"""Pictures of the calendar, its editor and quick entry."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.core.scheduling import queries
from app.ui.scheduling.editor import EditorPage
from app.ui.scheduling.page import CalendarPage
from app.ui.scheduling.past import PastPage
from app.ui.scheduling.presenter import Mode
from app.ui.shell.bridge import Bridge
from app.ui.widgets.typed import DateField
from tests.support.pictures import FULL, application, settle
from tests.support.screens import bare_context
from tests.support.shots import Shot
from tests.ui.scheduling.design_week import book_design_week


def _calendar(desk: Desk) -> CalendarPage:
    context, _heard = bare_context(desk, Bridge(application()))
    return CalendarPage(context)


def _week(desk: Desk) -> QWidget:
    book_design_week(desk)
    return _calendar(desk)


def _panel(desk: Desk) -> QWidget:
    book_design_week(desk)
    page = _calendar(desk)
    page.resize(1224, 872)
    page.week.resize(1224, 872)
    page.act("scheduling.months")
    return page


def _popover(desk: Desk) -> QWidget:
    book_design_week(desk)
    page = _calendar(desk)
    today = page.presenter.now().date()
    shown = desk.ask(queries.sessions_between, today, today)
    page.presenter.select(next(each.id for each in shown if each.title == "Jun Tanaka"))
    return page


def _day(desk: Desk) -> QWidget:
    book_design_week(desk)
    page = _calendar(desk)
    page.presenter.show(mode=Mode.DAY)
    return page


def _editor(desk: Desk) -> QWidget:
    cases = book_design_week(desk)
    page = _calendar(desk)
    page.new_appointment(starts=datetime(2026, 11, 26, 13, 45), case_id=cases["Ada Lowry"])
    assert isinstance(page.current(), EditorPage)
    return page


def _unread(desk: Desk) -> QWidget:
    page = _editor(desk)
    editor = page.findChildren(EditorPage)[0]
    day = editor.findChildren(DateField)[0]
    day.setText("13/45/2026")
    day.judge()
    return page


def _past(desk: Desk) -> QWidget:
    book_design_week(desk)
    page = _calendar(desk)
    page.enter_past()
    return page


def _past_wrong(desk: Desk) -> QWidget:
    page = _past(desk)
    page.resize(*FULL)
    page.show()
    settle(300)
    past = page.findChildren(PastPage)[0]
    past.presenter.add()
    past.findChildren(DateField)[1].setText("13/45/2026")
    past.save()
    past.presenter.save()
    return page


SHOTS = [
    Shot("calendar-week", _week),
    Shot("calendar-week-panel", _panel, (1224, 872)),
    Shot("calendar-week-popover", _popover),
    Shot("calendar-day", _day),
    Shot("calendar-empty", _calendar),
    Shot("appointment-editor", _editor),
    Shot("appointment-unread", _unread),
    Shot("past-sessions", _past),
    Shot("past-sessions-wrong", _past_wrong),
]
