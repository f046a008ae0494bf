"""Fills an empty practice with the years of a fictional one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from uuid import UUID

from app.core.demo.clock import MovingClock
from app.core.demo.lives import Life, Meeting, by_day, plan_lives
from app.core.demo.living import Catalogue, Living
from app.core.demo.sizes import Size
from app.core.kernel.acting import Permission
from app.core.kernel.clock import wall_time
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.practice import queries as practice
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import CaseKind, ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

#: Told how many days of how many are lived through.
Heard = Callable[[int, int], None]

SERVICES = (
    ServiceFields(
        "Individual session", "0001Z", 50, Money(165_00), case_kinds=(CaseKind.INDIVIDUAL,)
    ),
    ServiceFields("Couple session", "0002Z", 50, Money(190_00), case_kinds=(CaseKind.COUPLE,)),
    ServiceFields("First meeting", "0003Z", 50, Money(220_00)),
    ServiceFields("Long session", "0004Z", 80, Money(240_00)),
)


@command(permission=Permission.IMPORT, label="Furnish the demo practice")
def furnish(uow: UnitOfWork) -> Catalogue:
    """Add the services and the second location of a fictional practice."""
    services = [add_service(uow, fields) for fields in SERVICES]
    office = practice.locations(uow.session, uow.scope)[0].id
    video = add_location(uow, LocationFields("Video", SessionFormat.VIDEO))
    return Catalogue(services[0], services[1], services[2], office, video)


@command(permission=Permission.IMPORT, label="Fill the demo practice")
def live_through(
    uow: UnitOfWork, living: Living, day: date, meetings: list[tuple[Life, Meeting]]
) -> None:
    """Live through one day of the fictional practice."""
    living.day(uow, day, meetings)


def fill(
    desk: Desk,
    clock: MovingClock,
    size: Size,
    *,
    seed: int = 1,
    heard: Heard = lambda _done, _all: None,
) -> dict[int, UUID]:
    """Live through the years before the moment at which ``clock`` stands, day by day.

    ``desk`` is an empty practice that reads ``clock``. The same seed, size and moment give the
    same people and sessions. Returns the case of each life by its number.
    """
    moment = clock.now()
    today = wall_time(moment, desk.zone).date()
    random = Random(seed)  # noqa: S311 - fiction is to be repeatable, not secret
    lives = plan_lives(size, random, today)
    days = by_day(lives)
    first = min(days)
    span = (today - first).days
    clock.evening_of(first - timedelta(days=1), desk.zone)
    living = Living(size, random, today, desk.do(furnish).value)
    for done in range(span):
        day = first + timedelta(days=done)
        clock.evening_of(day, desk.zone)
        desk.do(live_through, living, day, days.get(day, []))
        heard(done + 1, span)
    clock.set(moment)
    return {number: known.case_id for number, known in living.known.items()}
