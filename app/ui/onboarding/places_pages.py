"""Where sessions are held, where backups go, where numbers begin, and how clients come in."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QFileDialog

from app.core.practice.rules.places import SessionFormat
from app.ui.onboarding.drafts import Draft, backed_up, located
from app.ui.onboarding.page import PageView, advice
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Check, Radio
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.text import Text

_FORMATS = (
    (
        SessionFormat.VIDEO,
        "By video",
        "Papers say where the client was, at home or elsewhere; you note it with the session.",
    ),
    (SessionFormat.PHONE, "By phone", "Like video, and the calendar shows it as a call."),
)


class LocationsPage(PageView):
    """The office, and what stands beside it."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "Locations",
            "A location carries how you meet and the place of service that insurers ask for.",
            aside=advice(
                (
                    "More than one office?",
                    "Add it later in Settings, with its own address and place of service.",
                )
            ),
        )
        self.fields.setSpacing(look.px(16))
        office = Check("In the office", checked=True)
        office.setEnabled(False)
        self._explain(office, "Place of service 11, at the address of the practice.")
        chosen = {each.format for each in draft.locations}
        self._checks: dict[SessionFormat, Check] = {}
        for each, words, sentence in _FORMATS:
            self._checks[each] = Check(words, checked=each in chosen)
            self._explain(self._checks[each], sentence)

    def _explain(self, check: Check, sentence: str) -> None:
        part = column_layout(gap=2)
        part.addWidget(check)
        line = row_layout(gap=0, margin=(24, 0, 0, 0))
        line.addWidget(Text(sentence, tone="text.secondary", wrap=True))
        part.addLayout(line)
        self.fields.addLayout(part)

    def take(self, draft: Draft) -> Draft:
        formats = [each for each, check in self._checks.items() if check.isChecked()]
        return located(draft, tuple(formats))


class BackupPage(PageView):
    """The backup folder, and with which number invoices and superbills begin."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "Backup folder and numbers",
            "A backup is one encrypted file, made when you lock and once a day. It opens with your"
            " passphrase or your recovery key, on any computer.",
            aside=advice(
                (
                    "Which folder?",
                    "One on another disk: a USB stick, an external drive, or a folder that another"
                    " program keeps in a cloud. The file is encrypted before it gets there.",
                ),
                (
                    "Switching in the middle of a year?",
                    "Go on from your last number, so that no two papers share one.",
                ),
            ),
        )
        chosen = str(draft.backup_folder) if draft.backup_folder else ""
        self._folder = LineField(chosen, tall=True)
        field = FormField("Backup folder", self._folder, optional=True)
        line = row_layout(gap=8)
        line.addWidget(field, 1)
        choose = Button("Choose…", icon="folder-open", large=True, on_click=self._choose)
        aligned = column_layout()
        aligned.addStretch(1)
        aligned.addWidget(choose)
        line.addLayout(aligned)
        self.fields.addLayout(line)
        self._invoice = LineField(str(draft.first_invoice), tall=True)
        self._superbill = LineField(str(draft.first_superbill), tall=True)
        add = self.form.add
        self.add_pairs(
            add("first_invoice", FormField("First invoice number", self._invoice)),
            add("first_superbill", FormField("First superbill number", self._superbill)),
        )

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, "Choose the backup folder", self._folder.text()
        )
        if folder:
            self._folder.setText(folder)

    def take(self, draft: Draft) -> Draft:
        return backed_up(draft, self._folder.text(), self._invoice.text(), self._superbill.text())


class ClientsPage(PageView):
    """The last page: bring a list in now, or begin empty."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "Bring in your clients",
            "A list from another system comes in with a dry run first: you see every row before"
            " anything is kept, and can take all of it back for 30 days.",
            aside=advice(
                (
                    "Which lists?",
                    "Client Details and Demographics of SimplePractice, both files together, or"
                    " the contacts file of PracticeRunner.",
                ),
                (
                    "More than ten clients?",
                    "All of them come in. Without an account ten are active at a time, and you"
                    " choose which.",
                ),
            ),
        )
        self.fields.setSpacing(look.px(12))
        self._now = Radio("Import a list now", checked=draft.import_now)
        self._later = Radio("Later, or type them in", checked=not draft.import_now)
        self.add(self._now, self._later)

    def take(self, draft: Draft) -> Draft:
        return replace(draft, import_now=self._now.isChecked())
