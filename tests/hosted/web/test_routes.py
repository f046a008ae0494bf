"""The routes of computers: what a paired one is served, what another practice's does not see, and
what is no message."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from prometheus_client import generate_latest

from app.sync import wire
from app.sync.protocol.terms import Verb
from hosted.store.engine import Database
from tests.hosted.web.conftest import Site, ask, hello
from tests.hosted.worlds import CLIENT

HASH = "ab" * 32


def operation(pk: UUID, columns: dict[str, Any]) -> list[Any]:
    """Return an operation as it travels."""
    return [uuid4().hex, uuid4().hex, 1, "client", pk.hex, 1, 0, 1 << 16, 1, columns]


def push(client: httpx2.Client, epoch: str, pk: UUID, **columns: Any) -> httpx2.Response:
    """Push one new client."""
    said = {**CLIENT, **columns}
    work = [operation(pk, said)]
    return ask(client, "push", epoch=epoch, incarnation=uuid4().hex, operations=work)


# Pairing.


def test_a_code_pairs_one_computer_once(site: Site) -> None:
    code = site.services.devices.new_code()
    _client, told = site.pair(f"{code[:4]}-{code[4:]}".lower())
    assert told["practice_id"] is None
    again = {"code": code, "device_name": "Other", "program": "0.1"}
    refused = site.client().post("/v1/pair", json=again)
    assert (refused.status_code, refused.json()["refused"]) == (403, "code")
    assert told["token"] not in str(site.services.database.engine.url)


def test_a_code_lasts_fifteen_minutes(site: Site) -> None:
    code = site.services.devices.new_code()
    site.clock.forward(minutes=15)
    said = {"code": code, "device_name": "Office", "program": "0.1"}
    assert site.client().post("/v1/pair", json=said).status_code == 403


def test_codes_cannot_be_guessed(site: Site) -> None:
    said = {"code": "ABCDEFGH", "device_name": "Office", "program": "0.1"}
    client = site.client()
    answers = [client.post("/v1/pair", json=said) for _ in range(11)]
    assert [each.status_code for each in answers] == [403] * 10 + [429]
    assert answers[-1].headers["retry-after"] == "60"


def test_a_second_computer_joins_the_practice_and_its_member(site: Site) -> None:
    office, practice = site.practice()
    site.clock.forward(seconds=1)
    laptop = site.second(office)
    listed = laptop.get("/v1/devices").json()["devices"]
    assert [(each["name"], each["mine"]) for each in listed] == [
        ("Office", False),
        ("Laptop", True),
    ]
    pk = uuid4()
    epoch = hello(office)["epoch"]
    assert push(office, epoch, pk).json()["answers"][0][1] == "applied"
    page = ask(laptop, "pull", epoch=epoch, cursor="", rows=10).json()
    assert page["entries"][0][5] == pk.hex
    assert practice.hex not in laptop.get("/v1/devices").text


def test_a_practice_is_founded_once(site: Site, stored: Database) -> None:
    office, practice = site.practice()
    said = {"practice_id": practice.hex, "member_id": uuid4().hex}
    assert office.post("/v1/practices", json=said).status_code == 409
    stranger, _ = site.pair(site.services.devices.new_code())
    taken = stranger.post("/v1/practices", json=said)
    assert (taken.status_code, taken.json()["refused"]) == (409, "practice")
    other = {**said, "practice_id": uuid4().hex}
    # The embedded database keeps a single practice.
    expected = 409 if stored.dialect == "sqlite" else 200
    assert stranger.post("/v1/practices", json=other).status_code == expected


# Refusals: test_callers.py asks every route as everybody who may not.


def test_a_revoked_device_may_leave_its_work_once(site: Site) -> None:
    office, _practice = site.practice()
    laptop = site.second(office)
    laptop_id = next(
        each["id"] for each in laptop.get("/v1/devices").json()["devices"] if each["mine"]
    )
    assert office.post(f"/v1/devices/{laptop_id}/revoke").status_code == 200
    listed = office.get("/v1/devices").json()["devices"]
    assert not any(each["handed_over"] for each in listed)
    work = [operation(uuid4(), CLIENT)]
    said = {"epoch": "", "incarnation": uuid4().hex, "operations": work}
    kept = ask(laptop, "quarantine", **said)
    assert kept.json() == {"answers": [], "head": 0}
    assert ask(laptop, "quarantine", **said).status_code == 200
    said["operations"] = [operation(uuid4(), CLIENT)]
    assert ask(laptop, "quarantine", **said).status_code == 403
    listed = office.get("/v1/devices").json()["devices"]
    assert [each["id"] for each in listed if each["handed_over"]] == [laptop_id]


def test_another_practices_things_are_not_there(site: Site, stored: Database) -> None:
    if stored.dialect == "sqlite":
        pytest.skip("the embedded database keeps a single practice")
    office, _practice = site.practice()
    stranger, _other = site.practice()
    epoch = hello(office)["epoch"]
    pk = uuid4()
    push(office, epoch, pk)
    office.put(f"/v1/blobs/{HASH}/0", params={"of": 1}, content=b"secret")
    mine = office.get("/v1/devices").json()["devices"][0]["id"]
    assert stranger.post(f"/v1/devices/{mine}/revoke").status_code == 404
    assert stranger.get(f"/v1/blobs/{HASH}").status_code == 404
    assert stranger.get(f"/v1/blobs/{HASH}/0").status_code == 404
    assert len(stranger.get("/v1/devices").json()["devices"]) == 1
    cursor = ask(office, "pull", epoch=epoch, cursor="", rows=10).json()["cursor"]
    answer = ask(stranger, "pull", epoch=epoch, cursor=cursor, rows=10)
    assert answer.json()["refused"] == "bad_cursor"
    assert ask(stranger, "pull", epoch=epoch, cursor="", rows=10).json()["entries"] == []
    rows = ask(stranger, "rows", epoch=epoch, entity="client", ids=[pk.hex]).json()["rows"]
    assert rows == []


# Bad input.


# Refused before any database is asked: one is enough.
@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"null", ""),
        (b"\xff\xfe", ""),
        (b"<html>", ""),
        (b"[" * 100_000, ""),
        (b'{"version": NaN}', ""),
        (b"{}", "zstd"),
        (b"{}", "gzip"),
        (b"{}", "br"),
        (wire.pack(b" " * (65 * 1024 * 1024)), "zstd"),
        (wire.pack(b" " * (65 * 1024 * 1024), with_zstd=False), "gzip"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_what_is_no_message_is_malformed(site: Site, body: bytes, encoding: str) -> None:
    office, _ = site.practice()
    headers = {"Content-Encoding": encoding} if encoding else {}
    for verb in Verb:
        answer = office.post(f"/v1/sync/{verb}", content=body, headers=headers)
        assert answer.status_code == 422, answer.text
        assert answer.json()["refused"] == "malformed"
    for path in ("/v1/pair", "/v1/practices"):
        answer = office.post(path, content=body, headers=headers)
        assert answer.status_code in {413, 422, 429}


def test_what_is_too_large_is_not_read(site: Site) -> None:
    office, _ = site.practice()
    huge = b"x" * (17 * 1024 * 1024)
    answer = office.post("/v1/sync/push", content=huge)
    assert (answer.status_code, answer.json()["refused"]) == (413, "too_large")
    chunk = office.put(f"/v1/blobs/{HASH}/0", params={"of": 1}, content=b"x" * (2 << 20))
    assert chunk.status_code == 413


def test_nothing_typed_is_echoed(site: Site) -> None:
    client = site.client()
    said = {"code": {"planted": "marker"}, "device_name": "marker", "program": "x"}
    for answer in (
        client.post("/v1/pair", json=said),
        client.get("/v1/marker"),
        client.get("/v1/blobs/marker/9999999"),
        client.post("/v1/sync/marker"),
        client.request("MARKER", "/health"),
    ):
        assert "marker" not in answer.text
        assert answer.json()["refused"]
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_answer_is_packed_as_the_client_can_take_it(site: Site) -> None:
    office, _ = site.practice()
    epoch = hello(office)["epoch"]
    push(office, epoch, uuid4(), notes="x" * 5000)
    for accepted in ("zstd", "gzip", "identity"):
        office.headers["Accept-Encoding"] = accepted
        answer = ask(office, "pull", epoch=epoch, cursor="", rows=10)
        assert answer.headers.get("content-encoding", "identity") == accepted
        content = wire.unpack(answer.content, accepted if accepted == "zstd" else "", most=10**6)
        assert wire.read(content)["entries"][0][7]["notes"] == "x" * 5000


# Files.


def test_a_file_goes_on_where_it_broke_off(site: Site) -> None:
    office, _ = site.practice()
    assert office.get(f"/v1/blobs/{HASH}").status_code == 404
    for chunk in (0, 2):
        answer = office.put(f"/v1/blobs/{HASH}/{chunk}", params={"of": 3}, content=b"%d" % chunk)
        assert answer.status_code == 200
    assert office.get(f"/v1/blobs/{HASH}").json() == {
        "of": 3,
        "have": [0, 2],
        "doubted": [],
    }
    assert office.get(f"/v1/blobs/{HASH}/1").status_code == 404
    office.put(f"/v1/blobs/{HASH}/1", params={"of": 3}, content=b"1")
    office.put(f"/v1/blobs/{HASH}/1", params={"of": 3}, content=b"other")
    assert [office.get(f"/v1/blobs/{HASH}/{n}").content for n in range(3)] == [b"0", b"1", b"2"]
    assert office.head(f"/v1/blobs/{HASH}/1").headers["content-length"] == "1"
    wrong = office.put(f"/v1/blobs/{HASH}/3", params={"of": 4}, content=b"3")
    assert wrong.status_code == 422


# Pokes.


def test_a_push_pokes_the_other_computer(site: Site) -> None:
    office, _ = site.practice()
    laptop = site.second(office)
    epoch = hello(office)["epoch"]
    with laptop.stream("GET", "/v1/poke") as stream:
        lines = stream.iter_lines()
        assert next(lines) == 'data: {"head": 0}'
        push(office, epoch, uuid4())
        assert next(line for line in lines if line) == 'data: {"head": 1}'


def test_the_streams_end_when_the_server_stops(site: Site) -> None:
    office, _ = site.practice()
    with office.stream("GET", "/v1/poke") as stream:
        lines = stream.iter_lines()
        next(lines)
        site.services.pokes.stop()
        assert [line for line in lines if line] == []


# Logs and figures.


def test_logs_and_figures_tell_routes_and_times_and_nothing_else(site: Site) -> None:
    office, practice = site.practice()
    epoch = hello(office)["epoch"]
    marker = "planted-marker"
    push(office, epoch, uuid4(), legal_given=marker)
    office.get(f"/v1/{marker}")
    office.post("/v1/pair", json={"code": marker, "device_name": marker, "program": marker})
    token = office.headers["Authorization"].removeprefix("Bearer ")
    lines = [json.loads(line) for line in site.logged.getvalue().splitlines()]
    assert {"route": "/v1/sync/push", "status": 200}.items() <= next(
        line.items() for line in lines if line.get("route") == "/v1/sync/push"
    )
    figures = generate_latest(site.services.metrics.registry).decode()
    assert 'route="/v1/sync/push"' in figures
    for secret in (marker, token, practice.hex):
        assert secret not in site.logged.getvalue()
        assert secret not in figures


def test_an_error_of_ours_is_logged_by_class_and_place_alone(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, _ = site.practice()

    def broken(*_arguments: Any) -> None:
        raise RuntimeError("planted-marker")

    monkeypatch.setattr(type(site.services.devices), "listed", broken)
    answer = office.get("/v1/devices")
    assert (answer.status_code, answer.json()["refused"]) == (500, "internal")
    assert "RuntimeError" in site.logged.getvalue()
    assert "planted-marker" not in site.logged.getvalue() + answer.text
