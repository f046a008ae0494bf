"""Clients and cases."""

from __future__ import annotations

from typing import Any

from app.cli import naming
from app.cli.shown import columns, day, read_address, read_day, today_of
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.cases import commands as case_commands
from app.core.cases import queries as case_queries
from app.core.cases.queries import CaseView
from app.core.cases.rules import NewCase
from app.core.journeys.clients import add_person
from app.core.journeys.destroying import destruction
from app.core.kernel.records import kind_words
from app.core.kernel.text import read_full_name
from app.core.people import queries
from app.core.people.queries import ClientRecord
from app.core.people.rules import (
    AddressFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
    Sex,
)
from app.core.practice.rules.catalogue import CaseKind


def _add_client(call: Call) -> Reply:
    new = NewClient(
        name=read_full_name(call["name"]).name,
        lifecycle=Lifecycle(call["status"].upper()),
        details=DetailFields(
            pronouns=call["pronouns"],
            birth_date=call["birth_date"],
            sex=Sex(call["sex"]),
        ),
        emails=tuple(EmailFields(address) for address in call["email"]),
        phones=tuple(PhoneFields(number) for number in call["phone"]),
        addresses=(AddressFields(call["address"]),) if call["address"] else (),
        insurances=(InsuranceFields(call["insurer"], call["member_number"]),)
        if call["insurer"]
        else (),
    )
    client_id = call.desk.do(add_person, new).value
    return Reply({"id": str(client_id)}, [f"Added {new.name.display}."])


def _show_client(call: Call) -> Reply:
    client_id = naming.client(call.desk, call["client"])
    record = call.desk.ask(queries.client, client_id)
    cases = call.desk.ask(case_queries.cases_of_client, client_id)
    data = {
        **_summary(record),
        "pronouns": record.details.pronouns,
        "birth_date": day(record.details.birth_date),
        "sex": str(record.details.sex),
        "emails": [each.address for each in record.emails],
        "phones": [each.number for each in record.phones],
        "addresses": [each.address.lines() for each in record.addresses],
        "insurances": [
            {"payer": each.payer, "member_number": each.member_number} for each in record.insurances
        ],
        "cases": [{"id": str(each.id), "title": each.title} for each in cases],
        "import_remarks": record.import_remarks.splitlines(),
    }
    lines = [record.name.legal, record.lifecycle.label]
    lines += [", ".join(data[key]) for key in ("emails", "phones") if data[key]]
    lines += [", ".join(address) for address in data["addresses"]]
    lines += [f"{each.kind.label}: {each.title}" for each in cases]
    return Reply(data, lines)


def _destroy_clients(call: Call) -> Reply:
    client_ids = {naming.client(call.desk, text) for text in call["client"]}
    destroyed: bool = call["yes"]
    if destroyed:
        found = call.opened.destroy(client_ids)
    else:
        found = call.desk.ask(destruction, client_ids, call.desk.clock.now())
    last = f" The last session was on {day(found.last_day)}." if found.last_day else ""
    if destroyed:
        lines = [f"Destroyed for good: {found.words()}.", _IN_BACKUPS]
    else:
        lines = [f"This would destroy {found.words()}.{last}", _BEFORE_DESTROYING]
    counts = [{"kind": kind_words(kind), "number": number} for kind, number in found.counts()]
    return Reply(
        {"destroyed": destroyed, "last_session": day(found.last_day), "counts": counts}, lines
    )


def _list_clients(call: Call) -> Reply:
    wanted = [Lifecycle(call["status"].upper())] if call["status"] else None
    rows = call.desk.ask(queries.client_rows, today_of(call.desk), wanted)
    return Reply(
        {
            "clients": [
                {
                    "id": str(row.id),
                    "name": row.name.display,
                    "legal_name": row.name.legal,
                    "status": str(row.lifecycle),
                    "needs_review": row.needs_review,
                    "email": row.main_email,
                    "phone": row.main_phone,
                }
                for row in rows
            ]
        },
        columns(
            [
                (str(r.id), r.name.display, r.lifecycle.label, r.main_phone, r.main_email)
                for r in rows
            ]
        ),
    )


def _summary(record: ClientRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "name": record.name.display,
        "legal_name": record.name.legal,
        "status": str(record.lifecycle),
        "needs_review": record.imported_at is not None and record.reviewed_at is None,
    }


def _add_case(call: Call) -> Reply:
    members = tuple(naming.client(call.desk, text) for text in call["member"])
    patient = naming.client(call.desk, call["patient"]) if call["patient"] else None
    new = NewCase(
        kind=CaseKind(call["kind"].upper()),
        client_ids=members,
        identified_client_id=patient,
        name=call["name"],
        provider_id=call.desk.actor.member_id,
    )
    case_id = call.desk.do(case_commands.open_case, new).value
    opened = call.desk.ask(case_queries.case, case_id)
    return Reply({"id": str(case_id), "title": opened.title}, [f"Opened {opened.title}."])


def _list_cases(call: Call) -> Reply:
    rows = call.desk.ask(case_queries.cases)
    return Reply(
        {"cases": [_case(row) for row in rows]},
        columns(
            [(str(row.id), row.title, row.kind.label, day(row.opened_on) or "") for row in rows]
        ),
    )


def _case(row: CaseView) -> dict[str, Any]:
    patient = row.identified_client_id
    return {
        "id": str(row.id),
        "title": row.title,
        "kind": str(row.kind),
        "members": [{"id": str(each.id), "name": each.name.display} for each in row.people],
        "patient": str(patient) if patient else None,
        "opened_on": day(row.opened_on),
        "closed_on": day(row.closed_on),
    }


_BEFORE_DESTROYING = (
    "Nothing was destroyed. Look first how long your state and your insurer ask you to keep the "
    "record: the program does not know. Nothing brings it back; to destroy it, add --yes."
)
_IN_BACKUPS = (
    "Backups made before still hold it, encrypted, until newer ones replace them. One that is "
    "restored on this computer comes back without it; copies kept elsewhere are yours to remove."
)
_STATUSES = tuple(each.lower() for each in Lifecycle)
_NAME = "the client's name, first name first or after a comma"

VERBS = (
    Verb(
        "client add",
        "add a client",
        _add_client,
        (
            Argument(
                "--name",
                _NAME,
                required=True,
                fields=("legal_given", "legal_middle", "legal_family", "legal_suffix"),
            ),
            Argument("--birth-date", "like 1984-05-31", read=read_day),
            Argument("--sex", "as on insurers' forms", default="", choices=("F", "M", "X")),
            Argument("--pronouns", "as the client says", default=""),
            Argument("--email", "may be given several times", many=True, fields=("emails",)),
            Argument("--phone", "may be given several times", many=True, fields=("phones",)),
            Argument(
                "--address",
                "street, city, state and ZIP",
                read=read_address,
                fields=("line1", "line2", "city", "state", "zip"),
            ),
            Argument("--insurer", "the primary insurance", default="", fields=("payer",)),
            Argument("--member-number", "the ID on its card", default=""),
            Argument("--status", "where they are in care", default="active", choices=_STATUSES),
        ),
        {"id": "the new client"},
    ),
    Verb(
        "client show",
        "show a client's record",
        _show_client,
        (Argument("CLIENT", "id or exact name", required=True),),
        {
            "id": "the client",
            "name": "chosen or given name, and family name",
            "legal_name": "the name on papers",
            "status": "lifecycle status",
            "needs_review": "whether the record was imported and not looked at yet",
            "pronouns": "pronouns",
            "birth_date": "date of birth or null",
            "sex": "F, M, X or empty",
            "emails": "e-mail addresses, the main one first",
            "phones": "phone numbers, the main one first",
            "addresses": "addresses, each as lines",
            "insurances[].payer": "insurer",
            "insurances[].member_number": "the ID on its card",
            "cases[].id": "a case that the client is in",
            "cases[].title": "its title",
            "import_remarks": "what an import was not sure of",
        },
    ),
    Verb(
        "client destroy",
        "destroy archived clients' records for good, once the time to keep them is over",
        _destroy_clients,
        (
            Argument(
                "CLIENT", "id or exact name; both people of a couple", required=True, many=True
            ),
            Argument("--yes", "destroy them; without it only say what would go", switch=True),
        ),
        {
            "destroyed": "false when it was only said what would go",
            "last_session": "day of the last session, or null",
            "counts[].kind": "kind of record: client, appointment, note, …",
            "counts[].number": "how many of them",
        },
    ),
    Verb(
        "client list",
        "list the clients",
        _list_clients,
        (Argument("--status", "only those in this status", choices=_STATUSES),),
        {
            "clients[].id": "the client",
            "clients[].name": "chosen or given name, and family name",
            "clients[].legal_name": "the name on papers",
            "clients[].status": "lifecycle status",
            "clients[].needs_review": "whether the record was imported and not looked at yet",
            "clients[].email": "the main e-mail address",
            "clients[].phone": "the main phone number",
        },
    ),
    Verb(
        "case add",
        "open a case; a couple is exactly two people",
        _add_case,
        (
            Argument(
                "--kind",
                "kind of case",
                required=True,
                choices=tuple(kind.lower() for kind in CaseKind),
            ),
            Argument(
                "--member", "id or exact name; once for each person", many=True, fields=("members",)
            ),
            Argument("--patient", "the identified patient of a couple"),
            Argument("--name", "the name of a group", default=""),
        ),
        {"id": "the new case", "title": "how it is called"},
    ),
    Verb(
        "case list",
        "list the cases",
        _list_cases,
        keys={
            "cases[].id": "the case",
            "cases[].title": "how it is called",
            "cases[].kind": "INDIVIDUAL, COUPLE, …",
            "cases[].members[].id": "a client in it",
            "cases[].members[].name": "that client's name",
            "cases[].patient": "the identified patient or null",
            "cases[].opened_on": "first day or null",
            "cases[].closed_on": "last day or null",
        },
    ),
)
