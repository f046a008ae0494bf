"""A list of records with an editor in a sheet: what services and locations share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from uuid import UUID

from app.core.kernel.errors import MachineError, UserError
from app.ui.settings.catalogue_presenter import ListPresenter
from app.ui.settings.panel import SettingsPanel
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Column, TableRow
from app.ui.widgets.forms import Form
from app.ui.widgets.panes import Inspector, Sheet
from app.ui.widgets.states import EmptyState, StateStack
from app.ui.widgets.tables import DataTable


class Editor(Inspector):
    """The editor of one record. ``typed`` returns its fields or raises ``UserError``."""

    def __init__(self, title: str, presenter: ListPresenter[Any, Any]) -> None:
        super().__init__(title)
        self.form = Form()
        self._presenter = presenter
        self.body.setSpacing(look.px(16))
        row = presenter.edited
        self._bar = ActsBar(surface="canvas", margin=24)
        if row is not None:
            words = "Use again" if row.retired else "Use no longer"
            retire = Button(words, kind="plain", on_click=lambda: presenter.retire(not row.retired))
            self._bar.line.addWidget(retire)
        save = Button("Save", kind="primary", keys="Ctrl+Return", on_click=self._save)
        save.setShortcut("Ctrl+Return")
        self._bar.line.addWidget(save)
        self.foot(self._bar)

    def typed(self) -> Any:
        """Return the fields as typed."""
        raise NotImplementedError

    def _save(self) -> None:
        self.form.clear()
        self._bar.say("")
        try:
            fields = self.typed()
        except UserError as error:
            self.show_problem(error)
        else:
            self._presenter.save(fields)

    def show_problem(self, problem: Exception) -> None:
        """Say what refused it, at its field where the editor has it."""
        if isinstance(problem, UserError) and self.form.show(problem):
            return
        if isinstance(problem, (UserError, MachineError)):
            self._bar.say(problem.sentence, "danger.text")


class ListPanel(SettingsPanel):
    """The list; a row opens the editor over the right edge of the page."""

    def __init__(
        self,
        presenter: ListPresenter[Any, Any],
        title: str,
        sentence: str,
        columns: Sequence[Column],
        *,
        add: str,
        empty: Callable[[], EmptyState],
    ) -> None:
        new = Button(add, kind="primary", icon="plus", on_click=lambda: presenter.edit("new"))
        super().__init__(title, sentence, acts=(new,), width=760, bleeds=True)
        self._presenter = presenter
        self._empty = empty
        self._table = DataTable(columns, name=title)
        self._table.opened.connect(self._open)
        self._stack = StateStack(self._table, rows=4)
        self._stack.setMinimumHeight(look.px(360))
        self.content.addWidget(self._stack)
        self._sheet = Sheet(self)
        self._sheet.closed.connect(self._closed)
        self._editor: Editor | None = None
        self._stack.loading()
        presenter.on_change(self._render)
        presenter.refresh()

    def row_of(self, record: Any) -> TableRow:
        """Return a record as a row of the table."""
        raise NotImplementedError

    def editor(self) -> Editor:
        """Return the editor for what the presenter is editing."""
        raise NotImplementedError

    def _render(self) -> None:
        rows = self._presenter.rows
        if rows is not None and not rows:
            self._stack.empty(self._empty())
        elif rows is not None:
            self._table.set_rows([self.row_of(row) for row in rows])
            self._stack.content()
        self._render_editor()
        self.go_where_wanted()

    def _render_editor(self) -> None:
        presenter = self._presenter
        if presenter.editing is None:
            if self._editor is not None:
                self._editor = None
                self._sheet.close_sheet()
        elif self._editor is None:
            self._editor = self.editor()
            self._editor.closed.connect(lambda: presenter.edit(None))
            self._sheet.open(self._editor)
        if self._editor is not None and presenter.problem is not None:
            self._editor.show_problem(presenter.problem)

    def _open(self, key: Hashable) -> None:
        if isinstance(key, UUID):
            self._presenter.edit(key)

    def _closed(self) -> None:
        if self._editor is not None:
            self._editor = None
            self._presenter.edit(None)

    def is_read(self) -> bool:
        """Return whether the list has come: without it a record would open as a new one."""
        return self._presenter.rows is not None

    def mend(self, field: str, record: str) -> None:
        """Open the editor of ``record`` with the cursor in ``field``."""
        if record:
            self._presenter.edit(UUID(record))
        if self._editor is not None:
            self._editor.form.focus(field)

    def closing(self) -> None:
        """Stop listening."""
        self._presenter.close()
