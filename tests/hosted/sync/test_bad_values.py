"""Whatever a client sends in a column, the server answers, keeps it, and goes on."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.hosted.worlds import CLIENT, Computer

VALUES: tuple[Any, ...] = (
    None, "", "\0", "\ud800", "x" * 1_000_001, "9999-99-99", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "infinity", 2**31, 2**63 - 1, 2**70, -(2**63), -1, 1.5,
    float("inf"), float("nan"), True, [], {}, [[["\0"]]], {"\ud800": 1}, "0" * 32, "g" * 32,
)  # fmt: skip

ATTACHMENT: dict[str, Any] = {
    "name": "letter.pdf",
    "media_type": "application/pdf",
    "size": 3,
    "address": "ab" * 32,
    "key": "//79AAE=",
    "added_at": "2026-11-19T19:18:00+00:00",
}

WHOLE: dict[str, dict[str, Any]] = {
    "client": CLIENT,
    "setting": {"key": "k", "value": 1},
    "service": {"name": "Session", "minutes": 50, "fee": 15000},
    "attachment": ATTACHMENT,
}


@pytest.mark.parametrize(
    ("entity", "column"),
    [
        ("client", "legal_given"),
        ("client", "birth_date"),
        ("client", "imported_at"),
        ("client", "deleted_at"),
        ("client", "awaits_place"),
        ("client", "primary_member_id"),
        ("client", "lifecycle"),
        ("setting", "value"),
        ("service", "minutes"),
        ("service", "fee"),
        ("attachment", "key"),
        ("client", "from_a_newer_program"),
        ("client", "no name; DROP TABLE client"),
        ("table_of_a_newer_program", "any"),
    ],
)
def test_no_value_stops_the_server(
    pair: tuple[Computer, Computer], entity: str, column: str
) -> None:
    office, laptop = pair
    whole = WHOLE.get(entity, {})
    sent = [office.write(entity, uuid4(), {**whole, column: value}, new=True) for value in VALUES]
    last = office.write("client", uuid4(), CLIENT, new=True)
    answers = office.push(*sent, last)
    assert len(answers) == len(sent) + 1
    assert answers[-1].verdict == "applied"
    assert {each.verdict for each in answers} <= {"applied", "rejected"}
    laptop.pull()
    taken = {each.id for each in answers if each.verdict == "applied"}
    assert all((each.entity, each.pk) in laptop.rows for each in sent if each.id in taken)
    assert len(laptop.inbox()) == len(answers) - len(taken)
    assert len(office.snapshot()) >= len(answers)


def test_bytes_come_back_as_they_were_sent(pair: tuple[Computer, Computer]) -> None:
    office, laptop = pair
    attachment = office.add("attachment", ATTACHMENT)
    laptop.pull()
    assert laptop.row("attachment", attachment)["key"] == ATTACHMENT["key"]
    fresh = {(each.entity, each.pk): each.columns for each in laptop.snapshot()}
    assert fresh["attachment", attachment]["key"] == ATTACHMENT["key"]
