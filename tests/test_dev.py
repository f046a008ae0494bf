"""`dev.py`, the one entrance to the project."""

from __future__ import annotations

from pathlib import Path

import pytest

import dev
from tests.architecture.sources import ROOT


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with a lock file and an environment that would be current."""
    lock, environment = tmp_path / "requirements-dev.lock", tmp_path / ".venv"
    lock.write_text("one==1 --hash=sha256:00\n", encoding="utf-8")
    interpreter = dev.python_of(environment)
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    monkeypatch.setattr(dev, "LOCK", lock)
    monkeypatch.setattr(dev, "ENVIRONMENT", environment)
    monkeypatch.setattr(dev, "STAMP", environment / "made-from")
    dev.STAMP.write_text(dev.wanted_stamp(), encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("project")
class TestEnvironment:
    """When the environment is made anew."""

    def test_a_whole_one_is_kept(self) -> None:
        assert dev.environment_is_current()

    def test_one_that_was_interrupted_has_no_stamp(self) -> None:
        dev.STAMP.unlink()
        assert not dev.environment_is_current()

    def test_another_lock_file_makes_another(self) -> None:
        dev.LOCK.write_text("one==2 --hash=sha256:00\n", encoding="utf-8")
        assert not dev.environment_is_current()

    def test_one_without_its_python_is_made_anew(self) -> None:
        dev.python_of(dev.ENVIRONMENT).unlink()
        assert not dev.environment_is_current()


def test_a_missing_library_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "SYSTEM_LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    assert dev.missing_system_packages() == ["libnowhere9"]


def test_without_root_the_one_command_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "SYSTEM_LIBRARIES", {"libnowhere.so.9": "libnowhere9"})
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    with pytest.raises(dev.CannotSetUp, match=r"sudo apt-get .* libnowhere9"):
        dev.provide_system_libraries()


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["dance"]) == 2
    assert "no command 'dance'" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    words = capsys.readouterr().out
    assert all(f"  {name} " in words for name in dev.COMMANDS)


def test_what_runs_on_every_submission_is_the_readme_s_test_command() -> None:
    command = "python3 dev.py test"
    assert f"\n    {command}\n" in (ROOT / "README.md").read_text(encoding="utf-8")
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == f"exec {command}"
