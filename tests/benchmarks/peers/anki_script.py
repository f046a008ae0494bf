"""Anki's own client against Anki's own server; run by Anki's environment, never imported.

``python anki_script.py ENDPOINT FOLDER ROWS``: prints the figures as one JSON object. A row is
what Anki sends: a note and its card are two.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EDITS = 60


def main(endpoint: str, folder: str, rows: str) -> None:
    """Fill, push, pull, edit, do nothing, and bring everything to a new computer."""
    from anki.collection import Collection  # type: ignore[import-not-found]  # noqa: PLC0415

    def opened(name: str) -> Any:
        made = Collection(str(Path(folder) / f"{name}.anki2"))
        return made, made.sync_login("bench", "bench", endpoint)

    count = int(rows) // 2
    first, auth = opened("first")
    _add(first, 10)
    _whole(first, auth, upload=True)
    second, seconds_auth = opened("second")
    _whole(second, seconds_auth, upload=False)
    _add(first, count)
    pushed = _took(lambda: first.sync_collection(auth, False))
    pulled = _took(lambda: second.sync_collection(seconds_auth, False))
    note = first.get_note(first.find_notes("")[0])
    edits = []
    for number in range(EDITS):
        note.fields[0] = f"Front {number}"

        def edit() -> None:
            first.update_note(note)
            first.sync_collection(auth, False)
            second.sync_collection(seconds_auth, False)

        edits.append(_took(edit))
    idle = [_took(lambda: first.sync_collection(auth, False)) for _ in range(EDITS)]
    third, thirds_auth = opened("third")
    fresh = _took(lambda: _whole(third, thirds_auth, upload=False))
    if third.note_count() != count + 10:
        raise SystemExit("the new computer has not got everything")
    found = {
        "push": 2 * count / pushed,
        "pull": 2 * count / pulled,
        "edit_ms": sorted(edits)[EDITS // 2] * 1000,
        "edit_worst_ms": max(edits) * 1000,
        "idle_ms": sorted(idle)[EDITS // 2] * 1000,
        "fresh_s": fresh,
    }
    print(json.dumps(found))


def _add(collection: Any, count: int) -> None:
    from anki.collection import AddNoteRequest  # noqa: PLC0415

    model = collection.models.by_name("Basic")
    asked = []
    for number in range(count):
        note = collection.new_note(model)
        note.fields = [f"Given{number} Family{number}", "Prefers mornings; America/Los_Angeles"]
        asked.append(AddNoteRequest(note, 1))
    collection.add_notes(asked)


def _whole(collection: Any, auth: Any, *, upload: bool) -> None:
    """Send or fetch the whole collection, as Anki does with a new computer."""
    said = collection.sync_collection(auth, False)
    collection.close_for_full_sync()
    collection.full_upload_or_download(auth=auth, server_usn=said.server_media_usn, upload=upload)
    collection.reopen(after_full_sync=True)


def _took(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(*sys.argv[1:])
