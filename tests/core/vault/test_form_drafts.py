"""Forms left half-way: in the file, of the practice nothing, gone with their save."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import bootstrap
from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.store.audit import AuditEntry
from app.core.vault import form_drafts
from app.core.vault.tables import FormDraft, Outbox, Undo
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, TestDesk

FORM = {"texts": {"memo": "door code 4411"}}


def counted(desk: TestDesk, *tables: Any) -> list[int]:
    return desk.ask(
        lambda session, _scope: [
            session.scalar(select(func.count()).select_from(each)) for each in tables
        ]
    )


def test_what_was_kept_outlives_the_lock_with_its_moment(practice_folder: Path) -> None:
    def opened() -> bootstrap.OpenPractice:
        keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
        return bootstrap.open_practice(practice_folder, keys, StillClock())

    practice = opened()
    desk: TestDesk = practice.desk  # type: ignore[assignment]
    desk.keep_typed("appointment/new", {"texts": {"memo": "door"}})
    desk.clock.set(desk.clock.now() + timedelta(minutes=3))
    desk.keep_typed("appointment/new", FORM)
    typed_at = desk.clock.now()
    practice.close()
    practice = opened()
    found = practice.desk.typed("appointment/new").result()
    other = practice.desk.typed("payment/new").result()
    practice.close()
    assert found is not None
    assert (found.content, found.at) == (FORM, typed_at)
    assert other is None


def test_it_is_nothing_of_the_practice(desk: TestDesk) -> None:
    before = counted(desk, Outbox, Undo, AuditEntry)
    desk.keep_typed("appointment/new", FORM).result()
    desk.keep_typed("appointment/new", None).result()
    desk.keep_typed("payment/new", FORM).result()
    assert counted(desk, Outbox, Undo, AuditEntry) == before


def test_a_save_takes_the_form_with_it_and_a_refusal_leaves_it(desk: TestDesk) -> None:
    desk.keep_typed("client/new", FORM)
    with pytest.raises(UserError):
        desk.finish("client/new", add_client, NewClient(PersonName("", ""))).result()
    assert desk.typed("client/new").result() is not None
    desk.finish("client/new", add_client, NewClient(PersonName("Ada", "", "Lowry"))).result()
    assert desk.typed("client/new").result() is None


def test_forms_that_name_a_destroyed_record_are_destroyed_too(desk: TestDesk) -> None:
    gone, other = uuid4(), uuid4()
    desk.keep_typed(f"relationship/{gone}", FORM)
    desk.keep_typed("payment/new", {"typed": {"wanted": str(gone)}})
    desk.keep_typed("appointment/new", {"typed": {"case_id": str(other)}}).result()

    def destroy() -> list[str]:
        with desk._open_write() as session:
            form_drafts.forget_about(session, [gone])
            session.commit()
            return list(session.scalars(select(FormDraft.key)))

    assert desk.on_writer(destroy).result() == ["appointment/new"]
