"""Packs that go live without a stop: tried beside the requests, then exchanged in one assignment.

A reload is asked for at `/admin/reload`, by a change of the folder that is watched, or by the
signal that another process has reloaded. Packs that are not fit to be served are refused, and what
was served goes on being served.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog
from msgspec import Struct

from bot import metrics, search, signals
from bot.beside import beside
from bot.days import today
from bot.errors import BotError, StoreError
from bot.logs import fault
from bot.opening import opened
from bot.resources import Resources
from bot.service import Service
from bot.trial import Audited, Flaw, Trial, case_of, tried
from intents.errors import IntentsError
from knowledge.errors import KnowledgeError
from knowledge.snapshot import marked

_LOOK = 1.0  # seconds between two looks at the signal and at the folder that is watched
_TRIES = 5  # a folder that is changed while it is tried is tried again
_SWITCH = 0.0005  # seconds after which a thread that loads lets a request go on
_log = structlog.get_logger("yiwentong")

Outcome = Literal["loaded", "unchanged", "refused"]
Swapped = Callable[[Service], object]


class Attempt(Struct, frozen=True):
    """A reload: when, who asked for it, how it ended, the packs before and after it, what is wrong.

    `by` is `admin`, `watch` or `signal`; `seconds` is how long it took.
    """

    at: str
    by: str
    outcome: Outcome
    before: str
    packs: str
    seconds: float
    audited: Audited | None = None
    faults: tuple[Flaw, ...] = ()


class Status(Struct, frozen=True):
    """What a process serves, since when, and how the last reload and the last refusal ended."""

    process: int
    packs: str
    since: str
    watched: bool
    signal: int
    last: Attempt | None
    refused: Attempt | None


class Reloader:
    """Exchanges what a process serves; one of them a process.

    `swapped` is told of each service that was put in the place of another.
    """

    def __init__(
        self, resources: Resources, *, watch: bool = False, swapped: Swapped | None = None
    ) -> None:
        self._resources = resources
        self._watch = watch
        self._swapped = swapped
        self._one = asyncio.Lock()
        self._signal = resources.live.signal
        self._since = _now()
        self._last: Attempt | None = None
        self._refused: Attempt | None = None

    @property
    def status(self) -> Status:
        """What is served, and how it came to be."""
        return Status(
            os.getpid(),
            self._resources.packs,
            self._since,
            self._watch,
            self._signal,
            self._last,
            self._refused,
        )

    async def asked(self, client: str) -> Attempt:
        """Reload because who keeps the server asks for it, and tell every other process.

        `client` is the address from which it was asked.
        """
        done = await self.reload("admin", client=client)
        if done.outcome != "refused":
            try:
                store = self._resources.store
                self._signal = await asyncio.to_thread(signals.give, store, signals.RELOAD)
            except StoreError as error:
                _log.warning("reload not told to others", why=str(error))
        return done

    async def reload(self, by: str, **about: object) -> Attempt:
        """Try the packs of the folder, and serve them where they are fit to be served."""
        async with self._one:
            began = time.perf_counter()
            before = self._resources.packs
            trial = await self._taken()
            outcome: Outcome = "refused"
            if trial.fingerprint:
                outcome = "unchanged" if before == self._resources.packs else "loaded"
            seconds = round(time.perf_counter() - began, 3)
            done = Attempt(
                _now(), by, outcome, before, self._resources.packs, seconds,
                trial.audited, trial.flaws,
            )  # fmt: skip
            self._note(done, about)
            return done

    async def _taken(self) -> Trial:
        """Try until what was tried is what can be loaded, and put that in its place."""
        region, settings = self._resources.service.region, self._resources.settings
        trial = Trial()
        for _ in range(_TRIES):
            trial = await tried(case_of(settings, region))
            if trial.fingerprint in {"", self._resources.service.library.fingerprint}:
                return trial
            served = await asyncio.to_thread(self._loaded, trial.fingerprint)
            if served:
                self._resources.live.service = served
                self._since = _now()
                if self._swapped:
                    self._swapped(served)
                return trial
        why = "the folder goes on being changed while it is read"
        return Trial(flaws=(Flaw(str(settings.packs_folder), 0, "", why, "try again"),))

    def _loaded(self, fingerprint: str) -> Service | None:
        """The service of the packs that were tried; None where the folder has others by now."""
        settings = self._resources.settings
        try:
            with _in_turns(), search.undisturbed():
                served = opened(self._resources.service.region, settings=settings)
                if served.library.fingerprint != fingerprint:
                    return None
                search.index_of(served, today())
        except (BotError, KnowledgeError, IntentsError, OSError):
            return None
        # It stays: no search for rubbish need go through it while people wait.
        gc.freeze()
        return served

    def _note(self, done: Attempt, about: dict[str, object]) -> None:
        self._last = done
        self._refused = done if done.outcome == "refused" else self._refused
        metrics.reloaded(done.outcome)
        faults = [f"{one.file}:{one.line}: {one.key}: {one.problem}" for one in done.faults[:5]]
        said = {"by": done.by, "before": done.before, "packs": done.packs, **about}
        if done.outcome == "refused":
            _log.error("packs refused", **said, faults=faults, count=len(done.faults))
        else:
            _log.info("packs " + done.outcome, **said, seconds=done.seconds)

    async def follow(self) -> None:
        """Look at the signal, and at the folder where it is watched, until cancelled."""
        folder = self._resources.settings.packs_folder
        seen = await asyncio.to_thread(mark_of, folder)
        settled = None  # whatever was written since the packs were loaded is not missed
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self._heed()
                if self._watch:
                    mark = await asyncio.to_thread(mark_of, folder)
                    # Quiet since the last look: nobody is in the middle of writing.
                    if mark == seen and mark != settled:
                        settled = mark
                        await self.reload("watch")
                    seen = mark
            except Exception as error:  # noqa: BLE001 - it goes on looking whatever happens
                _log.error("reload failed", **fault(error))

    async def _heed(self) -> None:
        """Reload where another process has. A store out of reach is looked at again later."""
        store = self._resources.store
        try:
            found = await asyncio.to_thread(signals.number, store, signals.RELOAD)
        except StoreError:
            return
        if found != self._signal:
            self._signal = found
            await self.reload("signal")


@asynccontextmanager
async def following(
    resources: Resources, *, watch: bool = False, swapped: Swapped | None = None
) -> AsyncIterator[Reloader]:
    """Follow reloads as long as this lasts."""
    reloader = Reloader(resources, watch=watch, swapped=swapped)
    async with beside(reloader.follow()):
        yield reloader


def mark_of(folder: Path) -> str:
    """A mark that changes when anything in a folder of packs does; no file is opened."""
    try:
        files = [path for path in sorted(folder.glob("*/*")) if not path.name.startswith(".")]
        return marked(str(folder.resolve()), files)
    except OSError:  # a file went away between the two looks
        return ""


@contextmanager
def _in_turns() -> Iterator[None]:
    """Have this thread make way for requests ten times as often as is usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
