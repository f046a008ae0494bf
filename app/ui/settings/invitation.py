"""Somebody who is invited and not here yet, as a line of the team."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from app.ui.settings import team_words
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.papers import Avatar
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text


def invitation_row(presenter: MembershipPresenter, row: TeamMember) -> QWidget:
    """Return the line of an invitation, with what can be done about it now."""
    made = QWidget()
    line = row_layout(made, gap=12, margin=(GUTTER, 8, GUTTER, 8))
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
    may = not presenter.why_not_now
    for words, act in (
        ("Send again", presenter.invite_again),
        ("Withdraw", presenter.withdraw),
    ):
        link = Link(words, on_click=partial(act, row))
        link.setAccessibleName(f"{words}: {row.name}")
        link.setEnabled(may)
        line.addWidget(link)
    return made
