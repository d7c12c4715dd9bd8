"""What every request may use: the service, the store, the settings; opened once a process.

The service can be exchanged while it is used: it lies in `Live`. Whoever answers takes it from
there once, by `pinned`, so that no answer is made of two versions of the packs.
"""

from __future__ import annotations

from msgspec import Struct, structs

from bot import keyring
from bot.accounts import PREFIX
from bot.errors import SettingError
from bot.keyring import Keyring
from bot.opening import opened as opened_service
from bot.service import Service
from bot.settings import Settings, read_settings
from bot.store import Store, url_of
from bot.store import opened as opened_store
from bot.terminal import tell


class Live:
    """The service that answers now; a reload puts another in its place by one assignment."""

    def __init__(self, service: Service) -> None:
        self.service = service


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
    return opened_around(opened_service(region, settings=found), found)


def opened_around(served: Service, settings: Settings) -> Resources:
    """Everything a server needs beside its service. Raises BotError for what cannot be opened."""
    store = opened_store(url_of(settings.data_dir, settings.database_url))
    if settings.accounts.platforms and not store.is_file and not settings.secret:
        store.close()
        raise SettingError(PREFIX + "SECRET", tell("setting_none"), tell("setting_secret_shared"))
    keys = keyring.opened(settings.data_dir, settings.secret)
    return Resources(Live(served), store, settings, keys)
