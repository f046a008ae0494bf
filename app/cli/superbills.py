"""Superbills: looked at, issued, replaced, listed."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.cli import naming
from app.cli.shown import (
    check_period,
    columns,
    day,
    new_record_id,
    read_day,
    read_target,
    save_paper,
)
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.billing.superbills.queries.issued import (
    SuperbillView,
    superbill,
    superbills_issued,
)
from app.core.billing.superbills.rules.choosing import Omission, Wish, omission_words
from app.core.billing.superbills.rules.orders import Order
from app.core.billing.superbills.rules.preflight import Checked
from app.core.journeys import superbills as journeys
from app.core.kernel.errors import UserError
from app.core.kernel.phrases import plural


def _check(call: Call) -> Reply:
    first, last = _dates(call)
    client_id = naming.client(call.desk, call["client"]) if call["client"] else None
    found = call.desk.ask(journeys.overview, first, last, _wish(call), client_id)
    lines: list[str] = []
    for each in found.checked:
        lines.append(f"{each.draft.title}: {each.severity.lower()}")
        lines += [f"  {finding.sentence}" for finding in each.findings]
    if found.omitted:
        lines.append(omission_words(found.omitted))
    return Reply(
        {
            "from": day(first),
            "to": day(last),
            "ready": [_ready(each) for each in found.checked],
            "issued": [_shown(row) for row in found.issued],
            "left_out": [_left_out(each) for each in found.omitted],
        },
        lines or ["There is nothing to put on a superbill."],
    )


def _nothing(omitted: Sequence[Omission]) -> str:
    nothing = "There is nothing to put on a superbill."
    return f"{nothing} {omission_words(omitted)}" if omitted else nothing


def _left_out(omission: Omission) -> dict[str, Any]:
    session = omission.session
    return {
        "title": session.case_title,
        "date": day(session.held_on),
        "amount": session.amount.cents,
        "reason": str(omission.reason),
    }


def _ready(each: Checked) -> dict[str, Any]:
    return {
        "title": each.draft.title,
        "client_id": str(each.draft.person.client_id) if each.draft.person else None,
        "lines": len(each.draft.lines),
        "severity": str(each.severity),
        "findings": [
            {
                "code": finding.code,
                "severity": str(finding.severity),
                "sentence": finding.sentence,
                "field": finding.mend.field,
            }
            for finding in each.findings
        ],
    }


def _issue(call: Call) -> Reply:
    first, last = _dates(call)
    if call["client"]:
        clients: list[UUID | None] = [naming.client(call.desk, call["client"])]
        refused: list[Checked] = []
    else:
        if not call["month"]:
            raise UserError("Name --client, or --month for all clients.", field="client")
        overview = call.desk.ask(journeys.overview, first, last, _wish(call))
        found = overview.checked
        if not found:
            raise UserError(_nothing(overview.omitted))
        refused = [each for each in found if each.blocks]
        clients = [
            each.draft.person.client_id
            for each in found
            if each.draft.person is not None and not each.blocks
        ]
    rows = []
    for client_id in clients:
        order = Order(new_record_id(call.desk), client_id, first, last, _wish(call))
        superbill_id = journeys.issue(call.desk, order).value
        rows.append(call.desk.ask(superbill, superbill_id))
    lines = [f"Issued {row.number} for {row.patient}." for row in rows]
    lines += [f"Not issued: {each.draft.title}. {each.blocks[0].sentence}" for each in refused]
    if call["out"] and rows:
        lines.append(_save(call, [row.id for row in rows]))
    return Reply(
        {
            "superbills": [_shown(row) for row in rows],
            "refused": [_ready(each) for each in refused],
        },
        lines,
        refused=f"{plural(len(refused), 'superbill was', 'superbills were')} not issued; "
        "superbill check says why."
        if refused
        else "",
    )


def _supersede(call: Call) -> Reply:
    old = _named(call, call["superbill"])
    superbill_id = call.desk.do(
        journeys.supersede_superbill,
        old,
        new_record_id(call.desk),
        include_unpaid=call["include_unpaid"],
    ).value
    row = call.desk.ask(superbill, superbill_id)
    lines = [f"Issued {row.number}, which replaces {row.supersedes}."]
    if call["out"]:
        lines.append(_save(call, [row.id]))
    return Reply(_shown(row), lines)


def _list(call: Call) -> Reply:
    check_period(call)
    first: date = call["from"] or date.min
    last: date = call["to"] or date.max
    client_id = naming.client(call.desk, call["client"]) if call["client"] else None
    rows = call.desk.ask(superbills_issued, first, last, client_id)
    return Reply(
        {"superbills": [_shown(row) for row in rows]},
        columns(
            [
                (
                    row.number,
                    row.patient,
                    row.first_on.isoformat(),
                    row.last_on.isoformat(),
                    str(row.paid),
                )
                for row in rows
            ]
        ),
    )


def _save(call: Call, ids: list[UUID]) -> str:
    paper = call.desk.do(journeys.take_out_stack, ids).value
    return save_paper(call["out"], paper)


def _named(call: Call, text: str) -> UUID:
    rows = call.desk.ask(superbills_issued, date.min, date.max)
    return naming.pick("superbill", text, [(row.id, row.number) for row in rows])


def _dates(call: Call) -> tuple[date, date]:
    if call["month"]:
        first: date = call["month"]
        return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    if call["from"] is None or call["to"] is None:
        raise UserError("Say --month, or --from and --to.", field="from")
    return call["from"], call["to"]


def _wish(call: Call) -> Wish:
    return Wish(include_unpaid=call["include_unpaid"])


def _shown(row: SuperbillView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "number": row.number,
        "client_id": str(row.client_id),
        "patient": row.patient,
        "provider": row.provider,
        "from": day(row.first_on),
        "to": day(row.last_on),
        "issued_on": day(row.issued_on),
        "sessions": row.sessions,
        "charged": row.charged.cents,
        "paid": row.paid.cents,
        "supersedes": row.supersedes,
        "superseded_by": row.superseded_by,
    }


def _read_month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserError(f"There is no month {text}; type it like 2026-11.", field="month") from None


_KEYS = {
    "id": "the superbill",
    "number": "its number",
    "client_id": "the patient",
    "patient": "the patient's name",
    "provider": "who held the sessions",
    "from": "first day",
    "to": "last day",
    "issued_on": "date of issue",
    "sessions": "how many sessions are on it",
    "charged": "in cents",
    "paid": "in cents",
    "supersedes": "number of the one that it replaces",
    "superseded_by": "number of the one that replaces it",
}
_READY_KEYS = {
    "title": "whom it is for",
    "client_id": "the patient, null while none is named",
    "lines": "how many lines it would have",
    "severity": "the gravest of what the pre-flight found",
    "findings[].code": "the rule",
    "findings[].severity": "how grave; BLOCK keeps it from being issued",
    "findings[].sentence": "what an insurer would say",
    "findings[].field": "the field that mends it",
}
_DATES = (
    Argument("--from", "first day of service", read=read_day, fields=("first_on",)),
    Argument("--to", "last day of service", read=read_day, fields=("last_on",)),
    Argument("--month", "a whole month instead, like 2026-11", read=_read_month),
    Argument("--include-unpaid", "with lines that are not paid", switch=True),
)
_OUT = Argument("--out", "write the PDF to this file", read=read_target)

VERBS = (
    Verb(
        "superbill check",
        "say what could be issued, and what an insurer would refuse",
        _check,
        (Argument("--client", "id or exact name; everybody otherwise"), *_DATES),
        {
            "from": "first day",
            "to": "last day",
            **{f"ready[].{key}": words for key, words in _READY_KEYS.items()},
            **{f"issued[].{key}": words for key, words in _KEYS.items()},
            "left_out[].title": "whose session is on no superbill",
            "left_out[].date": "date of service",
            "left_out[].amount": "what was charged, in cents",
            "left_out[].reason": "UNPAID, MISSED, ISSUED, NOT_CHARGED or NO_SUPERBILLS",
        },
    ),
    Verb(
        "superbill issue",
        "issue a superbill for a client, or a month's for all",
        _issue,
        (Argument("--client", "id or exact name"), *_DATES, _OUT),
        {
            **{f"superbills[].{key}": words for key, words in _KEYS.items()},
            **{f"refused[].{key}": words for key, words in _READY_KEYS.items()},
        },
    ),
    Verb(
        "superbill supersede",
        "issue a new one in the place of another, after the records were mended",
        _supersede,
        (
            Argument("SUPERBILL", "number or id", required=True),
            Argument("--include-unpaid", "with lines that are not paid", switch=True),
            _OUT,
        ),
        _KEYS,
    ),
    Verb(
        "superbill list",
        "list the superbills",
        _list,
        (
            Argument("--client", "id or exact name"),
            Argument("--from", "first day of service", read=read_day),
            Argument("--to", "last day of service", read=read_day),
        ),
        {f"superbills[].{key}": words for key, words in _KEYS.items()},
    ),
)
