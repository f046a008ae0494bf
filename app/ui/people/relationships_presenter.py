"""The people around a client without a window: who they are and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

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

Refused = Callable[[UserError], None]


class RelationshipsPresenter(RecordPresenter):
    """The record, and the acts on the relationships of its people."""

    def add(
        self,
        client_id: UUID,
        contact: ContactFields,
        kind: RelationshipType,
        grants: Grants,
        *,
        emergency: bool,
        then: Callable[[], None],
        refused: Refused,
    ) -> None:
        """Add a contact and tie it to a client; ``then`` runs when it is kept."""

        def failed(problem: Exception) -> None:
            if isinstance(problem, UserError) and problem.field is not None:
                refused(problem)
            else:
                self._fail(problem)

        def done(outcome: object) -> None:
            self.did(outcome)  # type: ignore[arg-type]
            then()

        self.run(
            add_contact_for,
            client_id,
            contact,
            RelationshipFields(kind, grants=grants, is_emergency=emergency),
            then=done,
            failed=failed,
        )

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
