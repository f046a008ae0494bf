"""The root keys that the program trusts: public halves, pinned in ``resources/account``.

The sources pin the development root, whose private half everybody knows. A release is built with
``packaging/build.py --roots FILE``, which puts the release's own in its place; a frozen program
never trusts the development root, so that one built without them trusts nothing rather than
anybody. Two roots may stand there at a time: the next one is pinned a release ahead.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path

from app.sync.protocol.entitlement import PublicKey

PINNED = Path(__file__).resolve().parents[3] / "resources" / "account" / "roots.json"
DEVELOPMENT = "development"


@lru_cache(maxsize=1)
def pinned_roots() -> tuple[PublicKey, ...]:
    """Return the root keys of this program."""
    return trusted(json.loads(PINNED.read_text(encoding="utf-8")), frozen=_is_frozen())


def trusted(pinned: dict[str, str], *, frozen: bool) -> tuple[PublicKey, ...]:
    """Return those of ``pinned`` (name to public half) that a program may trust."""
    return tuple(PublicKey(kid, x) for kid, x in pinned.items() if kid != DEVELOPMENT or not frozen)


def _is_frozen() -> bool:
    return bool(getattr(sys, "frozen", False))
