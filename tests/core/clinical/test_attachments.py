"""Files attached to clients and notes: kept encrypted, read back, copied, backed up, restored."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.attachments import (
    attach_to_client,
    attach_to_note,
    remove_attachment,
)
from app.core.clinical.commands.notes import NewNote, start_note
from app.core.clinical.queries import attachments
from app.core.clinical.rules import attachments as rules
from app.core.kernel.acting import Role, member_actor
from app.core.kernel.errors import NotFound, NotOurFile, UserError
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.vault.attached import PIECE, AttachedFiles
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE, StoredPractice

MARKER = b"Ingrid said that she is well. " * 40


@pytest.fixture
def client(practice: bootstrap.OpenPractice) -> UUID:
    new = NewClient(PersonName("Ingrid", "", "Vasquez-Holm"))
    return practice.desk.do(add_client_with_case, new).value.client_ids[0]


def letter(tmp_path: Path, content: bytes = MARKER, name: str = "Letter.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def attach(practice: bootstrap.OpenPractice, client: UUID, source: Path) -> UUID:
    stored = practice.start_attach(source).result()
    return practice.desk.do(attach_to_client, client, stored, source.name).value


@pytest.mark.parametrize("size", [1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_a_file_is_read_back_as_it_was(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path, size: int
) -> None:
    content = os.urandom(size)
    found = attach(practice, client, letter(tmp_path, content, "Scan.png"))
    (view,) = practice.desk.ask(attachments.of_client, client)
    assert (view.id, view.name, view.media_type, view.size, view.here) == (
        found,
        "Scan.png",
        "image/png",
        size,
        True,
    )
    copy = practice.start_save_file(found, tmp_path / "copy.png").result()
    assert copy.read_bytes() == content


def test_nothing_of_it_lies_readable(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    attach(practice, client, letter(tmp_path))
    attach(practice, client, letter(tmp_path))
    files = [path for path in practice.folder.rglob("*") if path.is_file()]
    assert not any(b"Ingrid" in path.read_bytes() for path in files)
    assert not any("Letter" in path.name for path in files)
    # The same content twice has two keys, so that nobody sees that it is the same.
    pieces = list((practice.folder / "files").glob("??/*"))
    assert len({path.read_bytes() for path in pieces}) == len(pieces) == 2


def test_a_swapped_or_cut_piece_is_noticed(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    found = attach(practice, client, letter(tmp_path, os.urandom(2 * PIECE)))
    pieces = sorted((practice.folder / "files").glob("??/*"))
    first, second = (path.read_bytes() for path in pieces)
    for damage in (second, first[:-1], b"", first[:50] + b"x" + first[51:]):
        pieces[0].write_bytes(damage)
        with pytest.raises(NotOurFile, match="damaged"):
            practice.start_save_file(found, tmp_path / "copy").result()
    assert not (tmp_path / "copy").exists()
    pieces[0].unlink()
    with pytest.raises(NotFound, match="not on this computer yet"):
        practice.start_save_file(found, tmp_path / "copy").result()
    assert not practice.desk.ask(attachments.of_client, client)[0].here


def test_what_cannot_be_attached_says_why(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    large = tmp_path / "large.bin"
    with large.open("wb") as file:
        file.truncate(rules.LARGEST + 1)
    for source, words in (
        (letter(tmp_path, b""), "empty"),
        (large, "up to 50 MB"),
        (tmp_path / "nothing", "cannot be read"),
        (tmp_path, "cannot be read"),
    ):
        with pytest.raises(UserError, match=words):
            practice.start_attach(source).result()
    stored = practice.start_attach(letter(tmp_path)).result()
    with pytest.raises(UserError, match="no name"):
        practice.desk.do(attach_to_client, client, stored, "\u202e..")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C:\\Users\\dana\\Letter.pdf", "Letter.pdf"),
        ("../../etc/passwd", "passwd"),
        ("tab\there.txt", "tabhere.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("رسالة.pdf", "رسالة.pdf"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_kept_without_folders_and_tricks(typed: str, kept: str) -> None:
    assert rules.check_name(typed) == kept


def test_removing_can_be_undone(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    found = attach(practice, client, letter(tmp_path))
    done = practice.desk.do(remove_attachment, found)
    assert practice.desk.ask(attachments.of_client, client) == []
    assert done.undo is not None
    practice.desk.undo(done.undo).result()
    assert [each.here for each in practice.desk.ask(attachments.of_client, client)] == [True]


def test_a_note_keeps_its_files_from_who_reads_no_notes(
    practice: bootstrap.OpenPractice, tmp_path: Path
) -> None:
    desk = practice.desk
    case = desk.do(add_client_with_case, NewClient(PersonName("Noor", "", "Haddad"))).value.case_id
    note = desk.do(start_note, NewNote(case, desk.clock.now().date())).value
    stored = practice.start_attach(letter(tmp_path)).result()
    found = desk.do(attach_to_note, note, stored, "Letter.pdf").value
    assert [each.id for each in desk.ask(attachments.of_note, note)] == [found]
    admin = member_actor(desk.actor.practice_id, uuid4(), Role.ADMIN).scope()
    assert desk.ask(lambda session, _scope: attachments.of_note(session, admin, note)) == []
    with pytest.raises(NotFound):
        desk.ask(lambda session, _scope: attachments.stored(session, admin, found))


def test_what_a_crash_left_unattached_goes_when_the_practice_opens(
    practice_folder: Path, tmp_path: Path
) -> None:
    files = AttachedFiles(practice_folder)
    left = files.put(letter(tmp_path))
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    opened = bootstrap.open_practice(practice_folder, keys, StillClock())
    coming = opened.start_attach(letter(tmp_path)).result()
    opened.settle_in()
    opened.backup(tmp_path / "backups")  # stands behind it in the queue
    opened.close()
    assert not files.has(left.address, left.size)
    assert files.has(coming.address, coming.size)


def test_a_restored_practice_has_its_files(
    practice: bootstrap.OpenPractice,
    client: UUID,
    stored_practice: StoredPractice,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = attach(practice, client, letter(tmp_path))
    practice.backup(tmp_path / "backups")
    pieces = sorted((tmp_path / "backups").glob("PracticeRunner-files-*/??/*"))
    assert len(pieces) == 1
    before = pieces[0].stat().st_mtime_ns
    backup = practice.backup(tmp_path / "backups")
    assert pieces[0].stat().st_mtime_ns == before
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "elsewhere"))
    there = tmp_path / "new computer"
    keys = bootstrap.restore(backup.path, there, recovery_key=stored_practice.recovery_key)
    opened = bootstrap.open_practice(there, keys, StillClock())
    try:
        copy = opened.start_save_file(found, tmp_path / "copy.pdf").result()
        assert copy.read_bytes() == MARKER
    finally:
        opened.close()
