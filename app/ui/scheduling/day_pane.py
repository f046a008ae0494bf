"""The day beside the editor."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.scheduling.day_beside import NEW, DayBeside
from app.ui.scheduling.dragging import STEP, Draft
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.scheduling.grid import DayGrid
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.phrases import long_day, plural, weekday_day
from app.ui.widgets.text import Text

_WIDTH = 348
#: A page narrower than this has no room for a form and the day; the form says what is in the way.
_ROOM = 800


class DayPane(Surface):
    """The day beside the editor: drag the new session, or move it with the arrow keys."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._shown = DayBeside(presenter)
        self.setFixedWidth(look.px(_WIDTH))
        self._title = Text("", "lead", "semibold", elide=True)
        self._counts = Text("", tone="text.secondary")
        head = row_layout(gap=0, margin=(20, 24, 12, 12))
        words = column_layout(gap=2)
        words.addWidget(self._title)
        words.addWidget(self._counts)
        head.addLayout(words, 1)
        for icon, name, days in (
            ("chevron-left", "A day earlier", -1),
            ("chevron-right", "A day later", 1),
        ):
            turn = IconButton(icon, name)
            turn.clicked.connect(lambda _on=False, by=days: presenter.move(days=by))
            head.addWidget(turn)
        self._grid = DayGrid(self._shown, always_drafts=True)
        self._grid.canvas.dropped.connect(self._dropped)
        self._grid.canvas.drafted.connect(self._drafted)
        hint = Text(
            f"Drag the new session, or press Alt with the arrow keys to move it by {STEP} minutes.",
            "caption",
            tone="text.muted",
            wrap=True,
        )
        foot = column_layout(margin=(20, 10, 20, 12))
        foot.addWidget(hint)
        box = column_layout(self)
        box.addLayout(head)
        box.addWidget(self._grid, 1)
        box.addLayout(foot)

    def give_way_in(self, page: QWidget) -> None:
        """Stand in ``page`` only while it has room for both."""
        self.hide()
        page.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QResizeEvent):
            self.setVisible(event.size().width() >= look.px(_ROOM))
        return super().eventFilter(watched, event)

    def show_state(self) -> None:
        """Show the day of the session that is being booked."""
        day = self._shown.days[0]
        sessions = [each for each in self._shown.sessions if not each.status.is_gone]
        overlaps = sum(each.overlaps for each in sessions)
        self._title.set(weekday_day(day) if len(long_day(day)) > 24 else long_day(day))
        counts = plural(len(sessions), "session")
        self._counts.set(
            f"{counts}, {plural(overlaps // 2 or 1, 'overlap')}" if overlaps else counts
        )
        self._grid.render_sessions()

    def _dropped(self, draft: Draft) -> None:
        # The others are only looked at from here.
        if draft.session is not None and draft.session.id == NEW:
            self._presenter.set(starts=draft.starts, minutes=draft.minutes)

    def _drafted(self, draft: Draft) -> None:
        self._presenter.set(starts=draft.starts)
