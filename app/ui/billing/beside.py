"""A list with its inspector beside it; where there is no room, the inspector is a sheet over it."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.ui.billing.payment_pane import PaymentPane
from app.ui.billing.payment_presenter import PaymentPresenter
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.panes import Sheet

#: Page width from which list and inspector stand side by side: 1240 less the side bar.
BESIDE_FROM = 1024


class Beside(QWidget):
    """Shows a list and one pane: the inspector, or the payment that is being recorded.

    ``inspector`` belongs to it from then on, and is hidden until something is chosen. ``paying``
    says when a payment begins or ends to be recorded: its button is then the one that counts.
    """

    paying = Signal(bool)

    def __init__(
        self, content: QWidget, context: ScreenContext, inspector: QWidget | None = None
    ) -> None:
        super().__init__()
        self._context = context
        self._room = QWidget()
        self._room_box = column_layout(self._room)
        line = row_layout(self, gap=0)
        line.addWidget(content, 1)
        line.addWidget(self._room)
        self._room.hide()
        self._inspector = inspector
        self._inspects = False
        if inspector is not None:
            self._room_box.addWidget(inspector)
            inspector.hide()
        self._payment: PaymentPane | None = None
        self._paying: PaymentPresenter | None = None
        self._sheet = Sheet(self)
        self._in_sheet: QWidget | None = None
        self._sheet.closed.connect(self._sheet_closed)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for both."""
        return self.width() >= look.px(BESIDE_FROM)

    def inspect(self, on: bool) -> None:
        """Show the inspector where there is room beside the list, or hide it."""
        if self._inspects != on:
            self._inspects = on
            self._place()

    def open_pane(self) -> None:
        """Bring the inspector to the front where there is no room beside the list."""
        if self._inspector is not None and self._inspects and not self.is_wide:
            self._into_sheet(self._inspector)

    def open_sheet(self, content: QWidget) -> None:
        """Show ``content`` over the edge of the page."""
        self._in_sheet = None
        self._sheet.open(content)

    def close_sheet(self) -> None:
        """Close whatever stands over the edge of the page."""
        self._sheet.close_sheet()

    def record_payment(self, client_id: UUID | None = None, *, case_id: UUID | None = None) -> None:
        """Open the pane of a new payment, in the place of the inspector."""
        self._drop_payment()
        context = self._context
        self._paying = PaymentPresenter(
            context.desk,
            context.deliver,
            today=context.today,
            recorded=lambda _recorded: self._drop_payment(),
            later=context.later,
            unkept=context.fail,
        )
        self._payment = PaymentPane(
            self._paying, context, lambda: self.record_payment(client_id, case_id=case_id)
        )
        self._payment.closed.connect(self._drop_payment)
        self._paying.open(client_id, case_id=case_id)
        self._place()
        self._payment.focus_first()
        self.paying.emit(True)

    def closing(self) -> None:
        """Let go of a payment that is being recorded."""
        self._drop_payment()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        shown = self._payment or (self._inspector if self._inspects else None)
        if not self.is_wide:
            self._room.hide()
            if self._payment is not None and self._in_sheet is not self._payment:
                self._into_sheet(self._payment)
            return
        if self._in_sheet is not None:
            self._leave_sheet()
        for pane in (self._payment, self._inspector):
            if pane is not None and pane.parent() is not self._room:
                self._room_box.addWidget(pane)
            if pane is not None:
                pane.setVisible(pane is shown)
        self._room.setVisible(shown is not None)

    def _into_sheet(self, pane: QWidget) -> None:
        frame = QWidget()
        column_layout(frame).addWidget(pane)
        pane.show()
        self._in_sheet = pane
        self._sheet.open(frame)

    def _leave_sheet(self) -> None:
        """Take the pane out of the sheet, since there is room for it beside the list."""
        pane, self._in_sheet = self._in_sheet, None
        if pane is not None:
            self._room_box.addWidget(pane)
            self._sheet.close_sheet()

    def _sheet_closed(self) -> None:
        pane, self._in_sheet = self._in_sheet, None
        if pane is None:
            return
        # The sheet deletes what it held; the pane lives on in its own place.
        self._room_box.addWidget(pane)
        if pane is self._payment:
            self._drop_payment()

    def _drop_payment(self) -> None:
        pane, presenter = self._payment, self._paying
        self._payment = self._paying = None
        if presenter is not None:
            presenter.close()
        if pane is None:
            return
        self.paying.emit(False)
        if self._in_sheet is pane:
            self._sheet.close_sheet()
        pane.hide()
        self._room_box.removeWidget(pane)
        pane.deleteLater()
        self._place()
