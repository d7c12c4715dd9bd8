"""The platforms of WeChat and WeCom as they behave: they sign, encrypt, repeat and count.

`Sender` sends what people do to a callback and shows them what comes back, `Interfaces` is what
an account can call.
"""

from __future__ import annotations

import itertools
import json
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import httpx
from msgspec import Struct
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.channels.envelopes import is_signed, opened, seal, signature
from bot.channels.wechat_xml import as_json, fields_of, xml

MOST = 2048  # bytes of a text
TRIES, APART = 3, 5  # how often a callback is sent, and seconds between
FAULT = "该公众号提供的服务出现故障，请稍后再试"  # what a person sees where a reply cannot be used
_SILENT = {b"", b"success"}
_numbers = itertools.count(24_000_000_000_000_000)


class Answered(Protocol):
    """What an HTTP client gives back."""

    status_code: int
    content: bytes


Post = Callable[..., Answered]


class Known(Struct, frozen=True):
    """What the console of an account holds; `key` is None in the plain mode."""

    token: str = "AAAAA"  # noqa: S105 - of Tencent's own examples
    receiver: str = "wxba5fad812f8e6fb9"
    key: bytes | None = bytes(range(32))
    agent: str | None = None


class Sender:
    """Sends callbacks to one address. `mode` is plain, compatible or safe; `form` xml or json."""

    def __init__(
        self,
        post: Post,
        known: Known | None = None,
        *,
        mode: str = "safe",
        form: str = "xml",
        path: str = "/wechat",
    ) -> None:
        self.post = post
        self.known = known or Known()
        self.mode = mode
        self.write = as_json if form == "json" else xml
        self.path = path
        self.clock = time.time
        self.replies: list[bytes] = []

    def says(self, user: str, text: str, **more: str) -> str | None:
        """What a person is shown who writes something."""
        return self.does(user, MsgType="text", Content=text, **more)

    def does(self, user: str, *, lost: int = 0, **more: str) -> str | None:
        """What a person is shown who does something; None where nothing is.

        The first replies may be lost on the way: then the platform sends the same once more.
        """
        fields = self.fields(user, **more)
        for number in range(TRIES):
            reply = self.send(fields, at=self.clock() + number * APART)
            self.replies.append(reply.content)
            if number >= lost and reply.status_code == 200:
                return self.shown(reply.content, fields)
        return FAULT

    def fields(self, user: str, **more: str) -> dict[str, str | int]:
        """A message as the platform writes it; what is no event has a number."""
        mine = self.known.receiver if self.path == "/wecom" else "gh_123456789abc"
        numbered = {} if more.get("MsgType") == "event" else {"MsgId": str(next(_numbers))}
        agent = {"AgentID": self.known.agent} if self.known.agent else {}
        head = {"ToUserName": mine, "FromUserName": user, "CreateTime": int(self.clock())}
        return {**head, **numbered, **agent, **more}

    def send(self, fields: Mapping[str, str | int], *, at: float | None = None) -> Answered:
        """Send these fields once; the reply as it is."""
        query, body = self.request(fields, at=at)
        return self.post(self.path, params=query, content=body)

    def request(
        self, fields: Mapping[str, str | int], *, at: float | None = None
    ) -> tuple[dict[str, str], bytes]:
        """The parameters and the body of a callback in the mode of the console."""
        timestamp, nonce = str(int(at or self.clock())), str(next(_numbers))[-9:]
        signed = signature(self.known.token, timestamp, nonce)
        query = {"timestamp": timestamp, "nonce": nonce, "signature": signed}
        if self.mode == "plain":
            return query, self.write(fields)
        assert self.known.key
        sealed = seal(self.write(fields), self.known.key, self.known.receiver, os.urandom(16))
        query["encrypt_type"] = "aes"
        query["msg_signature"] = signature(self.known.token, timestamp, nonce, sealed)
        clear = fields if self.mode == "compatible" else {"ToUserName": fields["ToUserName"]}
        return query, self.write({**clear, "Encrypt": sealed})

    def shown(self, reply: bytes, sent: Mapping[str, str | int]) -> str | None:
        """What the person sees of a reply."""
        if reply in _SILENT:
            return None
        assert (reply[:1] == b"{") == (self.write is as_json)
        fields = fields_of(reply)
        if self.mode != "plain":
            assert self.known.key
            given = (fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
            assert is_signed(fields["MsgSignature"], self.known.token, *given)
            found = opened(fields["Encrypt"], (self.known.key,), self.known.receiver)
            fields = fields_of(found.message)
        assert fields["ToUserName"] == sent["FromUserName"]
        assert fields["FromUserName"] == sent["ToUserName"]
        assert fields["MsgType"] == "text"
        assert 0 < len(fields["Content"].encode()) <= MOST
        return fields["Content"]


class Interfaces:
    """The interfaces that an account calls: tokens, messages, menus; every call is kept.

    `refusals` are the errcodes that the next calls get, in order; `gone` are paths that there are
    not.
    """

    def __init__(self, *, gone: frozenset[str] = frozenset()) -> None:
        self.gone = gone
        self.calls: Counter[str] = Counter()
        self.sent: list[dict[str, Any]] = []
        self.menus: list[dict[str, Any]] = []
        self.refusals: list[int] = []
        self.token = ""
        paths = ["stable_token", "token", "gettoken"]
        self.app = Starlette(
            routes=[
                *[Route(f"/cgi-bin/{one}", self.give, methods=["GET", "POST"]) for one in paths],
                Route("/cgi-bin/message/custom/send", self.take, methods=["POST"]),
                Route("/cgi-bin/message/send", self.take, methods=["POST"]),
                Route("/cgi-bin/menu/create", self.take, methods=["POST"]),
            ]
        )

    async def give(self, request: Request) -> JSONResponse:
        """A token, for who has the secret."""
        name = request.url.path.rpartition("/")[2]
        self.calls[name] += 1
        if name in self.gone:
            return JSONResponse({}, 404)
        asked = await request.json() if request.method == "POST" else request.query_params
        if "the-secret" not in {asked.get("secret"), asked.get("corpsecret")}:
            return JSONResponse({"errcode": 40125, "errmsg": "invalid appsecret"})
        self.token = f"token-{sum(self.calls.values())}"
        return JSONResponse({"errcode": 0, "access_token": self.token, "expires_in": 7200})

    async def take(self, request: Request) -> JSONResponse:
        """A message or a menu, for who has the token that counts."""
        self.calls[request.url.path.rpartition("/")[2]] += 1
        if request.query_params.get("access_token") != self.token:
            return JSONResponse({"errcode": 40001, "errmsg": "invalid credential"})
        if self.refusals:
            return JSONResponse({"errcode": self.refusals.pop(0), "errmsg": "no"})
        raw = await request.body()
        assert b"\\u" not in raw, "the platform would show the escapes"
        body = json.loads(raw)
        if "button" in body:
            self.menus.append(body)
        else:
            assert 0 < len(body["text"]["content"].encode()) <= MOST
            self.sent.append(body)
        return JSONResponse({"errcode": 0, "errmsg": "ok"})


@contextmanager
def over_http(url: str) -> Iterator[Post]:
    """Send to a real server, as patient as the platform is."""
    with httpx.Client(base_url=url, timeout=APART) as client:
        yield client.post
