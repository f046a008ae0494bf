"""Purge: gone everywhere at once, told to every computer, and never back."""

from __future__ import annotations

from uuid import UUID

import pytest

from hosted.store import rls
from hosted.store.engine import For, driver
from hosted.sync.purging import StillNeeded, purge
from tests.hosted.worlds import CLIENT, Computer


def test_a_purged_record_leaves_every_place_and_its_id_never_returns(
    pair: tuple[Computer, Computer],
) -> None:
    office, laptop = pair
    database = office.server.database
    practice = office.caller.practice_id
    secret = "planted-secret"
    client = office.add("client", {**CLIENT, "notes": secret, "from_a_newer_program": secret})
    email = office.add("client_email", {"client_id": client.hex, "address": secret})
    laptop.pull()
    office.change("client", client, deleted_at="2026-11-19T19:00:00+00:00")
    assert laptop.change("client", client, notes=f"{secret} again").verdict == "conflict"
    late = laptop.write("client", client, {"notes": secret})

    def gone(*records: tuple[str, UUID]) -> None:
        now = office.server.clock.now()
        purge(database, practice, records, ordered_by="Dana", reason="asked", now=now)

    with pytest.raises(StillNeeded, match="client_email still points"):
        gone(("client", client))
    gone(("client_email", email), ("client", client))
    page = laptop.page(rows=1)
    while not page.purged:
        laptop.cursor = page.cursor
        page = laptop.page(rows=1)
    # Whole, on whatever page it comes.
    assert {("client", client), ("client_email", email)} <= set(page.purged)
    (answer,) = laptop.push(late)
    assert (answer.verdict, answer.refusal) == ("rejected", "purged")
    # Nor does what hangs on it, of which no word may lie in the inbox either.
    hangs = {"client_id": client.hex, "address": f"{secret}@b.c"}
    (answer,) = laptop.push(laptop.write("client_email", UUID(int=7), hangs, new=True))
    assert (answer.verdict, answer.refusal) == ("rejected", "purged")
    assert {row.pk for row in laptop.snapshot()} & {client, email} == set()
    with database.read(For(practice)) as session:
        for table in rls.isolated_tables():
            assert secret not in str(session.execute(table.select()).all()), table.name
        kept = driver(session).execute("SELECT ordered_by, reason FROM purged").fetchall()
    assert [tuple(row) for row in kept] == [("Dana", "asked")] * 2
