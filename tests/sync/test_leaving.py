"""A computer that was taken off the account leaves its work there, and then its copy goes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app import bootstrap, places
from app.core.clinical.commands.attachments import attach_to_client
from app.core.kernel.errors import MachineError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.vault import leaving
from app.core.vault.leaving import LEFT, Left
from app.sync.practice import PracticeSync
from app.sync.words import NOT_TAKEN, SENTENCES
from hosted.store.engine import For
from hosted.store.tables import Device
from hosted.sync import epochs, quarantine
from tests.hosted.web.conftest import Site
from tests.support.account import account
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, StoredPractice

__all__ = ["account"]

WALTER = PersonName(given="Walter", family="Strand")


def revoke(practice: bootstrap.OpenPractice, site: Site) -> None:
    """Take the practice's computer off the account."""
    devices, practice_id = site.services.devices, practice.desk.actor.practice_id
    devices.revoke(practice_id, devices.listed(practice_id)[0].id)


def left_there(practice_id: Any, site: Site) -> list[dict[str, Any]]:
    """Return what lies in quarantine."""
    with site.services.database.read(For(practice_id)) as session:
        return [json.loads(each.body) for each in quarantine.kept(session)]


def names_in(bodies: list[dict[str, Any]]) -> list[str]:
    """Return the clients' names among what was handed over."""
    said = [each[-1] for body in bodies for each in body["operations"]]
    return [each["legal_given"] for each in said if "legal_given" in each]


@pytest.fixture
def taken_off(practice: bootstrap.OpenPractice, account: Site) -> Iterator[PracticeSync]:
    """A practice with unsent work on a computer that was taken off meanwhile."""
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    assert practice.sync.sync_now().state is SyncState.SYNCED
    revoke(practice, account)
    practice.desk.do(add_client, NewClient(WALTER))
    yield practice.sync
    practice.sync.stop()


def test_it_hands_over_what_was_not_sent_and_the_copy_goes(
    practice: bootstrap.OpenPractice,
    taken_off: PracticeSync,
    account: Site,
    practice_folder: Path,
    tmp_path: Path,
) -> None:
    practice_id = practice.desk.actor.practice_id
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"Dear colleague")
    client = practice.desk.do(add_client, NewClient(WALTER)).value
    stored = practice.start_attach(letter).result()
    practice.desk.do(attach_to_client, client, stored, letter.name)
    sealed = next((practice_folder / "files").rglob(f"{stored.address}-0")).read_bytes()
    practice.backup()
    now = taken_off.sync_now()
    assert (now.state, now.leaving) == (SyncState.SIGN_IN, True)
    assert now.trouble == SENTENCES["revoked"]
    practice.desk.do(add_client, NewClient(PersonName(given="Mara", family="Lind")))
    said = practice.leave()
    assert said == (
        "This computer was taken off the account on Nov 19, 2026, and the practice was removed "
        "from it. 4 changes not sent before were handed to the account’s owner."
    )
    bodies = left_there(practice_id, account)
    assert {"Walter", "Mara"} <= set(names_in(bodies))
    (piece,) = [each for body in bodies for each in body.get("pieces", ())]
    assert (piece[0], piece[1], piece[2]) == (stored.address, 0, 1)
    assert base64.b64decode(piece[3]) == sealed
    assert [path.name for path in practice_folder.rglob("*") if path.is_file()] in (
        [LEFT],
        [LEFT, "practice.lock"],
        ["practice.lock", LEFT],
    )
    assert places.left_from(practice_folder) == said
    with pytest.raises(MachineError, match="taken off the account"):
        bootstrap.unlock(practice_folder, passphrase="whatever it was")


def test_a_backup_from_before_opens_and_stays_but_no_longer_syncs(
    practice: bootstrap.OpenPractice, taken_off: PracticeSync, practice_folder: Path, tmp_path: Path
) -> None:
    practice.choose_backup_folder(tmp_path / "stick")
    kept = practice.backup()
    taken_off.sync_now()
    assert f"Encrypted backups stay in {tmp_path / 'stick'}." in practice.leave()
    keys = bootstrap.restore(kept.path, practice_folder, passphrase=PASSPHRASE)
    again = bootstrap.open_practice(practice_folder, keys, StillClock())
    now = again.sync.sync_now()
    assert (now.state, now.leaving, now.trouble) == (SyncState.SIGN_IN, False, NOT_TAKEN)
    again.close()


def test_a_backup_of_a_computer_that_never_left_is_handed_over_and_goes(
    practice: bootstrap.OpenPractice, taken_off: PracticeSync, practice_folder: Path, tmp_path: Path
) -> None:
    kept = practice.backup(tmp_path / "stick")
    practice.close()
    keys = bootstrap.restore(kept.path, tmp_path / "other", passphrase=PASSPHRASE)
    again = bootstrap.open_practice(tmp_path / "other", keys, StillClock())
    assert again.sync.sync_now().leaving
    assert "1 change not sent before was handed to" in again.leave()


def test_backups_that_go_with_the_copy_are_not_promised(
    practice: bootstrap.OpenPractice, taken_off: PracticeSync, practice_folder: Path
) -> None:
    practice.choose_backup_folder(practice_folder / "backups")
    practice.backup()
    assert taken_off.sync_now().leaving
    assert "stay in" not in practice.leave()
    assert not list(practice_folder.rglob("*.prbackup"))


def test_a_chosen_folder_without_a_backup_is_not_named(
    practice: bootstrap.OpenPractice, taken_off: PracticeSync, tmp_path: Path
) -> None:
    practice.choose_backup_folder(tmp_path / "stick")
    assert taken_off.sync_now().leaving
    assert "stay in" not in practice.leave()


def test_backups_in_a_folder_of_its_own_stay_and_are_named(
    practice: bootstrap.OpenPractice, taken_off: PracticeSync, practice_folder: Path
) -> None:
    practice.choose_backup_folder(practice_folder)
    made = practice.backup()
    assert taken_off.sync_now().leaving
    assert practice.leave().endswith(f"Encrypted backups stay in {practice_folder}.")
    assert made.path.exists()


def test_without_a_network_everything_stays_and_it_goes_on_at_the_next_start(
    practice: bootstrap.OpenPractice,
    taken_off: PracticeSync,
    account: Site,
    practice_folder: Path,
    stored_practice: StoredPractice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    practice_id = practice.desk.actor.practice_id
    assert taken_off.sync_now().leaving

    def full(*_: object) -> None:
        raise MachineError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(leaving, "begin", full)
        with pytest.raises(MachineError, match="full"):
            practice.leave()
    again = bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock())
    assert again.sync.status().state is SyncState.SIGN_IN
    assert not again.sync.status().leaving, "the account was not asked yet in this run"
    assert again.sync.sync_now().leaving
    again.leave()
    assert not (practice_folder / "practice.db").exists()
    bodies = left_there(practice_id, account)
    assert [names_in([body]) for body in bodies] == [["Walter"]], "known again, and kept once"


def test_who_cannot_ask_the_account_loses_nothing(
    practice: bootstrap.OpenPractice,
    taken_off: PracticeSync,
    account: Site,
    practice_folder: Path,
    stored_practice: StoredPractice,
) -> None:
    assert taken_off.sync_now().leaving
    account.stop()
    with pytest.raises(MachineError, match="no network"):
        practice.leave()
    again = bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock())
    assert not again.sync.sync_now().leaving
    assert again.sync.status().waiting == 1
    again.close()


def test_an_account_that_was_set_back_takes_no_copy_away(
    practice: bootstrap.OpenPractice,
    taken_off: PracticeSync,
    account: Site,
    practice_folder: Path,
    stored_practice: StoredPractice,
) -> None:
    database = account.services.database
    epochs.begin_anew(database, StillClock().now())
    account.services.exchange._facts = epochs.facts(database)
    assert taken_off.sync_now().leaving
    with pytest.raises(MachineError) as kept:
        practice.leave()
    assert kept.value.sentence == NOT_TAKEN
    again = bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock())
    now = again.sync.sync_now()
    assert (now.state, now.leaving, now.waiting) == (SyncState.SIGN_IN, False, 1)
    again.close()


def test_a_practice_that_was_not_all_uploaded_is_handed_over_whole(
    practice: bootstrap.OpenPractice, account: Site
) -> None:
    practice_id = practice.desk.actor.practice_id
    for given in ("Ana", "Bo", "Cy"):
        practice.desk.do(add_client, NewClient(PersonName(given=given, family="Strand")))
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    with account.services.database.write(For(practice_id)) as session:
        session.execute(update(Device).values(revoked_at=account.clock.now()))
    practice.sync._file.slice(
        lambda part: part.connection.execute("UPDATE sync_link SET refused = 'revoked'")
    )
    assert practice.sync.sync_now().leaving
    practice.leave()
    assert set(names_in(left_there(practice_id, account))) == {"Ana", "Bo", "Cy"}


def test_a_computer_that_the_account_still_knows_leaves_nothing(
    practice: bootstrap.OpenPractice, account: Site
) -> None:
    """Whatever had been taken for its word: it is asked again before anything is handed over."""
    practice.sync.connect(account.address, account.services.devices.new_code(), "Office")
    practice.sync.sync_now()
    practice.desk.do(add_client, NewClient(WALTER))
    practice.sync._file.slice(
        lambda part: part.connection.execute("UPDATE sync_link SET refused = 'revoked'")
    )
    now = practice.sync.sync_now()
    assert (now.state, now.leaving, now.waiting) == (SyncState.SYNCED, False, 0)
    assert left_there(practice.desk.actor.practice_id, account) == []
    practice.sync.stop()


@pytest.mark.parametrize("removed", [(), ("practice.keys",), ("practice.keys", "practice.db")])
def test_a_removal_that_was_cut_off_goes_on_at_the_next_start(
    practice: bootstrap.OpenPractice, practice_folder: Path, removed: tuple[str, ...]
) -> None:
    left = Left(practice.vault.vault_id, "2026-11-17", 0, "/media/stick")
    practice.backup()
    practice.close()
    leaving.begin(practice.vault.place, left)
    for name in removed:
        (practice_folder / name).unlink()
    assert places.left_from(practice_folder).endswith("Encrypted backups stay in /media/stick.")
    there = {path.name for path in practice_folder.rglob("*") if path.is_file()}
    assert there <= {LEFT, "practice.lock"}


def test_another_practice_that_came_meanwhile_is_not_removed(
    practice: bootstrap.OpenPractice, practice_folder: Path, stored_practice: StoredPractice
) -> None:
    practice.backup()
    practice.close()
    leaving.begin(practice.vault.place, Left("0" * 32, "2026-11-17", 0))
    assert places.left_from(practice_folder) == ""
    bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock()).close()
    assert list((practice_folder / "backups").glob("*.prbackup"))


@pytest.mark.parametrize("content", [b"", b"{", b'{"format": 99}'])
def test_whose_keys_nobody_can_read_is_not_taken_for_another_practice(
    practice: bootstrap.OpenPractice, practice_folder: Path, content: bytes
) -> None:
    practice.close()
    leaving.begin(practice.vault.place, Left(practice.vault.vault_id, "2026-11-17", 0))
    keys = practice_folder / "practice.keys"
    whole = keys.read_bytes()
    keys.write_bytes(content)
    assert places.left_from(practice_folder) == ""
    assert (practice_folder / "practice.db").exists()
    keys.write_bytes(whole)
    assert places.left_from(practice_folder)
    assert not (practice_folder / "practice.db").exists()


def test_keys_that_the_disk_does_not_give_are_not_taken_for_another_practice(
    practice: bootstrap.OpenPractice, practice_folder: Path
) -> None:
    practice.close()
    leaving.begin(practice.vault.place, Left(practice.vault.vault_id, "2026-11-17", 0))
    keys = practice_folder / "practice.keys"
    aside = keys.rename(keys.with_suffix(".aside"))
    keys.mkdir()
    with pytest.raises(MachineError):
        places.left_from(practice_folder)
    keys.rmdir()
    aside.rename(keys)
    assert places.left_from(practice_folder)
    assert not (practice_folder / "practice.db").exists()
