"""Locations: how a session is held, and the place of service that insurers ask for."""

from __future__ import annotations

from app.core.practice.queries import LocationView
from app.core.practice.rules.places import (
    PLACES_OF_SERVICE,
    STATES,
    Address,
    LocationFields,
    SessionFormat,
    check_location,
)
from app.ui.settings.catalogue_presenter import ListPresenter, locations_presenter
from app.ui.settings.list_panel import Editor, ListPanel
from app.ui.shell.context import ScreenContext
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import two_columns
from app.ui.widgets.states import EmptyState, Way

_COLUMNS = (
    Column("name", "Name", stretch=2, weight="semibold"),
    Column("format", "Format"),
    Column("place", "Place of service", stretch=2),
    Column("address", "Address", stretch=3),
)
_BY_SESSION = "Where the client is"


class LocationEditor(Editor):
    """One location."""

    def __init__(self, presenter: ListPresenter[LocationView, LocationFields]) -> None:
        row = presenter.edited
        super().__init__(row.name if row else "New location", presenter)
        said = row.as_fields() if row else LocationFields("")
        self._name = LineField(said.name)
        formats = [(each, each.label) for each in SessionFormat]
        self._format = Segmented(formats, said.format, name="Format").fill_width()
        places = [(code, f"{code}  {words}") for code, words in PLACES_OF_SERVICE.items()]
        self._place = Choice([("", _BY_SESSION), *places], said.place_of_service)
        address = said.address
        self._lines = {
            name: LineField(getattr(address, name)) for name in ("line1", "line2", "city", "zip")
        }
        self._state = Choice([("", ""), *STATES.items()], address.state)
        self._lay_out()

    def _lay_out(self) -> None:
        add, lines = self.form.add, self._lines
        hint = "By video or phone, where the client was decides: 10 at home, 02 elsewhere"
        for name, field in (
            ("name", FormField("Name", self._name)),
            ("format", FormField("Format", self._format)),
            ("place_of_service", FormField("Place of service", self._place, hint=hint)),
            ("line1", FormField("Street", lines["line1"], optional=True)),
            ("line2", FormField("Suite, floor", lines["line2"], optional=True)),
            ("city", FormField("City", lines["city"], optional=True)),
        ):
            self.body.addWidget(add(name, field))
        self.body.addLayout(
            two_columns(
                [
                    add("state", FormField("State", self._state, optional=True)),
                    add("zip", FormField("ZIP", lines["zip"], optional=True)),
                ],
                least=150,
            )
        )

    def typed(self) -> LocationFields:
        parts = {name: line.text() for name, line in self._lines.items()}
        address = Address(state=self._state.value() or "", **parts)
        return check_location(
            LocationFields(
                self._name.text(), self._format.value(), self._place.value() or "", address
            )
        )


class LocationsPanel(ListPanel):
    """The locations."""

    def __init__(self, context: ScreenContext) -> None:
        self._locations = locations_presenter(context)
        super().__init__(
            self._locations,
            "Locations",
            "A location carries how you meet and the place of service that superbills print.",
            _COLUMNS,
            add="New location",
            empty=lambda: EmptyState(
                "map-pin",
                "No locations yet",
                "A session takes its place of service from its location.",
                [Way("Add the first location", lambda: self._locations.edit("new"), icon="plus")],
            ),
        )

    def row_of(self, record: LocationView) -> TableRow:
        tone = "text.muted" if record.retired else ""
        code = record.place_of_service
        place = f"{code}  {PLACES_OF_SERVICE.get(code, '')}".strip() if code else _BY_SESSION
        words = "No longer used" if record.retired else record.format.label
        return TableRow(
            record.id,
            (
                Cell(record.name, tone=tone),
                Cell(words, tone=tone),
                Cell(place, tone=tone or "text.secondary"),
                Cell(", ".join(record.address.lines()), tone=tone or "text.secondary"),
            ),
        )

    def editor(self) -> LocationEditor:
        return LocationEditor(self._locations)
