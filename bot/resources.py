"""What every request may use: the service, the store, the settings; opened once a process."""

from __future__ import annotations

from msgspec import Struct

from bot import keyring
from bot.accounts import PREFIX
from bot.errors import SettingError
from bot.keyring import Keyring
from bot.memory import Memory
from bot.opening import opened as opened_service
from bot.service import Service
from bot.settings import Settings, read_settings
from bot.store import Store, url_of
from bot.store import opened as opened_store
from bot.terminal import tell


class Resources(Struct, frozen=True):
    """What a process serves from; `packs` names the state of the knowledge in twelve letters."""

    service: Service
    store: Store
    settings: Settings
    packs: str
    keyring: Keyring


def opened(region: str | None = None, *, settings: Settings | None = None) -> Resources:
    """Everything a server needs. Raises BotError for what cannot be opened."""
    found = settings or read_settings()
    served = opened_service(region, settings=found)
    memory = Memory(found.redis_url) if found.redis_url else None
    url = url_of(found.data_dir, found.database_url)
    store = opened_store(url, memory, spool=found.data_dir / "spool")
    if found.accounts.platforms and not store.is_file and not found.secret:
        store.close()
        raise SettingError(PREFIX + "SECRET", tell("setting_none"), tell("setting_secret_shared"))
    keys = keyring.opened(found.data_dir, found.secret)
    return Resources(served, store, found, served.library.fingerprint[:12], keys)
