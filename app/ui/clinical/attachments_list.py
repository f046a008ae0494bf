"""A plain list of attached files, with a way to add one."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.clinical.queries.attachments import AttachmentView
from app.core.clinical.rules.attachments import size_words
from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import date_words
from app.ui.clinical.attachments_presenter import AttachmentsPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.layout import Hairline, Section, column_layout, emptied, reveal, row_layout
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text
from app.ui.widgets.unsent import Unsent, UnsentDot

_NONE = "Letters, releases and scans can be attached here; they are kept encrypted."
_AWAY = "Not on this computer yet"


class AttachmentsList(QWidget):
    """Shows the files of one client or note; files may also be dropped on it."""

    def __init__(
        self,
        presenter: AttachmentsPresenter,
        *,
        title: str = "Files",
        may_add: bool = True,
        unsent: Unsent | None = None,
    ) -> None:
        super().__init__()
        self._presenter, self._may_add, self._unsent = presenter, may_add, unsent
        self._add = Link("Attach file", on_click=self._choose)
        self._add.setAccessibleName(
            f"Attach file to {title}" if title != "Files" else "Attach file"
        )
        reveal(self._add, may_add)
        self._section = Section(title, aside=self._add, gap=4)
        self._rows = column_layout(gap=0)
        self._section.body.addLayout(self._rows)
        self._problem = Text("", tone="danger.text", wrap=True)
        self._said = Text("", tone="text.secondary", wrap=True)
        box = column_layout(self, gap=4)
        box.addWidget(self._section)
        box.addWidget(self._problem)
        box.addWidget(self._said)
        self.setAcceptDrops(may_add)
        presenter.on_change(self._render)
        presenter.refresh()
        self._render()

    def closing(self) -> None:
        """Let go of what was read."""
        self._presenter.close()

    # Adding

    def _choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, "Attach files")
        if names:
            self._presenter.attach([Path(name) for name in names])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self._presenter.attach(_paths(event.mimeData()))
        event.acceptProposedAction()

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        for label, words in ((self._problem, presenter.problem), (self._said, presenter.said)):
            label.set(words)
            reveal(label, bool(words))
        if presenter.files is None:
            return
        emptied(self._rows)
        # A heading over nothing, to which nothing can be added, would only puzzle.
        reveal(self._section, bool(self._may_add or presenter.files or presenter.waiting))
        self._section.set_count(len(presenter.files) or None)
        for name in presenter.waiting:
            self._rows.addWidget(StatusLabel(Status("hourglass", f"Attaching {name}", Tone.MUTED)))
        for file in presenter.files:
            self._rows.addWidget(self._row(file))
            self._rows.addWidget(Hairline())
        if not presenter.files and not presenter.waiting and self._may_add:
            self._rows.addWidget(Text(_NONE, tone="text.muted", wrap=True))

    def _row(self, file: AttachmentView) -> QWidget:
        made = QWidget()
        made.setFixedHeight(look.px(40))
        line = row_layout(made, gap=10)
        line.addWidget(StatusLabel(Status("file-text", "", Tone.QUIET)))
        name = Text(file.name, elide=True)
        name.setAccessibleName(file.name)
        if file.here:
            line.addWidget(UnsentDot(self._unsent, file.id, name))
        line.addWidget(name, 1)
        day = wall_time(file.added_at, self._presenter.desk.zone).date()
        words = f"{size_words(file.size)} · {date_words(day)}" if file.here else _AWAY
        line.addWidget(Text(words, tone="text.secondary", tabular=True))
        save = IconButton(
            "download", f"Save a copy of {file.name}", on_click=partial(self._save, file)
        )
        save.setEnabled(file.here)
        line.addWidget(save)
        if self._may_add:
            line.addWidget(
                IconButton(
                    "trash-2",
                    f"Remove {file.name}",
                    on_click=partial(self._presenter.remove, file),
                )
            )
        return made

    def _save(self, file: AttachmentView) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, "Save a copy", file.name)
        if chosen:
            self._presenter.save_copy(file, Path(chosen))


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
