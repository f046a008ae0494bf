"""The form that invites somebody to the team."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Role
from app.core.kernel.errors import UserError
from app.core.membership.rules.growth import invitation_blockers
from app.core.membership.rules.moves import Blocker
from app.ui.settings import blocked, team_words
from app.ui.settings.membership_presenter import INVITING, MembershipPresenter
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FieldProblem, Form, FormField
from app.ui.widgets.layout import column_layout, emptied, row_layout
from app.ui.widgets.text import Text


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of somebody who is not invited yet."""

    name: str = ""
    address: str = ""
    role: Role = Role.ASSOCIATE


class InviteForm(QWidget):
    """Asks for a name, an address and a role; says what the seat costs."""

    def __init__(
        self,
        presenter: MembershipPresenter,
        go: Callable[[Place], None],
        cancel: Callable[[], None],
        typed: Typed,
    ) -> None:
        super().__init__()
        self._presenter, self._go = presenter, go
        self._blockers: tuple[Blocker, ...] = ()
        self._is_sent = False
        self.setAccessibleName("Invite someone")
        self.form = Form()
        self.name = LineField(typed.name, placeholder="Imani Osei")
        self.address = LineField(typed.address, placeholder="name@example.com")
        self.role = Choice(
            [(each, team_words.WHAT[each]) for each in team_words.GIVEN],
            typed.role,
            name="Role",
        )
        self.role.changed.connect(self._role_chosen)
        box = column_layout(self, gap=14)
        box.addWidget(Text("Invite someone", "lead", "semibold"))
        words = "They get a letter with a link that works for 14 days, and take a seat from now on."
        box.addWidget(Text(words, tone="text.secondary", wrap=True))
        for key, label, editor in (
            ("name", "Name", self.name),
            ("address", "Email", self.address),
            ("role", "Role", self.role),
        ):
            box.addWidget(self.form.add(key, FormField(label, editor)))
        self._giving = Text("", tone="text.secondary", wrap=True)
        box.addWidget(self._giving)
        self._cost = Text("", tone="text.secondary", wrap=True)
        box.addWidget(self._cost)
        self._stands = column_layout(gap=6)
        box.addLayout(self._stands)
        self._why = Text("", tone="text.secondary", wrap=True)
        box.addWidget(self._why)
        acts = row_layout(gap=8)
        self._send = Button("Send invitation", kind="primary", on_click=self._invite)
        acts.addWidget(self._send)
        acts.addWidget(Button("Cancel", on_click=cancel))
        acts.addStretch(1)
        box.addLayout(acts)
        self._problem = FieldProblem()
        box.addWidget(self._problem)

    @property
    def typed(self) -> Typed:
        """What stands in it now."""
        return Typed(self.name.text(), self.address.text(), self.role.value())

    @property
    def is_done(self) -> bool:
        """Whether its own invitation is on its way."""
        return self._is_sent and bool(self._presenter.said)

    def show_state(self, presenter: MembershipPresenter) -> None:
        """Show what the seat costs, or what stands in its way."""
        facts, role, why = presenter.facts, self.role.value(), presenter.why_not_now
        stands: tuple[Blocker, ...] = ()
        giving = team_words.GIVING.get(role, "")
        self._giving.set(giving)
        self._giving.setVisible(bool(giving))
        if facts is not None:
            stands = invitation_blockers(facts, role, presenter.now)
            cost = "" if stands else team_words.invitation_cost(facts, role, presenter.now)
            self._cost.set(cost)
        self._cost.setVisible(not stands)
        if stands != self._blockers:
            self._blockers = stands
            emptied(self._stands)
            for blocker in stands:
                self._stands.addLayout(blocked.lines_of(blocker, self._go))
        self._why.set(why)
        self._why.setVisible(bool(why))
        self._send.set_busy(presenter.busy == INVITING)
        self._send.setEnabled(presenter.may_try and not (presenter.is_acting or stands))
        self._is_sent = self._is_sent and presenter.busy == INVITING
        problem = presenter.problem
        at_field = self.form.say(problem if isinstance(problem, UserError) else None)
        self._problem.say("" if at_field else presenter.problem_with(INVITING))

    def send(self) -> None:
        """Send the invitation, if nothing stands in its way."""
        if self._send.isEnabled():
            self._invite()

    def begin(self) -> None:
        """Give the keyboard to the first field."""
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _role_chosen(self, _role: object) -> None:
        self.show_state(self._presenter)

    def _invite(self) -> None:
        self._is_sent = True
        self._presenter.invite(self.address.text(), self.name.text(), self.role.value())
