"""Time zone and office hours."""

from __future__ import annotations

from app.core.practice.rules.places import ZONES, zone_words
from app.ui.onboarding.drafts import Draft, timed, zone_state
from app.ui.onboarding.page import PageView, advice
from app.ui.widgets.fields import Choice
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout
from app.ui.widgets.office_hours import HoursEditor
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text


class HoursPage(PageView):
    """When the calendar is open, and by which clock."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "Time zone and hours",
            "The calendar shades what lies outside your hours. You can still book there.",
            aside=advice(
                (
                    "Why the zone?",
                    "Sessions keep your wall clock through both daylight-saving changes, wherever"
                    " this computer travels.",
                )
            ),
        )
        zones = [(name, f"{words} time ({name})") for name, words in ZONES.items()]
        if draft.practice.zone not in ZONES:
            zones.append((draft.practice.zone, draft.practice.zone))
        self._zone = Choice(zones, draft.practice.zone, tall=True)
        hint = "" if draft.zone_chosen else zone_words(zone_state(draft))
        zone = FormField("Time zone", self._zone, hint=hint)
        self.add_pairs(self.form.add("zone", zone), None)
        self._hours = HoursEditor(draft.hours)
        self._wrong = StatusLabel()
        self._wrong.hide()
        week = column_layout(gap=10)
        week.addWidget(Text("Office hours", weight="medium"))
        week.addLayout(self._hours)
        week.addWidget(self._wrong)
        self.fields.addLayout(week)

    def take(self, draft: Draft) -> Draft:
        return timed(draft, self._zone.value(), self._hours.hours())

    def show_problem(self, problem: Exception | None) -> None:
        field = getattr(problem, "field", None)
        of_week = field is not None and field != "zone"
        super().show_problem(None if of_week else problem)
        self._wrong.setVisible(of_week)
        if of_week:
            self._wrong.set(Status("circle-alert", str(problem), Tone.DANGER))
