"""The practice's own rows are written by who has the right to them, and by nobody else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.kernel.acting import GRANTS, Permission, Role
from app.core.kernel.entitlement import Plan
from app.core.store.reading import BROUGHT_BY, CASE, FILE, HANGS_BY
from app.sync.protocol.records import Answer, Earlier
from hosted.store.engine import Database
from hosted.store.kinds import kinds
from tests.hosted.sync.test_restored import Restorable, lost, restore, stated
from tests.hosted.sync.test_scope import Group
from tests.hosted.team.office import office_on
from tests.hosted.worlds import PRACTICE, Computer, Server

__all__ = ["lost"]

REFUSED = ("rejected", "server_owned")
TAKEN = ("applied", "")
SERVICE = {"name": "Individual session", "minutes": 50, "fee": 16500}
RUN = {
    "source": "CSV",
    "files": [],
    "state": "DONE",
    "started_at": "2026-11-19T19:00:00+00:00",
    "people": 1,
    "cases": 1,
    "over_plan": 0,
    "problems": [],
    "kept": [],
}
#: A row of each of the practice's own tables, with the right that writes it.
ROWS: tuple[tuple[str, Permission, dict[str, Any]], ...] = (
    ("practice", Permission.PRACTICE_SETTINGS, PRACTICE),
    ("service", Permission.OPERATIONAL_SETTINGS, SERVICE),
    ("location", Permission.OPERATIONAL_SETTINGS, {"name": "Office", "format": "IN_PERSON"}),
    (
        "office_hours",
        Permission.OPERATIONAL_SETTINGS,
        {"weekday": 0, "opens": "09:00", "closes": "17:00"},
    ),
    ("setting", Permission.PRACTICE_SETTINGS, {"key": "notes.format", "value": "DAP"}),
    ("setting", Permission.PRACTICE_SETTINGS, {"key": "of.a.newer.program", "value": 1}),
    (
        "setting",
        Permission.OPERATIONAL_SETTINGS,
        {"key": "calendar.week_starts", "value": "SUNDAY"},
    ),
    ("import_run", Permission.IMPORT, RUN),
)


def said(answers: tuple[Answer, ...]) -> set[tuple[str, str]]:
    return {(each.verdict, each.refusal) for each in answers}


def of_role(group: Group, role: Role) -> Computer:
    """Return a computer of another member."""
    pk = group.owner.add("member", {"given": "Pat", "role": role.value})
    computer = group.owner.server.computer(group.owner.caller.practice_id, "Pat", pk)
    computer.pull()
    return computer


@pytest.fixture
def group(server: Server) -> Group:
    """An owner and an associate, each with a case."""
    return Group(server)


def test_each_table_hangs_on_a_case_or_a_person_or_says_who_writes_it() -> None:
    theirs = {*HANGS_BY, *BROUGHT_BY, CASE, FILE}
    free = {name for name, kind in kinds("sqlite").items() if kind.right is None}
    assert free <= theirs
    assert {entity for entity, _, _ in ROWS} | {"member", "license"} == kinds(
        "sqlite"
    ).keys() - theirs


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN])
def test_a_role_writes_of_the_practices_rows_what_it_has_the_right_to(
    group: Group, role: Role
) -> None:
    owner, computer = group.owner, of_role(group, role)
    there = [owner.add(entity, row) for entity, _, row in ROWS]
    computer.pull()
    before = {
        pk: dict(owner.rows[entity, pk]) for (entity, _, _), pk in zip(ROWS, there, strict=True)
    }
    for (entity, right, row), pk in zip(ROWS, there, strict=True):
        wanted = TAKEN if right in GRANTS[role] else REFUSED
        name, value = next((name, each) for name, each in row.items() if name != "key")
        other = value + 1 if isinstance(value, int) else value
        changes = (
            computer.write(entity, pk, {name: other}),
            computer.write(entity, pk, {"deleted_at": "2026-11-19T19:00:00+00:00"}),
            computer.write(entity, uuid4(), row, new=True),
        )
        *kept, new = computer.push(*changes)
        assert said((new,)) == {wanted}, row
        assert {each.verdict for each in kept} == {wanted[0]}, row
    owner.pull()
    for (entity, right, _), pk in zip(ROWS, there, strict=True):
        if right not in GRANTS[role]:
            assert owner.row(entity, pk) == before[pk]


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN])
def test_everybody_keeps_their_own_record_and_licenses_and_nobody_elses(
    group: Group, role: Role
) -> None:
    owner, computer = group.owner, of_role(group, role)
    me, boss = computer.caller.member_id, owner.caller.member_id
    said_of = {"number": "84117", "state": "CA"}
    theirs = owner.add("license", {**said_of, "member_id": boss.hex})
    computer.pull()
    mine = computer.write("license", uuid4(), {**said_of, "member_id": me.hex}, new=True)
    own = computer.write("member", me, {"npi": "1234567893", "credentials": "LMFT"})
    assert said(computer.push(mine, own)) == {TAKEN}
    computer.pull()
    assert said(computer.push(computer.write("license", mine.pk, {"number": "2"}))) == {TAKEN}
    for change in (
        computer.write("member", boss, {"npi": "1234567893"}),
        computer.write("license", theirs, {"number": "1"}),
        computer.write("license", theirs, {"member_id": me.hex}),
        computer.write("license", mine.pk, {"member_id": boss.hex}),
        computer.write("license", uuid4(), {**said_of, "member_id": boss.hex}, new=True),
    ):
        assert said(computer.push(change)) == {REFUSED}


def test_an_admin_says_nothing_of_a_diagnosis(group: Group) -> None:
    said_of = {
        "client_id": group.hers["client"].hex,
        "code": "F41.1",
        "description": "Anxiety",
        "valid_from": "2026-11-19",
    }
    admin = of_role(group, Role.ADMIN)
    assert said(admin.push(admin.write("diagnosis", uuid4(), said_of, new=True))) == {REFUSED}
    kim = group.associate
    assert said(kim.push(kim.write("diagnosis", uuid4(), said_of, new=True))) == {TAKEN}


def test_what_the_owner_of_a_group_practice_gave_and_took_counts(
    stored: Database, tmp_path: Path
) -> None:
    office = office_on(stored, tmp_path)
    kim = office.connect(office.joined(role=Role.ASSOCIATE).member_id, "Kim's laptop")
    pat = office.connect(
        office.joined("pat@alderstreet.example", Role.ADMIN, "Pat Doe").member_id, "Pat's laptop"
    )

    def decided(role: Role, given: bool) -> UUID:
        key = f"permission.{role}.OPERATIONAL_SETTINGS"
        return office.computer.add("setting", {"key": key, "value": given})

    def adds(computer: Computer) -> set[tuple[str, str]]:
        return said(computer.push(computer.write("service", uuid4(), SERVICE, new=True)))

    assert (adds(kim), adds(pat)) == ({REFUSED}, {TAKEN})
    undone = [decided(Role.ASSOCIATE, True), decided(Role.ADMIN, False)]
    assert (adds(kim), adds(pat)) == ({TAKEN}, {REFUSED})
    # It stays through another plan, and does not count there.
    office.choose(Plan.PROFESSIONAL)
    assert (adds(kim), adds(pat)) == ({REFUSED}, {TAKEN})
    office.choose(Plan.GROUP)
    assert (adds(kim), adds(pat)) == ({TAKEN}, {REFUSED})
    for pk in undone:
        office.computer.change("setting", pk, deleted_at="2026-11-19T19:00:00+00:00")
    assert (adds(kim), adds(pat)) == ({REFUSED}, {TAKEN})


def test_a_service_that_a_restore_lost_comes_back_from_anybodys_computer(lost: Restorable) -> None:
    group = Group(lost)
    owner, kim = group.owner, group.associate
    image = lost.image()
    service = owner.add("service", SERVICE)
    kim.pull()
    ended = restore(lost, image, owner, kim)
    whole = {**SERVICE, "name": "Individual session"}
    assert said(kim.push(stated(kim, "service", service, (ended, 90), whole))) == {TAKEN}
    owner.pull()
    # What is no statement is judged by the role, also what was brought along.
    changed = kim.write("service", service, {"fee": 1})
    brought = replace(kim.write("service", service, {"fee": 1}), earlier=Earlier(base=ended))
    for each in (changed, brought, kim.write("service", uuid4(), SERVICE, new=True)):
        assert said(kim.push(each)) == {REFUSED}
