"""What a callback of WeChat takes: encrypted, over HTTP, to a real server and back.

Each callback is a new message of a new person, as the platform would send it; what comes back is
decrypted afterwards and looked at, so that nothing counts as quick that was no answer.
"""

from __future__ import annotations

import asyncio
import base64
import os
import random
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from msgspec import structs

from bot.bench import Figures, percentile, turn_times
from bot.bench_http import RATE, crowd, server, sound, steady
from bot.channels.envelopes import opened, seal, signature
from bot.channels.wechat_wording import line as sentence
from bot.channels.wechat_xml import fields_of, xml
from bot.errors import InputError
from bot.evaluation import placed, read_cases
from bot.service import Service
from bot.terminal import aligned, tell

_TOKEN, _APP = "bench", "wxbench"
_REGION = "suzhou"  # where every question is asked, on both sides
_MOST = 3000  # callbacks a second that are made ready
_WARM = 300  # callbacks that are not measured


def measured(served: Service, questions: Path, seconds: float) -> Figures:
    """Every figure of the benchmark. Raises InputError for questions that cannot be used."""
    cases = [placed(served.library, case) for case in read_cases(questions)]
    if not cases:
        raise InputError(tell("no_questions", path=questions))
    first = [structs.replace(case, turns=case.turns[:1], region=_REGION) for case in cases]
    turns = turn_times(served, first, 2)
    key = os.urandom(32)
    texts = [case.turns[0] for case in first]
    random.Random(1).shuffle(texts)  # noqa: S311 - an order, no secret
    ready = callbacks(texts, key)
    settings = {
        "REGION": _REGION,
        "WECHAT_TOKEN": _TOKEN,
        "WECHAT_APP_ID": _APP,
        "WECHAT_AES_KEY": base64.b64encode(key).decode().rstrip("="),
        "WECHAT_APP_SECRET": "",
    }
    with server(settings) as port:
        asyncio.run(steady(port, [next(ready) for _ in range(_WARM)]))
        even = sound(asyncio.run(steady(port, [next(ready) for _ in range(int(RATE * seconds))])))
        flood = [next(ready) for _ in range(int(_MOST * seconds))]
        through = sound(asyncio.run(crowd(port, flood, seconds)))
    replies = [*even.replies, *through.replies]
    return {
        "rate": RATE,
        "p50_ms": percentile(even.times, 50),
        "p99_ms": percentile(even.times, 99),
        "turn_p50_ms": percentile(turns, 50),
        "turn_p99_ms": percentile(turns, 99),
        "callbacks_per_s": round(len(through.times) / through.took, 1),
        "answers": len(replies),
        "put_off": sum(text_of(reply, key) == sentence("busy") for reply in replies),
    }


def callbacks(texts: Sequence[str], key: bytes) -> Iterator[bytes]:
    """Requests without end, each a question of somebody else, sent now."""
    for number in count():
        now = str(int(time.time()))
        message = xml(
            {
                "ToUserName": "gh_bench",
                "FromUserName": f"user-{number}",
                "CreateTime": int(now),
                "MsgType": "text",
                "Content": texts[number % len(texts)],
                "MsgId": number,
            }
        )
        sealed = seal(message, key, _APP, os.urandom(16))
        body = xml({"ToUserName": "gh_bench", "Encrypt": sealed})
        signed = signature(_TOKEN, now, str(number), sealed)
        query = f"timestamp={now}&nonce={number}&encrypt_type=aes&msg_signature={signed}"
        head = (
            f"POST /wechat?{query} HTTP/1.1\r\nhost: bench\r\ncontent-type: text/xml\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def text_of(reply: bytes, key: bytes) -> str:
    """What a reply tells the person. Raises EnvelopeError or KeyError for one that is no reply."""
    message = opened(fields_of(reply)["Encrypt"], (key,), _APP).message
    return fields_of(message)["Content"]


def table(figures: Figures) -> str:
    """The figures, a line each."""
    return aligned(
        [(tell(f"bench_wechat_{name}"), str(figure)) for name, figure in figures.items()]
    )
