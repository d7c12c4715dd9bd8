"""What can go wrong outside a conversation. A person sees these in Chinese, with what to do.

BotError
├── SettingError    a setting has a value that cannot be used
└── InputError      a file, a line or an argument cannot be used

The words are in terminal.yaml; an error is made from the name of its sentence.
"""

from __future__ import annotations

from bot.terminal import tell


class BotError(Exception):
    """The base of this package's errors; the text is fit to be shown."""


class SettingError(BotError):
    """A setting from the environment or the .env file that cannot be used."""

    def __init__(self, key: str, value: str, mend: str, **fields: object) -> None:
        super().__init__(tell("setting", key=key, value=value, mend=tell(mend, **fields)))


class InputError(BotError):
    """Something a person gave that cannot be used: what it is, and what to do."""

    def __init__(self, name: str, **fields: object) -> None:
        super().__init__(tell(name, **fields))
