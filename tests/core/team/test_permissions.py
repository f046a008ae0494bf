"""What the owner of a Group practice gives to roles and takes from them, and who may act at all."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from app import bootstrap
from app.core.kernel.acting import (
    ADJUSTABLE,
    GRANTS,
    Permission,
    Role,
    former_member,
    granted,
    member_actor,
)
from app.core.kernel.entitlement import UNLIMITED, Act, Entitlement, Feature, Standing
from app.core.kernel.errors import NotAllowed, PlanRefuses, UserError
from app.core.kernel.ids import new_id
from app.core.kernel.money import Money
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import keep_begun_sessions
from app.core.scheduling.queries.reading import days, in_window
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.commands import set_permission
from app.core.team.queries import role_rights
from app.core.team.rules import (
    PERMISSION_WORDS,
    MemberStatus,
    check_adjustable,
    read_permission_key,
)
from app.core.team.tables import Member
from app.core.vault.tables import Occupant
from tests.support.clock import StillClock
from tests.support.colleagues import FIRST, LAST, Colleagues, welcome
from tests.support.practice import StoredPractice

GROUP = Entitlement("GROUP", Standing.WITHIN, None, seats=UNLIMITED, features=frozenset(Feature))
PROFESSIONAL = Entitlement("PROFESSIONAL", Standing.WITHIN, None)
COUPLE = ServiceFields("Couple", "0002Z", 50, Money(200_00))


@command(permission=Permission.MANAGE_TEAM, label="End membership")
def end_membership(uow: UnitOfWork, member_id: UUID) -> None:
    """End a membership, as the server does."""
    uow.get(Member, member_id).status = MemberStatus.INACTIVE


@pytest.fixture
def group(practice: bootstrap.OpenPractice) -> bootstrap.OpenPractice:
    """The practice on Group."""
    practice._without_plan = GROUP
    return practice


def sit(practice: bootstrap.OpenPractice, role: Role) -> UUID:
    """Let a new member of that role sit at the desk."""
    desk = practice.desk
    member_id = desk.do(welcome, "Kim", "Aldous", role).value
    desk.act_as(member_actor(desk.actor.practice_id, member_id, role))
    look_again(practice)
    return member_id


def look_again(practice: bootstrap.OpenPractice) -> None:
    """Let the desk see what its member may do by now."""
    practice._look_who_acts()
    practice.desk.ask(lambda _session, _scope: None)  # stands behind it in the queue


def test_the_owner_lets_admins_import_and_takes_exports_from_providers(
    group: bootstrap.OpenPractice,
) -> None:
    desk = group.desk
    desk.do(set_permission, Role.ADMIN, Permission.IMPORT, True)
    desk.do(set_permission, Role.PROVIDER, Permission.EXPORT, False)
    told = {(each.role, each.permission): each for each in desk.ask(role_rights)}
    assert told[Role.ADMIN, Permission.IMPORT].given
    assert not told[Role.ADMIN, Permission.IMPORT].usual
    assert not told[Role.PROVIDER, Permission.EXPORT].given
    sit(group, Role.ADMIN)
    assert desk.actor.may(Permission.IMPORT)


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
def test_what_the_owner_gives_counts_at_once_and_only_on_group(
    group: bootstrap.OpenPractice, role: Role
) -> None:
    desk = group.desk
    desk.do(set_permission, role, Permission.OPERATIONAL_SETTINGS, True)
    desk.do(set_permission, role, Permission.BILL, False)
    sit(group, role)
    desk.do(add_service, COUPLE)
    assert not desk.actor.may(Permission.BILL)
    group._without_plan = PROFESSIONAL
    look_again(group)
    assert desk.actor.permissions == GRANTS[role]
    with pytest.raises(NotAllowed):
        desk.do(add_service, COUPLE)
    group._without_plan = GROUP
    look_again(group)
    assert desk.actor.may(Permission.OPERATIONAL_SETTINGS)


def test_a_right_goes_back_to_what_the_role_has(group: bootstrap.OpenPractice) -> None:
    desk = group.desk
    desk.do(set_permission, Role.ADMIN, Permission.BILL, False)
    done = desk.do(set_permission, Role.ADMIN, Permission.BILL, None)
    assert all(each.given == each.usual for each in desk.ask(role_rights))
    assert done.undo is not None
    desk.undo(done.undo).result()
    assert any(each.given != each.usual for each in desk.ask(role_rights))


def test_off_group_nothing_is_given(practice: bootstrap.OpenPractice) -> None:
    with pytest.raises(PlanRefuses, match="Group"):
        practice.desk.do(set_permission, Role.ADMIN, Permission.IMPORT, True)


def test_notes_the_team_and_the_owners_rights_are_never_given_nor_taken() -> None:
    fixed = {Permission.READ_NOTES, Permission.WRITE_NOTES, Permission.MANAGE_TEAM}
    assert not ADJUSTABLE[Role.OWNER]
    for role in Role:
        assert not ADJUSTABLE[role] & fixed
        assert ADJUSTABLE[role] <= PERMISSION_WORDS.keys()
        for permission in Permission:
            if permission in ADJUSTABLE[role]:
                check_adjustable(role, permission, GROUP)
                continue
            with pytest.raises(UserError, match="cannot be given"):
                check_adjustable(role, permission, GROUP)
            for given in (True, False):
                # What an altered program wrote all the same counts for nothing.
                assert granted(role, {permission: given}) == GRANTS[role]


def test_only_the_owner_gives_rights(group: bootstrap.OpenPractice) -> None:
    sit(group, Role.ADMIN)
    with pytest.raises(NotAllowed):
        group.desk.do(set_permission, Role.ADMIN, Permission.IMPORT, True)


@pytest.mark.parametrize("key", ["permission", "permission.ADMIN", "permission.KING.BILL",
                                 "permission.ADMIN.FLY", "notes.format", ""])  # fmt: skip
def test_other_keys_are_about_no_right(key: str) -> None:
    assert read_permission_key(key) is None


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN])
def test_whose_membership_ended_does_nothing(group: bootstrap.OpenPractice, role: Role) -> None:
    desk = group.desk
    owner = desk.actor
    member_id = sit(group, role)
    desk.act_as(owner)
    desk.do(end_membership, member_id)
    desk.act_as(member_actor(owner.practice_id, member_id, role))
    look_again(group)
    assert desk.actor.permissions == frozenset()
    assert not desk.actor.scope().note_text
    with pytest.raises(NotAllowed, match="has ended"):
        desk.do(add_service, COUPLE)


def occupied_by(stored: StoredPractice, folder: Path, member_id: UUID) -> bootstrap.OpenPractice:
    """Return the practice, opened as the file of that member."""
    first = bootstrap.open_practice(folder, stored.keys(), StillClock())
    as_hers = update(Occupant).values(member_id=member_id)
    # On the thread that writes: what an opening leaves to be done is written there meanwhile.
    desk = first.desk
    desk.on_writer(lambda: desk._in_file(lambda session: session.execute(as_hers))).result()
    first.close()
    return bootstrap.open_practice(folder, stored.keys(), StillClock())


def test_a_file_opens_with_the_rights_of_its_member(
    colleagues: Colleagues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = colleagues.stored.copy_to(tmp_path, monkeypatch)
    opened = occupied_by(colleagues.stored, folder, colleagues.bea)
    try:
        actor = opened.desk.actor
        assert (actor.member_id, actor.role) == (colleagues.bea, Role.PROVIDER)
        assert actor.permissions == GRANTS[Role.PROVIDER]
        sessions = opened.desk.ask(in_window, days(FIRST, LAST))
        assert {each.case_id for each in sessions} == {colleagues.her_case}
    finally:
        opened.close()


@pytest.mark.parametrize("standing", list(Standing))
def test_a_command_says_to_whom_it_is_open(standing: Standing) -> None:
    here, me = new_id(1), new_id(1)
    plan = Entitlement("x", standing, None)
    for role in Role:
        allowed = plan.allows(Act.CLOSE, role)
        assert keep_begun_sessions.open_to(member_actor(here, me, role), plan) == allowed
        assert not keep_begun_sessions.open_to(former_member(here, me, role), plan)
    assert not add_service.open_to(member_actor(here, me, Role.ASSOCIATE), plan)
