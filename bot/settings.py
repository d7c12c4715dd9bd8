"""Settings from the environment or a `.env` file, prefix YIWENTONG_, checked at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from bot.errors import SettingError

PREFIX = "YIWENTONG_"
_KEYS = ("REGION", "CONFIRM_AFTER_DAYS", "CACHE_DIR")


class Settings(Struct, frozen=True):
    """What a deployment sets: its own region, the age in days that asks to confirm, the cache."""

    region: str | None = None
    confirm_after_days: int = 365
    cache_dir: Path | None = None


def read_settings(environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")) -> Settings:
    """The settings of this process. Raises SettingError that names the key and the value."""
    values = {**_from_file(env_file), **(os.environ if environment is None else environment)}
    found = {key: values[PREFIX + key].strip() for key in _KEYS if values.get(PREFIX + key, "").strip()}
    cache = found.get("CACHE_DIR")
    return Settings(
        region=found.get("REGION"),
        confirm_after_days=_days(found.get("CONFIRM_AFTER_DAYS", "365")),
        cache_dir=Path(cache) if cache else None,
    )


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise SettingError(PREFIX + "CONFIRM_AFTER_DAYS", text, "要写天数，例如 365")
    return int(text)


def _from_file(file: Path) -> dict[str, str]:
    """KEY=value lines; blank lines and lines with # are passed over."""
    if not file.is_file():
        return {}
    lines = (line.strip() for line in file.read_text("utf-8", errors="replace").splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
