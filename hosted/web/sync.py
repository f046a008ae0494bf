"""``POST /v1/sync/{verb}``: the exchange over HTTP; and the pokes."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from app.sync import wire
from app.sync.protocol.terms import Refusal, Verb
from hosted.store.engine import For
from hosted.sync import epochs
from hosted.web.errors import STATUS, Turned
from hosted.web.forms import REFUSALS
from hosted.web.security import raw_body, unpacked
from hosted.web.services import Services

#: Smaller answers are sent as they are.
_WORTH_PACKING = 1024
_JSON = "application/json"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The message of the verb, as JSON; Content-Encoding zstd, gzip or none.",
        "content": {_JSON: {"schema": {"type": "object"}}},
    },
    "responses": {
        "200": {
            "description": "The answer of the verb, or a refusal.",
            "content": {_JSON: {"schema": {"type": "object"}}},
        }
    },
}


def routes(services: Services) -> APIRouter:
    """Return the routes of the exchange."""
    router = APIRouter(prefix="/v1", tags=["sync"], responses=REFUSALS)

    @router.post("/sync/{verb}", openapi_extra=_BODY, response_class=Response)
    def sync(verb: Verb, request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Response:
        """Answer one verb of the protocol."""
        caller = services.caller(request)
        if caller.revoked and verb is not Verb.QUARANTINE:
            raise Turned(Refusal.REVOKED)
        answer, code = services.exchange.answer(caller, verb, unpacked(request, body))
        return packed(request, answer, STATUS.get(code, 200))

    @router.get("/poke", response_class=StreamingResponse)
    async def poke(request: Request) -> StreamingResponse:
        """Tell the log's head now and whenever it moves, as server-sent events."""
        caller = await asyncio.to_thread(services.member, request)

        def allowed() -> bool:
            try:
                return not services.caller(request).revoked
            except Turned:
                return False

        def head() -> int:
            with services.database.read(For(caller.practice_id)) as session:
                return epochs.here(session).head

        stream = services.pokes.stream(caller.practice_id, await asyncio.to_thread(head), allowed)
        return StreamingResponse(stream, media_type="text/event-stream")

    return router


def packed(request: Request, body: bytes, status: int) -> Response:
    """Return JSON, compressed as the client can take it."""
    accepted = request.headers.get("accept-encoding", "")
    headers = {"Vary": "Accept-Encoding"}
    if len(body) >= _WORTH_PACKING:
        for encoding in ("zstd", "gzip"):
            if encoding in accepted:
                headers["Content-Encoding"] = encoding
                body = wire.pack(body, with_zstd=encoding == "zstd")
                break
    return Response(body, status, headers, media_type=_JSON)
