"""What lies outside the server's backups survives them, and a power cut in the middle of a line."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from hosted.sync.register import Begun, Purge, open_register


def test_what_was_noted_is_there_after_a_start(tmp_path: Path) -> None:
    path, practice, record = tmp_path / "register.jsonl", uuid4(), uuid4()
    first = open_register(path)
    begun = Begun("02" * 16, "01" * 16, 7)
    purge = Purge("client", record, "Dana", "asked")
    first.began(practice, begun)
    first.purged(practice, purge)
    first.purged(practice, purge)
    again = open_register(path)
    assert again.epochs(practice) == [begun]
    assert again.purges(practice) == [purge]
    assert again.purges(uuid4()) == []
    assert len(path.read_text("utf-8").splitlines()) == 2


def test_a_line_that_was_cut_off_is_passed_over_and_spoils_none_behind_it(tmp_path: Path) -> None:
    path, practice = tmp_path / "register.jsonl", uuid4()
    open_register(path).began(practice, Begun("02" * 16, "01" * 16, 7))
    with path.open("a", encoding="utf-8") as file:
        file.write('{"practice": "')
    open_register(path).began(practice, Begun("03" * 16, "02" * 16, 9))
    found = open_register(path).epochs(practice)
    assert [each.head for each in found] == [7, 9]
