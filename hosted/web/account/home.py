"""The account at a glance: its practice, the second factor, browsers and computers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.core.kernel.acting import Role
from app.core.kernel.clock import wall_time
from app.core.kernel.phrases import date_words, time_words
from hosted.account import queries
from hosted.account.commands import connecting, sessions
from hosted.account.queries import Visitor
from hosted.account.rules.passkeys import party_of
from hosted.pairing import NotYours
from hosted.store.engine import For
from hosted.web.account import plan
from hosted.web.account.guards import Fresh, Known, Serving, Site, from_here
from hosted.web.account.pages import Stopped, away, page
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])


@router.get("")
def home(services: Serving, site: Site, who: Known) -> Response:
    """Show the account."""
    means = services.account
    places = queries.places(means.database, who.login_id)
    zone = places[0].zone if places else "UTC"

    def when(moment: datetime) -> str:
        at = wall_time(moment, zone)
        return f"{date_words(at)}, {time_words(at)}"

    return page(
        "home",
        who=who,
        places=places,
        plans={
            each.account_id: plan.stands(services, each)
            for each in places
            if plan.manages_plan(each)
        },
        browsers=queries.browsers(means.database, who, means.now()),
        computers=queries.computers(means.database, who.login_id),
        passkeys=queries.passkeys(means.database, who.login_id),
        passkeys_here=party_of(site) is not None,
        codes_left=queries.codes_left(means.database, who.login_id),
        when=when,
    )


@router.post("/browsers/{session_id}/end")
def end_one(services: Serving, who: Fresh, session_id: UUID) -> Response:
    """Sign one browser out."""
    sessions.end(services.account, who.login_id, session_id)
    return away("/account#browsers")


@router.post("/browsers/end")
def end_others(services: Serving, who: Fresh) -> Response:
    """Sign every other browser out."""
    means = services.account
    with means.database.write(For(login=who.login_id)) as session:
        sessions.end_all(session, who.login_id, means.now(), but=who.session_id)
    return away("/account#browsers")


@router.post("/computers/{device_id}/revoke")
def revoke(services: Serving, who: Known, device_id: UUID) -> Response:
    """Take a computer off the account."""
    # Both: a computer that brought no records yet is the person's alone.
    done = _in_practices(services, who, device_id)
    if not connecting.revoke(services.account, who, device_id) and not done:
        raise Stopped(404, "No such computer", "It is not on your account any more.")
    return away("/account#computers")


def _in_practices(services: Services, who: Visitor, device_id: UUID) -> bool:
    """Take a person's computer, or any of a practice that they own, off that practice."""
    for place in queries.places(services.account.database, who.login_id):
        if place.practice_id is None or place.member_id is None:
            continue
        member_id = None if place.role is Role.OWNER else place.member_id
        try:
            services.devices.revoke(place.practice_id, device_id, member_id)
        except NotYours:
            continue
        return True
    return False
