"""Superbills are looked at before they are issued, then numbered, drawn and kept in one unit.

A paper too long for a unit of work takes its number first and is drawn outside: ``prepare``,
``take_superbill_number``, ``draw``, then ``issue_superbill`` with what was drawn. A number that
was taken for nothing is kept with its reason, and never given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.billing.superbills.commands import (
    NUMBERS,
    keep_superbill,
    take_out_superbill,
    take_superbill_number,
)
from app.core.billing.superbills.content.composing import compose, issued
from app.core.billing.superbills.content.printed import SuperbillContent
from app.core.billing.superbills.queries.facts import superbill_facts
from app.core.billing.superbills.queries.issued import (
    SuperbillView,
    issued_among,
    superbill,
    superbill_paper,
    superbills_issued,
)
from app.core.billing.superbills.rules.choosing import BY_THE_RULE, Omission, Wish, choose
from app.core.billing.superbills.rules.drafting import Draft, drafts
from app.core.billing.superbills.rules.facts import Facts, Judges
from app.core.billing.superbills.rules.orders import (
    LINES_AT_ONCE,
    Order,
    check_dates,
    chosen_draft,
    refuse_elsewhere,
)
from app.core.billing.superbills.rules.preflight import Checked, check
from app.core.billing.superbills.tables import Superbill
from app.core.clinical import icd
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import today
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import ChangedSince, UserError
from app.core.paper.fonts import missing_glyphs
from app.core.paper.stack import stack
from app.core.paper.superbill import render_superbill
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Overview:
    """The superbills of a range of dates: to be issued, and issued; and what is on neither."""

    first_on: date
    last_on: date
    checked: tuple[Checked, ...]
    issued: tuple[SuperbillView, ...]
    omitted: tuple[Omission, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper drawn outside a unit of work, under the number taken for it."""

    content: SuperbillContent
    paper: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one order of several: issued, or refused with a sentence."""

    superbill_id: UUID
    refusal: str = ""


#: Superbills that one unit of work issues of a month, so that it stays below 50 ms.
ORDERS_AT_ONCE = 2


def overview(
    session: Session,
    scope: Scope,
    first_on: date,
    last_on: date,
    wish: Wish = BY_THE_RULE,
    client_id: UUID | None = None,
) -> Overview:
    """Return what could be issued for these dates with the pre-flight's findings, and what was.

    Raises ``UserError`` (field ``last_on``) when the last day is before the first.
    """
    check_dates(first_on, last_on)
    clients = None if client_id is None else [client_id]
    facts = _facts(session, scope, first_on, last_on, clients)
    return Overview(
        first_on,
        last_on,
        tuple(check(draft) for draft in drafts(facts, first_on, last_on, wish)),
        tuple(superbills_issued(session, scope, first_on, last_on, client_id)),
        choose(facts.sessions, wish)[1],
    )


def proof(session: Session, scope: Scope, order: Order) -> bytes:
    """Return the PDF of what would be issued, also where the pre-flight refuses it.

    Raises ``ChangedSince`` when the sessions are no longer those that the person saw.
    """
    clients = None if order.client_id is None else [order.client_id]
    facts = _facts(session, scope, order.first_on, order.last_on, clients)
    found = drafts(facts, order.first_on, order.last_on, order.wish)
    for draft in found:
        if order.charge_ids == tuple(line.charge_id for line in draft.lines):
            return render_superbill(compose(draft))
    raise ChangedSince("The sessions changed since you looked: look at the superbill again.")


def proof_stack(session: Session, scope: Scope, orders: Sequence[Order]) -> bytes:
    """Return the proofs of several orders as one PDF."""
    return stack([proof(session, scope, order) for order in orders])


def prepare(session: Session, scope: Scope, order: Order) -> bool:
    """Return whether the paper of ``order`` is too long to be drawn in one unit of work.

    Raises what ``issue_superbill`` raises; what was issued already is not drawn again.
    """
    if session.get(Superbill, (scope.practice_id, order.superbill_id)) is not None:
        return False
    return len(_draft(session, scope, order).lines) > LINES_AT_ONCE


def draw(session: Session, scope: Scope, order: Order, number: str, issued_on: date) -> Drawn:
    """Return the paper of ``order`` under a number that was taken for it."""
    content = issued(compose(_draft(session, scope, order)), number, issued_on)
    return Drawn(content, render_superbill(content))


@command(permission=Permission.BILL, act=Act.SETTLE, label="Create superbill")
def issue_superbill(uow: UnitOfWork, order: Order, drawn: Drawn | None = None) -> UUID:
    """Issue a superbill and return its id: number, frozen content, hash and PDF in one unit.

    Given the same ``superbill_id`` again it issues nothing. Raises ``UserError`` with the very
    field where an insurer would refuse it, or when there is nothing to issue; ``ChangedSince``
    when the sessions are no longer those that the person saw. Then no number is used.
    """
    if uow.find(Superbill, order.superbill_id) is not None:
        return order.superbill_id
    return _issue(uow, order, _draft(uow.session, uow.scope, order), drawn)


@command(permission=Permission.BILL, act=Act.SETTLE, label="Create superbills")
def issue_superbills(uow: UnitOfWork, orders: Sequence[Order]) -> tuple[Result, ...]:
    """Issue a slice of a month's superbills, up to ``ORDERS_AT_ONCE`` with the same dates.

    What ``issue_superbill`` would raise for one of them stands in its result; the others are
    issued all the same.
    """
    first = orders[0]
    clients = [order.client_id for order in orders if order.client_id]
    facts = _facts(uow.session, uow.scope, first.first_on, first.last_on, clients)
    before = issued_among(uow.session, uow.scope, [order.superbill_id for order in orders])
    results: list[Result] = []
    seen: set[UUID | None] = set()
    for order in orders:
        refusal = ""
        if order.superbill_id not in before:
            try:
                if order.client_id in seen:
                    # What was just issued of this person is no longer free.
                    draft = _draft(uow.session, uow.scope, order)
                else:
                    draft = _chosen(facts, order)
                _issue(uow, order, draft, None)
            except UserError as refused:
                # Everything is checked before anything is written or a number taken.
                refusal = refused.sentence
        seen.add(order.client_id)
        results.append(Result(order.superbill_id, refusal))
    return tuple(results)


@command(permission=Permission.BILL, act=Act.SETTLE, label="Replace superbill")
def supersede_superbill(
    uow: UnitOfWork, superbill_id: UUID, new_id: UUID, *, include_unpaid: bool = False
) -> UUID:
    """Issue a new superbill for the client and dates of another one, which it replaces.

    It says what is so now: a correction is made in the records first. The replaced one stays as
    it was issued. Raises ``UserError`` when that one is replaced already, and what
    ``issue_superbill`` raises.
    """
    if uow.find(Superbill, new_id) is not None:
        return new_id
    old = superbill(uow.session, uow.scope, superbill_id)
    return issue_superbill(uow, _replacement(old, new_id, include_unpaid=include_unpaid))


@command(permission=Permission.BILL, act=Act.READ, label="Print superbills")
def take_out_stack(uow: UnitOfWork, superbill_ids: Sequence[UUID]) -> bytes:
    """Return several superbills as one PDF, every page as issued; noted in the audit."""
    if not superbill_ids:
        raise UserError("Choose the superbills to print.")
    return stack([take_out_superbill(uow, each) for each in superbill_ids])


def issue(desk: Desk, order: Order) -> Outcome[UUID]:
    """Issue a superbill of any length and wait for it; never called on the window's thread."""
    if not desk.ask(prepare, order):
        return desk.do(issue_superbill, order)
    number = desk.do(take_superbill_number, order).value
    drawn = desk.ask(draw, order, number, today(desk.clock, desk.zone))
    return desk.do(issue_superbill, order, drawn)


def replacement_order(
    session: Session,
    scope: Scope,
    superbill_id: UUID,
    new_id: UUID,
    *,
    include_unpaid: bool = False,
) -> Order:
    """Return the order that replaces a superbill, to be looked at first."""
    old = superbill(session, scope, superbill_id)
    return _replacement(old, new_id, include_unpaid=include_unpaid)


def issued_paper(session: Session, scope: Scope, superbill_id: UUID) -> bytes:
    """Return the PDF of an issued superbill to be shown in the window."""
    return superbill_paper(session, scope, superbill_id)


def _replacement(old: SuperbillView, new_id: UUID, *, include_unpaid: bool) -> Order:
    if not old.is_live:
        raise UserError(f"{old.number} is replaced already, by {old.superseded_by}.")
    return Order(
        superbill_id=new_id,
        client_id=old.client_id,
        first_on=old.first_on,
        last_on=old.last_on,
        wish=Wish(include_unpaid=include_unpaid, instead_of=old.number),
        supersedes_id=old.id,
    )


def _issue(uow: UnitOfWork, order: Order, draft: Draft, drawn: Drawn | None) -> UUID:
    proof_content, day = compose(draft), uow.today
    if drawn is None:
        content = issued(proof_content, uow.numbers.take(NUMBERS, day.year), day)
        drawn = Drawn(content, render_superbill(content))
    elif drawn.content != issued(proof_content, drawn.content.number, day):
        raise ChangedSince("The sessions changed since you looked: look at the superbill again.")
    paper = uow.papers.put(drawn.paper)
    return keep_superbill(uow, order, draft, drawn.content, paper)


def _draft(session: Session, scope: Scope, order: Order) -> Draft:
    check_dates(order.first_on, order.last_on)
    clients = None if order.client_id is None else [order.client_id]
    return _chosen(_facts(session, scope, order.first_on, order.last_on, clients), order)


def _chosen(facts: Facts, order: Order) -> Draft:
    if order.client_id is not None:
        own = tuple(each for each in facts.sessions if each.concerns(order.client_id))
        facts = replace(facts, sessions=own)
    found = [check(each) for each in drafts(facts, order.first_on, order.last_on, order.wish)]
    if not found and order.client_id is not None:
        refuse_elsewhere(facts, order.client_id)
    return chosen_draft(order, found, choose(facts.sessions, order.wish)[1]).draft


def _facts(
    session: Session,
    scope: Scope,
    first_on: date,
    last_on: date,
    client_ids: Sequence[UUID] | None,
) -> Facts:
    # Many sessions carry one code on one day, and two rules ask for it.
    judges = Judges(cache(icd.table().check), cache(missing_glyphs))
    return superbill_facts(session, scope, first_on, last_on, judges, client_ids)
