"""Choosing a new password by a link in a letter."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Response

from app.core.kernel.errors import UserError
from hosted.account.commands import reset
from hosted.account.commands.means import Refused
from hosted.account.rules.secrets import address_hash
from hosted.account.rules.sign_up import check_address
from hosted.web.account.guards import Jar, Serving, Site, Typed, count, from_here, origin
from hosted.web.account.pages import away, page
from hosted.web.rates import Rate

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])


@router.get("/reset")
def form() -> Response:
    """Ask for the address."""
    return page("reset", address="", mistake="")


@router.post("/reset")
def take(services: Serving, site: Site, typed: Typed, where: str = Depends(origin)) -> Response:
    """Send a link; nobody learns whether the address has an account."""
    try:
        address = check_address(typed.get("address", ""))
    except UserError as error:
        return page("reset", 422, address=typed.get("address", "")[:400], mistake=error.sentence)
    count(services, Rate.SIGN_UP, where)
    # Beyond a few letters no more are sent; the page says the same, and those sent before work.
    if services.rates.allows(Rate.LETTER, "reset", address_hash(address).hex()):
        reset.begin(services.account, address, site)
    return away("/account/reset/sent")


@router.get("/reset/sent")
def sent() -> Response:
    """Say that a letter is under way, if there is somebody to send it to."""
    return page("sent", lasts="an hour")


@router.get("/new-password")
def ask(services: Serving, key: str = "") -> Response:
    """Ask for the new password."""
    if not reset.waits(services.account, key):
        return page("new_password", 410, key="", mistake="")
    return page("new_password", key=key, mistake="")


@router.post("/new-password", dependencies=[Depends(origin)])
def choose(services: Serving, site: Site, cookies: Jar, typed: Typed) -> Response:
    """Take the new password."""
    key = typed.get("key", "")
    try:
        address = reset.choose(services.account, key, typed.get("password", ""), site)
    except Refused:
        return page("new_password", 410, key="", mistake="")
    except UserError as error:
        return page("new_password", 422, key=key, mistake=error.sentence)
    answer = page("password_chosen")
    cookies.end(answer)
    # Whoever reads the person's letters is not one of the strangers that are kept away.
    cookies.know(answer, services.account.seal, address_hash(address))
    return answer
