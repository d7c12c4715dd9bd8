"""What is given any bytes at all, and what must hold of it.

A target raises nothing but what its doors are known to raise; what it asserts holds for any input.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import logging
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from typing import get_args

import httpx
import msgspec
import structlog
from msgspec import Struct, structs, to_builtins
from sqlalchemy import delete

from bot import journal
from bot.answers import reply
from bot.channels import envelopes, wechat_messages, wechat_xml
from bot.channels.telegram_bot import update_of
from bot.channels.telegram_updates import Me, heard, named
from bot.journal import Line
from bot.keyring import Keyring
from bot.messages import Status
from bot.problems import Problem
from bot.reasons import why
from bot.redact import marks, redacted
from bot.replaying import as_data, as_lines, replayed
from bot.resources import Live, Resources
from bot.server import application
from bot.service import Service, service, turn
from bot.settings import Settings
from bot.spool import _records
from bot.store import opened, url_of
from bot.tables import JOURNAL
from intents.dialogue import State
from intents.normalise import normalise
from knowledge.errors import KnowledgeError
from knowledge.loader import FILES, build
from knowledge.snapshot import load

DAY = date(2026, 11, 22)
DATA = Path(__file__).parents[1] / "data"
_STATUSES = frozenset(get_args(Status))
_KEY = bytes(range(32))
_SESSION = "s" * 22
_ME = Me(1, "yiwentong_bot")


class Target(Struct, frozen=True):
    """A door: what is tried, inputs to begin with, and pieces that mean something to it."""

    name: str
    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    pieces: tuple[bytes, ...]


def _pieces(text: str, between: str = " ") -> tuple[bytes, ...]:
    """What a text holds piece by piece, as bytes."""
    return tuple(piece.encode() for piece in text.split(between))


WORDS = _pieces(
    "透析 非透析 癌症 糖尿病 高血压 儿童 I型 职工 居民 退休 学生 65岁 5万 8000元 90% 三甲 限额 "
    "比例 怎么办 材料 在哪里 多少 ？ ， 。 苏州 北京 昆山 花了 超过35万 不是 说错了 转人工 "
    "第二个 呢 换成 2020年 2024年3月 xuetou tnb 審核 ＰＫＵ 😭 身份证 电话 我叫王小明 姓名： "
    "11010519491231002X １３８００１３８０００ 一三八零零一三八零零零 a@b.cn 6222020200112233 "
    "干将路1号 〔手机号〕 微信号 abc123 \u200b \u202e \ufe0f ① 〇 壹 -"
)
_XML = _pieces(
    "<xml> </xml> <![CDATA[ ]]> <ToUserName> <FromUserName> <MsgType> text event "
    "<Content> <MsgId> <CreateTime> <Event> <Encrypt> &amp; &#0; <!DOCTYPE <?xml {"
)
_YAML = _pieces(
    "- | : |\n|  |id|disease|scheme|limit|rate|since|cite|source|place|words|[|]|{|}|&a|*a|!!|"
    "\"|'|#|0x1|1_000|2023-10|no|~|---|\t|<<",
    "|",
)
_JSON = _pieces(
    '{ } [ ] " : , update_id message chat from text entities callback_query data type '
    "private group bot_command offset length \\u0000 \\ud800 1e400 -1 null true"
)


def text_of(data: bytes) -> str:
    """Any text, halves of characters too."""
    return data.decode("utf-8", "surrogateescape")


def quiet() -> None:
    """Write no log: what is refused is written down each time."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@cache
def served() -> Service:
    """The service of the project's own packs."""
    return service(load())


@cache
def resources() -> Resources:
    """What a server serves from, with a database in memory of its own."""
    folder = Path(tempfile.mkdtemp(prefix="yiwentong-fuzz-", dir=_memory()))
    settings = Settings(data_dir=folder, requests_per_minute=0, session_requests_per_minute=0)
    store = opened(url_of(folder, None), spool=folder / "spool")
    return Resources(Live(served()), store, settings, Keyring(b"the secret of the tests"))


def _memory() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - made safely


def normalising(data: bytes) -> None:
    """Every character knows where it stood, in order; what is normal stays as it is."""
    raw = text_of(data)
    found = normalise(raw)
    assert len(found.offsets) == len(found.text)
    assert all(0 <= at < len(raw) for at in found.offsets)
    assert list(found.offsets) == sorted(found.offsets)
    found.text.encode()


def understanding(data: bytes) -> None:
    """A conversation of any lines: each has a whole reply, and its state can be kept."""
    state = State()
    for text in text_of(data).split("\n")[:4]:
        found = turn(served(), state, text, day=DAY, region="suzhou")
        said = to_builtins(reply(found.answer))
        assert said["status"] in _STATUSES
        assert said["text"].strip()
        json.dumps(said, ensure_ascii=False).encode()
        why(found)
        state = msgspec.msgpack.decode(msgspec.msgpack.encode(found.state), type=State)
        assert state == found.state


def packs(data: bytes) -> None:
    """A file of a pack: read, or refused with its faults."""
    names = ["pack.yaml", *FILES]
    name = names[data[0] % len(names)] if data else names[0]
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        region = Path(folder, "town")
        region.mkdir()
        for file in (DATA / "packs" / "town").iterdir():
            Path(region, file.name).write_bytes(file.read_bytes())
        Path(region, name).write_bytes(data[1:])
        with suppress(KnowledgeError):
            build(Path(folder))


def redaction(data: bytes) -> None:
    """What is left is a text, with as many lines as there were; kinds are told for marks alone."""
    found = redacted(text_of(data))
    redacted(found.text)
    assert bool(found.kinds) == bool(marks().search(found.text))


def wechat(data: bytes) -> None:
    """A body of a callback, and what is written in answer to it."""
    try:
        fields = wechat_xml.fields_of(data)
    except wechat_xml.UnreadableError:
        return
    with suppress(wechat_messages.FieldError):
        found = wechat_messages.incoming_of(fields)
        assert found.user
    text = text_of(data).encode("utf-8", "replace").decode()
    written = wechat_xml.xml({"Content": text})
    assert wechat_xml.fields_of(written)["Content"].split() == wechat_xml.fit(text).split()


def sealed(data: bytes) -> None:
    """An envelope: opened, or refused; what was sealed is opened again."""
    with suppress(envelopes.EnvelopeError):
        envelopes.opened(text_of(data), (_KEY,), "app")
    kept = envelopes.seal(data, _KEY, "app", bytes(16))
    assert envelopes.opened(kept, (bytes(32), _KEY), "app").message == data
    envelopes.is_fresh(text_of(data), 1e9)
    envelopes.is_signed(text_of(data), "token", text_of(data))


def telegram(data: bytes) -> None:
    """A body of the webhook: an update that is understood, or none."""
    try:
        read = json.loads(data)
    except (ValueError, RecursionError):
        return
    update = update_of(read)
    if update is not None:
        named(update)
        with suppress(Exception):  # the receiver takes whatever this raises
            heard(update, _ME)


def why_it_was(data: bytes) -> None:
    """A line of the journal with any text, any state, any time: it is read, and taken again."""
    head, _, state = data.partition(b"\0")
    text = head.decode("utf-8", "ignore").replace("\0", "")
    at = int.from_bytes(data[:4], "big")
    # What `keep` takes is made of what `line_of` makes; the rest is what another release left.
    line = Line(
        id="0" * 16, at=at, channel="web", session="", region=text[:8], packs=text[:12],
        asked=text, status="answered", topic="", understood_json=json.dumps({"slots": text}),
        answered=text, cited_json=json.dumps([text]), state=state, micros=0,
    )  # fmt: skip
    store = resources().store
    with store.writing() as connection:
        connection.execute(delete(JOURNAL))
        journal.keep(connection, line)
    found = replayed(resources(), line.id)
    json.dumps(as_data(found))
    assert "\n".join(as_lines(found))


def spooled(data: bytes) -> None:
    """A file of the spool that was broken off, or is none."""
    for record in _records(data):
        structs.asdict(record)


@cache
def _client() -> tuple[asyncio.AbstractEventLoop, httpx.AsyncClient]:
    transport = httpx.ASGITransport(application(resources()), raise_app_exceptions=True)
    client = httpx.AsyncClient(transport=transport, base_url="http://test")
    loop = asyncio.new_event_loop()
    atexit.register(loop.close)
    return loop, client


def _sent(method: str, path: str, body: bytes, media: str, query: bytes = b"") -> int:
    loop, client = _client()
    url = httpx.URL(f"http://test{path}").copy_with(query=query or None)
    request = client.build_request(method, url, content=body, headers={"content-type": media})
    with suppress(Problem):
        return loop.run_until_complete(client.send(request)).status_code
    return 0


def forms(data: bytes) -> None:
    """A form of the page without a script."""
    assert _sent("POST", "/chat", data, "application/x-www-form-urlencoded") < 500


def interface(data: bytes) -> None:
    """A body for each operation that takes one."""
    paths = ("/api/v1/ask", "/api/v1/feedback", "/api/v1/calculate")
    path = paths[data[0] % len(paths)] if data else paths[0]
    assert _sent("POST", path, data[1:], "application/json") < 500


def queries(data: bytes) -> None:
    """What stands behind a question mark: waiting for news, and searching."""
    query = bytes(byte for byte in data if 0x20 < byte < 0x7F and byte != 0x23)
    for path in (f"/api/v1/sessions/{_SESSION}/events", "/api/v1/suggest", "/api/v1/benefits"):
        assert _sent("GET", path, b"", "", query) < 500


def _files(folder: Path) -> tuple[bytes, ...]:
    return tuple(file.read_bytes() for file in sorted(folder.rglob("*.yaml")))


_TALK = ("苏州职工透析限额多少\n退休的呢".encode(), "高血压花了8000元能报多少".encode())
_FORM = (b"text=%E9%80%8F%E6%9E%90&session=" + _SESSION.encode(), b"region=suzhou&text=x&lang=zh")
_PERSON = b'"from":{"id":1,"is_bot":false,"first_name":"a"}'
_COMMAND = b'{"type":"bot_command","offset":0,"length":6}'
_MESSAGE = b'"message_id":1,"date":1,"chat":{"id":1,"type":"private"},"text":"/start x",' + _PERSON
_UPDATE = (
    b'{"update_id":1,"message":{' + _MESSAGE + b',"entities":[' + _COMMAND + b"]}}",
    b'{"update_id":2,"callback_query":{"id":"1","chat_instance":"1","data":"a",' + _PERSON + b"}}",
)
_NAMED = b"<ToUserName>a</ToUserName><FromUserName>b</FromUserName><CreateTime>1</CreateTime>"
_TEXT = b"<MsgType>text</MsgType><Content><![CDATA[x]]></Content><MsgId>1</MsgId>"
_CALLBACK = (
    b"<xml>" + _NAMED + _TEXT + b"</xml>",
    b'{"ToUserName":"a","FromUserName":"b","CreateTime":1,"MsgType":"text","Content":"x"}',
)
_ASKED = (b'\0{"text":"x","session":"' + _SESSION.encode() + b'"}', b'\1{"rating":"up"}')
_PACKS = tuple(bytes([n]) + raw for n, raw in enumerate(_files(DATA / "packs" / "town")))
_QUERIES = (b"after=0&wait=0", b"q=tx&region=suzhou&limit=8", b"state=waiting&ahead=1")

TARGETS = (
    Target("normalise", normalising, _TALK, WORDS),
    Target("understand", understanding, _TALK, WORDS),
    Target("redaction", redaction, _TALK, WORDS),
    Target("packs", packs, _PACKS, _YAML),
    Target("wechat", wechat, _CALLBACK, _XML + WORDS[:4]),
    Target("envelopes", sealed, (b"AAAA",), (b"=", b"+", b"/")),
    Target("telegram", telegram, _UPDATE, _JSON),
    Target("forms", forms, _FORM, (b"&", b"=", b"%", b"+", b"text", b"session", b"region")),
    Target("interface", interface, _ASKED, _JSON),
    Target("queries", queries, _QUERIES, (b"&", b"=", b"%", b"after", b"wait", b"state", b"q")),
    Target("journal", why_it_was, (b"x\0\x90",), (*WORDS, b"\0", b"\x90", b"\x80")),
    Target("spool", spooled, (b'{"type":"done","number":-1}\n',), (*_JSON, b"\n")),
)
