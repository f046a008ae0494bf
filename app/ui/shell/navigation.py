"""Moving between areas: the side bar, pages made when they are first shown, back and forward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.core.tasks.queries import search
from app.ui.shell import pages
from app.ui.shell.actions import Action
from app.ui.shell.bridge import Bridge
from app.ui.shell.context import ScreenContext
from app.ui.shell.counting import Counting
from app.ui.shell.finding import Finding
from app.ui.shell.floating import Floats
from app.ui.shell.following import Following, Left
from app.ui.shell.places import History, Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.quiet import Quiet
from app.ui.shell.registry import House
from app.ui.shell.rooms import Rooms
from app.ui.shell.sidenav import NavItem, SideNav
from app.ui.shell.signed import SignedIn
from app.ui.shell.syncing import SyncPresenter
from app.ui.shell.undoing import Undoing
from app.ui.theme import look
from app.ui.widgets.banner import Banner
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layout import column_layout, row_layout
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
    rights_changed = Signal()
    """What the member may do became another: the window furnishes the house anew."""

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
            gone=self.gone,
        )
        self._undoing = Undoing(desk, bridge.deliver, say=self.say, fail=self.context.fail)
        self._finding = Finding(desk, bridge.deliver, search, house.actions)
        self._signed = SignedIn(desk, bridge.deliver)
        self._following = Following(desk, bridge.deliver, self._follow)
        self._left = Left()
        self._build()
        self._counting = self._counter()
        self._acts = self._shell_acts()

    def _build(self) -> None:
        self._rooms = Rooms(self._lay_out_anew)
        self._floats = Floats(self, self._finding, lambda: self.context, self._area_in_front)
        self._banner = Banner("info", "Demo practice: nobody in it is real.")
        self._banner.hide()
        close = IconButton("x", "Close this message", on_click=self._following.dismiss)
        self._told = Banner("info", "", close, icon="info", wraps=True)
        self._told.hide()
        self._following.on_change(self._show_told)
        side = column_layout()
        side.addWidget(self._told)
        side.addWidget(self._banner)
        side.addWidget(self._rooms, 1)
        self._line = row_layout(self, gap=0)
        self._nav = self._side_bar()
        self._line.addWidget(self._nav)
        self._line.addLayout(side, 1)
        self._undo_bar = UndoBar(self._rooms)
        self._signed.on_change(self._show_signed)
        self._minutes = QTimer(self)
        self._minutes.setInterval(30_000)
        self._minutes.timeout.connect(self._tick)
        self._quiet = Quiet(self.context.desk, self._bridge, self.sync.begin, self)
        self.sync.on_change(self._show_sync)

    def _side_bar(self) -> SideNav:
        areas = [area for area in self.house.areas if area.nav]
        items = [
            NavItem(area.id, area.words, area.icon, area.keys) for area in areas if not area.foot
        ]
        foot = [NavItem(area.id, area.words, area.icon, area.keys) for area in areas if area.foot]
        made = SideNav(items, foot, self.house.actions.keys_of("shell.find"))
        made.area_asked.connect(lambda area: self.go(Place(area)))
        made.find_asked.connect(self._floats.open_finder)
        made.member_asked.connect(
            lambda: self._floats.open_member_menu(made.member_corner(), self.lock_asked.emit)
        )
        made.sync_asked.connect(lambda: self._floats.open_sync(made.sync))
        return made

    def _counter(self) -> Counting:
        return Counting(list(self.house.areas), self.context, self._nav.set_count, self)

    def _tick(self) -> None:
        """A minute passed: words that count minutes say so, and a plan may have ended."""
        self.sync.tick()
        self._following.refresh()

    def start(self) -> None:
        """Show the first area, who is signed in, and how it syncs."""
        self.go(self._first())
        # Behind the page, which a person waits for.
        self._signed.refresh()
        self._quiet.start()
        self._minutes.start()

    def finish(self) -> None:
        """Let every page save and stop listening."""
        self._rooms.finish()
        self._minutes.stop()
        self._quiet.stop()
        self._floats.dismiss()
        self._counting.close()
        for presenter in (self._undoing, self._finding, self._signed, self._following, self.sync):
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
        page = self._rooms.enter(area, self.context)
        self._nav.show_current(area.id)
        self.title_changed.emit(area.words)
        self.area_changed.emit(area.id)
        page.setFocus()
        pages.show_place(page, place)

    @property
    def page(self) -> QWidget | None:
        """The page in front."""
        return self._rooms.currentWidget()

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

    def _area_in_front(self) -> str:
        here = self._history.here
        return here.area if here else ""

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
        here, page = self._history.here, self.page
        if here is not None and page is not None:
            here = pages.place(page, here)
        self._rooms.drop()
        if here is not None:
            self._show(here)

    # Following

    def _follow(self) -> Left:
        self._left = Left()
        self.rights_changed.emit()
        return self._left

    def refurnish(self, house: House) -> None:
        """Take the areas, pages and acts that the member has by now.

        Who writes in a page that is still theirs goes on; one that is not is left for one that is,
        unless it holds words that could be kept nowhere.
        """
        here, before = self._history.here, self.house
        self.house, self.context = house, replace(self.context, house=house)
        self._finding.take(house.actions)
        self._renew_side_bar()
        self._history.keep(lambda place: place.area in house.areas)
        if here is None:
            return
        lost = before.lost_to(house, here)
        stays = self._rooms.give_up(lost=bool(lost))
        self._left = Left(lost, unkept=bool(lost) and stays)
        if stays:
            self._nav.show_current(here.area)
            self.area_changed.emit(here.area)
        elif not lost:
            self._show(here)
        elif here.area in house.areas:
            self.go(Place(here.area))
        else:
            self.go(self._first())

    def _renew_side_bar(self) -> None:
        before, self._nav = self._nav, self._side_bar()
        self._floats.dismiss()
        self._line.replaceWidget(before, self._nav)
        self._nav.fold(before.folded)
        before.hide()
        before.deleteLater()
        self._nav.set_signed(self._signed.who)
        self._nav.set_sync(self.sync.words)
        self._counting.close()
        self._counting.deleteLater()
        self._counting = self._counter()

    def gone(self, sentence: str) -> None:
        """Leave a record that is no longer there for this member, and say why."""
        here = self._history.here
        if here is None:
            return
        record = here.record
        self._history.keep(lambda place: place != here and (not record or place.record != record))
        self._following.say(sentence)
        self.go(Place("people") if "people" in self.house.areas else self._first())

    def _first(self) -> Place:
        return Place(next(area for area in self.house.areas if area.nav).id)

    def _show_told(self) -> None:
        said = self._following.sentence
        self._told.say(said)
        self._told.setVisible(bool(said))

    def fold(self, folded: bool) -> None:
        """Make the side bar icons alone, or icons with words."""
        self._nav.fold(folded)

    def _shell_acts(self) -> dict[str, Callable[[], None]]:
        looks = self._preferences
        return {
            "shell.lock": self.lock_asked.emit,
            "shell.undo": self._undoing.undo_last,
            "shell.find": self._floats.open_finder,
            "shell.back": lambda: self._step(-1),
            "shell.forward": lambda: self._step(1),
            "shell.keys": self._floats.open_keys,
            "shell.bigger": lambda: looks.step_text(1),
            "shell.smaller": lambda: looks.step_text(-1),
            "shell.plain_size": lambda: looks.step_text(0),
            "shell.light": lambda: looks.wear("light"),
            "shell.dark": lambda: looks.wear("dark"),
            "shell.contrast": lambda: looks.wear("highContrast"),
        }

    @property
    def finder(self) -> Palette:
        """What finds anything."""
        return self._floats.finder

    def _show_sync(self) -> None:
        self._nav.set_sync(self.sync.words)
        self._unsent.set(self.sync.status.unsent)
        if self.sync.status.leaving and self.context.program is not None:
            # Not from within what the presenter still tells others.
            QTimer.singleShot(0, self, self.context.program.leave)

    def _show_signed(self) -> None:
        self._nav.set_signed(self._signed.who)
        self._banner.setVisible(self._signed.demo)
