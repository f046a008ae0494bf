"""Restore in the assistant: a backup file, and what opens it."""

from __future__ import annotations

from PySide6.QtWidgets import QFileDialog

from app.ui.onboarding.page import PageView, advice
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.secret import SecretField
from app.ui.widgets.text import Text


class RestorePage(PageView):
    """Which backup, and whether the passphrase or the recovery key opens it."""

    def __init__(self) -> None:
        super().__init__(
            "Restore a backup",
            "Every page of the backup is checked before anything is put in place.",
            aside=advice(
                (
                    "What comes back?",
                    "Everything as it was when the backup was made. Invoices and superbills go on"
                    " in a number series of their own, so that no two papers share a number.",
                ),
                (
                    "Which passphrase?",
                    "The one in use when the backup was made. The recovery key opens all of them.",
                ),
                (
                    "Was its computer taken off the account?",
                    "Then the practice opens, but no longer syncs, and may be removed again at its"
                    " first contact with the account. Bring it from your account instead.",
                ),
            ),
            aside_top=90,
        )
        self._file = LineField(tall=True)
        self._by = Segmented(
            [(False, "Passphrase"), (True, "Recovery key")], False, name="What opens it"
        )
        self._secret = SecretField()
        line = row_layout(gap=8)
        line.addWidget(self.form.add("backup", FormField("Backup file", self._file)), 1)
        aligned = column_layout()
        aligned.addStretch(1)
        aligned.addWidget(Button("Choose…", icon="folder-open", large=True, on_click=self._choose))
        line.addLayout(aligned)
        self.fields.addLayout(line)
        opened = column_layout(gap=8)
        opened.addWidget(Text("It opens with the", weight="medium"))
        opened.addWidget(self._by)
        self._opener = FormField("Passphrase", self._secret)
        self._by.chosen.connect(self._name_secret)
        opened.addSpacing(look.px(8))
        opened.addWidget(self.form.add("secret", self._opener))
        self.fields.addLayout(opened)

    def said(self) -> tuple[str, str, bool]:
        """Return the file, the secret, and whether the secret is the recovery key."""
        return self._file.text(), self._secret.text(), bool(self._by.value())

    def _name_secret(self, by_recovery_key: bool) -> None:
        self._opener.set_label("Recovery key" if by_recovery_key else "Passphrase")

    def _choose(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(
            self, "Choose a backup", self._file.text(), "Backups (*.prbackup)"
        )
        if name:
            self._file.setText(name)
