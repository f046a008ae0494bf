"""Who may ask for a page, from where, and what a form may hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import Depends, Request

from app.core.kernel.errors import UserError
from app.sync.wire import is_text
from hosted.account.commands import sessions
from hosted.account.queries import Visitor, visitor
from hosted.account.rules import connecting
from hosted.account.rules.passkeys import party_of
from hosted.account.rules.secrets import is_plausible
from hosted.web.account.pages import Away, Cookies, Stopped
from hosted.web.errors import Turned
from hosted.web.rates import Rate, origin_of
from hosted.web.security import raw_body
from hosted.web.services import Services

_MOST_BYTES, _MOST_FIELDS = 16 * 1024, 24
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = frozenset({"GET", "HEAD"})
#: Acts that change who may sign in ask for the second factor again after this long.
_FRESH = timedelta(minutes=15)
#: Where a person goes on to after signing in, besides to what a computer asked for.
_PLACES = frozenset(
    {"/account", "/account/password", "/account/passkeys/new", "/account/second-factor/new"}
)


def services_of(request: Request) -> Services:
    """Return the server's parts."""
    services: Services = request.app.state.services
    return services


Serving = Annotated[Services, Depends(services_of)]


def site_of(request: Request, services: Serving) -> str:
    """Return the address of this site, as letters name it.

    Without one that is set, the server is for this machine alone, whatever name it is asked by.
    """
    if services.public_url:
        return services.public_url
    asked = request.headers.get("host", "")
    try:
        name = urlsplit(f"http://{asked}").hostname
    except ValueError:
        name = None
    if name not in _LOOPBACK:
        raise Stopped(
            421,
            "This server does not know its own address",
            "Whoever runs it must set HOSTED_PUBLIC_URL first.",
        )
    return f"http://{asked}"


Site = Annotated[str, Depends(site_of)]


def known_site(request: Request, services: Services) -> str:
    """Return the address of this site; empty where the server does not know it."""
    try:
        return site_of(request, services)
    except Stopped:
        return ""


def party_here(site: Site) -> str:
    """Return the name that passkeys of this site answer to; raises ``Stopped`` where none do."""
    party = party_of(site)
    if party is None:
        raise Stopped(
            404,
            "No passkeys at this address",
            "Browsers keep passkeys for names, not for numbers: on this machine, use localhost.",
        )
    return party


Party = Annotated[str, Depends(party_here)]


def from_here(request: Request, site: Site) -> None:
    """Turn back what another site's page sends in a person's name.

    The browser says where a form comes from; one that says nothing is not answered.
    """
    if request.method in _SAFE:
        return
    came_by = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    from_us = came_by == "same-origin" if came_by is not None else origin is not None
    if not from_us or (origin is not None and origin != site):
        raise Stopped(
            403,
            "That came from another page",
            "Nothing was done. Open the page again here, then try once more.",
        )


def cookies_of(site: Site) -> Cookies:
    """Return the cookies of this site."""
    return Cookies(secure=site.startswith("https:"))


Jar = Annotated[Cookies, Depends(cookies_of)]


def origin(request: Request, services: Serving) -> str:
    """Return from where a try comes; too many from there are turned back."""
    where = origin_of(request.client.host if request.client else "")
    count(services, Rate.ORIGIN, where)
    return where


def count(services: Services, rate: Rate, *of: str) -> None:
    """Count a try; one too many sees a page that says how to go on."""
    if not services.rates.allows(rate, *of):
        raise Stopped(
            429,
            "Too many tries",
            "Wait a quarter of an hour, then try again. "
            "A link in an email for a new password works at once.",
            seconds=900,
        )


async def fields_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; raises ``ValueError`` for what no browser sends."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise ValueError("no form")
    body = await raw_body(request, _MOST_BYTES)
    pairs = parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=bool(body),
        errors="strict",
        max_num_fields=_MOST_FIELDS,
    )
    fields = dict(pairs)
    if len(fields) != len(pairs) or not all(is_text(said) for pair in pairs for said in pair):
        raise ValueError("no text, or a field twice")
    return fields


async def typed(request: Request) -> Mapping[str, str]:
    """Return the fields of a form; what no browser sends is turned back."""
    try:
        return await fields_of(request)
    except (Turned, ValueError):
        raise _unread() from None


def _unread() -> Stopped:
    return Stopped(
        422, "That could not be read", "Open the page again, then fill in the form once more."
    )


Typed = Annotated[Mapping[str, str], Depends(typed)]


def somebody(request: Request, services: Serving, cookies: Jar) -> Visitor | None:
    """Return who asks, as far as they have signed in."""
    means = services.account
    found = visitor(means.database, cookies.session(request), means.now())
    if found is not None:
        sessions.seen(means, found)
    return found


Anybody = Annotated[Visitor | None, Depends(somebody)]


def half_known(request: Request, who: Anybody) -> Visitor:
    """Return who asks, once the password was right; anybody else signs in first."""
    if who is None:
        raise Away(f"/account/sign-in{_next_of(request)}")
    return who


HalfKnown = Annotated[Visitor, Depends(half_known)]


def known(request: Request, who: HalfKnown) -> Visitor:
    """Return who asks, once the second factor was given, which nobody goes without."""
    if not who.proved:
        step = "" if who.has_factor else "/new"
        raise Away(f"/account/second-factor{step}{_next_of(request)}")
    return who


Known = Annotated[Visitor, Depends(known)]


def fresh(request: Request, who: Known, services: Serving) -> Visitor:
    """Return who asks, the second factor given just now: a page left open is not enough."""
    if who.proved_at is None or services.account.now() - who.proved_at >= _FRESH:
        raise Away(f"/account/second-factor{_next_of(request)}")
    return who


Fresh = Annotated[Visitor, Depends(fresh)]


def setting_up(request: Request, services: Serving, who: HalfKnown) -> Visitor:
    """Return who may set a second factor up: the first, or another one after giving the first."""
    if not who.has_factor:
        return who
    if not who.proved:
        raise Away(f"/account/second-factor{_next_of(request)}")
    return fresh(request, who, services)


SettingUp = Annotated[Visitor, Depends(setting_up)]


def onward(said: str) -> str:
    """Return where a person goes on to: a place of ours that stands in an address or a form."""
    path, _, query = said.partition("?")
    if path == "/account/connect":
        try:
            return f"{path}?{connecting.read(dict(parse_qsl(query))).query()}"
        except (connecting.NotOurs, UserError, ValueError):
            return "/account"
    if path == "/account/invitation":
        key = dict(parse_qsl(query)).get("key", "")
        return f"{path}?key={quote(key, safe='')}" if is_plausible(key) else "/account"
    return path if path in _PLACES else "/account"


def with_next(place: str, onward_to: str) -> str:
    """Return a place of ours from which a person goes on to another."""
    return place if onward_to == "/account" else f"{place}?next={quote(onward_to, safe='')}"


def _next_of(request: Request) -> str:
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = onward(asked) if request.method in _SAFE else "/account"
    return with_next("", to)
