"""On Today: the import that was interrupted, to be continued or undone."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.exchange.queries import history
from app.core.exchange.queries.history import ImportView
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.presenter import Presenter
from app.ui.widgets.layout import column_layout, emptied
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone


class UnfinishedImport(QWidget):
    """Hidden unless an import waits; its link leads to where it is continued or undone."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = _Waiting(context)
        self._box = column_layout(self)
        self._presenter.on_change(self._render)
        self.hide()
        self._presenter.refresh()

    def refresh(self) -> None:
        """Read again when the page comes back."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._presenter.close()

    def _render(self) -> None:
        emptied(self._box)
        waiting = self._presenter.waiting
        self.setVisible(waiting is not None)
        if waiting is not None:
            done, total = waiting.progress.done, waiting.progress.total
            self._box.addWidget(
                Message(
                    Tone.WARN,
                    f"Continue or undo the import ({done:,} of {total:,})?",
                    mend="Decide",
                    on_mend=lambda: self._context.go(Place("exchange")),
                )
            )


class _Waiting(Presenter):
    """Knows the unfinished import, if there is one."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.desk, context.deliver)
        self.waiting: ImportView | None = None
        self.watch("exchange")

    def refresh(self) -> None:
        """Read it again."""
        self.read("waiting", history.unfinished_import, then=self._have)

    def _have(self, found: ImportView | None) -> None:
        if found != self.waiting:
            self.waiting = found
            self.changed()
