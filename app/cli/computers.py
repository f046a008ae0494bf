"""The computers of the account: list them, take one off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.cli.shown import columns, local
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.kernel.computers import Computer, after_taking_off
from app.core.kernel.errors import UserError

_KEYS = {
    "computers[].id": "id, which “sync take-off” takes",
    "computers[].name": "its name in the account",
    "computers[].system": "what it runs, empty until its program has said it",
    "computers[].program": "the version of its program",
    "computers[].member_id": "whose it is",
    "computers[].connected": "time",
    "computers[].seen": "time when it was last here",
    "computers[].taken_off": "time, or null",
    "computers[].handed_over": "whether it left its unsent work since it was taken off",
    "computers[].disconnected": "time, or null; it keeps its copy of the practice",
    "computers[].is_this": "whether it is the computer at hand",
}


def _list(call: Call) -> Reply:
    return _told(call, call.opened.sync.computers.ask())


def _take_off(call: Call) -> Reply:
    computers = call.opened.sync.computers
    found = _named(call["computer"], computers.ask())
    told = _told(call, computers.take_off(found.id))
    return Reply(told.data, [after_taking_off(found.name)])


def _named(text: str, computers: Sequence[Computer]) -> Computer:
    """Return the computer that ``text`` names: by id, or by a name that no other one has."""
    by_id = [each for each in computers if each.id.hex == text]
    by_name = [each for each in computers if each.name == text]
    # Of one that is off the account another may have the name by now.
    found = by_id or [each for each in by_name if each.in_use] or by_name
    if not found:
        raise UserError(f"The account has no computer {text}: “sync computers” lists them.")
    if len(found) > 1:
        raise UserError(f"Several computers are called {text}: name the one by its id.")
    return found[0]


def _told(call: Call, computers: Sequence[Computer]) -> Reply:
    zone = call.desk.zone
    said: list[dict[str, Any]] = [
        {
            "id": each.id.hex,
            "name": each.name,
            "system": each.system,
            "program": each.program,
            "member_id": each.member_id.hex if each.member_id else None,
            "connected": local(each.connected, zone),
            "seen": local(each.seen, zone),
            "taken_off": local(each.taken_off, zone) if each.taken_off else None,
            "handed_over": each.handed_over,
            "disconnected": local(each.disconnected, zone) if each.disconnected else None,
            "is_this": each.is_this,
        }
        for each in computers
    ]
    return Reply({"computers": said}, columns([_line(each, zone) for each in computers]))


def _line(computer: Computer, zone: str) -> tuple[str, ...]:
    if computer.taken_off is not None:
        when = f"taken off {local(computer.taken_off, zone)}"
    elif computer.disconnected is not None:
        when = f"disconnected {local(computer.disconnected, zone)}"
    elif computer.is_this:
        when = "this computer"
    else:
        when = f"last here {local(computer.seen, zone)}"
    return computer.id.hex, computer.name, computer.system, when


VERBS = (
    Verb("sync computers", "the computers of the account", _list, keys=_KEYS),
    Verb(
        "sync take-off",
        "take another computer off the account: it hands over its work and removes its copy",
        _take_off,
        (Argument("COMPUTER", "id or exact name", required=True),),
        _KEYS,
    ),
)
