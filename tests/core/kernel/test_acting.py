"""Roles, scopes and the plan's table of acts."""

from __future__ import annotations

import pytest

from app.core.kernel.acting import GRANTS, Permission, Role, member_actor, system_actor
from app.core.kernel.changes import Changes
from app.core.kernel.entitlement import DEMO, NO_ACCOUNT, Act, Entitlement, Standing
from app.core.kernel.errors import PlanRefuses
from app.core.kernel.ids import IdMaker, new_id, occurrence_id

PRACTICE, MEMBER = new_id(1), new_id(1)


def test_the_owner_may_everything_and_sees_all_cases() -> None:
    actor = member_actor(PRACTICE, MEMBER, Role.OWNER)
    assert all(actor.may(permission) for permission in Permission)
    assert actor.scope().cases_of is None
    assert actor.scope().note_text


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
def test_clinicians_see_their_own_cases(role: Role) -> None:
    scope = member_actor(PRACTICE, MEMBER, role).scope()
    assert scope.cases_of == MEMBER
    assert Permission.PRACTICE_SETTINGS not in GRANTS[role]
    assert Permission.REPORTS not in GRANTS[role]


def test_an_admin_never_reads_a_note() -> None:
    scope = member_actor(PRACTICE, MEMBER, Role.ADMIN).scope()
    assert not scope.note_text
    assert scope.cases_of is None
    assert not {Permission.WRITE_NOTES, Permission.DIAGNOSE} & GRANTS[Role.ADMIN]


def test_the_program_itself_acts_for_no_member() -> None:
    assert system_actor(PRACTICE).member_id is None


ALLOWED = {
    Act.READ: "wlas",
    Act.CLOSE: "wls",
    Act.FINISH: "wlas",
    Act.SETTLE: "wls",
    Act.BOOK: "ws",
    Act.WITHDRAW: "wls",
    Act.GROW: "w",
}
LETTERS = {
    Standing.WITHIN: "w",
    Standing.LAPSED: "l",
    Standing.ARCHIVE: "a",
    Standing.STALE: "s",
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("standing", list(Standing))
def test_the_table_of_acts_and_states(act: Act, standing: Standing) -> None:
    entitlement = Entitlement("x", standing, None)
    if LETTERS[standing] in ALLOWED[act]:
        entitlement.require(act)
    else:
        with pytest.raises(PlanRefuses) as refused:
            entitlement.require(act)
        assert refused.value.sentence.endswith(".")


def test_without_an_account_ten_clients_and_in_the_demo_any_number() -> None:
    assert NO_ACCOUNT.active_clients == 10
    assert DEMO.active_clients is None


def test_changes_add_up() -> None:
    both = Changes(frozenset({"people"})) | Changes(frozenset({"billing"}))
    assert both.touches("people", "x")
    assert not both.touches("x")


def test_ids_sort_in_the_order_in_which_they_were_made() -> None:
    maker = IdMaker()
    made = [maker.new(ms) for ms in (5, 5, 4, 6, *[6] * 9000, 3)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one.version for one in made} == {7}


def test_two_devices_give_an_occurrence_the_same_id() -> None:
    series = new_id(1)
    assert occurrence_id(series, "2026-11-19T09:00") == occurrence_id(series, "2026-11-19T09:00")
    assert occurrence_id(series, "2026-11-19T09:00") != occurrence_id(series, "2026-11-26T09:00")
