"""Team: members, invitations, seats, roles; beside them who is chosen, or is being invited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import SEAT_OF
from app.core.membership.rules.growth import seat_blockers
from app.core.membership.rules.seats import Holding
from app.core.team.queries import MemberView
from app.ui.settings import blocked, plan_words, team_words
from app.ui.settings.aside_page import AsidePage
from app.ui.settings.invitation import InvitationRow
from app.ui.settings.membership_presenter import MembershipPresenter, TeamMember
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.roles_presenter import RolesPresenter
from app.ui.settings.roles_section import RolesSection
from app.ui.settings.seats_table import SeatsTable
from app.ui.settings.team_aside import InviteForm, MemberDetails
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.cells import GUTTER, Cell, Column, TableRow
from app.ui.widgets.layout import Hairline, Section, column_layout, emptied, row_layout
from app.ui.widgets.message import Message
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

    def _lay_out(self) -> None:
        side = (GUTTER, 0, GUTTER, 0)
        self._told = column_layout(gap=12, margin=side)
        self._members = Section("Members", gap=4, side=GUTTER)
        self._table = DataTable(_COLUMNS, name="Members", row="twoLine", leads=True)
        self._table.chosen.connect(self._choose)
        self._members.add(self._table)
        self._invited = Section("Invited", gap=4, side=GUTTER)
        self._seats = Section("Seats")
        self._grid = SeatsTable()
        self._seats.add(self._grid)
        self._seats.body.addSpacing(look.px(8))
        self._reserves = column_layout(gap=8)
        self._seats.body.addLayout(self._reserves)
        content = self._page.content
        inset = column_layout(gap=24, margin=side)
        inset.addWidget(self._seats)
        self._roles = RolesSection(self._rights, self._names_of, self._context.go)
        inset.addWidget(self._roles)
        content.insertLayout(0, self._told)
        content.insertWidget(1, self._members)
        content.insertWidget(2, self._invited)
        content.insertLayout(3, inset)

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        problem = presenter.problem
        form = self._inviting
        if form is None or not form.show_problem(problem):
            self._page.show_problem(problem)
        else:
            self._page.show_problem(None)
        if form is not None and presenter.said:
            # The invitation is on its way: its form is done.
            self._inviting = None
        self._invite.setEnabled(not presenter.why_not_now)
        self._render_head()
        self._render_members()
        self._render_invited()
        self._render_seats()
        self._roles.show_state()
        self._render_aside()
        self._choose_wanted()

    def _render_head(self) -> None:
        presenter, facts = self._presenter, self._presenter.facts
        if facts is not None:
            self._page.set_sentence(team_words.seats_words(facts, presenter.now))
        elif presenter.connected:
            self._page.set_sentence("The members as this computer knows them.")
        else:
            self._page.set_sentence("Only you, on this computer.")
        emptied(self._told)
        if not presenter.connected:
            words = "To invite somebody, connect this practice to an account."
            go = partial(self._context.go, Place("settings", part="sync"))
            self._told.addWidget(Message(Tone.INFO, words, mend="Connect…", on_mend=go))
        elif presenter.offline:
            words = "The account was not reached."
            sentence = f"{presenter.offline} Who is here and invited is what was known last."
            self._told.addWidget(Message(Tone.INFO, words, sentence))
        if presenter.said:
            self._told.addWidget(Message(Tone.OK, presenter.said))

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

    def _render_invited(self) -> None:
        rows = self._team(Holding.INVITED)
        self._invited.clear()
        self._invited.setVisible(bool(rows))
        self._invited.set_count(len(rows))
        for each in rows:
            self._invited.add(InvitationRow(self._presenter, each))
            self._invited.add(Hairline())

    def _render_seats(self) -> None:
        presenter, facts = self._presenter, self._presenter.facts
        shown = presenter.shown
        known = shown.plan is not None and shown.monthly is not None
        self._seats.setVisible(known)
        emptied(self._reserves)
        if shown.plan is not None and known:
            self._grid.set_rows(plan_words.seat_rows(shown.plan, shown.seats), without="Allowed")
        if facts is None:
            return
        why = presenter.why_not_now
        if why:
            self._reserves.addWidget(Text(why, tone="text.secondary", wrap=True))
        for role in (Role.ASSOCIATE, Role.PROVIDER):
            self._add_reserve(role, may=not why)

    def _add_reserve(self, role: Role, *, may: bool) -> None:
        presenter, facts = self._presenter, self._presenter.facts
        if facts is None:
            return
        at, seat = presenter.now, team_words.SEATS[SEAT_OF[role]]
        held = team_words.reserved_of(facts, role)
        blockers = seat_blockers(facts, role, at)
        if team_words.offers_seats(facts, role, at) and not blockers:
            words = team_words.seat_cost(facts, role, at)
            self._add_line(
                f"Reserve {seat}", partial(presenter.reserve, role, held + 1), words, may=may
            )
        for blocker in blockers:
            line = row_layout(gap=8)
            line.addWidget(Text(blocker.words, tone="text.secondary", elide=True))
            for link in blocker.links:
                place = blocked.place_of(link)
                if place is not None:
                    line.addWidget(Link(link.words, on_click=partial(self._context.go, place)))
            line.addStretch(1)
            self._reserves.addLayout(line)
        if held:
            back = f"{held} held in reserve; what is left of the month comes off the next invoice."
            act = partial(presenter.reserve, role, held - 1)
            self._add_line(f"Give {seat} back", act, back, may=may)

    def _add_line(self, words: str, act: Callable[[], None], beside: str, *, may: bool) -> None:
        line = row_layout(gap=14)
        link = Link(words, on_click=act)
        link.setEnabled(may)
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(Text(beside, tone="text.secondary", wrap=True), 1)
        self._reserves.addLayout(line)

    # Beside it

    def _render_aside(self) -> None:
        if self._inviting is not None:
            self._inviting.show_state(self._presenter)
            return
        member = self._member(self._chosen)
        details = self._details
        if member is not None and details is not None and details.member == member:
            details.show_state(self._presenter)
            return
        self._details = None
        self.has_details(bool(self._team(Holding.ACTIVE)))
        self.rebuild(partial(self._fill_aside, member))

    def _fill_aside(self, member: TeamMember | None) -> None:
        if member is not None:
            self._details = MemberDetails(
                self._presenter, self._rights, member, self._roles.show_role
            )
            self._details.show_state(self._presenter)
            self._aside_box.addWidget(self._details)
        elif self._team(Holding.ACTIVE):
            words = "Choose a member to see what they may do, and to change it."
            self._aside_box.addWidget(Text(words, tone="text.secondary", wrap=True))
        self._aside_box.addStretch(1)

    def _team(self, holding: Holding) -> list[TeamMember]:
        return [each for each in self._presenter.team if each.holding is holding]

    def _member(self, key: str) -> TeamMember | None:
        return next((each for each in self._team(Holding.ACTIVE) if each.id == key), None)

    # Acts

    def _choose(self, key: object) -> None:
        self._chosen, self._inviting = str(key or ""), None
        self._details = None
        self._render_aside()

    def _choose_wanted(self) -> None:
        if self._wanted and self._member(self._wanted) is not None:
            wanted, self._wanted = self._wanted, ""
            self._table.select(wanted)
            self._choose(wanted)
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_invite(self) -> None:
        form = InviteForm(self._presenter, self._context.go, self._end_invite)

        def fill() -> None:
            self._details = None
            self._inviting = form
            self._aside_box.addWidget(form)
            self._aside_box.addStretch(1)

        self.has_details(True)
        self.rebuild(fill)
        form.show_state(self._presenter)
        form.show()
        form.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end_invite(self) -> None:
        self._inviting = self._details = None
        self._render_aside()
        self._invite.setFocus(Qt.FocusReason.OtherFocusReason)
