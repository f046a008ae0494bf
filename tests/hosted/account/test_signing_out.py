"""Whoever runs the server signs one person out, or everybody."""

from __future__ import annotations

from typing import Any

import pytest

from hosted.__main__ import main
from hosted.account.commands.signing_out import sign_everybody_out, sign_out
from hosted.store.engine import Database
from tests.hosted.account.conftest import ADDRESS, Person, letters
from tests.hosted.account.test_connecting import Program
from tests.hosted.web.conftest import Site


def test_a_person_is_signed_out_of_browsers_and_computers(site: Site, person: Person) -> None:
    person.inside()
    program = Program(site)
    told = program.connected(person)
    assert not sign_out(site.services.account, "nobody@example.com")
    assert person.get("/account").status_code == 200
    assert sign_out(site.services.account, ADDRESS.upper())
    assert person.get("/account").status_code == 303
    assert site.client(told["access_token"]).get("/v1/devices").status_code == 401
    assert program.renew(told["refresh_token"]).status_code == 400
    person.sign_in()
    assert person.prove().status_code == 303


def test_everybody_is_signed_out(site: Site, stored: Database, person: Person) -> None:
    people = [person]
    if stored.dialect == "postgresql":
        people.append(Person(site, "second@example.com"))
    programs: list[tuple[Program, dict[str, Any]]] = []
    for each in people:
        each.inside()
        program = Program(site)
        programs.append((program, program.connected(each)))
        letters(site)
    sign_everybody_out(site.services.account)
    for each, (program, told) in zip(people, programs, strict=True):
        assert each.get("/account").status_code == 303
        assert program.renew(told["refresh_token"]).status_code == 400


@pytest.mark.parametrize("words", [(), ("--address", "x", "--everybody")])
def test_the_operator_says_whom(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["admin", "sign-out", *words]) == 1
    assert "--address or --everybody" in capsys.readouterr().err
