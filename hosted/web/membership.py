"""``/v1/membership``: plan and team, for the owner's program."""

from __future__ import annotations

from typing import Annotated, Any, Protocol, TypeVar

from fastapi import APIRouter, Depends, Request, Response

from app.sync import wire
from app.sync.protocol.membership import BLOCKED, WRONG_ROLE, Blocked, ChangePlan
from app.sync.protocol.terms import Refusal
from app.sync.wire import Malformed
from hosted.membership.answering import Managed, NotTheirs, answer, managed_by
from hosted.membership.commands.asking import ask_support
from hosted.membership.commands.changing import NoAccount, NotAllowed, change_plan
from hosted.membership.settling import settle_ended
from hosted.web import errors
from hosted.web.errors import STATUS, Turned
from hosted.web.forms import REFUSALS
from hosted.web.rates import Rate
from hosted.web.security import raw_body, unpacked
from hosted.web.services import Services
from hosted.web.sync import packed

_SMALL = 16 * 1024
_JSON = "application/json"
_OBJECT = {_JSON: {"schema": {"type": "object"}}}
#: What a route of plan and team says of itself: its answer, and what stands in the way of a change.
SAYS: dict[str, Any] = {
    "responses": {
        "200": {"description": "Plan and team as they are now.", "content": _OBJECT},
        "409": {"description": "What stands in the way of the change.", "content": _OBJECT},
    }
}
TAKES: dict[str, Any] = {
    **SAYS,
    "requestBody": {"required": True, "description": "What is asked, as JSON.", "content": _OBJECT},
}
M_co = TypeVar("M_co", covariant=True)


class Question(Protocol[M_co]):
    """A message that can be asked here."""

    def read(self, said: Any) -> M_co:
        """Read what travels; raises ``Malformed``."""
        ...


async def small_body(request: Request) -> bytes:
    """Return a body of a few names."""
    return await raw_body(request, _SMALL)


Body = Annotated[bytes, Depends(small_body)]


def managed(services: Services, request: Request) -> Managed:
    """Return the practice that the caller manages; turns away who may not, or has no account."""
    caller = services.member(request)
    try:
        found = managed_by(services.database, caller.practice_id, caller.member_id)
    except NotTheirs:
        raise Turned(WRONG_ROLE) from None
    if found is None:
        raise Turned(errors.NOT_FOUND)
    return found


def asked(kind: Question[M_co], request: Request, body: bytes) -> M_co:
    """Return what was asked; turns away what is malformed."""
    try:
        return kind.read(wire.read(unpacked(request, body)))
    except Malformed:
        raise Turned(Refusal.MALFORMED) from None


def answered(services: Services, request: Request, of: Managed) -> Response:
    """Return the whole answer, as after every change."""
    at = services.account.now()
    settle_ended(services.database, of.whose, services.charging, at)
    said = answer(services.database, services.granting, of, at)
    return packed(request, wire.write(said.to_json()), 200)


def blocked(request: Request, reason: NotAllowed) -> Response:
    """Return what stands in the way of a change."""
    said = wire.write(Blocked(reason.blockers).to_json())
    return packed(request, said, STATUS[BLOCKED])


def routes(services: Services) -> APIRouter:
    """Return the routes of the plan."""
    router = APIRouter(prefix="/v1", tags=["membership"], responses=REFUSALS)

    @router.get("/membership", openapi_extra=SAYS, response_class=Response)
    def membership(request: Request) -> Response:
        """Return plan and team."""
        return answered(services, request, managed(services, request))

    @router.post("/membership/plan", openapi_extra=TAKES, response_class=Response)
    def plan(request: Request, body: Body) -> Response:
        """Change the plan."""
        of = managed(services, request)
        said, now = asked(ChangePlan, request, body), services.account.now()
        try:
            change_plan(
                services.database, of.whose, said.plan, services.charging, now, shown=said.shown
            )
        except NotAllowed as reason:
            return blocked(request, reason)
        except NoAccount:
            raise Turned(errors.NOT_FOUND) from None
        return answered(services, request, of)

    @router.post("/membership/support", openapi_extra=SAYS, response_class=Response)
    def support(request: Request) -> Response:
        """Ask whoever runs the server about the Archive."""
        of, caller = managed(services, request), services.member(request)
        services.rates.count(Rate.LETTER, "support", of.account_id.hex)
        ask_support(
            services.database,
            services.account.seal,
            of.whose,
            caller.member_id,
            services.support,
            services.account.now(),
        )
        return answered(services, request, of)

    return router
