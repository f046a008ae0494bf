"""The command line as a program of its own, and what it says of itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.secrets import PASSPHRASE as VARIABLE
from app.cli.secrets import RECOVERY_KEY
from app.cli.table import VERBS
from app.cli.verbs import schema
from tests.cli.conftest import Run
from tests.support.practice import PASSPHRASE

ROOT = Path(__file__).parents[2]

#: Every command of the issue, section 4.
PROMISED = """
init; set; import clients; import list; import continue; import undo; client add; client show;
client list; client destroy; case add; case list; service add; service list; location add;
location list; appointment add; appointment confirm; appointment complete; appointment miss;
appointment cancel;
appointment list; note add; note sign; note amend; diagnosis add; charge list; payment record;
payment reverse; payment list; invoice create; invoice list; invoice void; superbill check;
superbill issue; superbill supersede; superbill list; backup; restore; export clients; verify;
audit show; audit verify; demo; schema; join; sync; sync status; sync connect; sync code;
sync sign-in; sync disconnect; sync check; sync accept-deletes; sync computers; sync take-off
"""


def test_every_promised_command_is_there() -> None:
    promised = {words.strip() for words in PROMISED.replace("\n", " ").split(";")}

    assert {verb.words for verb in VERBS} == promised


def test_every_command_documents_its_keys() -> None:
    described = schema(VERBS)

    assert all(command["keys"] for command in described["commands"])
    assert all(argument["help"] for c in described["commands"] for argument in c["arguments"])


def _program(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


def test_from_nothing_to_a_restored_backup(tmp_path: Path) -> None:
    state = {"PRACTICERUNNER_STATE_DIR": str(tmp_path / "state"), VARIABLE: PASSPHRASE}
    made = _program(
        "init",
        "--json",
        "--data-dir",
        tmp_path / "one",
        "--name",
        "Alder",
        "--owner",
        "Dana Whitfield, LCSW",
        "--npi",
        "1234567893",
        "--ein",
        "12-3456789",
        "--license",
        "84117 OR",
        "--address",
        "214 Alder St, Portland, OR 97201",
        "--phone",
        "5035550148",
        "--zone",
        "America/Los_Angeles",
        **state,
    )
    assert made.returncode == 0, made.stderr
    key = json.loads(made.stdout)["recovery_key"]
    assert (
        _program(
            "client", "add", "--name", "Ana Abara", "--data-dir", tmp_path / "one", **state
        ).returncode
        == 0
    )
    kept = _program(
        "backup", "--to", tmp_path / "kept", "--data-dir", tmp_path / "one", "--json", **state
    )
    file = json.loads(kept.stdout)["file"]

    restored = _program(
        "restore",
        file,
        "--data-dir",
        tmp_path / "two",
        **{**state, VARIABLE: "", RECOVERY_KEY: key},
    )

    assert restored.returncode == 0, restored.stderr
    listed = _program("client", "list", "--data-dir", tmp_path / "two", **state)
    assert "Ana Abara" in listed.stdout


def test_an_import_whose_id_was_said_can_be_continued(practice_folder: Path, anywhere: Run) -> None:
    files = ROOT / "tests" / "data" / "many-clients.csv"
    at = ("--data-dir", practice_folder)
    program = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *map(str, at), "import", "clients", str(files)],
        cwd=ROOT,
        env={**os.environ, VARIABLE: PASSPHRASE},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    said = program.stdout.readline().split()
    program.kill()
    program.communicate(timeout=60)

    assert said[0] == "Import"
    before = len(anywhere(*at, "client", "list", "--json").data["clients"])
    assert before < 400, "the kill came in the middle"
    assert anywhere(*at, "import", "clients", files).err.startswith("Another import is unfinished")
    assert anywhere(*at, "import", "continue", said[1]).code == 0
    assert len(anywhere(*at, "client", "list", "--json").data["clients"]) == 400
    assert anywhere(*at, "import", "undo", said[1]).code == 0
    assert anywhere(*at, "client", "list", "--json").data["clients"] == []
    assert anywhere(*at, "verify").code == 0


def test_init_needs_only_two_things_and_makes_nothing_twice(
    anywhere: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    words = ("--data-dir", tmp_path / "new", "init", "--name", "Alder", "--owner", "Dana Whitfield")

    assert anywhere(*words).code == 0
    again = anywhere(*words)
    assert again.code == 1
    assert again.err.count("\n") == 1
    assert "Office" in anywhere("location", "list", "--data-dir", tmp_path / "new").out


def test_a_bad_init_leaves_nothing(
    anywhere: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "new"
    answer = anywhere(
        "init", "--data-dir", folder, "--name", "Alder", "--owner", "Dana", "--npi", "1234567890"
    )

    assert answer.code == 1
    assert anywhere("--data-dir", folder, "client", "list").code == 1
    assert anywhere("init", "--data-dir", folder, "--name", "Alder", "--owner", "Dana").code == 0


def test_a_reader_that_leaves_early_is_no_error(practice_folder: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "schema"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    program.stdout.close()
    _, err = program.communicate(timeout=60)

    assert (program.returncode, err) == (0, b"")
