"""Choices as buttons, and what the data of a tapped button may stand for.

The data are a number and a tag. The tag is a keyed hash of whom the choice was offered, of how
often the conversation had been written then, and of the choices; all of that is known from the
database and the tap, so that a button outlives a process. A button of another person, of an
earlier question or of somebody's making has no such tag.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from bot.channels.telegram_letters import Button, Keyboard
from bot.keyring import Keyring
from bot.sessions import Session
from bot.terminal import wide
from knowledge.pack import Library

_TAG = 16  # characters of a tag: 96 bits
_ROOM = 28  # columns that the labels of a row may take together
_MOST = 3  # buttons in a row
OPTION, REGION = "o", "r"


def options(keyring: Keyring, whom: str, session: Session) -> Keyboard:
    """The buttons for what a conversation offers now; `whom` names who may tap them."""
    labels = [label for label, _ in session.state.options]
    tag = _option_tag(keyring, whom, session)
    return _rows([Button(one, f"{OPTION}.{i}.{tag}") for i, one in enumerate(labels)])


def chosen_option(
    keyring: Keyring, whom: str, session: Session, data: str
) -> tuple[str, str] | None:
    """The label of the option that data stand for, and what it says; None for any other data."""
    kind, number, tag = _split(data)
    if kind != OPTION or not _same(tag, _option_tag(keyring, whom, session)):
        return None
    index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    offered = session.state.options
    return offered[index] if 0 <= index < len(offered) else None


def regions(keyring: Keyring, whom: str, library: Library) -> Keyboard:
    """A button for each region; they hold as long as the deployment has its secret."""
    known = [pack.region for pack in library.local]
    made = [
        Button(one.name, f"{REGION}.{one.id}.{_region_tag(keyring, whom, one.id)}") for one in known
    ]
    return _rows(made)


def chosen_region(keyring: Keyring, whom: str, library: Library, data: str) -> str | None:
    """The id of the region that data stand for; None for any other data."""
    kind, region, tag = _split(data)
    if kind != REGION or not _same(tag, _region_tag(keyring, whom, region)):
        return None
    return region if any(pack.region.id == region for pack in library.packs) else None


def _option_tag(keyring: Keyring, whom: str, session: Session) -> str:
    said = [part for option in session.state.options for part in option]
    name = keyring.name("option", "telegram", whom, str(session.version), *said)
    return name[:_TAG]


def _region_tag(keyring: Keyring, whom: str, region: str) -> str:
    return keyring.name("region", "telegram", whom, region)[:_TAG]


def _split(data: str) -> tuple[str, str, str]:
    kind, _, rest = data.partition(".")
    what, _, tag = rest.rpartition(".")
    return kind, what, tag


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode())


def _rows(buttons: Sequence[Button]) -> Keyboard:
    """Buttons in rows, as many beside each other as a phone can show with their labels."""
    broadest = max((wide(button.label) + 2 for button in buttons), default=1)
    each = max(1, min(_MOST, _ROOM // broadest))
    return tuple(tuple(buttons[at : at + each]) for at in range(0, len(buttons), each))
