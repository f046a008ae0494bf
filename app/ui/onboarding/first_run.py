"""The first run on the window: steps at the left, a page, and the acts at its foot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.kernel.errors import UserError
from app.ui.onboarding.account_page import AccountPage
from app.ui.onboarding.assistant import JOINING_STEPS, STEP_OF, STEPS, Assistant, Page
from app.ui.onboarding.drafts import Draft
from app.ui.onboarding.hours_page import HoursPage
from app.ui.onboarding.identifiers_page import IdentifiersPage
from app.ui.onboarding.keys_pages import PassphrasePage, RecoveryKeyPage
from app.ui.onboarding.page import PageView
from app.ui.onboarding.places_pages import BackupPage, ClientsPage, LocationsPage
from app.ui.onboarding.practice_page import PracticePage
from app.ui.onboarding.restore_page import RestorePage
from app.ui.onboarding.services_page import ServicesPage
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.firstrun import StepRail
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.waiting import open_in_browser

_LEFT = ("Under three minutes", "About two minutes left", "About a minute left", "Almost done")


#: The way from one to the other: what is asked, and what is answered with it.
_JOIN = ("On another computer already?", "Bring it from your account")
_MAKE_NEW = ("No practice in an account yet?", "Make a new practice instead")

#: The pages that add to what was said, each filled from it.
_PAGES: dict[Page, Callable[[Draft], PageView]] = {
    Page.PRACTICE: PracticePage,
    Page.IDENTIFIERS: IdentifiersPage,
    Page.HOURS: HoursPage,
    Page.SERVICES: ServicesPage,
    Page.LOCATIONS: LocationsPage,
    Page.BACKUP: BackupPage,
    Page.CLIENTS: ClientsPage,
}


class Rail(Surface):
    """The steps, how long it still takes, and the two ways around them."""

    def __init__(self) -> None:
        super().__init__("canvas", edges="right")
        self.setFixedWidth(look.px(280))
        self._left = Text(_LEFT[0], tone="text.secondary")
        self.steps = StepRail(STEPS)
        self.demo = Link("Open the demo practice")
        self.restore = Link("Restore it")
        self._join_asks = Text("", tone="text.secondary")
        self.join = Link("")
        box = column_layout(self, margin=(32, 36, 16, 28))
        box.addWidget(Text("Set up your practice", "lead", "semibold"))
        box.addSpacing(look.px(4))
        box.addWidget(self._left)
        box.addSpacing(look.px(20))
        box.addWidget(self.steps, 1)
        box.addSpacing(look.px(16))
        self._restore_way = _way("Have a backup?", self.restore)
        box.addWidget(_way(self._join_asks, self.join))
        box.addWidget(self._restore_way)
        box.addWidget(_way("Rather look first?", self.demo))
        self.show_way(joining=False)

    def show_restoring(self, restoring: bool) -> None:
        """Offer the way to a backup unless it is the one that is gone."""
        self._restore_way.setVisible(not restoring)

    def show_way(self, *, joining: bool) -> None:
        """Show the steps of a new practice, or of one that comes from its account."""
        self.steps.set_steps(JOINING_STEPS if joining else STEPS)
        asks, words = _MAKE_NEW if joining else _JOIN
        self._join_asks.set(asks)
        self.join.setText(words)
        self.join.updateGeometry()
        # How long a practice takes to come is not known here.
        self._left.setVisible(not joining)

    def show_step(self, step: int, skipped: set[int]) -> None:
        """Show how far it came."""
        self.steps.set_current(step)
        for number in skipped:
            if number < step:
                self.steps.set_state(number, "skipped")
        self._left.set(_LEFT[min(step // 2 + (step > 0 and step < 2), len(_LEFT) - 1)])


def _way(question: str | Text, link: Link) -> QWidget:
    made = QWidget()
    box = column_layout(made, margin=(0, 0, 0, 12))
    asks = Text(question, tone="text.secondary") if isinstance(question, str) else question
    box.addWidget(asks)
    box.addWidget(link)
    return made


class FirstRun(QWidget):
    """Renders an ``Assistant``. One page is made at a time, filled from what was said.

    What was typed stays while the window lives: read into the draft, or on its page as it stands.
    """

    title = "Set up your practice"
    comes_back = True
    """The window keeps it while it shows something else."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__()
        self._assistant = assistant
        self._shown: Page | None = None
        self._page: PageView | None = None
        self._unread: dict[Page, PageView] = {}
        """Pages that were left with something typed that the draft does not hold (yet)."""
        self._restorer: RestorePage | None = None
        """The page that restores a backup, once it was shown."""
        self._restoring = False
        self.rail = Rail()
        self.rail.steps.step_asked.connect(assistant.go_to_step)
        self.rail.demo.clicked.connect(assistant.open_demo)
        self.rail.restore.clicked.connect(self.ask_for_backup)
        self.rail.join.clicked.connect(self._change_way)
        self._told = self._build_told()
        self._stack = QStackedWidget()
        self._back = Button("Back", large=True, on_click=self._go_back)
        self._sentence = Text("", tone="text.secondary", elide=True)
        self._skip = Link("Skip for now", on_click=assistant.skip)
        self._next = Button(
            "Continue", kind="primary", keys="Return", large=True, on_click=self._go_on
        )
        self._lay_out()
        assistant.on_change(self._render)
        self._render()

    def _lay_out(self) -> None:
        foot = Surface("page", edges="top")
        foot.setFixedHeight(look.px(64))
        acts = row_layout(foot, gap=8, margin=(72, 0, 64, 0))
        acts.addWidget(self._back)
        acts.addStretch(1)
        acts.addWidget(self._sentence)
        acts.addWidget(self._skip)
        acts.addSpacing(look.px(16))
        acts.addWidget(self._next)
        side = Surface("page")
        column = column_layout(side)
        column.addWidget(self._told)
        column.addWidget(self._stack, 1)
        column.addWidget(foot)
        line = row_layout(self, gap=0)
        line.addWidget(self.rail)
        line.addWidget(side, 1)

    def _build_told(self) -> QWidget:
        made = QWidget()
        line = row_layout(made, margin=(72, 24, 64, 0))
        self._told_words = Message(Tone.WARN, "")
        line.addWidget(self._told_words, 1)
        made.hide()
        return made

    def say(self, sentence: str) -> None:
        """Say above the page what became of the practice that was here, or what went wrong."""
        cause, stop, rest = sentence.partition(". ")
        self._told_words.say(f"{cause}{stop}".strip(), rest)
        self._told.show()

    @property
    def folder(self) -> Path:
        """Where the practice is to lie."""
        return self._assistant.folder

    # Rendering

    def _render(self) -> None:
        state = self._assistant
        if self._page is None or (self._shown is not state.page and not self._restoring):
            self._show_page(self._make_page(state.page))
        self.rail.show_way(joining=state.joining)
        self.rail.show_step(STEP_OF[state.page], {STEP_OF[page] for page in state.skipped})
        if self._page is not None:
            self._page.show_problem(state.problem)
        self._render_acts()

    def _render_acts(self) -> None:
        state = self._assistant
        busy = bool(state.busy) or state.signing is not None
        if isinstance(self._page, AccountPage):
            self._page.show_waiting(state.signing is not None)
        self._back.setVisible(self._restoring or state.may_go_back)
        self._skip.setVisible(state.may_skip and not self._restoring and not busy)
        self._next.set_words(self._next_words())
        self._next.set_busy(busy)
        proving = state.page is Page.PROOF and not self._restoring
        self._next.setEnabled(not busy and not (proving and not self._proved()))
        for link in (self.rail.demo, self.rail.restore, self.rail.join):
            link.setEnabled(not state.busy)
        self.rail.show_restoring(self._restoring)
        self._sentence.set(state.busy or self._words_beside(proving=proving))

    def _words_beside(self, *, proving: bool) -> str:
        if self._restoring:
            return ""
        if proving:
            return "This is the one step that cannot be skipped."
        if self._assistant.page is Page.CLIENTS:
            return "This makes the encrypted file on this computer."
        return ""

    def _next_words(self) -> str:
        if self._restoring:
            return "Restore"
        if self._assistant.page is Page.ACCOUNT and self._assistant.busy:
            return "Bringing it here…"
        if self._assistant.page is Page.ACCOUNT:
            by_code = isinstance(self._page, AccountPage) and self._page.has_code
            return "Bring it here" if by_code else "Sign in with your browser"
        return "Open my practice" if self._assistant.page is Page.CLIENTS else "Continue"

    def _show_page(self, page: PageView) -> None:
        if self._page is not None:
            self._stack.removeWidget(self._page)
            self._put_away(self._page)
        self._page = page
        self._shown = self._assistant.page
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        first = page.first_control()
        if first is not None:
            # Whoever gives the whole front the keyboard means this control.
            self.setFocusProxy(first)
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _put_away(self, page: PageView) -> None:
        """Keep what was typed on a page that is left, by whichever way it is left."""
        if isinstance(page, RestorePage):
            self._restorer = page
            self._lay_by(page)
            return
        if self._shown is not None and self._shown is self._assistant.page not in _PAGES:
            # The passphrase or the key that is typed back, left for a backup.
            self._unread[self._shown] = page
            self._lay_by(page)
            return
        if self._shown in _PAGES and type(page) is _PAGES[self._shown]:
            try:
                self._assistant.draft = page.take(self._assistant.draft)
            except UserError:
                self._unread[self._shown] = page
                self._lay_by(page)
                return
        page.deleteLater()

    def _lay_by(self, page: PageView) -> None:
        page.setParent(self)
        page.hide()

    def _make_page(self, page: Page) -> PageView:
        if page in self._unread:
            return self._unread.pop(page)
        if page is Page.KEYS:
            return PassphrasePage()
        if page is Page.PROOF:
            return RecoveryKeyPage(self._assistant, self._render_acts)
        if page is Page.ACCOUNT:
            return AccountPage(
                self._render_acts,
                open_again=self._assistant.open_again,
                cancel=self._assistant.cancel_sign_in,
            )
        return _PAGES[page](self._assistant.draft)

    def _proved(self) -> bool:
        page = self._page
        return isinstance(page, RecoveryKeyPage) and self._assistant.agrees(page.entry.groups())

    # Acts

    def _go_on(self) -> None:
        page = self._page
        if page is None or self._assistant.busy or not self._next.isEnabled():
            return
        try:
            if isinstance(page, RestorePage):
                file, secret, by_key = page.said()
                self._assistant.restore(file, secret, by_recovery_key=by_key)
            elif isinstance(page, PassphrasePage):
                self._assistant.choose_passphrase(page.first.text(), page.again.text())
            elif isinstance(page, AccountPage):
                self._bring_from(page)
            elif isinstance(page, RecoveryKeyPage):
                self._assistant.go_on()
            else:
                self._assistant.take(page.take(self._assistant.draft))
        except UserError as error:
            page.show_problem(error)

    def _bring_from(self, page: AccountPage) -> None:
        server, code, name = page.said()
        if code:
            self._assistant.join(server, code, name)
        else:
            self._assistant.sign_in(server, name, open_in_browser)

    def _go_back(self) -> None:
        if self._restoring:
            self._restore(False)
        else:
            self._assistant.go_back()

    def _change_way(self) -> None:
        self._restoring = False
        self._assistant.choose_joining(not self._assistant.joining)

    def ask_for_backup(self) -> None:
        """Show the page that restores a backup."""
        self._restore(True)

    def _restore(self, wanted: bool) -> None:
        self._restoring = wanted
        page = (
            (self._restorer or RestorePage()) if wanted else self._make_page(self._assistant.page)
        )
        self._show_page(page)
        self._render_acts()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            at = self.focusWidget()
            if isinstance(at, Link):
                # Whoever walked to a way that leads elsewhere means that one.
                at.click()
            else:
                self._go_on()
        elif event.key() == Qt.Key.Key_Escape and self._assistant.signing is not None:
            self._assistant.cancel_sign_in()
        elif event.key() == Qt.Key.Key_Escape and self._back.isVisible():
            self._go_back()
        else:
            super().keyPressEvent(event)
