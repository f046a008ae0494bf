"""The command line run in this process, on a practice of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.cli.secrets import PASSPHRASE as VARIABLE
from app.cli.table import VERBS
from tests.support.practice import PASSPHRASE


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command line left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The object printed with ``--json``."""
        return json.loads(self.out)


Run = Callable[..., Answer]


@pytest.fixture
def anywhere(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line as it stands."""
    monkeypatch.setenv(VARIABLE, PASSPHRASE)

    def run(*words: object) -> Answer:
        code = main([str(word) for word in words])
        out, err = capfd.readouterr()
        return Answer(code, out, err)

    return run


@pytest.fixture
def run(anywhere: Run, practice_folder: Path) -> Run:
    """Run a command line on a practice right after set-up."""
    return lambda *words: anywhere("--data-dir", practice_folder, *words)


@pytest.fixture
def ask(run: Run) -> Callable[..., Any]:
    """Run a command that must succeed, with ``--json``; return its object, its keys checked."""

    def answered(*words: object) -> Any:
        answer = run(*words, "--json")
        assert answer.code == 0, answer.err
        assert answer.err == ""
        undocumented = set(_keys(answer.data)) - _documented(words)
        assert not undocumented, f"{words[:2]}: {undocumented}"
        return answer.data

    return answered


def _documented(words: tuple[object, ...]) -> set[str]:
    said = " ".join(str(word) for word in words)
    verb = max((v for v in VERBS if said.startswith(v.words)), key=lambda v: len(v.words))
    return set(verb.keys)


def _keys(data: Any, prefix: str = "") -> list[str]:
    """Return the paths of all values in an answer, as the schema writes them."""
    found: list[str] = []
    for key, value in data.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                found += _keys(item, f"{prefix}{key}[].")
        elif not isinstance(value, list) or value:
            found.append(f"{prefix}{key}")
    return found
