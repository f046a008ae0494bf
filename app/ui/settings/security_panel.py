"""Security and locks: when it locks, and what opens it."""

from __future__ import annotations

from app.core.kernel.errors import UserError
from app.core.practice.rules.settings import Page
from app.ui.settings.form_panel import FormPanel
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Section, row_layout, two_columns
from app.ui.widgets.recovery import KeyActs, KeyCard
from app.ui.widgets.secret import SecretField
from app.ui.widgets.text import Text


class SecurityPanel(FormPanel):
    """The lock's settings from the table, then a new passphrase."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(
            context,
            Page.SECURITY,
            "Security and locks",
            "It also locks when this computer sleeps, when its screen locks, and with Ctrl+L.",
        )
        self._context = context
        self._first, self._again = SecretField(), SecretField()
        section = Section("Passphrase")
        words = "A new passphrase opens this practice at once. Older backups keep their own."
        section.add(Text(words, tone="text.secondary", wrap=True))
        section.body.addSpacing(look.px(12))
        section.body.addLayout(
            two_columns(
                [
                    self.form.add("passphrase", FormField("New passphrase", self._first)),
                    self.form.add("again", FormField("The same again", self._again)),
                ]
            )
        )
        section.body.addSpacing(look.px(12))
        acts = row_layout(gap=12)
        acts.addWidget(Button("Change passphrase", on_click=self._change))
        self._said = Text("", tone="success.text")
        acts.addWidget(self._said)
        acts.addStretch(1)
        section.body.addLayout(acts)
        self.content.addWidget(section)
        self._key = Section("Recovery key")
        self._offer_new_key()
        self.content.addWidget(self._key)

    def _offer_new_key(self) -> None:
        self._key.clear()
        words = (
            "It opens this practice and every backup if the passphrase is lost. A new one makes the"
            " old one worthless at once; backups made before keep the old one."
        )
        self._key.add(Text(words, tone="text.secondary", wrap=True))
        self._key.body.addSpacing(look.px(12))
        acts = row_layout(gap=0)
        acts.addWidget(Button("Make a new key", icon="key-round", on_click=self._make_key))
        acts.addStretch(1)
        self._key.body.addLayout(acts)

    def _make_key(self) -> None:
        program = self._context.program
        practice = program.practice if program else None
        if program is not None and practice is not None:
            program.work(practice.new_recovery_key, then=self._show_key, failed=self.show_problem)

    def _show_key(self, key: str) -> None:
        self._key.clear()
        groups = key.split("-")
        words = "This is your new recovery key. It is shown now and never again."
        self._key.add(Text(words, tone="text.secondary", wrap=True))
        self._key.body.addSpacing(look.px(12))
        self._key.add(KeyCard(groups))
        self._key.body.addSpacing(look.px(12))
        self._key.add(KeyActs(groups))

    def left(self) -> None:
        """Show a new key no longer."""
        self._offer_new_key()

    def _change(self) -> None:
        program = self._context.program
        practice = program.practice if program else None
        self._said.set("")
        typed = self._first.text()
        if typed != self._again.text():
            problem = UserError("The two are not the same: type it again.", field="again")
            self.show_problem(problem)
        elif program is not None and practice is not None:
            program.work(
                lambda: practice.change_passphrase(typed),
                then=lambda _done: self._changed(),
                failed=self.show_problem,
            )

    def _changed(self) -> None:
        self.show_problem(None)
        self._first.clear()
        self._again.clear()
        self._said.set("It is changed. The next unlock asks for the new one.")
