"""Somebody who is invited and not here yet, as a line of the team."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.ui.settings import team_words
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.papers import Avatar
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

#: From this width of a row on its acts stand side by side; before, names have the room.
_ROOMY = 580


class InvitationRow(QWidget):
    """The line of an invitation, with what can be done about it now."""

    def __init__(self, presenter: MembershipPresenter, row: TeamMember) -> None:
        super().__init__()
        line = row_layout(self, gap=12, margin=(GUTTER, 8, GUTTER, 8))
        line.addWidget(Avatar(team_words.initials_of(row.name), pending=True))
        who = column_layout()
        who.addWidget(Text(row.name, weight="medium", elide=True))
        who.addWidget(Text(row.address, tone="text.secondary", elide=True))
        line.addLayout(who, 1)
        what = column_layout()
        what.addWidget(Text(team_words.ROLES[row.role]))
        sent = row.invited_at
        if sent is not None:
            words = f"Sent {team_words.short_day_of(sent, presenter.desk.zone)}"
            what.addWidget(Text(words, tone="text.secondary"))
        line.addLayout(what)
        left = StatusLabel()
        left.set(Status("clock", team_words.days_left(row.ends_at, presenter.now), Tone.WARN))
        line.addWidget(left)
        self._acts = row_layout(gap=12)
        line.addLayout(self._acts)
        may = not presenter.why_not_now
        for words, act in (
            ("Send again", presenter.invite_again),
            ("Withdraw", presenter.withdraw),
        ):
            link = Link(words, on_click=partial(act, row))
            link.setAccessibleName(f"{words}: {row.name}")
            link.setEnabled(may)
            self._acts.addWidget(link)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= look.px(_ROOMY)
        way = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        self._acts.setDirection(way)
        self._acts.setSpacing(look.px(12 if roomy else 0))
