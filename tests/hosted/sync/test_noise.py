"""Messages that are almost right: every one is answered, none breaks the server."""

from __future__ import annotations

import copy
import json
import random
from typing import Any
from uuid import uuid4

from app.sync.protocol.terms import Verb
from tests.hosted.worlds import APPOINTMENT, CLIENT, MEMBER, NOTE, Computer

ROUNDS = 400
NOISE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**31, 2**63 - 1, 2**63, 2**80, 1.5, "", "x", "\0", "\ud800",
    "0" * 32, "f" * 32, "client", "note", "no such table", "a" * 65, "\u202e", [], {}, [[]],
    {"x": 1}, "9999-12-31T23:59:59+00:00", "2026-11-19", "APPLIED", "SIGNED", "x" * 70_000,
)  # fmt: skip


def places(said: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a message."""
    found = [path] if path else []
    items: Any = said.items() if isinstance(said, dict) else enumerate(said)
    for key, value in items:
        if isinstance(value, dict | list):
            found += places(value, (*path, key))
        else:
            found.append((*path, key))
    return found


def disturbed(said: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return the message with one to three of its values replaced, doubled or left out."""
    made = copy.deepcopy(said)
    for _ in range(chance.randint(1, 3)):
        ways = places(made)
        if not ways:
            break
        *way, last = chance.choice(ways)
        holder: Any = made
        for key in way:
            holder = holder[key]
        act = chance.randrange(4)
        if act == 0:
            del holder[last]
        elif act == 1 and isinstance(holder, list):
            holder.insert(0, copy.deepcopy(holder[last]))
        else:
            holder[last] = copy.deepcopy(chance.choice(NOISE))
    return made


def messages(office: Computer, member: str, case: str) -> dict[Verb, dict[str, Any]]:
    """Return a proper message for every verb."""
    together = uuid4()
    note = uuid4()
    work = [
        office.write("client", uuid4(), CLIENT, new=True, change_set=together),
        office.write(
            "appointment", uuid4(), {**APPOINTMENT, "case_id": case}, new=True, change_set=together
        ),
        office.write("note", note, {**NOTE, "case_id": case, "author_id": member}, new=True),
        office.write("note", note, {"sections": {"plan": "more"}, "format": "SOAP", "revision": 1}),
    ]
    where = {"epoch": office.epoch}
    ask = {**where, "incarnation": office.incarnation.hex}
    operations = [each.to_json() for each in work]
    return {
        Verb.HELLO: {
            "version": 1, "oldest": 1, "schema": 1, "program": "x", "tag": office.tag, "lsn": 999,
            "incarnation": office.incarnation.hex, "cursor": office.cursor, "waiting": 0, **where,
        },
        Verb.PUSH: {**ask, "operations": operations},
        Verb.PULL: {**where, "cursor": office.cursor, "rows": 5},
        Verb.SNAPSHOT: {**where, "after": "", "rows": 5},
        Verb.DIGEST: {**where, "entity": "client", "columns": ["legal_given"], "bucket": 3},
        Verb.ROWS: {**where, "entity": "client", "ids": [work[0].pk.hex]},
        Verb.LEASE: {
            "incarnation": office.incarnation.hex, "prefix": "INV", "year": 2026, "size": 5,
            "next": 1,
        },
        Verb.QUARANTINE: {**ask, "operations": operations},
    }  # fmt: skip


def test_no_message_breaks_the_server(pair: tuple[Computer, Computer]) -> None:
    office, laptop = pair
    chance = random.Random(20261127)
    member = office.add("member", MEMBER).hex
    case = office.add("care_case", {"kind": "INDIVIDUAL"}).hex
    for turn in range(ROUNDS):
        verb, said = chance.choice(list(messages(office, member, case).items()))
        body = json.dumps(disturbed(said, chance)).encode()
        answer, _code = office.server.exchange.answer(office.caller, verb, body)
        assert isinstance(json.loads(answer), dict), turn
    laptop.pull()
    assert laptop.snapshot()
