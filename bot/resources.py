"""What every request may use: the service, the store, the settings; opened once a process.

The service can be exchanged while it is used: it lies in `Live`. Whoever answers takes it from
there once, by `pinned`, so that no answer is made of two versions of the packs.
"""

from __future__ import annotations

from msgspec import Struct, structs

from bot import keyring, signals
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


class Live:
    """The service that answers now; a reload puts another in its place by one assignment.

    `signal` is how often the signal to reload had been given before its packs were read.
    """

    def __init__(self, service: Service, signal: int = 0) -> None:
        self.service = service
        self.signal = signal


class Resources(Struct, frozen=True):
    """What a process serves from."""

    live: Live
    store: Store
    settings: Settings
    keyring: Keyring

    @property
    def service(self) -> Service:
        """The service that answers now."""
        return self.live.service

    @property
    def packs(self) -> str:
        """The state of the knowledge, in twelve letters."""
        return self.service.packs

    def pinned(self) -> Resources:
        """The same for one turn or one request: a reload changes nothing of it."""
        return structs.replace(self, live=Live(self.service))


def opened(region: str | None = None, *, settings: Settings | None = None) -> Resources:
    """Everything a server needs. Raises BotError for what cannot be opened."""
    found = settings or read_settings()
    store = store_of(found)
    try:
        signal = signals.number(store, signals.RELOAD)  # one given from now on is not missed
        live = Live(opened_service(region, settings=found), signal)
        return Resources(live, store, found, keyring.opened(found.data_dir, found.secret))
    except BaseException:
        store.close()
        raise


def store_of(settings: Settings) -> Store:
    """The store of the settings, fit for its accounts. Raises BotError."""
    memory = Memory(settings.redis_url) if settings.redis_url else None
    url = url_of(settings.data_dir, settings.database_url)
    store = opened_store(url, memory, spool=settings.data_dir / "spool")
    if settings.accounts.platforms and not store.is_file and not settings.secret:
        store.close()
        raise SettingError(PREFIX + "SECRET", tell("setting_none"), tell("setting_secret_shared"))
    return store
