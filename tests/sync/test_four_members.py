"""An owner, a provider, an associate and an admin: nobody's computer gets what is not theirs.

Each clinician's record is full of a word of its own, and each note of one more. They are looked for
in every answer of the account as it came, and in every column of the file that it went into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case, change_case
from app.core.cases.rules import CaseDefaults
from app.core.clinical.commands.notes import NewNote, amend_note, save_draft, sign_note, start_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.invoices import create_invoice
from app.core.journeys.superbills import issue
from app.core.kernel.acting import Permission, Role
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import add_contact_for, change_details, set_emails
from app.core.people.queries import client
from app.core.people.rules import (
    ContactFields,
    EmailFields,
    NewClient,
    RelationshipFields,
    RelationshipType,
)
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.tables import License, Member
from app.sync.engine import Did
from tests.core.billing.conftest import Walter
from tests.core.journeys.superbill_practice import complete, hold, order
from tests.sync.worlds import Desktop, joined

#: The word that each clinician's record is full of, and the one that stands in notes only.
OKAPI, QUETZAL, NARWHAL, WHISPER = "Okapi", "Quetzal", "Narwhal", "whispered"
TODAY = date(2026, 11, 19)


@command(permission=Permission.MANAGE_TEAM, label="Add member")
def add_member(uow: UnitOfWork, name: str, role: Role) -> UUID:
    """Add somebody to the team."""
    member = uow.add(Member(given=name, family="Reed", role=role, npi="1234567893"))
    uow.add(License(member_id=member.id, kind="LMFT", number="84117", state="CA"))
    return member.id


def fill(desktop: Desktop, word: str, service: UUID) -> Walter:
    """Write a client's record: a person, sessions, notes, money and papers, all with ``word``."""
    desk = desktop.desk
    added = desk.do(add_client_with_case, NewClient(PersonName(word, "", f"{word}son"))).value
    walter = Walter(desk, added.client_ids[0], added.case_id, service)
    complete(walter)
    details = desk.ask(client, walter.client_id).details
    desk.do(change_details, walter.client_id, replace(details, notes=f"{word} came by"))
    desk.do(set_emails, walter.client_id, (EmailFields(f"{word}@example.com", is_main=True),))
    desk.do(
        add_contact_for,
        walter.client_id,
        ContactFields(f"Aunt {word}", notes=f"{word}'s aunt"),
        RelationshipFields(RelationshipType.SIBLING, is_emergency=True),
    )
    (charge, _) = hold(walter, 2, 9)
    write(desktop, walter, word)
    walter.pay(165_00, entry=_payment(walter, word))
    desk.do(create_invoice, InvoiceOrder(uuid4(), (charge,)))
    issue(desk, order(walter))
    return walter


def _payment(walter: Walter, word: str) -> PaymentEntry:
    cents, day = Money(330_00), TODAY
    return PaymentEntry(uuid4(), walter.client_id, cents, Method.CHECK, day, word, note=word)


def write(desktop: Desktop, walter: Walter, word: str) -> None:
    """Sign and amend a note, and leave another one begun."""
    desk = desktop.desk
    for signs in (True, False):
        note_id = desk.do(start_note, NewNote(walter.case_id, TODAY)).value
        text = {"text": f"{word} {WHISPER}"}
        kept = desk.do(save_draft, note_id, NoteFormat.PLAIN, text).value
        if signs:
            desk.do(sign_note, note_id, kept.hash)
            desk.do(amend_note, note_id, f"{word} {WHISPER} again")


class Four:
    """The owner, and whom they work with, each on a computer of their own."""

    def __init__(self, owner: Desktop, tmp_path: Path, prepared: bootstrap.PreparedKeys) -> None:
        self.owner = owner
        place = LocationFields("Alder Street", SessionFormat.IN_PERSON, "11")
        owner.desk.do(add_location, place)
        fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
        self.service = owner.desk.do(add_service, fields).value
        self.mine = fill(owner, OKAPI, self.service)
        roles = {"robin": Role.PROVIDER, "kit": Role.ASSOCIATE, "dana": Role.ADMIN}
        self.ids: dict[str, UUID] = {
            name: owner.desk.do(add_member, name, role).value for name, role in roles.items()
        }
        owner.sync()
        self.others = {name: Desktop(tmp_path / name, owner.hosted) for name in roles}
        for name, desktop in self.others.items():
            joined(desktop, owner, prepared, name, self.ids[name])
        self.robin, self.kit, self.dana = self.others.values()

    def settle(self) -> None:
        """Let all exchange, and agree to what a page removes."""
        for _ in range(3):
            for desktop in (self.owner, *self.others.values()):
                if desktop.sync() is Did.ASKS:
                    desktop.engine.accept_removal()
                    desktop.sync()


@pytest.fixture
def four(office: Desktop, prepared: bootstrap.PreparedKeys, tmp_path: Path) -> Iterator[Four]:
    """Four members, of whom three are clinicians with a client each."""
    made = Four(office, tmp_path, prepared)
    yield made
    for desktop in made.others.values():
        desktop.close()


def received(desktop: Desktop) -> bytes:
    """Return all that the account ever answered, in lower letters."""
    return b"\n".join(desktop.transport.heard).lower()


def kept(desktop: Desktop) -> bytes:
    """Return every value of every table of the file, the index of words too, in lower letters."""

    def read(part: Any) -> bytes:
        run = part.connection.execute
        tables = run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        rows = (row for (name,) in tables for row in run(f'SELECT * FROM "{name}"'))  # noqa: S608 - names of tables
        values = (value for row in rows for value in row)
        return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for v in values).lower()

    return desktop.file.slice(read)


def words(said: bytes) -> set[str]:
    """Return which of the words stand in ``said``."""
    return {word for word in (OKAPI, QUETZAL, NARWHAL, WHISPER) if word.lower().encode() in said}


def test_nobody_gets_a_byte_that_is_not_theirs(four: Four) -> None:
    fill(four.robin, QUETZAL, four.service)
    fill(four.kit, NARWHAL, four.service)
    four.settle()
    write(four.owner, four.mine, OKAPI)
    four.settle()

    everything = {OKAPI, QUETZAL, NARWHAL}
    assert words(received(four.owner)) >= {QUETZAL, NARWHAL, WHISPER}
    assert words(kept(four.owner)) == {*everything, WHISPER}
    theirs: Mapping[str, set[str]] = {
        "robin": {QUETZAL, WHISPER},
        "kit": {NARWHAL, WHISPER},
        "dana": everything,
    }
    for name, desktop in four.others.items():
        assert words(received(desktop)) == theirs[name], name
        assert words(kept(desktop)) == theirs[name], name


def test_a_case_that_changed_hands_goes_on_where_it_is_now(four: Four) -> None:
    walter = fill(four.robin, QUETZAL, four.service)
    four.settle()
    heard = len(four.robin.transport.heard)
    four.owner.desk.do(
        change_case,
        walter.case_id,
        provider_id=four.ids["kit"],
        relationship_label="",
        defaults=CaseDefaults(),
    )
    four.settle()
    write(four.kit, Walter(four.kit.desk, walter.client_id, walter.case_id, four.service), NARWHAL)
    four.settle()

    assert words(kept(four.kit)) == {QUETZAL, NARWHAL, WHISPER}
    later = b"\n".join(four.robin.transport.heard[heard:]).lower()
    assert words(later) == set()
    assert not [said for said in four.robin.rows().values() if QUETZAL in str(said)]
