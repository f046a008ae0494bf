"""A field for a passphrase: dots, and an eye that shows what was typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit

from app.ui.theme import look
from app.ui.widgets.fields import LineField, mark

_BETWEEN_DOTS = 4


class SecretField(LineField):
    """One line that nobody reads over a shoulder; tall as on the lock and in the first run."""

    def __init__(self, *, name: str = "", placeholder: str = "") -> None:
        super().__init__(name=name, placeholder=placeholder, tall=True)
        self._eye = self.add_trailing("eye", "Show what is typed", self._turn)
        self.reveal(False)

    def is_revealed(self) -> bool:
        """Return whether the text can be read."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def reveal(self, shown: bool) -> None:
        """Show the text, or dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        mark(self, "secret", not shown)
        words = "Hide what is typed" if shown else "Show what is typed"
        self._eye.set_icon("eye-off" if shown else "eye", words)
        self._space_dots()

    def _turn(self) -> None:
        self.reveal(not self.is_revealed())

    def _space_dots(self) -> None:
        """Let dots stand apart, so that they can be counted; letters keep their own spacing."""
        font = look.font("body", tabular=True)
        if not self.is_revealed():
            font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, look.px(_BETWEEN_DOTS))
        self.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_eye"):
            self._space_dots()
