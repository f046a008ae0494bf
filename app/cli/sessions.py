"""Appointments: booked, confirmed, held, missed, called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.cli import naming
from app.cli.shown import (
    check_period,
    columns,
    local,
    read_count,
    read_day,
    read_id,
    read_wall,
    today_of,
)
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.cases.queries import cases_of_client
from app.core.journeys import sessions as journeys
from app.core.journeys.bookings import book_first
from app.core.journeys.sessions import Settled
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.money import parse_money
from app.core.scheduling import commands
from app.core.scheduling.queries.sessions import (
    agenda,
    overlaps,
    session_of,
    sessions_between,
    sessions_by_id,
)
from app.core.scheduling.queries.views import SessionView
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.scheduling.rules.status import CanceledBy, ClientPlace
from app.core.scheduling.rules.walltime import fold_notice, gap_notice, minutes_between

#: Days that a list goes back and forth when no dates are given.
_AROUND = timedelta(days=30)
#: Stands in a booking until it is known which case it is for.
_NO_CASE = UUID(int=0)


def _add(call: Call) -> Reply:
    desk = call.desk
    repeat = _repeat(call)
    booking = Booking(
        case_id=_NO_CASE,
        starts=call["start"],
        minutes=_minutes(call),
        lines=tuple(Line(naming.service(desk, text)) for text in call["service"]),
        location_id=naming.location(desk, call["location"]) if call["location"] else None,
        client_place=ClientPlace(call["client_place"].upper()) if call["client_place"] else None,
        client_state=call["client_state"],
    )
    booked_id = _book(call, booking, repeat)
    series_id = booked_id if repeat else None
    session_id = _first_of(desk, booking, booked_id) if repeat else booked_id
    booked = desk.ask(session_of, session_id, today_of(desk))
    over = desk.ask(
        overlaps,
        booked.starts,
        booked.minutes,
        booked.zone,
        member_id=booked.member_id,
        besides=session_id,
    )
    notice = _notice(booking.starts, booked.zone)
    over = [each for each in over if series_id is None or each.series_id != series_id]
    return Reply(
        {
            **_shown(booked),
            "series_id": str(series_id) if series_id else None,
            "overlaps": [str(each.id) for each in over],
            "notice": notice,
        },
        [f"Booked {booked.title}, {local(booked.starts, booked.zone)}.", *filter(None, [notice])]
        + [f"It lies over {each.title}, {local(each.starts, each.zone)}." for each in over],
    )


def _notice(starts: datetime, zone: str) -> str:
    """Return what a clock change does to the time asked for."""
    return gap_notice(starts, zone) or fold_notice(starts, zone) or ""


def _book(call: Call, booking: Booking, repeat: Repeat | None) -> UUID:
    """Book on the case named, or on the client's only one; without any, one is opened."""
    desk = call.desk
    if bool(call["case"]) == bool(call["client"]):
        raise UserError("Name either --case or --client.", field="case")
    if call["case"]:
        case_id = naming.case(desk, call["case"])
    else:
        client_id = naming.client(desk, call["client"])
        cases = [row for row in desk.ask(cases_of_client, client_id) if row.is_open]
        if not cases:
            return desk.do(book_first, client_id, booking, repeat).value
        if len(cases) > 1:
            titles = " and ".join(row.title for row in cases)
            raise UserError(f"This client is in several cases, {titles}; name one by --case.")
        case_id = cases[0].id
    placed = replace(booking, case_id=case_id)
    if repeat is None:
        return desk.do(commands.book_session, placed).value
    return desk.do(commands.book_series, placed, repeat).value


def _minutes(call: Call) -> int | None:
    if call["end"] is None:
        return int(call["minutes"]) if call["minutes"] else None
    if call["minutes"]:
        raise UserError("Say --end or --minutes, not both.", field="end")
    return minutes_between(call["start"], call["end"], call.desk.zone)


def _repeat(call: Call) -> Repeat | None:
    if call["every"] is None:
        if call["count"] or call["until"]:
            raise UserError("Say --every 1 or --every 2 with --count or --until.", field="every")
        return None
    return Repeat(call["every"], call["count"], call["until"])


def _first_of(desk: Desk, booking: Booking, series_id: UUID) -> UUID:
    first = booking.starts.date()
    found = desk.ask(sessions_between, first, first)
    return next(each.id for each in found if each.series_id == series_id)


def _list(call: Call) -> Reply:
    check_period(call)
    desk, today = call.desk, today_of(call.desk)
    first: date = call["from"] or _moved(min(today, call["to"] or today), -_AROUND)
    last: date = call["to"] or _moved(max(today, call["from"] or today), _AROUND)
    if call["client"]:
        rows = desk.ask(agenda, naming.client(desk, call["client"]), first, last)
    elif call["case"]:
        case_id = naming.case(desk, call["case"])
        rows = desk.ask(sessions_between, first, last, case_ids=[case_id])
    else:
        rows = desk.ask(sessions_between, first, last)
    return Reply(
        {"appointments": [_shown(row) for row in rows]},
        columns(
            [
                (str(row.id), local(row.starts, row.zone), row.title, row.status.label)
                for row in rows
            ]
        ),
    )


def _moved(day: date, by: timedelta) -> date:
    """Return ``day`` moved, or the end of all time that lies on its way."""
    try:
        return day + by
    except OverflowError:
        return date.max if by > timedelta() else date.min


def _shown(row: SessionView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "case_id": str(row.case_id),
        "title": row.title,
        "starts": local(row.starts_at, row.zone),
        "ends": local(row.ends_at, row.zone),
        "minutes": row.minutes,
        "status": str(row.status),
        "service": row.service_name,
        "location": row.location_name,
        "place_of_service": row.place_of_service,
    }


def _confirm(call: Call) -> Reply:
    call.desk.do(commands.confirm_session, call["id"])
    return _settled(call, Settled(call["id"]))


def _complete(call: Call) -> Reply:
    return _settled(call, call.desk.do(journeys.attend, call["id"]).value)


def _miss(call: Call) -> Reply:
    done = call.desk.do(journeys.miss, call["id"], charged=call["charge"], fee=call["fee"]).value
    return _settled(call, done)


def _cancel(call: Call) -> Reply:
    done = call.desk.do(
        journeys.cancel,
        call["id"],
        by=CanceledBy(call["by"].upper()),
        reason=call["reason"],
        late=call["late"],
        charged=call["charge"],
        fee=call["fee"],
    ).value
    return _settled(call, done)


def _settled(call: Call, done: Settled) -> Reply:
    row = call.desk.ask(sessions_by_id, [done.session_id])[0]
    line = f"{row.title}, {local(row.starts, row.zone)}: {row.status.label.lower()}"
    return Reply(
        {
            **_shown(row),
            "charges": [str(each) for each in done.charge_ids],
            "charged": done.charged.cents,
            "from_credit": done.from_credit.cents,
        },
        [f"{line}, charged {done.charged}." if done.charge_ids else f"{line}."],
    )


_KEYS = {
    "id": "the appointment",
    "case_id": "its case",
    "title": "how the case is called",
    "starts": "when it begins",
    "ends": "when it ends",
    "minutes": "its length",
    "status": "SCHEDULED, CONFIRMED, COMPLETED, NO_SHOW, LATE_CANCELED or CANCELED",
    "service": "its first service",
    "location": "where",
    "place_of_service": "two digits, empty while not known",
}
_SETTLED_KEYS = {
    **_KEYS,
    "charges": "ids of the charges that this made",
    "charged": "their sum, in cents",
    "from_credit": "what the client's credit paid of it at once, in cents",
}
_ID = Argument("ID", "the appointment", read=read_id, required=True)
_CHARGE = (
    Argument("--charge", "charge it all the same", switch=True),
    Argument("--fee", "charge this instead of the full price", read=parse_money),
)
_CLIENT = Argument("--client", "id or exact name")
_CASE = Argument("--case", "id or exact title")

VERBS = (
    Verb(
        "appointment add",
        "book a session, or a weekly series of them",
        _add,
        (
            _CASE,
            Argument("--client", "id or exact name; without any case one is opened"),
            Argument(
                "--start",
                "like 2026-11-24T09:00",
                read=read_wall,
                required=True,
                fields=("starts",),
            ),
            Argument("--end", "like 2026-11-24T09:50", read=read_wall, fields=("ends",)),
            Argument("--minutes", "its length instead of --end", read=read_count),
            Argument(
                "--service",
                "id, name or code; may be given several times",
                many=True,
                fields=("lines",),
            ),
            Argument("--location", "id or exact name"),
            Argument(
                "--every", "1 for weekly, 2 for every other week", read=int, choices=("1", "2")
            ),
            Argument("--count", "so many times", read=read_count),
            Argument("--until", "the last day of the series", read=read_day),
            Argument(
                "--client-place",
                "where a telehealth client is",
                choices=tuple(each.lower() for each in ClientPlace),
            ),
            Argument("--client-state", "the state in which the client is", default=""),
        ),
        {
            **_KEYS,
            "series_id": "the series, null for a single session",
            "overlaps": "appointments that it lies over",
            "notice": "what the clock change did to the time, empty otherwise",
        },
    ),
    Verb("appointment confirm", "note that the client confirmed", _confirm, (_ID,), _SETTLED_KEYS),
    Verb(
        "appointment complete", "mark it attended, and charge it", _complete, (_ID,), _SETTLED_KEYS
    ),
    Verb("appointment miss", "mark it missed", _miss, (_ID, *_CHARGE), _SETTLED_KEYS),
    Verb(
        "appointment cancel",
        "call it off",
        _cancel,
        (
            _ID,
            Argument("--by", "who", default="client", choices=tuple(e.lower() for e in CanceledBy)),
            Argument("--reason", "why", default=""),
            Argument("--late", "too late by your policy", switch=True),
            *_CHARGE,
        ),
        _SETTLED_KEYS,
    ),
    Verb(
        "appointment list",
        "list the appointments, 30 days back and ahead unless said otherwise",
        _list,
        (
            Argument("--from", "first day", read=read_day),
            Argument("--to", "last day", read=read_day),
            _CLIENT,
            _CASE,
        ),
        {f"appointments[].{key}": words for key, words in _KEYS.items()},
    ),
)
