"""The pages of the areas, one in front: each made at its first visit, dropped to be made anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

from app.ui.shell import pages
from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import Area

_EDITORS = (QLineEdit, QPlainTextEdit, QTextEdit)


class Rooms(QStackedWidget):
    """``rebuild`` is called when a page that had to wait for its writer can be made anew."""

    def __init__(self, rebuild: Callable[[], None]) -> None:
        super().__init__()
        self._rebuild = rebuild
        self._pages: dict[str, QWidget] = {}
        self._stale = False
        """Whether the page in front waits to be dropped."""
        self._until_left = False
        """Whether it waits until somebody goes elsewhere, not only until nobody writes in it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_moved)

    def enter(self, area: Area, context: ScreenContext) -> QWidget:
        """Bring the page of an area to the front, and return it."""
        if self._stale:
            self.drop()
        before = self.currentWidget()
        page = self._pages.get(area.id)
        is_new = page is None
        if page is None:
            page = area.page(context)
            self._pages[area.id] = page
            self.addWidget(page)
        if before is not page:
            if before is not None:
                pages.left(before)
            self.setCurrentWidget(page)
        if before is not page and not is_new:
            # A page reads when it is made; a second read would only throw away the first.
            pages.refresh(page)
        return page

    def drop(self, *, but: QWidget | None = None) -> None:
        """Let every page keep what is typed, then drop it to be made anew."""
        self._stale = False
        for area, page in list(self._pages.items()):
            if page is not but:
                del self._pages[area]
                pages.left(page)
                pages.closing(page)
                self.removeWidget(page)
                page.deleteLater()

    def give_up(self, *, lost: bool) -> bool:
        """Drop the pages, which show what was; return whether the one in front stays for a while.

        Who writes in it goes on: it is made anew as soon as nobody does. One that is ``lost`` to
        its writer stays only with words that could be kept nowhere, until they go elsewhere.
        """
        front = self.currentWidget()
        stays = front is not None and (
            pages.holds_unkept(front) if lost else self._writes(QApplication.focusWidget())
        )
        self.drop(but=front if stays else None)
        self._stale, self._until_left = stays, lost
        return stays

    def finish(self) -> None:
        """Let every page save and stop listening."""
        self._stale = False
        for page in self._pages.values():
            pages.left(page)
            pages.closing(page)

    def _writes(self, focused: QWidget | None) -> bool:
        front = self.currentWidget()
        return (
            front is not None
            and isinstance(focused, _EDITORS)
            and not focused.isReadOnly()
            and front.isAncestorOf(focused)
        )

    @Slot("QWidget*", "QWidget*")
    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        # Nothing has the keyboard while another program is in front: its writer comes back.
        if self._stale and not self._until_left and new is not None and not self._writes(new):
            QTimer.singleShot(0, self, self._make_anew)

    def _make_anew(self) -> None:
        still = QApplication.focusWidget()
        if self._stale and not self._until_left and not self._writes(still):
            self._rebuild()
