"""What a verb of the command line is: its words, its arguments, what it does, what it answers."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.open_practice import OpenPractice


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument: an option (``--fee``) or, without dashes, a place in the line (``FILE``).

    ``read`` turns its text into a value and raises ``UserError`` with the sentence; ``many`` is
    an option given several times, or as many places as there are. ``fields`` are the core's names
    for what it fills, so that a refusal names the option.
    """

    name: str
    help: str
    read: Callable[[str], Any] = str
    required: bool = False
    many: bool = False
    switch: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def is_option(self) -> bool:
        """Whether it is named by dashes."""
        return self.name.startswith("--")

    @property
    def key(self) -> str:
        """The name under which its value is found."""
        return self.name.lstrip("-").replace("-", "_").lower()

    def value_of(self, text: str) -> Any:
        """Return the value of ``text``; a refusal names the option."""
        try:
            return self.read(text)
        except (UserError, MachineError) as refused:
            if self.is_option:
                refused.sentence = f"{self.name}: {refused.sentence}"
            raise


@dataclass(frozen=True, slots=True)
class Reply:
    """What a verb answers: an object for ``--json`` and lines for people.

    ``refused`` is the sentence on stderr with which the program ends with 1 although it answers:
    a check that found something, a month of which a part was refused.
    """

    data: Mapping[str, Any]
    lines: Sequence[str] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A verb as called: the values of its arguments, and where the practice lies."""

    values: Mapping[str, Any]
    data_dir: Path
    say: Callable[[str], None]
    """Prints a line at once, before the answer; nothing with ``--json``."""
    practice: OpenPractice | None = None

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def opened(self) -> OpenPractice:
        """The open practice of a verb that ``opens`` one."""
        if self.practice is None:
            raise RuntimeError("this verb opens no practice")
        return self.practice

    @property
    def desk(self) -> Desk:
        """Where the practice is read and written."""
        return self.opened.desk


@dataclass(frozen=True, slots=True)
class Verb:
    """One command of the command line.

    ``keys`` documents every key of the answer; of a list, ``clients[].name`` those of its items.
    """

    words: str
    help: str
    act: Callable[[Call], Reply]
    arguments: tuple[Argument, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    opens: bool = True

    def option_of(self, name: str | None) -> str | None:
        """Return the option that fills the core's field ``name``, if one does."""
        return next(
            (
                argument.name
                for argument in self.arguments
                if argument.is_option and name in (argument.key, *argument.fields)
            ),
            None,
        )


def read_path(text: str) -> Path:
    """Read a path; an empty one, as a script's unset variable leaves it, is none."""
    if not text.strip():
        raise UserError("Name a file or folder; nothing is written here.")
    return Path(text)


DATA_DIR = Argument(
    "--data-dir", "the folder of the practice; the usual place otherwise", read=read_path
)
COMMON = (
    DATA_DIR,
    Argument("--json", "print one object", switch=True),
)


def build_parser(verbs: Sequence[Verb]) -> argparse.ArgumentParser:
    """Return the parser of ``verbs``; common options stand before or after the verb."""
    common = argparse.ArgumentParser(add_help=False)
    for argument in COMMON:
        _add(common, argument, default=argparse.SUPPRESS)
    parser = argparse.ArgumentParser(
        prog="practicerunner-cli",
        description="Your practice without a window. COMMAND --help says what each one takes.",
        parents=[common],
        allow_abbrev=False,
    )
    tops = parser.add_subparsers(metavar="COMMAND", required=True)
    groups: dict[str, Any] = {}
    for verb in verbs:
        *above, last = verb.words.split()
        home = tops
        if above:
            if above[0] not in groups:
                inside = [
                    each.words.split()[1] for each in verbs if each.words.split()[:-1] == above
                ]
                group = tops.add_parser(above[0], help=", ".join(inside), allow_abbrev=False)
                groups[above[0]] = group.add_subparsers(metavar="COMMAND", required=True)
            home = groups[above[0]]
        leaf = home.add_parser(
            last, help=verb.help, description=verb.help, parents=[common], allow_abbrev=False
        )
        leaf.set_defaults(verb=verb)
        if any(other.words.startswith(f"{verb.words} ") for other in verbs):
            # A verb that is also the first word of others stands before them in the table.
            groups[last] = leaf.add_subparsers(metavar="COMMAND")
        for argument in verb.arguments:
            _add(leaf, argument)
    return parser


def _add(parser: argparse.ArgumentParser, argument: Argument, default: Any = None) -> None:
    options: dict[str, Any] = {"help": argument.help, "default": default}
    if argument.is_option:
        options["dest"] = argument.key
        options["required"] = argument.required
    if argument.switch:
        parser.add_argument(argument.name, action="store_true", **options)
        return
    if argument.choices:
        options["choices"] = argument.choices
        options["type"] = functools.partial(_among, argument.choices)
    if argument.is_option:
        options["metavar"] = argument.key.upper()
        options["action"] = "append" if argument.many else "store"
        parser.add_argument(argument.name, **options)
        return
    options["metavar"] = argument.name
    if argument.many:
        options["nargs"] = "+"
    elif not argument.required:
        options["nargs"] = "?"
    del options["default"]
    parser.add_argument(argument.key, **options)


def _among(choices: Sequence[str], text: str) -> str:
    """Return the choice that ``text`` is, however its case and hyphens are typed."""
    plain = [choice.lower().replace("-", "_") for choice in choices]
    typed = text.strip().lower().replace("-", "_")
    return choices[plain.index(typed)] if typed in plain else text


def read_values(verb: Verb, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of ``verb``'s arguments; raises ``UserError`` for one that is none."""
    values: dict[str, Any] = {}
    for argument in verb.arguments:
        text = given.get(argument.key)
        if argument.switch:
            values[argument.key] = bool(text)
        elif text is None:
            values[argument.key] = [] if argument.many else argument.default
        elif argument.many:
            values[argument.key] = [argument.value_of(each) for each in text]
        else:
            values[argument.key] = argument.value_of(text)
    return values


def schema(verbs: Sequence[Verb]) -> dict[str, Any]:
    """Return the documented commands: arguments, and the keys that each answers with."""
    return {
        "version": 1,
        "money": "integer cents of US dollars",
        "times": "local ISO 8601 with the offset of the practice's zone",
        "records": "by id or by exact unique name",
        "exit_codes": {"0": "done", "1": "refused, one sentence on stderr", "2": "usage"},
        "common": [_described(argument) for argument in COMMON],
        "commands": [
            {
                "command": verb.words,
                "help": verb.help,
                "arguments": [_described(argument) for argument in verb.arguments],
                "keys": dict(verb.keys),
            }
            for verb in verbs
        ],
    }


def _described(argument: Argument) -> dict[str, Any]:
    return {
        "name": argument.name,
        "help": argument.help,
        "required": argument.required,
        "many": argument.many,
        "choices": list(argument.choices),
    }
