"""Every query of the core, read as each role: nothing of a colleague's case, no word of a note.

The queries are found by looking for them: a new one is read here, or fails for want of an
argument that ``ARGUMENTS`` does not name.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import GeneratorType
from typing import Any
from uuid import UUID, uuid4

import pytest

import app.core
from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.superbills.rules.facts import Judges
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.rules import ClientFilter
from app.core.clinical import icd
from app.core.kernel.acting import Role, Scope, member_actor
from app.core.kernel.entitlement import DEMO
from app.core.kernel.errors import UserError
from app.core.scheduling.queries.reading import days
from app.core.tasks.queries.case_attention import When
from tests.support.clock import StillClock
from tests.support.colleagues import FIRST, LAST, MARK, MARKED, TODAY, WORDS, Colleagues

NOW = datetime(2026, 11, 19, 17, tzinfo=UTC)
WALL = datetime(2026, 11, 19, 9)
WHEN = When(NOW, TODAY)

Query = Callable[..., Any]


def every_query() -> Iterator[tuple[str, Query]]:
    """Yield every public function of the core that reads in a scope."""
    for module in pkgutil.walk_packages(app.core.__path__, "app.core."):
        if "migrations" in module.name or ".vault" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            home = getattr(value, "__module__", "") == module.name
            if inspect.isfunction(value) and home and not name.startswith("_"):
                parameters = list(inspect.signature(value).parameters)
                if parameters[:2] == ["session", "scope"]:
                    yield f"{module.name.removeprefix('app.core.')}.{name}", value


QUERIES = dict(every_query())


@dataclass(frozen=True, slots=True)
class Reading:
    """What the queries are asked: about the owner's records, all of them."""

    colleagues: Colleagues

    def arguments(self, name: str, query: Query) -> dict[str, Any]:
        """Return what the query is asked, by parameter."""
        asked: dict[str, Any] = {}
        for parameter in list(inspect.signature(query).parameters.values())[2:]:
            value = self._by_query(name).get(parameter.name, ...)
            value = self._by_name().get(parameter.name, ...) if value is ... else value
            if value is not ...:
                asked[parameter.name] = value
            elif parameter.default is parameter.empty and parameter.kind not in (
                parameter.VAR_POSITIONAL,
                parameter.VAR_KEYWORD,
            ):
                pytest.fail(f"name what {name} is asked as {parameter.name}")
        return asked

    def _by_name(self) -> dict[str, Any]:
        owners = self.colleagues.owners
        return {
            **self._not_ids(),
            "case_id": owners.case_id,
            "case_ids": [owners.case_id],
            "client_id": owners.client_id,
            "client_ids": [owners.client_id],
            "charge_id": owners.charge_id,
            "charge_ids": [owners.charge_id, owners.unbilled],
            "appointment_id": owners.held,
            "appointment_ids": [owners.held, owners.booked],
            "session_id": owners.held,
            "note_id": owners.signed,
            "invoice_id": owners.invoice_id,
            "payment_id": owners.payment_id,
            "superbill_id": owners.superbill_id,
            "attachment_id": owners.note_file,
            "item_id": owners.asked_of_note,
            "run_id": owners.import_id,
            "destroyed": [("client", owners.client_id), ("note", owners.signed)],
            "rows": [("client", owners.client_id), ("note", owners.signed)],
            "record_id": owners.client_id,
            "subject_id": None,
            "ids": list(owners.ids().values()),
        }

    def _not_ids(self) -> dict[str, Any]:
        owners = self.colleagues.owners
        order = Order(uuid4(), owners.client_id, FIRST, LAST)
        return {
            "order": order,
            "orders": [order],
            "today": TODAY,
            "day": TODAY,
            "until": TODAY,
            "issued_on": TODAY,
            "now": NOW,
            "when": WHEN,
            "first": FIRST,
            "first_on": FIRST,
            "last": LAST,
            "last_on": LAST,
            "entitlement": DEMO,
            "member_id": self.colleagues.bea,
            "member_ids": [self.colleagues.bea],
            "new_id": uuid4(),
            "number": "INV-2026-0001",
            "kind": "client",
            "record": ("client", owners.client_id),
            "code": "F33.1",
            "text": "depress",
            "key": "notes.format",
            "prefix": "permission",
            "chosen": ClientFilter.EVERYONE,
            "window": days(FIRST, LAST),
            "unsigned": (),
            "to_review": (),
            "found": (),
            "words": MARK,
            "judges": Judges(icd.table().check, lambda _text: ""),
        }

    def _by_query(self, name: str) -> dict[str, Any]:
        area = name.rpartition(".")[2]
        invoiced = InvoiceOrder(uuid4(), (self.colleagues.owners.unbilled,))
        of_one: dict[str, dict[str, Any]] = {
            "invoice_draft": {"order": invoiced},
            "superbill_numbered": {"number": "SB-2026-0001"},
            "papers_numbered": {"entity": "invoice"},
            "overlaps": {"starts": datetime(2026, 11, 24, 9), "minutes": 50, "zone": "UTC",
                         "member_id": None},
            "near_cases": {"now": WALL},
            "near_clients": {"now": WALL},
            "next_booked": {"now": WALL},
            "last_seen": {"now": WALL},
            "review_tasks": {"ids": [self.colleagues.owners.client_id]},
            "owners": {"record": ("case", self.colleagues.owners.case_id)},
            "service": {"service_id": self.colleagues.service_id},
            "location": {"location_id": uuid4()},
            "all_owed": {"case_id": None},
            "to_bill": {"case_id": None},
            "overview": {"client_id": None},
            "superbills_issued": {"client_id": None},
            "superbill_facts": {"client_ids": None},
        }  # fmt: skip
        return of_one.get(area, {})


@pytest.fixture(scope="module")
def reading(colleagues: Colleagues) -> Reading:
    """What is asked."""
    return Reading(colleagues)


@pytest.fixture(scope="module")
def opened(
    colleagues: Colleagues, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[bootstrap.OpenPractice]:
    """The practice, open to be read."""
    with pytest.MonkeyPatch.context() as patch:
        folder = colleagues.stored.copy_to(tmp_path_factory.mktemp("read"), patch)
        practice = bootstrap.open_practice(folder, colleagues.stored.keys(), StillClock())
        yield practice
        practice.close()


def said(opened: bootstrap.OpenPractice, scope: Scope, query: Query, asked: dict[str, Any]) -> str:
    """Return all that a query answers in a scope, or the sentence with which it refuses."""

    def read(session: Any, _scope: Scope) -> str:
        found = query(session, scope, **asked)
        return repr(list(found) if isinstance(found, GeneratorType) else found)

    try:
        return opened.desk.ask(read)
    except UserError as refused:
        return refused.sentence


def marks(reading: Reading, asked: dict[str, Any]) -> dict[str, str]:
    """Return what no answer may hold, by what it betrays; what was asked may be said again."""
    known = repr(asked)
    ids = reading.colleagues.owners.ids().items()
    secrets = {name: repr(value) for name, value in ids if repr(value) not in known}
    money = {f"{cents} cents": f"cents={cents}" for cents in MARKED}
    return {**secrets, **money, "a name": MARK, "a note's words": WORDS}


def betrayed(answer: str, secrets: dict[str, str]) -> list[str]:
    """Return what an answer betrays."""
    return [what for what, secret in secrets.items() if secret.casefold() in answer.casefold()]


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.ASSOCIATE])
@pytest.mark.parametrize("name", QUERIES)
def test_no_query_tells_a_clinician_of_a_colleagues_case(
    opened: bootstrap.OpenPractice, reading: Reading, name: str, role: Role
) -> None:
    query = QUERIES[name]
    asked = reading.arguments(name, query)
    actor = member_actor(opened.desk.actor.practice_id, reading.colleagues.bea, role)
    answer = said(opened, actor.scope(), query, asked)
    assert betrayed(answer, marks(reading, asked)) == []


@pytest.mark.parametrize("name", QUERIES)
def test_no_query_tells_an_admin_what_a_note_says(
    opened: bootstrap.OpenPractice, reading: Reading, name: str
) -> None:
    owners = reading.colleagues.owners
    asked = reading.arguments(name, QUERIES[name])
    if "words" in asked:
        asked["words"] = WORDS
    actor = member_actor(opened.desk.actor.practice_id, uuid4(), Role.ADMIN)
    answer = said(opened, actor.scope(), QUERIES[name], asked)
    known = repr(asked)
    of_notes: dict[str, UUID] = {
        "a note": owners.signed,
        "a draft": owners.draft,
        "a note's file": owners.note_file,
        "a question about a note": owners.asked_of_note,
    }
    secrets = {what: repr(value) for what, value in of_notes.items() if repr(value) not in known}
    assert betrayed(answer, {**secrets, "its words": WORDS}) == []


def test_the_marks_are_where_the_owner_finds_them(
    opened: bootstrap.OpenPractice, reading: Reading
) -> None:
    found: set[str] = set()
    for name, query in QUERIES.items():
        asked = reading.arguments(name, query)
        answer = said(opened, opened.desk.actor.scope(), query, asked)
        found |= set(betrayed(answer, marks(reading, {})))
    assert found >= marks(reading, {}).keys() - {"change_set"}
