"""``python3 dev.py bench [part …]``: every figure beside its floor, as a table and as JSON.

A benchmark never fails for being slow: machines are shared; its table is read.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests import benchmarks
from tests.benchmarks.figures import Figure, table

ROOT = Path(__file__).resolve().parents[2]
_NOT_PARTS = {"__main__", "figures", "over_http", "peers", "ten_years"}


def parts() -> list[str]:
    """Return the names of the parts: modules with a function ``figures() -> list[Figure]``."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if module.name not in _NOT_PARTS and not module.name.startswith("test_")
    )


def chosen(arguments: Sequence[str]) -> list[str]:
    """Return the parts named in ``arguments``, each once, or all; ends the program at another."""
    known = parts()

    def part(name: str) -> str:
        if name not in known:
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(known)}")
        return name

    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    only = f"only these of {', '.join(known)}"
    parser.add_argument("part", nargs="*", type=part, help=only)
    return list(dict.fromkeys(parser.parse_args(arguments).part)) or known


def main(arguments: Sequence[str]) -> int:
    """Measure the parts named, or all."""
    found: list[Figure] = []
    for name in chosen(arguments):
        print(f"measuring {name} …", flush=True)
        found += importlib.import_module(f"tests.benchmarks.{name}").figures()
    print(table(found))
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    rows = [{**asdict(row), "good": row.good} for row in found]
    (out / "bench.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
