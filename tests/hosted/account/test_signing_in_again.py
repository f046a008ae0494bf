"""A computer that signs in again is the one that it was; no other one takes its place."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from hosted.account import queries
from tests.hosted.account.conftest import Person
from tests.hosted.account.test_connecting import Connected, Program, opens
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.web.conftest import Site, hello


@pytest.fixture
def connected(site: Site, person: Person) -> Connected:
    """A computer that has brought its practice."""
    person.inside()
    program = Program(site)
    told = program.connected(person)
    said = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
    assert site.client(told["access_token"]).post("/v1/practices", json=said).status_code == 200
    return Connected(program, told | said)


def again(site: Site, person: Person, **was: str) -> dict[str, Any]:
    """Sign a computer in again, which says what it was; return what it is told."""
    program = Program(site, "Office iMac, moved")
    answer = program.exchange(program.code(person), **was)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def listed(site: Site, person: Person) -> list[tuple[str, bool]]:
    """Return the computers of a person's account by name, and whether each was taken off.

    All were connected at one moment, and so come in any order.
    """
    login = login_of(site, person.address).id
    found = queries.computers(site.services.database, login)
    return sorted((each.name, each.revoked_at is not None) for each in found)


def test_a_computer_that_signs_in_again_stays_the_one_that_it_was(
    site: Site, person: Person, connected: Connected
) -> None:
    told, life = connected.told, uuid4().hex
    office = site.client(told["access_token"])
    hello(office, incarnation=life, tag="KTR")
    was = {"device_id": told["device_id"], "incarnation": life}
    new = again(site, person, **was)
    assert (new["device_id"], new["member_id"]) == (told["device_id"], new["member_id"])
    assert listed(site, person) == [("Office iMac, moved", False)]
    # Its earlier tokens open nothing any more, and its life goes on.
    assert opens(site, told) == 401
    welcome = hello(site.client(new["access_token"]), incarnation=life, tag="KTR")
    assert (welcome["device"], welcome["renew"]) == ("Office iMac, moved", False)
    # Whoever brings a token of before has copied it: all of the computer's end, as they always do.
    assert connected.program.renew(told["refresh_token"]).status_code == 400
    assert opens(site, new) == 401


def test_a_copy_another_computer_and_one_that_was_taken_off_are_new_ones(
    site: Site, person: Person, connected: Connected
) -> None:
    told, life = connected.told, uuid4().hex
    office = site.client(told["access_token"])
    hello(office, incarnation=life, tag="KTR")
    mine = told["device_id"]
    # A copy is in a life of its own; nobody knows the third; the last says half of it.
    for was in (
        {"device_id": mine, "incarnation": uuid4().hex},
        {"device_id": uuid4().hex, "incarnation": life},
        {"device_id": mine},
    ):
        assert again(site, person, **was)["device_id"] != mine
    assert opens(site, told) == 200
    person.post(f"/account/computers/{mine}/revoke")
    came_back = again(site, person, device_id=mine, incarnation=life)
    assert came_back["device_id"] != mine
    assert listed(site, person)[0] == ("Office iMac", True)
    program = Program(site)
    broken = program.exchange(program.code(person), device_id="x", incarnation=life)
    assert broken.status_code == 422


def test_a_computer_that_a_code_connected_becomes_its_persons_own(
    site: Site, person: Person, connected: Connected
) -> None:
    code = site.client(connected.told["access_token"]).post("/v1/codes").json()["code"]
    paired, life = site.pair(code, "Laptop")[1], uuid4().hex
    hello(site.client(paired["token"]), incarnation=life, tag="KTR")
    new = again(site, person, device_id=paired["device_id"], incarnation=life)
    assert new["device_id"] == paired["device_id"]
    assert listed(site, person) == [("Office iMac", False), ("Office iMac, moved", False)]
    assert site.client(paired["token"]).get("/v1/devices").status_code == 401
