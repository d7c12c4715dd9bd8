"""Callbacks replayed, repeated, out of order and forged: one right reply each, no forgery taken.

TEST_CALLBACKS=100000 sends that many; the default fits a test.
"""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import pytest
from msgspec import Struct, structs
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message
from wechat_platform import Known, Sender

from bot.accounts import WeChatAccount
from bot.channels import wechat
from bot.channels.envelopes import signature
from bot.channels.wechat_rendering import messages_of, with_more
from bot.days import today
from bot.resources import Resources
from bot.service import turn
from bot.tables import RECEIPTS, SESSIONS
from intents.dialogue import State

COUNT = int(os.environ.get("TEST_CALLBACKS", "3000"))
AT_ONCE = 16
KNOWN = Known()
assert KNOWN.key
ACCOUNT = WeChatAccount(KNOWN.token, KNOWN.receiver, (KNOWN.key,))
TEXTS = (
    "苏州职工透析限额多少",
    "苏州退休血友病限额多少",
    "昆山在哪里办",
    "苏州居民高血压报多少",
    "北京备案要带什么材料",
    "转人工",
    "苏州职工医保跟居民医保，特病报销一般哪个划算",
)
Wire = tuple[dict[str, str], bytes]


class Arrival(Struct, frozen=True):
    """A callback on its way: the number of the message, or None for a forgery."""

    message: int | None
    wire: Wire


def stale(sender: Sender, fields: dict[str, str | int]) -> Wire:
    return sender.request(fields, at=sender.clock() - 301)


def early(sender: Sender, fields: dict[str, str | int]) -> Wire:
    return sender.request(fields, at=sender.clock() + 600)


def unsigned(sender: Sender, fields: dict[str, str | int]) -> Wire:
    query, body = sender.request(fields)
    return {name: query[name] for name in ("timestamp", "nonce")}, body


def resigned(sender: Sender, fields: dict[str, str | int]) -> Wire:
    """The envelope of one callback under the signature of another."""
    return sender.request(fields)[0], sender.request(fields)[1]


def flipped(sender: Sender, fields: dict[str, str | int]) -> Wire:
    query, body = sender.request(fields)
    middle = len(body) // 2
    return query, body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


def renumbered(sender: Sender, fields: dict[str, str | int]) -> Wire:
    """The signed parameters of one moment moved to another."""
    query, body = sender.request(fields)
    return {**query, "timestamp": str(int(query["timestamp"]) + 1)}, body


def cleared(sender: Sender, fields: dict[str, str | int]) -> Wire:
    """No envelope at all, under a signature that is for one."""
    query, _ = sender.request(fields)
    return {**query, "signature": query["msg_signature"]}, sender.write(fields)


def strangers(**changed: str | bytes) -> Callable[[Sender, dict[str, str | int]], Wire]:
    """Somebody with another token, key or account."""

    def forged(sender: Sender, fields: dict[str, str | int]) -> Wire:
        return Sender(sender.post, structs.replace(KNOWN, **changed)).request(fields)

    return forged


FORGERIES = (
    *(stale, early, unsigned, resigned, flipped, renumbered, cleared),
    *(strangers(token="BBBBB"), strangers(key=bytes(32)), strangers(receiver="wx0")),
)


def arrivals(
    sender: Sender, chance: random.Random
) -> tuple[list[Arrival], list[dict[str, str | int]]]:
    """Callbacks in the order in which they come, and the messages that they carry.

    One of ten is a new message of somebody, five are repetitions of it in new envelopes or in the
    same, four are forged.
    """
    messages = [
        sender.fields(f"user-{number}", MsgType="text", Content=TEXTS[number % len(TEXTS)])
        for number in range(COUNT // 10)
    ]
    found = []
    for number, fields in enumerate(messages):
        wires = [sender.request(fields) for _ in range(3)]
        wires += [chance.choice(wires) for _ in range(3)]
        found += [(number + chance.random() * 30, Arrival(number, wire)) for wire in wires]
        for _ in range(4):
            wire = chance.choice(FORGERIES)(sender, fields)
            found.append((number + chance.random() * 30, Arrival(None, wire)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])], messages


async def post(app: ASGIApp, wire: Wire) -> tuple[int, bytes]:
    """Give the application one request; its status and its body."""
    query, body = wire
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/wechat",
        "query_string": urlencode(query).encode(),
        "headers": [(b"content-length", str(len(body)).encode())],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(one.get("body", b"") for one in sent[1:])


async def flood(app: ASGIApp, every: Sequence[Arrival]) -> list[tuple[Arrival, int, bytes]]:
    """Everything in its order, many at once."""
    stream = iter(every)
    done = []

    async def work() -> None:
        for one in stream:
            status, body = await post(app, one.wire)
            done.append((one, status, body))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return done


def expected(resources: Resources, text: str) -> str:
    """What a new person is answered who asks this."""
    answer = turn(resources.service, State(), text, day=today()).answer
    return with_more(messages_of(answer, links=True))


@pytest.mark.parametrize("mode", ["safe", "plain"])
def test_a_flood(resources: Resources, mode: str) -> None:
    """Each message has one right reply, each conversation one turn; no forgery is taken."""
    began = time.time()
    account = ACCOUNT if mode == "safe" else structs.replace(ACCOUNT, keys=())
    app = Starlette(routes=wechat.mounted(resources, account, now=lambda: began).routes)
    sender = Sender(TestClient(app).post, mode="safe")
    sender.clock = lambda: began
    every, messages = arrivals(sender, random.Random(11))  # noqa: S311 - the same in each run
    if mode == "plain":
        every = [structs.replace(one, wire=in_the_clear(sender, one, messages)) for one in every]
        sender.mode = "plain"
    done = asyncio.run(flood(app, every))

    assert {status for one, status, _ in done if one.message is None} <= {400, 403}
    replies: dict[int, set[bytes]] = defaultdict(set)
    for one, status, body in done:
        if one.message is not None:
            assert status == 200
            replies[one.message].add(body)
    right = {text: expected(resources, text) for text in TEXTS}
    for number, fields in enumerate(messages):
        (only,) = replies[number]
        assert sender.shown(only, fields) == right[str(fields["Content"])]
    assert turns(resources) == {1: len(messages)}
    assert receipts(resources) == len(messages) + (signatures(every) if mode == "plain" else 0)


def in_the_clear(sender: Sender, one: Arrival, messages: list[dict[str, str | int]]) -> Wire:
    """The same callback as the plain mode has it; a forgery with the signature of another."""
    query, _ = one.wire
    if one.message is not None:
        return query, sender.write(messages[one.message])
    other = signature(KNOWN.token, query["timestamp"], query["nonce"] + "0")
    return {**query, "signature": other}, sender.write(messages[0])


def signatures(every: Sequence[Arrival]) -> int:
    """With how many signatures the messages came."""
    return len({one.wire[0]["nonce"] for one in every if one.message is not None})


def turns(resources: Resources) -> Counter[int]:
    """How many conversations went on how often."""
    with resources.store.reading() as connection:
        return Counter(row.version for row in connection.execute(select(SESSIONS.c.version)))


def receipts(resources: Resources) -> int:
    """How many messages have a receipt; a signature that was seen is marked beside them."""
    messages = select(func.count()).select_from(RECEIPTS).where(RECEIPTS.c.payload != b"sealed")
    with resources.store.reading() as connection:
        return int(connection.execute(messages).scalar_one())
