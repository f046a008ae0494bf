"""What every route asks of whoever comes, and what each kind of caller meets at it.

A row says what a route wants (``ROWS``); a caller is a function that makes one (``CALLERS`` in
``callers``), and ``SAYS`` what each meets at each kind of route. A route without a row fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any
from uuid import uuid4

from app.sync.protocol.membership import WRONG_ROLE
from app.sync.protocol.terms import Refusal, Verb


class Wants(Enum):
    """What a route asks of whoever comes."""

    NOTHING = auto()
    COMPUTER = auto()
    COMPUTER_THAT_FOUNDS = auto()
    COMPUTER_EVEN_REVOKED = auto()
    OWNERS_COMPUTER = auto()
    PASSWORD = auto()
    PASSWORD_AND_A_FACTOR_IF_THERE_IS_ONE = auto()
    BOTH_FACTORS = auto()
    BOTH_FACTORS_JUST_NOW = auto()


Row = tuple[Wants, dict[str, Any]]
_WHO = {"version": 1, "oldest": 1, "schema": 1, "program": "x", "incarnation": uuid4().hex}
_BODIES: dict[str, dict[str, Any]] = {
    "hello": {**_WHO, "tag": "", "lsn": 0, "epoch": "", "cursor": "", "waiting": 0},
    "push": {"epoch": "", "incarnation": uuid4().hex, "operations": []},
    "pull": {"epoch": "", "cursor": "", "rows": 1},
    "snapshot": {"epoch": "", "after": "", "rows": 1},
    "digest": {"epoch": "", "entity": "client", "columns": ["legal_given"]},
    "rows": {"epoch": "", "entity": "client", "ids": []},
    "lease": {"incarnation": uuid4().hex, "prefix": "INV", "year": 2026, "size": 1, "next": 1},
    "quarantine": {"epoch": "", "incarnation": uuid4().hex, "operations": []},
}
_PRACTICE = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
INVITED = {"address": "kim@b.example", "name": "Kim", "role": "ADMIN"}
_COMPUTER: Row = (Wants.COMPUTER, {})
_OWNER: Row = (Wants.OWNERS_COMPUTER, {})

#: Method and path of every route, as the application has them; the verbs of sync one by one.
ROWS: Mapping[tuple[str, str], Row] = {
    ("GET", "/health"): (Wants.NOTHING, {}),
    ("POST", "/v1/pair"): (Wants.NOTHING, {}),
    ("POST", "/v1/token"): (Wants.NOTHING, {}),
    ("POST", "/v1/disconnect"): (Wants.NOTHING, {}),
    ("POST", "/v1/practices"): (Wants.COMPUTER_THAT_FOUNDS, {"json": _PRACTICE}),
    **{
        ("POST", f"/v1/sync/{verb}"): (
            Wants.COMPUTER_EVEN_REVOKED if verb is Verb.QUARANTINE else Wants.COMPUTER,
            {"json": _BODIES[verb]},
        )
        for verb in Verb
    },
    ("GET", "/v1/poke"): _COMPUTER,
    ("POST", "/v1/codes"): _COMPUTER,
    ("GET", "/v1/devices"): _COMPUTER,
    ("POST", "/v1/devices/{device_id}/revoke"): _COMPUTER,
    ("GET", "/v1/membership"): _OWNER,
    ("POST", "/v1/membership/support"): _OWNER,
    ("POST", "/v1/membership/plan"): (Wants.OWNERS_COMPUTER, {"json": {"plan": "GROUP"}}),
    ("POST", "/v1/membership/invitations"): (Wants.OWNERS_COMPUTER, {"json": INVITED}),
    ("POST", "/v1/membership/invitations/{invitation_id}/again"): _OWNER,
    ("POST", "/v1/membership/invitations/{invitation_id}/withdraw"): _OWNER,
    ("POST", "/v1/membership/reserved"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"role": "ADMIN", "count": 1}},
    ),
    ("POST", "/v1/membership/members/{member_id}/role"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"role": "ADMIN"}},
    ),
    ("POST", "/v1/membership/members/{member_id}/end"): (
        Wants.OWNERS_COMPUTER,
        {"json": {"work_to": None}},
    ),
    ("GET", "/v1/blobs"): _COMPUTER,
    ("GET", "/v1/blobs/{digest}"): _COMPUTER,
    ("GET", "/v1/blobs/{digest}/{chunk}"): _COMPUTER,
    ("HEAD", "/v1/blobs/{digest}/{chunk}"): _COMPUTER,
    ("PUT", "/v1/blobs/{digest}/{chunk}"): (
        Wants.COMPUTER,
        {"content": b"x", "params": {"of": 1}},
    ),
    ("POST", "/v1/blobs/{digest}/{chunk}/doubt"): _COMPUTER,
    ("GET", "/account/look/{name}"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-up"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-up"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-up/sent"): (Wants.NOTHING, {}),
    ("GET", "/account/confirm"): (Wants.NOTHING, {}),
    ("POST", "/account/confirm"): (Wants.NOTHING, {}),
    ("GET", "/account/sign-in"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in/passkey"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-in/passkey/ask"): (Wants.NOTHING, {}),
    ("POST", "/account/sign-out"): (Wants.NOTHING, {}),
    ("GET", "/account/reset"): (Wants.NOTHING, {}),
    ("POST", "/account/reset"): (Wants.NOTHING, {}),
    ("GET", "/account/reset/sent"): (Wants.NOTHING, {}),
    ("GET", "/account/new-password"): (Wants.NOTHING, {}),
    ("POST", "/account/new-password"): (Wants.NOTHING, {}),
    ("GET", "/account/invitation"): (Wants.NOTHING, {}),
    ("POST", "/account/invitation"): (Wants.NOTHING, {}),
    ("GET", "/account/second-factor"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor/passkey"): (Wants.PASSWORD, {}),
    ("POST", "/account/second-factor/passkey/ask"): (Wants.PASSWORD, {}),
    **{
        (method, path): (Wants.PASSWORD_AND_A_FACTOR_IF_THERE_IS_ONE, {})
        for method, path in (
            ("GET", "/account/second-factor/new"),
            ("POST", "/account/second-factor/new"),
            ("GET", "/account/passkeys/new"),
            ("POST", "/account/passkeys/new"),
            ("POST", "/account/passkeys/new/ask"),
        )
    },
    ("GET", "/account"): (Wants.BOTH_FACTORS, {}),
    ("GET", "/account/practices/{account_id}/plan"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/practices/{account_id}/plan"): (Wants.BOTH_FACTORS, {}),
    ("GET", "/account/connect"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/connect"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/computers/{device_id}/revoke"): (Wants.BOTH_FACTORS, {}),
    ("POST", "/account/invitation/join"): (Wants.BOTH_FACTORS, {}),
    **{
        (method, path): (Wants.BOTH_FACTORS_JUST_NOW, {})
        for method, path in (
            ("GET", "/account/password"),
            ("POST", "/account/password"),
            ("POST", "/account/recovery-codes"),
            ("POST", "/account/passkeys/{passkey_id}/remove"),
            ("POST", "/account/browsers/{session_id}/end"),
            ("POST", "/account/browsers/end"),
            ("GET", "/account/practices/{account_id}/leave"),
            ("POST", "/account/practices/{account_id}/leave"),
        )
    },
}


class Meets(Enum):
    """What an answer comes to."""

    SERVED = auto()
    UNKNOWN = auto()
    REVOKED = auto()
    WRONG_ROLE = auto()
    CLOSED = auto()
    SIGN_IN = auto()
    SECOND_FACTOR = auto()
    SET_UP = auto()
    BROKEN = auto()


SERVED, UNKNOWN, REVOKED = Meets.SERVED, Meets.UNKNOWN, Meets.REVOKED
CLOSED, NOT_THE_OWNER = Meets.CLOSED, Meets.WRONG_ROLE
SIGN_IN, SECOND_FACTOR, SET_UP = Meets.SIGN_IN, Meets.SECOND_FACTOR, Meets.SET_UP
REFUSED = {
    Refusal.REVOKED.value: REVOKED,
    WRONG_ROLE: NOT_THE_OWNER,
    Refusal.NO_COMPUTER.value: CLOSED,
}
KINDS = tuple(Wants)
LAPSED = "a computer of a practice whose plan has lapsed"
COLLEAGUES = ("provider", "associate", "admin")
#: In the order of ``Wants``.
SAYS: Mapping[str, tuple[Meets, ...]] = {
    "nobody": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "somebody with made-up secrets": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "a computer without a practice": (SERVED, UNKNOWN, SERVED, UNKNOWN, UNKNOWN, *(SIGN_IN,) * 4),
    "a computer": (*(SERVED,) * 5, *(SIGN_IN,) * 4),
    **{
        f"a colleague’s computer: {role}": (*(SERVED,) * 4, NOT_THE_OWNER, *(SIGN_IN,) * 4)
        for role in COLLEAGUES
    },
    LAPSED: (*(SERVED,) * 5, *(SIGN_IN,) * 4),
    "a revoked computer": (SERVED, REVOKED, REVOKED, SERVED, REVOKED, *(SIGN_IN,) * 4),
    "a browser that has signed out": (SERVED, *(UNKNOWN,) * 4, *(SIGN_IN,) * 4),
    "the password alone, before any second factor": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SERVED, SET_UP, SET_UP,
    ),
    "the password alone": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SECOND_FACTOR, SECOND_FACTOR, SECOND_FACTOR,
    ),
    "both factors, a while ago": (
        SERVED, *(UNKNOWN,) * 4, SERVED, SECOND_FACTOR, SERVED, SECOND_FACTOR,
    ),
    "both factors": (SERVED, *(UNKNOWN,) * 4, *(SERVED,) * 4),
}  # fmt: skip
#: What a plan that has lapsed closes: nothing that is read or sent, only what would grow.
GROWING = (("POST", "/v1/codes"),)
