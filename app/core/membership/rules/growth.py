"""Whether a practice may take one more seat of a role: for an invitation, a reserve, a new role.

The account decides by it under a lock; *Settings, Team* explains by it before anybody asks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import SEAT_OF, Act, Entitlement, Plan, SeatKind
from app.core.kernel.errors import PlanRefuses
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import Blocker, Link, LinkTo, PracticeFacts, Why
from app.core.membership.rules.seats import Holding, SeatHolder

#: Plans to go to for more seats, the cheapest first.
_FURTHER = (Plan.PROFESSIONAL, Plan.GROUP)
#: Whom to make an owner: who sits on a clinician's seat already comes before who would need one.
_NEXT = (Role.PROVIDER, Role.ASSOCIATE, Role.ADMIN)
#: What a sentence calls the seats of a kind, the first of them, and one more.
_WORDS: dict[SeatKind, tuple[str, str]] = {
    SeatKind.CLINICIAN: ("A clinician needs", "One more clinician needs"),
    SeatKind.ASSOCIATE: ("Associates need", "One more associate needs"),
    SeatKind.ADMIN: ("Admins need", "One more admin needs"),
}
_COMPARE = Link(LinkTo.SUBSCRIPTION, "Compare plans")


def act_blockers(facts: PracticeFacts, act: Act, at: datetime) -> tuple[Blocker, ...]:
    """Return what the table of acts holds against ``act`` at ``at``; nothing if it is open."""
    stands = facts.stands(at)
    granted = Entitlement(stands.plan, stands.standing, None)
    try:
        granted.require(act)
    except PlanRefuses as refused:
        return (Blocker(Why.STANDING, refused.sentence, (_COMPARE,)),)
    return ()


def seat_blockers(
    facts: PracticeFacts, role: Role, at: datetime, more: int = 1
) -> tuple[Blocker, ...]:
    """Return what stands in the way of ``more`` seats of ``role`` at ``at``.

    A practice that is over its plan already gets no further seat of that kind until it fits.
    """
    closed = act_blockers(facts, Act.GROW, at)
    return closed or _no_room(facts, SEAT_OF[role], more, at)


def invitation_blockers(facts: PracticeFacts, role: Role, at: datetime) -> tuple[Blocker, ...]:
    """Return what stands in the way of an invitation to ``role`` at ``at``.

    One that takes a seat held in reserve needs no further one.
    """
    return seat_blockers(facts, role, at, more=0 if from_reserve(facts, role, at) else 1)


def from_reserve(facts: PracticeFacts, role: Role, at: datetime) -> bool:
    """Return whether an invitation to ``role`` takes a seat that is held in reserve."""
    return facts.used(at).of(SEAT_OF[role]).reserved > 0


def reserve_blockers(
    facts: PracticeFacts, role: Role, fewer: int, at: datetime
) -> tuple[Blocker, ...]:
    """Return what stands in the way of giving so many seats of ``role`` back from the reserve.

    A seat that an invitation took is not free; taking the invitation back frees it.
    """
    closed = act_blockers(facts, Act.WITHDRAW, at)
    kind = SEAT_OF[role]
    if closed or fewer <= facts.used(at).of(kind).reserved:
        return closed
    sits = [each for each in facts.staff if each.kind is kind and each.from_reserve]
    return tuple(_lent_to(each) for each in sits if each.holds_at(at))


def role_blockers(
    facts: PracticeFacts, holder_id: str, role: Role, at: datetime
) -> tuple[Blocker, ...]:
    """Return what stands in the way of another role for who holds a seat.

    The seat that the holder has is given back for it; within one kind of seat nothing is taken.
    """
    closed = act_blockers(facts, Act.BOOK, at)
    if closed:
        return closed
    now = next((each for each in facts.staff if each.id == holder_id), None)
    if now is not None and now.kind is SEAT_OF[role]:
        return ()
    others = tuple(each for each in facts.staff if each.id != holder_id)
    return _no_room(replace(facts, staff=others), SEAT_OF[role], 1, at)


def last_owner(facts: PracticeFacts, at: datetime) -> Blocker:
    """Return what keeps the last owner from another role and from leaving.

    It says whom to make an owner first, of those for whom the plan has the seat; where there is
    nobody, what a second owner needs.
    """
    could = [
        each
        for role in _NEXT
        for each in facts.staff
        if each.role is role
        and each.holding is Holding.ACTIVE
        and not role_blockers(facts, each.id, Role.OWNER, at)
    ]
    links: tuple[Link, ...] = ()
    if could:
        words = f"make {could[0].name} an owner first."
        links = (Link(LinkTo.MEMBER, f"Open {could[0].name}", could[0].id),)
    elif lacking := seat_blockers(facts, Role.OWNER, at):
        words = " ".join(("there must be another first.", *(each.words for each in lacking)))
        links = tuple(link for each in lacking for link in each.links)
    else:
        words = "invite another owner first."
    return Blocker(Why.TEAM, f"A practice keeps an owner: {words}", links)


def _lent_to(invited: SeatHolder) -> Blocker:
    words = (
        f"{invited.name} is invited on a seat of the reserve: withdraw the invitation, then give "
        "the seat back."
    )
    return Blocker(Why.TEAM, words, (Link(LinkTo.INVITATION, "Open the invitation", invited.id),))


def _no_room(facts: PracticeFacts, kind: SeatKind, more: int, at: datetime) -> tuple[Blocker, ...]:
    used = facts.used(at).of(kind).used
    if _fits(facts.stands(at).plan, kind, used + more):
        return ()
    wide = [CATALOGUE[plan].name for plan in _FURTHER if _fits(plan, kind, used + more)]
    return (Blocker(Why.NO_SEAT, f"{_begins(kind, used)} {' or '.join(wide)}.", (_COMPARE,)),)


def _fits(plan: Plan, kind: SeatKind, used: int) -> bool:
    most = CATALOGUE[plan].seat_limits.of(kind)
    return most is None or used <= most


def _begins(kind: SeatKind, used: int) -> str:
    if kind is SeatKind.CLINICIAN and used == 1:
        return "A second clinician needs"
    first, further = _WORDS[kind]
    return further if used else first
