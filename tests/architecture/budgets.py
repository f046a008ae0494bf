"""Counts code lines against the budgets of the house and finds names that hide what a file is for.

A code line is a line that holds code: docstrings, comments, blank lines and data tables (a literal
bound to a name at module or class level) do not count.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE, CLASS, FUNCTION = 400, 250, 50
FORBIDDEN_NAME = re.compile(r"(utils?|helpers?|misc|common|stuff|various|\w*[a-z]\d+)", re.ASCII)
NO_CODE = frozenset(
    {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENCODING,
        tokenize.ENDMARKER,
    }
)
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Excess:
    """Something over its budget. `name` is `path` for a file, `path::Class.function` inside it."""

    name: str
    lines: int
    budget: int

    def __str__(self) -> str:
        return f"{self.name}: {self.lines} code lines, the budget is {self.budget}"


def excesses(source: str, path: str) -> Iterator[Excess]:
    """Yield all of one file that is over budget; `path` is what the result calls the file."""
    tree = ast.parse(source)
    # What is short with its comments is short without them: few files need to be counted.
    long = [
        (name, node, budget)
        for name, node in definitions(tree)
        if len(span(node)) > (budget := CLASS if isinstance(node, ast.ClassDef) else FUNCTION)
    ]
    if not long and len(source.splitlines()) <= FILE:
        return
    code = code_lines(source, tree)
    if len(code) > FILE:
        yield Excess(path, len(code), FILE)
    for name, node, budget in long:
        own = len(code & span(node))
        if own > budget:
            yield Excess(f"{path}::{name}", own, budget)


def code_lines(source: str, tree: ast.Module) -> set[int]:
    """Return the numbers of the lines that hold code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and is_text(node.value):
            lines -= span(node)
        elif isinstance(node, ast.Module | ast.ClassDef):
            lines -= data_table_lines(node)
    return lines


def is_text(value: ast.expr) -> bool:
    """Whether an expression is a plain string; as a statement of its own that is a docstring."""
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def span(node: ast.stmt) -> set[int]:
    """Return the numbers of the lines from a statement's first to its last."""
    return set(range(node.lineno, (node.end_lineno or node.lineno) + 1))


def data_table_lines(owner: ast.Module | ast.ClassDef) -> set[int]:
    """Return the lines of the data tables that stand directly in a module or class."""
    lines: set[int] = set()
    for statement in owner.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and is_table(statement.value):
            lines |= span(statement)
    return lines


def is_table(value: ast.expr | None) -> bool:
    """Whether an expression is a display of several rows, perhaps inside one call."""
    if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
        value = value.args[0]
    if isinstance(value, ast.Dict):
        return len(value.values) > 1
    return isinstance(value, ast.List | ast.Tuple | ast.Set) and len(value.elts) > 1


def definitions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield every class and function under `node` with its dotted name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Definition):
            yield prefix + child.name, child
            yield from definitions(child, f"{prefix}{child.name}.")
        else:
            yield from definitions(child, prefix)


def badly_named(paths: list[Path]) -> list[Path]:
    """Return the files and folders whose name says nothing, or says only that there is another."""
    return [path for path in paths if FORBIDDEN_NAME.fullmatch(path.stem)]
