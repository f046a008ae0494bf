"""``python -m hosted``: start the server, or administer one.

Plans, clock and keys also while it runs, all else while it is stopped.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hosted import operating, settings
from hosted.account.commands import signing_out
from hosted.account.commands.means import Means
from hosted.blobs import Blobs
from hosted.clock import clock_of
from hosted.membership.keys import NotListed
from hosted.pairing import CODE_LASTS, FIRST_CODE_LASTS, Devices
from hosted.private_postgres import NoPostgres, PrivatePostgres
from hosted.running import (
    AlreadyRunning,
    collect_seldom,
    opened,
    pairing_words,
    practice_of,
    ready,
)
from hosted.settings import NotSet, Settings
from hosted.store.engine import For
from hosted.store.rls import UnsafeRole
from hosted.sync import epochs, purging, quarantine
from hosted.sync.register import open_register

#: What ends a verb with a sentence that says what to do.
_SAID = (NoPostgres, NotListed, NotSet, UnsafeRole, AlreadyRunning, purging.StillNeeded)


def start(chosen: Settings, _arguments: argparse.Namespace) -> int:
    """Start the server; it stops on Ctrl-C or when it is told to terminate."""
    with ready(chosen) as made:
        print(f"Listening on {made.address}", flush=True)
        if chosen.database.startswith("postgresql") or not made.services.devices.any_practice():
            code = made.services.devices.new_code(lasts=FIRST_CODE_LASTS)
            print(f"Pairing code for a new practice: {pairing_words(code)}", flush=True)
        if not chosen.public_url:
            print(f"Sign a practice up at {made.address}/account/sign-up", flush=True)
            print(f"Letters are written to {chosen.letters}", flush=True)
        collect_seldom()
        made.server.run([made.listening])
    return 0


def code(chosen: Settings, arguments: argparse.Namespace) -> int:
    """Print a one-time pairing code, for a new practice or for a member of a known one."""
    with opened(chosen) as database:
        devices = Devices(database, clock_of(chosen))
        if arguments.practice is None:
            made = devices.new_code(lasts=FIRST_CODE_LASTS)
        else:
            member = practice_of(arguments.member)
            made = devices.new_code(practice_of(arguments.practice), member, CODE_LASTS)
    print(pairing_words(made))
    return 0


def devices(chosen: Settings, arguments: argparse.Namespace) -> int:
    """List the computers of a practice, revoked and disconnected ones too."""
    with opened(chosen) as database:
        for each in Devices(database, clock_of(chosen)).listed(practice_of(arguments.practice)):
            state = "active"
            if each.revoked_at:
                state = f"revoked {each.revoked_at:%Y-%m-%d}"
            elif each.disconnected_at:
                state = f"disconnected {each.disconnected_at:%Y-%m-%d}"
            print(f"{each.id.hex}  {state}  {each.name}")
    return 0


def restored(chosen: Settings, _arguments: argparse.Namespace) -> int:
    """Begin a new epoch, after the data were restored from a backup."""
    with opened(chosen) as database:
        epochs.begin_anew(database, clock_of(chosen).now())
    print("A new epoch has begun: every computer will state again what this server lost.")
    return 0


def kept(chosen: Settings, arguments: argparse.Namespace) -> int:
    """List what lies in quarantine, or with --out write it to files for the owner."""
    practice_id = practice_of(arguments.practice)
    with opened(chosen) as database, database.read(For(practice_id)) as session:
        for each in quarantine.kept(session):
            name = each.digest.hex()
            print(f"{name}  {each.at:%Y-%m-%d}  {each.operations} operations  {each.reason}")
            if arguments.out is not None:
                arguments.out.mkdir(parents=True, exist_ok=True)
                (arguments.out / f"{name}.json").write_text(each.body, "utf-8")
    return 0


def sign_out(chosen: Settings, arguments: argparse.Namespace) -> int:
    """Sign a person out of every browser and computer, or everybody."""
    if (arguments.address is None) is not arguments.everybody:
        print("Say --address or --everybody.", file=sys.stderr)
        return 1
    with opened(chosen) as database:
        means = Means(database, clock_of(chosen))
        if arguments.everybody:
            signing_out.sign_everybody_out(means)
            print("Everybody is signed out; computers within the hour.")
        elif not signing_out.sign_out(means, arguments.address):
            print("Nobody signs in with this address.", file=sys.stderr)
            return 1
        else:
            print("Signed out of every browser and computer.")
    return 0


def purge(chosen: Settings, arguments: argparse.Namespace) -> int:
    """Remove a record everywhere, for good; its id never returns."""
    practice_id, clock = practice_of(arguments.practice), clock_of(chosen)
    with opened(chosen) as database:
        files = purging.purge(
            database,
            practice_id,
            [(arguments.entity, practice_of(arguments.record))],
            ordered_by=arguments.by,
            reason=arguments.reason,
            now=clock.now(),
            register=open_register(chosen.register),
        )
        Blobs(chosen.blobs, database, clock).forget(practice_id, files)
    print("The record is gone from this server; every computer removes it at its next exchange.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="hosted", description=__doc__)
    parser.add_argument("--data-dir", type=Path, help="where the server keeps its data")
    parser.add_argument("--host", help="the address to listen on (this machine alone)")
    parser.add_argument("--port", type=int, help="the port to listen on; 0 for any")
    parser.add_argument(
        "--postgres", action="store_true", help="start a private PostgreSQL and use it"
    )
    parser.set_defaults(act=start)
    verbs = parser.add_subparsers(title="administration")
    helps = "administer a server: plan, clock and keys also while it runs"
    admin = verbs.add_parser("admin", help=helps).add_subparsers(required=True)

    def verb(
        name: str, act: Callable[[Settings, argparse.Namespace], int]
    ) -> argparse.ArgumentParser:
        made = admin.add_parser(name, help=(act.__doc__ or "").strip())
        made.set_defaults(act=act)
        return made

    for_whom = verb("code", code)
    for_whom.add_argument("--practice")
    for_whom.add_argument("--member")
    verb("devices", devices).add_argument("--practice", required=True)
    verb("restored", restored)
    left = verb("quarantine", kept)
    left.add_argument("--practice", required=True)
    left.add_argument("--out", type=Path)
    out = verb("sign-out", sign_out)
    out.add_argument("--address")
    out.add_argument("--everybody", action="store_true")
    gone = verb("purge", purge)
    for name in ("--practice", "--entity", "--record", "--by", "--reason"):
        gone.add_argument(name, required=True)
    operating.add_to(verb)
    return parser


@contextmanager
def _database(chosen: Settings, *, private: bool) -> Iterator[Settings]:
    """Yield the settings, with a private PostgreSQL running if that is asked for."""
    if not private:
        yield chosen
        return
    cluster = PrivatePostgres(chosen.data / "postgres")
    cluster.start()
    try:
        cluster.create("practicerunner")
        yield replace(chosen, database=cluster.url("practicerunner"))
    finally:
        cluster.stop()


def main(arguments: Sequence[str]) -> int:
    """Do what was asked; returns the exit code."""
    said = _parser().parse_args(arguments)
    try:
        chosen = settings.from_environment(said.data_dir, said.host, said.port)
        with _database(chosen, private=said.postgres) as resolved:
            act: Callable[[Settings, argparse.Namespace], int] = said.act
            return act(resolved, said)
    except _SAID as reason:
        print(reason, file=sys.stderr)
        return 1
    except ValueError:
        print("An id is 32 hexadecimal digits: copy it whole.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
