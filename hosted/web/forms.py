"""Bodies and parameters of the routes, each bounded, and what they answer."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.sync.wire import is_text
from hosted.blobs import MOST_CHUNKS

_HEX = r"^[0-9a-f]{32}$"


def _stored(text: str) -> str:
    if not is_text(text):
        raise ValueError("no text")
    return text


def _code(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_stored)]
Hex = Annotated[str, Field(pattern=_HEX)]
BlobHash = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Chunk = Annotated[int, Path(ge=0, lt=MOST_CHUNKS)]
Chunks = Annotated[int, Query(ge=1, le=MOST_CHUNKS)]
DeviceId = Annotated[str, Path(pattern=_HEX)]


class Form(BaseModel):
    """A body; what is not known is passed over, so that a newer program may say more."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class PairForm(Form):
    """A one-time code, and what the computer calls itself.

    It also says which life its file is in and, where it was connected before, which one it was.
    """

    code: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_code)]
    device_name: Name
    program: Name
    device_id: Hex | None = None
    incarnation: Hex | None = None


class PairedAnswer(Form):
    """What the code was exchanged for; practice and member are empty for a new practice."""

    token: str
    device_id: Hex
    practice_id: Hex | None
    member_id: Hex | None


class GrantForm(Form):
    """What a connected computer brings: the code and its verifier, or its token for renewal.

    It also says which life its file is in and, where it was connected before, which one it was.
    """

    grant_type: Literal["authorization_code", "refresh_token"]
    client_id: str
    code: str = ""
    code_verifier: str = ""
    redirect_uri: str = ""
    refresh_token: str = ""
    device_id: Hex | None = None
    incarnation: Hex | None = None


class GrantedAnswer(Form):
    """A computer's next tokens; practice and member are empty for a new practice."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    device_id: Hex
    practice_id: Hex | None
    member_id: Hex | None


class GrantRefusedAnswer(Form):
    """Why there are none, in the words of RFC 6749, section 5.2."""

    error: str


class DisconnectForm(Form):
    """What a computer that parts from the account brings: its token for renewal, else its only one.

    The words are those of RFC 7009, section 2.1.
    """

    client_id: str
    token: str


class PracticeForm(Form):
    """The practice of the first computer, and its member."""

    practice_id: Hex
    member_id: Hex


class CodeAnswer(Form):
    """A one-time code, and how many seconds it lasts."""

    code: str
    seconds: int


class DeviceAnswer(Form):
    """A computer of the practice; a revoked one has handed over its unsent work, or not yet.

    A disconnected one keeps its copy, and nothing that it was given opens anything any more.
    """

    id: Hex
    name: str
    program: str
    system: str
    member_id: Hex | None
    paired_at: datetime
    seen_at: datetime
    revoked_at: datetime | None
    disconnected_at: datetime | None
    handed_over: bool
    mine: bool


class DevicesAnswer(Form):
    """All computers of the practice, also revoked ones."""

    devices: list[DeviceAnswer]


class RevokedAnswer(Form):
    """When the computer was revoked."""

    revoked_at: datetime


class DoneAnswer(Form):
    """It is done."""

    done: bool = True


class BlobAnswer(Form):
    """How many chunks a file has, which of them are here, and which shall be put anew."""

    of: int
    have: list[int]
    doubted: list[int]


class DoubtedAnswer(Form):
    """The files of which a chunk shall be put anew."""

    doubted: list[str]


class HealthAnswer(Form):
    """Whether the server can do its work."""

    ok: bool
    version: str
    protocol: int


class RefusedAnswer(Form):
    """The answer in place of the one that was asked for."""

    refused: str
    detail: str = ""


REFUSED_SCHEMA = f"#/components/schemas/{RefusedAnswer.__name__}"
#: What every route may answer instead. Its form is named, not given: given, it would be made anew
#: for each of them at each start, which was most of the time of a start.
REFUSALS: dict[int | str, dict[str, Any]] = {
    number: {
        "description": said,
        "content": {"application/json": {"schema": {"$ref": REFUSED_SCHEMA}}},
    }
    for number, said in {
        401: "No token, or one that is not known here",
        403: "The device is revoked, or the code is wrong",
        404: "Nothing lies there",
        409: "The practice is another computer's",
        413: "Too large",
        421: "The server does not know its own address",
        422: "Malformed",
        426: "The program is too old",
        429: "Too many tries",
        503: "Busy, or stopping",
    }.items()
}


def uuid(text: str) -> UUID:
    """Return an id that was checked by its pattern."""
    return UUID(hex=text)
