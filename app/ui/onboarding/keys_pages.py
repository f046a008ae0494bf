"""The one step that cannot be skipped: choosing a passphrase, and proving the recovery key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from app.ui.onboarding.assistant import Assistant
from app.ui.onboarding.page import PageView, advice
from app.ui.theme import look
from app.ui.widgets.firstrun import KeyEntry
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Hairline, column_layout
from app.ui.widgets.recovery import KeyActs, KeyCard
from app.ui.widgets.secret import SecretField
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight")


class PassphrasePage(PageView):
    """The passphrase, typed twice."""

    def __init__(self) -> None:
        super().__init__(
            "Choose a passphrase",
            "It opens your records on this computer. Everything is encrypted with it, so nobody"
            " can read them without it.",
            aside=advice(
                (
                    "What is a good one?",
                    "Four or five words that nobody would put together: easy to remember, hard to"
                    " guess. Not one you use elsewhere.",
                ),
                ("Who knows it?", "You alone. We do not have it and cannot reset it."),
            ),
        )
        self.first, self.again = SecretField(), SecretField()
        self.add_pairs(
            self.form.add(
                "passphrase",
                FormField("Passphrase", self.first, hint="At least 10 characters"),
            ),
            self.form.add("again", FormField("The same again", self.again)),
        )


class RecoveryKeyPage(PageView):
    """The recovery key, to be kept on paper and typed back once."""

    def __init__(self, assistant: Assistant, typed: Callable[[], object]) -> None:
        super().__init__(
            "Your recovery key",
            "If the passphrase is ever lost, this key opens your records. It exists only here, and"
            " only now: we do not have it.",
            aside=advice(
                (
                    "Where people keep it",
                    "In a sealed envelope, with the will or in a bank box. With a colleague who"
                    " would take care of your practice.",
                ),
                (
                    "What it opens",
                    "This practice on any computer, every backup, and your psychotherapy notes.",
                ),
                (
                    "Lost later?",
                    "Make a new one in Settings while you can still unlock. The old one stops"
                    " working.",
                ),
            ),
        )
        self._assistant = assistant
        self._heard = typed
        self.entry = KeyEntry(name="Type the recovery key back")
        self.entry.changed.connect(self._typed)
        self._verdict = StatusLabel()
        self._build()

    def _build(self) -> None:
        verdict = QGridLayout()
        verdict.setColumnStretch(1, 1)
        verdict.addWidget(self._verdict, 0, 0)
        right = Qt.AlignmentFlag.AlignRight
        hint = "Capitals do not matter. 0 is a zero; there is no letter O."
        verdict.addWidget(Text(hint, tone="text.secondary", elide=True, align=right), 0, 1)
        back = column_layout(gap=9)
        back.addWidget(Text("Type it back from your paper", weight="semibold"))
        back.addWidget(self.entry)
        back.addLayout(verdict)
        self.fields.setSpacing(look.px(12))
        groups = self._assistant.recovery_groups
        self.add(KeyCard(groups), KeyActs(groups))
        self.fields.addSpacing(look.px(12))
        self.add(Hairline())
        self.fields.addSpacing(look.px(12))
        self.fields.addLayout(back)
        self._typed()

    def first_control(self) -> QWidget | None:
        return self.entry.focusProxy()

    def _typed(self) -> None:
        verdicts = self._assistant.agreement(self.entry.groups())
        self.entry.mark(verdicts)
        agreeing = verdicts.count(True)
        if False in verdicts:
            said = Status("circle-alert", "A group differs: look at it again", Tone.DANGER)
        elif agreeing == len(verdicts):
            said = Status("circle-check", "All eight groups agree", Tone.OK)
        elif agreeing:
            groups = "group agrees" if agreeing == 1 else "groups agree"
            words = f"{_COUNTS[agreeing]} of eight {groups}"
            said = Status("circle-check", words, Tone.OK)
        else:
            said = Status("", "", Tone.QUIET)
        self._verdict.set(said)
        self._heard()
