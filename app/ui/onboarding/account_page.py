"""Bringing a practice from its account to a further computer."""

from __future__ import annotations

import platform

from app.ui.onboarding.page import PageView, advice
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField


class AccountPage(PageView):
    """Where the account is, the one-time code, and what this computer is called."""

    def __init__(self) -> None:
        super().__init__(
            "Bring your practice here",
            "It comes from your account, today and your active clients first; the rest follows "
            "while you work.",
            aside=advice(
                (
                    "Where is the code?",
                    "On the computer that has the practice: Settings, Sync, Make a code. It works "
                    "once, for 15 minutes.",
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
        self.add(
            self.form.add("server", FormField("Address of the account", self._server)),
            self.form.add("code", FormField("One-time code", self._code)),
            self.form.add("device_name", FormField("Name of this computer", self._name)),
        )

    def said(self) -> tuple[str, str, str]:
        """Return server, code and the name of this computer."""
        fields = (self._server, self._code, self._name)
        server, code, name = (field.text().strip() for field in fields)
        return server, code, name
