"""The plan of a practice: where it stands, what can be chosen, and choosing it. For its owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.core.kernel.acting import GRANTS, Permission
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import PracticeFacts, options
from app.core.membership.rules.notices import notice_words, notices
from app.core.membership.rules.offers import (
    ROOM,
    change_words,
    done_words,
    offered,
    reserve_words,
    stands_words,
    verb_of,
    whole,
)
from app.core.membership.rules.prices import monthly_price
from hosted.account import queries
from hosted.account.queries import Place, Visitor
from hosted.account.tables import Account
from hosted.membership.commands.changing import NotAllowed, change_plan
from hosted.membership.facts import facts
from hosted.membership.settling import settle_ended
from hosted.store.engine import For
from hosted.web.account.guards import Known, Serving, Typed, from_here
from hosted.web.account.in_the_way import InTheWay, in_the_way
from hosted.web.account.pages import Stopped, page
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan on the page: what it is, and either its verb and cost or what stands in the way.

    ``due`` is what choosing it costs at once, in cents; ``cost`` says so in sentences.
    """

    plan: Plan
    name: str
    current: bool
    room: str
    price: str
    due: int
    verb: str
    cost: str
    in_the_way: tuple[InTheWay, ...]


def manages_plan(place: Place) -> bool:
    """Return whether the plan of a practice is its member's to see and to change."""
    return Permission.MANAGE_TEAM in GRANTS[place.role]


def stands(services: Services, place: Place) -> str:
    """Return where a practice stands with its plan, in a sentence."""
    at = services.account.now()
    return _stands(_facts(services, place), at)


@router.get("/practices/{account_id}/plan")
def show(services: Serving, who: Known, account_id: UUID) -> Response:
    """Show the plan and what can be chosen."""
    return _page(services, who, _place(services, who, account_id))


@router.post("/practices/{account_id}/plan")
def choose(services: Serving, who: Known, account_id: UUID, typed: Typed) -> Response:
    """Change to a plan, or pay for the present one; what came of it is said on the page."""
    place = _place(services, who, account_id)
    try:
        wanted, shown = Plan(typed.get("plan", "")), Money(int(typed.get("due", "")))
    except ValueError:
        raise Stopped(
            422, "That could not be read", "Open the page again, then choose a plan once more."
        ) from None
    at = services.account.now()
    chosen = next(each for each in options(_facts(services, place), at) if each.plan is wanted)
    try:
        whose = _whose(place)
        change_plan(services.database, whose, wanted, services.charging, at, shown=shown)
    except NotAllowed as reason:
        return _page(services, who, place, 409, refused=str(reason))
    if place.practice_id is not None:
        services.poke(place.practice_id)
    return _page(services, who, place, done=done_words(chosen))


def _page(
    services: Services,
    who: Visitor,
    place: Place,
    status: int = 200,
    *,
    done: str = "",
    refused: str = "",
) -> Response:
    at = services.account.now()
    settle_ended(services.database, _whose(place), services.charging, at)
    known = _facts(services, place)
    rows, notes = offered(options(known, at))
    now = known.stands(at)
    told = notices(known.subscription, now, known.active_clients, at)
    return page(
        "plan",
        status,
        who=who,
        place=place,
        done=done,
        refused=refused,
        stands=_stands(known, at),
        owed=now.is_owed,
        told=[notice_words(each, now.plan, known.zone) for each in told],
        offers=[
            Offer(
                each.plan,
                CATALOGUE[each.plan].name,
                each.current,
                ROOM[each.plan],
                whole(each.monthly),
                each.now.cents,
                verb_of(each) if each.allowed else "",
                change_words(known, each, at) if each.allowed else "",
                tuple(in_the_way(blocker) for blocker in each.blockers),
            )
            for each in rows
        ],
        reserve=reserve_words(known.used(at)),
        notes=notes,
    )


def _facts(services: Services, place: Place) -> PracticeFacts:
    with services.database.read(_whose(place)) as session:
        return facts(session, session.get_one(Account, place.account_id))


def _stands(known: PracticeFacts, at: datetime) -> str:
    now = known.stands(at)
    return stands_words(now, monthly_price(now.plan, known.used(at)), known.zone)


def _whose(place: Place) -> For:
    return For(place.practice_id, account=place.account_id)


def _place(services: Services, who: Visitor, account_id: UUID) -> Place:
    for place in queries.places(services.account.database, who.login_id):
        if place.account_id == account_id and manages_plan(place):
            return place
    raise Stopped(404, "No such plan", "The owner of a practice sees its plan, and nobody else.")
