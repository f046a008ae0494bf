"""``/v1/membership/…``: members and seats, for the owner's program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.sync import wire
from app.sync.protocol.membership import (
    BLOCKED,
    Blocked,
    ChangeRole,
    EndMembership,
    Invite,
    Reserve,
)
from hosted.account.rules.secrets import address_hash
from hosted.membership.answering import Managed
from hosted.team.commands import inviting, members
from hosted.team.commands.means import Gone
from hosted.team.rules import NotNow
from hosted.web import errors
from hosted.web.account.guards import known_site
from hosted.web.errors import STATUS, Turned
from hosted.web.forms import REFUSALS, uuid
from hosted.web.membership import SAYS, TAKES, Body, answered, asked, managed
from hosted.web.rates import Rate
from hosted.web.services import Services
from hosted.web.sync import packed

Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]


def routes(services: Services) -> APIRouter:
    """Return the routes of the team."""
    router = APIRouter(prefix="/v1/membership", tags=["membership"], responses=REFUSALS)
    _invitations(router, services)
    _seats(router, services)
    return router


def _invitations(router: APIRouter, services: Services) -> None:
    """Add the routes of invitations."""
    team = services.team

    @router.post("/invitations", openapi_extra=TAKES, response_class=Response)
    def invite(request: Request, body: Body) -> Response:
        """Invite somebody by e-mail."""
        of, said = managed(services, request), asked(Invite, request, body)
        here = _site(services, request)
        _count_letter(services, of, said.address)
        return _done(services, request, of, lambda: inviting.invite(team, of.whose, said, here))

    @router.post("/invitations/{invitation_id}/again", openapi_extra=SAYS, response_class=Response)
    def again(request: Request, invitation_id: Id) -> Response:
        """Send the letter of an invitation again, with another link."""
        of, which = managed(services, request), uuid(invitation_id)
        here = _site(services, request)

        def act() -> None:
            _count_letter(services, of, inviting.address_of_invitation(team, of.whose, which))
            inviting.send_again(team, of.whose, which, here)

        return _done(services, request, of, act)

    @router.post(
        "/invitations/{invitation_id}/withdraw", openapi_extra=SAYS, response_class=Response
    )
    def withdraw(request: Request, invitation_id: Id) -> Response:
        """Take an invitation back."""
        of, which = managed(services, request), uuid(invitation_id)
        return _done(services, request, of, lambda: inviting.withdraw(team, of.whose, which))


def _seats(router: APIRouter, services: Services) -> None:
    """Add the routes of members and of reserved seats."""
    team = services.team

    @router.post("/reserved", openapi_extra=TAKES, response_class=Response)
    def reserve(request: Request, body: Body) -> Response:
        """Hold so many seats of a role in reserve."""
        of, said = managed(services, request), asked(Reserve, request, body)

        def act() -> None:
            inviting.reserve(team, of.whose, said.role, said.count, said.shown)

        return _done(services, request, of, act)

    @router.post("/members/{member_id}/role", openapi_extra=TAKES, response_class=Response)
    def role(request: Request, member_id: Id, body: Body) -> Response:
        """Give a member another role."""
        of, said = managed(services, request), asked(ChangeRole, request, body)

        def act() -> None:
            members.change_role(team, of.whose, uuid(member_id), said.role)

        return _done(services, request, of, act)

    @router.post("/members/{member_id}/end", openapi_extra=TAKES, response_class=Response)
    def end(request: Request, member_id: Id, body: Body) -> Response:
        """End a membership; another member may take over."""
        of, said = managed(services, request), asked(EndMembership, request, body)

        def act() -> None:
            members.end(team, of.whose, uuid(member_id), said.work_to)

        return _done(services, request, of, act)


def _site(services: Services, request: Request) -> str:
    """Return the address of this site, as letters name it."""
    site = known_site(request, services)
    if not site:
        raise Turned(errors.ADDRESS)
    return site


def _count_letter(services: Services, of: Managed, address: str) -> None:
    """Count a letter that a practice has sent to somebody; one too many is turned away."""
    services.rates.count(Rate.INVITATION, of.account_id.hex)
    services.rates.count(Rate.LETTER, "invitation", address_hash(address).hex())


def _done(services: Services, request: Request, of: Managed, act: Callable[[], None]) -> Response:
    try:
        act()
    except NotNow as reason:
        said = wire.write(Blocked(reason.blockers).to_json())
        return packed(request, said, STATUS[BLOCKED])
    except Gone:
        raise Turned(errors.NOT_FOUND) from None
    return answered(services, request, of)
