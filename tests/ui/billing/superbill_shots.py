"""Pictures of the superbills' screens."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.ui.billing.superbills_list import SuperbillList
from app.ui.billing.superbills_page import CREATE
from app.ui.billing.superbills_rows import Kind
from app.ui.shell.places import Place
from tests.support.pictures import until
from tests.support.shots import Shot
from tests.ui.billing.money_shots import Window
from tests.ui.billing.scene import october

_WINDOW = (1440, 900)
_HERE = Place("billing", part="superbills")


def _window(desk: Desk, *, select: str = "", create: bool = False) -> QWidget:
    october(desk)
    window = Window(desk)
    window.show()
    window.shown.go(_HERE)
    (shown,) = window.findChildren(SuperbillList)
    until(shown.rows)
    if create:
        window.shown.run_action(CREATE)
        until(lambda: any(row.kind is Kind.ISSUED for row in shown.rows()))
        until(lambda: all(row.kind is not Kind.BILL for row in shown.rows()))
    for position, row in enumerate(shown.rows()):
        if row.title == select:
            shown.setCurrentIndex(shown.model().index(position, 0))
            break
    return window


def _month(desk: Desk) -> QWidget:
    return _window(desk, select="Caroline Whitfield")


def _to_look_at(desk: Desk) -> QWidget:
    return _window(desk, select="Jun Tanaka")


def _issued(desk: Desk) -> QWidget:
    return _window(desk, select="Priya Raman", create=True)


def _of_one_client(desk: Desk) -> QWidget:
    ids = october(desk)
    window = Window(desk)
    window.show()
    window.shown.go(Place("people", ("client", ids["Walter Strand"]), "superbills"))
    return window


def _empty(desk: Desk) -> QWidget:
    window = Window(desk)
    window.show()
    window.shown.go(_HERE)
    return window


_MAKERS: dict[str, Callable[[Desk], QWidget]] = {
    "billing-superbills": _month,
    "superbills-to-look-at": _to_look_at,
    "superbills-issued": _issued,
    "superbills-of-a-client": _of_one_client,
    "superbills-empty": _empty,
}
SUPERBILL_SHOTS = [Shot(name, maker, _WINDOW) for name, maker in _MAKERS.items()]
