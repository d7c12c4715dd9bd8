"""A process answers so many at once; who comes after them is told so, and nobody else waits."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from msgspec import structs

from bot import conversing
from bot.resources import Resources
from bot.server import application

PROBLEM = "application/problem+json"
QUESTION = {"text": "透析限额"}
FORM = {"text": "透析限额多少"}


class Held:
    """Turns that go on when they are let go."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.begun = 0

    def __call__(self, real: Callable[..., object]) -> Callable[..., object]:
        """The same function, held."""

        def held(*given: object, **more: object) -> object:
            self.begun += 1
            assert self.gate.wait(20)
            return real(*given, **more)

        return held


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    """No turn ends before the test lets it."""
    made = Held()
    monkeypatch.setattr(conversing, "turn", made(conversing.turn))
    return made


@asynccontextmanager
async def client(resources: Resources, at_once: int) -> AsyncIterator[httpx.AsyncClient]:
    """A program that asks several things at once."""
    settings = structs.replace(resources.settings, turns_at_once=at_once)
    app = application(structs.replace(resources, settings=settings))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as made:
        yield made


async def until(true: Callable[[], bool]) -> None:
    while not true():  # noqa: ASYNC110 - it is another thread that makes it so
        await asyncio.sleep(0.005)


def test_who_comes_on_top_is_told_so(resources: Resources, held: Held) -> None:
    """503 with Retry-After, at once; what watches over the service is answered, too."""

    async def asked() -> None:
        async with client(resources, 2) as http:
            first = [asyncio.create_task(http.post("/api/v1/ask", json=QUESTION)) for _ in range(2)]
            await until(lambda: held.begun == 1)
            refused = await http.post("/api/v1/ask", json=QUESTION)
            assert (refused.status_code, refused.headers["content-type"]) == (503, PROBLEM)
            assert refused.headers["retry-after"] == "1"
            assert "太多" in refused.json()["detail"]
            form = await http.post("/chat", data=FORM)
            assert (form.status_code, form.headers["retry-after"]) == (503, "1")
            assert ">透析限额多少</textarea>" in form.text
            for path in ("/healthz", "/metrics", "/api/v1/regions"):
                assert (await http.get(path)).status_code == 200
            held.gate.set()
            assert [(await one).status_code for one in first] == [200, 200]
            assert (await http.post("/api/v1/ask", json=QUESTION)).status_code == 200

    asyncio.run(asked())


def test_nobody_waits_for_long(
    resources: Resources, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had no turn by then is told to come again, and is not answered behind their back."""
    monkeypatch.setattr("bot.turns._PATIENCE", 0.05)

    async def asked() -> None:
        async with client(resources, 9) as http:
            tasks = [asyncio.create_task(http.post("/api/v1/ask", json=QUESTION)) for _ in range(5)]
            await until(lambda: sum(task.done() for task in tasks) == 3)
            held.gate.set()
            statuses = sorted([(await task).status_code for task in tasks])
            assert statuses == [200, 200, 503, 503, 503]
            assert held.begun == 2

    asyncio.run(asked())


def test_nothing_is_reckoned_for_who_has_gone(resources: Resources, held: Held) -> None:
    """A question that waited is not begun when its turn comes and nobody waits any more."""

    async def asked() -> None:
        settings = structs.replace(resources.settings, turns_at_once=9)
        app = application(structs.replace(resources, settings=settings))
        gone = asyncio.Event()
        one = {"type": "http.request", "body": b'{"text": "x"}', "more_body": False}
        scope = {
            "type": "http", "method": "POST", "path": "/api/v1/ask", "raw_path": b"/api/v1/ask",
            "query_string": b"", "headers": [(b"content-type", b"application/json")],
            "client": ("192.0.2.1", 1), "app": app,
        }  # fmt: skip
        statuses: list[int] = []

        def receiving() -> Callable[[], Awaitable[dict[str, object]]]:
            left = [one]

            async def receive() -> dict[str, object]:
                if left:
                    return left.pop()
                await gone.wait()
                return {"type": "http.disconnect"}

            return receive

        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(int(str(message["status"])))

        tasks = [
            asyncio.create_task(app({**scope}, receiving(), send))  # type: ignore[arg-type]
            for _ in range(4)
        ]
        await until(lambda: held.begun == 1 and app.state.turns.in_hand == 4)
        gone.set()
        await asyncio.sleep(0.01)
        held.gate.set()
        await asyncio.gather(*tasks)
        assert held.begun == 2
        assert sorted(statuses) == [200, 200, 400, 400]
        assert app.state.turns.in_hand == 0

    asyncio.run(asked())
