"""What a person orders: a superbill for a client and dates, or one instead of another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.superbills.rules.choosing import (
    BY_THE_RULE,
    Omission,
    Wish,
    omission_words,
)
from app.core.billing.superbills.rules.facts import Facts
from app.core.billing.superbills.rules.preflight import Checked
from app.core.kernel.errors import ChangedSince, UserError

#: A paper with more lines takes longer to draw than a unit of work may last (50 ms).
LINES_AT_ONCE = 80


@dataclass(frozen=True, slots=True)
class Order:
    """A superbill to be issued.

    ``superbill_id`` is made by whoever opened the page, so that a second click issues nothing
    twice. ``client_id`` is missing while a couple or family names no patient: such an order
    can only be looked at. ``charge_ids`` are the lines that the person saw; ``None`` takes what
    there is.
    """

    superbill_id: UUID
    client_id: UUID | None
    first_on: date
    last_on: date
    wish: Wish = BY_THE_RULE
    charge_ids: tuple[UUID, ...] | None = None
    supersedes_id: UUID | None = None


def check_dates(first_on: date, last_on: date) -> None:
    """Raise ``UserError`` when the last day is before the first."""
    if last_on < first_on:
        raise UserError("The last day is before the first one: check the dates.", field="last_on")


def chosen_draft(order: Order, checked: Sequence[Checked], omitted: Sequence[Omission]) -> Checked:
    """Return the draft that the order is for.

    Raises ``ChangedSince`` when the lines are no longer those that the person saw, ``UserError``
    when there is nothing to issue, when there are several drafts and none was chosen, or, with
    the field to mend, when an insurer would refuse it.
    """
    if not checked:
        words = omission_words(omitted)
        raise UserError(f"There is no paid session to put on a superbill. {words}".strip())
    found = [each for each in checked if order.charge_ids in (None, _charges(each))]
    if not found:
        raise ChangedSince("The sessions changed since you looked: look at the superbill again.")
    # Beside the person's own sessions those of a couple that names no patient can wait.
    found = [each for each in found if each.draft.person is not None] or found
    if len(found) > 1:
        raise UserError(
            "Provider or license changed within these dates: choose dates before or after it.",
            field="first_on",
        )
    refuse_blocked(found[0])
    return found[0]


def refuse_elsewhere(facts: Facts, client_id: UUID) -> None:
    """Raise ``UserError`` when this client's only sessions go on another one's superbill."""
    for session in facts.elsewhere:
        if session.client_id is not None and client_id in session.participants:
            patient = facts.people[session.client_id].name.display
            raise UserError(
                f"The sessions of {session.case_title} go on the superbill of {patient}, "
                f"the identified patient: issue it for {patient}."
            )


def refuse_blocked(checked: Checked) -> None:
    """Raise ``UserError`` with the first block's sentence and its very field."""
    for block in checked.blocks:
        kind, record_id = block.mend.record
        raise UserError(block.sentence, field=block.mend.field, record=(kind, str(record_id)))


def _charges(checked: Checked) -> tuple[UUID, ...]:
    return tuple(line.charge_id for line in checked.draft.lines)
