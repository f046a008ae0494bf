"""Syncing with the hosted account: connect, exchange, how it stands, another computer."""

from __future__ import annotations

import platform
import sys
import webbrowser
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app import __version__, bootstrap
from app.cli.secrets import choose_passphrase
from app.cli.shown import local
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.kernel.clock import SystemClock
from app.core.kernel.computers import after_disconnecting
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.syncing import (
    NAMED,
    NEWER,
    SyncState,
    SyncStatus,
    and_more,
    repaired_words,
    sync_words,
)
from app.core.tasks.queries.naming import named_rows
from app.sync import joining
from app.sync.account.signing_in import SignIn

_STATUS_KEYS = {
    "state": "LOCAL, SYNCING, SYNCED, WAITING, OFFLINE, NEEDS_YOU, SIGN_IN or UPDATE",
    "words": "the same as the window says it",
    "waiting": "change sets not yet uploaded",
    "done": "of the exchange under way",
    "total": "of the exchange under way",
    "asks": "questions for a person",
    "offline_since": "time, or null",
    "synced_at": "time, or null",
    "last_upload": "time, or null",
    "last_download": "time, or null",
    "oldest_unsent": "time, or null",
    "clock_offset_ms": "how far the account's clock is ahead of this computer's",
    "trouble": "one sentence, empty when nothing is wrong",
    "server": "address of the account",
    "device": "this computer's name there",
    "kept": "where its sign-in is kept",
    "newer": "whether a newer version of the program is out; this one is still served",
    "repaired": "what a comparison repaired last: at, total and the first records, or null",
}

_SERVER = Argument("--server", "address of the account's server", required=True)
_CODE = Argument("--code", "the one-time code that another computer, or the account, shows")
_SIGN_IN = Argument("--sign-in", "sign in with the browser, whose address is printed", switch=True)
_NAME = Argument("--name", "this computer's name, which heads its versions in the inbox")


def _sync(call: Call) -> Reply:
    return _told_or_left(call, call.opened.sync.sync_now(_progress(call, call.desk)))


def _status(call: Call) -> Reply:
    return _told(call, call.opened.sync.status())


def _connect(call: Call) -> Reply:
    sync = call.opened.sync
    if _by_browser(call):
        sync.sign_in(_signed_in(sync.begin_sign_in(call["server"], _name(call))))
    else:
        sync.connect(call["server"], call["code"], _name(call))
    call.say("Connected. The practice is uploaded now.")
    return _told(call, call.opened.sync.sync_now(_progress(call, call.desk)))


def _sign_in(call: Call) -> Reply:
    sync = call.opened.sync
    if sync.status().state is SyncState.LOCAL:
        raise UserError("This practice is not connected: use “sync connect --sign-in”.")
    sync.sign_in(_signed_in(sync.begin_sign_in()))
    return _told(call, sync.sync_now(_progress(call, call.desk)))


def _code(call: Call) -> Reply:
    code = call.opened.sync.code()
    return Reply({"code": code}, [f"Type this on the other computer within 15 minutes: {code}"])


def _disconnect(call: Call) -> Reply:
    told = call.opened.sync.disconnect(anyway=call["anyway"])
    return Reply({"state": SyncState.LOCAL, "told": told}, [after_disconnecting(told=told)])


def _check(call: Call) -> Reply:
    by_entity = call.opened.sync.check()
    repaired = [(entity, pk) for entity, ids in by_entity.items() for pk in ids]
    lines = [
        f"Repaired: {name} ({entity} {pk})"
        for (entity, pk), name in zip(repaired, _names(call, repaired[:NAMED]), strict=False)
    ]
    return Reply(
        {"agrees": not repaired, "repaired": _records(repaired)},
        [*lines, *and_more(len(repaired), len(lines))]
        or ["This computer and the account hold the same."],
    )


def _names(call: Call, records: Sequence[tuple[str, UUID]]) -> list[str]:
    if not records:
        return []
    return [each.words for each in call.desk.ask(named_rows, records, call.desk.clock.now())]


def _records(records: Sequence[tuple[str, UUID]]) -> list[dict[str, str]]:
    return [{"entity": entity, "id": str(pk)} for entity, pk in records]


def _accept_deletes(call: Call) -> Reply:
    call.opened.sync.accept_removal()
    return _told(call, call.opened.sync.status())


def _join(call: Call) -> Reply:
    # Or the account would list a computer that never came.
    bootstrap.require_free(call.data_dir)
    if _by_browser(call):
        signing = _signed_in(SignIn(call["server"], _name(call), __version__))
        found = joining.signed_in(signing, SystemClock())
    else:
        found = joining.pair(call["server"], call["code"], _name(call), __version__)
    prepared = bootstrap.prepare_keys(choose_passphrase())
    practice = bootstrap.join_practice(call.data_dir, prepared, found)
    try:
        now = practice.sync.sync_now(_progress(call, practice.desk))
    finally:
        practice.close()
    return Reply(
        {
            "data_dir": str(call.data_dir),
            "recovery_key": prepared.recovery_key,
            "state": now.state,
        },
        [
            f"The practice is in {call.data_dir}.",
            "Write the recovery key of this computer down; it is shown only now:",
            prepared.recovery_key,
        ],
    )


def _by_browser(call: Call) -> bool:
    if bool(call["code"]) == call["sign_in"]:
        raise UserError("Give either --sign-in or the one-time code with --code.", field="code")
    return bool(call["sign_in"])


def _signed_in(signing: SignIn) -> SignIn:
    """Open the browser and wait until it came back."""
    signing.begin()
    # On standard error, so that --json stays an answer alone.
    print(f"Sign in with your browser: {signing.address}", file=sys.stderr, flush=True)
    webbrowser.open(signing.address)
    try:
        signing.wait()
    except BaseException:
        signing.cancel()
        raise
    return signing


def _told_or_left(call: Call, now: SyncStatus) -> Reply:
    """Answer how it stands; a computer that was taken off leaves its work and loses its copy."""
    said = _told(call, now)
    if not now.leaving:
        return said
    sentence = call.opened.leave()
    return Reply({**said.data, "trouble": sentence}, refused=sentence)


def _told(call: Call, now: SyncStatus) -> Reply:
    zone = call.desk.zone
    words = sync_words(now, call.desk.clock.now(), zone)
    said: dict[str, Any] = {
        "state": now.state,
        "words": words,
        "waiting": now.waiting,
        "done": now.done,
        "total": now.total,
        "asks": now.asks,
        "clock_offset_ms": now.clock_offset_ms,
        "trouble": now.trouble,
        "server": now.server,
        "device": now.device,
        "kept": now.kept,
        "newer": now.newer,
        "repaired": None,
    }
    lines = [words]
    if now.repaired is not None:
        said["repaired"] = {
            "at": local(now.repaired.at, zone),
            "total": now.repaired.total,
            "records": _records(now.repaired.records),
        }
        names = _names(call, now.repaired.records)
        lines.append(repaired_words(now, names, call.desk.clock.now(), zone))
    for key in ("offline_since", "synced_at", "last_upload", "last_download", "oldest_unsent"):
        moment = getattr(now, key)
        said[key] = local(moment, zone) if moment else None
    lines += [NEWER] if now.newer else []
    return Reply(said, [line for line in (*lines, now.trouble) if line])


def _progress(call: Call, desk: Desk) -> Callable[[SyncStatus], None]:
    said = ""

    def heard(now: SyncStatus) -> None:
        nonlocal said
        words = sync_words(now, desk.clock.now(), desk.zone)
        # How it ends is the answer itself.
        if now.total and words != said:
            said = words
            call.say(words)

    return heard


def _name(call: Call) -> str:
    return call["name"] or platform.node() or "Computer"


VERBS = (
    Verb("sync", "exchange with the account until nothing is left to do", _sync, (), _STATUS_KEYS),
    Verb("sync status", "how it stands, without asking the account", _status, (), _STATUS_KEYS),
    Verb(
        "sync connect",
        "connect this practice to its account: by a sign-in, or a one-time code",
        _connect,
        (_SERVER, _SIGN_IN, _CODE, _NAME),
        _STATUS_KEYS,
    ),
    Verb(
        "sync sign-in",
        "sign in again, where the account no longer knows this computer",
        _sign_in,
        keys=_STATUS_KEYS,
    ),
    Verb(
        "sync code",
        "a one-time code for another computer",
        _code,
        keys={"code": "typed there within 15 minutes"},
    ),
    Verb(
        "sync disconnect",
        "part this practice from its account; it stays whole",
        _disconnect,
        (Argument("--anyway", "also with work that is not uploaded", switch=True),),
        {"state": "LOCAL", "told": "whether the account could be told"},
    ),
    Verb(
        "sync check",
        "compare everything with the account and repair what differs",
        _check,
        keys={"agrees": "whether nothing differed", "repaired": "records: entity and id"},
    ),
    Verb(
        "sync accept-deletes",
        "agree to a change of the account that removes much",
        _accept_deletes,
        keys=_STATUS_KEYS,
    ),
    Verb(
        "join",
        "bring a practice of an account to this computer",
        _join,
        (_SERVER, _SIGN_IN, _CODE, _NAME),
        {
            "data_dir": "where the practice lies",
            "recovery_key": "opens it when the passphrase is forgotten",
            "state": "how it stands",
        },
        opens=False,
    ),
)
