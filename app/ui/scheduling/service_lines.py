"""The service lines of a session, in its editor."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.scheduling.rules.booking import MOST_LINES
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.fields import Choice
from app.ui.widgets.layout import column_layout, emptied, reveal, row_layout


class ServiceLines(QWidget):
    """One choice a line; the first is what the calendar shows."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._shown: list[UUID] | None = None
        self._box = column_layout(self, gap=8)

    def show_state(self) -> None:
        """Show the lines, where they are others than those shown."""
        presenter = self._presenter
        services = presenter.choices.services if presenter.choices else ()
        wanted = [line.service_id for line in presenter.typed.lines]
        self.setEnabled(not presenter.is_settled)
        if wanted == self._shown:
            return
        self._shown = wanted
        emptied(self._box)
        options = [(each.id, f"{each.name}  {each.code}, {each.fee}") for each in services]
        for index, service_id in enumerate(wanted or [None]):
            self._add_line(index, options, service_id, alone=len(wanted) < 2)
        if wanted and len(wanted) < MOST_LINES and services:
            add = Link("Add a service")
            add.clicked.connect(lambda: presenter.choose_service(len(wanted), services[0].id))
            self._box.addWidget(add)

    def _add_line(
        self, index: int, options: list[tuple[UUID, str]], service_id: UUID | None, *, alone: bool
    ) -> None:
        choose = self._presenter.choose_service
        name = f"Service {index + 1}" if index else "Service"
        choice = Choice(options, service_id, name=name)
        choice.changed.connect(lambda value: choose(index, value))
        drop = IconButton("x", f"Remove {name.lower()}", on_click=lambda: choose(index, None))
        reveal(drop, not alone)
        line = row_layout(gap=4)
        line.addWidget(choice, 1)
        line.addWidget(drop)
        self._box.addLayout(line)
