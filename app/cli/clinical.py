"""Notes and diagnoses."""

from __future__ import annotations

from uuid import UUID

from app.cli import naming
from app.cli.shown import day, local, read_day, read_id, today_of
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.clinical.commands import diagnoses as diagnosis_commands
from app.core.clinical.commands import notes as note_commands
from app.core.clinical.commands.notes import NewNote
from app.core.clinical.queries import notes as note_queries
from app.core.clinical.queries.diagnoses import diagnoses_of_client
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import SECTIONS, NoteFormat, section_keys
from app.core.journeys.notes import write_note
from app.core.kernel.errors import UserError


def _add_note(call: Call) -> Reply:
    about: UUID | NewNote
    if bool(call["appointment"]) == bool(call["case"]):
        raise UserError("Name either --appointment or --case.", field="appointment")
    texts = {section.key: call[section.key] for section in SECTIONS if call[section.key]}
    format_ = _format(call, tuple(texts))
    if call["appointment"]:
        about = call["appointment"]
    else:
        held_on = call["date"] or today_of(call.desk)
        about = NewNote(naming.case(call.desk, call["case"]), held_on, format=format_)
    kept = call.desk.do(write_note, about, format_, texts).value
    if call["sign"]:
        return _signed(call, kept.note_id, kept.hash)
    return Reply(
        {"id": str(kept.note_id), "status": "DRAFT", "hash": kept.hash},
        [f"The draft {kept.note_id} is kept."],
    )


def _format(call: Call, keys: tuple[str, ...]) -> NoteFormat:
    if call["format"]:
        return NoteFormat(call["format"].upper())
    fitting = (each for each in NoteFormat if set(keys) <= set(section_keys(each)))
    found = next(fitting, None)
    if found is None:
        raise UserError("These sections belong to no one format; say --format.", field="format")
    return found


def _sign(call: Call) -> Reply:
    return _signed(call, call["id"], call.desk.ask(note_queries.note, call["id"]).hash)


def _signed(call: Call, note_id: UUID, seen: str) -> Reply:
    done = call.desk.do(note_commands.sign_note, note_id, seen).value
    return Reply(
        {"id": str(note_id), "status": "SIGNED", "hash": done.hash},
        [f"Signed by {done.signed_name} and locked."],
    )


def _amend(call: Call) -> Reply:
    amendment_id = call.desk.do(note_commands.amend_note, call["id"], call["text"]).value
    note = call.desk.ask(note_queries.note, call["id"])
    written = next(each for each in note.amendments if each.id == amendment_id)
    return Reply(
        {
            "id": str(amendment_id),
            "note_id": str(note.id),
            "written_at": local(written.written_at, call.desk.zone),
        },
        ["The amendment stands below the note."],
    )


def _add_diagnosis(call: Call) -> Reply:
    client_id = naming.client(call.desk, call["client"])
    new = NewDiagnosis(
        client_id=client_id,
        code=call["code"],
        valid_from=call["from"],
        valid_to=call["to"],
        case_id=naming.case(call.desk, call["case"]) if call["case"] else None,
        description=call["description"],
    )
    diagnosis_id = call.desk.do(diagnosis_commands.add_diagnosis, new).value
    found = call.desk.ask(diagnoses_of_client, client_id)
    row = next(each for each in found if each.id == diagnosis_id)
    return Reply(
        {
            "id": str(row.id),
            "code": row.code,
            "description": row.description,
            "from": day(row.valid_from),
            "to": day(row.valid_to),
            "release": row.table_release,
        },
        [f"{row.code} {row.description}, from {day(row.valid_from)}."],
    )


_NOTE = Argument("ID", "the note", read=read_id, required=True)
_NOTE_KEYS = {
    "id": "the note",
    "status": "DRAFT or SIGNED",
    "hash": "SHA-256 of exactly this text",
}

VERBS = (
    Verb(
        "note add",
        "write a note; without --sign it is a draft",
        _add_note,
        (
            Argument("--appointment", "the session that it is about", read=read_id),
            Argument("--case", "the case, for a note without a session"),
            Argument("--date", "the day it is about, without a session", read=read_day),
            Argument(
                "--format",
                "otherwise the one that has the sections given",
                choices=tuple(each.lower() for each in NoteFormat),
            ),
            *(Argument(f"--{section.key}", section.hint, default="") for section in SECTIONS),
            Argument("--sign", "sign and lock it; later changes are amendments", switch=True),
        ),
        _NOTE_KEYS,
    ),
    Verb("note sign", "sign and lock a draft", _sign, (_NOTE,), _NOTE_KEYS),
    Verb(
        "note amend",
        "add an amendment below a signed note",
        _amend,
        (_NOTE, Argument("--text", "the amendment", required=True)),
        {"id": "the amendment", "note_id": "the note", "written_at": "when it was written"},
    ),
    Verb(
        "diagnosis add",
        "add a dated diagnosis to a client",
        _add_diagnosis,
        (
            Argument("--client", "id or exact name", required=True),
            Argument("--code", "ICD-10-CM code, like F41.1", required=True),
            Argument(
                "--from",
                "first day on which it holds",
                read=read_day,
                required=True,
                fields=("valid_from",),
            ),
            Argument("--to", "last day on which it holds", read=read_day, fields=("valid_to",)),
            Argument("--case", "the case that it belongs to alone"),
            Argument("--description", "instead of the table's words", default=""),
        ),
        {
            "id": "the diagnosis",
            "code": "its code",
            "description": "its words",
            "from": "first day",
            "to": "last day or null",
            "release": "the release of the table that knows it",
        },
    ),
)
