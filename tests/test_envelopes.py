"""Signatures and envelopes are those of the platform; what is not from it opens nothing."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.envelopes import (
    WINDOW,
    EnvelopeError,
    is_fresh,
    is_signed,
    opened,
    seal,
    signature,
)

# As in Tencent's documents: token, timestamp, nonce, and the signature of the three.
PUBLISHED = (
    ("AAAAA", "1714036504", "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
    ("AAAAA", "1714037059", "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
)
NODE = Path(__file__).parents[1] / "build" / "node" / "node_modules"
PEERS = Path(__file__).parent / "envelope_peers.js"
TOKEN, APP, NOISE = "AAAAA", "wxba5fad812f8e6fb9", b"0123456789abcdef"
KEY, OLD = bytes(range(32)), bytes(range(32, 64))
ENCODING_KEY = base64.b64encode(KEY).decode().rstrip("=")


@pytest.mark.parametrize(("token", "timestamp", "nonce", "expected"), PUBLISHED)
def test_the_published_signatures(token: str, timestamp: str, nonce: str, expected: str) -> None:
    """Tencent's own examples."""
    assert signature(token, timestamp, nonce) == expected
    assert is_signed(expected, token, timestamp, nonce)


@pytest.mark.parametrize("given_", ["", "f464", "é" * 40, "\ud800", "F" * 40])
def test_no_other_signature_passes(given_: str) -> None:
    """Not an empty one, not a part of the right one, nothing that is no ASCII."""
    assert not is_signed(given_, TOKEN, "1714036504", "1514711492")


@pytest.mark.parametrize("text", ["", "-1", "1e3", "１７", "9" * 13, "1714036504.0", " 1714036504"])
def test_what_is_no_time_is_not_fresh(text: str) -> None:
    """Only digits are, and not too many."""
    assert not is_fresh(text, 1714036504)


def test_the_window_has_two_ends() -> None:
    """A clock may be ahead as well as behind."""
    assert is_fresh("1000", 1000 + WINDOW)
    assert is_fresh("1000", 1000 - WINDOW)
    assert not is_fresh("1000", 1001 + WINDOW)
    assert not is_fresh("1000", 999 - WINDOW)


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16))
def test_what_was_sealed_is_opened(message: bytes, noise: bytes) -> None:
    """By the present key, and by the one before it."""
    sealed = seal(message, OLD, APP, noise)

    assert opened(sealed, (KEY, OLD), APP).message == message
    assert opened(sealed, (KEY, OLD), APP).key == OLD


def test_an_envelope_is_for_one_account() -> None:
    """Neither for another, nor for one whose id begins alike."""
    sealed = seal(b"<xml/>", KEY, APP, NOISE)
    for other in ("wx0", APP + "0", APP[:-1], ""):
        with pytest.raises(EnvelopeError):
            opened(sealed, (KEY,), other)


@given(
    st.one_of(st.text(max_size=80), st.binary(max_size=96).map(base64.b64encode).map(bytes.decode))
)
def test_rubbish_opens_nothing(sealed: str) -> None:
    """Whatever it is, there is one error, without a word on what was wrong."""
    with pytest.raises(EnvelopeError) as raised:
        opened(sealed, (KEY, OLD), APP)

    assert str(raised.value) == ""


@given(st.data())
def test_a_changed_envelope_is_never_read_past_its_end(data: st.DataObject) -> None:
    """Any plaintext, however odd its length and padding, gives a message or the one error."""
    size = data.draw(st.integers(1, 6)) * 16
    plain = data.draw(st.binary(min_size=size, max_size=size))
    encryptor = Cipher(algorithms.AES(KEY), modes.CBC(KEY[:16])).encryptor()
    sealed = base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()
    with pytest.raises(EnvelopeError):
        opened(sealed, (KEY,), APP)


def test_no_key_opens_nothing() -> None:
    """An account without keys reads no envelope."""
    with pytest.raises(EnvelopeError):
        opened(seal(b"x", KEY, APP, NOISE), (), APP)


# Texts of every length modulo 32, in bytes: Latin, Chinese, emoji, and what XML and JSON escape.
_CHARACTERS = "ax19 <>&]'\"\\\n透析限额高血压😀👨‍👩‍👧é"


def texts() -> list[str]:
    """Random texts, and one of each length from 0 to 64 bytes."""
    chance = random.Random(7)  # noqa: S311 - the same texts in each run
    varied = ["".join(chance.choices(_CHARACTERS, k=chance.randrange(200))) for _ in range(150)]
    return ["x" * size for size in range(65)] + varied


def peers(asked: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What the peers make of these, in one process; skips the test where they are not there."""
    wanted = [NODE / "wechat-crypto", NODE / "@wecom" / "crypto"]
    if not (shutil.which("node") and all(one.is_dir() for one in wanted)):
        pytest.skip("no peers: npm install --prefix build/node wechat-crypto @wecom/crypto")
    lines = "".join(json.dumps(one) + "\n" for one in asked)
    words = ["node", "--no-deprecation", str(PEERS), str(NODE.parent)]
    done = subprocess.run(words, input=lines, capture_output=True, text=True, check=True)  # noqa: S603 - our own script
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("peer", ["wechat", "wecom"])
def test_what_a_peer_seals_is_opened_here(peer: str) -> None:
    """The text, for whom it is, and the signature are the same."""
    common = {"peer": peer, "token": TOKEN, "key": ENCODING_KEY, "receiver": APP}
    every = texts()
    found = peers([{**common, "do": "seal", "text": text} for text in every])

    assert len(found) == len(every)
    for text, one in zip(every, found, strict=True):
        assert opened(one["sealed"], (OLD, KEY), APP).message.decode() == text
        assert is_signed(one["signature"], TOKEN, "1714036504", "1514711492", one["sealed"])


@pytest.mark.parametrize("peer", ["wechat", "wecom"])
def test_what_is_sealed_here_a_peer_opens(peer: str) -> None:
    """Every byte of the text, and for whom it is."""
    common = {"peer": peer, "token": TOKEN, "key": ENCODING_KEY, "receiver": APP}
    every = texts()
    sealed = [seal(text.encode(), KEY, APP, os.urandom(16)) for text in every]
    found = peers([{**common, "do": "open", "text": one} for one in sealed])

    assert [one["text"] for one in found] == every
    assert {one["receiver"] for one in found} == {APP}
