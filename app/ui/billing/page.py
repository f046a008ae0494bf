"""The Billing page: its sums, and its tabs, which other money screens register too."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.kernel.acting import Permission
from app.core.kernel.money import ZERO
from app.ui.billing.beside import Beside
from app.ui.billing.ledger_presenter import SummaryPresenter
from app.ui.shell import pages
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.tabs import Tabs
from app.ui.widgets.text import RichText

#: The tab that answers "who owes me money?", shown first.
FIRST = "invoices"
_PAYMENTS = "payments"
#: Between the sums and the buttons of the head, in px; and between the sums.
_APART = 20
_SUMS = " · "
_NEW, _PAYMENT = "billing.new_invoice", "billing.payment"


class BillingPage(QWidget):
    """Head, tabs and the panel in front. Panels are built when they are first shown."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._offered = {
            panel.key: panel
            for panel in context.house.panels.of("billing", "page")
            if panel.needs is None or context.desk.actor.may(panel.needs)
        }
        self._panels: dict[str, QWidget] = {}
        self._sums = SummaryPresenter(context.desk, context.deliver, today=context.today)
        self._summary = RichText("", tone="text.secondary", wrap=False)
        self._new = Button(
            "New invoice", kind="primary", icon="plus", keys="N", on_click=self._new_invoice
        )
        self._pay = Button(
            "Record payment", kind="primary", icon="banknote", keys="P", on_click=self._record
        )
        self._head = PageHead("Billing", acts=(self._summary, self._new, self._pay))
        self._head.acts.setSpacing(look.px(_APART))
        self._head.acts.setAlignment(self._summary, Qt.AlignmentFlag.AlignVCenter)
        self._tabs = Tabs([(key, panel.words) for key, panel in self._offered.items()], FIRST)
        self._inside = QStackedWidget()
        box = column_layout(self)
        self._heads = QStackedWidget()
        self._heads.addWidget(self._head)
        self._heads.setFixedHeight(self._head.sizeHint().height())
        box.addWidget(self._heads)
        box.addSpacing(look.px(14))
        box.addWidget(_TabLine(self._tabs))
        box.addWidget(self._inside, 1)
        self._tabs.chosen.connect(lambda key: context.go(Place("billing", part=key)))
        self._sums.on_change(self._render_sums)
        self._sums.refresh()
        self._show(FIRST)

    # What the shell calls

    def show_place(self, place: Place) -> None:
        """Show the tab that ``place`` names, and let it go to its record."""
        part = place.part if place.part in self._offered else self._tabs.current_key()
        self._show(part)
        if not self._tabs.hasFocus():
            self._panels[part].setFocus()
        pages.show_place(self._panels[part], place)

    def act(self, action_id: str) -> None:
        """Do an action of Billing, in the tab in front where it can."""
        if pages.can(self._front, action_id):
            pages.act(self._front, action_id)
        elif action_id == _NEW:
            self._context.go(Place("billing", part="tobill"))
        elif action_id == _PAYMENT:
            self._context.go(Place("billing", part=_PAYMENTS, ask={"new": "payment"}))

    def can(self, action_id: str) -> bool:
        """Return whether an action has something to act on."""
        if action_id in (_NEW, _PAYMENT):
            return self._context.desk.actor.may(Permission.BILL)
        return pages.can(self._front, action_id)

    def refresh(self) -> None:
        """Read again what is shown."""
        self._sums.refresh()
        pages.refresh(self._front)

    def left(self) -> None:
        """Let the panel in front keep what was typed."""
        pages.left(self._front)

    def closing(self) -> None:
        """Let go of everything read."""
        self._sums.close()
        for panel in self._panels.values():
            pages.closing(panel)

    # Doing it

    @property
    def _front(self) -> QWidget:
        return self._panels[self._tabs.current_key()]

    def _show(self, key: str) -> None:
        if key not in self._panels:
            self._panels[key] = self._offered[key].build(self._context, None)
            self._inside.addWidget(self._panels[key])
            for beside in self._panels[key].findChildren(Beside):
                beside.paying.connect(self._show_primary)
            own_head = self._head_of(key)
            if own_head is not self._head:
                self._heads.addWidget(own_head)
        before = self._inside.currentWidget()
        if before is not None and before is not self._panels[key]:
            pages.left(before)
        blocked = self._tabs.blockSignals(True)
        self._tabs.set_current(key)
        self._tabs.blockSignals(blocked)
        self._inside.setCurrentWidget(self._panels[key])
        if before is not self._panels[key] and before is not None:
            pages.refresh(self._panels[key])
        self._heads.setCurrentWidget(self._head_of(key))
        self._head.say(self._offered[key].words)
        self._new.setVisible(key == FIRST)
        self._pay.setVisible(key != FIRST)
        self._show_primary(False)
        self._render_sums()

    def _show_primary(self, paying: bool) -> None:
        """Fill one button of the head, none while the pane of a payment has the act that counts."""
        self._new.set_kind("secondary" if paying else "primary")
        first = self._tabs.current_key() == _PAYMENTS and not paying
        self._pay.set_kind("primary" if first else "secondary")

    def _head_of(self, key: str) -> QWidget:
        """Return the head over the tabs: a panel may bring its own."""
        own = getattr(self._panels[key], "head", None)
        return own if isinstance(own, QWidget) else self._head

    def _render_sums(self) -> None:
        sums = self._sums.summary
        if sums is None:
            self._summary.set("")
            return
        month = f"{self._context.today():%B}"
        owed = f"<b><tone text.primary>{sums.owing}</tone></b>"
        overdue_tone = "danger.text" if sums.overdue > ZERO else "text.primary"
        overdue = f"<b><tone {overdue_tone}>{sums.overdue}</tone></b>"
        received = f"<b><tone text.primary>{sums.received}</tone></b>"
        parts = [f"Owing {owed}", f"overdue {overdue}", f"received in {month} {received}"]
        self._summary.set(_SUMS.join(parts))
        self._summary.setToolTip("")
        while len(parts) > 1 and self._summary.sizeHint().width() > self._room_for_sums():
            # An amount is never cut: the last one goes, and the pointer is told.
            self._summary.setToolTip(self._summary.toolTip() or _SUMS.join(parts))
            parts.pop()
            self._summary.set(_SUMS.join(parts))

    def _room_for_sums(self) -> int:
        """Return the width that title and buttons leave in the head."""
        title = paint.width_of(self._head.title, look.font("title", "semibold"))
        buttons = [each for each in (self._new, self._pay) if not each.isHidden()]
        wide = sum(each.sizeHint().width() + look.px(_APART) for each in buttons)
        return self.width() - math.ceil(title) - wide - 2 * look.px(40) - look.px(24)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._render_sums()

    def _new_invoice(self) -> None:
        self.act(_NEW)

    def _record(self) -> None:
        self.act(_PAYMENT)


class _TabLine(QWidget):
    """The tabs on the text grid, over a hairline as wide as the page."""

    def __init__(self, tabs: Tabs) -> None:
        super().__init__()
        row_layout(self, margin=(40, 0, 40, 0)).addWidget(tabs, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint.hairline(QPainter(self), 0, self.width(), self.height() - 1)
