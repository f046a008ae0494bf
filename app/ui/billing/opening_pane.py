"""What a client owed, or had paid ahead, when the practice began with this program."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from app.core.cases.queries import CasePerson
from app.core.kernel.errors import UserError
from app.ui.billing.record_presenter import BillingTabPresenter
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import Choice
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.panes import Inspector
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, MoneyField

_BALANCE = "What was still owed for sessions before. Payments reach it by its date, like a session."
_CREDIT = "What was paid ahead. It pays the next sessions by itself, and counts as no income here."


class OpeningPane(Inspector):
    """The form of an opening balance or credit; ``closed`` when it is entered or canceled."""

    def __init__(
        self,
        presenter: BillingTabPresenter,
        context: ScreenContext,
        people: Sequence[CasePerson],
        *,
        credit: bool,
    ) -> None:
        super().__init__("Opening credit" if credit else "Opening balance")
        self._presenter, self._context, self._credit = presenter, context, credit
        self._known = presenter.entry_id
        self._form = Form()
        self._who = Choice([(each.id, each.name.display) for each in people], name="Client")
        self._amount = MoneyField(name="Amount", tall=True)
        self._day = DateField(context.today(), name="As of", field="as_of", today=context.today())
        self.body.addWidget(Text(_CREDIT if credit else _BALANCE, tone="text.secondary", wrap=True))
        if len(people) > 1:
            self._put("client", FormField("Client", self._who))
        self._put("amount", FormField("Amount", self._amount))
        self._put("as_of", FormField("As of", self._day))
        save = Button("Enter", kind="primary", keys="Ctrl+Return", on_click=self._enter)
        save.setShortcut("Ctrl+Return")
        cancel = Button("Cancel", on_click=self.closed.emit)
        self.foot(ActsBar("", (cancel, save), surface="canvas", margin=24))
        self._amount.returnPressed.connect(self._enter)
        self.setFocusProxy(self._who if len(people) > 1 else self._amount)
        self._stop = presenter.on_change(self._render)
        self.destroyed.connect(self._stop)

    def _put(self, name: str, field: FormField) -> None:
        self.body.addSpacing(look.px(14))
        self.body.addWidget(self._form.add(name, field))

    def _enter(self) -> None:
        try:
            amount, day = self._amount.money(), self._day.day()
        except UserError as wrong:
            self._form.clear()
            self._form.show(wrong)
            return
        who = self._who.value()
        if isinstance(who, UUID):
            self._presenter.enter_opening(who, amount, day, credit=self._credit)

    def _render(self) -> None:
        if self._presenter.entry_id != self._known:
            self._stop()
            self.closed.emit()
            return
        self._form.clear()
        if self._presenter.opening_problem is not None:
            self._form.show(self._presenter.opening_problem)
