"""The interface under /api/v1: what it takes, what it keeps, and how it says no."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import select
from starlette.testclient import TestClient

from bot.api import OPERATIONS
from bot.errors import StoreError
from bot.feedback import LONGEST
from bot.resources import Live, Resources
from bot.server import application
from bot.tables import FEEDBACK

PROBLEM = "application/problem+json"
JSON = {"content-type": "application/json"}
# Those of one conversation are tried with one, elsewhere.
READING = [
    one.path.replace("{id}", "suzhou-guide-2023-10")
    for one in OPERATIONS
    if not one.body and "{session}" not in one.path
]
WRITING = [one.path for one in OPERATIONS if one.body]


def test_suggestions_over_http(client: TestClient) -> None:
    """What was typed so far comes to hits, the best first."""
    hits = client.get("/api/v1/suggest", params={"q": "tx xe", "region": "suzhou"}).json()["hits"]

    assert (hits[0]["title"], hits[0]["facet"]) == ("透析限额", "limit")


def test_a_deployment_suggests_its_own_region(resources: Resources) -> None:
    """Where a region is set, what others have is not suggested unasked."""
    own = structs.replace(resources.service, region="beijing")
    with TestClient(application(structs.replace(resources, live=Live(own)))) as client:
        hits = client.get("/api/v1/suggest", params={"q": "材料"}).json()["hits"]

    assert {hit["region"] for hit in hits} == {"beijing"}


@pytest.mark.parametrize("path", [*READING, "/openapi.json", "/healthz"])
def test_what_is_read_has_a_head(client: TestClient, path: str) -> None:
    """HEAD comes to the same status and headers as GET, without a body."""
    path += "?q=a" if path.endswith("suggest") else ""
    got, headed = client.get(path), client.head(path)

    assert headed.content == b""
    assert (headed.status_code, headed.headers.get("etag")) == (200, got.headers.get("etag"))


@pytest.mark.parametrize("path", [*READING, *WRITING])
def test_another_method_is_refused_with_those_there_are(client: TestClient, path: str) -> None:
    """405 names the methods in Allow and in words."""
    for method in ("PUT", "DELETE", "PATCH", "BREW"):
        response = client.request(method, path)
        allowed = "POST" if path in WRITING else "GET, HEAD"
        assert (response.status_code, response.headers["allow"]) == (405, allowed)
        assert response.headers["content-type"] == PROBLEM
        assert allowed in response.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/api/v1/nothing", "/api/v1/ask/", "/%00", "/%ff", "/api/v1/sources/"]
)
def test_another_address_is_refused(client: TestClient, path: str) -> None:
    """404, as a problem, and never another address instead."""
    response = client.get(path, follow_redirects=False)

    assert (response.status_code, response.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize("path", WRITING)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"text": "\xff"}', 400),
        (b'{"text": "\\ud800"}', 400),
        (b'{"session": "\xed\xa0\x80"}', 400),
        (b'"a"', 422),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b"[" * 50_000, 422),
        (b'{"a":' * 10_000, 422),
        (b'{"text": ' + b"[" * 50_000, 422),
        (b'{"text": 1e999, "session": 1e999, "region": 1e999}', 422),
        (b'{"text": 5, "session": 5, "region": 5}', 422),
        (b'{"x": "' + b"a" * 66_000 + b'"}', 413),
    ],
)
def test_a_body_that_does_not_fit_is_refused(
    client: TestClient, path: str, body: bytes, status: int
) -> None:
    """Whatever is sent: a problem in Chinese, never a fault."""
    response = client.post(path, content=body, headers=JSON)

    # A field of another operation is refused before what it holds is looked at.
    wanted = {status} if path.endswith("ask") else {status, 422}
    assert response.status_code in wanted
    assert response.headers["content-type"] == PROBLEM
    assert response.json()["detail"].endswith(("。", "对象")), response.text


def test_a_key_that_is_written_twice(client: TestClient) -> None:
    """Two regions in one question are a mistake, not a choice."""
    body = '{"text": "透析限额", "region": "suzhou", "region": "beijing"}'
    response = client.post("/api/v1/ask", content=body, headers=JSON)

    assert (response.status_code, response.json()["key"]) == (422, "region")


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_is_no_json_is_refused(client: TestClient, media: str) -> None:
    """415 says what to send."""
    response = client.post("/api/v1/ask", content=b"{}", headers={"content-type": media})

    assert response.status_code == 415
    assert "application/json" in response.json()["detail"]


@pytest.mark.parametrize("text", ["\0", "透析\0限额", "\u202e限额", "a" * 4001, "🙂" * 100, ""])
def test_odd_questions_are_answered(client: TestClient, text: str) -> None:
    """An odd question is never a fault."""
    assert client.post("/api/v1/ask", json={"text": text}).status_code == 200


@pytest.mark.parametrize("query", ["q=%ff", "q=%ed%a0%80", "&".join(f"a{n}=1" for n in range(99))])
def test_parameters_that_cannot_be_read(client: TestClient, query: str) -> None:
    """No UTF-8, or a flood of them: 400."""
    response = client.get(f"/api/v1/suggest?{query}")

    assert (response.status_code, response.headers["content-type"]) == (400, PROBLEM)


def test_a_flood_is_told_when_to_come_again(resources: Resources) -> None:
    """429 has Retry-After in seconds."""
    settings = structs.replace(resources.settings, requests_per_minute=2)
    with TestClient(application(structs.replace(resources, settings=settings))) as client:
        last = [client.get("/api/v1/regions") for _ in range(3)][-1]

    assert (last.status_code, last.headers["content-type"]) == (429, PROBLEM)
    assert 1 <= int(last.headers["retry-after"]) <= 60


@pytest.fixture
def broken(client: TestClient, resources: Resources, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is out of reach."""

    def fail(*_: object) -> Iterator[None]:
        where, why = "x", "gone"
        raise StoreError(where, why)

    monkeypatch.setattr(type(resources.store), "reading", fail)
    monkeypatch.setattr(type(resources.store), "writing", fail)


def test_without_a_database_the_wait_is_told(client: TestClient, broken: None) -> None:
    """503 has Retry-After; what needs no database goes on."""
    response = client.post("/api/v1/feedback", json={"session": "a" * 22, "rating": "up"})

    assert (response.status_code, response.headers["content-type"]) == (503, PROBLEM)
    assert response.headers["retry-after"] == "5"
    assert client.get("/api/v1/benefits").status_code == 200


@pytest.fixture
def session(client: TestClient) -> str:
    """A conversation with one answer."""
    body = {"text": "透析限额多少", "region": "suzhou"}
    found: str = client.post("/api/v1/ask", json=body).json()["session"]
    return found


def test_feedback_is_kept_with_its_topic(
    client: TestClient, resources: Resources, session: str
) -> None:
    """A thumb is kept with what was asked about and the state of the packs, not the question."""
    said = {"session": session, "rating": "down", "reason": " 没说清\0楚 "}
    response = client.post("/api/v1/feedback", json=said)

    assert (response.status_code, response.content) == (204, b"")
    with resources.store.reading() as connection:
        (row,) = connection.execute(select(FEEDBACK)).all()
    assert (row.session, row.rating, row.reason) == (session, "down", "没说清楚")
    assert (row.topic, row.packs) == ("benefit", resources.packs)
    assert "限额多少" not in json.dumps(tuple(map(str, row)), ensure_ascii=False)


def test_feedback_on_a_question_back(client: TestClient, resources: Resources) -> None:
    """Where something was asked back, that is what the thumb is for."""
    session = client.post("/api/v1/ask", json={"text": "透析限额"}).json()["session"]
    client.post("/api/v1/feedback", json={"session": session, "rating": "up"})

    with resources.store.reading() as connection:
        (row,) = connection.execute(select(FEEDBACK)).all()
    assert (row.rating, row.reason, row.status) == ("up", "", "clarify_slot")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"session": "b" * 22}, 404),
        ({"session": "short"}, 422),
        ({"rating": "so-so"}, 422),
        ({"reason": "长" * (LONGEST + 1)}, 422),
        ({"name": "me"}, 422),
    ],
)
def test_feedback_that_does_not_fit(
    client: TestClient, resources: Resources, session: str, change: dict[str, str], status: int
) -> None:
    """The problem names the field, and nothing is kept."""
    body = {"session": session, "rating": "up", **change}
    response = client.post("/api/v1/feedback", json=body)

    assert (response.status_code, response.json()["key"]) == (status, *change)
    with resources.store.reading() as connection:
        assert connection.execute(select(FEEDBACK)).first() is None


def test_the_longest_reason_is_kept(client: TestClient, session: str) -> None:
    """500 characters are characters, not bytes."""
    body = {"session": session, "rating": "up", "reason": "长" * LONGEST}

    assert client.post("/api/v1/feedback", json=body).status_code == 204


def examples() -> list[tuple[list[str], str]]:
    """The requests of docs/api.md, each with the reply that stands below it, if one does."""
    text = (Path(__file__).parents[1] / "docs" / "api.md").read_text("utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    after = [*blocks[1:], ("", "")]
    return [
        (shlex.split(code.replace("\\\n", "")), shown if language == "json" else "")
        for (_, code), (language, shown) in zip(blocks, after, strict=True)
        if code.startswith("curl")
    ]


def holds(shown: object, sent: object) -> bool:
    """Whether what is shown is part of what is sent: keys of objects, the first items of lists."""
    if isinstance(shown, dict) and isinstance(sent, dict):
        return all(key in sent and holds(value, sent[key]) for key, value in shown.items())
    if isinstance(shown, list) and isinstance(sent, list):
        return len(shown) <= len(sent) and all(map(holds, shown, sent))
    return shown == sent


def test_the_requests_of_the_document_are_true(client: TestClient) -> None:
    """Each curl of docs/api.md, sent in order, is answered with what is shown."""
    assert len(examples()) >= 8
    for words, shown in examples():
        url = next(word for word in words if word.startswith("http://127.0.0.1:8000"))
        said = [after for word, after in pairwise(words) if word in {"-d", "--data-urlencode"}]
        path = url.removeprefix("http://127.0.0.1:8000")
        if "DELETE" in words:
            response = client.delete(path)
        elif "-H" in words:
            response = client.post(path, content=said[0].encode(), headers=JSON)
        else:
            pairs = [text.split("=", 1) for text in said]
            response = client.get(path, params=dict(pairs) if pairs else None)
        if shown:
            assert holds(json.loads(shown), response.json()), (words, response.text)
        else:
            assert response.status_code == 204, (words, response.text)
