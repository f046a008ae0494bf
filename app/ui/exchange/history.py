"""Earlier imports: what they brought, undo for 30 days, and the one that was interrupted."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from app.core.exchange.queries.history import ImportView
from app.core.exchange.rules import ImportState
from app.ui.exchange.presenter import ImportPresenter
from app.ui.shell.context import ScreenContext
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import Hairline, Section, column_layout, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.phrases import date_words, plural
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_UNFINISHED = (ImportState.RUNNING, ImportState.UNDOING)


class History(QWidget):
    """A list, the latest first; hidden while there was no import."""

    def __init__(self, presenter: ImportPresenter, context: ScreenContext) -> None:
        super().__init__()
        self._presenter = presenter
        self._context = context
        self._shown: tuple[ImportView, ...] | None = None
        self._section = Section("Imports so far")
        column_layout(self).addWidget(self._section)

    def render_state(self) -> None:
        """Show what the presenter knows, if that is something new."""
        rows = self._presenter.history or ()
        self.setVisible(bool(rows))
        if rows == self._shown:
            return
        self._shown = rows
        self._section.clear()
        for row in rows:
            if row.state in _UNFINISHED:
                self._section.add(self._interrupted(row))
            else:
                self._section.add(self._line(row))
                self._section.add(Hairline())

    def _interrupted(self, row: ImportView) -> QWidget:
        done, total = row.progress.done, row.progress.total
        if row.state is ImportState.UNDOING:
            return Message(
                Tone.WARN,
                "Undoing this import was interrupted.",
                f"{plural(done, 'person is', 'people are')} still here.",
                mend="Go on undoing",
                on_mend=lambda: self._presenter.undo(row.id),
            )
        holder = QWidget()
        box = column_layout(holder, gap=4)
        box.addWidget(
            Message(
                Tone.WARN,
                f"Continue or undo the import ({done:,} of {total:,})?",
                "The program ended before everybody was in.",
                mend="Continue",
                on_mend=lambda: self._presenter.go_on(row.id),
            )
        )
        box.addWidget(Link("Undo it instead", on_click=lambda: self._presenter.undo(row.id)))
        return holder

    def _line(self, row: ImportView) -> QWidget:
        holder = QWidget()
        line = row_layout(holder, gap=12, margin=(0, 8, 0, 8))
        line.addWidget(Text(date_words(self._day(row)), tone="text.secondary", tabular=True))
        line.addWidget(Text(", ".join(row.files), elide=True), 1)
        line.addWidget(Text(plural(row.progress.total, "person", "people"), tabular=True))
        if row.can_undo(self._context.desk.clock.now()):
            undo = Link("Undo", on_click=lambda: self._presenter.undo(row.id))
            undo.setAccessibleName(f"Undo the import of {', '.join(row.files)}")
            line.addWidget(undo)
        else:
            line.addWidget(Text(row.state.label, tone="text.muted"))
        return holder

    def _day(self, row: ImportView) -> date:
        return row.started_at.astimezone(ZoneInfo(self._context.desk.zone)).date()
