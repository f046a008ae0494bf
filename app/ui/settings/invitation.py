"""Those who are invited and not here yet, as lines of the team."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QWidget

from app.ui.settings import team_words
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.forms import FieldProblem
from app.ui.widgets.layout import Hairline, Section, column_layout, row_layout
from app.ui.widgets.papers import Avatar
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

#: From this width of a row on its acts stand side by side; before, names have the room.
_ROOMY = 580


class InvitedSection(Section):
    """A line an invitation. One that stays keeps its line, and so the keyboard.

    From one that goes the keyboard goes ``way_back``: on the next line a second press of the same
    key would take back somebody else's invitation.
    """

    def __init__(self, presenter: MembershipPresenter, way_back: QWidget) -> None:
        super().__init__("Invited", gap=4, side=GUTTER)
        self._presenter, self._way_back = presenter, way_back
        self._rows: dict[str, InvitationRow] = {}

    def show_rows(self, invited: Sequence[TeamMember]) -> None:
        """Show these invitations; what is no more takes its line away."""
        for gone in self._rows.keys() - {each.id for each in invited}:
            row = self._rows.pop(gone)
            if any(act.hasFocus() for act in row.acts):
                self._way_back.setFocus(Qt.FocusReason.BacktabFocusReason)
            row.hide()
            row.deleteLater()
        for place, each in enumerate(invited):
            if each.id not in self._rows:
                self._rows[each.id] = InvitationRow(self._presenter)
                self.body.insertWidget(place, self._rows[each.id])
            self._rows[each.id].show_row(each)
        self.setVisible(bool(invited))
        self.set_count(len(invited))

    def lead_to(self, invitation_id: str) -> bool:
        """Give the keyboard to the line of an invitation; return whether it is there."""
        row = self._rows.get(invitation_id)
        if row is not None:
            # What is not shown takes no keyboard, and the layout shows it only later.
            row.show()
            row.acts[0].setFocus(Qt.FocusReason.OtherFocusReason)
        return row is not None

    def stops(self) -> list[QAbstractButton]:
        """Return its acts in the order of the keyboard."""
        rows = sorted(self._rows.values(), key=self.body.indexOf)
        return [act for row in rows for act in row.acts]


class InvitationRow(QWidget):
    """The line of an invitation, with what can be done about it now."""

    def __init__(self, presenter: MembershipPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._row: TeamMember | None = None
        self._avatar = Avatar("", pending=True)
        self._name = Text("", weight="medium", elide=True)
        self._address = Text("", tone="text.secondary", elide=True)
        self._role = Text("")
        self._sent = Text("", tone="text.secondary")
        self._left = StatusLabel()
        self._again = Link("Send again", on_click=self._send_again)
        self._withdraw = Link("Withdraw", on_click=self._take_back)
        self._note = Text("", "caption", tone="text.secondary", wrap=True)
        self._problem = FieldProblem()
        self.acts = (self._again, self._withdraw)
        box = column_layout(self)
        line = row_layout(gap=12, margin=(GUTTER, 8, GUTTER, 8))
        line.addWidget(self._avatar)
        who = column_layout()
        who.addWidget(self._name)
        who.addWidget(self._address)
        line.addLayout(who, 1)
        what = column_layout()
        what.addWidget(self._role)
        what.addWidget(self._sent)
        line.addLayout(what)
        line.addWidget(self._left)
        self._acts = row_layout(gap=12)
        line.addLayout(self._acts)
        for act in self.acts:
            self._acts.addWidget(act)
        box.addLayout(line)
        self._told = QWidget()
        told = column_layout(self._told, margin=(GUTTER, 0, GUTTER, 8))
        told.addWidget(self._note)
        told.addWidget(self._problem)
        self._told.hide()
        box.addWidget(self._told)
        box.addWidget(Hairline())

    def show_row(self, row: TeamMember) -> None:
        """Show an invitation as it stands now, what an act costs, and why the last was refused."""
        presenter = self._presenter
        self._row = row
        self._avatar.setText(team_words.initials_of(row.name))
        self._name.set(row.name)
        self._address.set(row.address)
        self._role.set(team_words.ROLES[row.role])
        sent = row.invited_at
        self._sent.set(
            f"Sent {team_words.short_day_of(sent, presenter.desk.zone)}" if sent is not None else ""
        )
        left = team_words.days_left(row.ends_at, presenter.now)
        self._left.set(Status("clock", left, Tone.WARN))
        for act in self.acts:
            act.setAccessibleName(f"{act.text()}: {row.name}")
            act.setEnabled(presenter.may_try)
        problem, note = presenter.problem_with(row.id), self._note_of(row)
        self._note.set(note)
        self._note.setVisible(bool(note))
        self._problem.say(problem)
        self._told.setVisible(bool(problem or note))

    def _note_of(self, row: TeamMember) -> str:
        facts, now = self._presenter.facts, self._presenter.now
        if facts is not None and row.ends_at is not None and row.ends_at <= now:
            return team_words.again_words(facts, row.role, now)
        if row.from_reserve:
            return "On a seat of your reserve, which has it back once this is withdrawn or ends."
        return ""

    def _send_again(self) -> None:
        if self._row is not None:
            self._presenter.invite_again(self._row)

    def _take_back(self) -> None:
        if self._row is not None:
            self._presenter.withdraw(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        roomy = self.width() >= look.px(_ROOMY)
        way = QBoxLayout.Direction.LeftToRight if roomy else QBoxLayout.Direction.TopToBottom
        self._acts.setDirection(way)
        self._acts.setSpacing(look.px(12 if roomy else 0))
