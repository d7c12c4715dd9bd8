"""/admin is there only with a token, lets in who sends it, and keeps guessers waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec import structs
from starlette.testclient import TestClient

from bot import admin, outbox
from bot.errors import StoreError
from bot.limiting import ADMIN
from bot.resources import Resources
from bot.server import application

TOKEN = "a-token-that-keeps-16"  # noqa: S105 - of nobody
PATHS = [path for _, path, _ in admin.DOORS]
SECRET = "hunter2hunter2hunter2"  # noqa: S105 - of nobody


@pytest.fixture
def kept(resources: Resources) -> Resources:
    """A deployment with a keeper."""
    settings = structs.replace(resources.settings, admin_token=TOKEN, secret=SECRET)
    return structs.replace(resources, settings=settings)


@pytest.fixture
def client(kept: Resources) -> Iterator[TestClient]:
    """A program that asks it."""
    with TestClient(application(kept), raise_server_exceptions=False) as made:
        yield made


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_without_a_token_there_is_no_admin(resources: Resources) -> None:
    """The same answer as for any address that there is not."""
    with TestClient(application(resources)) as client:
        for method, path, _ in admin.DOORS:
            assert client.request(method, path, headers=bearer("")).status_code == 404


def test_the_token_lets_in(client: TestClient, kept: Resources) -> None:
    """How the process is; nothing of it is kept in a cache, and no secret is in it."""
    with kept.store.writing() as connection:
        outbox.put(connection, "telegram:1", "lane", b"sealed")
    got = client.get("/admin/status", headers=bearer(TOKEN))
    found = got.json()

    assert (got.status_code, got.headers["cache-control"]) == (200, "no-store")
    assert (found["packs"], found["store"], found["redis"]) == (kept.packs, True, None)
    assert found["queues"] == {"turns": 0, "outbox": 1}
    assert {"version", "uptime_seconds", "workers"} <= found.keys()
    assert TOKEN not in got.text
    assert SECRET not in got.text


@pytest.mark.parametrize(
    "said",
    [
        {},
        *(bearer(one) for one in ("", "x" * 16, TOKEN[:-1], TOKEN + "x", "\xff")),
        {"authorization": TOKEN},
        {"authorization": f"Basic {TOKEN}"},
    ],
)
def test_nothing_else_does(client: TestClient, said: dict[str, str]) -> None:
    """401 with a challenge, before anything else is looked at."""
    raw = {key: value.encode("latin-1") for key, value in said.items()}
    for method, path, _ in admin.DOORS:
        got = client.request(method, path, headers=raw)
        assert got.status_code == 401
        assert got.headers["www-authenticate"].startswith("Bearer")
        assert got.headers["cache-control"] == "no-store"


def test_who_guesses_has_to_wait(client: TestClient) -> None:
    """Then not even the right token counts: otherwise guessing would go on."""
    for _ in range(ADMIN.per_minute):
        assert client.get("/admin/status", headers=bearer("a wrong token!!!")).status_code == 401
    refused = client.get("/admin/status", headers=bearer(TOKEN))

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1


def test_a_right_token_is_not_counted(client: TestClient) -> None:
    """Who watches the server may ask as often as wanted."""
    for _ in range(3 * ADMIN.per_minute):
        assert client.get("/admin/status", headers=bearer(TOKEN)).status_code == 200


def test_without_the_store_it_still_tells(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That the store is away is what one wants to know."""

    def away(_store: object) -> int:
        raise StoreError("somewhere", "gone")

    monkeypatch.setattr(outbox, "count", away)
    found = client.get("/admin/status", headers=bearer(TOKEN)).json()

    assert (found["store"], found["queues"]["outbox"]) == (False, None)
