"""Backup and restore: the newest one, the folder, and what lies in it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.ui.settings.backup_presenter import (
    BackupFile,
    BackupFolder,
    BackupPresenter,
    is_stale,
    kept_words,
    size_words,
)
from app.ui.settings.panel import SettingsPanel
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import Hairline, Section, column_layout, emptied, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.phrases import day_words, time_words
from app.ui.widgets.states import EmptyState, StateStack
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("made", "Made", stretch=2, weight="semibold"),
    Column("size", "Size", right=True),
    Column("checked", "Checked", stretch=2),
)


class BackupPanel(SettingsPanel):
    """Three facts with their acts, then the table of backups."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._now = Button(
            "Back up now", kind="primary", icon="hard-drive-download", on_click=self._make
        )
        super().__init__(
            "Backup and restore",
            "A backup is one encrypted file. It opens with your passphrase or your recovery key,"
            " on any computer.",
            acts=(self._now,),
        )
        self._facts = column_layout()
        self._section = Section("Backups")
        self._table = DataTable(_COLUMNS, name="Backups", bleeds=False)
        self._stack = StateStack(self._table, rows=4)
        self._stack.setMinimumHeight(look.px(240))
        self._section.add(self._stack)
        self.content.setSpacing(look.px(16))
        self.content.addLayout(self._facts)
        self.content.addWidget(self._section)
        program = context.program
        practice = program.practice if program else None
        self._presenter: BackupPresenter | None = None
        if practice is not None:
            self._presenter = BackupPresenter(practice, context.deliver)
            self._presenter.on_change(self._render)
            self._presenter.refresh()

    def mend(self, _field: str, _record: str) -> None:
        """Put the cursor on the act that ends an overdue backup."""
        self._now.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> None:
        if self._presenter is not None:
            self._presenter.make()

    def refresh(self) -> None:
        """Look at the folder again."""
        if self._presenter is not None:
            self._presenter.refresh()

    def _render(self) -> None:
        presenter = self._presenter
        if presenter is None or presenter.state is None:
            return
        self._now.set_busy(presenter.busy)
        self._now.set_words("Backing up…" if presenter.busy else "Back up now")
        self.show_problem(presenter.problem)
        emptied(self._facts)
        self._facts.addWidget(Hairline())
        newest = presenter.files[0] if presenter.files else None
        self._add_newest(newest)
        self._add_folder(presenter.state, len(presenter.files))
        self._add_fact(
            "rotate-ccw",
            "text.secondary",
            "Restore",
            "Closes this practice and puts a backup in its place. What lies there now is kept"
            " beside it, so that nothing is lost.",
            Link("Restore a backup…", on_click=self._restore),
        )
        self._section.set_count(len(presenter.files) or None)
        self._table.set_rows(self._row(each) for each in presenter.files)
        if presenter.files:
            self._stack.content()
        else:
            self._stack.empty(self._empty())

    def _add_newest(self, newest: BackupFile | None) -> None:
        if newest is None:
            self._add_fact(
                "triangle-alert",
                "warn.text",
                "No backup yet",
                "If this computer were lost today, so would be every record.",
                None,
            )
            return
        stale = is_stale(newest.at, self._context.desk.clock.now().date())
        self._add_fact(
            "triangle-alert" if stale else "circle-check",
            "warn.text" if stale else "success.text",
            f"Last backup {self._when(newest.at).replace('Today', 'today')}",
            f"{size_words(newest.size)}, checked after writing by opening it. The next one is made"
            " when you lock.",
            Link("Show file", on_click=lambda: self._show(newest.path.parent)),
        )

    def _empty(self) -> EmptyState:
        return EmptyState(
            "hard-drive-download",
            "Backups will stand here",
            "Each with its day and size, and checked by opening it. The first one is made when you"
            " lock, or now.",
        )

    def _add_folder(self, state: BackupFolder, count: int) -> None:
        where = "Backups on another place of yours" if state.chosen else "Backups on this computer"
        advice = "" if state.chosen else " Choose a folder on another disk: this one can be lost."
        self._add_fact(
            "folder",
            "text.secondary",
            where,
            f"{state.folder}. {kept_words(count)}{advice}",
            Link("Change folder…", on_click=self._choose),
        )

    def _add_fact(self, icon: str, tone: str, title: str, sentence: str, act: Link | None) -> None:
        made = QWidget()
        line = row_layout(made, gap=14, margin=(0, 14, 0, 14))
        lead = column_layout(margin=(0, 2, 0, 0))
        lead.addWidget(IconMark(icon, tone))
        lead.addStretch(1)
        line.addLayout(lead)
        words = column_layout(gap=2)
        words.addWidget(Text(title, "lead", "semibold"))
        words.addWidget(Text(sentence, tone="text.secondary", wrap=True))
        line.addLayout(words, 1)
        if act is not None:
            side = column_layout(margin=(0, 4, 0, 0))
            side.addWidget(act)
            side.addStretch(1)
            line.addLayout(side)
        self._facts.addWidget(made)
        self._facts.addWidget(Hairline())

    def _row(self, each: BackupFile) -> TableRow:
        checked = Status("circle-check", "Complete", Tone.OK)
        return TableRow(
            str(each.path),
            (
                Cell(self._when(each.at), sort=each.at),
                Cell(size_words(each.size), sort=each.size),
                Cell(status=checked),
            ),
        )

    def _when(self, at: datetime) -> str:
        here = at.astimezone(ZoneInfo(self._context.desk.zone))
        day = day_words(here.date(), self._context.today())
        return f"{day}, {time_words(here.time())}"

    def _choose(self) -> None:
        presenter = self._presenter
        if presenter is None or presenter.state is None:
            return
        folder = QFileDialog.getExistingDirectory(
            self, "Choose the backup folder", str(presenter.state.folder)
        )
        if folder:
            presenter.choose(Path(folder))

    def _restore(self) -> None:
        if self._context.program is not None:
            self._context.program.restore()

    @staticmethod
    def _show(folder: Path) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def closing(self) -> None:
        """Stop listening."""
        if self._presenter is not None:
            self._presenter.close()
