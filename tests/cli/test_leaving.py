"""A computer that was taken off its account, by the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.core.vault.leaving import LEFT
from hosted.store.engine import For
from hosted.store.tables import Device
from hosted.sync import quarantine
from tests.cli.conftest import Run
from tests.hosted.web.conftest import Site
from tests.support.account import account

__all__ = ["account"]


def test_sync_hands_over_removes_the_copy_and_says_so(
    run: Run, ask: Callable[..., Any], account: Site, practice_folder: Path
) -> None:
    code = account.services.devices.new_code()
    ask("sync", "connect", "--server", account.address, "--code", code, "--name", "Office")
    devices = account.services.devices
    with account.services.database.read(For()) as session:
        practice_id, office = session.execute(select(Device.practice_id, Device.id)).one()
    assert practice_id is not None
    devices.revoke(practice_id, office)
    ask("client", "add", "--name", "Walter Strand")
    answer = run("sync")
    assert answer.code == 1
    assert "taken off the account" in answer.err
    assert "1 change not sent before was handed to the account’s owner." in answer.err
    assert not (practice_folder / "practice.db").exists()
    with account.services.database.read(For(practice_id)) as session:
        assert any("Walter" in each.body for each in quarantine.kept(session))
    again = run("sync", "status")
    assert (again.code, again.err) == (1, answer.err)
    assert (practice_folder / LEFT).exists()
