"""What services cost the people of one case: the catalogue's fee, and their own."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.kernel.errors import UserError
from app.ui.billing.record_presenter import BillingTabPresenter
from app.ui.theme import look
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.layout import Section
from app.ui.widgets.text import Text
from app.ui.widgets.typed import MoneyField

_FIELD = 120


class FeesSection(Section):
    """A line for each service. An empty field is the usual fee."""

    def __init__(self, presenter: BillingTabPresenter) -> None:
        super().__init__("Fees of this case")
        self._presenter = presenter
        self._fields: dict[UUID, MoneyField] = {}
        self._room = QWidget()
        self._grid = QGridLayout(self._room)
        self._grid.setContentsMargins(look.px(GUTTER), 0, look.px(GUTTER), 0)
        self._grid.setHorizontalSpacing(look.px(24))
        self._grid.setVerticalSpacing(look.px(8))
        self._grid.setColumnStretch(2, 1)
        self.add(self._room)

    def focus_first(self) -> None:
        """Put the cursor in the first fee."""
        for field in self._fields.values():
            field.setFocus()
            return

    def render_fees(self) -> None:
        """Show the catalogue with this case's own fees."""
        presenter = self._presenter
        for service in presenter.services:
            if service.id not in self._fields:
                self._add(service.id, service.name)
        for service_id, field in self._fields.items():
            fee = presenter.fees.get(service_id)
            if fee is not None and not field.hasFocus():
                field.set_money(fee.own)
                field.setPlaceholderText(fee.usual.plain())
        self.setVisible(bool(self._fields))

    def _add(self, service_id: UUID, name: str) -> None:
        field = MoneyField(name=f"Fee for {name}", field="fee")
        field.setFixedWidth(look.px(_FIELD))
        field.editingFinished.connect(lambda: self._keep(service_id))
        line = len(self._fields)
        self._fields[service_id] = field
        self._grid.addWidget(Text(name), line, 0)
        self._grid.addWidget(field, line, 1)

    def _keep(self, service_id: UUID) -> None:
        field = self._fields[service_id]
        try:
            fee = field.money() if field.text().strip() else None
        except UserError:
            field.set_error(True)
            return
        field.set_error(False)
        self._presenter.set_fee(service_id, fee)
