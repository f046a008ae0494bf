"""Beside the team: the member that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Role
from app.core.membership.rules.growth import last_owner, role_blockers
from app.core.membership.rules.moves import Blocker, Why
from app.core.membership.rules.seats import Holding
from app.core.team.rules import ROLE_WORDS
from app.ui.settings import blocked, team_words
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.settings.rights_list import RightsList
from app.ui.settings.roles_presenter import RolesPresenter
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.fields import Choice
from app.ui.widgets.forms import FieldProblem, FormField
from app.ui.widgets.layout import Facts, Hairline, column_layout, emptied, row_layout
from app.ui.widgets.text import Text

_NOBODY = "Nobody: the owner sees to it"
_BY_ANOTHER = Blocker(Why.TEAM, "Another owner gives you another role, or ends your membership.")


class MemberDetails(QWidget):
    """One member: facts, what they may do, another role, the end of the membership.

    It stays while its member does: what is chosen and asked in it outlives the account's answers.
    """

    def __init__(
        self,
        presenter: MembershipPresenter,
        roles: RolesPresenter,
        member: TeamMember,
        show_role: Callable[[Role], None],
        go: Callable[[Place], None],
    ) -> None:
        """``show_role`` leads to what a role may do, where that is changed."""
        super().__init__()
        self.member = member
        self._presenter, self._roles, self._lead_to = presenter, roles, show_role
        self._go = go
        box = column_layout(self, gap=0)
        self._name = Text("", "lead", "semibold", wrap=True)
        self._what = Text("", tone="text.secondary", wrap=True)
        self._address = Text("", tone="text.secondary", wrap=True)
        for line in (self._name, self._what, self._address):
            box.addWidget(line)
        box.addSpacing(look.px(14))
        facts = Facts(label_width=92, gap=8)
        self._facts = {
            label: Text("", wrap=True) for label in ("Sign-in", "Last here", "Computers")
        }
        for label, said in self._facts.items():
            facts.add(label, said)
        box.addWidget(facts)
        box.addSpacing(look.px(16))
        box.addWidget(Hairline())
        box.addSpacing(look.px(14))
        self._may = Text("", weight="semibold", wrap=True)
        box.addWidget(self._may)
        box.addSpacing(look.px(6))
        self._rights = RightsList()
        box.addWidget(self._rights)
        self._of_role = Link("", on_click=self._show_role)
        beside = row_layout(gap=0, margin=(0, 6, 0, 0))
        beside.addWidget(self._of_role)
        beside.addStretch(1)
        box.addLayout(beside)
        self._acts = QWidget()
        box.addSpacing(look.px(20))
        box.addWidget(self._acts)
        self._build_acts()
        self._kept: Blocker | None = None
        self._stays = column_layout(gap=6)
        box.addLayout(self._stays)

    def _build_acts(self) -> None:
        self._role = Choice(
            [(each, team_words.WHAT[each]) for each in team_words.GIVEN],
            self.member.role,
            name="Role",
        )
        self._role.changed.connect(self._role_chosen)
        self._change = Button("Change role", on_click=self._change_role)
        self._why = Text("", "caption", tone="text.secondary", wrap=True)
        self._end = Link("End membership…", tone="danger.text", on_click=self._ask_end)
        self._ending = self._build_ending()
        self._problem = FieldProblem()
        acts = column_layout(self._acts, gap=10)
        acts.addWidget(Hairline())
        acts.addSpacing(look.px(4))
        acts.addWidget(FormField("Role", self._role))
        line = row_layout(gap=8)
        line.addWidget(self._change)
        line.addStretch(1)
        acts.addLayout(line)
        acts.addWidget(self._why)
        acts.addSpacing(look.px(6))
        acts.addWidget(Hairline())
        acts.addSpacing(look.px(4))
        acts.addWidget(self._end)
        acts.addWidget(self._ending)
        acts.addWidget(self._problem)
        self._ending.hide()

    def _build_ending(self) -> QWidget:
        made = QWidget()
        self._heirs: list[tuple[str, str]] = []
        self._work_to = Choice([], name="Their work goes to")
        self._what_ends = Text("", tone="text.secondary", wrap=True)
        box = column_layout(made, gap=10)
        box.addWidget(self._what_ends)
        box.addWidget(FormField("Their work goes to", self._work_to))
        self._end_now = Button("End membership", kind="danger", on_click=self._end_membership)
        line = row_layout(gap=8)
        line.addWidget(Button("Keep", on_click=self.keep))
        line.addWidget(self._end_now)
        line.addStretch(1)
        box.addLayout(line)
        self._back = Text("", "caption", tone="text.secondary", wrap=True)
        box.addWidget(self._back)
        return made

    @property
    def _keeps(self) -> Blocker | None:
        """What keeps an owner as one: being the last, or that an owner's own place is not hers."""
        presenter, member = self._presenter, self.member
        if member.role is not Role.OWNER or presenter.facts is None:
            return None
        if not any(
            each.role is Role.OWNER and each.holding is Holding.ACTIVE and each.id != member.id
            for each in presenter.team
        ):
            return last_owner(presenter.facts, presenter.now)
        return _BY_ANOTHER if presenter.is_oneself(member) else None

    @property
    def _may_change(self) -> bool:
        return self._keeps is None

    # Showing

    def show_member(self, member: TeamMember) -> None:
        """Show how the member stands now, what can be done, and what stands in its way."""
        before, self.member = self.member, member
        self.setAccessibleName(member.name)
        self._name.set(member.name)
        words = (team_words.ROLES[member.role], member.credentials)
        self._what.set(", ".join(each for each in words if each))
        self._address.set(member.address)
        self._show_facts()
        short = team_words.called(member.name)
        self._may.set(f"What {short} may do")
        self._what_ends.set(
            f"{short} signs in no more. Their computers hand over what they have not sent, and "
            "remove their copy. Notes they signed stay theirs."
        )
        self._of_role.set_words(f"What {ROLE_WORDS[member.role][1]} may do…")
        self._of_role.setVisible(member.role in team_words.DECIDED)
        self._acts.setVisible(self._may_change)
        self._show_kept(self._keeps)
        if before.role is not member.role:
            self._role.set_value(member.role)
        self._show_heirs()
        self.show_state()

    def show_state(self) -> None:
        """Show what can be done now, and what stands in its way."""
        held = self.member.role
        rights = team_words.may_do(held, self._roles.rights(held))
        self._rights.show_lines([(words, may) for _right, words, may in rights])
        if not self._may_change:
            return
        presenter = self._presenter
        why, facts = presenter.why_not_now, presenter.facts
        may = presenter.may_try and not presenter.is_acting
        role = self._role.value()
        same = role is held
        stands: tuple[Blocker, ...] = ()
        if facts is not None and isinstance(role, Role) and not same:
            stands = role_blockers(facts, self.member.id, role, presenter.now)
        self._change.set_busy(presenter.busy == "role")
        self._change.setEnabled(may and not stands)
        if same and self._change.hasFocus():
            # It goes: what stands next is the end of the membership.
            self._role.setFocus(Qt.FocusReason.OtherFocusReason)
        # The button is there once another role is chosen.
        self._change.setVisible(not same)
        said = why or " ".join(each.words for each in stands)
        if not (said or same or facts is None):
            cost = team_words.role_cost(facts, self.member.id, role, presenter.now)
            said = " ".join(filter(None, (team_words.GIVING.get(role, ""), cost)))
        self._why.set(said)
        self._why.setVisible(bool(said))
        self._end_now.set_busy(presenter.busy == "end")
        self._end_now.setEnabled(may)
        if facts is not None:
            amount = team_words.gives_back(facts, self.member.id, presenter.now)
            self._back.set(f"Gives back {amount} on the next invoice." if amount.cents > 0 else "")
        self._problem.say(presenter.problem_with(self.member.id))

    def _show_kept(self, kept: Blocker | None) -> None:
        if kept != self._kept:
            self._kept = kept
            emptied(self._stays)
            if kept is not None:
                self._stays.addLayout(blocked.lines_of(kept, self._go))

    def _show_facts(self) -> None:
        member, presenter = self.member, self._presenter
        said = {
            "Sign-in": team_words.sign_in_words(member.sign_in),
            "Last here": team_words.seen_words(
                member.last_seen, presenter.now, presenter.desk.zone
            ),
            "Computers": ", ".join(member.computers) or "None connected",
        }
        for label, words in said.items():
            self._facts[label].set(words)
            self._facts[label].setAccessibleName(f"{label}: {words}")

    def _show_heirs(self) -> None:
        heirs = [
            (each.id, each.name)
            for each in self._presenter.team
            if each.holding is Holding.ACTIVE
            and each.id != self.member.id
            and each.role is not Role.ADMIN
        ]
        offered = [*heirs, ("", _NOBODY)]
        if offered != self._heirs:
            self._heirs = offered
            self._work_to.set_options(offered, self._work_to.value())

    # Acts

    def enter(self) -> bool:
        """Do what Enter means on the choice of a role; return whether it meant something."""
        means = self._role.hasFocus() and self._change.isVisible() and self._change.isEnabled()
        if means:
            self._change_role()
        return means

    def keep(self) -> bool:
        """Take the question about the end back; return whether it was asked."""
        asked = self._may_change and self._ending.isVisible()
        if asked:
            self._end.show()
            self._end.setFocus(Qt.FocusReason.OtherFocusReason)
            self._ending.hide()
        return asked

    def _show_role(self) -> None:
        self._lead_to(self.member.role)

    def _role_chosen(self, _role: object) -> None:
        self.show_state()

    def _change_role(self) -> None:
        self._presenter.change_role(self.member, self._role.value())

    def _ask_end(self) -> None:
        self._ending.show()
        self._work_to.setFocus(Qt.FocusReason.OtherFocusReason)
        self._end.hide()

    def _end_membership(self) -> None:
        self._presenter.end(self.member, self._work_to.value() or "")
