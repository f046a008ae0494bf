"""Moving between areas: the side bar, pages made when they are first shown, back and forward."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from app.core.kernel.desk import Desk
from app.core.tasks.queries import search
from app.ui.shell import pages
from app.ui.shell.actions import Action
from app.ui.shell.bridge import Bridge
from app.ui.shell.context import ScreenContext
from app.ui.shell.counting import Counting
from app.ui.shell.finding import Finding
from app.ui.shell.places import History, Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.quiet import Quiet
from app.ui.shell.registry import Area, House
from app.ui.shell.sidenav import NavItem, SideNav
from app.ui.shell.signed import SignedIn
from app.ui.shell.syncing import SyncPresenter
from app.ui.shell.undoing import Undoing
from app.ui.theme import look
from app.ui.theme.tokens import SCALES
from app.ui.widgets.banner import Banner
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.popover import Popover
from app.ui.widgets.undobar import UndoBar
from app.ui.widgets.unsent import Unsent

if TYPE_CHECKING:
    from app.ui.shell.palette import Palette
    from app.ui.shell.program import Program


class Navigator(QWidget):
    """The areas of an open practice. A page lives from its first visit on."""

    title_changed = Signal(str)
    area_changed = Signal(str)
    lock_asked = Signal()

    def __init__(
        self,
        house: House,
        desk: Desk,
        bridge: Bridge,
        preferences: Preferences,
        program: Program | None = None,
    ) -> None:
        super().__init__()
        self.house = house
        self._preferences, self._bridge = preferences, bridge
        self._percent = look.current().percent
        self._history = History()
        self._pages: dict[str, QWidget] = {}
        practice = program.practice if program is not None else None
        self.sync = SyncPresenter(
            desk, bridge.deliver, practice, program.work if program is not None else None
        )
        self._unsent = Unsent(self)
        self.context = ScreenContext(
            desk=desk,
            house=house,
            deliver=self._deliver,
            go=self.go,
            back=lambda: self._step(-1),
            say=self.say,
            offer_undo=self.offer_undo,
            run_action=self.run_action,
            program=program,
            sync=self.sync,
            unsent=self._unsent,
            later=bridge.later,
        )
        self._undoing = Undoing(desk, bridge.deliver, say=self.say, fail=self.context.fail)
        self._finding = Finding(desk, bridge.deliver, search, house.actions)
        self._signed = SignedIn(desk, bridge.deliver)
        self._build()
        self._counting = Counting(list(self.house.areas), self.context, self._nav.set_count, self)
        self._acts = self._shell_acts()

    def _build(self) -> None:
        areas = [area for area in self.house.areas if area.nav]
        items = [
            NavItem(area.id, area.words, area.icon, area.keys) for area in areas if not area.foot
        ]
        foot = [NavItem(area.id, area.words, area.icon, area.keys) for area in areas if area.foot]
        self._nav = SideNav(items, foot, self.house.actions.keys_of("shell.find"))
        self._nav.area_asked.connect(lambda area: self.go(Place(area)))
        self._nav.find_asked.connect(self._open_palette)
        self._nav.member_asked.connect(self._open_member_menu)
        self._nav.sync_asked.connect(self._open_sync)
        self._stack = QStackedWidget()
        self._banner = Banner("info", "Demo practice: nobody in it is real.")
        self._banner.hide()
        side = column_layout()
        side.addWidget(self._banner)
        side.addWidget(self._stack, 1)
        line = row_layout(self, gap=0)
        line.addWidget(self._nav)
        line.addLayout(side, 1)
        self._undo_bar = UndoBar(self._stack)
        self._palette: Palette | None = None
        self._signed.on_change(self._show_signed)
        self._sync_popover = Popover(self, width=344)
        self._minutes = QTimer(self)
        self._minutes.setInterval(30_000)
        self._minutes.timeout.connect(self.sync.tick)
        self._quiet = Quiet(self.context.desk, self._bridge, self.sync.begin, self)
        self.sync.on_change(self._show_sync)

    def start(self) -> None:
        """Show the first area, who is signed in, and how it syncs."""
        first = next(area for area in self.house.areas if area.nav)
        self.go(Place(first.id))
        # Behind the page, which a person waits for.
        self._signed.refresh()
        self._quiet.start()
        self._minutes.start()

    def finish(self) -> None:
        """Let every page save and stop listening."""
        for page in self._pages.values():
            pages.left(page)
            pages.closing(page)
        self._minutes.stop()
        self._quiet.stop()
        self._sync_popover.dismiss()
        self._counting.close()
        for presenter in (self._undoing, self._finding, self._signed, self.sync):
            presenter.close()

    def _deliver(self, call: Callable[[], None]) -> None:
        def arrive() -> None:
            call()
            self._counting.answered()
            self._quiet.answered()

        self._bridge.deliver(arrive)

    # Going

    def go(self, place: Place) -> None:
        """Go to a place and make it a stop of *Back*; one that the role does not have is none."""
        if place.area not in self.house.areas:
            return
        self._history.visit(place)
        self._show(place)

    def _step(self, steps: int) -> None:
        if self._history.can_go(steps):
            self._show(self._history.go(steps))

    def _show(self, place: Place) -> None:
        area = self.house.areas[place.area]
        before = self._stack.currentWidget()
        is_new = area.id not in self._pages
        page = self._page(area)
        if before is not page:
            if before is not None:
                pages.left(before)
            self._stack.setCurrentWidget(page)
        if before is not page and not is_new:
            # A page reads when it is made; a second read would only throw away the first.
            pages.refresh(page)
        self._nav.show_current(area.id)
        self.title_changed.emit(area.words)
        self.area_changed.emit(area.id)
        page.setFocus()
        pages.show_place(page, place)

    def _page(self, area: Area) -> QWidget:
        page = self._pages.get(area.id)
        if page is None:
            page = area.page(self.context)
            self._pages[area.id] = page
            self._stack.addWidget(page)
        return page

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._stack.currentWidget()

    @property
    def here(self) -> Place | None:
        """The place in front."""
        return self._history.here

    # Doing

    def run_action(self, action_id: str) -> None:
        """Do an action: the shell's own, an area's own, or the page's in front."""
        if action_id not in self.house.actions:
            return
        action = self.house.actions[action_id]
        if action_id in self._acts:
            self._acts[action_id]()
        elif action.run is not None:
            action.run(self.context)
        elif action_id.startswith("go."):
            self.go(self._place_of(action_id.removeprefix("go.")))
        elif self.page is not None and pages.can(self.page, action_id):
            pages.act(self.page, action_id)

    def _place_of(self, area: str) -> Place:
        """Return an area's place; help is asked for the screen at hand."""
        here = self._history.here
        if area != "help" or here is None:
            return Place(area)
        screen = f"{here.area}/{here.part}" if here.part and not here.record else here.area
        return Place(area, ask={"about": screen})

    def may(self, action: Action) -> bool:
        """Return whether an action can be done now, as far as its row in the table says."""
        return action.enabled_when is None or action.enabled_when(self.context)

    def say(self, sentence: str) -> None:
        """Say a sentence at the foot of the page."""
        self._undo_bar.say(sentence)

    def offer_undo(self, words: str, change_set: UUID) -> None:
        """Offer to undo an act."""
        self._undoing.remember(words, change_set)
        self._undo_bar.offer(f"Done: {words}", lambda: self._undoing.undo(change_set))

    def changeEvent(self, event: QEvent) -> None:
        grown = look.current().percent != self._percent
        if event.type() == QEvent.Type.StyleChange and grown:
            # Distances of a page are laid out once: another text size lays it out anew.
            self._percent = look.current().percent
            QTimer.singleShot(0, self, self._lay_out_anew)
        super().changeEvent(event)

    def _lay_out_anew(self) -> None:
        here = self._history.here
        for page in self._pages.values():
            pages.left(page)
            pages.closing(page)
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        if here is not None:
            self._show(here)

    def fold(self, folded: bool) -> None:
        """Make the side bar icons alone, or icons with words."""
        self._nav.fold(folded)

    def _shell_acts(self) -> dict[str, Callable[[], None]]:
        return {
            "shell.lock": self.lock_asked.emit,
            "shell.undo": self._undoing.undo_last,
            "shell.find": self._open_palette,
            "shell.back": lambda: self._step(-1),
            "shell.forward": lambda: self._step(1),
            "shell.keys": self._open_key_sheet,
            "shell.bigger": lambda: self._scale(1),
            "shell.smaller": lambda: self._scale(-1),
            "shell.plain_size": lambda: self._scale(0),
            "shell.light": lambda: self._theme("light"),
            "shell.dark": lambda: self._theme("dark"),
            "shell.contrast": lambda: self._theme("highContrast"),
        }

    def _scale(self, step: int) -> None:
        at = SCALES.index(self._preferences.percent) if step else 0
        at = min(max(at + step, 0), len(SCALES) - 1)
        self._preferences.percent = SCALES[at]
        self._apply()

    def _theme(self, theme: str) -> None:
        self._preferences.theme = theme
        self._apply()

    def _apply(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._preferences.apply(app)
            self._preferences.save()

    # What floats

    @property
    def finder(self) -> Palette:
        """What finds anything; read and made when it is first asked for, as is all that floats."""
        if self._palette is None:
            from app.ui.shell.palette import Palette  # noqa: PLC0415

            self._palette = Palette(self, self._finding)
        return self._palette

    def _open_palette(self) -> None:
        here = self._history.here
        self.finder.open(self.context, here.area if here else "")

    def _open_key_sheet(self) -> None:
        from app.ui.shell.keysheet import KeySheet  # noqa: PLC0415 - as the palette

        here = self._history.here
        KeySheet(self, self.house.actions, here.area if here else "").open()

    def _open_member_menu(self) -> None:
        keys = self.house.actions.keys_of("shell.lock")
        made = menu(self, [Entry("Lock", self.lock_asked.emit, keys, "lock")])
        made.popup(self._nav.member_corner() - QPoint(0, made.sizeHint().height()))
        made.aboutToHide.connect(made.deleteLater)

    def _open_sync(self) -> None:
        from app.ui.shell.synccard import SyncCard  # noqa: PLC0415 - as the palette

        card = SyncCard(
            self.sync,
            show_inbox=lambda: self._leave_sync(Place("tasks")),
            connect=lambda: self._leave_sync(Place("settings", part="sync")),
        )
        self._sync_popover.closed.connect(card.closing, Qt.ConnectionType.SingleShotConnection)
        corner = self._nav.sync.mapTo(self, QPoint(0, 0))
        self._sync_popover.open_at(QRect(corner, self._nav.sync.size()), card)

    def _leave_sync(self, place: Place) -> None:
        self._sync_popover.dismiss()
        self.go(place)

    def _show_sync(self) -> None:
        self._nav.set_sync(self.sync.words)
        self._unsent.set(self.sync.status.unsent)
        if self.sync.status.leaving and self.context.program is not None:
            # Not from within what the presenter still tells others.
            QTimer.singleShot(0, self, self.context.program.leave)

    def _show_signed(self) -> None:
        self._nav.set_signed(self._signed.who)
        self._banner.setVisible(self._signed.demo)
