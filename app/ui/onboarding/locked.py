"""The lock on the window: the program's name, a field, and nothing of the practice."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.onboarding.lock_presenter import LockPresenter
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.secret import SecretField
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_ASKED = "Type your passphrase to go on."


class Locked(Surface):
    """Renders a ``LockPresenter``."""

    title = "PracticeRunner"

    def __init__(
        self,
        presenter: LockPresenter,
        reason: str,
        *,
        other: Callable[[], object],
        restore: Callable[[], object],
    ) -> None:
        super().__init__("canvas")
        self._presenter = presenter
        self._reason = Text(reason or _ASKED, tone="text.secondary", wrap=True)
        self.secret = SecretField()
        self._field = FormField("Passphrase", self.secret)
        self._unlock = Button(
            "Unlock", kind="primary", keys="Return", large=True, on_click=self._try
        )
        self._unlock.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._way = Link("Use the recovery key", on_click=self._switch)
        self._other = Link("Other practice…", on_click=other)
        self._restore = Link("Restore from a backup…", on_click=restore)
        # Wrapped: what went wrong may be two sentences and a folder's path.
        self._aside = Text("", wrap=True, tone=Tone.WARN.value)
        self._mark = IconMark("triangle-alert", Tone.WARN.value)
        for each in (self._mark, self._aside):
            each.hide()
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.timeout.connect(presenter.waited)
        self._lay_out()
        self.setFocusProxy(self.secret)
        presenter.on_change(self._render)
        self._render()

    def _lay_out(self) -> None:
        middle = QWidget()
        middle.setFixedWidth(look.px(320))
        column = column_layout(middle)
        column.addWidget(IconMark("lock-keyhole", "accent.text", 28))
        column.addSpacing(look.px(22))
        column.addWidget(Text("Locked", "title", "semibold"))
        column.addSpacing(look.px(2))
        column.addWidget(self._reason)
        column.addSpacing(look.px(20))
        column.addWidget(self._field)
        column.addSpacing(look.px(12))
        column.addWidget(self._unlock)
        column.addSpacing(look.px(16))
        ways = row_layout(gap=8)
        ways.addWidget(self._way)
        ways.addStretch(1)
        ways.addWidget(self._other)
        column.addLayout(ways)
        column.addSpacing(look.px(12))
        column.addWidget(self._restore)
        outer = column_layout(self, margin=(24, 24, 24, 32))
        outer.addStretch(9)
        # Stretches and no alignment: an aligned widget would not grow with its wrapped sentence.
        centered = row_layout(gap=0)
        centered.addStretch(1)
        centered.addWidget(middle)
        centered.addStretch(1)
        outer.addLayout(centered)
        outer.addSpacing(look.px(24))
        aside = row_layout(gap=8)
        aside.addStretch(1)
        aside.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        aside.addWidget(self._aside)
        aside.addStretch(1)
        outer.addLayout(aside)
        outer.addStretch(13)
        words = "Everything is encrypted on this computer. Unlocking needs no network."
        outer.addWidget(Text(words, tone="text.secondary"), 0, Qt.AlignmentFlag.AlignHCenter)

    def _render(self) -> None:
        state = self._presenter
        waits = bool(state.wait)
        self._unlock.set_busy(state.busy)
        self._unlock.setEnabled(not state.busy and not waits)
        self._field.set_label("Recovery key" if state.by_recovery_key else "Passphrase")
        self._way.set_words(
            "Use the passphrase" if state.by_recovery_key else "Use the recovery key"
        )
        self._restore.setVisible(state.can_restore)
        self._field.clear_error()
        if state.problem:
            self._field.show_error(state.problem)
            self.secret.selectAll()
            self.secret.setFocus(Qt.FocusReason.OtherFocusReason)
        if waits and not self._waiting.isActive():
            self._waiting.start(int(state.wait.total_seconds() * 1000) + 1)

    def _try(self) -> None:
        self._presenter.unlock(self.secret.text())

    def _switch(self) -> None:
        self.secret.clear()
        self._presenter.use_recovery_key(not self._presenter.by_recovery_key)
        self.secret.reveal(self._presenter.by_recovery_key)
        self.secret.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, sentence: str) -> None:
        """Say what went wrong while it locked, such as a backup that could not be made."""
        self._aside.set(sentence)
        one_line = math.ceil(paint.width_of(sentence, look.font("body"))) + 2
        self._aside.setFixedWidth(min(one_line, look.px(580)))
        for each in (self._mark, self._aside):
            each.show()

    def closing(self) -> None:
        """Leave nothing of what was typed."""
        self._waiting.stop()
        self.secret.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._try()
        else:
            super().keyPressEvent(event)
