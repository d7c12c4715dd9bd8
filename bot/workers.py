"""Several processes that serve at one address: a parent that keeps them, and does nothing else.

The parent opens the address and loads the packs, then forks: what was loaded is shared for as long
as nobody writes to it. Threads, connections to the database and the event loop are made in each
worker, after the fork. A worker tells the parent which packs it serves by now, so that one that is
started in the place of another begins with them.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import structlog
from msgspec import Struct, structs

from bot import metrics, server
from bot.errors import BotError
from bot.logs import fault
from bot.opening import opened as opened_service
from bot.resources import Resources, opened, store_of
from bot.service import Service
from bot.settings import Settings
from intents.errors import IntentsError
from knowledge.errors import KnowledgeError

_LOOK = 1.0  # seconds between two looks at the workers
_LIVED = 10.0  # seconds after which a worker that ends is started again at once
_PAUSE, _LONGEST = 0.5, 30.0  # seconds before one that lived shorter is, twice as many each time
_MARGIN = 5.0  # seconds beyond the grace of its requests that a worker is waited for
_NAME = 32  # letters of a fingerprint
_ENDING = (signal.SIGTERM, signal.SIGINT)
_log = structlog.get_logger("yiwentong")
Write = Callable[[str], object]


def serve(region: str | None, settings: Settings, write: Write, *, watch: bool = False) -> None:
    """Serve in as many processes as the settings say, until told to end. Raises BotError."""
    resources = opened(region, settings=settings)
    server.warm(resources)
    with server.listening_at(settings) as first:  # refused where anybody else has the address
        port = first.getsockname()[1]
    keeper = Keeper(resources, port, watch=watch)
    # Only now: whoever had come to the first socket would have been sent away with it.
    server.tell_where(server.application(resources), keeper.listen(), write)
    resources.store.close()  # each worker has connections of its own
    keeper.keep()


class Worker(Struct):
    """A process that serves, or the place of one that is to be started at `due`; its socket.

    Each has a socket of its own at the address: of one that all share, whoever wakes first takes
    most connections, ten times as many as the other of two under 40 clients.
    """

    listening: socket.socket | None = None
    pid: int = 0
    began: float = 0.0
    due: float = 0.0
    pause: float = _PAUSE


class Keeper:
    """Keeps as many workers as the settings say. One thread, no connections: it may fork."""

    def __init__(self, resources: Resources, port: int, *, watch: bool) -> None:
        self._resources = resources
        self._port = port
        self._watch = watch
        self._workers = [Worker() for _ in range(resources.settings.workers)]
        self._told: list[int] = []  # the signals to end that came
        self._alive = os.pipe()  # its end tells the workers that the parent is gone
        self._news = os.pipe()  # which packs a worker serves by now
        os.set_blocking(self._news[0], False)

    def listen(self) -> socket.socket:
        """Open the sockets of all workers; one of them. Raises ListenError."""
        settings = self._resources.settings
        made = [server.listening_shared(settings, self._port) for _ in self._workers]
        for worker, one in zip(self._workers, made, strict=True):
            worker.listening = one
        return made[0]

    def keep(self) -> None:
        """Keep the workers until told to end, then end them."""
        for number in _ENDING:
            signal.signal(number, lambda signum, _frame: self._told.append(signum))
        woken = os.pipe()
        for end in woken:
            os.set_blocking(end, False)
        signal.set_wakeup_fd(woken[1])
        while not self._told:
            self._fill()
            select.select([self._news[0], woken[0]], [], [], _LOOK)
            self._reap()
            self._learn()
        self._end()

    def _fill(self) -> None:
        """Start every worker that is due."""
        now = time.monotonic()
        for worker in self._workers:
            if worker.pid or now < worker.due:
                continue
            if worker.listening is None:
                worker.listening = server.listening_shared(self._resources.settings, self._port)
            worker.began = now
            worker.pid = os.fork()
            if worker.pid == 0:
                self._work(worker.listening)
            _log.info("worker started", worker=worker.pid)

    def _reap(self) -> None:
        """Take note of the workers that have ended, and when they are to be started again."""
        now = time.monotonic()
        for worker in self._workers:
            if not worker.pid or os.waitpid(worker.pid, os.WNOHANG)[0] == 0:
                continue
            metrics.forget_process(worker.pid)
            lived = now - worker.began
            worker.pause = 0.0 if lived > _LIVED else min(_LONGEST, 2 * worker.pause or _PAUSE)
            worker.due = now + worker.pause
            _log.error("worker ended", worker=worker.pid, again_in=worker.pause)
            worker.pid = 0
            if worker.pause and worker.listening:  # nobody is to wait for it in vain
                worker.listening.close()
                worker.listening = None

    def _learn(self) -> None:
        """Take the packs that a worker tells of, for those that are started from now on."""
        said = b""
        with suppress(BlockingIOError):
            said = os.read(self._news[0], 65_536)
        live = self._resources.live
        fingerprint = said[-_NAME - 1 : -1].decode("ascii", "replace")
        if not said or fingerprint == live.service.library.fingerprint:
            return
        try:
            served = opened_service(live.service.region, settings=self._resources.settings)
        except (BotError, KnowledgeError, IntentsError, OSError) as error:
            _log.warning("packs not taken over", **fault(error))
            return
        # A folder that was changed since holds what nobody has checked.
        if served.library.fingerprint == fingerprint:
            live.service = served
            server.warm(self._resources)

    def _end(self) -> None:
        """Let the workers finish what is under way, then end them; a second signal is heeded."""
        for one in self._workers:
            if one.listening:
                one.listening.close()
        _log.info("ending", workers=len([one for one in self._workers if one.pid]))
        self._send(signal.SIGTERM)
        until, first = time.monotonic() + server.GRACE + _MARGIN, len(self._told)
        while any(one.pid for one in self._workers):
            time.sleep(0.05)
            for one in self._workers:
                if one.pid and os.waitpid(one.pid, os.WNOHANG)[0]:
                    one.pid = 0
            if time.monotonic() > until or len(self._told) > first:
                self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        for one in self._workers:
            if one.pid:
                with suppress(ProcessLookupError):
                    os.kill(one.pid, number)

    def _work(self, listening: socket.socket) -> NoReturn:
        """Serve, as a process of its own; nothing of the parent's is cleared away by it."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in _ENDING:
                signal.signal(number, lambda _signum, _frame: os._exit(0))
            os.close(self._alive[1])
            for other in self._workers:
                if other.listening and other.listening is not listening:
                    other.listening.close()
            threading.Thread(target=self._outlived, name="parent", daemon=True).start()
            store = store_of(self._resources.settings)
            resources = structs.replace(self._resources, store=store)
            app = server.application(resources, watch=self._watch, swapped=self._tell)
            server.run(app, listening)
            status = 0
        except BotError as error:
            _log.error("worker failed", why=str(error))
        except BaseException as error:  # noqa: BLE001 - whatever it is, this process is no parent
            _log.error("worker failed", **fault(error))
        finally:
            os._exit(status)

    def _outlived(self) -> None:
        """Wait for the parent's end, which is that of its pipe; then finish as if told to."""
        os.read(self._alive[0], 1)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(server.GRACE + _MARGIN)
        os._exit(1)

    def _tell(self, served: Service) -> None:
        """Tell the parent which packs are served by now."""
        with suppress(OSError):
            os.write(self._news[1], f"{served.library.fingerprint}\n".encode())
