"""Archived clients' records are destroyed for good, on a real encrypted file without an account."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import close_case, set_payers
from app.core.cases.queries import cases_of_client
from app.core.cases.rules import PayerFields
from app.core.exchange import running
from app.core.exchange.queries import history
from app.core.journeys.destroying import destruction
from app.core.journeys.invoices import create_invoice
from app.core.kernel.acting import Role, Scope, member_actor
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.kernel.text import PersonName
from app.core.people import queries as people
from app.core.people.commands import archive_client, change_name
from app.core.vault.tables import SyncLink
from tests.core.billing.conftest import Walter
from tests.core.journeys.destroyed_record import (
    MARK,
    OTHER,
    Ana,
    ana,
    ben,
    entries,
    naming,
    readable,
)
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, TestDesk

__all__ = ["ana", "ben"]


def test_no_byte_of_a_destroyed_record_stays(ana: Ana, ben: Walter) -> None:
    practice, desk = ana.practice, ana.walter.desk
    ana.archive()
    practice.vault.scrub()
    assert readable(practice, MARK), "the scan can find something"
    assert len(list((practice.folder / "files").glob("??/*"))) == 1
    planned = desk.ask(destruction, {ana.id}, desk.clock.now())
    assert planned.words() == (
        "1 client, 1 contact, 1 case, 1 appointment, 1 note, 1 file, 1 charge, 1 payment, 1 invoice"
    )
    assert planned.last_day == date(2026, 11, 2)

    done = practice.destroy({ana.id})
    assert done == planned
    assert not readable(practice, MARK)
    assert readable(practice, OTHER)
    assert naming(practice, done.records) == []
    assert list((practice.folder / "files").glob("??/*")) == []
    assert desk.ask(lambda s, _: s.execute(text("SELECT count(*) FROM paper_bytes")).scalar()) == 0
    assert [row.name.display for row in desk.ask(people.client_rows, date(2026, 11, 19))] == [
        f"Ben {OTHER}"
    ]
    assert not [finding for finding in practice.verify() if finding.problems]


def test_a_long_table_is_read_through_once_however_many_records_go(ana: Ana) -> None:
    """Without an account the outbox holds all that ever happened, and nothing finds it by row."""
    for day in range(3, 6):
        settled = ana.walter.hold(day)
        ana.walter.desk.do(create_invoice, InvoiceOrder(uuid4(), settled.charge_ids))
    ana.archive()
    said: list[str] = []
    connection = ana.practice.vault.connection
    ana.practice.desk.on_writer(lambda: connection.set_trace_callback(said.append)).result()
    ana.practice.destroy({ana.id})
    ana.practice.desk.on_writer(lambda: connection.set_trace_callback(None)).result()
    for table in ("DELETE FROM outbox", "FROM invoice WHERE paper_hash"):
        assert len([each for each in said if table in each]) == 1, table


def test_the_audit_says_what_went_and_no_word_of_it(ana: Ana) -> None:
    ana.archive()
    done = ana.practice.destroy({ana.id})
    entry = ana.walter.desk.ask(entries)[0]
    assert (entry.label, entry.subject_kind, entry.subject_id) == (
        "Destroy records",
        "client",
        ana.id,
    )
    assert entry.member_id == ana.walter.desk.actor.member_id
    assert {(table, UUID(hex=pk)) for table, pk, _ in entry.records} == set(done.records)
    assert {fields for _, _, fields in entry.records} == {()}


def test_it_is_not_undone(ana: Ana) -> None:
    desk = ana.walter.desk
    renamed = desk.do(change_name, ana.id, PersonName("Anna", "", MARK)).undo
    assert renamed is not None
    ana.archive()
    ana.practice.destroy({ana.id})
    with pytest.raises(UserError, match="can no longer be undone"):
        desk.undo(renamed).result()
    assert desk.ask(lambda s, _: s.execute(text("SELECT count(*) FROM client")).scalar()) == 0


def test_what_its_import_said_is_forgotten(
    practice: bootstrap.OpenPractice, desk: TestDesk, tmp_path: Path
) -> None:
    sheet = tmp_path / "people.csv"
    sheet.write_text(f"First Name,Last Name,Status,Email\nAna,Abara,Inactive,{MARK} at home\n")
    planned = running.plan(desk, running.read_files([sheet]))
    run_id = running.begin(desk, planned)
    running.run(desk, run_id, planned, lambda _progress: True)
    assert MARK in str(desk.ask(history.import_run, run_id))
    (client_id,) = desk.ask(people.names)
    for case in desk.ask(cases_of_client, client_id):
        desk.do(close_case, case.id)
    desk.do(archive_client, client_id)
    with pytest.raises(UserError, match="import that can still be undone"):
        practice.destroy({client_id})
    desk.clock.forward(days=31)
    practice.destroy({client_id})
    assert MARK not in str(desk.ask(history.import_run, run_id))
    assert not readable(practice, MARK)


def test_the_numbers_of_its_papers_stay_given(ana: Ana, ben: Walter) -> None:
    def number(session: Session, _scope: Scope, invoice_id: UUID) -> Any:
        asked = text("SELECT number FROM invoice WHERE id = :id")
        return session.execute(asked, {"id": invoice_id.bytes}).scalar()

    desk = ben.desk
    assert desk.ask(number, ana.invoice_id) == "INV-2026-0001"
    ana.archive()
    ana.practice.destroy({ana.id})
    charges = ben.hold(3).charge_ids
    invoice_id = desk.do(create_invoice, InvoiceOrder(uuid4(), charges)).value
    assert desk.ask(number, invoice_id) == "INV-2026-0002"


def test_a_restored_backup_does_not_bring_it_back(ana: Ana, ben: Walter, tmp_path: Path) -> None:
    practice = ana.practice
    ana.archive()
    made = practice.backup(tmp_path / "backups")
    done = practice.destroy({ana.id})
    practice.close()

    keys = bootstrap.restore(made.path, practice.folder, passphrase=PASSPHRASE)
    again = bootstrap.open_practice(practice.folder, keys, StillClock())
    try:
        assert not readable(again, MARK)
        assert readable(again, OTHER)
        assert naming(again, done.records) == []
        assert list((practice.folder / "files").glob("??/*")) == []
        assert "Destroy records again" in {each.label for each in again.desk.ask(entries)}
        assert not [finding for finding in again.verify() if finding.problems]
        count = len(again.desk.ask(entries))
        again.destroy_returned()
        assert len(again.desk.ask(entries)) == count, "nothing is there to be destroyed again"
    finally:
        again.close()


def test_what_is_refused_leaves_everything(ana: Ana, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, practice = ana.walter.desk, ana.practice

    def refused(error: type[Exception], words: str) -> None:
        with pytest.raises(error, match=words):
            practice.destroy({ana.id})
        assert desk.ask(people.client, ana.id).name.family == MARK

    refused(UserError, "not archived")
    desk.do(archive_client, ana.id)
    refused(UserError, "case of this client is open")
    desk.do(close_case, ana.walter.case_id)
    owner = desk.actor
    assert owner.member_id is not None
    desk.act_as(member_actor(owner.practice_id, owner.member_id, Role.ADMIN))
    refused(NotAllowed, "ask the owner")
    desk.act_as(owner)
    with pytest.raises(NotFound):
        practice.destroy({ana.id, uuid4()})
    with pytest.raises(UserError, match="Name the client"):
        practice.destroy(set())
    # What was refused is not on the list that a restored file is compared with.
    practice.destroy_returned()
    assert desk.ask(people.client, ana.id).name.family == MARK


@pytest.mark.parametrize("parted", [None, 1])
def test_what_an_account_holds_is_destroyed_there(ana: Ana, parted: int | None) -> None:
    desk = ana.walter.desk
    ana.archive()
    link = {
        "practice_id": desk.actor.practice_id,
        "server": "https://sync.example.com",
        "device_id": uuid4(),
        "device_name": "Office",
        "token": "",
        "parted_at": None if parted is None else desk.clock.now(),
    }

    def tie() -> None:
        with desk._open_write() as session:
            session.execute(insert(SyncLink), [link])
            session.commit()

    desk.on_writer(tie).result()
    with pytest.raises(UserError, match="connected to an account"):
        ana.practice.destroy({ana.id})
    assert desk.ask(people.client, ana.id).name.family == MARK


def test_a_couple_goes_together(
    practice: bootstrap.OpenPractice, couple: tuple[Walter, Walter]
) -> None:
    daniel, ruth = couple
    daniel.hold(2)
    practice.desk.do(close_case, daniel.case_id)
    for each in couple:
        practice.desk.do(archive_client, each.client_id)
    with pytest.raises(UserError, match="Ruth Okonkwo is in one of the cases, too"):
        practice.destroy({daniel.client_id})
    done = practice.destroy({daniel.client_id, ruth.client_id})
    assert ("care_case", daniel.case_id) in done.records
    assert naming(practice, done.records) == []


def test_who_pays_for_somebody_else_only_leaves_that(ana: Ana, ben: Walter) -> None:
    desk = ben.desk
    desk.do(set_payers, ben.case_id, (PayerFields(client_id=ana.id),))
    ana.archive()
    done = ana.practice.destroy({ana.id})
    assert naming(ana.practice, done.records) == []
    assert desk.ask(people.client, ben.client_id).name.family == OTHER


def test_an_invoice_of_somebody_else_is_not_taken_along(ana: Ana, ben: Walter) -> None:
    order = InvoiceOrder(uuid4(), ben.hold(3).charge_ids, bill_to=ana.id)
    ben.desk.do(set_payers, ben.case_id, (PayerFields(client_id=ana.id),))
    ben.desk.do(create_invoice, order)
    ana.archive()
    with pytest.raises(UserError, match="somebody else’s, too"):
        ana.practice.destroy({ana.id})
