"""Bringing a practice from its account to a further computer."""

from __future__ import annotations

import platform
from collections.abc import Callable
from typing import cast

from PySide6.QtWidgets import QWidget

from app.ui.onboarding.page import PageView, advice
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.waiting import BrowserWait


class AccountPage(PageView):
    """Where the account is, what this computer is called, and a one-time code if there is one.

    ``typed`` is told when a code was typed, or taken away: it is the other way to sign in.
    """

    def __init__(
        self,
        typed: Callable[[], None],
        *,
        open_again: Callable[[], object],
        cancel: Callable[[], object],
    ) -> None:
        super().__init__(
            "Bring your practice here",
            "It comes from your account, today and your active clients first; the rest follows "
            "while you work.",
            aside=advice(
                (
                    "What happens in the browser?",
                    "You sign in to your account there and allow this computer. Then it goes on "
                    "here by itself.",
                ),
                (
                    "Where is a code?",
                    "On the computer that has the practice: Settings, Computers, Make a code. It "
                    "works once, for 15 minutes, and needs no browser here.",
                ),
                (
                    "Why a name?",
                    "If you write the same note on two computers, both texts are shown under "
                    "their computer\u2019s name, and you choose.",
                ),
            ),
        )
        self._server = LineField(placeholder="https://account.example", tall=True)
        self._code = LineField(placeholder="K7QP 3M9X", tall=True)
        self._name = LineField(tall=True)
        self._name.setText(platform.node().partition(".")[0])
        self._code.textChanged.connect(lambda _text: typed())
        hint = "If you have one; else you sign in with your browser"
        self._wait = BrowserWait(open_again=open_again, cancel=cancel)
        self._wait.hide()
        self.add(
            self.form.add("server", FormField("Address of the account", self._server)),
            self.form.add("device_name", FormField("Name of this computer", self._name)),
            self.form.add("code", FormField("One-time code", self._code, hint=hint)),
            self._wait,
        )

    @property
    def has_code(self) -> bool:
        """Whether a code was typed."""
        return bool(self._code.text().strip())

    def show_waiting(self, waits: bool) -> None:
        """Say that the browser is waited for, or no longer."""
        at = cast("QWidget | None", self.focusWidget())
        if not waits and at is not None and self._wait.isAncestorOf(at):
            self._server.setFocus()
        self._wait.setVisible(waits)

    def said(self) -> tuple[str, str, str]:
        """Return server, code and the name of this computer."""
        fields = (self._server, self._code, self._name)
        server, code, name = (field.text().strip() for field in fields)
        return server, code, name
