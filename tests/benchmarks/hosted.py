"""The server alone, over HTTP on loopback: pushes in batches, pulls, one change, nothing to do."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2

from app.core.kernel.ids import new_id
from app.sync import wire
from hosted.private_postgres import NoPostgres, binaries
from tests.benchmarks.figures import Figure, median, milliseconds, p95

BATCH, BATCHES, PAGE = 500, 40, 2_000
_ROOT = Path(__file__).resolve().parents[2]


def figures() -> list[Figure]:
    """Return what the server costs on both databases."""
    found = _measured("SQLite", 12_000)
    try:
        binaries()
    except NoPostgres as reason:
        print(reason)
        return found
    return found + _measured("PostgreSQL", 8_000, "--postgres")


def _measured(name: str, wanted: int, *options: str) -> list[Figure]:
    with _server(*options) as (client, epoch):
        life, case = uuid4(), uuid4()
        push(client, epoch, life, [operation(1, "care_case", case, {"kind": "INDIVIDUAL"})])
        bodies = [_body(epoch, life, batch(n, case)) for n in range(BATCHES)]
        begun = time.perf_counter()
        for body in bodies:
            _post(client, "push", body)
        pushed = BATCHES * BATCH / (time.perf_counter() - begun)
        rows, took = _pull_all(client, epoch)
        lsn = BATCHES * BATCH + 10
        note = uuid4()

        def one() -> None:
            nonlocal lsn
            lsn += 1
            said = {"name": f"Pat {lsn}"}
            push(client, epoch, life, [operation(lsn, "contact", note, said, new=lsn % 2)])

        edits = milliseconds(one, runs=200)
        cursor = _last_cursor(client, epoch)
        idle = milliseconds(lambda: _pull(client, epoch, cursor, PAGE), runs=200)
    return [
        Figure(
            f"{name}: operation pushed, of 500", 1e6 / pushed, "µs", f"≥ {wanted}/s", 1e6 / wanted
        ),
        Figure(f"{name}: row pulled, of 2,000", took / rows * 1e6, "µs", "≥ 20,000/s", 50.0),
        Figure(f"{name}: one change, median", median(edits), "ms", "≤ 25 ms", 25.0),
        Figure(f"{name}: one change, p95", p95(edits), "ms", "≤ 100 ms", 100.0),
        Figure(f"{name}: nothing to do, median", median(idle), "ms", "≤ 5 ms", 5.0),
    ]


@contextmanager
def _server(*options: str) -> Iterator[tuple[httpx2.Client, str]]:
    with (
        running(*options) as (address, code),
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        yield client, _join(client, code)


@contextmanager
def running(*options: str) -> Iterator[tuple[str, str]]:
    """Run a server of its own; yield its address and the code of a new practice."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "hosted",
                "--data-dir",
                f"{folder}/data",
                "--port",
                "0",
                *options,
            ],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={"HOSTED_METRICS_PORT": "0", "PATH": ""},
        )
        try:
            assert process.stdout is not None
            address = process.stdout.readline().rpartition(" ")[2].strip()
            code = process.stdout.readline().rpartition(" ")[2].strip()
            yield address, code
        finally:
            process.terminate()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _join(client: httpx2.Client, code: str) -> str:
    pair(client, code)
    founding = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
    client.post("/v1/practices", json=founding).raise_for_status()
    return greet(client)


def pair(client: httpx2.Client, code: str) -> None:
    """Let ``client`` speak for a computer of its own from now on."""
    said = {"code": code, "device_name": "Bench", "program": "bench"}
    token = client.post("/v1/pair", json=said).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    client.headers["Accept-Encoding"] = "zstd"


def greet(client: httpx2.Client) -> str:
    """Greet the server as a new incarnation; return its epoch."""
    hello = {
        "version": 1, "oldest": 1, "schema": 1, "program": "bench", "incarnation": uuid4().hex,
        "tag": "", "lsn": 0, "epoch": "", "cursor": "", "waiting": 0,
    }  # fmt: skip
    epoch: str = _post(client, "hello", wire.pack(wire.write(hello)))["epoch"]
    return epoch


def batch(number: int, case: UUID) -> list[list[Any]]:
    """Return operations as a practice writes them: appointments, with a client now and then."""
    first, now_ms = 2 + number * BATCH, time.time_ns() // 1_000_000
    return [
        operation(lsn, "appointment", new_id(now_ms), _appointment(case, lsn), new=1)
        if lsn % 5
        else operation(lsn, "client", new_id(now_ms), _client(lsn), new=1)
        for lsn in range(first, first + BATCH)
    ]


def operation(lsn: int, entity: str, pk: UUID, said: dict[str, Any], new: int = 1) -> list[Any]:
    """Return an operation as it travels."""
    stamp = int(time.time() * 1000) << 16
    return [
        new_id(stamp >> 16).hex,
        new_id(stamp >> 16).hex,
        lsn,
        entity,
        pk.hex,
        new,
        0,
        stamp,
        1,
        said,
    ]


def _client(number: int) -> dict[str, Any]:
    return {
        "legal_given": f"Given{number}", "legal_middle": "", "legal_family": f"Family{number}",
        "legal_suffix": "", "chosen_name": "", "pronouns": "", "birth_date": "1980-02-03",
        "sex": "NOT_SAID", "lifecycle": "ACTIVE", "first_seen": None, "notes": "Prefers mornings",
        "primary_member_id": None, "imported_at": None, "reviewed_at": None,
        "awaits_place": False, "import_remarks": "", "import_id": None, "deleted_at": None,
    }  # fmt: skip


def _appointment(case: UUID, number: int) -> dict[str, Any]:
    day = f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    return {
        "case_id": case.hex, "member_id": None, "supervisor_id": None, "location_id": None,
        "series_id": None, "original_start": None, "starts": f"{day}T09:00:00", "minutes": 50,
        "zone": "America/Los_Angeles", "starts_at": f"{day}T17:00:00+00:00",
        "ends_at": f"{day}T17:50:00+00:00", "status": "SCHEDULED", "chargeable": False,
        "canceled_by": None, "reason": "", "client_place": None, "client_state": "", "memo": "",
        "deleted_at": None,
    }  # fmt: skip


def _body(epoch: str, life: UUID, operations: list[list[Any]]) -> bytes:
    said = {"epoch": epoch, "incarnation": life.hex, "operations": operations}
    return wire.pack(wire.write(said))


def push(client: httpx2.Client, epoch: str, life: UUID, operations: list[list[Any]]) -> None:
    """Push operations, none of which may be refused."""
    said = _post(client, "push", _body(epoch, life, operations))
    assert all(answer[1] != "rejected" for answer in said["answers"]), said


def _post(client: httpx2.Client, verb: str, body: bytes) -> dict[str, Any]:
    answer = client.post(
        f"/v1/sync/{verb}", content=body, headers={"Content-Encoding": "zstd"}
    ).raise_for_status()
    encoding = answer.headers.get("content-encoding", "")
    said: dict[str, Any] = wire.read(wire.unpack(answer.content, encoding, most=1 << 28))
    assert "refused" not in said, said
    return said


def _pull(client: httpx2.Client, epoch: str, cursor: str, rows: int) -> bytes:
    body = wire.pack(wire.write({"epoch": epoch, "cursor": cursor, "rows": rows}))
    answer = client.post("/v1/sync/pull", content=body, headers={"Content-Encoding": "zstd"})
    encoding = answer.headers.get("content-encoding", "")
    return wire.unpack(answer.content, encoding, most=1 << 28)


def _pull_all(client: httpx2.Client, epoch: str) -> tuple[int, float]:
    """Return the rows of the log and the seconds in which the server served them."""
    rows, took, cursor = 0, 0.0, ""
    while True:
        begun = time.perf_counter()
        page = _pull(client, epoch, cursor, PAGE)
        took += time.perf_counter() - begun
        said = wire.read(page)
        if not said["entries"]:
            return rows, took
        rows += len(said["entries"])
        cursor = said["cursor"]


def _last_cursor(client: httpx2.Client, epoch: str) -> str:
    cursor = ""
    while True:
        said = wire.read(_pull(client, epoch, cursor, PAGE))
        cursor = said["cursor"]
        if said["seq"] >= said["head"]:
            return str(cursor)
