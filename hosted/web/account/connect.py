"""Connecting a computer: the page on which a person allows it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response

from app.core.kernel.entitlement import Act
from app.core.kernel.errors import PlanRefuses, UserError
from hosted.account import queries
from hosted.account.commands import connecting
from hosted.account.queries import Place, Visitor
from hosted.account.rules.connecting import Asked, NotOurs, read
from hosted.web.account.guards import Known, Serving, Site, Typed, from_here
from hosted.web.account.pages import Stopped, page
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_NO_PRACTICE = Stopped(
    409,
    "You do not belong to that practice",
    "Ask its owner for an invitation, then choose “Sign in with your browser” in PracticeRunner "
    "once more.",
)


def _asked(said: Mapping[str, str]) -> Asked:
    try:
        return read(said)
    except (NotOurs, UserError, ValueError):
        # Nothing is sent to where such a request points: it may be anybody's.
        raise Stopped(
            422,
            "This link is not complete",
            "Go back to PracticeRunner on your computer and choose “Sign in with your browser” "
            "once more.",
        ) from None


@router.get("/connect")
def ask(request: Request, services: Serving, who: Known) -> Response:
    """Ask whether a computer may be connected."""
    asked = _asked(request.query_params)
    places = queries.places(services.account.database, who.login_id)
    if not places:
        raise _NO_PRACTICE
    return page("connect", who=who, asked=asked, places=places, fields=asked.fields())


@router.post("/connect")
def answer(services: Serving, site: Site, who: Known, typed: Typed) -> Response:
    """Send the browser back to the computer, with a code or without."""
    asked = _asked(typed)
    if typed.get("answer") != "yes":
        return page("connected", who=who, back=asked.back(error="access_denied"), allowed=False)
    place = _chosen(services, who, typed.get("practice", ""))
    _require_room(services, who, place, asked)
    back = connecting.allow(services.account, who, place.account_id, asked, site)
    return page("connected", who=who, back=back, allowed=True)


def _chosen(services: Services, who: Visitor, said: str) -> Place:
    """Return the practice that was chosen; who belongs to one need not say it."""
    places = queries.places(services.account.database, who.login_id)
    if not said and len(places) == 1:
        return places[0]
    for place in places:
        if str(place.account_id) == said:
            return place
    raise _NO_PRACTICE


def _require_room(services: Services, who: Visitor, place: Place, asked: Asked) -> None:
    """Stop where the plan of a practice lets no further computer be connected.

    A person's only computer, and one that signs in or connects again, are none: nobody is kept
    from records.
    """
    database = services.account.database
    connected, parted = queries.own_computers(database, who.login_id, place.account_id)
    if not connected or asked.device_name in connected | parted:
        return
    try:
        services.granting.entitlement(place.account_id, place.practice_id).require(Act.GROW)
    except PlanRefuses as reason:
        raise Stopped(403, "This computer was not connected", str(reason)) from None
