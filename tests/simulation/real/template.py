"""The practice before anything happens: founded once a process, then copied for each scenario.

Two members, two cases that are both assigned to the second, and seven computers that are joined
and in sync; a scenario takes those that it names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.core import mapping
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, start_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission, Role, system_actor
from app.core.kernel.entitlement import NO_ACCOUNT
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import add_contact_for
from app.core.people.rules import ContactFields, NewClient, RelationshipFields, RelationshipType
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_series, book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.commands import set_up_practice
from app.core.team.tables import Member
from app.core.vault.incarnation import Mark
from app.core.vault.tables import Occupant
from app.sync import connecting, wire
from app.sync.engine import RESTING, Did
from app.sync.protocol.messages import Refused
from app.sync.protocol.terms import Verb
from app.sync.state import Link
from app.sync.transport import ANSWERS, Declined
from hosted.store.engine import For
from hosted.store.tables import Device
from hosted.sync import epochs
from hosted.sync.callers import Caller
from tests.simulation.real.chance import Time, drawn_from
from tests.simulation.real.computer import Computer, Kinds, Seat
from tests.simulation.real.reading import Cases, rows_of
from tests.simulation.real.storage import FileSlot, ServerSlot
from tests.support.practice import OWNER

PRACTICE = UUID("5b6d2f0e-0000-4000-8000-000000000001")
OWNERS, PROVIDERS = 4, 3
#: A file can be copied to one more computer.
SLOTS = 5
CASES = ("c1", "c2")


@dataclass(frozen=True, slots=True)
class Begun:
    """A computer as a scenario finds it."""

    seat: Seat
    image: Any
    mark: Mark


@dataclass(slots=True)
class Template:
    """What every scenario begins with."""

    ms: int = 0
    server: bytes = b""
    computers: dict[int, list[Begun]] = field(default_factory=dict)
    """By the number of the member."""
    cases: dict[str, UUID] = field(default_factory=dict)
    clients: dict[str, UUID] = field(default_factory=dict)
    members: list[UUID] = field(default_factory=list)
    known: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Tables to rows: id and case in hex."""
    service: UUID = field(default_factory=uuid4)


@dataclass(slots=True)
class Bench:
    """What one process needs to run scenarios one after the other."""

    time: Time
    server: ServerSlot
    slots: list[FileSlot]
    template: Template


@command(permission=Permission.MANAGE_TEAM, label="Add member")
def add_member(uow: UnitOfWork, given: str) -> UUID:
    """Add a provider; the account's invitations will."""
    return uow.add(Member(given=given, family="Reed", role=Role.PROVIDER)).id


@cache
def bench() -> Bench:
    """Return this process's bench; founding takes a second or two, once."""
    mapping.complete()
    time = Time()
    with drawn_from("template"):
        server = ServerSlot(time)
        slots = [FileSlot(PRACTICE) for _ in range(SLOTS)]
        template = _Founding(time, server).template
    return Bench(time, server, slots, template)


class _Founding:
    """Founds the practice and its computers."""

    def __init__(self, time: Time, server: ServerSlot) -> None:
        self.time = time
        self.server = server
        self.template = Template()
        owner = self._found()
        first = self._computer("first", owner, Role.OWNER, upload=True)
        provider = first.desk.do(add_member, "Robin").value
        self.template.members = [owner, provider]
        self._fill(first, provider)
        _settle(first)
        others = [self._computer(f"owner {n}", owner, Role.OWNER) for n in range(1, OWNERS)]
        staff = [self._computer(f"staff {n}", provider, Role.PROVIDER) for n in range(PROVIDERS)]
        for case in self.template.cases.values():
            _note(staff[0], case)
        everybody = [first, *others, *staff]
        for computer in (*everybody, *everybody):
            _settle(computer)
        self.template.computers = {0: [], 1: []}
        for number, computer in enumerate(everybody):
            if number % 2:
                computer.slot.connection.execute("DELETE FROM number_block")
            assert computer.mark is not None
            begun = Begun(computer.seat, computer.image(), computer.mark)
            self.template.computers[int(computer in staff)].append(begun)
        self.template.server = server.image()
        rows = rows_of(server.rows)
        cases = Cases(rows)
        for table, pk in sorted(rows):
            self.template.known.setdefault(table, []).append((pk, cases.of(table, pk)))
        self.template.ms = time.ms

    def _found(self) -> UUID:
        self._slot = FileSlot(PRACTICE)
        self._slot.make()
        with self.server.database.write(For(PRACTICE)) as hosted:
            epoch = epochs.facts(self.server.database).epoch
            epochs.begin_practice(hosted, epoch, self.time.now())
        with self._slot.sessions() as session:
            uow = UnitOfWork(session, system_actor(PRACTICE), NO_ACCOUNT, self.time)
            self._slot.ports.chain = PRACTICE
            owner = set_up_practice(uow, OWNER).owner_id
            session.execute(insert(Occupant), [{"practice_id": PRACTICE, "member_id": owner}])
            uow.commit()
        return owner

    def _computer(self, name: str, member: UUID, role: Role, *, upload: bool = False) -> Computer:
        slot = self._slot
        if not upload:
            slot = FileSlot(PRACTICE)
            slot.make()
            with slot.sessions() as session:
                session.execute(insert(Occupant), [{"practice_id": PRACTICE, "member_id": member}])
                session.commit()
        caller = self._pair(member, name)
        computer = Computer(name, slot, Seat(caller, role), self.time, self._carry, Kinds())
        computer.open()
        link = Link(PRACTICE, "simulated", caller.device_id, name, "token")
        tag = computer.file.slice(lambda part: connecting.tie(part, link, upload=upload))
        computer.slot.ports.tag = tag
        _settle(computer)
        return computer

    def _pair(self, member: UUID, name: str) -> Caller:
        now = self.time.now()
        device = Device(
            id=uuid4(), practice_id=PRACTICE, member_id=member, name=name, program="simulated",
            token_hash=uuid4().bytes + uuid4().bytes, paired_at=now, seen_at=now,
        )  # fmt: skip
        with self.server.database.write(For(PRACTICE)) as session:
            session.add(device)
        return Caller(device.id, PRACTICE, member, name)

    def _carry(self, computer: Computer, verb: Verb, message: Any) -> Any:
        caller = computer.seat.caller
        body, _ = self.server.exchange.answer(caller, verb, wire.write(message.to_json()))
        return read_answer(verb, body)

    def _fill(self, first: Computer, provider: UUID) -> None:
        fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
        self.template.service = service = first.desk.do(add_service, fields).value
        for at, name in enumerate(CASES):
            new = NewClient(PersonName(given=f"Client{at}", family="Strand"))
            added = first.desk.do(add_client_with_case, new, provider_id=provider).value
            case, client = added.case_id, added.client_ids[0]
            self.template.cases[name], self.template.clients[name] = case, client
            contact = ContactFields(f"Contact{at}", phone="?")
            tie = RelationshipFields(RelationshipType.PARENT)
            first.desk.do(add_contact_for, client, contact, tie)
            _note(first, case)
            lines = (Line(service),)
            first.desk.do(book_session, Booking(case, datetime(2026, 11, 18, 9 + at), lines=lines))
            weekly = Booking(case, datetime(2026, 11, 5, 12 + at), lines=lines)
            first.desk.do(book_series, weekly, Repeat())


def _note(computer: Computer, case: UUID) -> None:
    note = computer.desk.do(start_note, NewNote(case, date(2026, 11, 18))).value
    computer.desk.do(save_draft, note, NoteFormat.SOAP, {"plan": "?"})


def _settle(computer: Computer) -> None:
    for _ in range(2):
        computer.engine.wake()
        computer.engine.poke()
        while (did := computer.step()) not in RESTING:
            pass
        assert did is Did.QUIET, (computer.name, did, computer.engine.session)


def read_answer(verb: Verb, body: bytes) -> Any:
    """Return what the server said; raises ``Declined`` for a refusal."""
    said = wire.read(body)
    if "refused" in said:
        refused = Refused.read(said)
        raise Declined(refused.code, refused.detail)
    return ANSWERS[verb].read(said)
