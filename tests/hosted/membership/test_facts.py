"""What a plan is judged by, from real rows of both databases."""

from __future__ import annotations

from uuid import uuid4

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.subscription import Subscription
from hosted.pairing import Devices
from tests.hosted.membership.conftest import Subscribed
from tests.hosted.worlds import CLIENT, NOTE


def test_an_account_that_chose_nothing_is_on_starter_since_it_signed_up(
    practice: Subscribed,
) -> None:
    signed_up = practice.now
    practice.server.clock.forward(days=3)
    found = practice.facts()
    assert found.subscription == Subscription(signed_up)
    assert found.zone == "America/Los_Angeles"
    assert [(each.name, each.role) for each in found.staff] == [("Dana Whitfield", Role.OWNER)]
    assert not found.drafts
    assert not found.unsent


def test_only_clients_who_are_active_now_count(practice: Subscribed) -> None:
    first, second, *_ = practice.clients(4)
    practice.owner.add("client", {**CLIENT, "lifecycle": "PROSPECT"})
    practice.owner.change("client", first, lifecycle="INACTIVE")
    practice.owner.change("client", second, deleted_at="2026-11-19T17:00:00+00:00")
    assert practice.facts().active_clients == 2


def test_notes_that_nobody_signed_are_named(practice: Subscribed) -> None:
    owner = practice.owner
    case = owner.add("care_case", {"kind": "INDIVIDUAL", "provider_id": owner.caller.member_id.hex})
    said = {**NOTE, "case_id": case.hex, "author_id": owner.caller.member_id.hex}
    draft = owner.add("note", said)
    signed = owner.add("note", said)
    owner.change("note", signed, status="SIGNED", signed_hash="ab")
    assert [(each.id, each.words) for each in practice.facts().drafts] == [
        (draft.hex, "Progress note of Nov 19, 2026")
    ]


def test_a_computer_is_named_until_all_has_come_that_it_had_when_it_greeted(
    practice: Subscribed,
) -> None:
    laptop = practice.join(Role.PROVIDER, "Ana")
    laptop.hello(waiting=2, lsn=2)
    assert [each.words for each in practice.facts().unsent] == ["Ana"]
    first, second = (laptop.write("client", uuid4(), CLIENT, new=True) for _ in range(2))
    laptop.push(first)
    assert practice.facts().unsent
    laptop.push(second)
    assert not practice.facts().unsent


def test_a_computer_that_was_revoked_keeps_nobody_waiting(practice: Subscribed) -> None:
    laptop = practice.join(Role.PROVIDER, "Ana")
    laptop.hello(waiting=1, lsn=1)
    devices = Devices(practice.server.database, practice.server.clock)
    devices.revoke(practice.practice_id, laptop.caller.device_id)
    assert not practice.facts().unsent


def test_what_was_chosen_is_kept(practice: Subscribed) -> None:
    practice.with_card().change(Plan.GROUP)
    found = practice.facts().subscription
    assert (found.plan, found.card) == (Plan.GROUP, True)
    assert found.paid is not None
    assert (found.paid.begins, found.paid.days) == (practice.now, 30)
