"""Sync: connect the practice to its account, check, disconnect."""

from __future__ import annotations

import platform
from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import NotWhole
from app.core.kernel.records import counted_kinds
from app.core.kernel.syncing import SyncState
from app.ui.settings.disconnect_section import DisconnectSection, begun_with_its_cause
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.repaired_list import RepairedList
from app.ui.shell.context import ScreenContext
from app.ui.shell.removal import PUT_OFF, SENTENCE
from app.ui.shell.syncing import SyncPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Facts, Section, column_layout, emptied, row_layout
from app.ui.widgets.problem import Problem
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text
from app.ui.widgets.waiting import BrowserWait, open_in_browser

_SENTENCE = (
    "The account keeps your computers in step. Work goes on without a network; what changed "
    "meanwhile travels when there is one."
)
_UPLOADS = "Connecting uploads the practice. The account can read it, but no psychotherapy notes."
_BY_CODE = (
    "Where this computer has no browser: the account, or a connected computer, shows a one-time "
    "code."
)
_AGAIN = "Sign in as the person whose practice file this is."
#: Where a link leads whoever wants this computer off the account.
DISCONNECT = "disconnect"


class SyncPanel(SettingsPanel):
    """Two faces: a form while there is no account, facts and acts once there is."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("Sync", _SENTENCE)
        self._context = context
        self._presenter: SyncPresenter | None = context.sync
        self._server = LineField(placeholder="https://account.example")
        self._code = LineField(placeholder="K7QP 3M9X")
        self._name = LineField(placeholder="Office computer")
        self._name.setText(platform.node().partition(".")[0])
        self._had = ""
        """The account that the practice had, once its address was filled in."""
        self._acted = ""
        """The act that was under way last: what came of it is said beside its button."""
        self._problems = {
            "sign-in": Problem(),
            "accept": Problem(above=10),
            "check": Problem(above=10),
        }
        self._put_off: tuple[tuple[str, int], ...] = ()
        """The removal to which the person said “Not now” on this visit."""
        self._form = self._build_form()
        self._tied = self._build_tied()
        self.content.addWidget(self._form)
        self.content.addWidget(self._tied)
        if self._presenter is not None:
            self._presenter.on_change(self._render)
        self._render()

    def left(self) -> None:
        """Say no longer what was done, or refused, on this visit."""
        self._put_off = ()
        if self._presenter is not None:
            self._presenter.forget_code()
            self._render()

    def mend(self, field: str, record: str) -> None:
        """Put the keyboard where a link led."""
        if field == DISCONNECT:
            self._end.take_keyboard()
        else:
            super().mend(field, record)

    def closing(self) -> None:
        """Listen no longer."""
        if self._presenter is not None:
            self._presenter.forget(self._render)

    # The two faces

    def _build_form(self) -> QWidget:
        made = QWidget()
        box = column_layout(made, gap=16)
        self._parted = column_layout()
        box.addLayout(self._parted)
        for name, label, editor, hint in (
            ("server", "Address of the account", self._server, "It begins with https://"),
            ("device_name", "Name of this computer", self._name, "As your other computers call it"),
        ):
            box.addWidget(self.form.add(name, FormField(label, editor, hint=hint)))
        self._sign_in = Button(
            "Sign in with your browser",
            kind="primary",
            icon="arrow-up-right",
            on_click=self._ask_sign_in,
        )
        self._acts = QWidget()
        acts = row_layout(self._acts, gap=12)
        acts.addWidget(self._sign_in)
        acts.addWidget(Text(_UPLOADS, tone="text.secondary", wrap=True), 1)
        box.addWidget(self._acts)
        self._waits = BrowserWait(open_again=self._ask_sign_in, cancel=self._cancel_sign_in)
        box.addWidget(self._waits)
        box.addWidget(self._problems["sign-in"])
        box.addSpacing(look.px(12))
        box.addWidget(self._build_by_code())
        return made

    def _build_by_code(self) -> QWidget:
        self._by_code = section = Section("With a one-time code")
        section.add(Text(_BY_CODE, tone="text.secondary", wrap=True))
        section.body.addSpacing(look.px(12))
        hint = "It works once, for 15 minutes"
        section.add(self.form.add("code", FormField("One-time code", self._code, hint=hint)))
        section.body.addSpacing(look.px(12))
        acts = row_layout(gap=12)
        self._connect = Button("Connect", icon="cloud", on_click=self._tie)
        acts.addWidget(self._connect)
        acts.addStretch(1)
        section.body.addLayout(acts)
        return section

    def _build_tied(self) -> QWidget:
        made = QWidget()
        box = column_layout(made, gap=28)
        self._status = StatusLabel()
        self._sentence = Text("", tone="text.secondary", wrap=True)
        self._facts = Facts(gap=9)
        now = column_layout(gap=8)
        now.addWidget(self._status)
        now.addWidget(self._sentence)
        box.addLayout(now)
        self._again = _SignInAgain(self._ask_sign_in, self._cancel_sign_in)
        box.addWidget(self._again)
        box.addWidget(self._build_removal())
        box.addWidget(self._facts)
        box.addWidget(self._build_check())
        self._end = DisconnectSection(self._untie, self._sync_first, self._untie_anyway)
        box.addWidget(self._end)
        return made

    def _build_removal(self) -> QWidget:
        self._removal = section = Section("The account would remove", gap=4)
        self._removed = Text("", weight="medium", wrap=True)
        section.add(self._removed)
        section.body.addSpacing(look.px(8))
        self._removal_words = Text("", tone="text.secondary", wrap=True)
        section.add(self._removal_words)
        section.body.addSpacing(look.px(12))
        acts = row_layout(gap=12)
        self._agree = Button("Remove them here", kind="danger", on_click=self._accept)
        self._not_now = Button("Not now", on_click=self._put_removal_off)
        acts.addWidget(self._not_now)
        acts.addWidget(self._agree)
        acts.addStretch(1)
        section.body.addLayout(acts)
        section.body.addWidget(self._problems["accept"])
        return section

    def _build_check(self) -> QWidget:
        section = Section("Check my data")
        words = (
            "Compares every record of this computer with the account. What differs is repaired, "
            "and named."
        )
        section.add(Text(words, tone="text.secondary", wrap=True))
        section.body.addSpacing(look.px(12))
        acts = row_layout(gap=12)
        self._check = Button("Check my data", icon="shield-check", on_click=self._ask_check)
        self._said = Text("", tone="success.text", wrap=True)
        acts.addWidget(self._check)
        acts.addWidget(self._said, 1)
        section.body.addLayout(acts)
        section.body.addWidget(self._problems["check"])
        self._repaired = RepairedList(self._go_to)
        section.body.addWidget(self._repaired)
        return section

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        tied = presenter is not None and presenter.connected
        self._form.setVisible(not tied)
        self._tied.setVisible(tied)
        if presenter is None:
            self._connect.setEnabled(False)
            self._sign_in.setEnabled(False)
            self._waits.hide()
            return
        self._render_parted(presenter)
        self._render_problem(presenter)
        self._render_sign_in(presenter)
        self._connect.set_busy(presenter.busy == "connect")
        self._connect.set_words("Connecting…" if presenter.busy == "connect" else "Connect")
        self._check.set_busy(presenter.busy == "check")
        self._said.set(presenter.said)
        if tied:
            self._render_tied(presenter)
        elif presenter.status.server != self._had:
            # Whoever connects again need not remember where.
            self._had = presenter.status.server
            self._server.setText(self._had)
            self._name.setText(presenter.status.device)

    def _render_parted(self, presenter: SyncPresenter) -> None:
        emptied(self._parted)
        if presenter.said and not presenter.connected:
            self._parted.addWidget(begun_with_its_cause(Tone.INFO, presenter.said))

    def _render_problem(self, presenter: SyncPresenter) -> None:
        """Say what went wrong: at its field, beside the button of its act, else at the foot."""
        self._acted = presenter.busy or self._acted
        beside = self._problems | {"disconnect": self._end.problem}
        if presenter.connected:
            beside["sign-in"] = self._again.problem
        for each in (*beside.values(), self._problems["sign-in"]):
            each.hide()
        not_whole = presenter.problem if isinstance(presenter.problem, NotWhole) else None
        self.show_problem(None if not_whole else presenter.problem, beside.get(self._acted))
        self._end.show_state(not_whole, busy=presenter.busy == "disconnect")

    def _render_sign_in(self, presenter: SyncPresenter) -> None:
        waits, busy = presenter.signing is not None, presenter.busy == "sign-in"
        self._sign_in.set_busy(busy)
        self._sign_in.set_words("Signing in…" if busy else "Sign in with your browser")
        self._waits.take_turns(self._acts, self._sign_in, waits=waits)
        self._by_code.setVisible(not waits)
        self._again.setVisible(presenter.status.state is SyncState.SIGN_IN)
        self._again.show_state(waits=waits, busy=busy)

    def _render_tied(self, presenter: SyncPresenter) -> None:
        words = presenter.words
        self._status.set(Status(words.icon, words.words, words.tone))
        self._sentence.set(presenter.sentence)
        self._facts.clear()
        for label, value in (("Account", presenter.status.server), *presenter.facts):
            self._facts.add(label, value)
        self._render_removal(presenter)
        self._repaired.show_records(presenter)

    def _render_removal(self, presenter: SyncPresenter) -> None:
        removal = presenter.status.removal
        self._removal.setVisible(bool(removal))
        if removal != self._put_off:
            self._put_off = ()
        put_off = bool(self._put_off)
        self._removed.set(", ".join(counted_kinds(removal)))
        self._removal_words.set(PUT_OFF if put_off else SENTENCE)
        self._agree.setVisible(not put_off)
        self._not_now.setVisible(not put_off)
        self._agree.set_busy(presenter.busy == "accept")

    # Acts

    def _go_to(self, record: tuple[str, UUID]) -> None:
        kind, record_id = record
        self._context.go(self._context.place_of(kind, str(record_id)))

    def _accept(self) -> None:
        if self._presenter is not None:
            self._presenter.accept_removal()

    def _put_removal_off(self) -> None:
        if self._presenter is not None:
            self._put_off = self._presenter.status.removal
            self._render_removal(self._presenter)

    def _tie(self) -> None:
        if self._presenter is not None:
            self._presenter.connect(
                self._server.text().strip(), self._code.text().strip(), self._name.text().strip()
            )

    def _ask_sign_in(self) -> None:
        presenter = self._presenter
        if presenter is not None and presenter.connected:
            presenter.sign_in(open_in_browser)
        elif presenter is not None:
            presenter.sign_in(
                open_in_browser, self._server.text().strip(), self._name.text().strip()
            )

    def _cancel_sign_in(self) -> None:
        if self._presenter is not None:
            self._presenter.cancel_sign_in()

    def _ask_check(self) -> None:
        if self._presenter is not None:
            self._presenter.check()

    def _untie(self) -> None:
        if self._presenter is not None:
            self._presenter.disconnect()

    def _sync_first(self) -> None:
        if self._presenter is not None:
            self._presenter.sync_now()

    def _untie_anyway(self) -> None:
        if self._presenter is not None:
            self._presenter.disconnect(anyway=True)


class _SignInAgain(QWidget):
    """What a computer that the account no longer knows is asked for."""

    def __init__(self, ask: Callable[[], None], cancel: Callable[[], None]) -> None:
        super().__init__()
        box = column_layout(self, gap=12)
        self._acts = QWidget()
        acts = row_layout(self._acts, gap=12)
        self._act = Button("Sign in again", kind="primary", icon="arrow-up-right", on_click=ask)
        acts.addWidget(self._act)
        acts.addWidget(Text(_AGAIN, tone="text.secondary", wrap=True), 1)
        box.addWidget(self._acts)
        self._waits = BrowserWait(open_again=ask, cancel=cancel)
        box.addWidget(self._waits)
        self.problem = Problem()
        box.addWidget(self.problem)

    def show_state(self, *, waits: bool, busy: bool) -> None:
        """Show whether the browser is waited for, or the account asked."""
        self._act.set_busy(busy)
        self._act.set_words("Signing in…" if busy else "Sign in again")
        self._waits.take_turns(self._acts, self._act, waits=waits)
