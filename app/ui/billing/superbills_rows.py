"""What the list of superbills shows, row by row. No Qt."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.core.billing.superbills.queries.issued import SuperbillView
from app.core.billing.superbills.rules.findings import Finding, Severity
from app.core.billing.superbills.rules.preflight import Checked
from app.core.kernel.money import Money, total

#: What tells one draft from the others: the person (or case) and who held the sessions.
Key = tuple[UUID, ...]


class Kind(StrEnum):
    """What a row of the list is."""

    REFUSED_HEAD = "REFUSED_HEAD"
    LOOK_HEAD = "LOOK_HEAD"
    READY_HEAD = "READY_HEAD"
    ISSUED_HEAD = "ISSUED_HEAD"
    REFUSED = "REFUSED"
    FINDING = "FINDING"
    BILL = "BILL"
    ISSUED = "ISSUED"

    @property
    def is_head(self) -> bool:
        """Return whether it only names the group below."""
        return self.value.endswith("_HEAD")


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row. ``note`` is the warning beside the name; ``finding`` is what a mend is for.

    ``last`` closes a block of rows with a hairline.
    """

    kind: Kind
    key: Hashable
    title: str
    note: str = ""
    provider: str = ""
    sessions: str = ""
    amount: str = ""
    aside: str = ""
    finding: Finding | None = None
    checked: bool = False
    last: bool = True

    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        mend = self.finding.mend.words if self.finding else ""
        parts = [self.title, self.note, self.provider, self.sessions, self.amount, self.aside, mend]
        if self.kind is Kind.BILL:
            parts.append("chosen" if self.checked else "not chosen")
        if self.kind is Kind.REFUSED:
            parts.append("cannot be created yet")
        return ", ".join(part for part in parts if part)


def amount_of(checked: Checked) -> Money:
    """Return what the sessions of a draft were charged."""
    return total(line.amount for line in checked.draft.lines)


def session_words(count: int) -> str:
    """Return ``4 sessions``."""
    return "1 session" if count == 1 else f"{count} sessions"


def provider_words(checked: Checked) -> str:
    """Return who held the sessions: ``M. Lindqvist``, ``T. Arriaga, supervised``."""
    name = _short(checked.draft.providers.rendering.name)
    return f"{name}, supervised" if checked.draft.providers.supervising else name


def rows(
    checked: Sequence[Checked], issued: Sequence[SuperbillView], unchosen: Collection[Key]
) -> tuple[ListRow, ...]:
    """Return the list: refused, to look at, ready, issued; empty groups are absent."""
    refused = [each for each in checked if each.severity is Severity.BLOCK]
    look = [each for each in checked if each.severity is Severity.WARN]
    ready = [each for each in checked if each.severity is Severity.QUIET]
    found: list[ListRow] = []
    if refused:
        words = f"{len(refused)} an insurer would refuse"
        found.append(ListRow(Kind.REFUSED_HEAD, "refused", words))
        for each in refused:
            found.extend(_refused_rows(each))
    if look:
        aside = "Can be created as they are"
        found.append(ListRow(Kind.LOOK_HEAD, "look", f"{len(look)} to look at", aside=aside))
        found.extend(_bill_row(each, unchosen) for each in look)
    if ready:
        found.append(ListRow(Kind.READY_HEAD, "ready", f"{len(ready)} ready"))
        found.extend(_bill_row(each, unchosen) for each in ready)
    if issued:
        found.append(ListRow(Kind.ISSUED_HEAD, "issued", f"{len(issued)} issued"))
        found.extend(_issued_row(each) for each in issued)
    return tuple(found)


def _refused_rows(checked: Checked) -> Iterator[ListRow]:
    key = checked.draft.key
    yield ListRow(
        Kind.REFUSED,
        key,
        checked.draft.title,
        sessions=session_words(len(checked.draft.lines)),
        amount=str(amount_of(checked)),
        last=False,
    )
    for position, block in enumerate(checked.blocks, start=1):
        yield ListRow(
            Kind.FINDING,
            (key, position),
            block.sentence,
            finding=block,
            last=position == len(checked.blocks),
        )


def _bill_row(checked: Checked, unchosen: Collection[Key]) -> ListRow:
    warnings = [each.sentence for each in checked.findings if each.severity is Severity.WARN]
    return ListRow(
        Kind.BILL,
        checked.draft.key,
        checked.draft.title,
        note="; ".join(warnings),
        provider=provider_words(checked),
        sessions=session_words(len(checked.draft.lines)),
        amount=str(amount_of(checked)),
        checked=checked.draft.key not in unchosen,
    )


def _issued_row(view: SuperbillView) -> ListRow:
    replaced = f"Replaced by {view.superseded_by}" if view.superseded_by else ""
    return ListRow(
        Kind.ISSUED,
        view.id,
        view.patient,
        note=replaced,
        provider=view.number,
        sessions=session_words(view.sessions),
        amount=str(view.charged),
    )


def _short(titled: str) -> str:
    given, _, family = titled.partition(",")[0].partition(" ")
    return f"{given[:1]}. {family}" if family else given
