"""What is kept of a conversation is forgotten: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping

from bot import feedback, handover, journal, keyring, leftovers, outbox, retention, sessions
from bot.keyring import Keyring
from bot.resources import Resources, store_of
from bot.settings import Settings, read_settings
from bot.store import Store
from bot.terminal import tell
from bot.work import Work, working

TOPIC = "forget"  # of the answer to who asks for it in words
Counts = Mapping[str, int]  # rows by what they were: sessions, journal, feedback …


def forget(
    work: Work,
    keys: Keyring,
    names: Iterable[str],
    *,
    days: int,
    spared: Collection[str] = (),
) -> Counts:
    """Drop all that is kept of a conversation; how many rows, by table. Raises StoreError.

    `names` are the id of its session, and those that it had before where they are known. `days` is
    for how long the journal is kept; `spared` are tables that nothing is dropped from. What a
    message was answered with is kept under the name of the message alone: it cannot be found from
    here, and is blank after minutes.
    """
    connection, ids = work.connection, frozenset(names)
    hashes = {name for one in ids for name in keys.all_names("journal", one, days=days)}
    rests = {*ids, *(keys.name("owed", one) for one in ids)}
    lanes = {keys.name("lane", one) for one in ids}
    drops: dict[str, Callable[[], int]] = {
        "sessions": lambda: sum(sessions.drop(work, one) for one in ids),
        "journal": lambda: journal.forget(connection, hashes),
        "feedback": lambda: feedback.forget(connection, ids),
        "leftovers": lambda: leftovers.forget(connection, rests),
        "outbox": lambda: outbox.drop_lanes(connection, lanes),
        "handovers": lambda: sum(handover.forget(connection, one) for one in ids),
    }
    return {name: drop() for name, drop in drops.items() if name not in spared}


def forgotten(resources: Resources, session: str) -> Counts:
    """Forget a conversation of this process; how many rows, by table. Raises StoreError."""
    return _forgotten(resources.store, resources.keyring, resources.settings, session)


def _forgotten(store: Store, keys: Keyring, settings: Settings, session: str) -> Counts:
    with working(store) as work:
        return forget(work, keys, (session,), days=settings.retention_days)


def asked(session: str) -> tuple[str, bool]:
    """Forget a conversation from the command line: what was done, and whether there was one.

    Raises SettingError, StoreError.
    """
    settings = read_settings()
    keys = keyring.opened(settings.data_dir, settings.secret)
    store = store_of(settings)
    try:
        counts = _forgotten(store, keys, settings, session)
        if not any(counts.values()):
            return tell("forget_none", session=session[:64]), False
        store.wipe()
    finally:
        store.close()
    return tell("forget_done", what=_told(counts)), True


def old() -> tuple[str, bool]:
    """Forget what was kept long enough, from the command line; what was done. Always done.

    Raises SettingError, StoreError.
    """
    settings = read_settings()
    store = store_of(settings)
    try:
        counts = retention.drop_old(store, settings.retention_days)
        store.wipe()
    finally:
        store.close()
    if not any(counts.values()):
        return tell("forget_nothing_old"), True
    return tell("forget_old", what=_told(counts)), True


def _told(counts: Counts) -> str:
    told = [tell(f"forgot_{name}", count=count) for name, count in counts.items() if count]
    return tell("forget_and").join(told)
