"""Team: members, invitations, seats, roles; beside them who is chosen, or is being invited."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Role
from app.core.membership.rules.seats import Holding
from app.core.team.queries import MemberView
from app.ui.settings import blocked, team_words
from app.ui.settings.aside_page import AsidePage
from app.ui.settings.invitation import InvitedSection
from app.ui.settings.invite_form import InviteForm, Typed
from app.ui.settings.member_details import MemberDetails
from app.ui.settings.membership_presenter import INVITING, MembershipPresenter, TeamMember
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.roles_presenter import RolesPresenter
from app.ui.settings.roles_section import RolesSection
from app.ui.settings.seats_section import SeatsSection
from app.ui.settings.team_told import TeamTold
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import GUTTER, Cell, Column, TableRow
from app.ui.widgets.layout import Section, column_layout
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_COLUMNS = (
    Column("name", "Name", stretch=1, weight="medium"),
    Column("role", "Role"),
    Column("sign_in", "Sign-in"),
    # It stands beside whoever is chosen as well.
    Column("seen", "Last here", right=True, tone="text.secondary", yields=True),
)
#: Height of a table's head, with the lines around it.
_HEAD = 36


class TeamPanel(AsidePage):
    """Reads a ``MembershipPresenter``, and what roles may do."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._presenter: MembershipPresenter = blocked.presenter_of(context)
        self._rights = RolesPresenter(context.desk, context.deliver, did=context.did)
        self._invite = Button(
            "Invite someone", kind="primary", icon="user-plus", on_click=self._ask_invite
        )
        self._page = SettingsPanel("Team", acts=(self._invite,), bleeds=True)
        self._held = QWidget()
        self._held.setAccessibleName("Details")
        self._aside_box = column_layout(self._held, gap=0)
        super().__init__(self._page, self._held)
        self._chosen = ""
        self._inviting: InviteForm | None = None
        self._typed = Typed()
        self._details: MemberDetails | None = None
        self._wanted = ""
        self._lay_out()
        self._presenter.on_change(self._render)
        self._rights.on_change(self._render_aside)
        self._render()
        self._presenter.refresh()
        self._rights.refresh()

    def refresh(self) -> None:
        """Ask again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Listen no longer."""
        self._presenter.close()
        self._rights.close()

    def show_field(self, _field: str, record: str) -> None:
        """Choose the member, or the invitation, to whom a link led."""
        self._wanted = record
        self._choose_wanted()

    # The keyboard

    def way_back(self) -> QWidget:
        """Return the table of the members, or the button that asked for the form."""
        return self._table if self._inviting is None else self._invite

    def step_back(self) -> bool:
        """Close the form, or the question about an end, before the details are left."""
        held = self.has_keyboard_in_details
        if held and self._inviting is not None:
            self._typed = self._inviting.typed
            self._end_invite()
        elif not (held and self._details is not None and self._details.keep()):
            return super().step_back()
        return True

    def enter(self) -> bool:
        """Press the button in hand, else send the form or give the role that was chosen."""
        if super().enter():
            return True
        if not self.has_keyboard_in_details:
            return False
        if self._inviting is not None:
            self._inviting.send()
            return True
        return self._details is not None and self._details.enter()

    def _lay_out(self) -> None:
        side = (GUTTER, 0, GUTTER, 0)
        self._told = TeamTold(self._presenter, self._context.go)
        told = column_layout(margin=side)
        told.addWidget(self._told)
        self._members = Section("Members", gap=4, side=GUTTER)
        self._table = DataTable(_COLUMNS, name="Members", row="twoLine", leads=True)
        self._table.chosen.connect(self._choose)
        self._table.opened.connect(self._open)
        self._table.clicked.connect(self.open_details)
        self._members.add(self._table)
        self._invited = InvitedSection(self._presenter, self._table)
        self._seats = SeatsSection(self._presenter, self._context.go, self._table)
        self._roles = RolesSection(self._rights, self._names_of, self._context.go)
        inset = column_layout(gap=24, margin=side)
        inset.addWidget(self._seats)
        inset.addWidget(self._roles)
        content = self._page.content
        content.insertLayout(0, told)
        content.insertWidget(1, self._members)
        content.insertWidget(2, self._invited)
        content.insertLayout(3, inset)

    # Showing

    def _render(self) -> None:
        presenter, form = self._presenter, self._inviting
        if form is not None and form.is_done:
            self._typed = Typed()
            self._end_invite()
        self._invite.setEnabled(presenter.may_try)
        self._render_head()
        self._render_members()
        self._invited.show_rows(self._team(Holding.INVITED))
        self._seats.show_state(presenter)
        self._roles.show_state()
        self._render_aside()
        self._told.show_state(has_place=self._has_place(presenter.about))
        self._order_tabs()
        self._choose_wanted()

    def _has_place(self, about: str) -> bool:
        """Return whether what went wrong is said where it was done."""
        if about == INVITING:
            return self._inviting is not None
        details = None if self._inviting is not None else self._details
        invited = any(each.id == about for each in self._team(Holding.INVITED))
        return invited or (details is not None and details.member.id == about)

    def _render_head(self) -> None:
        presenter, facts = self._presenter, self._presenter.facts
        if facts is not None:
            self._page.set_sentence(team_words.seats_words(facts, presenter.now))
        elif presenter.connected:
            self._page.set_sentence("The members as this computer knows them.")
        else:
            self._page.set_sentence("Only you, on this computer.")

    def _render_members(self) -> None:
        rows = [
            self._known_row(each) if isinstance(each, MemberView) else self._row(each)
            for each in self._listed()
        ]
        self._members.set_count(len(rows) or None)
        self._table.set_rows(rows)
        self._table.setFixedHeight(look.px(_HEAD) + look.row("twoLine") * max(len(rows), 1))

    def _listed(self) -> Sequence[TeamMember | MemberView]:
        """Return the members as the account told them, else as this computer knows them."""
        team = self._team(Holding.ACTIVE)
        if team or self._presenter.facts is not None:
            return team
        return [each for each in self._presenter.here if each.status == "ACTIVE"]

    def _names_of(self, role: Role) -> list[str]:
        return [each.name for each in self._listed() if each.role is role]

    def _known_row(self, member: MemberView) -> TableRow:
        return TableRow(
            member.id.hex,
            (
                self._named(member.name, member.credentials, member.id.hex, member.role),
                Cell(team_words.ROLES[member.role], below=team_words.SITS[member.role]),
                "",
                "",
            ),
        )

    def _row(self, member: TeamMember) -> TableRow:
        presenter = self._presenter
        proved = bool(member.sign_in)
        tone = Tone.OK if proved else Tone.WARN
        icon = "shield-check" if proved else "clock"
        words = team_words.sign_in_words(member.sign_in)
        return TableRow(
            member.id,
            (
                self._named(member.name, member.credentials, member.id, member.role),
                Cell(team_words.ROLES[member.role], below=team_words.SITS[member.role]),
                Status(icon, words, tone),
                team_words.seen_words(member.last_seen, presenter.now, presenter.desk.zone),
            ),
        )

    def _named(self, name: str, credentials: str, member_id: str, role: Role) -> Cell:
        license_words = self._presenter.licensed.get(member_id, "")
        what = license_words or credentials or team_words.WORK[role]
        return Cell(name, below=what, initials=team_words.initials_of(name))

    def _order_tabs(self) -> None:
        # What was made later than the roles stands before them.
        before: QWidget = self._invite
        for stop in (
            *self._told.stops(),
            self._table,
            *self._invited.stops(),
            *self._seats.stops(),
        ):
            QWidget.setTabOrder(before, stop)
            before = stop

    # Beside it

    def _render_aside(self) -> None:
        if self._inviting is not None:
            self._inviting.show_state(self._presenter)
            return
        member, details = self._member(self._chosen), self._details
        if member is not None and details is not None and details.member.id == member.id:
            details.show_member(member)
            return
        self._details = None
        self.has_details(bool(self._team(Holding.ACTIVE)))
        self.rebuild(partial(self._fill_aside, member))

    def _fill_aside(self, member: TeamMember | None) -> None:
        if member is not None:
            self._details = MemberDetails(
                self._presenter, self._rights, member, self._show_role, self._context.go
            )
            self._details.show_member(member)
            self._aside_box.addWidget(self._details)
        elif self._team(Holding.ACTIVE):
            words = "Choose a member to see what they may do, and to change it."
            self._aside_box.addWidget(Text(words, tone="text.secondary", wrap=True))
        self._aside_box.addStretch(1)

    def _show_role(self, role: Role) -> None:
        self.close_details()
        self._roles.show_role(role)

    def _team(self, holding: Holding) -> list[TeamMember]:
        return [each for each in self._presenter.team if each.holding is holding]

    def _member(self, key: str) -> TeamMember | None:
        return next((each for each in self._team(Holding.ACTIVE) if each.id == key), None)

    # Acts

    def _choose(self, key: object) -> None:
        self._chosen = str(key or "")
        if self._inviting is not None:
            if not self._chosen:
                # Who is gone was chosen before: the form stays.
                return
            self._typed = self._inviting.typed
            self._drop_form()
        self._render_aside()

    def _open(self, _key: object) -> None:
        self.enter_details()

    def _choose_wanted(self) -> None:
        if self._wanted and self._member(self._wanted) is not None:
            wanted, self._wanted = self._wanted, ""
            self._table.select(wanted)
            self._choose(wanted)
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            self.open_details()
        elif self._invited.lead_to(self._wanted):
            self._wanted = ""

    def _ask_invite(self) -> None:
        form = self._inviting or self._open_form()
        self.open_details()
        form.begin()

    def _open_form(self) -> InviteForm:
        # What was typed when the form was left stands there again.
        form = InviteForm(self._presenter, self._context.go, self._cancel, self._typed)

        def fill() -> None:
            self._details = None
            self._inviting = form
            self._aside_box.addWidget(form)
            self._aside_box.addStretch(1)

        self.has_details(True)
        self.rebuild(fill)
        form.show_state(self._presenter)
        form.show()
        # Of two filled buttons the one in hand leads.
        self._invite.set_kind("secondary")
        return form

    def _cancel(self) -> None:
        self._typed = Typed()
        self._end_invite()

    def _end_invite(self) -> None:
        held = self.has_keyboard_in_details
        self.close_details()
        if held:
            self._invite.setFocus(Qt.FocusReason.BacktabFocusReason)
        self._drop_form()
        self._render_aside()

    def _drop_form(self) -> None:
        self._inviting = self._details = None
        self._invite.set_kind("primary")
