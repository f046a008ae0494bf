"""Services and locations."""

from __future__ import annotations

from typing import Any

from app.cli.shown import columns, read_count
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.kernel.money import ZERO, parse_money
from app.core.practice import commands, queries
from app.core.practice.queries import LocationView, ServiceView
from app.core.practice.rules.catalogue import CaseKind, ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat


def _add_service(call: Call) -> Reply:
    fields = ServiceFields(
        name=call["name"],
        code=call["code"],
        minutes=call["minutes"],
        fee=call["fee"],
        modifiers=tuple(call["modifier"]),
        case_kinds=tuple(CaseKind(kind.upper()) for kind in call["kind"]),
        is_addon=call["add_on"],
        is_crisis=call["crisis"],
    )
    service_id = call.desk.do(commands.add_service, fields).value
    return Reply({"id": str(service_id)}, [f"Added {fields.name}."])


def _services(call: Call) -> Reply:
    rows = call.desk.ask(queries.services)
    return Reply(
        {"services": [_service(row) for row in rows]},
        columns(
            [(str(row.id), row.name, row.code, f"{row.minutes} min", str(row.fee)) for row in rows]
        ),
    )


def _service(row: ServiceView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "code": row.code,
        "minutes": row.minutes,
        "fee": row.fee.cents,
        "modifiers": list(row.modifiers),
        "kinds": [str(kind) for kind in row.case_kinds],
    }


def _add_location(call: Call) -> Reply:
    fields = LocationFields(
        call["name"], SessionFormat(call["format"].upper()), call["place_of_service"]
    )
    location_id = call.desk.do(commands.add_location, fields).value
    return Reply({"id": str(location_id)}, [f"Added {fields.name}."])


def _locations(call: Call) -> Reply:
    rows = call.desk.ask(queries.locations)
    return Reply(
        {"locations": [_location(row) for row in rows]},
        columns([(str(row.id), row.name, row.format.label, row.place_of_service) for row in rows]),
    )


def _location(row: LocationView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "format": str(row.format),
        "place_of_service": row.place_of_service,
    }


VERBS = (
    Verb(
        "service add",
        "add a service to the catalogue; you type name and code",
        _add_service,
        (
            Argument("--name", "the name, in your own words", required=True),
            Argument("--code", "five characters, like 0001Z", default=""),
            Argument("--minutes", "length of a session", read=read_count, default=50),
            Argument("--fee", "dollars and cents, like 165.00", read=parse_money, default=ZERO),
            Argument(
                "--modifier",
                "two characters; may be given several times",
                many=True,
                fields=("modifiers",),
            ),
            Argument(
                "--kind",
                "a kind of case it is for; all when none is given",
                many=True,
                choices=tuple(kind.lower() for kind in CaseKind),
            ),
            Argument("--add-on", "it is added to another service", switch=True),
            Argument("--crisis", "it is for a crisis", switch=True),
        ),
        {"id": "the new service"},
    ),
    Verb(
        "service list",
        "list the services",
        _services,
        keys={
            "services[].id": "the service",
            "services[].name": "its name",
            "services[].code": "its code",
            "services[].minutes": "length of a session",
            "services[].fee": "the usual charge, in cents",
            "services[].modifiers": "modifiers that its lines begin with",
            "services[].kinds": "kinds of case it is for; none means all",
        },
    ),
    Verb(
        "location add",
        "add a location",
        _add_location,
        (
            Argument("--name", "like Office or Video", required=True),
            Argument(
                "--format",
                "how client and clinician meet",
                default="in_person",
                choices=tuple(each.lower() for each in SessionFormat),
            ),
            Argument("--place-of-service", "two digits; an office is 11", default=""),
        ),
        {"id": "the new location"},
    ),
    Verb(
        "location list",
        "list the locations",
        _locations,
        keys={
            "locations[].id": "the location",
            "locations[].name": "its name",
            "locations[].format": "IN_PERSON, VIDEO or PHONE",
            "locations[].place_of_service": "its place of service",
        },
    ),
)
