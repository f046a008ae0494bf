"""What Team is told before anything else: how the account is reached, what an act came to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QAbstractButton, QWidget

from app.ui.settings.membership_presenter import MembershipPresenter
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, emptied
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone

_Said = tuple[Tone, str, str, str]
"""Tone, cause, sentence and the words of the mend."""
_CONNECT, _AGAIN = "Connect…", "Try again"


class TeamTold(QWidget):
    """The messages of the page; one that stays keeps its mend, and so the keyboard."""

    def __init__(self, presenter: MembershipPresenter, go: Callable[[Place], None]) -> None:
        super().__init__()
        self._presenter = presenter
        self._mends: dict[str, Callable[[], object]] = {
            _CONNECT: partial(go, Place("settings", part="sync")),
            _AGAIN: presenter.refresh,
        }
        self._box = column_layout(self, gap=12)
        self._shown: list[_Said] = []

    def show_state(self, *, has_place: bool) -> None:
        """Show what is so now; a problem that ``has_place`` is said there."""
        said = self._said(has_place)
        if said != self._shown:
            self._shown = said
            emptied(self._box)
            for tone, cause, sentence, mend in said:
                act = self._mends.get(mend)
                self._box.addWidget(Message(tone, cause, sentence, mend=mend, on_mend=act))
        self.setVisible(bool(said))

    def stops(self) -> list[QAbstractButton]:
        """Return the mends in the order of the keyboard."""
        return self.findChildren(Link)

    def _said(self, has_place: bool) -> list[_Said]:
        presenter = self._presenter
        said: list[_Said] = []
        if not presenter.connected:
            words = "To invite somebody, connect this practice to an account."
            said.append((Tone.INFO, words, "", _CONNECT))
        elif presenter.offline:
            sentence = f"{presenter.offline} Who is here and invited is what was known last."
            said.append((Tone.INFO, "The account was not reached.", sentence, _AGAIN))
        problem = presenter.problem
        if problem is not None and not has_place:
            said.append((Tone.DANGER, problem.sentence, "", ""))
        if presenter.said:
            said.append((Tone.OK, presenter.said, "", ""))
        return said
