"""The server as a process of its own: one command starts it, a signal stops it, nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from hosted.__main__ import main
from tests.hosted.web.conftest import UNASKED, ask, hello
from tests.hosted.worlds import CLIENT

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60


@contextmanager
def process(data: Path) -> Iterator[tuple[subprocess.Popen[str], str, str]]:
    """Start a server; yield it with its address and what it printed next."""
    with subprocess.Popen(
        [sys.executable, "-m", "hosted", "--data-dir", str(data), "--port", "0"],
        cwd=ROOT,
        env={**os.environ, "HOSTED_METRICS_PORT": "0", "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().removeprefix("Listening on ").strip()
        fresh = not (data / "mark.json").exists()
        try:
            yield server, address, server.stdout.readline() if fresh else ""
        finally:
            if server.poll() is None:
                server.kill()


def speaking_with(address: str) -> httpx2.Client:
    """Return a client of the server at an address."""
    return httpx2.Client(base_url=address, verify=UNASKED)


def administer(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run an administration command."""
    return subprocess.run(
        [sys.executable, "-m", "hosted", "--data-dir", str(data), *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def operation(pk: str, number: int) -> list[object]:
    """Return a new client as it travels."""
    return [uuid4().hex, uuid4().hex, number, "client", pk, 1, 0, 1 << 16, 1, CLIENT]


def test_it_starts_with_one_command_stops_at_a_signal_and_notices_a_restored_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    data = tmp_path / "account"
    practice, member, life = uuid4().hex, uuid4().hex, uuid4().hex
    with process(data) as (server, address, words), speaking_with(address) as client:
        code = words.rpartition(" ")[2].strip()
        said = {"code": code, "device_name": "Office", "program": "0.1"}
        token = client.post("/v1/pair", json=said).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        client.post("/v1/practices", json={"practice_id": practice, "member_id": member})
        epoch = hello(client, incarnation=life)["epoch"]
        second = administer(data)
        assert second.returncode == 1
        assert "Another server is running" in second.stderr
        with client.stream("GET", "/v1/poke") as stream:
            next(stream.iter_lines())
            server.send_signal(signal.SIGTERM)
            assert server.wait(PATIENCE) == 0
    shutil.copy(data / "practice.sqlite", tmp_path / "backup")
    with process(data) as (server, address, _words), speaking_with(address) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        work = [operation(uuid4().hex, number) for number in (1, 2, 3)]
        pushed = ask(client, "push", epoch=epoch, incarnation=life, operations=work).json()
        assert pushed["head"] == 3
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)
    assert json.loads((data / "mark.json").read_text()) == {practice: 3}
    for left in ("practice.sqlite-wal", "practice.sqlite-shm"):
        (data / left).unlink(missing_ok=True)
    shutil.copy(tmp_path / "backup", data / "practice.sqlite")
    with process(data) as (server, address, _words), speaking_with(address) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        welcome = hello(client, incarnation=life, epoch=epoch, lsn=3)
        assert welcome["epoch"] != epoch
        assert (welcome["restored_head"], welcome["head"]) == (0, 0)
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)
    administered = ["--data-dir", str(data), "admin"]
    assert main([*administered, "restored"]) == 0
    assert main([*administered, "devices", "--practice", practice]) == 0
    assert "Office" in capsys.readouterr().out
    assert main([*administered, "devices", "--practice", "nonsense"]) == 1


def test_an_acknowledged_push_survives_a_kill(tmp_path: Path) -> None:
    data = tmp_path / "account"
    life = uuid4().hex
    with process(data) as (server, address, words), speaking_with(address) as client:
        said = {"code": words.rpartition(" ")[2].strip(), "device_name": "O", "program": "0.1"}
        token = client.post("/v1/pair", json=said).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        founding = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
        client.post("/v1/practices", json=founding)
        epoch = hello(client, incarnation=life)["epoch"]
        work = [operation(uuid4().hex, 1)]
        ask(client, "push", epoch=epoch, incarnation=life, operations=work)
        server.kill()
        server.wait(PATIENCE)
    with process(data) as (_server, address, _words), speaking_with(address) as client:
        client.headers["Authorization"] = f"Bearer {token}"
        page = ask(client, "pull", epoch=epoch, cursor="", rows=10).json()
        assert [entry[3] for entry in page["entries"]] == [work[0][0]]
        again = ask(client, "push", epoch=epoch, incarnation=life, operations=work).json()
        assert again["answers"][0][1] == "duplicate"
