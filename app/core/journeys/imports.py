"""People of an import arrive: clients with what belongs to them, and one case for each row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.people.rules import ContactFields, NewClient, RelationshipType
from app.core.people.tables import (
    Client,
    ClientAddress,
    ClientEmail,
    ClientInsurance,
    ClientPhone,
    Contact,
    Relationship,
)
from app.core.practice.rules.catalogue import CaseKind
from app.core.store.base import Synced
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, slots=True)
class Helper:
    """A contact who comes with a client, nothing granted and not verified."""

    contact: ContactFields
    type: RelationshipType


@dataclass(frozen=True, slots=True)
class ArrivingPerson:
    """A client as an import brings them. ``remarks`` say what the import was not sure of.

    ``awaits_place``: active in the file, inactive here because the plan has no room.
    """

    client: NewClient
    helper: Helper | None = None
    remarks: tuple[str, ...] = ()
    awaits_place: bool = False


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who becomes a client, with the id that their record gets."""

    id: UUID
    person: ArrivingPerson


@dataclass(frozen=True, slots=True)
class ArrivingCase:
    """A case as an import brings it: ids of its people, and those of them who are new."""

    kind: CaseKind
    people: tuple[UUID, ...]
    newcomers: tuple[Newcomer, ...]
    opened_on: date | None = None


@dataclass(frozen=True, slots=True)
class Arriving:
    """What every arrival of one import shares."""

    import_id: UUID
    provider_id: UUID | None


@command(permission=Permission.IMPORT, act=Act.BOOK, label="Import clients")
def arrive(uow: UnitOfWork, arriving: Arriving, cases: Sequence[ArrivingCase]) -> None:
    """Write the new people of ``cases`` and the cases, all of them with their import's id.

    Capacity was decided in the plan: nobody is refused here. Every newcomer waits for review.
    """
    rows = _Rows(uow, arriving)
    for case in cases:
        for newcomer in case.newcomers:
            rows.add_person(newcomer.id, newcomer.person)
        rows.add_case(case)
    rows.write()


class _Rows:
    """Rows of several tables, collected so that each table is written in one statement."""

    def __init__(self, uow: UnitOfWork, arriving: Arriving) -> None:
        self._uow = uow
        self._arriving = arriving
        self._of: defaultdict[type[Synced], list[dict[str, Any]]] = defaultdict(list)

    def write(self) -> None:
        for kind, rows in self._of.items():
            self._uow.insert_many(kind, rows)

    def add_person(self, client_id: UUID, person: ArrivingPerson) -> None:
        client, name, details = person.client, person.client.name, person.client.details
        self._of[Client].append(
            {
                "id": client_id,
                "legal_given": name.given,
                "legal_middle": name.middle,
                "legal_family": name.family,
                "legal_suffix": name.suffix,
                "chosen_name": name.chosen,
                "lifecycle": client.lifecycle,
                "awaits_place": person.awaits_place,
                "pronouns": details.pronouns,
                "birth_date": details.birth_date,
                "sex": details.sex,
                "first_seen": details.first_seen,
                "notes": details.notes,
                "primary_member_id": self._arriving.provider_id,
                "imported_at": self._uow.now,
                "import_remarks": "\n".join(person.remarks),
                "import_id": self._arriving.import_id,
            }
        )
        self._add_owned(client_id, client)
        if person.helper is not None:
            self._add_helper(client_id, person.helper)

    def _add_owned(self, client_id: UUID, client: NewClient) -> None:
        owner = {"client_id": client_id}
        self._of[ClientEmail] += [{**owner, **_values_of(each)} for each in client.emails]
        self._of[ClientPhone] += [{**owner, **_values_of(each)} for each in client.phones]
        self._of[ClientAddress] += [
            {
                **owner,
                **_values_of(each.address),
                "is_main": each.is_main,
                "is_shared": each.is_shared,
            }
            for each in client.addresses
        ]
        self._of[ClientInsurance] += [
            {**owner, **_values_of(each), "position": position}
            for position, each in enumerate(client.insurances)
        ]

    def _add_helper(self, client_id: UUID, helper: Helper) -> None:
        contact_id = self._uow.new_id()
        self._of[Contact].append(
            {
                "id": contact_id,
                "name": helper.contact.name,
                "email": helper.contact.email,
                "phone": helper.contact.phone,
                "import_id": self._arriving.import_id,
            }
        )
        self._of[Relationship].append(
            {"client_id": client_id, "contact_id": contact_id, "type": helper.type}
        )

    def add_case(self, case: ArrivingCase) -> None:
        case_id = self._uow.new_id()
        opened_on = case.opened_on or self._uow.today
        self._of[Case].append(
            {
                "id": case_id,
                "kind": case.kind,
                # The identified patient of a couple is for the clinician to name.
                "identified_client_id": case.people[0] if len(case.people) == 1 else None,
                "provider_id": self._arriving.provider_id,
                "opened_on": opened_on,
                "import_id": self._arriving.import_id,
            }
        )
        for position, client_id in enumerate(case.people):
            self._of[CaseParticipant].append(
                {
                    "case_id": case_id,
                    "client_id": client_id,
                    "position": position,
                    "from_on": opened_on,
                }
            )


def _values_of(record: DataclassInstance) -> dict[str, Any]:
    """Return the fields of a flat dataclass; unlike ``asdict`` it copies nothing."""
    return {field.name: getattr(record, field.name) for field in fields(record)}
