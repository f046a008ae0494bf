"""Two versions side by side, headed by the computers' names, and the ways to decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from html import escape
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import short_day, time_words
from app.core.tasks.queries.inbox import InboxView, Version
from app.core.tasks.queries.inbox_fields import Part
from app.core.tasks.queries.numbered import NumberedPaper
from app.core.tasks.rules.inbox import Span, Spans
from app.ui.tasks.decision_presenter import DecisionPresenter
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar, PageHead
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row_layout,
)
from app.ui.widgets.message import IconMark
from app.ui.widgets.states import ErrorState, StateStack
from app.ui.widgets.text import RichText, Text

_KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3)
_ELSEWHERE = "Not on this computer: it is still to come, or it was destroyed for good."


class DecisionPane(Surface):
    """One question of the inbox, for the page of Tasks."""

    def __init__(
        self,
        presenter: DecisionPresenter,
        zone: Callable[[], str],
        this_device: Callable[[], str],
        go: Callable[[tuple[str, UUID]], None],
    ) -> None:
        super().__init__("page")
        self._presenter, self._zone, self._this_device = presenter, zone, this_device
        self._go = go
        self._head = PageHead("")
        self._says = Text("", tone="text.secondary", wrap=True)
        self._scroll = ScrollPage(margin=(40, 0, 40, 0), fills=True, name="Both versions")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(0)
        self._grid.setVerticalSpacing(0)
        self._scroll.body.addLayout(self._grid)
        self._joins = Button("Show them combined", kind="quiet", on_click=presenter.toggle_combined)
        self._copies = Button("Copy", kind="quiet", on_click=self._copy)
        self._acts = row_layout(gap=8)
        self._foot = ActsBar()
        self._foot.line.addWidget(self._joins)
        self._foot.line.addWidget(self._copies)
        self._foot.line.addLayout(self._acts)
        self._states = StateStack(self._scroll, row="twoLine")
        box = column_layout(self)
        box.addWidget(self._head)
        said = row_layout(margin=(40, 2, 40, 0))
        said.addWidget(self._says, 1)
        box.addLayout(said)
        rule = row_layout(margin=(40, 16, 40, 0))
        rule.addWidget(Hairline())
        box.addLayout(rule)
        box.addWidget(self._states, 1)
        box.addWidget(self._foot)
        self._shown: tuple[InboxView | None, bool] | None = None
        self._buttons: list[Button] = []
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        presenter.on_change(self._render)
        self._render()

    def focus_first(self) -> None:
        """Put the keyboard on the first choice."""
        (self._buttons[-1] if self._buttons else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        choices = self._presenter.choices
        for key, choice in zip(_KEYS, choices, strict=False):
            if event.key() == key and not event.modifiers():
                self._presenter.decide(choice)
                return
        super().keyPressEvent(event)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._presenter.copyable)
        self._copies.set_words("Copied")

    # Rendering

    def _render(self) -> None:
        presenter, view = self._presenter, self._presenter.view
        self._foot.say(presenter.sentence, "danger.text" if presenter.problem else "text.secondary")
        for button in self._buttons:
            button.setEnabled(not presenter.busy)
        if self._shown == (view, presenter.combined) and view is not None:
            return
        if self._shown is None or self._shown[0] is not view:
            self._render_acts()
        self._shown = (view, presenter.combined)
        self._joins.set_words("Show both versions" if presenter.combined else "Show them combined")
        self._joins.setVisible(view is not None and view.joined is not None)
        self._copies.set_words("Copy")
        self._copies.setVisible(bool(presenter.copyable))
        if view is None:
            self._render_nothing()
            return
        self._head.say(view.question.headline)
        self._says.set(f"{view.about}. {view.question.says}")
        emptied(self._grid)
        lines = len(view.parts) + int(bool(view.papers)) - int(presenter.combined)
        self._leave_room_under(lines)
        if view.is_alone:
            self._render_alone(view)
        elif presenter.combined:
            self._render_combined(view)
        else:
            self._render_both(view)
        self._states.content()

    def _render_nothing(self) -> None:
        if self._presenter.problem:
            self._states.empty(ErrorState(self._presenter.problem, self._presenter.refresh))
        else:
            self._states.loading()

    def _render_acts(self) -> None:
        emptied(self._acts)
        choices = self._presenter.choices
        self._buttons = [
            Button(
                choice.words,
                kind="primary" if number == len(choices) else "secondary",
                keys=str(number),
                on_click=partial(self._presenter.decide, choice),
            )
            for number, choice in enumerate(choices, 1)
        ]
        for button in self._buttons:
            self._acts.addWidget(button)

    def _render_both(self, view: InboxView) -> None:
        grid = self._grid
        for column, stretch in ((0, 1), (1, 0), (2, 1)):
            grid.setColumnStretch(column, stretch)
        below = len(view.parts) + 1
        grid.addWidget(Hairline(vertical=True), 0, 1, below + 1 + bool(view.papers), 1)
        for column, version in ((0, view.kept), (2, view.other)):
            grid.addWidget(_cell(self._version_head(version), column, top=18), 0, column)
        for line, part in enumerate(view.parts, 1):
            for column, spans in ((0, part.kept), (2, part.other)):
                grid.addWidget(_cell(_part(part, spans), column, top=18), line, column)
        # What was set aside is the very record; whose number it bears stands at the left.
        for column, is_own in ((0, False), (2, True)) if view.papers else ():
            papers = [each for each in view.papers if (each.record == view.record) is is_own]
            grid.addWidget(_cell(self._links(papers), column, top=18), below, column)

    def _links(self, papers: list[NumberedPaper]) -> QWidget:
        made = QWidget()
        box = column_layout(made, gap=2)
        for paper in papers:
            link = Link(paper.words, on_click=partial(self._go, paper.record), elide=True)
            link.setAccessibleName(f"Open the {paper.record[0]} of {paper.words}")
            box.addWidget(link)
        if not papers:
            box.addWidget(Text(_ELSEWHERE, tone="text.muted", wrap=True))
        return _titled("Paper", made)

    def _leave_room_under(self, last: int) -> None:
        """Let the row under the ``last`` one take what is left of the height."""
        for row in range(max(self._grid.rowCount(), last + 2)):
            is_spare = row == last + 1
            self._grid.setRowStretch(row, int(is_spare))
            self._grid.setRowMinimumHeight(row, look.px(24) if is_spare else 0)

    def _one_column(self) -> None:
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(2, 0)

    def _render_alone(self, view: InboxView) -> None:
        """Show work of which the account has no version: nothing stands beside it."""
        self._one_column()
        self._grid.addWidget(_cell(self._version_head(view.other), None, top=18), 0, 0)
        for line, part in enumerate(view.parts, 1):
            same = tuple(Span(span.text, False) for span in part.other)
            self._grid.addWidget(_cell(_part(part, same), None, top=18), line, 0)

    def _render_combined(self, view: InboxView) -> None:
        self._one_column()
        joined = dict(view.joined or {})
        titles = [part.title for part in view.parts]
        for line, (title, text) in enumerate(zip(titles, joined.values(), strict=False)):
            words = Text(text, "lead", wrap=True)
            words.setMaximumWidth(look.px(640))
            self._grid.addWidget(_titled(title, words, top=18), line, 0)

    def _version_head(self, version: Version) -> QWidget:
        here = bool(version.device) and version.device == self._this_device()
        head = QWidget()
        line = row_layout(head, gap=8)
        name = version.device or "The account"
        icon = "monitor" if here else "laptop"
        line.addWidget(IconMark(icon))
        line.addWidget(Text(name, weight="semibold", elide=True), 1)
        if here:
            line.addWidget(Text("this computer", tone="text.secondary"))
            line.addStretch(100)
        if version.at is not None:
            line.addWidget(Text(self._moment(version.at), tone="text.secondary", tabular=True))
        return head

    def _moment(self, at: datetime) -> str:
        wall = wall_time(at, self._zone())
        return f"{wall:%a}, {short_day(wall.date())}, {time_words(wall)}"


def _cell(content: QWidget, column: int | None, *, top: int) -> QWidget:
    """Return ``content`` with the air that stands between two columns; ``None`` is the only one."""
    cell = QWidget()
    left, right = 28 * (column == 2), 28 * (column == 0)
    box = column_layout(cell, margin=(left, top, right, 0))
    box.addWidget(content)
    box.addStretch(1)
    return cell


def _part(part: Part, spans: Spans) -> QWidget:
    html = "".join(_marked(span) for span in spans)
    text = RichText(html or "<tone text.muted>Nothing here.</tone>", "lead")
    text.setAccessibleName(f"{part.title}: {''.join(span.text for span in spans)}")
    return _titled(part.title, text)


def _marked(span: Span) -> str:
    """Return a span; what differs is tinted from its first letter to its last."""
    inner = span.text.strip()
    if not span.differs or not inner:
        return _words(span.text)
    before, after = span.text.split(inner, 1)
    return f"{_words(before)}<mark>{_words(inner)}</mark>{_words(after)}"


def _titled(title: str, content: QWidget, *, top: int = 0) -> QWidget:
    made = QWidget()
    box = column_layout(made, gap=2, margin=(0, top, 0, 0))
    box.addWidget(Text(title, weight="semibold", tone="text.secondary"))
    box.addWidget(content)
    return made


def _words(text: str) -> str:
    return escape(text).replace("\n", "<br>")
