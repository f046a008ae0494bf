"""Our own list, written and read back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.exchange import running
from app.core.exchange.formats import recognize
from app.core.exchange.listing import as_csv, client_list, export_clients
from app.core.exchange.matching import Roster
from app.core.exchange.planning import plan_import
from app.core.exchange.sheets import read_bytes
from app.core.kernel.errors import MachineError
from app.core.kernel.text import PersonName, clean_line
from app.core.people.queries import ClientRecord
from app.core.people.rules import (
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
)
from tests.core.exchange.samples import DEMOGRAPHICS, DETAILS, TODAY
from tests.support.practice import TestDesk

# A list of one kind of character each would prove little; commas, quotes and formulas are there.
_LINES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=20
).map(clean_line)
_NAMES = _LINES.filter(lambda text: bool(text) and text.casefold() not in ("&", "and"))


@st.composite
def _records(draw: st.DrawFn) -> ClientRecord:
    return ClientRecord(
        id=UUID(int=draw(st.integers(1, 10**9))),
        name=PersonName(draw(_NAMES), "", draw(_NAMES)),
        lifecycle=draw(st.sampled_from(Lifecycle)),
        details=DetailFields(
            birth_date=draw(st.dates(date(1930, 1, 1), TODAY) | st.none()), notes=draw(_LINES)
        ),
        emails=draw(st.sampled_from(((), (EmailFields("a@example.com"),)))),
        phones=draw(st.sampled_from(((), (PhoneFields("(707) 555-0100"),)))),
        addresses=(),
        insurances=draw(st.sampled_from(((), (InsuranceFields("=cmd()", "-W1"),)))),
        relationships=(),
        imported_at=None,
        reviewed_at=None,
        import_remarks="",
    )


@given(_records())
def test_what_was_written_is_read_back(record: ClientRecord) -> None:
    text = as_csv([record])
    plan = plan_import([recognize(read_bytes(text.encode("utf-8-sig"), "x.csv"))], Roster(), TODAY)
    back = plan.newcomers[0].client

    assert (back.name.given, back.name.family) == (record.name.given, record.name.family)
    assert back.details.birth_date == record.details.birth_date
    assert back.details.notes == record.details.notes
    assert back.lifecycle is record.lifecycle
    assert [each.address for each in back.emails] == [each.address for each in record.emails]
    assert [each.number for each in back.phones] == [each.number for each in record.phones]
    assert back.insurances == record.insurances


def test_a_whole_practice_goes_out_and_comes_into_another(desk: TestDesk, tmp_path: Path) -> None:
    planned = running.plan(desk, running.read_files([DETAILS, DEMOGRAPHICS]))
    running.run(desk, running.begin(desk, planned), planned, lambda _progress: True)
    out = tmp_path / "clients.csv"

    assert export_clients(desk, out) == 53
    again = plan_import([recognize(read_bytes(out.read_bytes(), "x.csv"))], Roster(), TODAY)

    def known(clients: list[NewClient] | list[ClientRecord]) -> list[tuple[object, ...]]:
        return [
            (each.name.given, each.name.family, each.details.birth_date, each.lifecycle)
            for each in clients
        ]

    assert known([person.client for person in again.newcomers]) == known(desk.ask(client_list))


def test_a_folder_that_is_not_there_is_said(desk: TestDesk, tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be written"):
        export_clients(desk, tmp_path / "none" / "clients.csv")
