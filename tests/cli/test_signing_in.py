"""Signing in from the command line: the address is printed, the browser opened, the rest waits."""

from __future__ import annotations

import json
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.sync.account.signing_in import SignIn
from tests.cli.conftest import Run
from tests.hosted.account.conftest import Person
from tests.sync.account.conftest import person, signed_up, site, through_browser

__all__ = ["person", "signed_up", "site"]


@pytest.fixture
def browser(person: Person, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The person's browser, in which whatever is opened is allowed; the addresses it was given."""
    opened: list[str] = []

    def open_there(address: str) -> bool:
        opened.append(address)
        asked = cast(SignIn, SimpleNamespace(address=address))
        threading.Thread(target=through_browser, args=(person, asked)).start()
        return True

    monkeypatch.setattr(webbrowser, "open", open_there)
    return opened


def test_a_computer_connects_signs_in_again_and_another_one_joins(
    ask: Callable[..., Any],
    anywhere: Run,
    run: Run,
    person: Person,
    browser: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = run("sync", "connect", "--server", person.site.address)
    assert refused.code == 1
    assert "either --sign-in or the one-time code" in refused.err
    early = run("sync", "sign-in")
    assert "not connected" in early.err
    said = run("sync", "connect", "--sign-in", "--server", person.site.address, "--name", "Office")
    assert said.code == 0, said.err
    assert browser[0] in said.err
    assert ask("sync", "status")["kept"].startswith("In the encrypted practice file")
    assert run("sync", "sign-in", "--json").data["state"] == "SYNCED"
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "laptop-state"))
    joined = anywhere(
        "--data-dir", tmp_path / "laptop", "join", "--sign-in",
        "--server", person.site.address, "--name", "Laptop", "--json",
    )  # fmt: skip
    assert joined.code == 0, joined.err
    assert json.loads(joined.out)["state"] == "SYNCED"
    assert len(browser) == 3
