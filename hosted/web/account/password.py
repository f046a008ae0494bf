"""Changing the password, by whoever knows it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from app.core.kernel.errors import UserError
from hosted.account.commands import password
from hosted.account.commands.means import Refused
from hosted.web.account.guards import Fresh, Serving, Site, Typed, count, from_here
from hosted.web.account.pages import away, page
from hosted.web.rates import Rate

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])


@router.get("/password")
def form(who: Fresh) -> Response:
    """Ask for the password and for the new one."""
    return page("password", who=who, mistakes={})


@router.post("/password")
def change(services: Serving, site: Site, who: Fresh, typed: Typed) -> Response:
    """Take the new password."""
    count(services, Rate.PASSWORD, "change", who.login_id.hex)
    current, chosen = typed.get("current", ""), typed.get("password", "")
    try:
        password.change(services.account, who, current, chosen, site)
    except Refused:
        mistakes = {"current": "That is not your password now."}
        return page("password", 422, who=who, mistakes=mistakes)
    except UserError as error:
        return page("password", 422, who=who, mistakes={"password": error.sentence})
    services.rates.forget(Rate.PASSWORD, "change", who.login_id.hex)
    return away("/account#password")
