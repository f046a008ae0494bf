"""The operator's verbs for plans, the clock and the keys that sign plans.

They need not wait for the server to stop: what they change is locked where it is changed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from app.core.kernel.entitlement import Plan
from hosted.clock import MovableClock, clock_of
from hosted.membership import keys as signing
from hosted.membership.charging import ByHand
from hosted.membership.commands import operating
from hosted.membership.commands.changing import NoAccount, NotAllowed, change_plan
from hosted.membership.settling import settle_ended
from hosted.running import beside
from hosted.settings import NotSet, Settings
from hosted.store.engine import Database, For

_AHEAD = re.compile(r"(\d{1,5})([dh])")
_NO_ACCOUNT = (
    "This practice has no account, and so no plan: it works with Starter's limits and no end."
)

Act = Callable[[Settings, argparse.Namespace], int]
Verb = Callable[[str, Act], argparse.ArgumentParser]


def plan(chosen: Settings, said: argparse.Namespace) -> int:
    """Show a practice's plan, change it, or say what was paid in place of a payment processor."""
    clock = clock_of(chosen)
    with beside(chosen, clock) as database:
        try:
            of = operating.whose(database, said.practice)
            settle_ended(database, of, ByHand(), clock.now())
            _PLAN_VERBS[said.what](database, of, said, clock.now())
            lines = operating.words(database, of, clock.now())
        except NoAccount:
            print(_NO_ACCOUNT, file=sys.stderr)
            return 1
        except (NotAllowed, operating.NotADay, operating.NoTrial) as reason:
            print(reason, file=sys.stderr)
            return 1
    print("\n".join(lines))
    return 0


def _show(_database: Database, _of: For, _said: Any, _now: Any) -> None:
    """Change nothing."""


def _set(database: Database, of: For, said: Any, now: Any) -> None:
    change_plan(database, of, said.plan, ByHand(), now, reviewed=said.reviewed)


def _trial(database: Database, of: For, _said: Any, now: Any) -> None:
    operating.begin_trial(database, of, ByHand(), now)


def _card(database: Database, of: For, said: Any, now: Any) -> None:
    operating.say_card(database, of, now, card=not said.none)


def _paid(database: Database, of: For, said: Any, now: Any) -> None:
    operating.say_paid(database, of, said.until, ByHand(), now)


_PLAN_VERBS: dict[str, Callable[[Database, For, Any, Any], None]] = {
    "show": _show,
    "set": _set,
    "trial": _trial,
    "card": _card,
    "paid": _paid,
}


def clock(chosen: Settings, said: argparse.Namespace) -> int:
    """Move the clock of a server that is for one machine, or show how far it is ahead."""
    if chosen.public_url:
        raise NotSet("A public server goes by the real time: HOSTED_PUBLIC_URL is set.")
    chosen.data.mkdir(parents=True, exist_ok=True)
    movable = MovableClock(chosen.clock)
    if said.real:
        movable.move(timedelta(0))
    elif said.ahead is not None:
        movable.move(said.ahead)
    print(f"{movable.now():%Y-%m-%d %H:%M} UTC, {movable.ahead} ahead of the computer's clock")
    return 0


def keys(chosen: Settings, said: argparse.Namespace) -> int:
    """Show, add or list the keys that sign plans; sign a list where a root key is kept."""
    now, public = clock_of(chosen).now(), bool(chosen.public_url)
    if said.what == "sign":
        root = json.loads(said.root.read_text("utf-8"))
        print(signing.sign_list(said.list.read_text("utf-8"), said.kid, root))
        return 0
    chosen.data.mkdir(parents=True, exist_ok=True)
    ring = signing.open_ring(chosen.keys, now, public=public)
    if said.what == "new":
        ring = signing.with_new_key(ring, now, public=public, drop=said.drop)
        signing.keep(chosen.keys, ring)
    elif said.what == "install":
        ring = signing.with_list(ring, said.list.read_text("utf-8").strip())
        signing.keep(chosen.keys, ring)
    if said.what == "list":
        print(signing.to_be_signed(ring, now))
        return 0
    named = {each.kid for each in signing.listed_keys(ring.listed).keys} if ring.listed else set()
    for each in ring.keys:
        print(f"{each.kid}  {'listed' if each.kid in named else 'not listed yet'}")
    print("A server that runs takes up its keys at its next start.")
    return 0


def add_to(verb: Verb) -> None:
    """Add the verbs to the operator's."""
    of = verb("plan", plan)
    of.add_argument("--practice", required=True, type=_id)
    whats = of.add_subparsers(dest="what", metavar="{show,set,trial,card,paid}")
    of.set_defaults(what="show")
    whats.add_parser("show", help="show where it stands")
    to = whats.add_parser("set", help="change the plan by the rules")
    to.add_argument("plan", type=lambda word: Plan(word.upper()), metavar="PLAN")
    to.add_argument(
        "--reviewed", action="store_true", help="archive, though notes or unsent work are open"
    )
    whats.add_parser("trial", help="begin the one trial of Professional")
    whats.add_parser("card", help="a way to pay is on file").add_argument(
        "--none", action="store_true", help="none is any more"
    )
    whats.add_parser("paid", help="it is paid until a day begins, in UTC").add_argument(
        "--until", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD"
    )
    moved = verb("clock", clock).add_mutually_exclusive_group()
    moved.add_argument("--ahead", type=_ahead, metavar="40d", help="days (d) or hours (h)")
    moved.add_argument("--real", action="store_true", help="back to the computer's own time")
    of = verb("keys", keys)
    whats = of.add_subparsers(dest="what", metavar="{show,new,list,sign,install}")
    of.set_defaults(what="show")
    whats.add_parser("show", help="show the keys")
    whats.add_parser("new", help="add a key").add_argument(
        "--drop", default="", metavar="KID", help="and drop another: it signs nothing any more"
    )
    whats.add_parser("list", help="print the list of keys that a root key is to sign")
    sign = whats.add_parser("sign", help="sign a list, on the machine that keeps the root key")
    sign.add_argument("--list", required=True, type=Path)
    sign.add_argument("--root", required=True, type=Path, help="the root key, a private JWK")
    sign.add_argument("--kid", required=True, help="the name under which programs pin it")
    whats.add_parser("install", help="take up a signed list").add_argument(
        "--list", required=True, type=Path
    )


def _id(text: str) -> UUID:
    try:
        return UUID(hex=text.strip())
    except ValueError:
        raise argparse.ArgumentTypeError("an id is 32 hexadecimal digits: copy it whole") from None


def _ahead(text: str) -> timedelta:
    found = _AHEAD.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError("say days or hours, like 40d or 12h")
    return timedelta(days=int(found[1])) if found[2] == "d" else timedelta(hours=int(found[1]))
