"""The one entrance to the project: `python3 dev.py COMMAND`.

Needs Python 3.11 or newer and nothing else. It makes its own environment in `.venv` from the lock
file, and makes it anew whenever the lock file or the Python changes.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
LOCK = ROOT / "requirements-dev.lock"
STAMP = ENVIRONMENT / "made-from"
OLDEST_PYTHON = (3, 11)

# What Qt opens at its start on Linux, and the Debian package that brings it.
SYSTEM_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class CannotSetUp(Exception):
    """Something this machine lacks; the message says what the person can do about it."""


# --- the environment ----------------------------------------------------------------------------


def python_of(environment: Path) -> Path:
    """The interpreter inside a virtual environment, on any system."""
    if os.name == "nt":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def wanted_stamp() -> str:
    """What the environment must have been made from: the lock file and this Python."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{lock} {sys.implementation.name} {sys.version_info.major}.{sys.version_info.minor}"


def environment_is_current() -> bool:
    """Whether the environment is whole and from today's lock file; the stamp is written last."""
    try:
        stamp = STAMP.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stamp == wanted_stamp() and python_of(ENVIRONMENT).exists()


def make_environment() -> None:
    """Make the environment from nothing, with every package checked against its hash."""
    print("Setting up .venv from the lock file. This takes a minute or two, once.", flush=True)
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    venv.create(ENVIRONMENT, with_pip=True)
    install = [
        str(python_of(ENVIRONMENT)), "-m", "pip", "install", "-qq",
        "--disable-pip-version-check", "--no-input", "--require-hashes", "-r", str(LOCK),
    ]  # fmt: skip
    if subprocess.run(install, cwd=ROOT, check=False).returncode:
        raise CannotSetUp(
            "The packages could not be installed. Check the network connection, then try again."
        )
    STAMP.write_text(wanted_stamp(), encoding="utf-8")


def provide_postgresql() -> None:
    """Install PostgreSQL where we may (Debian, as root); who needs it says when it is missing."""
    there = any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")
    if not there:
        provide("PostgreSQL", "postgresql")


def provide_chromium() -> None:
    """Install Chromium, in which the account's pages are tested, where we may."""
    if not (shutil.which("chromium") or shutil.which("chromium-browser")):
        provide("Chromium", "chromium")


def provide(name: str, package: str) -> None:
    """Install a program from the system's packages where we may: Debian, as root."""
    if sys.platform != "linux" or not shutil.which("apt-get") or os.geteuid() != 0:
        return
    print(f"Installing {name} from the system's packages.", flush=True)
    install_system_packages([package])


def missing_system_packages() -> list[str]:
    """The Debian packages of the libraries that Qt needs and this Linux does not have."""
    return [package for library, package in SYSTEM_LIBRARIES.items() if not can_load(library)]


def can_load(library: str) -> bool:
    """Whether the system's loader finds a shared library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def provide_system_libraries() -> None:
    """Install what Qt needs where we may (Debian, as root); else say the one command that does."""
    if sys.platform != "linux":
        return
    missing = missing_system_packages()
    if not missing:
        return
    names = " ".join(missing)
    if shutil.which("apt-get") is None:
        print(f"Qt needs some system libraries. Debian names them: {names}", file=sys.stderr)
        return
    if os.geteuid() != 0:
        raise CannotSetUp(
            "Qt needs some system libraries. Install them with this command, then try again:\n"
            f"  sudo apt-get update && sudo apt-get install -y {names}"
        )
    print(f"Installing the system libraries that Qt needs: {names}", flush=True)
    install_system_packages(missing)


def install_system_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, as root."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *step], env=quiet, capture_output=True, check=False)
        if done.returncode:
            sys.stderr.buffer.write(done.stderr)
            raise CannotSetUp(f"apt-get could not install these packages: {' '.join(packages)}")


def set_up() -> None:
    """Everything a command needs before its work; a tenth of a second when nothing is missing."""
    provide_system_libraries()
    if not environment_is_current():
        make_environment()


# --- running things -----------------------------------------------------------------------------


def python(*arguments: str, **environment: str) -> int:
    """Run the environment's Python in the project's root and return its exit code."""
    process = subprocess.run(
        [str(python_of(ENVIRONMENT)), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
    )
    return process.returncode


def has_display() -> bool:
    """Whether a window can be shown here."""
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def off_screen() -> dict[str, str]:
    """What Qt must be told to draw where no display is."""
    return {} if has_display() else {"QT_QPA_PLATFORM": "offscreen"}


# --- the commands -------------------------------------------------------------------------------


def run(arguments: Sequence[str]) -> int:
    """Open the program."""
    if has_display():
        return python("-m", "app", *arguments)
    print("There is no display here. Doing the tour instead; its pictures go to out/tour.")
    return tour([])


# A test run starts many Pythons: what the first compiled is there for all that follow.
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}
# What must work where Qt is not installed; its tests run with Qt out of reach.
WITHOUT_QT = ("tests/core", "tests/cli")


def test(arguments: Sequence[str]) -> int:
    """Run all tests: the core with Qt out of reach, then everything else."""
    provide_postgresql()
    provide_chromium()
    if arguments:
        return python("-m", "pytest", *arguments, QT_QPA_PLATFORM="offscreen")
    # Whoever has done its share takes from who has not: the end does not wait for one long file.
    everything = ("-m", "pytest", "-n", "auto", "--dist", "worksteal")
    no_qt = ("-p", "no:pytest-qt", "-p", "tests.support.without_qt")
    core = python(*everything, *no_qt, *WITHOUT_QT, **COMPILED_ONCE)
    others = [f"--ignore={folder}" for folder in WITHOUT_QT]
    rest = python(*everything, *others, "tests", QT_QPA_PLATFORM="offscreen", **COMPILED_ONCE)
    return core or rest


CHECKS: dict[str, tuple[str, ...]] = {
    "format": ("-m", "ruff", "format", "--check", "."),
    "lint": ("-m", "ruff", "check", "."),
    "types": ("-m", "mypy"),
    "import contracts": ("-m", "pytest", "-q", "tests/architecture/test_import_contracts.py"),
    "budgets": ("-m", "pytest", "-q", "tests/architecture/test_budgets.py"),
}
SLOW_CHECKS: dict[str, tuple[str, ...]] = {
    "wheels for every system": ("packaging/wheels.py",),
    "frozen program": ("packaging/build.py", "--smoke"),
}


def check(arguments: Sequence[str]) -> int:
    """Run format, lint, types, import contracts, budgets and tests."""
    parser = argparse.ArgumentParser(prog="dev.py check", description=check.__doc__)
    parser.add_argument("--slow", action="store_true", help="also build and try the frozen program")
    wanted = parser.parse_args(arguments)
    steps = {**CHECKS, **(SLOW_CHECKS if wanted.slow else {})}
    failed = []
    for name, command in steps.items():
        print(f"── {name}", flush=True)
        if python(*command):
            failed.append(name)
    print("── tests", flush=True)
    if test([]):
        failed.append("tests")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.")
    return 1 if failed else 0


def tour(arguments: Sequence[str]) -> int:
    """Drive the real window through the main job; pictures and papers go to out/tour."""
    return python("-m", "tests.e2e.tour", *arguments, **off_screen())


def shots(arguments: Sequence[str]) -> int:
    """Take a picture of every screen in every state; they go to out/shots."""
    return python("-m", "tests.support.shots", *arguments, **off_screen())


def bench(arguments: Sequence[str]) -> int:
    """Measure against the floors and print the table."""
    return python("-m", "tests.benchmarks", *arguments, **off_screen())


def prove(arguments: Sequence[str]) -> int:
    """Run the long proofs: kill the program at random moments, feed the readers with noise."""
    return python("-m", "tests.proofs", *arguments, **off_screen())


def simulate(arguments: Sequence[str]) -> int:
    """Run seeded scenarios of sync and ask every invariant (--model, --seeds N, --start S)."""
    return python("-m", "tests.simulation", *arguments)


def cli(arguments: Sequence[str]) -> int:
    """Use the practice without a window."""
    return python("-m", "app.cli", *arguments)


def hosted(arguments: Sequence[str]) -> int:
    """Start the hosted account's server on this computer (--postgres: on a private PostgreSQL)."""
    if "--postgres" in arguments:
        provide_postgresql()
    return python("-m", "hosted", *arguments)


def schema(arguments: Sequence[str]) -> int:
    """Make the first migration anew from the tables (until the first release)."""
    return python("-m", "tests.support.baseline", *arguments)


def lock(arguments: Sequence[str]) -> int:
    """Resolve the lock files anew from requirements.in, -hosted.in and -dev.in."""
    # What ships is what is tested: each file keeps to the versions of the one before it.
    kept_to: tuple[str, ...] = ()
    for name in ("requirements", "requirements-hosted", "requirements-dev"):
        failed = python(
            "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
            "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
            "--output-file", f"{name}.lock", f"{name}.in", *kept_to, *arguments,
        )  # fmt: skip
        if failed:
            return failed
        kept_to = ("--constraint", f"{name}.lock")
    make_environment()
    return python("packaging/licenses.py")


@dataclass(frozen=True)
class Command:
    """One word after `dev.py`."""

    act: Callable[[Sequence[str]], int]

    @property
    def summary(self) -> str:
        """The first line of what the command says about itself."""
        return (self.act.__doc__ or "").splitlines()[0]


COMMANDS = {
    act.__name__: Command(act)
    for act in (run, test, check, tour, shots, bench, prove, simulate, cli, hosted, schema, lock)
}


def usage() -> str:
    """The help text: one line a command."""
    lines = [f"  {name:<10}{command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(["Usage: python3 dev.py COMMAND [OPTIONS]", "", *lines])


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, then do what was asked; returns the exit code."""
    if sys.version_info < OLDEST_PYTHON:
        print("This needs Python 3.11 or newer. Get it from python.org.", file=sys.stderr)
        return 1
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0
    command = COMMANDS.get(arguments[0])
    if command is None:
        print(f"There is no command {arguments[0]!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        set_up()
        return command.act(arguments[1:])
    except CannotSetUp as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
