"""The OpenAPI of the routes, recorded as ``hosted/openapi.json``: a change of it is seen.

``python -m hosted.web.recorded`` writes it anew.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from app.core.kernel.clock import SystemClock
from hosted.store.engine import database_in_memory
from hosted.store.migrate import upgrade
from hosted.web.app import create_app, description
from hosted.web.services import put_together

RECORDED = Path(__file__).resolve().parents[1] / "openapi.json"


def described() -> str:
    """Return the OpenAPI of the application as it is."""
    database = database_in_memory()
    try:
        upgrade(database, SystemClock().now())
        services = put_together(database, Path(tempfile.gettempdir()), SystemClock())
        said = description(create_app(services))
    finally:
        database.close()
    return json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    RECORDED.write_text(described(), "utf-8")
