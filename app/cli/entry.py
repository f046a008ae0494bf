"""Reads a command line, opens the practice, runs the verb and prints its answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

from app import bootstrap, folders
from app.cli.secrets import ask_passphrase
from app.cli.table import VERBS
from app.cli.verbs import DATA_DIR, Call, Reply, Verb, build_parser, read_values
from app.core.kernel.errors import MachineError, UserError

REFUSED = 1
STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; return its exit code: 0 done, 1 refused, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a name must not stop the command.
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        given = vars(build_parser(VERBS).parse_args(argv))
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else REFUSED
    verb: Verb = given["verb"]
    as_json = given.get("json", False)
    try:
        reply = _run(verb, given, quiet=as_json)
    except (UserError, MachineError) as refused:
        print(_in_one_line(refused, verb), file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return STOPPED
    try:
        _print(reply, as_json=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the answer has enough of it, as `head` does; the work itself is done.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if reply.refused:
        print(reply.refused, file=sys.stderr)
        return REFUSED
    return 0


def _run(verb: Verb, given: dict[str, object], *, quiet: bool) -> Reply:
    values = read_values(verb, given)
    data_dir = given.get("data_dir")
    folder = (
        DATA_DIR.value_of(str(data_dir)) if data_dir is not None else folders.default_data_dir()
    )
    say = _silent if quiet else _said_at_once
    if not verb.opens:
        return verb.act(Call(values, folder, say))
    keys = bootstrap.unlock(folder, passphrase=ask_passphrase())
    practice = bootstrap.open_practice(folder, keys)
    try:
        return verb.act(Call(values, folder, say, practice))
    finally:
        practice.close()


def _in_one_line(refused: UserError | MachineError, verb: Verb) -> str:
    option = verb.option_of(refused.field) if isinstance(refused, UserError) else None
    named = f"{option}: " if option and "--" not in refused.sentence else ""
    return " ".join(f"{named}{refused.sentence}".split())


def _said_at_once(line: str) -> None:
    print(line, flush=True)


def _silent(_line: str) -> None:
    """With ``--json`` the answer is the only output."""


def _print(reply: Reply, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(reply.data, ensure_ascii=False, indent=2))
        return
    for line in reply.lines:
        print(line)
