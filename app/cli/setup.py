"""The practice itself: making it, its settings, backup, restore, verify, audit, the demo."""

from __future__ import annotations

from uuid import UUID

from app import bootstrap
from app.cli import naming
from app.cli.secrets import ask_passphrase, choose_passphrase, recovery_key
from app.cli.shown import columns, local, read_address, read_count
from app.cli.verbs import Argument, Call, Reply, Verb, read_path
from app.core.demo.sizes import SIZES
from app.core.kernel.errors import UserError
from app.core.kernel.phrases import plural
from app.core.kernel.text import read_full_name
from app.core.practice.rules.identifiers import tax_id_kind
from app.core.practice.rules.organization import DEFAULT_ZONE, PracticeFields
from app.core.practice.rules.places import Address
from app.core.practice.rules.settings import SETTINGS
from app.core.store import audit
from app.core.team import commands as team
from app.core.team import queries as members
from app.core.team.commands import NewPractice
from app.core.team.rules import MemberFields, read_license
from app.demonstration import make_demo


def _init(call: Call) -> Reply:
    name, *credentials = [part.strip() for part in call["owner"].split(",", 1)]
    owner = read_full_name(name).name
    address: Address = call["address"] or Address()
    new = NewPractice(
        PracticeFields(
            name=call["name"],
            zone=call["zone"],
            phone=call["phone"],
            address1=address.line1,
            address2=address.line2,
            city=address.city,
            state=address.state,
            zip=address.zip,
            tax_id=call["ein"],
            tax_id_kind=tax_id_kind(call["ein"]),
        ),
        MemberFields(
            given=" ".join(part for part in (owner.given, owner.middle) if part),
            family=owner.family,
            credentials=credentials[0] if credentials else "",
            npi=call["npi"],
        ),
        license=call["license"],
    )
    prepared = bootstrap.prepare_keys(choose_passphrase())
    bootstrap.create_practice(call.data_dir, prepared, new).close()
    return Reply(
        {"data_dir": str(call.data_dir), "recovery_key": prepared.recovery_key},
        [
            f"The practice {call['name']} is made in {call.data_dir}.",
            "Write the recovery key down; it is shown only now:",
            prepared.recovery_key,
        ],
    )


def _set(call: Call) -> Reply:
    call.desk.do(team.change_setting, call["key"], call["value"])
    found = call.desk.ask(members.setting_values)
    key, value = next(
        (spec.key, value)
        for spec, value in found
        if call["key"] == spec.key or call["key"] in spec.aliases
    )
    return Reply({"key": key, "value": value}, [f"{key} is {value}."])


def _backup(call: Call) -> Reply:
    made = call.opened.backup(call["to"] or call.data_dir / "backups")
    return Reply(
        {"file": str(made.path), "at": local(made.at, call.desk.zone), "bytes": made.size},
        [f"The backup is checked and lies in {made.path}."],
    )


def _restore(call: Call) -> Reply:
    key = recovery_key()
    passphrase = None if key else ask_passphrase()
    keys = bootstrap.restore(call["file"], call.data_dir, passphrase=passphrase, recovery_key=key)
    bootstrap.open_practice(call.data_dir, keys).close()
    return Reply(
        {"data_dir": str(call.data_dir)},
        [f"The backup is restored to {call.data_dir}. Its papers are numbered in a new series."],
    )


def _demo(call: Call) -> Reply:
    size = SIZES[call["size"]]
    said = 0

    def heard(done: int, days: int) -> None:
        nonlocal said
        if done * 10 // days > said:
            said = done * 10 // days
            call.say(f"{said * 10} %")

    prepared = bootstrap.prepare_keys(choose_passphrase())
    make_demo(call["out"], prepared, size, seed=call["seed"], heard=heard)
    return Reply(
        {
            "data_dir": str(call["out"]),
            "size": size.name,
            "recovery_key": prepared.recovery_key,
        },
        [f"The demo practice is made; open it with --data-dir {call['out']}."],
    )


def _verify(call: Call) -> Reply:
    findings = call.opened.verify()
    lines = [f"{each.what}: {'; '.join(each.problems) or 'right'}" for each in findings]
    broken = [each.what for each in findings if each.problems]
    return Reply(
        {
            "ok": not broken,
            "checks": [{"what": f.what, "problems": list(f.problems)} for f in findings],
        },
        lines,
        refused=f"This does not hold: {', '.join(broken)}." if broken else "",
    )


def _audit_show(call: Call) -> Reply:
    subject: UUID | None = naming.client(call.desk, call["client"]) if call["client"] else None
    entries = call.desk.ask(audit.entries, subject_id=subject, limit=call["limit"])
    who = {each.id: each.name for each in call.desk.ask(members.members)}
    zone = call.desk.zone
    return Reply(
        {
            "entries": [
                {
                    "number": each.seq,
                    "at": local(each.at, zone),
                    "member": who.get(each.member_id) if each.member_id else None,
                    "act": each.act,
                    "label": each.label,
                    "records": [
                        {"kind": kind, "id": str(UUID(hex=row)), "fields": list(fields)}
                        for kind, row, fields in each.records
                    ],
                }
                for each in entries
            ]
        },
        columns(
            [
                (
                    str(each.seq),
                    local(each.at, zone),
                    each.label,
                    plural(len(each.records), "record"),
                )
                for each in entries
            ]
        ),
    )


def _audit_verify(call: Call) -> Reply:
    broken = call.desk.ask(
        lambda session, scope: tuple(audit.broken_links(session, scope.practice_id))
    )
    lines = list(broken) or ["The audit chain is whole."]
    return Reply(
        {"ok": not broken, "problems": list(broken)},
        lines,
        refused="The audit chain is not whole." if broken else "",
    )


def _read_key(text: str) -> str:
    known = {name for spec in SETTINGS for name in (spec.key, *spec.aliases)}
    if text not in known:
        names = ", ".join(spec.key for spec in SETTINGS)
        raise UserError(f"There is no setting {text}; there are {names}.", field="key")
    return text


VERBS = (
    Verb(
        "init",
        "make a practice; prints the recovery key once",
        _init,
        (
            Argument("--name", "the practice's name", required=True),
            Argument(
                "--owner",
                'the owner, like "Dana Whitfield, LCSW"',
                required=True,
                fields=("given", "family", "credentials"),
            ),
            Argument("--npi", "the owner's NPI", default=""),
            Argument("--ein", "the practice's tax ID", default="", fields=("tax_id",)),
            Argument(
                "--license",
                '"NUMBER STATE", with its kind before it',
                read=read_license,
                fields=("license_kind", "license_number", "license_state"),
            ),
            Argument(
                "--address",
                "street, city, state and ZIP",
                read=read_address,
                fields=("address1", "address2", "city", "state", "zip"),
            ),
            Argument("--phone", "the practice's phone", default=""),
            Argument("--zone", "like America/Los_Angeles", default=DEFAULT_ZONE),
        ),
        {"data_dir": "where it lies", "recovery_key": "the recovery key, shown only now"},
        opens=False,
    ),
    Verb(
        "set",
        "change a setting",
        _set,
        (
            Argument("KEY", "the setting", read=_read_key, required=True),
            Argument("VALUE", "its new value", required=True),
        ),
        {"key": "the setting", "value": "what it is now"},
    ),
    Verb(
        "backup",
        "write a checked, encrypted backup",
        _backup,
        (Argument("--to", "the folder; otherwise one beside the practice", read=read_path),),
        {"file": "the backup", "at": "the moment it stands for", "bytes": "its size"},
    ),
    Verb(
        "restore",
        "put a backup in the place of the practice; what lay there is kept beside it",
        _restore,
        (Argument("FILE", "the backup", read=read_path, required=True),),
        {"data_dir": "where it lies"},
        opens=False,
    ),
    Verb(
        "demo",
        "make a fictional practice",
        _demo,
        (
            Argument("--out", "the folder to make it in", read=read_path, required=True),
            Argument("--size", "how large", default="demo", choices=tuple(SIZES)),
            Argument("--seed", "another number makes other people", read=read_count, default=1),
        ),
        {
            "data_dir": "where it lies",
            "size": "how large it is",
            "recovery_key": "its recovery key, shown only now",
        },
        opens=False,
    ),
    Verb(
        "verify",
        "check file, links, audit chain, ledger sums and search index",
        _verify,
        keys={
            "ok": "whether everything holds",
            "checks[].what": "what was checked",
            "checks[].problems": "what is wrong, in sentences",
        },
    ),
    Verb(
        "audit show",
        "show who did what, the latest first",
        _audit_show,
        (
            Argument("--client", "only about this client"),
            Argument("--limit", "at most so many entries", read=read_count, default=200),
        ),
        {
            "entries[].number": "place in the chain",
            "entries[].at": "when",
            "entries[].member": "who, null for the program itself",
            "entries[].act": "what was done, as a stable word",
            "entries[].label": "the same in words",
            "entries[].records[].kind": "the kind of a record touched",
            "entries[].records[].id": "that record",
            "entries[].records[].fields": "names of the fields that changed",
        },
    ),
    Verb(
        "audit verify",
        "check the audit chain",
        _audit_verify,
        keys={"ok": "whether it is whole", "problems": "where it is not, in sentences"},
    ),
)
