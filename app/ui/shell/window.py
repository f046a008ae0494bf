"""The window: side bar, the page in front, what floats over both. It knows no screen by name.

Its first, blank page stands before the program is read, so nothing that a blank page does not
need is imported above.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from app.ui.theme.tokens import tokens

if TYPE_CHECKING:
    from uuid import UUID

    from PySide6.QtGui import QAction, QCloseEvent, QResizeEvent

    from app.core.kernel.desk import Desk
    from app.ui.shell.actions import Action, ActionTable
    from app.ui.shell.bridge import Bridge
    from app.ui.shell.navigation import Navigator
    from app.ui.shell.preferences import Preferences
    from app.ui.shell.program import Program
    from app.ui.shell.registry import House
    from app.ui.widgets.focus import FocusRing

APP_NAME = "PracticeRunner"
MIN_SIZE = (1024, 680)


class ShellWindow(QMainWindow):
    """Shows a front (first run, locked) or the areas of an open practice."""

    lock_asked = Signal()
    closing = Signal()

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self._preferences = preferences
        self._navigator: Navigator | None = None
        self._actions: dict[str, QAction] = {}
        self._stack = QStackedWidget()
        self._front: QWidget | None = None
        self._stack.addWidget(self._blank())
        self.setCentralWidget(self._stack)
        self.setWindowTitle(APP_NAME)
        self.setMinimumSize(*MIN_SIZE)
        self.resize(1440, 900)
        place = preferences.window_place()
        if not place.isEmpty():
            self.restoreGeometry(place)
        self._ring: FocusRing | None = None

    def _blank(self) -> QWidget:
        blank = QWidget()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            # Made with a constructor, palette or color would bring the hundred enumerations of Qt.
            palette, color = app.palette(), self._preferences.first_color(app)
            palette.setColor(QPalette.ColorRole.Window, QColor.fromString(color))
            blank.setPalette(palette)
            blank.setAutoFillBackground(True)
        return blank

    # Fronts

    def show_front(self, front: QWidget) -> None:
        """Fill the window with ``front``: nothing of a practice is left in it."""
        self._drop_front()
        self._draw_focus()
        self._front = front
        self._stack.addWidget(front)
        self._stack.setCurrentWidget(front)
        self.menuBar().clear()
        self.menuBar().setVisible(False)
        self.setWindowTitle(getattr(front, "title", APP_NAME))
        front.setFocus()

    def _draw_focus(self) -> None:
        from app.ui.widgets.focus import FocusRing  # noqa: PLC0415 - as above

        self._ring = self._ring or FocusRing(self)

    def _drop_front(self) -> None:
        from app.ui.shell import pages  # noqa: PLC0415 - as above

        if self._front is not None:
            pages.closing(self._front)
            self._stack.removeWidget(self._front)
            if getattr(self._front, "comes_back", False):
                self._front.setParent(self)
                self._front.hide()
            else:
                self._front.deleteLater()
            self._front = None

    # The areas

    def open_house(
        self, house: House, desk: Desk, bridge: Bridge, program: Program | None = None
    ) -> Navigator:
        """Show the areas of an open practice; returns what moves between them."""
        from app.ui.shell.navigation import Navigator  # noqa: PLC0415 - as above

        self._drop_front()
        self._draw_focus()
        furnish = partial(self._furnished, house, desk)
        navigator = Navigator(furnish(), desk, bridge, self._preferences, program)
        self._navigator = navigator
        navigator.title_changed.connect(self.setWindowTitle)
        navigator.area_changed.connect(self._area_changed)
        navigator.lock_asked.connect(self.lock_asked.emit)
        self._stack.addWidget(navigator)
        self._stack.setCurrentWidget(navigator)
        navigator.rights_changed.connect(lambda: self._refurnish(furnish()))
        self._bind(navigator.house.actions)
        self.menuBar().setVisible(True)
        navigator.start()
        self._fold()
        return navigator

    def _furnished(self, house: House, desk: Desk) -> House:
        found = house.of_member(desk.actor.may)
        for action in self._shell_actions(found):
            found.actions.add(action)
        return found

    def _refurnish(self, house: House) -> None:
        if self._navigator is not None:
            self._unbind()
            self._bind(house.actions)
            self._navigator.refurnish(house)

    def _bind(self, table: ActionTable) -> None:
        from app.ui.shell import commands  # noqa: PLC0415 - as above

        self._actions = commands.bind(self, table, self._run)
        commands.fill_menu_bar(self.menuBar(), table, self._actions)

    def _unbind(self) -> None:
        for action in self._actions.values():
            self.removeAction(action)
            action.deleteLater()
        self._actions = {}
        self.menuBar().clear()

    @staticmethod
    def _shell_actions(house: House) -> list[Action]:
        from app.ui.shell import commands  # noqa: PLC0415 - as above

        return [
            *(commands.area_action(area) for area in house.areas if area.nav),
            *commands.SHELL_ACTIONS,
        ]

    def close_house(self) -> None:
        """Let every page save, then drop all of them with everything they show."""
        navigator, self._navigator = self._navigator, None
        if navigator is None:
            return
        navigator.finish()
        self._unbind()
        self._stack.removeWidget(navigator)
        navigator.deleteLater()
        self.setWindowTitle(APP_NAME)

    @property
    def navigator(self) -> Navigator | None:
        """What moves between areas while a practice is open."""
        return self._navigator

    def say(self, sentence: str) -> None:
        """Say a sentence at the foot of the window, or in the front that has a ``say``."""
        said_in = self._navigator or self._front
        say = getattr(said_in, "say", None)
        if say is not None:
            say(sentence)

    def offer_undo(self, words: str, change_set: UUID) -> None:
        """Offer to undo an act."""
        if self._navigator is not None:
            self._navigator.offer_undo(words, change_set)

    def _run(self, action_id: str) -> None:
        if action_id == "shell.quit":
            self.close()
        elif self._navigator is not None:
            self._navigator.run_action(action_id)

    def _area_changed(self, area: str) -> None:
        from app.ui.shell import commands  # noqa: PLC0415 - as above

        if self._navigator is not None:
            table = self._navigator.house.actions
            commands.enable(self._actions, table, area, self._navigator.may)

    # Manners

    def _fold(self) -> None:
        if self._navigator is not None:
            from app.ui.theme import look  # noqa: PLC0415 - as above

            effective = self.width() * 100 / look.current().percent
            self._navigator.fold(effective < tokens().number("layout.breakpoints.sidebarFolds"))

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002  Qt's own name
        from app.ui.shell.tabbing import tab_on  # noqa: PLC0415 - as above

        return tab_on(self, forward=next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_stack"):
            self._fold()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.keep_window_place(self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
