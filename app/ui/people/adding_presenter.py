"""Adding a client or a couple without a window: what is typed, who is here already, the result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.core.cases.commands import Added, add_client_with_case, add_couple
from app.core.kernel.canonical import from_plain, to_plain
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.text import PersonName, fold
from app.core.membership.queries import capacity
from app.core.membership.rules import Capacity
from app.core.people.queries import Identity, identities
from app.core.people.rules import DetailFields, EmailFields, Lifecycle, NewClient, PhoneFields
from app.ui.shell.form_presenter import FormPresenter, Later, at_once
from app.ui.shell.presenter import Deliver


@dataclass(slots=True)
class TypedPerson:
    """What stands in the fields of one person. ``here_already`` is a client chosen instead."""

    given: str = ""
    family: str = ""
    chosen: str = ""
    phone: str = ""
    email: str = ""
    birth_date: date | None = None
    born: str = ""
    """The date of birth as typed, which may not be one yet."""
    here_already: UUID | None = None

    @property
    def name(self) -> PersonName:
        """Return the name typed."""
        return PersonName(given=self.given, family=self.family, chosen=self.chosen)

    def as_client(self, lifecycle: Lifecycle) -> NewClient:
        """Return the client to add."""
        return NewClient(
            self.name,
            lifecycle,
            DetailFields(birth_date=self.birth_date),
            emails=(EmailFields(self.email),) if self.email.strip() else (),
            phones=(PhoneFields(self.phone),) if self.phone.strip() else (),
        )


@dataclass(slots=True)
class Typed:
    """All that stands in the sheet; kept until it was added or thrown away."""

    couple: bool = False
    people: list[TypedPerson] = field(default_factory=lambda: [TypedPerson(), TypedPerson()])
    identified: int | None = None
    relationship: str = ""
    lifecycle: Lifecycle | None = None

    @property
    def is_empty(self) -> bool:
        """Return whether nothing worth keeping was typed."""
        return self.people == [TypedPerson(), TypedPerson()]


class AddPresenter(FormPresenter):
    """Keeps what is typed while the sheet is closed and open again, and adds it once.

    ``problem`` is why it was refused last; ``added`` hears what was added.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        today: Callable[[], date],
        added: Callable[[Outcome[Added]], None],
        *,
        later: Later = at_once,
        unkept: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, "client/new", later=later, unkept=unkept)
        self.today = today
        self._added = added
        self.problem: Exception | None = None
        self.typed = Typed()
        self.capacity: Capacity | None = None
        self.busy = False
        self._known: tuple[Identity, ...] = ()

    def start(self, kind: str) -> None:
        """Begin with a client or a couple; what was typed before stays."""
        self.problem = None
        if self.typed.is_empty:
            self.typed = Typed(couple=kind == "couple")
        else:
            self.continue_typed()
        self.begin()
        self.read("capacity", capacity, self.desk.entitlement, then=self._have_capacity)
        self.read("known", identities, then=self._have_known)

    def content(self) -> dict[str, Any]:
        """Return what stands in the sheet."""
        typed = self.typed
        return {
            "couple": typed.couple,
            "people": [to_plain(each) for each in typed.people],
            "identified": typed.identified,
            "relationship": typed.relationship,
            "lifecycle": typed.lifecycle,
        }

    def take_up(self, content: dict[str, Any]) -> None:
        """Go on with the people who were left half-way, unless others are typed already."""
        if self.typed.is_empty:
            lifecycle = content["lifecycle"]
            self.typed = Typed(
                content["couple"],
                [from_plain(TypedPerson, each) for each in content["people"]],
                content["identified"],
                content["relationship"],
                None if lifecycle is None else Lifecycle(lifecycle),
            )
        else:
            self.continued = None

    def start_over(self) -> None:
        """Begin with nobody; whether it is a couple stays."""
        self.typed = Typed(couple=self.typed.couple)
        self.changed()

    @property
    def lifecycle(self) -> Lifecycle:
        """Return the status that will be given: active while the plan has room."""
        if self.typed.lifecycle is not None:
            return self.typed.lifecycle
        return Lifecycle.ACTIVE if self.has_room else Lifecycle.PROSPECT

    @property
    def has_room(self) -> bool:
        """Return whether the plan has room for those who are typed."""
        new = [each for each in self._wanted() if each.here_already is None]
        return self.capacity is None or self.capacity.fits(len(new))

    def like(self, position: int) -> list[Identity]:
        """Return clients here already who have the name typed for the person at ``position``."""
        person = self.typed.people[position]
        if person.here_already is not None or not (person.given.strip() and person.family.strip()):
            return []
        wanted = (fold(person.given), fold(person.family))
        return [
            each
            for each in self._known
            if wanted[1] == fold(each.name.family)
            and wanted[0] in (fold(each.name.given), fold(each.name.chosen))
        ]

    def name_of(self, client_id: UUID) -> str:
        """Return the name of a client here already."""
        return next((each.name.display for each in self._known if each.id == client_id), "")

    def use(self, position: int, client_id: UUID | None) -> None:
        """Take a client who is here already for the person at ``position``; None types anew."""
        self.typed.people[position].here_already = client_id
        self.touched()
        self.changed()

    def add(self) -> None:
        """Add what is typed; a second call while the first is under way does nothing."""
        if self.busy:
            return
        self.busy, self.problem = True, None
        self.changed()
        if self.typed.couple:
            first, second = (self._person(each) for each in self._wanted())
            self.submit(
                add_couple,
                first,
                second,
                identified=self.typed.identified,
                relationship_label=self.typed.relationship,
                then=self._done,
                failed=self._refused,
            )
        else:
            new = self._wanted()[0].as_client(self.lifecycle)
            self.submit(add_client_with_case, new, then=self._done, failed=self._refused)

    def refuse(self, problem: Exception | None) -> None:
        """Say why what is typed cannot be added; None takes it back."""
        self.problem = problem
        self.changed()

    def _done(self, outcome: Outcome[Added]) -> None:
        self.busy = False
        self.typed = Typed()
        self._added(outcome)

    def _refused(self, problem: Exception) -> None:
        self.busy = False
        self.refuse(problem)

    def _wanted(self) -> Sequence[TypedPerson]:
        return self.typed.people if self.typed.couple else self.typed.people[:1]

    def _person(self, typed: TypedPerson) -> NewClient | UUID:
        return typed.here_already or typed.as_client(self.lifecycle)

    def _have_capacity(self, found: Capacity) -> None:
        self.capacity = found
        self.changed()

    def _have_known(self, found: list[Identity]) -> None:
        self._known = tuple(found)
        self.changed()
