"""Pictures of the note editor and the Clinical tab."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.clinical.commands.notes import amend_note
from app.core.kernel.desk import Desk
from app.ui.clinical.note_page import NotePage
from app.ui.clinical.record_panel import RecordPanel
from app.ui.shell.bridge import Bridge
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.layout import Surface, column_layout
from tests.core.team.test_permissions import end_membership
from tests.support.pictures import application
from tests.support.screens import bare_context
from tests.support.shots import Shot
from tests.ui.clinical import scene


def _framed(page: QWidget) -> QWidget:
    frame = Surface("page")
    column_layout(frame).addWidget(page)
    return frame


def _context(desk: Desk) -> ScreenContext:
    context, _heard = bare_context(desk, Bridge(application()))
    return context


def _writing(desk: Desk) -> QWidget:
    record = scene.walter(desk)
    page = NotePage(_context(desk))
    page.show_place(Place("clinical", ("note", scene.thursday_draft(desk, record))))
    return _framed(page)


def _amended(desk: Desk) -> QWidget:
    record = scene.walter(desk)
    desk.do(amend_note, record.monday_note, "He wrote the first sentence on Sunday, not Monday.")
    page = NotePage(_context(desk))
    page.show_place(Place("clinical", ("note", record.monday_note)))
    return _framed(page)


def _left(desk: Desk) -> QWidget:
    bea, note_id = scene.colleagues_draft(desk, scene.walter(desk))
    desk.do(end_membership, bea)
    page = NotePage(_context(desk))
    page.show_place(Place("clinical", ("note", note_id)))
    return _framed(page)


def _record(desk: Desk) -> QWidget:
    record = scene.walter(desk)
    scene.thursday_draft(desk, record)
    return _framed(RecordPanel(_context(desk), ("case", record.case_id)))


SHOTS = [
    Shot("note-editor", _writing),
    Shot("note-amended", _amended),
    Shot("note-left", _left),
    Shot("record-clinical", _record),
]
