"""The one table of verbs: parser, help and schema are made from it."""

from __future__ import annotations

import json

from app.cli import (
    catalogue,
    clinical,
    computers,
    imports,
    money,
    people,
    sessions,
    setup,
    superbills,
    syncing,
)
from app.cli.verbs import Call, Reply, Verb, schema


def _schema(_call: Call) -> Reply:
    described = schema(VERBS)
    return Reply(described, [json.dumps(described, ensure_ascii=False, indent=2)])


VERBS: tuple[Verb, ...] = (
    *setup.VERBS,
    *imports.VERBS,
    *people.VERBS,
    *catalogue.VERBS,
    *sessions.VERBS,
    *clinical.VERBS,
    *money.VERBS,
    *superbills.VERBS,
    *syncing.VERBS,
    *computers.VERBS,
    Verb(
        "schema",
        "document every command and the keys of its answer",
        _schema,
        keys={
            "version": "of this document",
            "money": "how money is written",
            "times": "how times are written",
            "records": "how records are named",
            "exit_codes": "what the exit codes mean",
            "common": "options of every command",
            "commands": "the commands",
        },
        opens=False,
    ),
)
