"""Import of client lists, and the list written out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from app.cli.naming import pick
from app.cli.shown import columns, local, read_target
from app.cli.verbs import Argument, Call, Reply, Verb, read_path
from app.core.exchange import running
from app.core.exchange.listing import export_clients
from app.core.exchange.plans import ImportPlan
from app.core.exchange.queries import history
from app.core.exchange.queries.history import ImportView
from app.core.exchange.rules import Progress, check_continue
from app.core.kernel.phrases import plural
from app.core.people.rules import Lifecycle

#: People between two lines of progress.
_EVERY = 500


def _import(call: Call) -> Reply:
    planned = running.plan(call.desk, running.read_files(call["file"]))
    if call["dry_run"]:
        lines = [*_summary(planned), "Nothing is kept: this was a dry run."]
        return Reply({"id": None, "dry_run": True, **_counts(planned)}, lines)
    run_id = running.begin(call.desk, planned)
    running.stage(call.desk, run_id, planned)
    # Said first, and only now: whoever has the id can continue the import, whatever happens.
    call.say(f"Import {run_id}")
    running.go_on(call.desk, run_id, _heard(call))
    return Reply(
        {"id": str(run_id), "dry_run": False, **_counts(planned)},
        [*_summary(planned), "The whole import can be undone for 30 days."],
    )


def _counts(planned: ImportPlan) -> dict[str, Any]:
    people = planned.by_lifecycle()
    return {
        "source": planned.source,
        "files": list(planned.files),
        "rows": planned.rows,
        "blank_rows": planned.blank_rows,
        "people": len(planned.newcomers),
        "couples": planned.couples,
        "cases": len(planned.arrivals),
        "by_status": {str(status): people[status] for status in Lifecycle},
        "over_plan": [
            [planned.people[place].person.client.name.display for place in arrival.people]
            for arrival in planned.over_plan
        ],
        "problems": [
            {
                "file": planned.files[problem.row.file],
                "row": problem.row.number,
                "kind": problem.trouble.name,
                "sentence": planned.sentence(problem),
            }
            for problem in planned.problems
        ],
        "notices": list(planned.notices),
    }


def _summary(planned: ImportPlan) -> list[str]:
    statuses = planned.by_lifecycle()
    read = ", ".join(
        (
            plural(planned.rows, "row"),
            plural(len(planned.newcomers), "new person", "new people"),
            plural(planned.couples, "couple"),
        )
    )
    lines = [
        f"{planned.source}: {read}.",
        ", ".join(f"{statuses[each]} {each}" for each in Lifecycle if statuses[each]),
    ]
    if planned.over_plan:
        lines.append(
            f"{plural(len(planned.over_plan), 'row is', 'rows are')} over your plan and will be "
            "inactive; choose who is active."
        )
    lines += planned.notices
    lines += [planned.sentence(problem) for problem in planned.problems]
    return [line for line in lines if line]


def _heard(call: Call) -> Callable[[Progress], bool]:
    said = 0

    def heard(progress: Progress) -> bool:
        nonlocal said
        if progress.done - said >= _EVERY:
            said = progress.done
            call.say(f"{progress.done:,} of {progress.total:,}")
        return True

    return heard


def _list(call: Call) -> Reply:
    rows = call.desk.ask(history.imports)
    return Reply(
        {"imports": [_view(call, row) for row in rows]},
        columns(
            [
                (
                    str(row.id),
                    local(row.started_at, call.desk.zone),
                    row.source,
                    plural(row.progress.total, "person", "people"),
                    row.state.label,
                )
                for row in rows
            ]
        ),
    )


def _view(call: Call, row: ImportView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "source": row.source,
        "files": list(row.files),
        "state": str(row.state),
        "started_at": local(row.started_at, call.desk.zone),
        "people": row.progress.total,
        "kept": [{"id": k.client_id, "name": k.name, "reason": k.reason} for k in row.kept],
    }


def _run(call: Call) -> UUID:
    runs = call.desk.ask(history.imports)
    return pick("import", call["id"], [(row.id, str(row.id)) for row in runs])


def _continue(call: Call) -> Reply:
    run_id = _run(call)
    check_continue(call.desk.ask(history.import_run, run_id).state)
    running.go_on(call.desk, run_id, _heard(call))
    view = call.desk.ask(history.import_run, run_id)
    return Reply(
        _view(call, view), [f"{plural(view.progress.total, 'person is', 'people are')} imported."]
    )


def _undo(call: Call) -> Reply:
    run_id = _run(call)
    running.take_back(call.desk, run_id, _heard(call))
    view = call.desk.ask(history.import_run, run_id)
    lines = ["The import is undone."]
    lines += [f"{kept.name} stays: {kept.reason}." for kept in view.kept]
    return Reply(_view(call, view), lines)


def _export(call: Call) -> Reply:
    count = export_clients(call.desk, call["out"])
    return Reply(
        {"file": str(call["out"]), "clients": count},
        [f"{plural(count, 'client is', 'clients are')} written."],
    )


_VIEW_KEYS = {
    "id": "the import",
    "source": "the system that the files came from",
    "files": "names of the files",
    "state": "STAGING, RUNNING, DONE, UNDOING or UNDONE",
    "started_at": "when it began",
    "people": "new people in it",
    "kept[].id": "a client whom undoing left in place",
    "kept[].name": "that client's name",
    "kept[].reason": "why",
}

VERBS = (
    Verb(
        "import clients",
        "import client lists of SimplePractice or PracticeRunner; files given together are joined",
        _import,
        (
            Argument("FILE", "CSV files", read=read_path, many=True, required=True),
            Argument("--dry-run", "say what would arrive and keep nothing", switch=True),
        ),
        {
            "id": "the import, null in a dry run",
            "dry_run": "whether nothing was kept",
            "source": "the system that the files came from",
            "files": "names of the files",
            "rows": "rows that were read, each new person or couple once",
            "blank_rows": "rows with nothing in them",
            "people": "new people",
            "couples": "couple cases",
            "cases": "all cases",
            "by_status": "new people in each lifecycle status",
            "over_plan": "names, row by row, of who is active in the file and arrives inactive",
            "problems[].file": "the file",
            "problems[].row": "the row in it, counted from 1 below the headings",
            "problems[].kind": "what is wrong, as a stable word",
            "problems[].sentence": "the same in words",
            "notices": "how the files were read",
        },
    ),
    Verb(
        "import list",
        "list the imports, the latest first",
        _list,
        keys={f"imports[].{key}": words for key, words in _VIEW_KEYS.items()},
    ),
    Verb(
        "import continue",
        "go on with an import that was interrupted",
        _continue,
        (Argument("ID", "the import", required=True),),
        _VIEW_KEYS,
    ),
    Verb(
        "import undo",
        "undo a whole import; who has a session, a note or money stays",
        _undo,
        (Argument("ID", "the import", required=True),),
        _VIEW_KEYS,
    ),
    Verb(
        "export clients",
        "write all clients to a CSV that the importer reads back",
        _export,
        (Argument("--out", "the file to write", read=read_target, default=Path("clients.csv")),),
        {"file": "the file written", "clients": "how many clients are in it"},
    ),
)
