"""The key file: damaged in every way, and passphrases as different keyboards type them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.core.kernel.errors import MachineError, NotOurFile
from app.core.vault.files import KEYS
from app.core.vault.keys import make_keys, parse_key_file
from tests.support.practice import PASSPHRASE


@pytest.mark.parametrize(
    "damage",
    [
        lambda said: said.update(vault="../../elsewhere"),
        lambda said: said.update(vault=7),
        lambda said: said["argon2id"].update(lanes=0),
        lambda said: said["argon2id"].update(passes=-1),
        lambda said: said["argon2id"].update(memory_kib=1),
        lambda said: said["argon2id"].update(salt=""),
        lambda said: said["wraps"].clear(),
        lambda said: said["wraps"]["database"].clear(),
        lambda said: said["wraps"]["database"].update(passphrase="!"),
        lambda said: said["wraps"]["database"].update(passphrase="AAAA"),
        lambda said: said["wraps"]["database"].update(passphrase=None),
    ],
)
def test_a_damaged_key_file_is_said(
    practice_folder: Path, damage: Callable[[dict[str, Any]], None]
) -> None:
    said = json.loads((practice_folder / KEYS).read_bytes())
    damage(said)
    (practice_folder / KEYS).write_text(json.dumps(said))

    with pytest.raises(NotOurFile, match="key file beside the practice is damaged"):
        bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)


def test_a_folder_in_the_place_of_the_keys(practice_folder: Path) -> None:
    (practice_folder / KEYS).unlink()
    (practice_folder / KEYS).mkdir()

    with pytest.raises(MachineError, match="cannot be used"):
        bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)


def test_a_path_that_no_system_has(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="cannot be used"):
        bootstrap.unlock(tmp_path / ("x" * 300), passphrase=PASSPHRASE)


def test_an_accent_opens_however_the_keyboard_composes_it() -> None:
    typed = "Zoë née à Orléans"
    file, keys, _ = make_keys(unicodedata.normalize("NFC", typed))

    opened = parse_key_file(file.to_bytes()).open_with_passphrase(
        unicodedata.normalize("NFD", typed)
    )

    assert opened.database == keys.database


def test_a_passphrase_in_no_encoding_is_still_one() -> None:
    file, keys, _ = make_keys("ten bytes \udcff of noise")

    assert file.open_with_passphrase("ten bytes \udcff of noise").database == keys.database


def test_a_passphrase_is_stretched_as_long_as_rfc_9106_recommends(
    product_stretching: tuple[int, int],
) -> None:
    assert product_stretching == (64 * 1024, 3)
