"""A callback of WeChat is proved, answered once, and a repetition is given the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from browsing import serving
from msgspec import structs
from sqlalchemy import func, select
from starlette.applications import Starlette
from starlette.testclient import TestClient
from wechat_platform import FAULT, Known, Sender, over_http

from bot import sessions
from bot.accounts import Accounts, WeChatAccount
from bot.channels import wechat
from bot.channels.envelopes import WINDOW, seal, signature
from bot.channels.wechat_menu import menu
from bot.channels.wording import line
from bot.resources import Resources
from bot.server import application
from bot.store import Store, opened, url_of
from bot.tables import LEFTOVERS, OUTBOX, RECEIPTS, SESSIONS

KNOWN = Known()
OLD = bytes(range(32, 64))
MODES = ["plain", "compatible", "safe"]
QUESTION = "苏州职工透析限额多少"
LONG = "苏州门特怎么备案，十个区的地址都列一下，职工和居民有什么区别"  # three messages
assert KNOWN.key
ACCOUNT = WeChatAccount(KNOWN.token, KNOWN.receiver, (KNOWN.key, OLD))


def with_account(resources: Resources, account: WeChatAccount = ACCOUNT) -> Resources:
    """The resources of a deployment that has this account."""
    settings = structs.replace(resources.settings, accounts=Accounts(wechat=account))
    return structs.replace(resources, settings=settings)


@contextmanager
def answering(resources: Resources, account: WeChatAccount = ACCOUNT) -> Iterator[TestClient]:
    """The whole application with this account, in process."""
    app = application(with_account(resources, account))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(resources: Resources) -> Iterator[TestClient]:
    """The whole application with an account that has two keys."""
    with answering(resources) as made:
        yield made


@pytest.fixture
def bare(resources: Resources) -> Iterator[TestClient]:
    """The whole application with an account that has no keys: the plain mode."""
    with answering(resources, WeChatAccount(KNOWN.token, KNOWN.receiver)) as made:
        yield made


@pytest.fixture
def sender(client: TestClient) -> Sender:
    """A platform in the safe mode."""
    return Sender(client.post)


def server_for(mode: str) -> str:
    """Which of the fixtures the console is in this mode with: with keys nothing comes in clear."""
    return "bare" if mode == "plain" else "client"


def rows(resources: Resources, table: str = "receipts") -> int:
    """How many rows a table has; of receipts those of messages, not of signatures."""
    tables = {"receipts": RECEIPTS, "sessions": SESSIONS, "outbox": OUTBOX}
    wanted = select(func.count()).select_from(tables[table])
    if table == "receipts":
        wanted = wanted.where(RECEIPTS.c.payload != b"sealed")
    with resources.store.reading() as connection:
        return int(connection.execute(wanted).scalar_one())


# the address is verified


@pytest.mark.parametrize(
    ("at", "nonce", "signed"),
    [
        (1714036504, "1514711492", "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (1714037059, "486452656", "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
    ],
)
def test_the_published_requests_are_verified(
    resources: Resources, at: int, nonce: str, signed: str
) -> None:
    """Tencent's own examples: the echostr comes back as it is, as text."""
    mounted = wechat.mounted(resources, ACCOUNT, now=lambda: at + 1.0)
    query = {"signature": signed, "timestamp": str(at), "nonce": nonce}
    reply = TestClient(Starlette(routes=mounted.routes)).get(
        "/wechat", params={**query, "echostr": "4375120948345356249"}
    )

    assert (reply.status_code, reply.text) == (200, "4375120948345356249")
    assert reply.headers["content-type"].startswith("text/plain")


def test_an_old_request_is_refused(client: TestClient) -> None:
    """Its signature is right, its time is not."""
    for away in (-WINDOW - 5, WINDOW + 5):
        timestamp = str(int(time.time()) + away)
        signed = signature(KNOWN.token, timestamp, "1")
        query = {"signature": signed, "timestamp": timestamp, "nonce": "1", "echostr": "x"}
        assert client.get("/wechat", params=query).status_code == 403


@pytest.mark.parametrize("lacking", ["signature", "timestamp", "nonce"])
def test_a_request_that_lacks_something_is_refused(client: TestClient, lacking: str) -> None:
    """Every refusal has the same form."""
    timestamp = str(int(time.time()))
    query = {"timestamp": timestamp, "nonce": "1", "echostr": "x"}
    query["signature"] = signature(KNOWN.token, timestamp, "1")
    del query[lacking]
    for reply in (client.get("/wechat", params=query), client.post("/wechat", params=query)):
        assert (reply.status_code, reply.text) == (403, "refused\n")


# the modes


@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("mode", MODES)
def test_each_mode_and_form_is_answered_in_kind(
    request: pytest.FixtureRequest, mode: str, form: str
) -> None:
    """Encrypted where it came encrypted, JSON where it came as JSON."""
    client = request.getfixturevalue(server_for(mode))
    shown = Sender(client.post, mode=mode, form=form).says("user", QUESTION)

    assert shown
    assert "无限额" in shown
    assert "来源：" in shown


@pytest.mark.parametrize("mode", MODES)
def test_a_repetition_has_the_same_bytes(
    request: pytest.FixtureRequest, resources: Resources, mode: str
) -> None:
    """Two replies are lost; the third is the first, and the question was asked once."""
    client = request.getfixturevalue(server_for(mode))
    sender = Sender(client.post, mode=mode)
    shown = sender.does("user", MsgType="text", Content=QUESTION, lost=2)

    assert shown
    assert "无限额" in shown
    assert len(sender.replies) == 3
    assert len(set(sender.replies)) == 1
    assert rows(resources, "sessions") == 1


def test_the_key_before_is_still_good(client: TestClient) -> None:
    """While a change of keys is under way; the reply has the key of the message."""
    shown = Sender(client.post, structs.replace(KNOWN, key=OLD)).says("user", QUESTION)
    assert shown
    assert "无限额" in shown


@pytest.mark.parametrize(
    "known",
    [
        structs.replace(KNOWN, token="BBBBB"),
        structs.replace(KNOWN, key=bytes(32)),
        structs.replace(KNOWN, receiver="wx0"),
    ],
    ids=["token", "key", "appid"],
)
def test_what_is_forged_is_refused(client: TestClient, resources: Resources, known: Known) -> None:
    """Another token, another key, another account: nothing is answered, nothing kept."""
    sender = Sender(client.post, known)
    assert sender.says("user", QUESTION) == FAULT
    assert rows(resources) == 0
    assert set(sender.replies) == {b"refused\n"}


def test_the_clear_fields_of_the_compatible_mode_are_not_believed(client: TestClient) -> None:
    """They are not signed: only what is in the envelope counts."""
    sender = Sender(client.post, mode="compatible")
    fields = sender.fields("user", MsgType="text", Content=QUESTION)
    query, body = sender.request(fields)
    forged = body.replace(QUESTION.encode(), "苏州糖尿病限额多少".encode())
    reply = client.post("/wechat", params=query, content=forged)

    assert "无限额" in str(sender.shown(reply.content, fields))


def test_a_signature_of_an_envelope_is_good_for_none_in_the_clear(
    client: TestClient, resources: Resources
) -> None:
    """Who has seen the address of a callback cannot send a body of their own with it."""
    safe = Sender(client.post)
    fields = safe.fields("user", MsgType="text", Content=QUESTION)
    seen, sealed = safe.request(fields)
    assert client.post("/wechat", params=seen, content=sealed).status_code == 200
    body = safe.write(safe.fields("user", MsgType="text", Content="重新开始"))
    plain = {name: seen[name] for name in ("timestamp", "nonce", "signature")}

    assert client.post("/wechat", params=seen, content=body).status_code == 403
    assert client.post("/wechat", params=plain, content=body).status_code == 403
    assert client.post("/wechat", params=seen, content=sealed).status_code == 200
    assert rows(resources) == 1


def test_a_console_in_the_plain_mode_is_answered_with_keys_set_too(client: TestClient) -> None:
    """The console asks for a key in every mode."""
    assert "无限额" in str(Sender(client.post, mode="plain").says("user", QUESTION))


def test_without_keys_a_body_needs_a_signature(bare: TestClient) -> None:
    """With one it is answered, without it is not."""
    sender = Sender(bare.post, mode="plain")
    query, body = sender.request(sender.fields("user", MsgType="text", Content=QUESTION))
    bad = {**query, "signature": "0" * 40}

    assert bare.post("/wechat", params=bad, content=body).status_code == 403
    bad["msg_signature"] = "0" * 40
    assert bare.post("/wechat", params=bad, content=body).status_code == 403
    assert bare.post("/wechat", params=query, content=body).status_code == 200


def test_a_signature_in_the_clear_is_good_for_one_body(bare: TestClient) -> None:
    """The same body again is a repetition, another body a replay."""
    client, sender = bare, Sender(bare.post, mode="plain")
    query, body = sender.request(sender.fields("user", MsgType="text", Content=QUESTION))
    other = sender.request(sender.fields("other", MsgType="text", Content="转人工"))[1]

    first = client.post("/wechat", params=query, content=body)
    assert client.post("/wechat", params=query, content=body).content == first.content
    assert client.post("/wechat", params=query, content=other).status_code == 403


def test_without_a_key_the_compatible_mode_is_the_plain_one(resources: Resources) -> None:
    """The clear fields are signed for by the plain signature; the safe mode cannot be read."""
    with answering(resources, WeChatAccount(KNOWN.token)) as client:
        sender = Sender(client.post, mode="compatible")
        query, body = sender.request(sender.fields("user", MsgType="text", Content=QUESTION))
        assert "无限额" in client.post("/wechat", params=query, content=body).text
        safe = Sender(client.post)
        assert safe.send(safe.fields("user", MsgType="text", Content="x")).status_code == 400


# what is no message

RUBBISH: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "cut off": lambda: b"<xml><Encrypt>",
    "GBK": lambda: "<xml><a>透析</a></xml>".encode("gbk"),
    "a bomb": lambda: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>',
    "no envelope": lambda: b"<xml><ToUserName>a</ToUserName></xml>",
    "JSON": lambda: b"{]",
    "NULs": lambda: bytes(1000),
}


@pytest.mark.parametrize("mode", ["plain", "safe"])
@pytest.mark.parametrize("rubbish", RUBBISH.values(), ids=RUBBISH.keys())
def test_rubbish_is_refused(
    request: pytest.FixtureRequest, mode: str, rubbish: Callable[[], bytes]
) -> None:
    """With a 4xx, whatever it is."""
    client = request.getfixturevalue(server_for(mode))
    query, _ = Sender(client.post, mode=mode).request({"ToUserName": "a"})
    reply = client.post("/wechat", params=query, content=rubbish())

    assert 400 <= reply.status_code < 500
    assert reply.text == "refused\n"


@pytest.mark.parametrize(
    "broken",
    [
        {"FromUserName": ""},
        {"FromUserName": "a" * 300},
        {"FromUserName": "a\nb"},
        {"ToUserName": " "},
        {"CreateTime": "soon"},
        {"MsgId": "1 OR 1"},
        {"MsgId": ""},
        {"MsgType": ""},
        {"MsgType": "event", "Event": ""},
    ],
    ids=str,
)
def test_fields_that_cannot_be_are_refused(client: TestClient, broken: dict[str, str]) -> None:
    """The envelope is right, what is in it is not."""
    sender = Sender(client.post)
    fields = {**sender.fields("user", MsgType="text", Content="x"), **broken}
    assert sender.send(fields).status_code == 400


def test_a_text_without_its_text_is_refused(client: TestClient) -> None:
    """Every text has the field, even an empty one."""
    sender = Sender(client.post)
    assert sender.send(sender.fields("user", MsgType="text")).status_code == 400


def test_a_signed_envelope_of_rubbish_is_refused_like_any(client: TestClient) -> None:
    """Wrong padding, wrong length, no base64: nothing tells one from the other."""
    timestamp = str(int(time.time()))
    good = seal(b"<xml/>", OLD, KNOWN.receiver, bytes(16))
    for sealed in ("!!!!", "AAAA", good[:-4], good[:43] + "A" + good[44:], "A" * 64):
        signed = signature(KNOWN.token, timestamp, "1", sealed)
        query = {"timestamp": timestamp, "nonce": "1", "msg_signature": signed}
        body = f"<xml><Encrypt>{sealed}</Encrypt></xml>"
        reply = client.post("/wechat", params=query, content=body.encode())
        assert (reply.status_code, reply.text) in {(403, "refused\n"), (400, "refused\n")}


def test_ten_megabytes_are_refused(client: TestClient) -> None:
    """Before they are read."""
    query, _ = Sender(client.post).request({"ToUserName": "a"})
    reply = client.post("/wechat", params=query, content=b"<xml>" + b" " * 10_000_000)
    assert (reply.status_code, reply.text) == (413, "refused\n")


@pytest.mark.parametrize("mode", MODES)
def test_a_very_long_text_is_told_that_it_is(request: pytest.FixtureRequest, mode: str) -> None:
    """The platform's own error is not what somebody sees who pasted a whole document."""
    client = request.getfixturevalue(server_for(mode))
    shown = Sender(client.post, mode=mode).says("user", "透析" * 16_000)
    assert "太长" in str(shown)


def test_what_a_person_writes_cannot_leave_its_field(sender: Sender) -> None:
    """Neither the end of a CDATA section nor a control character does."""
    for text in ("]]><x>", "]]></Content>透析", "a\x01b", "&#0;", '<a href="http://x">x</a>'):
        shown = str(sender.says("user", text))
        assert shown != FAULT
        assert "http://x" not in shown


# kinds of messages


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("image", "image"),
        ("video", "video"),
        ("shortvideo", "video"),
        ("location", "location"),
        ("link", "link"),
        ("file", "file"),
        ("hologram", "other"),
        ("voice", "voice_none"),
    ],
)
def test_each_kind_has_a_useful_reply(sender: Sender, kind: str, sentence: str) -> None:
    """What cannot be read is said, with what to do instead."""
    assert sender.does("user", MsgType=kind, MediaId="m") == line(sentence)


def test_a_place_on_a_map_is_asked_about(sender: Sender) -> None:
    """The nearest office is not guessed: it may not be the one."""
    shown = sender.does(
        "user", MsgType="location", Location_X="31.3", Location_Y="120.6", Label="x"
    )
    assert "哪个区" in str(shown)


def test_voice_is_answered_as_it_was_heard(sender: Sender) -> None:
    """Where nothing was heard in it, that is said."""
    heard = sender.does("user", MsgType="voice", Recognition=QUESTION, MediaId="m")
    assert "无限额" in str(heard)
    assert sender.does("user", MsgType="voice", Recognition="", MediaId="m") == line("voice")


def test_a_sticker_is_no_question(sender: Sender) -> None:
    """The platform puts a sentence in the place of what it cannot pass on."""
    assert sender.says("user", "【收到不支持的消息类型，暂无法显示】") == line("sticker")


# events


@pytest.mark.parametrize("key", ["", "qrscene_poster"])
def test_a_new_follower_is_greeted(sender: Sender, key: str) -> None:
    """Once, also where a QR code was scanned and the reply was lost."""
    shown = sender.does("user", MsgType="event", Event="subscribe", EventKey=key, lost=1)
    assert str(shown).startswith("您好，我是一问通")
    assert len(set(sender.replies)) == 1


def test_a_code_of_a_region_sets_it(sender: Sender) -> None:
    """One that hangs in a hall of Suzhou; who scans it again later, too."""
    shown = sender.does("a", MsgType="event", Event="subscribe", EventKey="qrscene_suzhou")
    assert "按苏州的规定回答" in str(shown)
    assert "无限额" in str(sender.says("a", "职工透析限额多少"))
    shown = sender.does("b", MsgType="event", Event="SCAN", EventKey="suzhou")
    assert "按苏州的规定回答" in str(shown)
    assert sender.does("b", MsgType="event", Event="SCAN", EventKey="9") != FAULT


def test_who_leaves_is_forgotten(sender: Sender, resources: Resources) -> None:
    """Nothing is said, and nothing of the conversation is left."""
    sender.says("user", QUESTION)
    assert rows(resources, "sessions") == 1
    assert sender.does("user", MsgType="event", Event="unsubscribe", EventKey="") is None
    assert rows(resources, "sessions") == 0


@pytest.mark.parametrize("event", ["VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "unheard_of"])
def test_what_only_happened_is_not_answered(
    sender: Sender, resources: Resources, event: str
) -> None:
    """The platform is told `success`, and nothing is kept."""
    assert sender.does("user", MsgType="event", Event=event, EventKey="x") is None
    assert sender.replies == [b"success"]
    assert rows(resources) == 0


@pytest.mark.parametrize("key", [button.key for column in menu() for button in column.buttons])
def test_every_button_has_an_answer(sender: Sender, key: str) -> None:
    """None of the menu comes to nothing."""
    sender.does("user", MsgType="event", Event="SCAN", EventKey="suzhou")
    shown = str(sender.does("user", MsgType="event", Event="CLICK", EventKey=key))
    assert shown
    assert not any(
        words in shown for words in ("没看懂", "没太明白", "没有写这一点", "菜单已经换了")
    )


def test_a_button_of_an_old_menu_is_told(sender: Sender) -> None:
    """Telephones keep a menu for a day."""
    shown = sender.does("user", MsgType="event", Event="CLICK", EventKey="gone")
    assert "菜单已经换了" in str(shown)


def test_a_region_is_chosen_by_a_tap(sender: Sender) -> None:
    """The link sends a sentence that can be typed as well."""
    shown = sender.does("user", MsgType="event", Event="CLICK", EventKey="region")
    assert "weixin://bizmsgmenu" in str(shown)
    assert sender.says("user", "按苏州的规定回答", bizmsgmenuid="2") == line(
        "region_set", region="苏州"
    )
    assert "无限额" in str(sender.says("user", "职工透析限额多少"))


@pytest.mark.parametrize("said", ["2", "第二个", "按苏州的规定回答。", "“按 苏州 的规定回答”"])
def test_a_region_is_chosen_by_number_or_words(
    resources: Resources, sender: Sender, said: str
) -> None:
    """Also at another process, after a restart; marks do not matter."""
    shown = sender.does("user", MsgType="event", Event="CLICK", EventKey="region")
    assert "\n2. <a " in str(shown)
    with answering(resources) as other:
        assert Sender(other.post).says("user", said) == line("region_set", region="苏州")


# conversations


def test_a_choice_is_tapped_or_typed(sender: Sender) -> None:
    """Both say the same."""
    for user, choice in (("a", "苏州"), ("b", "2")):
        asked = str(sender.says(user, "职工透析限额多少"))
        assert '2. <a href="weixin://bizmsgmenu?msgmenucontent=%E8%8B%8F' in asked
        assert "无限额" in str(sender.says(user, choice, bizmsgmenuid="2"))


def test_people_with_the_same_message_id_are_two(sender: Sender) -> None:
    """Ids collide across people."""
    first = sender.says("a", QUESTION, MsgId="7")
    second = sender.says("b", "转人工", MsgId="7")
    assert first != second
    assert sender.says("a", "转人工", MsgId="7") == first


def test_a_long_answer_goes_on(sender: Sender) -> None:
    """Each 继续 gives the next message, until there is none; a question begins anew."""
    shown = [str(sender.says("user", LONG))]
    while "继续" in shown[-1]:
        shown.append(str(sender.says("user", "繼續")))
    assert len(shown) > 1
    assert len(set(shown)) == len(shown)
    assert sender.says("user", "继续") == line("no_more")


def test_a_new_question_drops_what_was_left(sender: Sender) -> None:
    """继续 then belongs to the new one."""
    assert "继续" in str(sender.says("user", LONG))
    sender.says("user", "昆山在哪里办")
    assert sender.says("user", "继续") == line("no_more")


def test_nobody_is_named_in_the_store(client: TestClient, resources: Resources) -> None:
    """Neither the person nor the account is found in any row."""
    Sender(client.post).says("oDF3iY9ffA", QUESTION)
    with resources.store.reading() as connection:
        found = str(connection.execute(select(RECEIPTS)).all())
        found += str(connection.execute(select(SESSIONS)).all())
    assert "oDF3iY9ffA" not in found
    assert "gh_123456789abc" not in found


def test_replies_cannot_be_read_in_the_store(sender: Sender, resources: Resources) -> None:
    """Neither what was told nor what is left of it."""
    sender.says("user", LONG)
    with resources.store.reading() as connection:
        kept = [*connection.execute(select(RECEIPTS.c.payload)).scalars()]
        kept += connection.execute(select(LEFTOVERS.c.parts)).scalars()
    assert len(set(kept) - {b"sealed"}) == 2
    assert not any("医保".encode() in one for one in kept)


# more than one process


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_repetitions_at_several_workers_have_one_answer(
    resources: Resources, database: str, request: pytest.FixtureRequest
) -> None:
    """Also after a restart: the same bytes, and the conversation went on once."""
    address = request.getfixturevalue("server") if database == "postgresql" else None
    at = url_of(resources.settings.data_dir, address)
    gate = Barrier(2)

    def deliver(store: Store) -> bytes:
        worker = with_account(structs.replace(resources, store=store))
        sender = Sender(TestClient(application(worker)).post)
        gate.wait(10)
        return sender.send(fields).content

    fields = Sender(TestClient(Starlette()).post).fields("user", MsgType="text", Content=QUESTION)
    stores = [opened(at) for _ in range(3)]
    with ThreadPoolExecutor(2) as pool:
        replies = list(pool.map(deliver, stores[:2]))
    gate = Barrier(1)
    replies.append(deliver(stores[2]))
    name = resources.keyring.name("session", "wechat", KNOWN.receiver, "user")
    assert sessions.load(stores[2], name).version == 1
    assert len(set(replies)) == 1
    for store in stores:
        store.close()


def test_over_http(resources: Resources) -> None:
    """A real server, a real client, JSON and XML, lost replies and all."""
    with serving(with_account(resources)) as url, over_http(url) as post:
        for mode in ("compatible", "safe"):
            sender = Sender(post, mode=mode)
            assert "无限额" in str(sender.does("u", MsgType="text", Content=QUESTION, lost=2))
            assert len(set(sender.replies)) == 1
