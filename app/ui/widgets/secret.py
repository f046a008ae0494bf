"""A field for a passphrase: dots, and an eye that shows what was typed."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from app.ui.theme import icons
from app.ui.widgets.fields import LineField, mark


class SecretField(LineField):
    """One line that nobody reads over a shoulder; tall as on the lock and in the first run."""

    def __init__(self, *, name: str = "", placeholder: str = "") -> None:
        super().__init__(name=name, placeholder=placeholder, tall=True)
        self._eye = self.addAction(
            icons.icon("eye", "text.secondary", 16), QLineEdit.ActionPosition.TrailingPosition
        )
        self._eye.triggered.connect(lambda: self.reveal(not self.is_revealed()))
        self.reveal(False)

    def is_revealed(self) -> bool:
        """Return whether the text can be read."""
        return self.echoMode() == QLineEdit.EchoMode.Normal

    def reveal(self, shown: bool) -> None:
        """Show the text, or dots."""
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        mark(self, "secret", not shown)
        words = "Hide what is typed" if shown else "Show what is typed"
        self._eye.setIcon(icons.icon("eye-off" if shown else "eye", "text.secondary", 16))
        self._eye.setText(words)
        self._eye.setToolTip(words)
