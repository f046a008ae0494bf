"""Two computers and a server process, by the command line alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.cli import main
from app.core.kernel.clock import SystemClock
from app.sync.file import LocalFile, Slice
from tests.support.practice import PASSPHRASE


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running server, and the code for its first practice."""

    address: str
    code: str


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server on SQLite in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "hosted",
        "--data-dir",
        str(tmp_path / "server"),
        "--port",
        "0",
    ]
    # Beside the servers of other tests, which would have the same port for their figures.
    env = {**os.environ, "HOSTED_METRICS_PORT": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:
        assert process.stdout is not None
        said: dict[str, str] = {}
        for line in process.stdout:
            value = line.strip().rpartition(": ")[2]
            if line.startswith("Listening on "):
                said["address"] = line.split()[-1]
            elif line.startswith("Pairing code"):
                said["code"] = value
                break
        yield ServerProcess(**said)
        process.terminate()
        process.stdout.read()


class Computer:
    """One computer's command line."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch, heard: Any) -> None:
        self._root, self._patch, self._heard = root, patch, heard

    def __call__(self, *words: str, refused: bool = False) -> Any:
        self._patch.setenv("PRACTICERUNNER_STATE_DIR", str(self._root / "state"))
        self._patch.setenv("PRACTICERUNNER_PASSPHRASE", PASSPHRASE)
        code = main([*words, "--data-dir", str(self._root / "data"), "--json"])
        said = self._heard.readouterr()
        assert code == (1 if refused else 0), said.err
        return said.err.strip() if refused else json.loads(said.out)

    def words(self, *words: str) -> str:
        """Run without ``--json``; return what a person reads."""
        self._patch.setenv("PRACTICERUNNER_STATE_DIR", str(self._root / "state"))
        assert main([*words, "--data-dir", str(self._root / "data")]) == 0
        said: str = self._heard.readouterr().out
        return said


def spoil(root: Path) -> None:
    """Damage a row of the file, as a bad disk would."""
    keys = bootstrap.unlock(root / "data", passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(root / "data", keys, SystemClock())

    def damage(part: Slice) -> None:
        part.connection.execute("UPDATE client SET legal_given = 'Damaged'")

    try:
        LocalFile(practice.desk).slice(damage, durable=True)
    finally:
        practice.close()


def repairs_by_name(office: Computer, root: Path) -> None:
    """Damage Walter's record, and see that a comparison tells which one it was."""
    (walter,) = [each["id"] for each in office("client", "list")["clients"]]
    spoil(root)
    assert office("sync", "check") == {
        "agrees": False,
        "repaired": [{"entity": "client", "id": walter}],
    }
    told = office("sync", "status")["repaired"]
    assert (told["total"], told["records"]) == (1, [{"entity": "client", "id": walter}])
    assert "1 record was repaired on " in office.words("sync", "status")
    assert "Walter Strand, client." in office.words("sync", "status")


def test_two_computers_by_command(
    server: ServerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office = Computer(tmp_path / "office", monkeypatch, capsys)
    laptop = Computer(tmp_path / "laptop", monkeypatch, capsys)
    office("init", "--name", "Alder Street Therapy", "--owner", "Dana Whitfield, LMFT")
    assert office("sync", "status")["words"] == "Saved on this computer"
    assert "connect it first" in office("sync", refused=True)
    to = ("--server", server.address)
    assert "ask for a new one" in office("sync", "connect", *to, "--code", "AAAA", refused=True)
    connected = office("sync", "connect", *to, "--code", server.code, "--name", "Office")
    assert (connected["state"], connected["words"]) == ("SYNCED", "Synced just now")
    assert office("sync", "status")["state"] == "SYNCED"

    code = office("sync", "code")["code"]
    joined = laptop("join", *to, "--code", code, "--name", "Laptop")
    assert joined["state"] == "SYNCED"
    assert "already lies in this folder" in laptop(
        "join", *to, "--code", office("sync", "code")["code"], refused=True
    )

    laptop("client", "add", "--name", "Walter Strand")
    assert laptop("sync", "status")["waiting"] == 1
    assert "Not in the account yet: 1 client." in laptop("sync", "disconnect", refused=True)
    assert laptop("sync")["waiting"] == 0
    assert office("sync")["state"] == "SYNCED"
    assert [each["name"] for each in office("client", "list")["clients"]] == ["Walter Strand"]
    assert office("sync", "check") == {"agrees": True, "repaired": []}
    assert office("sync", "status")["repaired"] is None
    repairs_by_name(office, tmp_path / "office")
    assert "waits for your yes" in office("sync", "accept-deletes", refused=True)

    assert laptop("sync", "disconnect") == {"state": "LOCAL", "told": True}
    assert [each["name"] for each in laptop("client", "list")["clients"]] == ["Walter Strand"]
    parted = {
        each["name"]: each["disconnected"] for each in office("sync", "computers")["computers"]
    }
    assert parted["Office"] is None
    assert parted["Laptop"]
    laptop("client", "add", "--name", "Vera Strand")
    code = office("sync", "code")["code"]
    laptop("sync", "connect", *to, "--code", code, "--name", "Laptop")
    office("sync")
    assert len(office("client", "list")["clients"]) == 2
    assert len(office("sync", "computers")["computers"]) == 2


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://sync.example.com", "begins with https"),
        ("ftp://127.0.0.1", "is no address of a server"),
        ("https://", "is no address of a server"),
        ("https://a:b:c", "is no address of a server"),
        ("our office", "is no address of a server"),
        ("https://sync.exa mple.com", "is no address of a server"),
        ("https://dana@example.com", "is no address of a server"),
        ("http://127.0.0.1:9", "does not answer"),
    ],
)
def test_an_address_that_cannot_be_is_refused_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    sentence: str,
) -> None:
    computer = Computer(tmp_path, monkeypatch, capsys)
    assert sentence in computer("join", "--server", typed, "--code", "AAAA", refused=True)


def test_a_computer_is_taken_off_by_another_ones_command(
    server: ServerProcess,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    office = Computer(tmp_path / "office", monkeypatch, capsys)
    laptop = Computer(tmp_path / "laptop", monkeypatch, capsys)
    office("init", "--name", "Alder Street Therapy", "--owner", "Dana Whitfield, LMFT")
    assert "connect it first" in office("sync", "computers", refused=True)
    to = ("--server", server.address)
    office("sync", "connect", *to, "--code", server.code, "--name", "Office")
    laptop("join", *to, "--code", office("sync", "code")["code"], "--name", "Laptop")
    laptop("sync")
    listed = office("sync", "computers")["computers"]
    assert [(each["name"], each["is_this"]) for each in listed] == [
        ("Office", True),
        ("Laptop", False),
    ]
    assert all(each["system"] for each in listed)
    assert "has no computer Phone" in office("sync", "take-off", "Phone", refused=True)
    assert "choose Disconnect" in office("sync", "take-off", "Office", refused=True)
    gone = office("sync", "take-off", listed[1]["id"])["computers"][1]
    assert gone["taken_off"]
    assert not gone["handed_over"]
    assert "taken off already" in office("sync", "take-off", "Laptop", refused=True)
    assert "was removed from it" in laptop("sync", refused=True)
    assert office("sync", "computers")["computers"][1]["handed_over"]
