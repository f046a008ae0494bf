"""The command that measures: which parts it takes, and how its table reads."""

from __future__ import annotations

import importlib

import pytest

from tests.benchmarks.__main__ import chosen, parts
from tests.benchmarks.figures import Figure, against_floor, by_turns, table


def test_no_part_means_all_of_them() -> None:
    assert chosen([]) == parts()
    assert {"imports", "papers", "saving", "scheduling", "searching", "starting"} <= set(parts())


def test_parts_are_measured_once_in_the_order_named() -> None:
    assert chosen(["starting", "saving", "starting"]) == ["starting", "saving"]


def test_an_unknown_part_is_said_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        chosen(["savign"])
    assert ended.value.code == 2
    assert "'savign' is none of hosted, imports, papers, saving" in capsys.readouterr().err


@pytest.mark.parametrize("part", parts())
def test_every_part_measures(part: str) -> None:
    assert callable(importlib.import_module(f"tests.benchmarks.{part}").figures)


def test_the_table_says_what_is_over() -> None:
    rows = [against_floor("a save", 2.0, "ms", 1.0, 1.5), Figure("a week", 9.0, "ms", "≤ 15", 15)]
    assert table(rows).splitlines() == [
        "what    figure   floor  target",
        "a save  2.0 ms  1.0 ms  ≤ 1.5 × floor  over",
        "a week  9.0 ms       –  ≤ 15           good",
    ]


def test_turns_are_taken_one_after_the_other() -> None:
    order: list[str] = []

    def said(word: str) -> float:
        order.append(word)
        return float(len(order))

    ours, floor = by_turns(lambda: said("ours"), lambda: said("floor"), runs=2, warm=1)
    assert order == ["ours", "floor"] * 3
    assert (ours, floor) == ([3.0, 5.0], [4.0, 6.0])
