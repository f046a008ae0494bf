"""Pictures of the superbills' screens."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.billing.ledger.commands import reverse_payment
from app.core.billing.ledger.queries.payments import payments_of_clients
from app.core.billing.superbills.queries.issued import superbills_issued
from app.core.kernel.acting import Permission
from app.core.kernel.desk import Desk
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
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


def _window(desk: Desk, *, select: str = "", create: bool = False) -> Window:
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


def _issued(desk: Desk) -> Window:
    return _window(desk, select="Priya Raman", create=True)


def _of_one_client(desk: Desk) -> QWidget:
    ids = october(desk)
    window = Window(desk)
    window.show()
    window.shown.go(Place("people", ("client", ids["Walter Strand"]), "superbills"))
    return window


@command(permission=Permission.IMPORT, label="Leave somebody without room")
def _leave_without_room(uow: UnitOfWork, client_id: UUID) -> None:
    client = uow.get(Client, client_id)
    client.awaits_place, client.lifecycle = True, Lifecycle.INACTIVE


def _today(desk: Desk) -> QWidget:
    """Today asks for a superbill to be replaced, and for who is active."""
    window = _issued(desk)
    issued = desk.ask(superbills_issued)[0]
    desk.do(reverse_payment, desk.ask(payments_of_clients, [issued.client_id])[0].id)
    desk.do(_leave_without_room, issued.client_id)
    window.shown.go(Place("today"))
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
    "today-to-mend": _today,
}
SUPERBILL_SHOTS = [Shot(name, maker, _WINDOW) for name, maker in _MAKERS.items()]
