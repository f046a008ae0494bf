"""A server is for its own machine, or it has a name, TLS before it, and a mail server."""

from __future__ import annotations

from pathlib import Path

import pytest

from hosted.post.carriers import Folder, Smtp
from hosted.running import carrier
from hosted.settings import NotSet, from_environment
from tests.support.clock import StillClock

PUBLIC = {
    "HOSTED_PUBLIC_URL": "https://account.example/",
    "HOSTED_SMTP_URL": "smtps://practice:word@mail.example",
    "HOSTED_MAIL_FROM": "PracticeRunner <account@account.example>",
}


def test_without_a_name_letters_lie_in_a_folder(tmp_path: Path) -> None:
    made = from_environment(tmp_path, environment={})
    assert (made.public_url, made.smtp) == ("", "")
    assert isinstance(carrier(made, StillClock()), Folder)


def test_a_public_server_is_reached_over_tls_and_writes_letters(tmp_path: Path) -> None:
    made = from_environment(tmp_path, environment=PUBLIC)
    assert made.public_url == "https://account.example"
    assert isinstance(carrier(made, StillClock()), Smtp)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("HOSTED_PUBLIC_URL", "http://account.example"),
        ("HOSTED_PUBLIC_URL", "https://account.example/path"),
        ("HOSTED_PUBLIC_URL", "account.example"),
        ("HOSTED_SMTP_URL", ""),
        ("HOSTED_MAIL_FROM", ""),
        ("HOSTED_MAIL_FROM", "nobody"),
        ("HOSTED_SUPPORT", "nobody"),
    ],
)
def test_what_is_not_set_well_is_said(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(NotSet, match="HOSTED_"):
        from_environment(tmp_path, environment={**PUBLIC, name: said})


def test_a_mail_server_is_named_by_an_address(tmp_path: Path) -> None:
    made = from_environment(tmp_path, environment={**PUBLIC, "HOSTED_SMTP_URL": "mail.example"})
    with pytest.raises(ValueError, match="smtp://"):
        carrier(made, StillClock())
