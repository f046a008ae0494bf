"""While an import runs, and what came of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.exchange.queries.history import ImportView
from app.core.exchange.rules import ImportState
from app.ui.exchange.presenter import ImportPresenter, Step
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import Hairline, ScrollPage, Section, column, column_layout, emptied, row
from app.ui.widgets.meters import Progress
from app.ui.widgets.phrases import plural
from app.ui.widgets.text import Text


class RunView(QWidget):
    """Progress with a count and cancel; then the result, with undo."""

    def __init__(self, presenter: ImportPresenter, context: ScreenContext) -> None:
        super().__init__()
        self._presenter = presenter
        self._context = context
        self._head = PageHead("Importing", beside=False)
        self._progress = Progress()
        self._progress.cancelled.connect(presenter.cancel)
        self._shown: ImportView | None = None
        page = ScrollPage(margin=(40, 24, 40, 24), width=660, gap=24, name="Import")
        page.body.addWidget(self._progress)
        self._result: QVBoxLayout = column_layout(gap=16)
        page.body.addLayout(self._result)
        box = column_layout(self)
        box.addWidget(self._head)
        box.addWidget(page, 1)

    def render_state(self) -> None:
        """Show the step at hand."""
        presenter = self._presenter
        done, total = presenter.progress.done, presenter.progress.total
        over = presenter.step is Step.DONE and presenter.result is not None
        self._progress.setVisible(not over)
        if over and presenter.result is not None:
            self._show_result(presenter.result)
            return
        self._shown = None
        emptied(self._result)
        undoing = presenter.step is Step.UNDOING
        self._head.say(
            "Undoing the import" if undoing else "Importing",
            "People with a session, a note or money stay."
            if undoing
            else "You can go on working; cancel takes back what is in already.",
        )
        verb = "Taking back" if undoing else "Importing"
        self._progress.set(done, max(total, 1), f"{verb}, {done:,} of {total:,}")

    def _show_result(self, view: ImportView) -> None:
        if view == self._shown:
            return
        self._shown = view
        emptied(self._result)
        if view.state is ImportState.UNDONE:
            self._head.say("The import is undone", _undone_words(view))
            self._list("These stay", [f"{each.name}: {each.reason}" for each in view.kept])
        else:
            people = plural(view.progress.total, "person is", "people are")
            self._head.say(
                f"{people} here",
                "Every record waits for your review. The import can be undone for 30 days.",
            )
            if view.over_plan:
                rows = plural(view.over_plan, "row")
                self._result.addWidget(
                    Text(
                        f"{rows} arrived inactive because the plan is full. "
                        "Inactive clients keep everything and can be activated later.",
                        tone="text.secondary",
                        wrap=True,
                    )
                )
            self._list("Listed by the import", list(view.problems))
        self._result.addWidget(self._acts(view))

    def _acts(self, view: ImportView) -> QWidget:
        clients = Button(
            "Show clients",
            kind="primary",
            on_click=lambda: self._context.go(Place("people")),
        )
        again = Button("Import more files", on_click=self._presenter.back)
        if view.state is ImportState.UNDONE:
            return row(clients, again, None)
        undo = Button(
            "Undo the import", icon="undo-2", on_click=lambda: self._presenter.undo(view.id)
        )
        return row(clients, again, undo, None)

    def _list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        section = Section(title, count=len(lines))
        for line in lines:
            section.add(column(Text(line, wrap=True), margin=(0, 8, 0, 8)))
            section.add(Hairline())
        self._result.addWidget(section)


def _undone_words(view: ImportView) -> str:
    if view.kept:
        stay = plural(len(view.kept), "person stays", "people stay")
        return f"{stay}, because they are part of the practice by now."
    return "Nothing of it is left."
