"""Beside the team: the member that is chosen, or the form that invites somebody."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.acting import Role
from app.core.kernel.errors import UserError
from app.core.membership.rules.growth import role_blockers, seat_blockers
from app.core.membership.rules.moves import Blocker
from app.core.membership.rules.seats import Holding
from app.core.team.rules import ROLE_WORDS
from app.ui.settings import blocked, team_words
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.settings.rights_list import RightsList
from app.ui.settings.roles_presenter import RolesPresenter
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import Facts, Hairline, column_layout, emptied, row_layout
from app.ui.widgets.text import Text

_NOBODY = "Nobody: the owner sees to it"


class MemberDetails(QWidget):
    """One member: facts, what they may do, another role, the end of the membership."""

    def __init__(
        self,
        presenter: MembershipPresenter,
        roles: RolesPresenter,
        member: TeamMember,
        show_role: Callable[[Role], None],
    ) -> None:
        """``show_role`` leads to what a role may do, where that is changed."""
        super().__init__()
        self.member = member
        self._presenter, self._roles = presenter, roles
        self.setAccessibleName(member.name)
        box = column_layout(self, gap=0)
        box.addWidget(Text(member.name, "lead", "semibold", wrap=True))
        words = ", ".join(
            each for each in (team_words.ROLES[member.role], member.credentials) if each
        )
        box.addWidget(Text(words, tone="text.secondary", wrap=True))
        box.addWidget(Text(member.address, tone="text.secondary", wrap=True))
        box.addSpacing(look.px(14))
        box.addWidget(self._facts())
        box.addSpacing(look.px(16))
        box.addWidget(Hairline())
        box.addSpacing(look.px(14))
        box.addWidget(Text(f"What {member.name.partition(' ')[0]} may do", weight="semibold"))
        box.addSpacing(look.px(6))
        self._rights = RightsList()
        box.addWidget(self._rights)
        self._add_roles_link(box, show_role)
        self._acts = column_layout(gap=10)
        box.addSpacing(look.px(20))
        box.addLayout(self._acts)
        # The owner's own role and membership are nobody's to end here.
        self._may_change = member.role is not Role.OWNER
        if self._may_change:
            self._build_acts()

    def _facts(self) -> Facts:
        member, presenter = self.member, self._presenter
        facts = Facts(label_width=92, gap=8)
        facts.add("Sign-in", team_words.sign_in_words(member.sign_in))
        seen = team_words.seen_words(member.last_seen, presenter.now, presenter.desk.zone)
        facts.add("Last here", seen)
        facts.add("Computers", ", ".join(member.computers) or "None connected")
        return facts

    def _build_acts(self) -> None:
        self._role = Choice(
            [(each, team_words.WHAT[each]) for each in team_words.INVITED],
            self.member.role,
            name="Role",
        )
        self._role.changed.connect(self._role_chosen)
        self._change = Button("Change role", on_click=self._change_role)
        self._why = Text("", "caption", tone="text.secondary", wrap=True)
        self._end = Link("End membership…", tone="danger.text", on_click=self._ask_end)
        self._ending = self._build_ending()
        self._acts.addWidget(Hairline())
        self._acts.addWidget(FormField("Role", self._role))
        line = row_layout(gap=8)
        line.addWidget(self._change)
        line.addStretch(1)
        self._acts.addLayout(line)
        self._acts.addWidget(self._why)
        self._acts.addWidget(Hairline())
        self._acts.addWidget(self._end)
        self._acts.addWidget(self._ending)
        self._ending.hide()

    def _build_ending(self) -> QWidget:
        made = QWidget()
        others = [
            (each.id, each.name)
            for each in self._presenter.team
            if each.holding is Holding.ACTIVE
            and each.id != self.member.id
            and each.role is not Role.ADMIN
        ]
        self._work_to = Choice([*others, ("", _NOBODY)], name="Their work goes to")
        box = column_layout(made, gap=10)
        first = self.member.name.partition(" ")[0]
        words = (
            f"{first} signs in no more. Their computers hand over what they have not sent, and "
            "remove their copy. Notes they signed stay theirs."
        )
        box.addWidget(Text(words, tone="text.secondary", wrap=True))
        box.addWidget(FormField("Their work goes to", self._work_to))
        self._end_now = Button("End membership", kind="danger", on_click=self._end_membership)
        line = row_layout(gap=8)
        line.addWidget(Button("Keep", on_click=self._keep))
        line.addWidget(self._end_now)
        line.addStretch(1)
        box.addLayout(line)
        self._back = Text("", "caption", tone="text.secondary", wrap=True)
        box.addWidget(self._back)
        return made

    def _add_roles_link(self, box: QVBoxLayout, show_role: Callable[[Role], None]) -> None:
        role = self.member.role
        if role is Role.OWNER:
            return
        words = f"What {ROLE_WORDS[role][1]} may do…"
        line = row_layout(gap=0, margin=(0, 6, 0, 0))
        line.addWidget(Link(words, on_click=partial(show_role, role)))
        line.addStretch(1)
        box.addLayout(line)

    def show_state(self, presenter: MembershipPresenter) -> None:
        """Show what can be done now, and what stands in its way."""
        held = self.member.role
        rights = team_words.may_do(held, self._roles.rights(held))
        self._rights.show_lines([(words, may) for _right, words, may in rights])
        if not self._may_change:
            return
        why, facts = presenter.why_not_now, presenter.facts
        role = self._role.value()
        same = role is self.member.role
        stands: tuple[Blocker, ...] = ()
        if facts is not None and isinstance(role, Role) and not same:
            stands = role_blockers(facts, self.member.id, role, presenter.now)
        self._change.set_busy(presenter.busy == "role")
        # The button is there once another role is chosen.
        self._change.setVisible(not same)
        self._change.setEnabled(not (why or presenter.busy or stands))
        said = why or " ".join(each.words for each in stands)
        self._why.set(said)
        self._why.setVisible(bool(said))
        self._end_now.set_busy(presenter.busy == "end")
        self._end_now.setEnabled(not (why or presenter.busy))
        if facts is not None:
            amount = team_words.gives_back(facts, self.member.id, presenter.now)
            self._back.set(f"Gives back {amount} on the next invoice." if amount.cents > 0 else "")

    def _role_chosen(self, _role: object) -> None:
        self.show_state(self._presenter)

    def _change_role(self) -> None:
        self._presenter.change_role(self.member, self._role.value())

    def _ask_end(self) -> None:
        self._end.hide()
        self._ending.show()
        self._work_to.setFocus()

    def _keep(self) -> None:
        self._ending.hide()
        self._end.show()
        self._end.setFocus()

    def _end_membership(self) -> None:
        self._presenter.end(self.member, self._work_to.value() or "")


class InviteForm(QWidget):
    """Asks for a name, an address and a role; says what the seat costs."""

    def __init__(
        self,
        presenter: MembershipPresenter,
        go: Callable[[Place], None],
        done: Callable[[], None],
    ) -> None:
        super().__init__()
        self._presenter, self._go = presenter, go
        self.setAccessibleName("Invite someone")
        self.form = Form()
        self.name = LineField(placeholder="Imani Osei")
        self.address = LineField(placeholder="name@example.com")
        self.role = Choice(
            [(each, team_words.WHAT[each]) for each in team_words.INVITED],
            Role.ASSOCIATE,
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
        self._cost = Text("", tone="text.secondary", wrap=True)
        box.addWidget(self._cost)
        self._stands = column_layout(gap=6)
        box.addLayout(self._stands)
        acts = row_layout(gap=8)
        self._send = Button("Send invitation", kind="primary", on_click=self._invite)
        acts.addWidget(self._send)
        acts.addWidget(Button("Cancel", on_click=done))
        acts.addStretch(1)
        box.addLayout(acts)

    def show_state(self, presenter: MembershipPresenter) -> None:
        """Show what the seat costs, or what stands in its way."""
        facts, role, why = presenter.facts, self.role.value(), presenter.why_not_now
        emptied(self._stands)
        stands: tuple[Blocker, ...] = ()
        if facts is not None:
            stands = seat_blockers(facts, role, presenter.now)
            self._cost.set("" if stands else team_words.seat_cost(facts, role, presenter.now))
        for blocker in stands:
            self._stands.addWidget(Text(blocker.words, wrap=True))
            for link in blocker.links:
                place = blocked.place_of(link)
                if place is not None:
                    self._stands.addWidget(Link(link.words, on_click=partial(self._go, place)))
        if why:
            self._stands.addWidget(Text(why, tone="text.secondary", wrap=True))
        self._send.set_busy(presenter.busy == "invite")
        self._send.setEnabled(not (why or presenter.busy or stands))

    def show_problem(self, problem: Exception | None) -> bool:
        """Say what went wrong at its field; returns whether it has one here."""
        self.form.clear()
        return isinstance(problem, UserError) and self.form.show(problem)

    def _role_chosen(self, _role: object) -> None:
        self.show_state(self._presenter)

    def _invite(self) -> None:
        self._presenter.invite(self.address.text(), self.name.text(), self.role.value())
