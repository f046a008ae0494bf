"""Rules of the house that a look at the sources can hold; see 0001-house-and-layers.md."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.sources import ROOT, python_files

THEME = ROOT / "app" / "ui" / "theme"
#: The other place with colours: paper is black on white in every theme.
PAPER = ROOT / "app" / "core" / "paper" / "sheet.py"
CLOCK = ROOT / "app" / "core" / "kernel" / "clock.py"

COLOUR = re.compile(r"""["']#[0-9a-fA-F]{3,8}["']|\b(QColor|HexColor)\(\s*["'\d]|["']rgba?\(""")
NOW = re.compile(r"\b(datetime\.now|date\.today|utcnow|time\.time|time_ns|currentDateTime)\w*\(")
SLEEP = re.compile(r"\b(time\.sleep|qWait|QThread\.m?sleep)\(")
#: Put together here, so that this file does not name what it forbids.
HOSTS_AND_PLACES = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + "hosted",
            "registry" + r"\.npm",
            r"/(?:wo" + "rk|fa" + r"rm)/",
            r"/t" + r"mp/\w",
            r"/ho" + r"me/\w",
            r"/Us" + r"ers/\w",
        ]
    )
)
TEXTS = {".py", ".toml", ".in", ".lock", ".md", ".txt", ".cfg", ".ini", ".json", ".nsi", ".sh"}


def lines_with(pattern: re.Pattern[str], files: list[Path]) -> list[str]:
    """Return `path:line` for every line of `files` that matches."""
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Public:
    """A public function or method, and the class it belongs to."""

    node: Function
    owner: ast.ClassDef | None

    @property
    def says_what_it_does(self) -> bool:
        """Whether it has a docstring of its own."""
        return ast.get_docstring(self.node) is not None

    @property
    def is_given_by_others(self) -> bool:
        """Whether Qt, SQLAlchemy or a protocol's reader says what it does."""
        marks = {ast.unparse(mark).rpartition(".")[2] for mark in self.node.decorator_list}
        bases = [ast.unparse(base).partition("[")[0] for base in self.bases]
        return bool(
            self.node.name == "event"
            or re.fullmatch(r"[a-z]+(?:[A-Z][a-z]*)+", self.node.name)
            or self.node.name in ASKED_BY_SQLALCHEMY
            or marks & {"override", "overload", "setter"}
            or "Protocol" in bases
        )

    @property
    def bases(self) -> list[ast.expr]:
        """What its class builds on."""
        return self.owner.bases if self.owner else []


#: What SQLAlchemy asks of a column type; its own documentation says what each does.
ASKED_BY_SQLALCHEMY = {
    "load_dialect_impl",
    "process_bind_param",
    "process_result_value",
    "result_processor",
}


def public_definitions(tree: ast.Module) -> Iterator[Public]:
    """Yield the public functions of a module and the public methods of its public classes."""
    owners: list[ast.ClassDef | None] = [None]
    owners += [
        node
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    for owner in owners:
        for node in owner.body if owner else tree.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield Public(node, owner)


def silent(sources: dict[str, str]) -> list[str]:
    """Return what says nothing of itself.

    A method that overrides another one may leave it to that one to say.
    """
    found = [
        (path, public)
        for path, source in sources.items()
        for public in public_definitions(ast.parse(source))
    ]
    said = {each.node.name for _path, each in found if each.owner and each.says_what_it_does}
    return [
        f"{path}:{each.node.lineno} {each.node.name}"
        for path, each in found
        if not each.says_what_it_does
        and not each.is_given_by_others
        and not (each.bases and each.node.name in said)
    ]


def test_every_public_function_says_what_it_does() -> None:
    sources = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
        for path in python_files("app")
        if "migrations" not in path.parts
    }
    assert silent(sources) == []


def test_colours_stand_in_the_theme() -> None:
    files = [p for p in python_files("app") if not p.is_relative_to(THEME) and p != PAPER]
    assert lines_with(COLOUR, files) == []


def test_one_clock_tells_the_time() -> None:
    files = [path for path in python_files("app") if path != CLOCK]
    assert lines_with(NOW, files) == []


def test_nothing_sleeps() -> None:
    # The tour in tests/e2e goes at a person's pace.
    paced = ROOT / "tests" / "e2e"
    files = [path for path in python_files() if not path.is_relative_to(paced)]
    assert lines_with(SLEEP, files) == []


def test_no_file_names_a_registry_or_a_place_on_somebodys_machine() -> None:
    top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    folders = [ROOT / name for name in ("app", "tests", "packaging")]
    nested = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    files = [path for path in (*top, *nested) if path.suffix in TEXTS]
    assert lines_with(HOSTS_AND_PLACES, files) == []


def test_the_patterns_find_what_they_forbid() -> None:
    assert COLOUR.search('color = "#fafafa"')
    assert COLOUR.search("QColor(12, 13, 14)")
    assert NOW.search("datetime.now(UTC)")
    assert SLEEP.search("time." + "sleep(1)")
    assert HOSTS_AND_PLACES.search("see /ho" + "me/ann/notes")
    unsaid = "class Desk:\n    def open(self): pass\n    def paintEvent(self, e): pass\n"
    assert silent({"desk.py": unsaid}) == ["desk.py:2 open"]
