"""What lies in deploy/ fits the program: its settings, its addresses, its times; and it works."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from signal import SIGKILL
from threading import Event
from typing import Any

import httpx
import pytest
import yaml
from databases import postgres, redis
from deploying import (
    DEPLOY,
    NGINX,
    ROOT,
    SERVERS,
    Running,
    answers,
    need_nginx,
    proxied,
    served,
    settled,
)
from msgspec import Struct

from bot import events, server, workers
from bot.accounts import PREFIX, SECRETS
from bot.channels.mounting import PATHS
from bot.settings import KEYS, read_settings

COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
MANIFESTS = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
RECORDS = [one for file in MANIFESTS for one in yaml.safe_load_all(file.read_text("utf-8"))]
FILES = [ROOT / "Dockerfile", *(one for one in DEPLOY.rglob("*") if one.is_file())]
INNER = {"/metrics", "/healthz", "/readyz"}  # asked from within only
ASKED = "我有血友病请问限额是多少"


def of_kind(kind: str) -> list[dict[str, Any]]:
    """The records of Kubernetes of a kind."""
    return [one for one in RECORDS if one["kind"] == kind]


def seconds(text: str) -> int:
    """A stretch of time as nginx and compose write it: 10s."""
    return int(text.removesuffix("s"))


def told(name: str, within: str = "") -> str:
    """What nginx.conf says of a name, from the place on at which some words stand."""
    text = NGINX.read_text("utf-8")
    found = re.search(rf"^ *{name} (.+);$", text[text.index(within) :], re.MULTILINE)
    assert found, name
    return found[1]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_only_settings_that_there_are_are_named(file: Path) -> None:
    """A setting that was renamed is renamed here as well; only a secret lies in a file."""
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", file.read_text("utf-8")))
    filed = {one.removesuffix("_FILE") for one in named if one.endswith("_FILE")}

    assert {one.removesuffix("_FILE") for one in named} <= set(KEYS)
    assert filed <= set(SECRETS)


def test_nginx_gives_up_connections_before_the_server_does() -> None:
    """A question that is sent on a connection while it is closed would be lost."""
    assert seconds(told("keepalive_timeout", "upstream")) < server._IDLE


def test_nginx_waits_longer_than_news_take() -> None:
    """News are waited for; nginx must not end that."""
    assert seconds(told("proxy_read_timeout", "location ~ ^/(api")) > events.LONGEST
    assert seconds(told("proxy_read_timeout", "proxy_connect_timeout")) > events.LONGEST


def test_servers_are_given_the_time_to_end() -> None:
    """Who ends them waits longer than they take for what is under way."""
    needed = server.GRACE + workers._MARGIN
    pod = of_kind("Deployment")[0]["spec"]["template"]["spec"]
    before = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])

    assert seconds(COMPOSE["services"]["app-1"]["stop_grace_period"]) > needed
    assert pod["terminationGracePeriodSeconds"] > before + needed


def test_the_addresses_of_compose_are_those_of_nginx() -> None:
    """The servers are found, and believe nobody but nginx who asks."""
    services = COMPOSE["services"]
    at = {name: one["networks"]["front"]["ipv4_address"] for name, one in services.items()
          if "front" in one["networks"]}  # fmt: skip

    assert {f"{at['app-1']}:8000", f"{at['app-2']}:8000"} == set(SERVERS)
    assert set(told("server", "upstream").split()) & set(SERVERS)
    assert services["app-1"]["environment"][f"{PREFIX}PROXIES"] == at["nginx"]


def test_only_nginx_is_reached_from_outside() -> None:
    """No other service has a port, and none but it and who calls a platform has a way out."""
    services = COMPOSE["services"]
    inner = {name for name, one in COMPOSE["networks"].items() if one.get("internal")}
    out = {name for name, one in services.items() if set(one["networks"]) - inner}

    assert [name for name, one in services.items() if "ports" in one] == ["nginx"]
    assert out == {"nginx", "telegram"}


def test_every_container_of_compose_is_held() -> None:
    """None runs as root, has a capability, or writes but where it is said."""
    for name, one in COMPOSE["services"].items():
        assert one["read_only"] is True, name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        assert one["mem_limit"], name
        assert one.get("user", "10001") != "root", name
        assert "user" in one or one["image"].startswith("yiwentong"), name


@pytest.mark.parametrize(
    "record", [*of_kind("Deployment"), *of_kind("StatefulSet")], ids=lambda r: r["metadata"]["name"]
)
def test_every_pod_is_held(record: dict[str, Any]) -> None:
    """None runs as root, has a capability or a token of the cluster, or writes but where said."""
    pod = record["spec"]["template"]["spec"]

    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for one in pod["containers"]:
        assert one["resources"]["limits"]["memory"]
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


def test_the_ingress_lets_in_what_is_for_everybody() -> None:
    """Every address of the server is to be reached, but those that are asked from within."""
    paths = of_kind("Ingress")[0]["spec"]["rules"][0]["http"]["paths"]
    exact = {one["path"] for one in paths if one["pathType"] == "Exact"}
    below = {one["path"] for one in paths if one["pathType"] == "Prefix"}
    served = {str(getattr(one, "path", "")) for one in server.routes()} | PATHS | {"/mcp"}

    def let_in(path: str) -> bool:
        return path in exact or any(path == one or path.startswith(f"{one}/") for one in below)

    assert {path for path in served if not let_in(path)} == INNER
    assert not let_in("/admin/status")


def test_no_secret_has_a_value() -> None:
    """The example names what is wanted, and is applied by nobody by mistake."""
    listed = yaml.safe_load((DEPLOY / "kubernetes" / "kustomization.yaml").read_text("utf-8"))

    assert {value for one in of_kind("Secret") for value in one["stringData"].values()} == {""}
    assert "secret.example.yaml" not in listed["resources"]
    assert all((DEPLOY / "kubernetes" / one).is_file() for one in listed["resources"])


def test_secrets_are_made_once(tmp_path: Path) -> None:
    """What is made can be used as settings, and is not made anew by a second call."""
    words = ["sh", str(DEPLOY / "secrets.sh"), str(tmp_path / "secrets")]
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - our own words
    first = {one.name: one.read_text() for one in (tmp_path / "secrets").iterdir()}
    subprocess.run(words, check=True, capture_output=True)  # noqa: S603 - as above
    made = {"SECRET", "DATABASE_URL", "REDIS_URL", "ADMIN_TOKEN"}
    files = {f"{PREFIX}{key}_FILE": str(tmp_path / "secrets" / key.lower()) for key in made}
    settings = read_settings(files, tmp_path / "none")

    assert first == {one.name: one.read_text() for one in (tmp_path / "secrets").iterdir()}
    assert settings.secret
    assert settings.secret != settings.admin_token
    assert str(settings.database_url).startswith("postgresql://yiwentong:")
    assert set(COMPOSE["services"]["app-1"]["secrets"]) == {key.lower() for key in made}


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    """`nginx -t` holds it to be right."""
    words = [need_nginx(), "-t", "-p", str(tmp_path), "-c", str(settled(tmp_path))]
    found = subprocess.run(words, check=False, capture_output=True, text=True)  # noqa: S603 - as above

    assert found.returncode == 0, found.stderr
    assert "warn" not in found.stderr


class Place(Struct, frozen=True):
    """nginx as a client sees it, the servers behind it, and the folder of their logs."""

    client: httpx.Client
    servers: tuple[Running, ...]
    folder: Path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """All of it: nginx, two servers of two processes, PostgreSQL and Redis, as deploy/ has them."""
    need_nginx()
    folder = tmp_path_factory.mktemp("place")
    with postgres() as database, redis() as memory:
        settings = {
            f"{PREFIX}DATABASE_URL": database,
            f"{PREFIX}REDIS_URL": memory.url,
            f"{PREFIX}SECRET": "a secret for tests only",
            f"{PREFIX}WORKERS": "2",
            f"{PREFIX}PROXIES": "127.0.0.1",
            f"{PREFIX}REQUESTS_PER_MINUTE": "0",
            f"{PREFIX}SESSION_REQUESTS_PER_MINUTE": "0",
            f"{PREFIX}ADMIN_TOKEN": "a-token-for-tests-only",
        }
        with served(folder / "a", settings) as a, served(folder / "b", settings) as b:
            for one in (a, b):
                answers(f"{one.url}/readyz", one.log)
            behind = tuple(one.url.removeprefix("http://") for one in (a, b))
            with proxied(folder / "nginx", behind, rate="9999r/s") as client:
                yield Place(client, (a, b), folder)


def ask(client: httpx.Client, text: str, session: str | None = None) -> dict[str, Any]:
    """The reply to a question."""
    body = {"text": text, "region": "suzhou"} | ({"session": session} if session else {})
    reply = client.post("/api/v1/ask", json=body)
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_any_server_goes_on_with_any_conversation(place: Place) -> None:
    """What was said to one server is known to each process of the other one."""
    first = ask(place.client, "血友病职工限额多少")
    followed = [ask(place.client, "退休的呢", first["session"]) for _ in range(12)]

    assert {one["understood"]["slots"].get("disease") for one in followed} == {"hemophilia"}


@pytest.mark.parametrize("path", [*sorted(INNER), "/admin/status"])
def test_what_is_asked_from_within_is_not_reached(place: Place, path: str) -> None:
    """There is no such address at nginx, and there is at each server."""
    token = {"Authorization": "Bearer a-token-for-tests-only"}

    assert place.client.get(path, headers=token).status_code == 404
    assert httpx.get(place.servers[0].url + path, headers=token).status_code == 200


def test_the_server_knows_of_tls(place: Place) -> None:
    """What a browser is told to remember, it is told by way of TLS."""
    found = place.client.get("/", headers={"X-Forwarded-Proto": "http"})

    assert found.headers["strict-transport-security"]


def test_news_are_waited_for_through_nginx(place: Place) -> None:
    """Where the bot answers nothing is waited for; the answer passes as it is."""
    session = ask(place.client, "你好")["session"]
    found = place.client.get(f"/api/v1/sessions/{session}/events", params={"wait": 1})

    assert found.json()["state"] == "bot"


def test_a_flood_ends_at_nginx(place: Place, tmp_path: Path) -> None:
    """Who asks more than anybody does is refused as a server refuses."""
    behind = tuple(one.url.removeprefix("http://") for one in place.servers)
    with proxied(tmp_path / "nginx", behind) as client, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: client.get("/openapi.json"), range(300)))
    refused = [one for one in found if one.status_code == 429]

    assert refused
    assert refused[0].json()["type"] == "urn:yiwentong:problem:too_many"
    assert refused[0].headers["retry-after"]


def test_the_healthcheck_of_the_image(place: Place) -> None:
    """What the image asks says that a server lives, and that none does."""
    text = (ROOT / "Dockerfile").read_text("utf-8")
    found = re.search(r"HEALTHCHECK.*\n +CMD (\[.+\])", text)
    assert found
    words = yaml.safe_load(found[1])
    port = place.servers[0].url.rpartition(":")[2]

    def status(at: str) -> int:
        known = {f"{PREFIX}PORT": at, "PATH": os.environ["PATH"]}
        return subprocess.run(words, check=False, capture_output=True, env=known).returncode  # noqa: S603 - the image's own

    assert status(port) == 0
    assert status("1") != 0


def test_a_server_that_is_killed_takes_nothing_along(place: Place) -> None:
    """Reading goes on without a fault; of questions only those under way are answered with 503.

    An answer that is being sent just then ends in the middle, for its head is out already: of each
    client at most this one.
    """
    over, lost, cut = Event(), [], []
    started = [ask(place.client, "血友病职工限额多少")["session"] for _ in range(4)]

    def asking(session: str) -> int:
        asked = 0
        body = {"text": "退休的呢", "session": session, "region": "suzhou"}
        while not over.is_set():
            try:
                assert place.client.get("/api/v1/regions").status_code == 200
                reply = place.client.post("/api/v1/ask", json=body)
            except httpx.RemoteProtocolError:
                cut.append(session)
                continue
            if reply.status_code == 503:
                lost.append(reply.json()["type"])
            else:
                assert reply.status_code == 200
            asked += 1
        return asked

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(asking, one) for one in started]
        over.wait(0.5)
        place.servers[1].end(SIGKILL, all_of_it=True)
        over.wait(1.0)
        over.set()
        assert sum(one.result() for one in running)

    assert len(cut) == len(set(cut))
    assert len(lost) <= 2 * len(started)
    assert set(lost) <= {"urn:yiwentong:problem:unavailable"}
    told = [ask(place.client, "限额呢", one)["understood"]["slots"] for one in started]
    assert {one.get("disease") for one in told} == {"hemophilia"}


def test_no_log_holds_what_was_asked(place: Place) -> None:
    """Neither nginx nor a server writes down words, addresses, or the key of a conversation."""
    session = ask(place.client, ASKED)["session"]
    place.client.get("/api/v1/suggest", params={"q": ASKED})
    place.client.get(f"/api/v1/sessions/{session}/events", params={"wait": 0})
    logs = [one for one in place.folder.rglob("*") if one.name == "log" or one.suffix == ".log"]
    written = "".join(one.read_text("utf-8", "replace") for one in logs)

    assert '"event":"proxied"' in written
    for word in (ASKED, "血友病", session, "suggest?"):
        assert word not in written
