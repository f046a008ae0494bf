"""An archived client's record is destroyed by the command line: said first, done with --yes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from app import bootstrap
from app.core.cases.commands import close_case
from app.core.people.commands import archive_client
from tests.cli.conftest import Run
from tests.support.practice import StoredPractice


def test_it_says_what_would_go_and_destroys_with_yes(
    run: Run, ask: Callable[..., Any], practice_folder: Path, stored_practice: StoredPractice
) -> None:
    client = ask("client", "add", "--name", "Ana Abara", "--email", "ana@example.com")["id"]
    refused = run("client", "destroy", "Ana Abara", "--yes")
    assert (refused.code, refused.err) == (
        1,
        "Ana Abara is not archived: archive the record first.\n",
    )
    case = ask("case", "add", "--kind", "individual", "--member", client)["id"]
    opened = bootstrap.open_practice(practice_folder, stored_practice.keys())
    opened.desk.do(close_case, UUID(case))
    opened.desk.do(archive_client, UUID(client))
    opened.close()

    counts = [{"kind": "client", "number": 1}, {"kind": "case", "number": 1}]
    planned = ask("client", "destroy", "Ana Abara")
    assert planned == {"destroyed": False, "last_session": None, "counts": counts}
    assert "would destroy 1 client, 1 case" in run("client", "destroy", "Ana Abara").out
    assert ask("client", "list")["clients"][0]["id"] == client

    assert ask("client", "destroy", "Ana Abara", "--yes")["destroyed"]
    assert ask("client", "list")["clients"] == []
    assert ask("verify")["ok"]
    assert ask("audit", "show")["entries"][0]["label"] == "Destroy records"
    again = run("client", "destroy", "Ana Abara", "--yes")
    assert "There is no client Ana Abara" in again.err
