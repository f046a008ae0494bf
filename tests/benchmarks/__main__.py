"""``python3 dev.py bench [part …]``: every figure beside its floor, as a table and as JSON.

A benchmark never fails for being slow: machines are shared; its table is read.
"""

from __future__ import annotations

import argparse
import importlib
import json
import pkgutil
from dataclasses import asdict
from pathlib import Path

from tests import benchmarks
from tests.benchmarks.figures import Figure, table

ROOT = Path(__file__).resolve().parents[2]
_NOT_PARTS = {"__main__", "figures", "ten_years"}


def parts() -> list[str]:
    """Return the names of the parts: modules with a function ``figures() -> list[Figure]``."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if module.name not in _NOT_PARTS
    )


def main() -> int:
    """Measure the parts named, or all."""
    parser = argparse.ArgumentParser(prog="dev.py bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*parts(), []], help="only these parts")
    chosen = parser.parse_args().part or parts()
    found: list[Figure] = []
    for name in chosen:
        print(f"measuring {name} …", flush=True)
        found += importlib.import_module(f"tests.benchmarks.{name}").figures()
    print(table(found))
    out = ROOT / "out"
    out.mkdir(exist_ok=True)
    rows = [{**asdict(row), "good": row.good} for row in found]
    (out / "bench.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
