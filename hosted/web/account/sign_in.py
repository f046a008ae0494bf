"""Signing in with a password, and out."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from hosted.account.commands import sessions
from hosted.account.commands.means import Refused
from hosted.account.queries import Visitor
from hosted.account.rules.browsers import browser_name
from hosted.account.rules.passkeys import party_of
from hosted.account.rules.secrets import address_hash
from hosted.web.account.guards import (
    Anybody,
    Jar,
    Serving,
    Site,
    Typed,
    count,
    from_here,
    onward,
    origin,
    with_next,
)
from hosted.web.account.pages import away, page
from hosted.web.rates import Rate
from hosted.web.services import Services

router = APIRouter(prefix="/account", include_in_schema=False, dependencies=[Depends(from_here)])
_LONGEST = 400


def sign_in_page(
    site: str, status: int = 200, *, onward: str, address: str = "", mistake: str = ""
) -> Response:
    """Return the page that asks who somebody is; passkeys only where browsers keep them."""
    said = {"onward": onward, "address": address, "mistake": mistake}
    return page("sign_in", status, script=party_of(site) is not None, **said)


def end_here(services: Services, who: Visitor | None) -> None:
    """End the session that the browser had: the new one takes its place."""
    if who is not None:
        sessions.end(services.account, who.login_id, who.session_id)


@router.get("/sign-in")
def form(
    site: Site,
    who: Anybody,
    next: str = "",  # noqa: A002 - the name in the address
) -> Response:
    """Show the form; whoever has signed in goes on."""
    if who is not None:
        return away(
            onward(next) if who.proved else with_next("/account/second-factor", onward(next))
        )
    return sign_in_page(site, onward=onward(next))


@router.post("/sign-in", dependencies=[Depends(origin)])
def take(
    request: Request, services: Serving, site: Site, cookies: Jar, who: Anybody, typed: Typed
) -> Response:
    """Begin a session for the right password."""
    address, word = typed.get("address", "")[:_LONGEST], typed.get("password", "")
    to, known = onward(typed.get("next", "")), address_hash(address)
    browser = cookies.known(request, services.account.seal, known)
    count(services, Rate.PASSWORD, known.hex(), browser)
    name = browser_name(request.headers.get("user-agent", ""))
    try:
        secret = sessions.sign_in(services.account, address, word, name)
    except Refused:
        mistake = "The address or the password is not right."
        return sign_in_page(site, 422, onward=to, address=address, mistake=mistake)
    end_here(services, who)
    services.rates.forget(Rate.PASSWORD, known.hex(), browser)
    answer = away(with_next("/account/second-factor", to))
    cookies.begin(answer, secret)
    return answer


@router.post("/sign-out")
def leave(services: Serving, cookies: Jar, who: Anybody) -> Response:
    """End the session."""
    end_here(services, who)
    answer = away("/account/sign-in")
    cookies.end(answer)
    return answer
