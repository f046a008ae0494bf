"""Copies and restores: of a file, of a computer, of the server; and versions that differ."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app import bootstrap
from app.core.clinical.commands.notes import sign_note
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client, change_details, change_name
from app.core.people.rules import DetailFields, NewClient
from app.core.vault.desk import InlineWorker
from app.core.vault.keys import Keys
from app.sync import lives
from app.sync.forms import Form, form_of
from app.sync.outbox import OpState
from app.sync.protocol.terms import Refusal, Verb
from app.sync.transport import Declined, Trouble, Unreachable
from tests.support.images import image_of
from tests.support.practice import PASSPHRASE
from tests.sync.test_two_computers import draft, number_of, person, texts, write
from tests.sync.worlds import Desktop, Direct, assert_same, copied, settle

WALTER = PersonName(given="Walter", family="Strand")


def name(desktop: Desktop, client: UUID, given: str) -> None:
    desktop.desk.do(change_name, client, PersonName(given=given, family="Strand"))


def reopened(desktop: Desktop, folder: Path, keys: Keys) -> None:
    """Open the file in ``folder`` on this computer."""
    with desktop.at_home():
        practice = bootstrap.open_practice(folder, copied(keys), desktop.clock, InlineWorker)
    desktop.opened(practice)


def test_a_restored_backup_is_a_new_life_and_ends_whole(
    office: Desktop, laptop: Desktop, stored_keys: Keys, tmp_path: Path
) -> None:
    walter = person(office)
    settle(office, laptop)
    name(office, walter.client_id, "Not yet sent")
    with office.at_home():
        backup = office.practice.backup(tmp_path / "backups")
    settle(office, laptop)
    name(office, walter.client_id, "After the backup")
    first = number_of(office, walter, 2)
    draft(office, walter.case_id, "written after the backup")
    settle(office, laptop)
    old = office.practice._ports.chain
    office.close()
    with office.at_home():
        keys = bootstrap.restore(backup.path, office.root / "data", passphrase=PASSPHRASE)
    reopened(office, office.root / "data", keys)
    assert office.practice._ports.chain != old
    second = number_of(office, walter, 3)
    settle(office, laptop)
    assert_same(office, laptop)
    assert office.row("client", walter.client_id)["legal_given"] == "After the backup"
    assert "written after the backup" in texts(office)
    assert first != second
    assert office.inbox() == []
    assert office.status().state is SyncState.SYNCED


def stamps(desktop: Desktop) -> list[int]:
    """Return the stamps of what waits, in the order of writing."""
    found = desktop.file.slice(
        lambda part: part.connection.execute(
            "SELECT hlc FROM outbox WHERE hlc > 0 ORDER BY lsn"
        ).fetchall()
    )
    return [hlc for (hlc,) in found]


def test_a_stamp_never_lies_below_one_given_before_the_file_was_closed(
    office: Desktop, stored_keys: Keys
) -> None:
    walter = person(office)
    (*_, last) = stamps(office)
    settle(office)
    assert office.waiting() == []
    office.close()
    office.hosted.clock.forward(days=-1)
    reopened(office, office.root / "data", stored_keys)
    name(office, walter.client_id, "Written by a clock set back")
    assert stamps(office)[0] > last
    settle(office)


def test_a_cloned_computer_becomes_another_incarnation(
    office: Desktop, laptop: Desktop, stored_keys: Keys, tmp_path: Path
) -> None:
    """The whole disk was copied, marks and token too: only the server can notice."""
    walter = person(office)
    settle(office, laptop)
    office.close()
    clone = Desktop(tmp_path / "clone", office.hosted)
    shutil.copytree(office.root, clone.root)
    clone.transport = Direct(office.hosted, office.transport.caller)
    reopened(office, office.root / "data", stored_keys)
    reopened(clone, clone.root / "data", stored_keys)
    name(office, walter.client_id, "Original")
    for given in ("One", "Two", "Three"):
        name(office, walter.client_id, given)
    settle(office)
    same = clone.practice._ports.chain
    assert same == office.practice._ports.chain
    clone.desk.do(change_details, walter.client_id, DetailFields(pronouns="he/him"))
    settle(clone, office, laptop)
    assert clone.practice._ports.chain != same
    assert clone.practice._ports.tag != office.practice._ports.tag
    numbers = [number_of(desktop, walter, 9) for desktop in (office, clone)]
    assert len(set(numbers)) == 2
    settle(clone, office, laptop)
    assert_same(clone, office, laptop)
    row = laptop.row("client", walter.client_id)
    assert (row["legal_given"], row["pronouns"]) == ("Three", "he/him")
    clone.close()


@contextmanager
def older_version(
    monkeypatch: pytest.MonkeyPatch, lacking: dict[str, set[str]], tables: set[str]
) -> Iterator[None]:
    """Let this program not know some columns and tables, as an older version of it."""

    class Older(Form):
        @property
        def names(self) -> tuple[str, ...]:
            return tuple(
                n for n in real(self.entity).names if n not in lacking.get(self.entity, ())
            )

    def older(entity: str) -> Form | None:
        return None if entity in tables else Older(real(entity).kind)

    def real(entity: str) -> Form:
        form = form_of(entity)
        assert form is not None
        return form

    with monkeypatch.context() as patch:
        for module in ("applying", "forms", "puller", "guard", "removing", "sender"):
            patch.setattr(f"app.sync.{module}.form_of", older)
        yield


def test_an_older_version_clears_nothing_and_catches_up_when_updated(
    office: Desktop, laptop: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    walter = person(office)
    settle(office, laptop)
    with older_version(monkeypatch, {"client": {"pronouns"}}, {"diagnosis"}):
        laptop.restart()
        office.desk.do(
            change_details, walter.client_id, DetailFields(pronouns="he/him", notes="new")
        )
        note = draft(office, walter.case_id, "begun")
        # The newer computer itself knows everything.
    settle(office)
    with older_version(monkeypatch, {"client": {"pronouns"}}, {"diagnosis"}):
        settle(laptop)
        name(laptop, walter.client_id, "Wally")
        write(laptop, note, "on the older one")
        settle(laptop)
    settle(office)
    row = office.row("client", walter.client_id)
    assert (row["pronouns"], row["legal_given"], row["notes"]) == ("he/him", "Wally", "new")
    assert laptop.row("client", walter.client_id)["pronouns"] == ""
    laptop.restart()
    settle(laptop, office)
    assert laptop.row("client", walter.client_id)["pronouns"] == "he/him"
    assert_same(office, laptop)


@pytest.mark.parametrize("announced", [True, False])
def test_a_server_restored_from_its_own_backup_gets_everything_again(
    office: Desktop, laptop: Desktop, announced: bool
) -> None:
    walter = person(office)
    settle(office, laptop)
    content = image_of(office.hosted.database)
    office.hosted.clock.forward(minutes=1)
    name(office, walter.client_id, "After its backup")
    note = draft(office, walter.case_id, "written after its backup")
    settle(office)
    office.hosted.clock.forward(minutes=1)
    write(office, note, "written later still")
    settle(office, laptop)
    name(laptop, walter.client_id, "Not sent when it broke")
    office.desk.do(add_client, NewClient(PersonName(given="New", family="Client")))
    office.engine.run(2)
    office.hosted.restart(content, anew=announced)
    for desktop in (office, laptop):
        desktop.restart()
    settle(office, laptop)
    assert_same(office, laptop)
    row = office.row("client", walter.client_id)
    assert row["legal_given"] == "Not sent when it broke"
    assert office.row("note", note)["sections"] == {"plan": "written later still"}
    assert [said["legal_given"] for (e, _), said in laptop.rows().items() if e == "client"].count(
        "New"
    ) == 1
    assert office.inbox() == []
    for desktop in (office, laptop):
        assert desktop.status().state is SyncState.SYNCED


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("kept", [False, True])
def test_what_is_stated_again_below_ones_own_words_was_not_seen(
    office: Desktop, laptop: Desktop, kept: bool, signed: bool
) -> None:
    """Rule 25 of 0022: else one's own words replace it unasked, and it is nowhere any more."""
    walter = person(office)
    settle(office, laptop)
    content = image_of(office.hosted.database)
    note = draft(office, walter.case_id, "begun")
    settle(office, laptop)
    if kept:
        content = image_of(office.hosted.database)
    laptop.desk.hold(note)
    write(office, note, "at the office")
    settle(office, laptop)
    office.hosted.restart(content, anew=True)
    for desktop in (office, laptop):
        desktop.restart()
    while laptop.file.slice(lambda part: part.link().epoch) != office.hosted.epoch:
        laptop.engine.step()
    saved = write(laptop, note, "on the train")
    if signed:
        laptop.desk.do(sign_note, note, saved.hash)
    settle(laptop, office)
    laptop.desk.release(note)
    settle(laptop, office)
    assert_same(office, laptop)
    assert "at the office" in texts(office)
    assert "on the train" in texts(office)


def test_numbers_of_a_restored_account_bear_its_tag(office: Desktop) -> None:
    """Rule 22 of 0022: it has forgotten what it leased since its backup."""
    walter = person(office)
    first = number_of(office, walter, 2)
    office.hosted.restart(anew=True)
    settle(office)
    office.file.slice(lambda part: part.connection.execute("DELETE FROM number_block"))
    office.restart()
    settle(office)
    second = number_of(office, walter, 3)
    assert first.count("-") == 2
    assert [len(part) for part in second.split("-")] == [3, 4, 4, 4]
    settle(office)


def test_a_machine_that_went_back_with_its_mark_notices_its_own_earlier_life(
    office: Desktop, laptop: Desktop, stored_keys: Keys, tmp_path: Path
) -> None:
    """Rule 12 of 0022: what it once sent comes back to it, and it neither knows nor holds it."""
    walter = person(office)
    settle(office, laptop)
    office.close()
    shutil.copytree(office.root, tmp_path / "image")
    reopened(office, office.root / "data", stored_keys)
    name(office, walter.client_id, "Sent, then rolled back")
    settle(office, laptop)
    before = office.practice._ports.chain
    office.close()
    shutil.rmtree(office.root)
    shutil.copytree(tmp_path / "image", office.root)
    reopened(office, office.root / "data", stored_keys)
    for number in range(3):
        draft(office, walter.case_id, f"written after going back, {number}")
    settle(office, laptop)
    assert office.practice._ports.chain != before
    assert_same(office, laptop)
    assert office.row("client", walter.client_id)["legal_given"] == "Sent, then rolled back"
    assert all(f"going back, {number}" in texts(laptop) for number in range(3))
    assert office.inbox() == []


def refuse_once(desktop: Desktop, wanted: Verb, before: Callable[[Any], None], answer: Any) -> None:
    """Let the next request of a kind be followed by ``before`` and then meet an answer."""

    def tap(verb: Verb, message: Any) -> Any:
        if verb is not wanted:
            return None
        desktop.transport.tap = None
        before(message)
        if isinstance(answer, Exception):
            raise answer
        return answer

    desktop.transport.tap = tap


def test_after_a_lost_answer_and_a_lost_mark_the_earlier_life_is_known_by_its_echo(
    office: Desktop, stored_keys: Keys
) -> None:
    """Rule 13 of 0022: else the file meets its own earlier change as a stranger's."""
    walter = person(office)
    settle(office)
    earlier = office.file.slice(lambda part: part.incarnation().id)
    name(office, walter.client_id, "Sent")
    refuse_once(
        office,
        Verb.PUSH,
        lambda push: office.transport.ask(Verb.PUSH, push),
        Unreachable(Trouble.OFFLINE),
    )
    office.engine.run(3)
    (sent,) = office.file.slice(lambda part: [each.lsn for each in part.outbox])
    office.close()
    shutil.rmtree(office.root / "state")
    reopened(office, office.root / "data", stored_keys)
    known = office.file.slice(lambda part: lives.lineage(part.connection))
    assert known[earlier] < sent
    settle(office)
    known = office.file.slice(lambda part: lives.lineage(part.connection))
    assert known[earlier] == sent
    assert office.waiting() == []


def test_a_renewed_life_asks_again_about_what_has_not_come_back(office: Desktop) -> None:
    """Rule 13 of 0022: by what it has of it already, the account knows whose that is."""
    walter = person(office)
    settle(office)
    name(office, walter.client_id, "Taken by now")
    states: list[list[OpState]] = []
    refuse_once(
        office,
        Verb.PULL,
        lambda _pull: states.append(office.waiting()),
        Declined(Refusal.INCARNATION, "another file lives as this one"),
    )
    while office.transport.tap is not None:
        office.engine.poke()
        office.engine.step()
    assert states == [[OpState.ACKED]]
    assert office.waiting() == [OpState.SENT]
    settle(office)
    assert office.waiting() == []
