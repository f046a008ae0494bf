"""Pictures of the money screens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.ui.areas import furnished
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from app.ui.widgets.tables import DataTable
from tests.support.pictures import until
from tests.support.shots import Shot
from tests.ui.billing.money_scene import Money19

_WINDOW = (1440, 900)


class Window(ShellWindow):
    """The program's window on one desk."""

    def __init__(self, desk: Desk) -> None:
        now = look.current()
        super().__init__(Preferences(theme=now.theme, percent=now.percent))
        self._bridge = Bridge(self)
        self.resize(*_WINDOW)
        self.shown = self.open_house(furnished(), desk, self._bridge)

    def closing(self) -> None:  # type: ignore[override]
        """Close the pages with the picture."""
        self.close_house()


def _at(place: Callable[[Money19], Place], *actions: str) -> Callable[[Desk], QWidget]:
    def make(desk: Desk) -> QWidget:
        scene = Money19(desk).write()
        window = Window(desk)
        window.show()
        window.shown.go(place(scene))
        for action in actions:
            until(lambda: _chosen(window))
            window.shown.run_action(action)
        return window

    return make


def _chosen(window: QWidget) -> list[DataTable]:
    """Return the tables in view in which a row is chosen: what an action is done to."""
    tables = window.findChildren(DataTable)
    return [each for each in tables if each.isVisible() and each.current_key() is not None]


def _invoice(index: int) -> Callable[[Money19], Place]:
    return lambda scene: Place("billing", ("invoice", scene.invoices[index]), part="invoices")


def _paper(desk: Desk) -> QWidget:
    window = _at(_invoice(7))(desk)
    until(lambda: _chosen(window))
    (table,) = _chosen(window)
    table.opened.emit(table.current_key())
    return window


def _empty(desk: Desk) -> QWidget:
    window = Window(desk)
    window.shown.go(Place("billing"))
    return window


MONEY_SHOTS = [
    Shot("billing-invoices", _at(_invoice(7)), _WINDOW),
    Shot("record-payment", _at(_invoice(8), "billing.payment"), _WINDOW),
    Shot("invoice-paper", _paper, _WINDOW, ("light", "dark")),
    Shot("billing-to-bill", _at(lambda _: Place("billing", part="tobill")), _WINDOW),
    Shot("billing-payments", _at(lambda _: Place("billing", part="payments")), _WINDOW),
    Shot("billing-ledger", _at(lambda _: Place("billing", part="ledger")), _WINDOW),
    Shot(
        "record-billing",
        _at(lambda scene: Place("people", ("case", scene.cases["Lena Hoffmann"]), "billing")),
        _WINDOW,
    ),
    Shot("billing-empty", _empty, _WINDOW, ("light", "dark")),
]
