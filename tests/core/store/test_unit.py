"""The unit of work: capture, change sets, audit, undo, guards, by real SQLCipher."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from app.core.kernel.acting import Permission, Role, Scope, member_actor
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotAllowed, UserError
from app.core.practice.tables import Location
from app.core.store import audit
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.vault.tables import Outbox
from tests.support.practice import TestDesk


@command(permission=Permission.PRACTICE_SETTINGS, act=Act.BOOK, label="Rename", undo=True)
def rename_all(uow: UnitOfWork, name: str) -> None:
    """Rename every location by a Core statement."""
    uow.session.execute(update(Location).values(name=name))


@command(permission=Permission.PRACTICE_SETTINGS, label="Rename", undo=True)
def rename_each(uow: UnitOfWork, name: str) -> None:
    """Rename every location through the ORM."""
    for row in uow.session.scalars(select(Location)):
        row.name = name


def outbox(session: Session, _scope: Scope) -> list[Outbox]:
    return list(session.scalars(select(Outbox).order_by(Outbox.lsn)))


def names(session: Session, _scope: Scope) -> list[str]:
    return list(session.scalars(select(Location.name)))


@pytest.mark.parametrize("rename", [rename_all, rename_each])
def test_every_write_leaves_its_change_set_and_its_audit_row(desk: TestDesk, rename: Any) -> None:
    before = len(desk.ask(outbox))
    outcome = desk.do(rename, "Alder Street")
    rows = desk.ask(outbox)[before:]
    assert [(row.entity, row.columns) for row in rows] == [("location", {"name": "Alder Street"})]
    line = desk.ask(audit.entries)[0]
    assert line.records == (("location", rows[0].pk.hex, ("name",)),)
    assert outcome.changes.areas == {"practice"}
    assert outcome.changes.ids == {rows[0].pk}


@pytest.mark.parametrize("rename", [rename_all, rename_each])
def test_undo_writes_the_old_values_back(desk: TestDesk, rename: Any) -> None:
    outcome = desk.do(rename, "Elsewhere")
    assert outcome.undo is not None
    assert desk.undo(outcome.undo).result().value == 0
    assert desk.ask(names) == ["Office"]
    with pytest.raises(UserError, match="no longer be undone"):
        desk.undo(outcome.undo).result()


def test_undo_leaves_what_changed_since(desk: TestDesk) -> None:
    outcome = desk.do(rename_each, "Elsewhere")
    desk.do(rename_each, "Again")
    assert outcome.undo is not None
    assert desk.undo(outcome.undo).result().value == 1
    assert desk.ask(names) == ["Again"]


def test_undo_is_offered_for_ten_minutes(desk: TestDesk) -> None:
    outcome = desk.do(rename_each, "Elsewhere")
    desk.clock.forward(minutes=11)
    assert outcome.undo is not None
    with pytest.raises(UserError):
        desk.undo(outcome.undo).result()


def test_a_write_past_capture_is_stopped(desk: TestDesk) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Sneak")
    def sneak(uow: UnitOfWork) -> None:
        uow.session.connection().execute(text("UPDATE location SET name = 'x'"))

    with pytest.raises(Exception, match="past the unit of work"):
        desk.do(sneak)
    assert desk.ask(names) == ["Office"]


def test_audit_rows_cannot_be_changed_or_removed(desk: TestDesk) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Forge")
    def forge(uow: UnitOfWork, statement: str) -> None:
        uow.session.connection().execute(text(statement))

    for statement in ("UPDATE audit SET act = 'x'", "DELETE FROM audit"):
        with pytest.raises(Exception, match="final and cannot be changed"):
            desk.do(forge, statement)


def test_a_failed_command_leaves_nothing(desk: TestDesk) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Fail")
    def fail(uow: UnitOfWork) -> None:
        rename_each(uow, "Half")
        uow.session.flush()
        raise UserError("No.")

    before = len(desk.ask(outbox))
    with pytest.raises(UserError):
        desk.do(fail)
    assert desk.ask(names) == ["Office"]
    assert len(desk.ask(outbox)) == before


def test_a_role_without_the_permission_is_refused(desk: TestDesk, owner_id: Any) -> None:
    desk.actor = member_actor(desk.actor.practice_id, owner_id, Role.ADMIN)
    with pytest.raises(NotAllowed):
        desk.do(rename_each, "No")


def test_the_audit_chain_notices_a_change(desk: TestDesk) -> None:
    desk.do(rename_each, "A")
    desk.do(rename_each, "B")

    def broken(session: Session, scope: Scope) -> list[str]:
        return list(audit.broken_links(session, scope.practice_id))

    assert desk.ask(broken) == []

    @command(permission=Permission.PRACTICE_SETTINGS, label="Forge")
    def forge(uow: UnitOfWork) -> None:
        connection = uow.session.connection()
        connection.execute(text("DROP TRIGGER keep_audit_update"))
        connection.execute(text("UPDATE audit SET act = 'x' WHERE seq = 2"))

    desk.do(forge)
    assert any("2 was changed" in sentence for sentence in desk.ask(broken))


def test_a_deleted_row_is_seen_by_no_ordinary_select(desk: TestDesk) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Delete", undo=True)
    def remove(uow: UnitOfWork) -> None:
        uow.delete(uow.session.scalars(select(Location)).one())

    outcome = desk.do(remove)
    assert desk.ask(names) == []
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert desk.ask(names) == ["Office"]


def test_many_rows_go_in_by_one_statement_and_are_captured(desk: TestDesk) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Add", undo=True)
    def add(uow: UnitOfWork) -> int:
        rows = [
            {"name": f"Room {n}", "format": "IN_PERSON", "place_of_service": "11"} for n in range(3)
        ]
        return len(uow.insert_many(Location, rows))

    before = len(desk.ask(outbox))
    outcome = desk.do(add)
    assert outcome.value == 3
    assert len(desk.ask(outbox)) == before + 3
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert desk.ask(names) == ["Office"]


def test_a_kept_select_sees_the_rows_of_whichever_practice_runs_it(desk: TestDesk) -> None:
    kept = select(Location.name)

    def elsewhere(session: Session, _scope: Scope) -> list[str]:
        session.info["practice_id"] = UUID(int=1)
        return list(session.scalars(kept))

    def here(session: Session, _scope: Scope) -> list[str]:
        return list(session.scalars(kept))

    found = desk.ask(here)
    assert found
    assert desk.ask(elsewhere) == []
    assert desk.ask(here) == found
