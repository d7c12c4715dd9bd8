"""People who talk to a server all the time, and know what they were answered.

Each goes through the same conversation again and again. What each sentence is answered was learnt
beforehand, when nothing was wrong; a sentence that is said twice in a row is answered the same, so
that one whose answer was cut off can be said again.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Sequence
from typing import Any, Self

import msgspec
from msgspec import Struct

from bot.bench_http import Got, Line, line_to
from bot.compose.wording import say
from faults.program import Program

# Every sentence but the first needs what was said before it.
SCRIPT = ("苏州高血压限额多少", "居民呢", "透析呢", "在职的能报多少比例", "尿毒症非透析呢")
_PAUSE = 0.01  # seconds before a server that was gone is tried again
_REFUSED = {429, 503}


class Told(Struct, frozen=True):
    """An answer: when it came, after how long, its id, and whether it knew what was said before.

    `lost` is one that says that it does not know, `wrong` one that is neither.
    """

    at: float
    seconds: float
    id: str
    lost: bool
    wrong: bool


def request_of(text: str, session: str | None = None) -> bytes:
    """The bytes of a question."""
    body = msgspec.json.encode({"text": text, **({"session": session} if session else {})})
    head = (
        "POST /api/v1/ask HTTP/1.1\r\nhost: faults\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def new_session() -> str:
    """The name of a conversation."""
    return secrets.token_urlsafe(16)


def learnt(program: Program) -> dict[str, str]:
    """What each sentence is answered. Raises AssertionError for one that proves nothing."""
    session = new_session()
    found = {}
    for text in SCRIPT:
        said = [_text(program, text, one) for one in (session, session, new_session())]
        assert said[0] == said[1], f"{text} is answered otherwise when it is said again"
        assert text == SCRIPT[0] or said[0] != said[2], f"{text} needs no memory"
        found[text] = said[0]
    return found


def _text(program: Program, text: str, session: str) -> str:
    status, body = program.post("/api/v1/ask", {"text": text, "session": session})
    assert status == 200, body
    said: dict[str, Any] = msgspec.json.decode(body)
    return str(said["text"])


class People:
    """A number of people, in a thread of their own for as long as this lasts.

    `pause` is how many seconds each waits between two sentences; `apart` gives each an address.
    """

    def __init__(
        self, program: Program, count: int, *, pause: float = 0.0, apart: bool = False
    ) -> None:
        self.expected = learnt(program)
        self.answers: list[Told] = []
        self.broken: list[float] = []  # when what was never answered was asked
        self.refused = 0  # questions for which there was no room just then
        self.limited = 0  # questions that were too many of somebody
        self.errors: list[int] = []  # the statuses of other replies
        self.samples: list[str] = []  # of answers that were wrong
        self._program = program
        self._count = count
        self._pause = pause
        self._apart = apart
        self._over = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._talk()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "somebody still waits for an answer"

    def wait(self, answers: int) -> None:
        """Wait until so many more were answered."""
        until_count = len(self.answers) + answers
        deadline = time.monotonic() + 120
        while len(self.answers) < until_count:
            assert time.monotonic() < deadline, f"only {len(self.answers)} answers"
            time.sleep(0.01)

    async def _talk(self) -> None:
        hosts = [f"127.0.1.{n + 1}" if self._apart else None for n in range(self._count)]
        await asyncio.gather(*map(self._person, hosts))

    async def _person(self, host: str | None) -> None:
        line: Line | None = None
        session, number = new_session(), 0
        while not self._over.is_set():
            began = time.monotonic()
            try:
                line = line or await line_to(self._program.port, host)
                began = time.monotonic()
                got = await asyncio.wait_for(
                    line.send(request_of(SCRIPT[number], session)), timeout=30
                )
            except (OSError, EOFError, TimeoutError):
                if line:
                    self.broken.append(began)
                    line.close()
                line = None
                await asyncio.sleep(_PAUSE)
                continue
            if self._took(got, SCRIPT[number], began):
                # What was not known goes on as another conversation, and counts once.
                if self.answers[-1].lost or self.answers[-1].wrong:
                    number = len(SCRIPT) - 1
                number = (number + 1) % len(SCRIPT)
                session = session if number else new_session()
            else:
                await asyncio.sleep(0.1)
            if got.header("connection") == "close":
                line.close()
                line = None
            if self._pause:
                await asyncio.sleep(self._pause)
        if line:
            line.close()

    def _took(self, got: Got, text: str, began: float) -> bool:
        """Note an answer; False where the question is to be put again."""
        if got.status in _REFUSED:
            self.refused += got.status == 503
            self.limited += got.status == 429
            return False
        if got.status != 200:
            self.errors.append(got.status)
            return False
        said = msgspec.json.decode(got.body)["text"]
        lost = say("lost") in said
        wrong = not lost and said != self.expected[text]
        if wrong and len(self.samples) < 3:
            self.samples.append(f"{text}: {said[:80]!r}")
        now = time.monotonic()
        self.answers.append(Told(now, now - began, got.header("x-request-id"), lost, wrong))
        return True

    @property
    def ids(self) -> set[str]:
        """The ids of the turns that were answered."""
        return {one.id for one in self.answers}

    @property
    def wrong(self) -> int:
        """How many answers did not know what was said before."""
        return sum(one.wrong for one in self.answers)

    @property
    def lost(self) -> int:
        """How many answers said that they did not know it."""
        return sum(one.lost for one in self.answers)

    def between(self, begin: float, end: float) -> list[Told]:
        """The answers that came within a time."""
        return [one for one in self.answers if begin <= one.at <= end]


def percentile(answers: Sequence[Told], share: float) -> float:
    """The milliseconds that this share of the answers took at most; 0 of none."""
    ordered = sorted(one.seconds for one in answers)
    at = min(len(ordered) - 1, int(len(ordered) * share / 100))
    return round(1000 * ordered[at], 1) if ordered else 0.0
