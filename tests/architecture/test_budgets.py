"""Files, classes and functions keep the budgets of the house; see 0002-budgets.md."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.architecture.budgets import badly_named, code_lines, definitions, excesses
from tests.architecture.sources import ROOT, python_files

EXEMPTIONS = Path(__file__).with_name("budget-exemptions.txt")


def exemptions() -> dict[str, str]:
    """What may be over its budget, and why."""
    lines = EXEMPTIONS.read_text(encoding="utf-8").splitlines()
    rows = [line.partition(" ") for line in lines if line and not line.startswith("#")]
    return {name: reason.strip() for name, _, reason in rows}


@cache
def all_excesses() -> dict[str, str]:
    """Everything over its budget, by name, with the sentence that says so."""
    return {
        excess.name: str(excess)
        for path in python_files()
        for excess in excesses(path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix())
    }


def test_everything_keeps_its_budget() -> None:
    allowed = exemptions()
    over = [words for name, words in all_excesses().items() if name not in allowed]
    assert not over, "Is each of these one idea?\n" + "\n".join(over)


def test_every_exemption_is_needed_and_has_its_reason() -> None:
    allowed = exemptions()
    assert all(allowed.values()), "an exemption is one line with its reason"
    assert set(allowed) <= set(all_excesses()), "an exemption that is no longer needed"


def test_names_say_what_a_file_is_for() -> None:
    folders = {parent for path in python_files() for parent in path.relative_to(ROOT).parents}
    named = [path.relative_to(ROOT) for path in python_files()] + [*folders]
    assert badly_named(named) == []


def test_names_that_say_nothing_are_found() -> None:
    names = ["utils.py", "helpers", "misc.py", "commands2.py", "billing/helper.py"]
    assert badly_named([Path(name) for name in names]) == [Path(name) for name in names]
    assert badly_named([Path("commands.py"), Path("0001_baseline.py"), Path("utilities")]) == []


def test_only_code_counts() -> None:
    source = '''"""A docstring
of two lines."""

# A comment.
TABLE = {
    "a": 1,
    "b": 2,
}
LIMIT = 3


def count(
    rows: list[int],
) -> int:
    """Count."""

    return len(rows) + LIMIT  # one line of code
'''
    tree = ast.parse(source)
    assert sorted(code_lines(source, tree)) == [9, 12, 13, 14, 17]
    assert [name for name, _ in definitions(tree)] == ["count"]


def test_excess_is_found() -> None:
    body = "\n".join(f"    x{n} = {n}" for n in range(51))
    found = list(excesses(f"def long():\n{body}\n", "a.py"))
    assert [str(excess) for excess in found] == ["a.py::long: 52 code lines, the budget is 50"]
