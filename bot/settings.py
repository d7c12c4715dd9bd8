"""Settings from the environment or a `.env` file, prefix YIWENTONG_, checked at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.errors import InputError, SettingError
from bot.terminal import tell

PREFIX = "YIWENTONG_"
KEYS = ("REGION", "CONFIRM_AFTER_DAYS", "CACHE_DIR")
_DIGITS = 6  # of a number of days: more would not be a day of any calendar


class Settings(Struct, frozen=True):
    """What a deployment sets: its own region, the age in days that asks to confirm, the cache."""

    region: str | None = None
    confirm_after_days: int = 365
    cache_dir: Path | None = None


def read_settings(
    environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> Settings:
    """The settings of this process. Raises SettingError that names the key and the value."""
    values = {**_from_file(env_file), **(os.environ if environment is None else environment)}
    found = {key: values[PREFIX + key].strip() for key in KEYS if PREFIX + key in values}
    return Settings(
        region=found.get("REGION") or None,
        confirm_after_days=_days(found.get("CONFIRM_AFTER_DAYS") or "365"),
        cache_dir=_folder(found.get("CACHE_DIR") or None),
    )


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _DIGITS:
        raise SettingError(PREFIX + "CONFIRM_AFTER_DAYS", text, tell("setting_days"))
    return int(text)


def _folder(text: str | None) -> Path | None:
    if text is None:
        return None
    folder = Path(text)
    if folder.exists() and not folder.is_dir():
        raise SettingError(PREFIX + "CACHE_DIR", text, tell("setting_cache"))
    return folder


def _from_file(file: Path) -> dict[str, str]:
    """KEY=value lines; blank lines and lines with # are passed over. Raises InputError."""
    try:
        text = file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""
    except OSError as error:
        raise InputError(tell("unreadable", path=file, why=error.strerror)) from error
    lines = (line.strip().removeprefix("export ") for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
