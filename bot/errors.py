"""What can go wrong outside a conversation. A person sees these in Chinese, with what to do.

BotError
├── SettingError    a setting has a value that cannot be used
├── InputError      a file, a line or an argument cannot be used
├── StoreError      the database cannot be opened, read or written
├── ListenError     the server cannot have the address it was given
└── MissedAim       an evaluation came to less than was asked for

The sentences are in terminal.yaml.
"""

from __future__ import annotations

from typing import ClassVar

from bot.terminal import tell


class BotError(Exception):
    """The base of this package's errors; the text is fit to be shown.

    `status` is what the program ends with.
    """

    status: ClassVar[int] = 2


class SettingError(BotError):
    """A setting from the environment or the .env file that cannot be used."""

    def __init__(self, key: str, value: str, mend: str) -> None:
        super().__init__(tell("setting", key=key, value=value, mend=mend))


class InputError(BotError):
    """Something a person gave that cannot be used: what it is, and what to do."""


class StoreError(BotError):
    """The database cannot be opened, read or written; `where` shows no password."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(tell("store", where=where, why=why.strip().partition("\n")[0]))


class ListenError(BotError):
    """The address that the server was to listen at is taken, or not this machine's."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(tell("port_taken", host=host, port=port, why=why))


class MissedAim(BotError):
    """An accuracy below the least that was asked for."""

    status = 1

    def __init__(self, accuracy: str, aim: str) -> None:
        super().__init__(tell("score_missed_aim", accuracy=accuracy, aim=aim))
