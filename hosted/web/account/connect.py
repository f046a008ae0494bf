"""Connecting a computer: the page on which a person allows it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Depends, Request, Response

from app.core.kernel.errors import UserError
from hosted.account.commands import connecting
from hosted.account.rules.connecting import Asked, NotOurs, read
from hosted.web.account.guards import Known, Serving, Site, Typed, from_here
from hosted.web.account.pages import Stopped, page

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])


def _asked(said: Mapping[str, str]) -> Asked:
    try:
        return read(said)
    except (NotOurs, UserError, ValueError):
        # Nothing is sent to where such a request points: it may be anybody's.
        raise Stopped(
            422,
            "This link is not complete",
            "Go back to PracticeRunner on your computer and choose Connect once more.",
        ) from None


@router.get("/connect")
def ask(request: Request, services: Serving, who: Known) -> Response:
    """Ask whether a computer may be connected."""
    asked = _asked(request.query_params)
    place = connecting.account_of(services.account.database, who.login_id)
    return page("connect", who=who, asked=asked, place=place, fields=asked.fields())


@router.post("/connect")
def answer(services: Serving, site: Site, who: Known, typed: Typed) -> Response:
    """Send the browser back to the computer, with a code or without."""
    asked = _asked(typed)
    if typed.get("answer") != "yes":
        return page("connected", who=who, back=asked.back(error="access_denied"), allowed=False)
    back = connecting.allow(services.account, who, asked, site)
    return page("connected", who=who, back=back, allowed=True)
