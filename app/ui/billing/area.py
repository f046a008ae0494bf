"""What money brings into the house: Billing with its tabs, a tab of the record, actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.billing import superbills
from app.ui.shell.actions import Action
from app.ui.shell.registry import Area, House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext

    Build = Callable[[ScreenContext, UUID | None], QWidget]

_TAB_POSITION = 50


def register(house: House) -> None:
    """Register the area, its tabs, the record's tab, and the actions."""
    house.areas.add(
        Area(
            "billing",
            words="Billing",
            icon="receipt-text",
            keys="Ctrl+4",
            position=4,
            page=_page,
            needs=Permission.BILL,
        )
    )
    for key, words, position, build in (
        ("tobill", "To bill", 10, _to_bill),
        ("invoices", "Invoices", 20, _invoices),
        ("payments", "Payments", 30, _payments),
        ("ledger", "Ledger", 50, _ledger),
    ):
        house.panels.add(Panel("billing", "page", key, words, build, position, Permission.BILL))
    for kind in ("case", "client"):
        house.panels.add(
            Panel(kind, "tab", "billing", "Billing", _record(kind), _TAB_POSITION, Permission.BILL)
        )
    for action in _ACTIONS:
        house.actions.add(action)
    superbills.register(house)


_HERE = ("billing",)
_ACTIONS = (
    Action("billing.new_invoice", "New invoice", "plus", "N", _HERE, "Billing"),
    Action("billing.payment", "Record payment", "banknote", "P", _HERE, "Billing"),
    Action("billing.print", "Print invoice", "printer", "Ctrl+P", _HERE, "Billing", group=1),
    Action("billing.void", "Void invoice", "ban", "", _HERE, "Billing", group=1),
)


def _page(context: ScreenContext) -> QWidget:
    from app.ui.billing.page import BillingPage  # noqa: PLC0415  loaded when first shown

    return BillingPage(context)


def _to_bill(context: ScreenContext, _record_id: UUID | None) -> QWidget:
    from app.ui.billing.tobill_panel import ToBillPanel  # noqa: PLC0415

    return ToBillPanel(context)


def _invoices(context: ScreenContext, _record_id: UUID | None) -> QWidget:
    from app.ui.billing.invoices_panel import InvoicesPanel  # noqa: PLC0415

    return InvoicesPanel(context)


def _payments(context: ScreenContext, _record_id: UUID | None) -> QWidget:
    from app.ui.billing.payments_panel import PaymentsPanel  # noqa: PLC0415

    return PaymentsPanel(context)


def _ledger(context: ScreenContext, _record_id: UUID | None) -> QWidget:
    from app.ui.billing.ledger_panel import LedgerPanel  # noqa: PLC0415

    return LedgerPanel(context)


def _record(kind: str) -> Build:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.billing.record_panel import BillingTab  # noqa: PLC0415

        if record_id is None:
            raise ValueError("a tab of a record was built without a record")
        return BillingTab(context, (kind, record_id))

    return build
