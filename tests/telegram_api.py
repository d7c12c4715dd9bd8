"""A stand-in for Telegram's Bot API: what it keeps, refuses and says, as its documents have it.

`Platform` is the platform itself; `Wire` hands the library's requests to it without a network,
`listening` puts it on a port of loopback.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any
from urllib.parse import parse_qsl

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram.request import BaseRequest, RequestData

TOKEN = "4242:a-token_of-the-tests"  # noqa: S105 - nobody's
BOT = {"id": 4242, "is_bot": True, "first_name": "一问通", "username": "yiwentong_bot"}
_TAGS = {"b": "bold", "i": "italic", "pre": "pre"}
_PIECE = re.compile(r"<(/?)([a-z]*)>|([^<]+)|(<)")
_LOOSE = re.compile(r"&(?!(?:lt|gt|amp|quot|#\d+);)|>")
Json = dict[str, Any]


class Refused(Exception):
    """What the Bot API says no to."""

    def __init__(self, status: int, why: str, **parameters: int) -> None:
        super().__init__(why)
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": why}
        if parameters:
            self.body["parameters"] = parameters


def units(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text.encode("utf-16-le")) // 2


def parsed(html: str) -> tuple[str, list[Json]]:
    """The text and the entities of a message in HTML. Raises Refused as Telegram does."""
    text, entities, open_ = "", [], list[tuple[str, int]]()
    for end, tag, words, loose in _PIECE.findall(html):
        if loose or _LOOSE.search(words) or (not words and tag not in _TAGS):
            raise Refused(400, "Bad Request: can't parse entities: at byte offset 0")
        if words:
            text += unescape(words)
        elif not end:
            open_.append((tag, units(text)))
        elif not open_ or open_[-1][0] != tag:
            raise Refused(400, "Bad Request: can't parse entities: unmatched end tag")
        else:
            _, at = open_.pop()
            entities.append({"type": _TAGS[tag], "offset": at, "length": units(text) - at})
    if open_:
        raise Refused(400, "Bad Request: can't parse entities: can't find end tag")
    return text, entities


class Platform:
    """Telegram, as far as a bot sees it; every call is kept in `calls`."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []
        self.chats: dict[int, list[Json]] = defaultdict(list)
        self.updates: dict[int, Json] = {}
        self.faults: dict[str, deque[Callable[[], None]]] = defaultdict(deque)
        self.hanging: set[str] = set()  # methods whose calls are neither done nor answered
        self.hung = 0
        self.hung_for: set[int] = set()  # the chats that hanging calls were about
        self.slow: dict[str, float] = {}
        self.webhook: Json = {}
        self.numbers = itertools.count(1000)
        self.polls = 0

    def asked(self, method: str) -> list[Json]:
        """What a method was called with."""
        return [given for name, given in list(self.calls) if name == method]

    def fail(self, method: str, status: int, why: str = "no", times: int = 1, **more: int) -> None:
        """Refuse the next calls of a method."""

        def refuse() -> None:
            raise Refused(status, why, **more)

        self.faults[method].extend([refuse] * times)

    def texts(self, chat: int) -> list[str]:
        """What the bot wrote in a chat, as a person sees it."""
        return [message["text"] for message in list(self.chats[chat])]

    def push(self, *updates: Json) -> None:
        """Have updates waiting to be fetched."""
        self.updates.update({update["update_id"]: update for update in updates})

    def call(self, token: str, method: str, given: Json) -> Json:
        """What a method gives back. Raises Refused."""
        if token != TOKEN:
            raise Refused(401, "Unauthorized")
        self.calls.append((method, given))
        if self.faults[method]:
            self.faults[method].popleft()()
        handler: Callable[[Json], Any] | None = getattr(self, f"on_{method}", None)
        if handler is None:
            raise Refused(404, "Not Found")
        return {"ok": True, "result": handler(given)}

    def on_getMe(self, _given: Json) -> Json:  # noqa: N802
        """Who the bot is."""
        return BOT

    def on_setMyCommands(self, given: Json) -> bool:  # noqa: N802
        """The menu of commands."""
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]) for one in given["commands"])
        assert all(1 <= len(one["description"]) <= 256 for one in given["commands"])
        return True

    def on_setWebhook(self, given: Json) -> bool:  # noqa: N802
        """Where updates are brought from now on."""
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", given["secret_token"])
        self.webhook = given
        return True

    def on_deleteWebhook(self, _given: Json) -> bool:  # noqa: N802
        """Updates are fetched from now on."""
        self.webhook = {}
        return True

    def on_getUpdates(self, given: Json) -> list[Json]:  # noqa: N802
        """The updates from the offset on; those before it are taken and gone."""
        if self.webhook:
            raise Refused(409, "Conflict: can't use getUpdates method while webhook is active")
        for one in [one for one in self.updates if one < int(given.get("offset", 0))]:
            del self.updates[one]
        return [self.updates[one] for one in sorted(self.updates)[: int(given.get("limit", 100))]]

    def on_sendChatAction(self, given: Json) -> bool:  # noqa: N802
        """The bot seems to type."""
        assert given["action"] == "typing"
        return True

    def on_sendMessage(self, given: Json) -> Json:  # noqa: N802
        """A message of the bot."""
        message = self.written(given)
        message["message_id"] = next(self.numbers)
        self.chats[message["chat"]["id"]].append(message)
        return message

    def on_editMessageText(self, given: Json) -> Json:  # noqa: N802
        """Another text for a message of the bot."""
        message = self.written(given)
        old = self.found(message["chat"]["id"], int(given["message_id"]))
        old.pop("reply_markup", None)
        old.update(message)
        return old

    def on_answerCallbackQuery(self, given: Json) -> bool:  # noqa: N802
        """The tap of a button is answered."""
        assert len(given.get("text", "")) <= 200
        return True

    def found(self, chat: int, number: int) -> Json:
        """A message of the bot. Raises Refused."""
        for message in self.chats[chat]:
            if message["message_id"] == number:
                return message
        raise Refused(400, "Bad Request: message to edit not found")

    def written(self, given: Json) -> Json:
        """A message as it would be, without its number. Raises Refused."""
        chat = int(given["chat_id"])
        html = given.get("parse_mode") == "HTML"
        text, entities = parsed(given["text"]) if html else (given["text"], [])
        if not text.strip():
            raise Refused(400, "Bad Request: message text is empty")
        if units(text) > 4096:
            raise Refused(400, "Bad Request: message is too long")
        kind = "private" if chat > 0 else "supergroup"
        message: Json = {
            "date": int(time.time()), "chat": {"id": chat, "type": kind}, "from": BOT,
            "text": text, "entities": entities,
        }  # fmt: skip
        if markup := given.get("reply_markup"):
            for button in itertools.chain(*markup["inline_keyboard"]):
                if not 1 <= len(button["callback_data"].encode()) <= 64:
                    raise Refused(400, "Bad Request: BUTTON_DATA_INVALID")
            message["reply_markup"] = markup
        if reply := given.get("reply_parameters"):
            message["replied"] = reply["message_id"]
        return message


def read(method: str, url: str, given: Json) -> tuple[str, str, Json]:
    """The token, the method and the values of a call; what is JSON in a form is read."""
    token, _, name = url.partition("/bot")[2].partition("/")
    nested = ("reply_markup", "commands", "scope", "reply_parameters", "allowed_updates")
    return token, name or method, {k: json.loads(v) if k in nested else v for k, v in given.items()}


class Wire(BaseRequest):
    """The library's own boundary: a request is handed to the platform, and its answer back."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    @property
    def read_timeout(self) -> float | None:
        """Nobody waits."""
        return 1.0

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(  # noqa: PLR0913, PLR0917 - as the library has it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,  # noqa: ARG002 - as above
        write_timeout: Any = None,  # noqa: ARG002 - as above
        connect_timeout: Any = None,  # noqa: ARG002 - as above
        pool_timeout: Any = None,  # noqa: ARG002 - as above
    ) -> tuple[int, bytes]:
        """A call, as over HTTP."""
        await asyncio.sleep(self.platform.slow.get(url.rpartition("/")[2], 0))
        given = dict(request_data.json_parameters) if request_data else {}
        try:
            return 200, json.dumps(self.platform.call(*read(method, url, given))).encode()
        except Refused as refused:
            return refused.status, json.dumps(refused.body).encode()


async def _served(request: Request) -> Response:
    platform: Platform = request.app.state.platform
    given = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    token, name, given = read("", request.url.path, given)
    await asyncio.sleep(platform.slow.get(name, 0))
    if name in platform.hanging:
        platform.hung += 1
        platform.hung_for.add(int(given.get("chat_id", 0)))
        while name in platform.hanging:  # noqa: ASYNC110 - it is another thread that ends it
            await asyncio.sleep(0.02)
        return Response(status_code=504)
    try:
        done = platform.call(token, name, given)
        if name == "getUpdates":
            done = await _waited(platform, done, given)
    except Refused as refused:
        return JSONResponse(refused.body, refused.status)
    return JSONResponse(done)


async def _waited(platform: Platform, done: Json, given: Json) -> Json:
    """A long poll: nothing is given back before there is something, or another poll comes."""
    platform.polls += 1
    mine, end = platform.polls, time.monotonic() + int(given.get("timeout", 0))
    while not done["result"] and time.monotonic() < end:
        await asyncio.sleep(0.01)
        if mine != platform.polls:
            raise Refused(409, "Conflict: terminated by other getUpdates request")
        done = {"ok": True, "result": platform.on_getUpdates(given)}
    return done


@contextmanager
def listening(platform: Platform) -> Iterator[str]:
    """Put a platform on a port; its address."""
    app = Starlette(routes=[Route("/{path:path}", _served, methods=["GET", "POST"])])
    app.state.platform = platform
    with socket.create_server(("127.0.0.1", 0)) as made:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        config = uvicorn.Config(app, log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([made])), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{made.getsockname()[1]}"
        finally:
            platform.hanging.clear()
            server.should_exit = server.force_exit = True  # polls are not waited for
            thread.join(10)


def bring(platform: Platform, update: Json, url: str = "") -> int:
    """Bring an update to the webhook that is set, with its secret; the status of the answer."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": platform.webhook["secret_token"]}
    return httpx.post(url or platform.webhook["url"], json=update, headers=headers).status_code


def until(ready: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something that must come to be."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)
