"""The routes are those that are recorded, and no request breaks the server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hosted.web.rates import Rates
from hosted.web.recorded import RECORDED, described
from tests.hosted.web.conftest import Site

#: Arbitrary objects are no messages of the protocol, so that what is accepted is not checked.
_CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,unsupported_method,ignored_auth"
)
#: Requests of each kind to each route; the long form: ``HOSTED_EXAMPLES=100 dev.py test`` + this.
EXAMPLES = os.environ.get("HOSTED_EXAMPLES", "6")


def test_the_routes_are_as_recorded() -> None:
    same = described() == RECORDED.read_text("utf-8")
    assert same, "if the change is meant: python -m hosted.web.recorded"


@pytest.mark.slow
def test_no_request_breaks_the_server(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _practice = site.practice()
    # What lies behind the limit is to be met, too.
    monkeypatch.setattr(Rates, "allows", lambda *_of: True)
    done = subprocess.run(
        [
            sys.executable, "-m", "schemathesis.cli", "run", str(RECORDED), "--url", site.address,
            "--workers", "1", "--max-examples", EXAMPLES, "--seed", "1", "--checks", _CHECKS,
            "--header", f"Authorization: {client.headers['Authorization']}",
            # Its answer never ends.
            "--exclude-path", "/v1/poke", "--no-color",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
