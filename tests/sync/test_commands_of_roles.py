"""Every command that a role may call, on records that are its own: the account takes what it wrote.

The fence of the account refuses what a role may not write; here is what it must never refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.commands import (
    add_client_with_case,
    add_couple,
    close_case,
    open_case,
    rename_case,
)
from app.core.cases.rules import NewCase
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.journeys.sessions import attend
from app.core.kernel.acting import Actor, Permission, Role, member_actor
from app.core.kernel.clock import unix_ms
from app.core.kernel.entitlement import Act
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import change_details
from app.core.people.rules import (
    ContactFields,
    DetailFields,
    NewClient,
    RelationshipFields,
    RelationshipType,
)
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import CaseKind, ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.store.ports import RowChange
from app.core.store.unit import UnitOfWork
from app.core.team.commands import add_license, change_member
from app.core.team.rules import LicenseFields, MemberFields
from app.core.vault.outbox import SCHEMA_VERSION
from app.sync.protocol.messages import Push, Pushed
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Verb
from tests.core.journeys.test_acts_on_colleagues_cases import COMMANDS, NAMED, ON_THE_OWNERS
from tests.support.colleagues import FIRST, LAST, TODAY, Colleagues, Filling, Owners, welcome
from tests.support.images import image_of, put_image
from tests.sync.worlds import Desktop, joined

OFFICE = LocationFields("Alder Street", SessionFormat.IN_PERSON, "11")
SERVICE = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
LICENSE = LicenseFields("84117", "CA")
ANN = NewClient(PersonName("Ann", "", "Moss"))


Given = Callable[["Sat"], tuple[Any, ...]]
#: What names nobody's record, or one's own.
MORE: dict[str, Given] = {
    "cases.add_client_with_case": lambda _: (ANN,),
    "clinical.discard_empty_draft": lambda s: (s.owners.draft,),
    "journeys.clients.add_person": lambda _: (ANN,),
    "membership.keep_who_is_active": lambda _: (),
    "people.add_client": lambda _: (ANN,),
    "people.add_contact": lambda _: (ContactFields("Her aunt"),),
    "practice.add_location": lambda _: (OFFICE,),
    "practice.add_service": lambda _: (SERVICE,),
    "practice.change_location": lambda s: (s.location, replace(OFFICE, name="Bay Street")),
    "practice.change_service": lambda s: (s.service, replace(SERVICE, minutes=45)),
    "practice.retire_location": lambda s: (s.location,),
    "practice.retire_service": lambda s: (s.service,),
    "practice.set_office_hours": lambda _: ((),),
    "scheduling.keep_begun_sessions": lambda _: (),
    "team.add_license": lambda s: (s.me, LICENSE),
    "team.change_license": lambda s: (s.license, replace(LICENSE, number="84118")),
    "team.change_member": lambda s: (s.me, MemberFields("Kimmie")),
    "team.change_setting": lambda _: ("provider.credentials", "LCSW"),
    "team.remove_license": lambda s: (s.license,),
}
#: Where what the other test names is not in a state in which the command writes anything.
INSTEAD: dict[str, Given] = {
    "cases.rename_case": lambda s: (s.group, "Tuesdays"),
    "cases.reopen_case": lambda s: (s.closed,),
    "cases.set_identified_patient": lambda s: (s.couple, s.all.her_client),
    "journeys.sessions.attend": lambda s: (s.past,),
    "journeys.sessions.miss": lambda s: (s.past,),
    "journeys.superbills.issue_superbill": lambda s: (s.superbill,),
    "journeys.superbills.issue_superbills": lambda s: ([s.superbill],),
    "journeys.undoing.undo": lambda s: (s.undone,),
    "people.change_relationship": lambda s: (
        s.owners.relationship_id,
        RelationshipFields(RelationshipType.SIBLING, contact_id=s.owners.contact_id),
    ),
    "scheduling.complete_session": lambda s: (s.past,),
    "scheduling.miss_session": lambda s: (s.past,),
    "store.undoing.undo_change_set": lambda s: (s.undone,),
}
#: They find nothing to do.
IDLE = {
    "billing.ledger.apply_credit",
    "clinical.discard_empty_draft",
    "clinical.move_diagnosis",
    "membership.keep_who_is_active",
    "scheduling.keep_begun_sessions",
}
#: Only inside another command, which is tried.
INSIDE = {"billing.invoices.issue_invoice", "billing.superbills.keep_superbill"}


class Sat:
    """A member at their computer, with records of every kind that are theirs.

    An admin's are the practice's.
    """

    me: UUID
    service: UUID
    location: UUID
    license: UUID
    owners: Owners
    all: Colleagues
    group: UUID
    closed: UUID
    couple: UUID
    past: UUID
    superbill: Order
    undone: UUID

    def __init__(self, office: Desktop, kim: Desktop, role: Role) -> None:
        self._kim, self._life = kim, uuid4()
        practice, self.me = office.desk.actor.practice_id, kim.desk.actor.member_id
        self.service = office.desk.do(add_service, SERVICE).value
        self.location = office.desk.do(add_location, OFFICE).value
        office.sync()
        kim.sync()
        desk = kim.desk
        desk.do(change_member, self.me, MemberFields("Kim", "Park", "LMFT", npi="1234567893"))
        self.license = desk.do(add_license, self.me, LICENSE).value
        desk.act_as(Actor(practice, self.me, role, frozenset(Permission)))
        self._fill(office.desk if role is Role.ADMIN else desk)
        for each in (office, kim, office, kim):
            each.sync()
        desk.act_as(member_actor(practice, self.me, role))
        self.undone = desk.do(rename_case, self.group, "Mondays").undo
        kim.sync()
        self._image = image_of(kim.hosted.database)

    def _fill(self, desk: Any) -> None:
        self.owners = Filling(desk, self.service).owners()
        second = desk.do(add_client_with_case, ANN).value
        (client,), case = second.client_ids, second.case_id
        stored: Any = None
        self.all = Colleagues(stored, self.owners, self.me, client, case, self.service)
        group = NewCase(CaseKind.THERAPY_GROUP, (client,), name="Mondays at six")
        self.group, self.closed = (desk.do(open_case, group).value for _ in range(2))
        desk.do(close_case, self.closed)
        self.couple = desk.do(add_couple, client, ANN).value.case_id
        held, self.past = (
            desk.do(book_session, Booking(case, at, lines=(Line(self.service),))).value
            for at in (datetime(2026, 11, 16, 9), datetime(2026, 11, 17, 9))
        )
        (charge,) = desk.do(attend, held).value.charge_ids
        check = PaymentEntry(
            uuid4(), client, SERVICE.fee, Method.CHECK, TODAY, charge_ids=(charge,)
        )
        desk.do(record_payment, check)
        desk.do(change_details, client, DetailFields(birth_date=date(1980, 1, 1)))
        desk.do(add_diagnosis, NewDiagnosis(client, "F41.1", date(2026, 1, 5)))
        self.superbill = Order(uuid4(), client, FIRST, LAST)

    def commands(self) -> set[str]:
        """Return the commands that the member may call and that write more than the audit."""
        actor = self._kim.desk.actor
        said = ((name, each.declaration) for name, each in COMMANDS.items())
        return {name for name, of in said if actor.may(of.permission) and of.act is not Act.READ}

    def writes(self, name: str) -> tuple[RowChange, ...]:
        """Return what a command writes, and leave nothing of it."""
        own = INSTEAD.get(name) or MORE.get(name)
        args = own(self) if own else ON_THE_OWNERS[name](self.all, self.owners)
        desk = self._kim.desk
        session = desk._open_write()
        try:
            uow = UnitOfWork(session, desk.actor, desk.entitlement, desk.clock)
            COMMANDS[name](uow, *args, **NAMED.get(name, {}))
            session.flush()
            return tuple(session.capture.rows())
        finally:
            session.rollback()
            session.close()

    def refused(self, rows: tuple[RowChange, ...]) -> set[str]:
        """Push rows as one change set; return why they are refused, and let the account forget."""
        hosted, one = self._kim.hosted, uuid4()
        stamp = unix_ms(hosted.clock.now()) << 16
        operations = tuple(
            Operation(
                uuid4(), one, lsn, row.table, row.id, row.is_new, row.base_seq, stamp,
                SCHEMA_VERSION, {**row.together, **row.after},
            )
            for lsn, row in enumerate(rows, 1)
        )  # fmt: skip
        push = Push(hosted.epoch, self._life, operations)
        pushed = hosted.exchange.handle(self._kim.transport.caller, Verb.PUSH, push)
        assert isinstance(pushed, Pushed), pushed
        put_image(hosted.database, self._image)
        return {each.refusal for each in pushed.answers if each.refusal}


@pytest.fixture
def sat(
    request: pytest.FixtureRequest,
    office: Desktop,
    prepared: bootstrap.PreparedKeys,
    tmp_path: Path,
) -> Iterator[Sat]:
    """A member of the role that the test names."""
    role: Role = request.param
    member_id = office.desk.do(welcome, "Kim", "Park", role).value
    office.sync()
    kim = Desktop(tmp_path / "kim", office.hosted)
    joined(kim, office, prepared, "Kim's laptop", member_id)
    yield Sat(office, kim, role)
    kim.close()


@pytest.mark.parametrize("sat", [Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN], indirect=True)
def test_the_account_takes_what_every_command_of_a_role_writes(sat: Sat) -> None:
    mine = sat.commands() - INSIDE
    assert mine <= ON_THE_OWNERS.keys() | MORE.keys()
    idle, refused = set(), {}
    for name in sorted(mine):
        rows = sat.writes(name)
        if not rows:
            idle.add(name)
        elif why := sat.refused(rows):
            refused[name] = why
    assert refused == {}
    assert idle == IDLE & mine
