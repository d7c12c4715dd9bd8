"""The service as the settings and the command line want it."""

from __future__ import annotations

from bot.accounts import PREFIX
from bot.errors import InputError, SettingError
from bot.regions import known_regions, region_id
from bot.service import Service, service
from bot.settings import Settings, read_settings
from bot.terminal import tell
from intents import compiled
from knowledge.pack import Library
from knowledge.snapshot import load


def opened(region: str | None = None, *, settings: Settings | None = None) -> Service:
    """The service of this process; a region given here goes before the setting.

    Raises BotError for a region that has no pack, and PackError for packs that cannot be read.
    """
    settings = settings or read_settings()
    library = load(settings.packs_folder, cache=settings.cache_dir)
    own = _own_region(library, settings)
    home = region_id(library, region) if region is not None else own
    days = settings.confirm_after_days
    made = compiled.load(library, folder=settings.packs_folder, cache=settings.cache_dir)
    return service(library, region=home, confirm_after=days, compiled=made)


def _own_region(library: Library, settings: Settings) -> str | None:
    """The region of the deployment. Raises SettingError for one without a pack."""
    if settings.region is None:
        return None
    try:
        return region_id(library, settings.region)
    except InputError as error:
        mend = tell("setting_region", known=known_regions(library))
        raise SettingError(PREFIX + "REGION", settings.region, mend) from error
