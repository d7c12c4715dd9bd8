"""Settings from the environment or a `.env` file, prefix YIWENTONG_, checked at the start."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from bot import accounts
from bot.accounts import PREFIX, Accounts, accounts_of, admin_token_of, secret_of
from bot.errors import InputError, SettingError
from bot.terminal import tell
from knowledge.pack import PACKS

KEYS = (
    "REGION",
    "CONFIRM_AFTER_DAYS",
    "CACHE_DIR",
    "HOST",
    "PORT",
    "DATA_DIR",
    "ORIGINS",
    "REQUESTS_PER_MINUTE",
    "PROXIES",
    "MAP_URL",
    "RETENTION_DAYS",
    "PACKS_DIR",
    "SOURCES_DIR",
    "WORKERS",
    "TURNS_AT_ONCE",
    "SESSION_REQUESTS_PER_MINUTE",
    "HANDOVER_IDLE_MINUTES",
    *accounts.KEYS,
)
_DIGITS = 6  # of a whole number: more would be no day of any calendar, no port, no rate
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?")
_REDIS = re.compile(r"(?:rediss?|unix)://\S+")
_ADDRESS = re.compile(r"https://[^\s\"'<>]+")


class Settings(Struct, frozen=True):
    """What a deployment sets.

    Its own region; the age in days that asks to confirm; where snapshots and data lie; the address
    that is listened at; the origins whose pages may call the interface; how many requests a minute
    an address may send (0 is any number); the proxies whose word on who asks is taken; the map
    that an office's address is opened in; the secret that names and seals are made with; the
    accounts at platforms; where sessions lie instead of in the database; what lets in who keeps
    the server; after how many days the journal forgets; the folder of the packs, where it is not
    the program's own, and of the documents that they are held against; how many processes serve;
    how many turns are taken at once in each; how many requests a minute a conversation may send (0
    is any number); after how many silent minutes a conversation goes back from an agent.
    """

    region: str | None = None
    confirm_after_days: int = 365
    cache_dir: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("data")
    database_url: str | None = None
    origins: tuple[str, ...] = ()
    requests_per_minute: int = 120
    proxies: tuple[str, ...] = ()
    map_url: str | None = None
    secret: str | None = None
    accounts: Accounts = Accounts()
    redis_url: str | None = None
    admin_token: str | None = None
    retention_days: int = 30
    packs_dir: Path | None = None
    sources_dir: Path | None = None
    workers: int = 1
    turns_at_once: int = 512
    session_requests_per_minute: int = 40
    handover_idle_minutes: int = 15

    @property
    def packs_folder(self) -> Path:
        """The folder of the packs: the deployment's, or else the program's own."""
        return self.packs_dir or PACKS

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"  # a database's address has its password


def read_settings(
    environment: Mapping[str, str] | None = None, env_file: Path = Path(".env")
) -> Settings:
    """The settings of this process. Raises SettingError that names the key and the value."""
    surroundings = os.environ if environment is None else environment
    values = {**_from_file(env_file), **surroundings}
    found = {key: values[PREFIX + key].strip() for key in KEYS if PREFIX + key in values}
    said = {key: text for key, text in found.items() if text}
    said = accounts.from_files(values) | said
    return Settings(
        region=said.get("REGION"),
        confirm_after_days=_number(said, "CONFIRM_AFTER_DAYS", 365, "setting_days"),
        cache_dir=_folder(said, "CACHE_DIR"),
        host=said.get("HOST", "127.0.0.1"),
        port=_number(said, "PORT", 8000, "setting_port", most=65_535),
        data_dir=_folder(said, "DATA_DIR") or _own_folder(surroundings),
        database_url=said.get("DATABASE_URL"),
        origins=_origins(said),
        requests_per_minute=_number(said, "REQUESTS_PER_MINUTE", 120, "setting_rate"),
        proxies=_addresses(said),
        map_url=_map_url(said),
        secret=secret_of(said),
        accounts=accounts_of(said),
        redis_url=_redis_url(said),
        admin_token=admin_token_of(said),
        retention_days=_number(said, "RETENTION_DAYS", 30, "setting_kept", least=1),
        packs_dir=_packs(said),
        sources_dir=_sources(said),
        workers=_number(said, "WORKERS", 1, "setting_workers", least=1, most=64),
        turns_at_once=_number(said, "TURNS_AT_ONCE", 512, "setting_at_once", least=1),
        session_requests_per_minute=_number(
            said, "SESSION_REQUESTS_PER_MINUTE", 40, "setting_rate"
        ),
        handover_idle_minutes=_number(
            said, "HANDOVER_IDLE_MINUTES", 15, "setting_minutes", least=1
        ),
    )


def _number(  # noqa: PLR0913 - what it is called, and its bounds
    said: Mapping[str, str],
    key: str,
    otherwise: int,
    mend: str,
    *,
    least: int = 0,
    most: int = 10**_DIGITS,
) -> int:
    text = said.get(key, str(otherwise))
    plain = text.isascii() and text.isdigit() and len(text) <= _DIGITS
    if not plain or not least <= int(text) <= most:
        raise SettingError(PREFIX + key, text, tell(mend))
    return int(text)


def _folder(said: Mapping[str, str], key: str) -> Path | None:
    text = said.get(key)
    if text is None:
        return None
    folder = Path(text)
    if folder.exists() and not folder.is_dir():
        raise SettingError(PREFIX + key, text, tell("setting_folder"))
    return folder


def _packs(said: Mapping[str, str]) -> Path | None:
    """A folder that holds packs, each in a folder of its region."""
    text = said.get("PACKS_DIR")
    if text is None:
        return None
    folder = Path(text)
    if not any(folder.glob("*/pack.yaml")):
        mend = "setting_packs" if folder.is_dir() else "setting_no_packs"
        raise SettingError(PREFIX + "PACKS_DIR", text, tell(mend))
    return folder


def _sources(said: Mapping[str, str]) -> Path | None:
    """A folder that is there: without it no document could be looked into."""
    folder = _folder(said, "SOURCES_DIR")
    if folder is not None and not folder.is_dir():
        raise SettingError(PREFIX + "SOURCES_DIR", str(folder), tell("setting_sources"))
    return folder


def _own_folder(environment: Mapping[str, str]) -> Path:
    """Where data lies unless a folder is set: with the data of the person who starts it."""
    home = environment.get("XDG_DATA_HOME")
    return (Path(home) if home else Path.home() / ".local" / "share") / "yiwentong"


def _origins(said: Mapping[str, str]) -> tuple[str, ...]:
    """The origins of an allow-list, parted by commas or blanks: https://example.cn."""
    text = said.get("ORIGINS", "")
    origins = tuple(one for one in re.split(r"[,\s]+", text) if one)
    if not all(_ORIGIN.fullmatch(one) for one in origins):
        raise SettingError(PREFIX + "ORIGINS", text, tell("setting_origins"))
    return origins


def _addresses(said: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses or networks of proxies, parted by commas or blanks: 10.0.0.0/8."""
    text = said.get("PROXIES", "")
    found = tuple(one for one in re.split(r"[,\s]+", text) if one)
    for one in found:
        try:
            ip_network(one, strict=False)
        except ValueError as error:
            raise SettingError(PREFIX + "PROXIES", text, tell("setting_proxies")) from error
    return found


def _redis_url(said: Mapping[str, str]) -> str | None:
    """The address of a Redis server; it may hold a password, so that it is not shown."""
    text = said.get("REDIS_URL")
    if text is not None and not (_REDIS.fullmatch(text) and _has_port(text)):
        raise SettingError(PREFIX + "REDIS_URL", tell("setting_hidden"), tell("setting_redis"))
    return text


def _has_port(address: str) -> bool:
    """Whether the port of an address is none or a number: else it is half of a password."""
    try:
        _ = urlsplit(address).port
    except ValueError:
        return False
    return True


def _map_url(said: Mapping[str, str]) -> str | None:
    """An https address with {address} where an office's address goes."""
    text = said.get("MAP_URL")
    if text is not None and not (_ADDRESS.fullmatch(text) and "{address}" in text):
        raise SettingError(PREFIX + "MAP_URL", text, tell("setting_map"))
    return text


def _from_file(file: Path) -> dict[str, str]:
    """KEY=value lines; blank lines and lines with # are passed over. Raises InputError."""
    try:
        text = file.read_text("utf-8-sig", errors="replace") if file.is_file() else ""
    except OSError as error:
        raise InputError(tell("unreadable", path=file, why=error.strerror)) from error
    lines = (line.strip().removeprefix("export ") for line in text.splitlines())
    pairs = (line.partition("=") for line in lines if "=" in line and not line.startswith("#"))
    return {key.strip(): value.strip().strip("'\"") for key, _, value in pairs}
