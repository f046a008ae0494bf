"""What was destroyed before a practice had an account never reaches it; its numbers stay given."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import close_case
from app.core.journeys.invoices import create_invoice
from app.core.people.commands import archive_client
from hosted.store.engine import For, database_in_memory
from hosted.store.tables import LogEntry
from tests.core.billing.conftest import Walter, couple, office, walter
from tests.sync.worlds import Desktop, Hosted, connected

__all__ = ["couple", "office", "walter"]


def test_the_first_upload_sends_nothing_of_it(
    practice: bootstrap.OpenPractice, walter: Walter, couple: tuple[Walter, Walter], tmp_path: Path
) -> None:
    def invoice(of: Walter, day: int) -> UUID:
        order = InvoiceOrder(uuid4(), of.hold(day).charge_ids)
        return practice.desk.do(create_invoice, order).value

    invoice(walter, 2)
    practice.desk.do(close_case, walter.case_id)
    practice.desk.do(archive_client, walter.client_id)
    done = practice.destroy({walter.client_id})

    hosted = Hosted(database_in_memory())
    desktop = Desktop(tmp_path, hosted)
    connected(desktop, practice, "Office")
    ids = {pk.hex for _, pk in done.records}
    rows = desktop.rows()
    assert ids.isdisjoint(pk for _, pk in rows)
    with hosted.database.read(For(practice.desk.actor.practice_id)) as session:
        sent = {pk.hex for pk in session.scalars(select(LogEntry.pk))}
    assert ids.isdisjoint(sent)
    assert sent >= {each.client_id.hex for each in couple}

    # The account leases from behind what was given, although no row tells it any more.
    desktop.sync()
    issued = invoice(couple[0], 3)
    number = desktop.row("invoice", issued)["number"]
    assert number.rpartition("-")[2] == "0002"
