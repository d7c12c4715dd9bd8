"""Calls to a platform: one token, fetched anew once where it is stale; refusals explained."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from browsing import hosting
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from wechat_platform import Interfaces

from bot.accounts import WeChatAccount, WeComAccount
from bot.channels.platform_api import ApiError, PlatformApi, token_of_wechat, token_of_wecom

ACCOUNT = WeChatAccount("AAAAA", "wx1", (), "the-secret")
PATH = "/cgi-bin/message/custom/send"
BODY = {"touser": "u", "msgtype": "text", "text": {"content": "透析"}}


@pytest.fixture
def interfaces() -> Interfaces:
    """What the account can call."""
    return Interfaces()


@pytest.fixture
def url(interfaces: Interfaces) -> Iterator[str]:
    """Where that is."""
    with hosting(interfaces.app) as found:
        yield found


def calls(
    url: str,
    count: int = 1,
    *,
    account: WeChatAccount = ACCOUNT,
    clock: Callable[[], float] = lambda: 0.0,
    between: Callable[[], None] = lambda: None,
) -> list[dict[str, Any]]:
    """What so many calls come to, one after another."""

    async def work() -> list[dict[str, Any]]:
        async with PlatformApi(url, token_of_wechat(account), clock=clock) as api:
            found = []
            for _ in range(count):
                found.append(await api.call(PATH, BODY))
                between()
            return found

    return asyncio.run(work())


def test_one_token_serves_many_calls(url: str, interfaces: Interfaces) -> None:
    """It is fetched when the first needs it."""
    assert len(calls(url, 3)) == 3
    assert interfaces.calls == {"stable_token": 1, "send": 3}


def test_a_stale_token_is_fetched_anew_once(url: str, interfaces: Interfaces) -> None:
    """The call is then made again; who calls notices nothing."""

    def spoil() -> None:
        interfaces.token = "another"  # noqa: S105 - of the stand-in

    assert len(calls(url, 2, between=spoil)) == 2
    assert interfaces.calls == {"stable_token": 2, "send": 3}


def test_a_token_that_stays_stale_is_an_error(url: str, interfaces: Interfaces) -> None:
    """It is not fetched without end."""
    interfaces.refusals = [42001, 42001, 42001]
    with pytest.raises(ApiError) as raised:
        calls(url)
    assert (raised.value.code, raised.value.is_passing) == (42001, True)
    assert interfaces.calls == {"stable_token": 2, "send": 2}


def test_a_token_is_fetched_before_it_ends(url: str, interfaces: Interfaces) -> None:
    """It is not waited for the platform to say so."""
    now = [0.0]
    calls(url, 2, clock=lambda: now[0], between=lambda: now.append(now.pop() + 7000))
    assert interfaces.calls["stable_token"] == 2


def test_a_gateway_that_lacks_the_stable_interface(interfaces: Interfaces) -> None:
    """The older one is asked."""
    interfaces.gone = frozenset({"stable_token"})
    with hosting(interfaces.app) as url:
        assert len(calls(url)) == 1
    assert interfaces.calls["token"] == 1


def test_many_at_once_fetch_one_token(url: str, interfaces: Interfaces) -> None:
    """The others wait for it."""

    async def work() -> None:
        async with PlatformApi(url, token_of_wechat(ACCOUNT)) as api:
            await asyncio.gather(*(api.call(PATH, BODY) for _ in range(8)))

    asyncio.run(work())
    assert interfaces.calls == {"stable_token": 1, "send": 8}


def test_wecom_has_a_token_of_its_own(url: str, interfaces: Interfaces) -> None:
    """By the id of the company and the secret of the application."""
    account = WeComAccount("t", "ww1", (), "the-secret", 1)

    async def work() -> None:
        async with PlatformApi(url, token_of_wecom(account)) as api:
            await api.call("/cgi-bin/message/send", BODY)

    asyncio.run(work())
    assert interfaces.calls == {"gettoken": 1, "send": 1}


def test_a_refusal_is_explained(url: str, interfaces: Interfaces) -> None:
    """In Chinese, with the number and the platform's own words."""
    interfaces.refusals = [48001]
    with pytest.raises(ApiError, match=r"48001.*没有这个接口的权限") as raised:
        calls(url)
    assert not raised.value.is_passing
    interfaces.refusals = [12345]
    with pytest.raises(ApiError, match=r"12345.*全局返回码"):
        calls(url)


def test_a_platform_out_of_reach_is_said() -> None:
    """Without an address, which would have the token in it."""
    with pytest.raises(ApiError, match="连不上") as raised:
        calls("http://127.0.0.1:9")
    assert raised.value.is_passing
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *[("<html>", 200), ("[]", 200), ("{}", 200), ("{}", 500)],
        *[('{"errcode": null}', 200), ('{"errcode": "x"}', 200), ('{"errcode": [1]}', 200)],
        ('{"access_token": "t", "expires_in": null}', 200),
        ('{"access_token": "t", "expires_in": "soon"}', 200),
    ],
)
def test_what_is_no_answer_is_said(text: str, status: int) -> None:
    """A proxy in between, another service at the address."""

    async def odd(_request: Request) -> Response:
        return PlainTextResponse(text, status)

    app = Starlette(routes=[Route("/{rest:path}", odd, methods=["GET", "POST"])])
    with hosting(app) as url, pytest.raises(ApiError, match="没有按约定回答"):
        calls(url)
