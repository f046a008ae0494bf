"""The page *Import* of Settings: the way in, and what was imported."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.exchange.history import History
from app.ui.exchange.presenter import ImportPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import ScrollPage, column_layout, row
from app.ui.widgets.text import Text


class ImportsPage(QWidget):
    """Earlier imports with their undo."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._presenter = ImportPresenter(context.desk, context.deliver)
        self._history = History(self._presenter, context)
        page = ScrollPage(width=660, gap=16, name="Import")
        page.body.addWidget(Text("Import", "title", "semibold"))
        page.body.addWidget(
            Text(
                "Client lists that SimplePractice or PracticeRunner exported. You look at what "
                "would arrive first; the whole import can be undone for 30 days.",
                tone="text.secondary",
                wrap=True,
            )
        )
        begin = Button(
            "Import clients…",
            kind="primary",
            icon="import",
            on_click=lambda: context.go(Place("exchange")),
        )
        page.body.addWidget(row(begin, None))
        page.body.addWidget(self._history)
        column_layout(self).addWidget(page)
        self._presenter.on_change(self._history.render_state)
        self._presenter.refresh()
        self._history.render_state()

    def refresh(self) -> None:
        """Read again when the page comes back."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._presenter.close()
