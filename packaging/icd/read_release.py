"""Print every code of the installed `simple_icd_10_cm` as JSON; `build.py` runs it."""

from __future__ import annotations

import json
import sys

import simple_icd_10_cm as release


def entries() -> list[tuple[str, str, bool, list[str]]]:
    """Return code, description, whether it is a leaf, and its inclusion terms."""
    # A block of one category bears the category's code, so that the list names it twice.
    codes = dict.fromkeys(filter(release.is_category_or_subcategory, release.get_all_codes(True)))
    return [
        (
            code,
            release.get_description(code),
            release.is_leaf(code),
            release.get_inclusion_term(code),
        )
        for code in codes
    ]


if __name__ == "__main__":
    json.dump(entries(), sys.stdout)
