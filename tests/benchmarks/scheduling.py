"""The week of the calendar opened cold, its repaint, and a thousand series."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.core.cases.commands import add_client_with_case
from app.core.kernel.acting import Permission
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling import queries
from app.core.scheduling.rules.recurrence import Weekly, read_rule
from app.core.scheduling.rules.walltime import place
from app.core.scheduling.tables import Appointment, Series, ServiceLine
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.ui.scheduling.presenter import CalendarPresenter
from app.ui.scheduling.week import WeekView
from app.ui.theme import look
from tests.benchmarks.figures import Figure, median, milliseconds
from tests.support.practice import OWNER, PASSPHRASE

_ZONE = "America/Los_Angeles"
_HISTORY, _CASES, _SERIES = 12_500, 60, 40
#: Mondays of the week with 40 and of the week with 200 appointments.
_WEEKS = {40: date(2026, 11, 16), 200: date(2026, 11, 30)}
_SIZE = (1224, 872)
_LIVE = 1_000


def figures() -> list[Figure]:
    """Return what opening a week and expanding series cost."""
    with _practice() as practice:
        found = [each for count in _WEEKS for each in _week(practice, count)]
    return [*found, *_series()]


@contextmanager
def _practice() -> Iterator[bootstrap.OpenPractice]:
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        practice = bootstrap.create_practice(Path(root) / "data", prepared, OWNER)
        cases = [
            practice.desk.do(
                add_client_with_case, NewClient(PersonName(f"Client{number}", "", "Example"))
            ).value.case_id
            for number in range(_CASES)
        ]
        fields = ServiceFields("Individual", "0001Z", 50, Money(16500))
        service = practice.desk.do(add_service, fields).value
        practice.desk.do(_fill, cases, service)
        yield practice
        practice.close()


@command(permission=Permission.SCHEDULE, label="Fill")
def _fill(uow: UnitOfWork, cases: list, service_id: object) -> None:  # type: ignore[type-arg]
    """Write ten years of sessions, forty series, and the two weeks that are opened."""
    first = datetime(2016, 12, 5, 8)
    history = (
        first + timedelta(days=7 * (n // 24) + n % 5, hours=n % 24 // 3) for n in range(_HISTORY)
    )
    planned = [each for each in history if each.date() < min(_WEEKS.values())]
    for count, monday in _WEEKS.items():
        begin = datetime.combine(monday, datetime.min.time())
        own = count - _SERIES
        planned += [
            begin + timedelta(days=n % 5, hours=8 + n // 5 % 10, minutes=n // 50 * 10)
            for n in range(own)
        ]
    ids = uow.insert_many(
        Appointment,
        [_appointment(at, cases[n % len(cases)], uow) for n, at in enumerate(planned)],
    )
    uow.insert_many(
        ServiceLine,
        [{"appointment_id": each, "service_id": service_id, "modifiers": []} for each in ids],
    )
    uow.insert_many(
        Series,
        [
            {
                "case_id": cases[n % len(cases)],
                "member_id": uow.actor.member_id,
                "service_id": service_id,
                "starts": datetime(2026, 1, 5, 8) + timedelta(days=n % 5, hours=n // 5),
                "minutes": 50,
                "zone": _ZONE,
                "rule": "FREQ=WEEKLY",
            }
            for n in range(_SERIES)
        ],
    )


def _appointment(starts: datetime, case_id: object, uow: UnitOfWork) -> dict[str, object]:
    placed = place(starts, 50, _ZONE)
    return {
        "case_id": case_id,
        "member_id": uow.actor.member_id,
        "starts": placed.starts,
        "minutes": 50,
        "zone": _ZONE,
        "starts_at": placed.starts_at,
        "ends_at": placed.ends_at,
    }


def _week(practice: bootstrap.OpenPractice, count: int) -> list[Figure]:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    look.use(app)
    monday = _WEEKS[count]
    runs = [_opened(practice, monday) for _ in range(12)][2:]
    limit = 15 if count == 40 else 30
    parts = [median([run[part] for run in runs]) for part in range(3)]
    opened = [sum(run[:3]) for run in runs]
    shown = f"query {parts[0]:.1f} + layout {parts[1]:.1f} + paint {parts[2]:.1f}"
    return [
        Figure(f"week of {count}, cold ({shown})", median(opened), "ms", f"≤ {limit}", limit),
        Figure(f"week of {count}, repaint", median([run[3] for run in runs]), "ms", "≤ 16", 16),
    ]


def _opened(practice: bootstrap.OpenPractice, monday: date) -> tuple[float, float, float, float]:
    presenter = CalendarPresenter(practice.desk, lambda _call: None)
    view = WeekView(presenter)
    view.resize(*_SIZE)
    view.show()
    image = QImage(*_SIZE, QImage.Format.Format_ARGB32_Premultiplied)
    # The week before was open long enough for a look at it: its buttons are there, and spare ones.
    presenter.anchor = monday - timedelta(days=7)
    before = presenter.days
    presenter.view = practice.desk.ask(queries.calendar, before[0], before[-1])
    view.show_state()
    view.grid.render(image)
    while not view.grid.canvas.blocks.is_ready:
        QApplication.processEvents()
    presenter.anchor = monday
    begun = time.perf_counter()
    presenter.view = practice.desk.ask(queries.calendar, monday, monday + timedelta(days=6))
    asked = time.perf_counter()
    view.show_state()
    laid_out = time.perf_counter()
    view.grid.render(image)
    painted = time.perf_counter()
    view.grid.render(image)
    again = time.perf_counter()
    view.stop()
    presenter.close()
    view.deleteLater()
    moments = (begun, asked, laid_out, painted, again)
    steps = [(late - early) * 1000 for early, late in pairwise(moments)]
    return steps[0], steps[1], steps[2], steps[3]


def _series() -> list[Figure]:
    """A thousand live series, one week, beside dateutil's ``between``."""
    here = ZoneInfo(_ZONE)
    starts = [datetime(2024, 1, 1, 8) + timedelta(days=n % 700, hours=n % 9) for n in range(_LIVE)]
    rules = ["FREQ=WEEKLY" if n % 3 else "FREQ=WEEKLY;INTERVAL=2" for n in range(_LIVE)]
    first, before = datetime(2026, 11, 16), datetime(2026, 11, 23)
    peers = [
        rrulestr(rule, dtstart=at.replace(tzinfo=here))
        for rule, at in zip(rules, starts, strict=True)
    ]

    def ours() -> int:
        return sum(
            len(list(Weekly(at, read_rule(rule, _ZONE).every, None).between(first, before)))
            for rule, at in zip(rules, starts, strict=True)
        )

    def theirs() -> int:
        week = first.replace(tzinfo=here), before.replace(tzinfo=here)
        return sum(len(rule.between(*week, inc=True)) for rule in peers)

    took = median(milliseconds(ours, runs=20))
    peer = median(milliseconds(theirs, runs=2, warm=0))
    return [Figure("1,000 live series, one week", took, "ms", "≤ 8", 8, peer)]
