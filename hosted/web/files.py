"""Attached files, chunk by chunk."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.sync.protocol.terms import Refusal
from hosted import blobs
from hosted.blobs import Disagrees, NoSuchBlob
from hosted.web import errors
from hosted.web.errors import Turned
from hosted.web.forms import (
    REFUSALS,
    BlobAnswer,
    BlobHash,
    Chunk,
    Chunks,
    DoneAnswer,
    DoubtedAnswer,
)
from hosted.web.security import raw_body
from hosted.web.services import Services

_BYTES = "application/octet-stream"
_TAKES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}},
    }
}
_GIVES: dict[int | str, dict[str, Any]] = {
    200: {"content": {_BYTES: {"schema": {"type": "string", "format": "binary"}}}}
}


async def chunk_body(request: Request) -> bytes:
    """Return one chunk."""
    return await raw_body(request, blobs.MOST_BYTES)


def routes(services: Services) -> APIRouter:
    """Return the routes of attached files."""
    router = APIRouter(prefix="/v1/blobs", tags=["blobs"], responses=REFUSALS)

    @router.put("/{digest}/{chunk}", openapi_extra=_TAKES)
    def put(
        digest: BlobHash,
        chunk: Chunk,
        of: Chunks,
        request: Request,
        body: Annotated[bytes, Depends(chunk_body)],
    ) -> DoneAnswer:
        """Keep one of a file's ``of`` chunks; one that is there already stays."""
        caller = services.member(request)
        if not body:
            raise Turned(Refusal.MALFORMED)
        try:
            whole = services.blobs.put(caller, digest, chunk, of, body)
        except Disagrees:
            raise Turned(Refusal.MALFORMED) from None
        if whole:
            # The row was there before: whoever waits for the file may fetch it now.
            services.poke(caller.practice_id)
        return DoneAnswer()

    @router.get("/{digest}")
    def have(digest: BlobHash, request: Request) -> BlobAnswer:
        """Tell which chunks of a file are here, so that an upload can go on."""
        caller = services.member(request)
        try:
            held = services.blobs.have(caller, digest)
        except NoSuchBlob:
            raise Turned(errors.NOT_FOUND) from None
        return BlobAnswer(of=held.of, have=held.there, doubted=held.doubted)

    _doubt_routes(router, services)

    def _chunk(digest: str, chunk: int, request: Request) -> Response:
        caller = services.member(request)
        try:
            content = services.blobs.get(caller, digest, chunk)
        except NoSuchBlob:
            raise Turned(errors.NOT_FOUND) from None
        return Response(content, media_type=_BYTES)

    @router.get("/{digest}/{chunk}", response_class=Response, responses=_GIVES)
    def get(digest: BlobHash, chunk: Chunk, request: Request) -> Response:
        """Return one chunk."""
        return _chunk(digest, chunk, request)

    @router.head("/{digest}/{chunk}", response_class=Response)
    def head(digest: BlobHash, chunk: Chunk, request: Request) -> Response:
        """Tell whether one chunk is here, and how large it is."""
        return _chunk(digest, chunk, request)

    return router


def _doubt_routes(router: APIRouter, services: Services) -> None:
    @router.get("")
    def doubted(request: Request) -> DoubtedAnswer:
        """Tell the files of which a chunk was found damaged, so that it can be put anew."""
        caller = services.member(request)
        return DoubtedAnswer(doubted=services.blobs.doubted(caller))

    @router.post("/{digest}/{chunk}/doubt")
    def doubt(digest: BlobHash, chunk: Chunk, request: Request) -> DoneAnswer:
        """Say that a chunk is not what it should be; it stays until it is put anew."""
        caller = services.member(request)
        try:
            services.blobs.doubt(caller, digest, chunk)
        except NoSuchBlob:
            raise Turned(errors.NOT_FOUND) from None
        services.poke(caller.practice_id)
        return DoneAnswer()
