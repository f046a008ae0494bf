"""The popover of the sync words: what they mean, when it last worked, and *Sync now*."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QApplication, QWidget

from app.core.kernel.syncing import SyncState
from app.ui.shell.syncing import SyncPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import Figure, column_layout, emptied, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text


class SyncCard(QWidget):
    """Reads the presenter while it is open."""

    def __init__(
        self,
        presenter: SyncPresenter,
        *,
        show_inbox: Callable[[], None],
        connect: Callable[[], None],
    ) -> None:
        super().__init__()
        self._presenter = presenter
        self._show_inbox, self._connect = show_inbox, connect
        self.setAccessibleName("Sync")
        self._mark = column_layout(margin=(0, 3, 0, 0))
        self._title = Text("", "lead", "semibold", wrap=True)
        self._sentence = Text("", tone="text.secondary", wrap=True)
        self._problem = Text("", tone="danger.text", wrap=True)
        self._repaired = Text("", tone="text.secondary", wrap=True)
        self._facts = column_layout(gap=0)
        self._acts = row_layout(gap=8)
        self._hint = Text("Diagnostics hold no health data.", "caption", tone="text.muted")
        words = column_layout(gap=2)
        words.addWidget(self._title)
        said = column_layout(gap=8)
        for widget in (self._sentence, self._repaired, self._problem):
            said.addWidget(widget)
        words.addLayout(said)
        words.addSpacing(look.px(14))
        words.addLayout(self._facts)
        words.addSpacing(look.px(12))
        words.addLayout(self._acts)
        words.addSpacing(look.px(8))
        words.addWidget(self._hint)
        line = row_layout(self, gap=12, margin=(16, 16, 16, 14))
        line.addLayout(self._mark)
        line.addLayout(words, 1)
        self._made: tuple[SyncState, bool] | None = None
        self._stop = presenter.on_change(self._render)
        self._render()

    def closing(self) -> None:
        """Listen no longer."""
        self._stop()

    def _render(self) -> None:
        presenter = self._presenter
        words = presenter.words
        self._title.set(presenter.title)
        self._sentence.set(presenter.sentence)
        problem = presenter.problem
        self._problem.set(problem.sentence if problem is not None else "")
        self._problem.setVisible(problem is not None)
        self._repaired.set(presenter.repaired_line)
        self._repaired.setVisible(bool(presenter.repaired_line))
        emptied(self._facts)
        for label, value in presenter.facts:
            self._facts.addWidget(Figure(label, value, strong=False))
        self._hint.setVisible(presenter.connected)
        made = (presenter.status.state, bool(presenter.status.removal))
        if self._made != made:
            # Made anew only when they differ, so that the keyboard stays where it is.
            self._made = made
            emptied(self._mark)
            self._mark.addWidget(IconMark(words.icon, words.tone.value))
            self._mark.addStretch(1)
            self._make_acts()

    def _make_acts(self) -> None:
        presenter = self._presenter
        # Of this window, even while another program is in front.
        focused = cast("QWidget | None", self.window().focusWidget())
        held_keyboard = focused is not None and self.isAncestorOf(focused)
        emptied(self._acts)
        if not presenter.connected:
            self._acts.addWidget(Button("Connect an account…", on_click=self._connect))
        else:
            if presenter.status.state is SyncState.NEEDS_YOU:
                # A removal is agreed to in Settings, everything else in the inbox.
                show = self._connect if presenter.status.removal else self._show_inbox
                self._acts.addWidget(Button("Show", kind="primary", on_click=show))
            if presenter.status.state is SyncState.SIGN_IN:
                again = Button("Sign in again…", kind="primary", on_click=self._connect)
                self._acts.addWidget(again)
            self._acts.addWidget(Button("Sync now", icon="refresh-cw", on_click=presenter.sync_now))
            self._acts.addWidget(Button("Copy diagnostics", kind="quiet", on_click=self._copy))
        self._acts.addStretch(1)
        first = self._acts.itemAt(0)
        if first is not None and (button := first.widget()) is not None:
            self.setFocusProxy(button)
            if held_keyboard:
                # What held it is gone, and below the popover Esc would not close it. The layout
                # shows its new button only later, and what is not shown takes no keyboard.
                button.show()
                button.setFocus()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self._presenter.diagnostics)
        self._hint.set("Copied. Diagnostics hold no health data.")
