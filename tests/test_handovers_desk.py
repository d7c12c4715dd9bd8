"""Conversations at the desk and on the page, over HTTP: who sees what, and who may do what."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from browsing import serving
from starlette.testclient import TestClient

from bot import agents, logins, staffing, watching
from bot.handover_wording import line
from bot.logins import COOKIE
from bot.resources import Resources
from bot.server import application
from bot.watching import Watch

HOST = "https://desk.example"
PATH = "/desk/handovers"
PASSWORD = "correct horse"  # noqa: S105 - of nobody
Json = dict[str, Any]


class Agent:
    """The page of an agent, without a browser."""

    def __init__(self, resources: Resources, name: str) -> None:
        agents.add(resources.store, name, PASSWORD)
        token = logins.begin(resources.store, name)
        login = logins.current(resources.store, token)
        assert token
        assert login
        self.client = TestClient(application(resources), base_url=HOST)
        self.client.cookies.set(COOKIE, token)
        self.headers = {"origin": HOST, "x-csrf-token": login.csrf}

    def feed(self, **query: Any) -> Json:
        """What is new."""
        found: Json = self.client.get(f"{PATH}/feed", params={"wait": 0, **query}).json()
        return found

    def does(self, path: str, body: Json | None = None) -> httpx.Response:
        """Change something."""
        url = f"{PATH}/{path}"
        found: httpx.Response = self.client.post(url, json=body or {}, headers=self.headers)
        return found


@pytest.fixture
def ann(resources: Resources) -> Agent:
    """An agent who receives conversations."""
    made = Agent(resources, "小安")
    made.does("receiving", {"receiving": True})
    return made


@pytest.fixture
def bob(resources: Resources) -> Agent:
    """An agent who is only there."""
    return Agent(resources, "小博")


@pytest.fixture
def ask(client: TestClient) -> Callable[..., Json]:
    """Somebody who asks on the page."""

    def asked(text: str, session: str | None = None) -> Json:
        body = {"text": text, "region": "suzhou", "session": session}
        found: Json = client.post("/api/v1/ask", json=body).json()
        return found

    return asked


def events(client: TestClient, session: str, **query: Any) -> Json:
    """What the page of a person fetches."""
    found: Json = client.get(
        f"/api/v1/sessions/{session}/events", params={"wait": 0, **query}
    ).json()
    return found


def test_the_way_there_and_back(ann: Agent, client: TestClient, ask: Callable[..., Json]) -> None:
    """Queue, take, both write, hand back; each is told, and nothing twice."""
    session = ask("转人工")["session"]
    (waiting,) = ann.feed()["listed"]
    assert (waiting["status"], waiting["region"], waiting["channel"]) == ("waiting", "苏州", "网页")
    number = waiting["id"]

    assert ann.does(f"{number}/take").status_code == 200
    assert ann.does(f"{number}/say", {"text": "您好", "key": "a" * 8}).status_code == 201
    assert ask("在的", session)["understood"]["topic"] == "handover_passed"
    assert ann.does(f"{number}/back").status_code == 200

    found = events(client, session)
    assert [one["text"] for one in found["events"]] == [
        line("taken"),
        "您好",
        line("handed_back"),
    ]
    assert found["state"] == "bot"
    assert events(client, session, after=found["last"])["events"] == []
    assert ann.feed()["listed"] == []


def test_an_agent_sees_the_conversation_before_taking_it(
    ann: Agent, ask: Callable[..., Json]
) -> None:
    """What was said since the wish, in its order."""
    session = ask("转人工")["session"]
    ask("透析限额多少", session)
    (waiting,) = ann.feed()["listed"]
    whole = ann.client.get(f"{PATH}/{waiting['id']}").json()

    authors = [one["author"] for one in whole["lines"]]
    assert authors == ["person", "bot", "person", "bot"]
    assert "无限额" in whole["lines"][3]["text"]
    assert waiting["text"] == "透析限额多少"


def test_one_agent_gets_it_and_the_other_sees_no_word(
    ann: Agent, bob: Agent, ask: Callable[..., Json]
) -> None:
    """Who came second is told so; what is said to the first is not shown to them."""
    ask("转人工，我的病很少见")
    number = ann.feed()["listed"][0]["id"]
    assert ann.does(f"{number}/take").status_code == 200

    for path, body in [("take", {}), ("say", {"text": "您好", "key": "b" * 8}), ("back", {})]:
        assert bob.does(f"{number}/{path}", body).status_code == 409
    assert bob.client.get(f"{PATH}/{number}").status_code == 409
    assert bob.feed(open=number)["lines"] == []
    assert bob.feed()["listed"][0]["text"] == ""


def test_what_is_sent_twice_is_said_once(
    ann: Agent, client: TestClient, ask: Callable[..., Json]
) -> None:
    """The key that the page made names the submission."""
    session = ask("转人工")["session"]
    number = ann.feed()["listed"][0]["id"]
    ann.does(f"{number}/take")
    said = {"text": "您好", "key": "the-same-key"}
    first, again = (ann.does(f"{number}/say", said).json() for _ in range(2))

    assert first == again
    assert [one["text"] for one in events(client, session)["events"]].count("您好") == 1


def test_the_last_answer_of_the_server_may_be_lost(
    ann: Agent, client: TestClient, ask: Callable[..., Json]
) -> None:
    """Sent again after the conversation has ended it is still the line that was said."""
    session = ask("转人工")["session"]
    number = ann.feed()["listed"][0]["id"]
    ann.does(f"{number}/take")
    ann.does(f"{number}/say", {"text": "您好", "key": "the-same-key"})
    ask("返回机器人", session)

    assert ann.does(f"{number}/say", {"text": "您好", "key": "the-same-key"}).status_code == 201
    assert ann.does(f"{number}/say", {"text": "再见", "key": "another-key"}).status_code == 409


def test_what_a_person_sends_twice_is_read_once(
    ann: Agent, client: TestClient, ask: Callable[..., Json]
) -> None:
    """The page sends its words again where the answer to the first time was lost."""
    session = ask("转人工")["session"]
    number = ann.feed()["listed"][0]["id"]
    ann.does(f"{number}/take")
    body = {"text": "我在昆山", "session": session, "key": "the-same-key"}
    told = [client.post("/api/v1/ask", json=body).json()["text"] for _ in range(2)]

    assert told == [line("passed")] * 2
    said = [one["text"] for one in ann.client.get(f"{PATH}/{number}").json()["lines"]]
    assert said.count("我在昆山") == 1


def test_an_agent_lets_it_wait_for_another(
    ann: Agent, bob: Agent, client: TestClient, ask: Callable[..., Json]
) -> None:
    """In its old place; the person is told."""
    session = ask("转人工")["session"]
    number = ann.feed()["listed"][0]["id"]
    ann.does(f"{number}/take")
    assert ann.does(f"{number}/release").status_code == 200

    assert bob.does(f"{number}/take").status_code == 200
    assert line("requeued", ahead=0) in [one["text"] for one in events(client, session)["events"]]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("1/say", {"text": " ", "key": "a" * 8}, 422),
        ("1/say", {"text": "好" * 2001, "key": "a" * 8}, 422),
        ("1/say", {"text": "好", "key": "short"}, 422),
        ("1/say", {"text": "好"}, 422),
        ("1/take", {"more": 1}, 422),
        ("999999/take", {}, 409),
        ("99999999999999999999/take", {}, 409),
        ("x/take", {}, 409),
        ("receiving", {"receiving": "yes"}, 422),
    ],
)
def test_rubbish_gets_a_clear_answer(ann: Agent, path: str, body: Json, status: int) -> None:
    """A problem document, and nothing is changed."""
    found = ann.does(path, body)

    assert found.status_code == status
    assert found.json()["detail"]


@pytest.mark.parametrize("path", ["", "/feed", "/1"])
def test_who_is_not_logged_in_sees_nothing(client: TestClient, ann: Agent, path: str) -> None:
    """Neither the page nor its data."""
    assert client.get(PATH + path, follow_redirects=False).status_code in {303, 401}


def test_a_change_wants_the_token_of_the_login(ann: Agent) -> None:
    """Another page cannot take or write in an agent's name."""
    foreign = ann.client.post(f"{PATH}/1/take", json={}, headers={"origin": HOST})

    assert foreign.status_code == 403


def test_who_logs_out_staffs_nothing(resources: Resources, ann: Agent) -> None:
    """At once, without waiting until they are missed."""
    csrf = ann.headers["x-csrf-token"]
    ann.client.post("/desk/logout", data={"csrf": csrf}, headers={"origin": HOST})
    with resources.store.reading() as connection:
        assert staffing.count(connection) == 0


@pytest.mark.parametrize(
    ("session", "query", "status"),
    [
        ("short", {}, 422),
        ("a-session-of-nobody", {"after": -1}, 422),
        ("a-session-of-nobody", {"wait": 26}, 422),
        ("a-session-of-nobody", {"after": 2**40}, 422),
        ("a-session-of-nobody", {"state": "gone"}, 422),
        ("a-session-of-nobody", {}, 200),
    ],
)
def test_what_cannot_be_read_on_is_told(
    client: TestClient, session: str, query: Json, status: int
) -> None:
    """A session of nobody is one that the bot answers: nothing is waited for."""
    found = client.get(f"/api/v1/sessions/{session}/events", params=query)

    assert found.status_code == status


def test_a_page_waits_until_something_is_said(
    resources: Resources, ann: Agent, ask: Callable[..., Json]
) -> None:
    """The call is held and answered when the agent takes the conversation."""
    session = ask("转人工")["session"]
    number = ann.feed()["listed"][0]["id"]
    found: list[Json] = []
    with serving(resources) as url, httpx.Client(base_url=url, timeout=30) as page:

        def fetched() -> None:
            path = f"/api/v1/sessions/{session}/events"
            found.append(page.get(path, params={"wait": 25, "state": "waiting"}).json())

        waiting = threading.Thread(target=fetched)
        waiting.start()
        time.sleep(0.3)  # so that it waits by now, as far as can be told from outside
        assert not found
        ann.does(f"{number}/take")
        waiting.join(10)

    assert [one["text"] for one in found[0]["events"]] == [line("taken")]
    assert found[0]["state"] == "taken"


def test_who_waits_is_sent_home_at_the_end(
    resources: Resources, ann: Agent, ask: Callable[..., Json]
) -> None:
    """A server that is told to end does not keep anybody: the wait ends without news."""
    session = ask("转人工")["session"]
    with TestClient(application(resources)) as page:
        page.app.state.ending = lambda: True  # type: ignore[attr-defined]
        found = events(page, session, wait=25, state="waiting")

    assert found["events"] == []


def test_where_no_more_can_wait_one_is_told_to_ask_again(
    monkeypatch: pytest.MonkeyPatch, client: TestClient, ann: Agent, ask: Callable[..., Json]
) -> None:
    """A bound on what a process holds; nobody is refused what is there."""
    session = ask("转人工")["session"]
    monkeypatch.setattr(watching, "MOST", 0)
    found = events(client, session, wait=25, state="waiting")

    assert found["again"] > 0
    assert found["state"] == "waiting"


def test_all_who_wait_are_woken(resources: Resources, ann: Agent, ask: Callable[..., Json]) -> None:
    """By one look into the database, which goes on only while somebody waits."""
    watch = Watch(resources.store)

    async def waits() -> int:
        async with watch.joined():
            number = watch.number
            await watch.past(number, 20)
            return watch.number - number

    async def work() -> list[int]:
        waiting = [asyncio.create_task(waits()) for _ in range(3)]
        await asyncio.sleep(0)
        ask("转人工")
        return list(await asyncio.gather(*waiting))

    assert all(asyncio.run(work()))


@pytest.fixture
def form(client: TestClient) -> Callable[..., str]:
    """The page without a script."""

    def sent(**fields: str) -> str:
        return client.post("/chat", data=fields).text

    return sent


def test_the_page_without_a_script_shows_it_on_the_next_load(
    ann: Agent, form: Callable[..., str]
) -> None:
    """Each line once; a button looks for more while people are there."""
    session = "the-session-of-a-form"
    assert "look" in form(text="转人工", session=session)
    number = ann.feed()["listed"][0]["id"]
    ann.does(f"{number}/take")
    ann.does(f"{number}/say", {"text": "您好<b>", "key": "a" * 8})

    shown = form(look="1", session=session)
    assert "您好&lt;b&gt;" in shown
    after = shown.partition('name="after" value="')[2].partition('"')[0]
    assert "您好" not in form(look="1", session=session, after=after)
