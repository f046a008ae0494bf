"""The signed plan in a real practice's file: kept, judged, restored with it, never forged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.core.kernel.changes import Changes
from app.core.kernel.entitlement import NO_ACCOUNT, Plan, Standing
from app.core.membership.rules.grant import Freshness, Grant
from app.core.vault import signed_plan
from app.sync.engine import Did
from app.sync.entitlement.keeping import Received, receive
from app.sync.entitlement.verifying import Reason
from app.sync.protocol.entitlement import BETWEEN
from app.sync.protocol.messages import Welcome
from app.sync.protocol.signing import new_signing_key, pair, sign_grant, sign_key_list
from app.sync.protocol.terms import Verb
from tests.support.clock import THE_MOMENT, StillClock
from tests.support.practice import StoredPractice, TestDesk
from tests.sync.entitlement.account import ROOTS, Account, grant
from tests.sync.worlds import Desktop


class Hearing:
    """An open practice that hears an account."""

    def __init__(self, practice: bootstrap.OpenPractice) -> None:
        self.practice = practice
        self.id = practice.desk.actor.practice_id
        self.account = Account()

    def hears(self, text: str) -> Received:
        """Let a pair come."""

        def come(session: Any) -> tuple[Received, Changes]:
            return receive(session, text, self.id, ROOTS), Changes()

        received = self.practice.desk.confirm(come, durable=True).result()
        if received.kept is not None:
            self.practice._entitled(received.kept)
        return received

    def granted(self, **said: Any) -> Grant:
        """Let a genuine grant come, and return it."""
        one = grant(practice_id=self.id, **said)
        assert self.hears(self.account.says(one)).reason is Reason.ACCEPTED
        return one

    def writes(self, keys: str, document: str) -> None:
        """Write into the file by hand."""

        def write(session: Any) -> tuple[None, Changes]:
            signed_plan.keep(session, self.id, keys, document)
            return None, Changes()

        self.practice.desk.confirm(write, durable=True).result()

    def standing(self) -> Standing:
        """The column of the table of acts."""
        return self.practice.desk.entitlement.standing


@pytest.fixture
def hearing(practice: bootstrap.OpenPractice) -> Hearing:
    """An open practice without an account yet."""
    return Hearing(practice)


def test_a_practice_without_an_account_has_starters_limits(hearing: Hearing) -> None:
    assert hearing.practice.desk.entitlement == NO_ACCOUNT
    assert hearing.practice.plan().grant is None


def test_a_grant_holds_at_once_and_ages_with_the_clock(hearing: Hearing, desk: TestDesk) -> None:
    hearing.granted(plan=Plan.GROUP)
    assert desk.entitlement.active_clients is None
    desk.clock.forward(days=14)
    assert hearing.practice.plan().freshness is Freshness.EXPIRED
    assert hearing.standing() is Standing.WITHIN
    desk.clock.forward(days=30, seconds=1)
    assert hearing.standing() is Standing.STALE
    desk.clock.set(THE_MOMENT - timedelta(days=1))
    assert hearing.practice.plan().clock_turned_back
    assert hearing.standing() is Standing.WITHIN


def test_only_a_signed_document_restricts(hearing: Hearing) -> None:
    hearing.granted(plan=Plan.GROUP)
    hearing.hears("nonsense")
    liar = replace(new_signing_key("x"), kid=hearing.account.key.kid)
    lapsed = grant(Plan.GROUP, 9, practice_id=hearing.id, lapsed=True)
    forged = pair(hearing.account.keys, sign_grant(lapsed, liar))
    assert hearing.hears(forged).reason is Reason.BAD_SIGNATURE
    assert hearing.standing() is Standing.WITHIN
    assert hearing.hears(hearing.account.says(lapsed)).reason is Reason.ACCEPTED
    assert hearing.standing() is Standing.LAPSED


def test_it_is_there_when_the_practice_is_opened_again_and_restored(
    hearing: Hearing, stored_practice: StoredPractice, practice_folder: Path, tmp_path: Path
) -> None:
    hearing.granted(plan=Plan.ARCHIVE, seq=4)
    backup = hearing.practice.backup(tmp_path / "backups")
    hearing.practice.close()
    again = Hearing(bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock()))
    assert again.standing() is Standing.ARCHIVE
    again.practice.close()
    target = tmp_path / "restored"
    keys = bootstrap.restore(backup.path, target, recovery_key=stored_practice.recovery_key)
    restored = Hearing(bootstrap.open_practice(target, keys, StillClock()))
    try:
        assert restored.standing() is Standing.ARCHIVE
        # And an older document is a replay there, too.
        replay = hearing.account.says(grant(Plan.GROUP, 3, practice_id=hearing.id))
        assert restored.hears(replay).reason is Reason.REPLAYED
        assert restored.standing() is Standing.ARCHIVE
    finally:
        restored.practice.close()


def test_a_dropped_key_means_refresh_now_and_takes_nothing_away(hearing: Hearing) -> None:
    hearing.granted(plan=Plan.GROUP, seq=4)
    old = hearing.account.key
    hearing.account.rotate("2026-b", THE_MOMENT, drop=True)
    stale = pair(hearing.account.keys, sign_grant(grant(seq=5, practice_id=hearing.id), old))
    received = hearing.hears(stale)
    assert received.reason is Reason.UNKNOWN_KEY
    assert hearing.practice.plan().freshness is Freshness.DUE
    assert hearing.standing() is Standing.WITHIN
    assert hearing.practice.desk.entitlement.active_clients is None
    hearing.granted(plan=Plan.STARTER, seq=6)
    assert hearing.practice.plan().freshness is Freshness.FRESH


def test_what_was_written_into_the_file_by_hand_keeps_no_genuine_document_out(
    hearing: Hearing,
) -> None:
    hearing.granted(plan=Plan.STARTER, seq=4)
    mine = Account(root=replace(new_signing_key("x"), kid="development"))
    forged = mine.says(grant(Plan.GROUP, 10**9, practice_id=hearing.id))
    hearing.writes(*forged.split(BETWEEN))
    hearing.granted(plan=Plan.STARTER, seq=5)
    assert hearing.practice.desk.entitlement.active_clients == 10


def test_a_forged_document_in_the_file_is_gone_with_the_next_word_of_the_account(
    hearing: Hearing,
) -> None:
    keys = hearing.account.keys
    liar = replace(new_signing_key("x"), kid=hearing.account.key.kid)
    hearing.writes(keys, sign_grant(grant(Plan.GROUP, 9, practice_id=hearing.id), liar))
    unknown = sign_grant(grant(practice_id=hearing.id), new_signing_key("unknown"))
    assert hearing.hears(pair(keys, unknown)).reason is Reason.UNKNOWN_KEY
    assert hearing.practice.desk.entitlement.active_clients == NO_ACCOUNT.active_clients


def test_what_cannot_be_read_in_the_file_counts_as_nothing(
    hearing: Hearing, stored_practice: StoredPractice, practice_folder: Path
) -> None:
    hearing.writes("no.list.at", "all")
    hearing.practice.close()
    again = bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock())
    assert again.desk.entitlement == NO_ACCOUNT
    again.close()


def test_a_list_signed_by_the_next_root_takes_the_place_of_one_no_longer_pinned(
    hearing: Hearing,
) -> None:
    before = Account(root=new_signing_key("root-before"))
    hearing.writes(
        before.keys, sign_grant(grant(Plan.GROUP, 5, practice_id=hearing.id), before.key)
    )
    assert hearing.hears("nonsense").kept is not None
    hearing.granted(plan=Plan.STARTER, seq=6)
    assert hearing.practice.desk.entitlement.active_clients == 10


def test_a_computer_hears_of_the_plan_when_it_greets_its_account(laptop: Desktop) -> None:
    account = Account()
    heard: list[str] = []
    link = laptop.file.slice(lambda part: part.link())
    said = {"seq": 0}

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not Verb.HELLO:
            return None
        said["seq"] += 1
        laptop.transport.tap = None
        welcome: Welcome = laptop.transport.ask(verb, message)
        laptop.transport.tap = tap
        one = grant(Plan.STARTER, said["seq"], laptop.clock.now(), link.practice_id)
        return replace(welcome, entitlement=account.says(one))

    laptop.transport.tap = tap
    laptop.restart()
    laptop.engine.greeting.entitled = laptop.practice._entitled
    stop = laptop.desk.listen(
        lambda changes: (
            heard.append(laptop.desk.entitlement.plan) if changes.touches("membership") else None
        )
    )
    assert laptop.sync(1) is Did.QUIET
    # Whoever is told looks at what came.
    assert heard == ["STARTER"]
    assert laptop.practice.plan().grant is not None
    # A day later it is asked for again, though nothing else is to be said.
    laptop.clock.forward(days=1)
    laptop.engine.run()
    grant_now = laptop.practice.plan().grant
    assert grant_now is not None
    assert grant_now.seq == said["seq"] == 2
    stop()


def test_a_list_of_keys_alone_restricts_nothing(hearing: Hearing) -> None:
    document = sign_grant(grant(practice_id=hearing.id), new_signing_key("unknown"))
    keys = sign_key_list(hearing.account.listed, hearing.account.root)
    assert hearing.hears(pair(keys, document)).reason is Reason.UNKNOWN_KEY
    assert hearing.practice.desk.entitlement == NO_ACCOUNT
