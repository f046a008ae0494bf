"""Many rows at once: what was written is what is read, whatever stands in it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from hosted.store.engine import Database, For
from hosted.sync.book import open_book
from tests.hosted.worlds import APPOINTMENT, CLIENT, Computer, Server
from tests.support.clock import THE_MOMENT

#: What means something in a list of values, in a statement, or in JSON.
TEXTS = (
    "",
    "NULL",
    '"',
    "\\",
    '\\"',
    "{a,b}",
    "a','b\",\"c",
    "? %s $1",
    "line\nand\ttab\r\x01",
    "Zoë 🫖 \u200f\u2028",
    r"\x00 \u0000",
)


def test_texts_of_one_batch_come_back_as_they_were(pair: tuple[Computer, Computer]) -> None:
    office, laptop = pair
    made = {uuid4(): text for text in TEXTS}
    said = {pk: {**CLIENT, "legal_given": "Ana", "notes": text} for pk, text in made.items()}
    office.push(*(office.write("client", pk, columns, new=True) for pk, columns in said.items()))
    laptop.pull()
    assert {pk: laptop.row("client", pk)["notes"] for pk in made} == made
    assert {row.pk: row.columns["notes"] for row in laptop.snapshot()} == made

    turned = dict(zip(made, reversed(TEXTS), strict=True))
    office.pull()
    office.push(*(office.write("client", pk, {"notes": text}) for pk, text in turned.items()))
    assert {row.pk: row.columns["notes"] for row in laptop.snapshot()} == turned


def test_values_and_none_stand_side_by_side(pair: tuple[Computer, Computer]) -> None:
    office, laptop = pair
    case = office.add("care_case", {"kind": "INDIVIDUAL"})
    given: list[dict[str, Any]] = [
        {"client_place": None, "deleted_at": None, "original_start": None},
        {"client_place": "HOME", "deleted_at": None, "original_start": "2026-11-19T09:00:00"},
        {"client_place": None, "deleted_at": "2026-11-20T09:00:00.123000+00:00"},
    ]
    rows = {uuid4(): {**APPOINTMENT, "case_id": case.hex, **said} for said in given}
    office.push(*(office.write("appointment", pk, said, new=True) for pk, said in rows.items()))
    kept = {row.pk: row.columns for row in laptop.snapshot() if row.entity == "appointment"}
    assert kept.keys() == rows.keys()
    for pk, said in rows.items():
        assert {name: kept[pk][name] for name in said} == said


def test_on_postgresql_a_text_with_nul_moves_no_value_to_another_row(walled: Database) -> None:
    practice = Server(walled).practice()
    columns = {"operation": "uuid", "verdict": "text", "refusal": "text", "at": "timestamptz"}
    with walled.write(For(practice)) as session:
        book = open_book(session, practice)
        rows = [(uuid4(), "rejected", text, book.moment(THE_MOMENT)) for text in ("a\0b", "c")]
        with pytest.raises(psycopg.DataError):
            book.insert_many("receipt", columns, rows)
