"""A computer parts from the account by a token that it has, and comes back as the one it was."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from hosted.account.rules.connecting import CLIENT
from tests.hosted.account.conftest import Person, words_on
from tests.hosted.account.test_connecting import Connected, Program, opens
from tests.hosted.account.test_signing_in_again import connected
from tests.hosted.web.conftest import Site, ask, hello
from tests.hosted.web.test_routes import operation
from tests.hosted.worlds import CLIENT as CLIENT_ROW

__all__ = ["connected"]


def disconnect(site: Site, token: str, client: str = CLIENT) -> httpx2.Response:
    """Bring a token, to end what it was given with."""
    return site.client().post("/v1/disconnect", data={"client_id": client, "token": token})


def listed(client: httpx2.Client) -> dict[str, dict[str, Any]]:
    """Return the computers that one of them sees, by name."""
    return {each["name"]: each for each in client.get("/v1/devices").json()["devices"]}


def code_of(client: httpx2.Client) -> str:
    """Return a code for another computer."""
    code: str = client.post("/v1/codes").json()["code"]
    return code


@pytest.mark.parametrize("token", ["access_token", "refresh_token"])
def test_any_token_of_a_computer_ends_all_that_it_was_given(
    site: Site, person: Person, connected: Connected, token: str
) -> None:
    told = connected.told
    laptop = site.pair(code_of(site.client(told["access_token"])), "Laptop")[0]
    assert disconnect(site, told[token]).status_code == 200
    assert opens(site, told) == 401
    assert connected.program.renew(told["refresh_token"]).status_code == 400
    office = listed(laptop)["Office iMac"]
    assert office["disconnected_at"] is not None
    assert office["revoked_at"] is None
    page = person.get("/account")
    assert "Office iMac Disconnected" in words_on(page)
    assert "it keeps its copy" in words_on(page)
    assert "Take off Office iMac" not in page.text
    assert "Take off Laptop" in page.text


def test_what_nobody_was_given_ends_nothing(site: Site, connected: Connected) -> None:
    told = connected.told
    for token in ("", "pr_guessed", "rt_guessed", "x" * 500, told["device_id"]):
        refused = disconnect(site, token)
        assert (refused.status_code, refused.json()) == (400, {"error": "invalid_grant"})
    assert disconnect(site, told["access_token"], "another").json() == {"error": "invalid_client"}
    assert opens(site, told) == 200


def test_one_that_was_taken_off_stays_so_and_hands_over(
    site: Site, person: Person, connected: Connected
) -> None:
    told = connected.told
    person.post(f"/account/computers/{told['device_id']}/revoke")
    assert disconnect(site, told["refresh_token"]).status_code == 200
    assert "Office iMac Taken off" in words_on(person.get("/account"))
    office = site.client(told["access_token"])
    left = ask(office, "quarantine", epoch="", incarnation=uuid4().hex, operations=[])
    assert left.status_code == 200


def test_disconnected_it_signs_in_as_the_one_that_it_was(
    site: Site, person: Person, connected: Connected
) -> None:
    told, life = connected.told, uuid4().hex
    hello(site.client(told["access_token"]), incarnation=life, tag="KTR")
    disconnect(site, told["refresh_token"])
    program = Program(site)
    new = program.exchange(
        program.code(person), device_id=told["device_id"], incarnation=life
    ).json()
    assert new["device_id"] == told["device_id"]
    office = site.client(new["access_token"])
    assert listed(office)["Office iMac"]["disconnected_at"] is None
    assert hello(office, incarnation=life, tag="KTR")["renew"] is False


def test_disconnected_it_comes_back_by_a_code_and_its_sign_in_is_over(
    site: Site, connected: Connected
) -> None:
    told, life = connected.told, uuid4().hex
    office = site.client(told["access_token"])
    laptop = site.pair(code_of(office), "Laptop")[0]
    hello(office, incarnation=life, tag="KTR")
    was = {"device_id": told["device_id"], "incarnation": life}
    said = {"code": code_of(laptop), "device_name": "Office", "program": "0.4", **was}
    back = site.client().post("/v1/pair", json=said).json()
    assert back["device_id"] == told["device_id"]
    assert set(listed(laptop)) == {"Office", "Laptop"}
    assert connected.program.renew(told["refresh_token"]).status_code == 400
    assert opens(site, told) == 401
    # A code of the same member's, with nothing said, is another computer.
    other = site.pair(code_of(laptop), "Office")[1]
    assert other["device_id"] != told["device_id"]


def test_a_first_answer_that_was_lost_makes_one_entry(
    site: Site, person: Person, connected: Connected
) -> None:
    life = uuid4().hex
    tries = [Program(site, "Laptop") for _ in range(3)]
    told = [each.exchange(each.code(person), incarnation=life).json() for each in tries]
    ids = {each["device_id"] for each in told}
    assert len(ids) == 1
    client = site.client(told[-1]["access_token"])
    assert set(listed(client)) == {"Office iMac", "Laptop"}
    # Once it has brought something, who says the same life without knowing it is a copy.
    epoch = hello(client, incarnation=life, tag="BDF")["epoch"]
    operations = [operation(uuid4(), CLIENT_ROW)]
    work = ask(client, "push", epoch=epoch, incarnation=life, operations=operations)
    assert work.json()["answers"][0][1] == "applied"
    program = Program(site, "Copy")
    copy = program.exchange(program.code(person), incarnation=life).json()
    assert copy["device_id"] not in ids


def test_a_code_whose_answer_was_lost_makes_one_entry(site: Site, connected: Connected) -> None:
    office, life = site.client(connected.told["access_token"]), uuid4().hex
    ids = set()
    for _ in range(2):
        said = {"code": code_of(office), "device_name": "Laptop", "program": "0.4"}
        answer = site.client().post("/v1/pair", json={**said, "incarnation": life})
        ids.add(answer.json()["device_id"])
    assert len(ids) == 1
    assert set(listed(office)) == {"Office iMac", "Laptop"}


def test_a_disconnected_computer_is_no_room_taken_and_keeps_nobody_out(
    site: Site, person: Person, connected: Connected
) -> None:
    """A practice that lapsed adds no further computer, but its only one, and a known one."""
    disconnect(site, connected.told["refresh_token"])
    site.clock.forward(days=365 + 31)
    person.sign_in()
    person.prove()
    # Nobody's computer is connected: any name opens the records.
    first = Program(site, "New laptop")
    told = first.exchange(first.code(person)).json()
    assert "access_token" in told
    # A further one is refused, the one that was here before is not.
    refused = person.post("/account/connect", **Program(site, "Third").asked, answer="yes")
    assert refused.status_code == 403
    again = Program(site, "Office iMac")
    assert again.code(person)
