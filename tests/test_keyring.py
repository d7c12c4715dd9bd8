"""Names lead nowhere, seals open only here, and the secret is made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import sessions
from bot.errors import StoreError
from bot.keyring import Keyring, opened

KEYS = Keyring(b"one secret")


def test_a_name_is_the_same_for_the_same_parts() -> None:
    """A person is recognised again, and the name can be the id of a session."""
    name = KEYS.name("session", "telegram", "42")

    assert name == Keyring(b"one secret").name("session", "telegram", "42")
    assert sessions.is_id(name)


@pytest.mark.parametrize(
    "parts",
    [("session", "telegram4", "2"), ("session", "telegram42"), ("receipt", "telegram", "42")],
)
def test_other_parts_have_another_name(parts: tuple[str, ...]) -> None:
    """Where one part ends belongs to the name."""
    assert KEYS.name(*parts) != KEYS.name("session", "telegram", "42")


def test_another_secret_gives_another_name() -> None:
    """Nobody without the secret can try names out."""
    assert Keyring(b"another").name("session", "42") != KEYS.name("session", "42")


def test_what_is_sealed_is_opened_here_only() -> None:
    """Another secret, or an altered seal, gives nothing."""
    sealed = KEYS.seal("透析".encode())

    assert "透析".encode() not in sealed
    assert KEYS.unseal(sealed) == "透析".encode()
    assert Keyring(b"another").unseal(sealed) is None
    assert KEYS.unseal(sealed[:-1]) is None


def test_the_secret_is_made_once_for_its_owner(tmp_path: Path) -> None:
    """Many processes start at once, and all have the same."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: opened(tmp_path / "data", None), range(24)))

    assert len({keys.name("session", "42") for keys in found}) == 1
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["secret"]


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A person reads which file it is."""
    (tmp_path / "data").write_text("a file")

    with pytest.raises(StoreError, match=r"data/secret"):
        opened(tmp_path / "data", None)
