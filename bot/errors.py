"""What can go wrong outside a conversation. A person sees these in Chinese, with what to do.

BotError
├── SettingError    a setting has a value that cannot be used
└── InputError      a file, a line or an argument cannot be used
"""

from __future__ import annotations


class BotError(Exception):
    """The base of this package's errors; the text is fit to be shown."""


class SettingError(BotError):
    """A setting from the environment or the .env file that cannot be used."""

    def __init__(self, key: str, value: str, mend: str) -> None:
        super().__init__(f"设置 {key} 的值“{value}”不能用：{mend}")


class InputError(BotError):
    """Something a person gave that cannot be used: what it is, and what to do."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}：{mend}")
