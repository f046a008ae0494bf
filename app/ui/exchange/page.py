"""The import: files, review, progress and result, one after the other."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from app.ui.exchange.files_view import FilesView
from app.ui.exchange.presenter import ImportPresenter, Step
from app.ui.exchange.review_view import ReviewView
from app.ui.exchange.run_view import RunView
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.layout import Surface, column_layout


class ImportPage(Surface):
    """Shows the view of the step at hand."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("page")
        self._context = context
        self.presenter = ImportPresenter(context.desk, context.deliver)
        self._files = FilesView(self.presenter, context)
        self._review = ReviewView(self.presenter, context.today)
        self._run = RunView(self.presenter, context)
        self._stack = QStackedWidget()
        for view in (self._files, self._review, self._run):
            self._stack.addWidget(view)
        column_layout(self).addWidget(self._stack)
        self.presenter.on_change(self._render)
        self.presenter.refresh()
        self._render()

    def show_place(self, _place: Place) -> None:
        """A finished import makes room for the next one."""
        if self.presenter.step is Step.DONE:
            self.presenter.back()
        self.presenter.refresh()

    def act(self, action_id: str) -> None:
        """Do what the menu or a shortcut asks."""
        if action_id == "exchange.start":
            self.presenter.start()

    def can(self, action_id: str) -> bool:
        """Whether there is something to import."""
        plan = self.presenter.plan
        ready = self.presenter.step is Step.REVIEW and plan is not None
        return action_id == "exchange.start" and ready and bool(plan and plan.arrivals)

    def closing(self) -> None:
        """Stop between two slices; what is left can be continued."""
        self.presenter.close()

    def _render(self) -> None:
        views: dict[Step, FilesView | ReviewView] = {
            Step.FILES: self._files,
            Step.READING: self._files,
            Step.REVIEW: self._review,
        }
        view: FilesView | ReviewView | RunView = views.get(self.presenter.step, self._run)
        view.render_state()
        self._stack.setCurrentWidget(view)
