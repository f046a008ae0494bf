"""Roles: what each may do, and on Group the owner's switches for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import ADJUSTABLE, Permission, Role
from app.core.team.queries import RoleRight
from app.core.team.rules import ROLE_WORDS
from app.ui.settings import team_words
from app.ui.settings.rights_list import RightsList
from app.ui.settings.roles_presenter import RolesPresenter
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.choices import Check, Segmented
from app.ui.widgets.layout import Section, column_layout, emptied, reveal, row_layout
from app.ui.widgets.problem import Problem
from app.ui.widgets.text import Text

_WHO = (
    "Only an owner changes this; it counts on a member\u2019s computers from their next sync on. "
    "Nobody but the author ever opens psychotherapy notes."
)
_INDENT = 24
"""From the left edge of a check to its words."""


class RolesSection(Section):
    """One role at a time: what is fixed to read, what the owner decides to switch."""

    def __init__(
        self,
        presenter: RolesPresenter,
        named: Callable[[Role], Sequence[str]],
        go: Callable[[Place], None],
    ) -> None:
        """``named`` gives the names of a role's members."""
        super().__init__("Roles")
        self._presenter, self._named = presenter, named
        self._switches: dict[Permission, _Switch] = {}
        self._built: tuple[Role, bool] | None = None
        self.role = Segmented(
            [(each, team_words.ROLES[each]) for each in team_words.DECIDED],
            Role.ASSOCIATE,
            name="Role whose rights are shown",
        )
        self.role.chosen.connect(self._role_chosen)
        line = row_layout(gap=0)
        line.addWidget(self.role)
        line.addStretch(1)
        self.body.addLayout(line)
        self.body.addSpacing(look.px(10))
        self._about = Text("", wrap=True)
        self._who = Text(_WHO, tone="text.secondary", wrap=True)
        self._why = Text("", tone="text.secondary", wrap=True)
        self._compare = Link("Compare plans", on_click=partial(go, _PLANS))
        for widget in (self._about, self._who, self._why):
            self.add(widget)
        compare = row_layout(gap=0)
        compare.addWidget(self._compare)
        compare.addStretch(1)
        self.body.addLayout(compare)
        self.body.addSpacing(look.px(10))
        self._fixed = RightsList()
        self._decided = column_layout(gap=2)
        self._problem = Problem()
        self._heads = (_caption("Fixed for this role"), _caption("For you to give or take"))
        self.add(self._heads[0])
        self.add(self._fixed)
        self.body.addSpacing(look.px(10))
        self.add(self._heads[1])
        self.body.addLayout(self._decided)
        self.add(self._problem)
        presenter.on_change(self.show_state)

    def show_role(self, role: Role) -> None:
        """Show a role and give its switches, or the choice of a role, the keyboard."""
        self.role.set_value(role)
        first = next(iter(self._switches.values()), None)
        (first.check if first is not None else self.role.chosen_button()).setFocus()

    def show_state(self) -> None:
        """Show the chosen role as it is now."""
        presenter, role = self._presenter, self.role.value()
        may_change = presenter.may_change
        self._about.set(team_words.of_role_words(role, self._named(role)))
        for widget in (self._who, *self._heads):
            reveal(widget, may_change)
        plan = presenter.desk.entitlement
        self._why.set("" if may_change else team_words.fixed_words(plan.plan, plan.standing))
        reveal(self._why, not may_change)
        reveal(self._compare, not presenter.counts)
        said = team_words.may_do(role, presenter.rights(role))
        open_ones = ADJUSTABLE[role] if may_change else frozenset()
        self._fixed.show_lines([(w, may) for right, w, may in said if right not in open_ones])
        self._show_switches(role, may_change)
        problem = presenter.problem
        self._problem.hide()
        if problem is not None:
            self._problem.say(problem.sentence)

    def _show_switches(self, role: Role, may_change: bool) -> None:
        rights = self._presenter.of_role(role) if may_change else []
        if self._built != (role, bool(rights)):
            self._built = (role, bool(rights))
            emptied(self._decided)
            self._switches = {each.permission: _Switch(each) for each in rights}
            for switch in self._switches.values():
                switch.check.toggled.connect(partial(self._toggled, switch))
                self._decided.addWidget(switch)
        for each in rights:
            self._switches[each.permission].show_right(each)

    def _role_chosen(self, _role: object) -> None:
        self._presenter.problem = None
        self.show_state()

    def _toggled(self, switch: _Switch, on: bool) -> None:
        self._presenter.give(switch.right, on)


_PLANS = Place("settings", part="subscription")


def _caption(words: str) -> Text:
    made = Text(words, "caption", "medium", "text.muted")
    made.setContentsMargins(0, 0, 0, look.px(4))
    return made


class _Switch(QWidget):
    """A right to give or to take; one that is not as usual says so."""

    def __init__(self, right: RoleRight) -> None:
        super().__init__()
        self.right = right
        self.check = Check(right.words)
        self._usual = Text("", "caption", tone="text.secondary")
        box = column_layout(self, gap=0, margin=(0, 3, 0, 3))
        box.addWidget(self.check)
        under = row_layout(gap=0, margin=(_INDENT, 0, 0, 0))
        under.addWidget(self._usual, 1)
        box.addLayout(under)

    def show_right(self, right: RoleRight) -> None:
        """Show whether it is given."""
        self.right = right
        blocked = self.check.blockSignals(True)
        self.check.setChecked(right.given)
        self.check.blockSignals(blocked)
        role = ROLE_WORDS[right.role][1]
        changed = right.given is not right.usual
        usual = f"Usually {role} {'have' if right.usual else 'do not have'} it." if changed else ""
        self._usual.set(usual)
        reveal(self._usual, changed)
        name = f"{role.capitalize()}: {right.words}"
        self.check.setAccessibleName(name)
        self.check.setAccessibleDescription(usual)
