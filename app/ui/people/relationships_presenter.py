"""The people around a client without a window: who they are and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.kernel.canonical import from_plain, to_plain
from app.core.kernel.changes import Outcome
from app.core.kernel.errors import UserError
from app.core.people.commands import (
    add_contact_for,
    change_relationship,
    remove_relationship,
    verify_relationship,
)
from app.core.people.queries import RelationshipView
from app.core.people.rules import (
    ContactFields,
    Grants,
    RelationshipFields,
    RelationshipType,
    Verification,
)
from app.ui.people.record_presenter import RecordPresenter
from app.ui.shell.form_presenter import FormPresenter, Later
from app.ui.shell.presenter import Deliver

Refused = Callable[[UserError], None]


@dataclass(frozen=True, slots=True)
class TypedTie:
    """What is chosen of somebody new; their name and how to reach them stand in the fields."""

    kind: RelationshipType = RelationshipType.PARENT
    emergency: bool = True


class RelationshipsPresenter(RecordPresenter):
    """The record, and the acts on the relationships of its people."""

    def form(self, client_id: UUID, later: Later) -> RelationshipForm:
        """Return the form that ties somebody new to a client."""
        return RelationshipForm(self, self._deliver, client_id, later)

    def refuse(self, problem: Exception) -> None:
        """Say why something could not be done."""
        self._fail(problem)

    def grant(self, tie: RelationshipView, grants: Grants) -> None:
        """Give or take what a helper may do."""
        self._change(tie, grants, tie.is_emergency)

    def set_emergency(self, tie: RelationshipView, on: bool) -> None:
        """Say whether somebody is called in an emergency."""
        self._change(tie, tie.grants, on)

    def verify(self, tie: RelationshipView, verification: Verification) -> None:
        """Say how far a relationship was checked."""
        self.run(verify_relationship, tie.id, verification, failed=self._fail)

    def remove(self, tie: RelationshipView) -> None:
        """Untie somebody; the contact itself stays."""
        self.run(remove_relationship, tie.id, failed=self._fail)

    def _change(self, tie: RelationshipView, grants: Grants, emergency: bool) -> None:
        fields = RelationshipFields(
            tie.type, tie.contact_id, tie.other_client_id, grants, emergency
        )
        self.run(change_relationship, tie.id, fields, failed=self._fail)


class RelationshipForm(FormPresenter):
    """Somebody new around a client: who, what they are, and whether to call them."""

    def __init__(
        self, record: RelationshipsPresenter, deliver: Deliver, client_id: UUID, later: Later
    ) -> None:
        super().__init__(
            record.desk,
            deliver,
            f"relationship/{client_id}",
            did=record.did,
            later=later,
            unkept=record.refuse,
        )
        self._record, self._client_id = record, client_id
        self.typed = TypedTie()

    def content(self) -> dict[str, Any]:
        """Return what is chosen."""
        return {"typed": to_plain(self.typed)}

    def take_up(self, content: dict[str, Any]) -> None:
        """Choose what was chosen."""
        self.typed = from_plain(TypedTie, content["typed"])

    def choose(self, typed: TypedTie) -> None:
        """Take what was chosen."""
        if typed != self.typed:
            self.typed = typed
            self.touched()

    def start_over(self) -> None:
        """Begin with nobody."""
        self.typed = TypedTie()
        self.changed()

    def add(self, contact: ContactFields, then: Callable[[], None], refused: Refused) -> None:
        """Add the contact and tie it to the client; ``then`` runs when it is kept."""

        def failed(problem: Exception) -> None:
            if isinstance(problem, UserError) and problem.field is not None:
                refused(problem)
            else:
                self._record.refuse(problem)

        def done(outcome: Outcome[UUID]) -> None:
            self.did(outcome)
            self.typed = TypedTie()
            then()

        tie = RelationshipFields(
            self.typed.kind, grants=Grants(), is_emergency=self.typed.emergency
        )
        self.submit(add_contact_for, self._client_id, contact, tie, then=done, failed=failed)
