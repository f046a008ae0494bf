"""OWASP ASVS 5.0, levels 1 and 2: every requirement of three chapters stands in asvs.toml, with the
tests that show it or the reason why there are none."""

from __future__ import annotations

import ast
import math
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.core.kernel.clock import SystemClock
from hosted.account.rules import passwords, secrets
from hosted.account.tables import Account, Login, Membership
from hosted.store.engine import Database, For, database_in_memory
from hosted.store.migrate import upgrade
from tests.hosted.account.conftest import Person, account_on
from tests.hosted.conftest import on_sqlite
from tests.hosted.routes import every_route
from tests.hosted.web.conftest import Site

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
#: Numbers of the requirements of levels 1 and 2 in V6 Authentication, V7 Session Management and
#: V8 Authorization, as version 5.0.0 has them.
LEVEL_1 = """
6.1.1 6.2.1 6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2
7.2.1 7.2.2 7.2.3 7.2.4 7.4.1 7.4.2
8.1.1 8.2.1 8.2.2 8.3.1
"""
LEVEL_2 = """
6.1.2 6.1.3 6.2.9 6.2.10 6.2.11 6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5
6.6.1 6.6.2 6.6.3 6.8.1 6.8.2 6.8.3 6.8.4
7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1 7.6.2
8.1.2 8.2.3 8.4.1
"""
STATES = {"met", "not applicable", "unmet"}


@cache
def rows() -> dict[str, dict[str, Any]]:
    said = tomllib.loads((HERE / "asvs.toml").read_text("utf-8"))
    return {
        f"{chapter}.{section}.{number}": row
        for chapter, sections in said.items()
        for section, numbers in sections.items()
        for number, row in numbers.items()
    }


def test_every_requirement_of_levels_1_and_2_stands_in_the_table() -> None:
    due = dict.fromkeys(LEVEL_1.split(), 1) | dict.fromkeys(LEVEL_2.split(), 2)
    assert {number: row["level"] for number, row in rows().items()} == due


@cache
def _tests_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_a_row_says_how_it_stands_and_names_tests_that_are_there() -> None:
    for number, row in rows().items():
        assert row["state"] in STATES, number
        assert row["asks"], number
        named = row.get("tests", [])
        assert named if row["state"] == "met" else row["why"], number
        for each in named:
            place, _, test = each.partition("::")
            assert test in _tests_in((HERE / place).resolve()), (number, each)


# What no other test has to show.


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: none of this knows which."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.fixture
def site(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A running server without accounts."""
    made = account_on(stored, tmp_path)
    made.start()
    yield made
    made.stop()


def test_the_common_passwords_are_as_many_as_asked() -> None:
    assert len(passwords._common()) > 3000


def test_a_new_server_knows_nobody() -> None:
    database = database_in_memory()
    upgrade(database, SystemClock().now())
    with database.read(For()) as session:
        assert not session.scalars(select(Login)).all()
        assert not session.scalars(select(Account)).all()
        assert not session.scalars(select(Membership)).all()
    database.close()


def test_no_secret_comes_from_an_ordinary_generator() -> None:
    for path in (ROOT / "hosted").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert all(each.name != "random" for each in node.names), path
            if isinstance(node, ast.ImportFrom):
                assert node.module != "random", path


def test_a_recovery_code_has_bits_enough() -> None:
    codes = secrets.new_recovery_codes()
    letters = len(codes[0].replace("-", ""))
    assert letters * math.log2(len(secrets._LETTERS)) > 48
    assert len(set(codes)) == 10


def test_a_token_has_bits_enough() -> None:
    made = {secrets.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(each) * 6 for each in made} == {258}


def test_every_page_behind_the_sign_in_has_sign_out_on_it(site: Site) -> None:
    person = Person(site)
    person.client.base_url = site.address.replace("127.0.0.1", "localhost")
    person.client.headers["Origin"] = str(person.client.base_url).rstrip("/")
    person.inside()
    opened = 0
    for method, path in every_route(site.services):
        if method == "GET" and path.startswith("/account") and "{" not in path:
            answer = person.get(path)
            if person.address in answer.text:
                opened += 1
                assert 'action="/account/sign-out"' in answer.text, path
    assert opened > 3
