"""What the account issues, taken by the program: only its own practice's, and nothing older."""

from __future__ import annotations

from uuid import UUID, uuid4

from app.sync.entitlement.keeping import Received, receive
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import Reason
from tests.sync.entitlement.granted import add, five_minutes, give_account, greet, used
from tests.sync.worlds import Desktop


def test_a_replayed_document_and_another_practices_change_nothing(office: Desktop) -> None:
    granting = give_account(office)
    practice_id = office.desk.actor.practice_id
    old = granting.pair_for(practice_id)
    greet(office)
    add(office, 2, "Office")
    five_minutes(office)
    holds = used(office)

    def take(pair: str, of: UUID = practice_id) -> Received:
        return office.file.slice(lambda part: receive(part.session, pair, of, pinned_roots()))

    replayed = take(old)
    assert replayed.reason is Reason.REPLAYED
    foreign = take(granting.pair_for(practice_id), uuid4())
    assert foreign.reason is Reason.WRONG_PRACTICE
    again = take(granting.pair_for(practice_id))
    assert again.reason is Reason.ACCEPTED
    assert again.kept is not None
    assert again.kept.grant is not None
    assert (again.kept.grant.active_clients_used, 10) == holds
