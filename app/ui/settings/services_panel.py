"""Services and fees: the user's own catalogue."""

from __future__ import annotations

from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO
from app.core.practice.queries import ServiceView
from app.core.practice.rules.catalogue import CalendarColor, CaseKind, ServiceFields, check_service
from app.ui.settings.catalogue_presenter import ListPresenter, services_presenter
from app.ui.settings.list_panel import Editor, ListPanel
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout, two_columns
from app.ui.widgets.states import EmptyState, Way
from app.ui.widgets.text import Text
from app.ui.widgets.typed import MoneyField

_COLUMNS = (
    Column("name", "Name", stretch=3, weight="semibold"),
    Column("code", "Code"),
    Column("for", "For", stretch=2),
    Column("minutes", "Minutes", right=True),
    Column("fee", "Fee", right=True),
)
#: Kinds of case that this version books.
_KINDS = (CaseKind.INDIVIDUAL, CaseKind.COUPLE)
_FLAGS = (
    ("patient_present", "The client is present"),
    ("is_group", "A group session"),
    ("is_addon", "Only together with another service"),
    ("is_crisis", "A crisis session"),
)
_NAMES = {color: color.value.capitalize() for color in CalendarColor}


class ServiceEditor(Editor):
    """One service."""

    def __init__(self, presenter: ListPresenter[ServiceView, ServiceFields]) -> None:
        row = presenter.edited
        super().__init__(row.name if row else "New service", presenter)
        said = row.as_fields() if row else ServiceFields(name="")
        self._said = said
        self._name = LineField(said.name)
        self._code = LineField(said.code, placeholder="0001Z")
        self._minutes = LineField(str(said.minutes))
        self._fee = MoneyField(said.fee if row else None, field="fee")
        self._modifiers = LineField(" ".join(said.modifiers))
        offered = [(None, "The rarest one"), *_NAMES.items()]
        self._color = Choice(offered, said.color)
        self._kinds = {kind: Check(kind.label, checked=kind in said.case_kinds) for kind in _KINDS}
        self._flags = {name: Check(words, checked=getattr(said, name)) for name, words in _FLAGS}
        self._lay_out()

    def _lay_out(self) -> None:
        add = self.form.add
        self.body.addWidget(add("name", FormField("Name", self._name)))
        hint = "From your own code book"
        self.body.addLayout(
            two_columns(
                [
                    add("code", FormField("Code", self._code, hint=hint, optional=True)),
                    add("minutes", FormField("Minutes", self._minutes)),
                    add("fee", FormField("Fee", self._fee)),
                    add("modifiers", FormField("Modifiers", self._modifiers, optional=True)),
                ],
                least=150,
            )
        )
        self.body.addWidget(add("color", FormField("Calendar color", self._color)))
        for title, checks in (
            ("For (none chosen means all)", self._kinds.values()),
            ("What insurers' rules need to know", self._flags.values()),
        ):
            part = column_layout(gap=8)
            part.addWidget(Text(title, weight="medium"))
            for check in checks:
                part.addWidget(check)
            self.body.addLayout(part)
        self.body.addSpacing(look.px(8))

    def typed(self) -> ServiceFields:
        minutes = self._minutes.text().strip()
        if not minutes.isdecimal():
            raise UserError("Type the length in minutes, like 50.", field="minutes")
        flags = {name: check.isChecked() for name, check in self._flags.items()}
        return check_service(
            ServiceFields(
                name=self._name.text(),
                code=self._code.text(),
                minutes=int(minutes[:6]),
                fee=self._fee.money() if self._fee.text().strip() else ZERO,
                modifiers=tuple(self._modifiers.text().replace(",", " ").split()),
                case_kinds=self._chosen_kinds(),
                bookable_online=self._said.bookable_online,
                color=self._color.value(),
                **flags,
            )
        )

    def _chosen_kinds(self) -> tuple[CaseKind, ...]:
        # Kinds that this version does not show are kept as they are.
        kept = [kind for kind in self._said.case_kinds if kind not in self._kinds]
        return (*(kind for kind, check in self._kinds.items() if check.isChecked()), *kept)


class ServicesPanel(ListPanel):
    """The catalogue."""

    def __init__(self, context: ScreenContext) -> None:
        self._services = services_presenter(context)
        super().__init__(
            self._services,
            "Services and fees",
            "What you offer, in your own words. A change holds for sessions from now on; what was"
            " charged stays.",
            _COLUMNS,
            add="New service",
            empty=lambda: EmptyState(
                "banknote",
                "No services yet",
                "A session takes its code, its length and its fee from a service.",
                [Way("Add the first service", lambda: self._services.edit("new"), icon="plus")],
            ),
        )

    def row_of(self, record: ServiceView) -> TableRow:
        tone = "text.muted" if record.retired else ""
        kinds = ", ".join(kind.label for kind in record.case_kinds) or "All"
        words = "No longer used" if record.retired else kinds
        return TableRow(
            record.id,
            (
                Cell(record.name, tone=tone),
                Cell(record.code, tone=tone),
                Cell(words, tone=tone or "text.secondary"),
                Cell(str(record.minutes), tone=tone, sort=record.minutes),
                Cell(str(record.fee), tone=tone, sort=record.fee.cents),
            ),
        )

    def editor(self) -> ServiceEditor:
        return ServiceEditor(self._services)
