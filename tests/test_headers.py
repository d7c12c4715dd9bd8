"""Every answer has the headers of safety, whatever it is and whoever made it."""

from __future__ import annotations

import re

import pytest
from msgspec import structs
from starlette.routing import Route
from starlette.testclient import TestClient

from bot.accounts import Accounts
from bot.resources import Resources
from bot.server import application

TOKEN = "0123456789abcdef"  # noqa: S105 - of nobody
HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def served(shared: Resources) -> Resources:
    """A deployment with a keeper and assistants."""
    settings = structs.replace(
        shared.settings, admin_token=TOKEN, accounts=Accounts(mcp_token=TOKEN)
    )
    return structs.replace(shared, settings=settings)


def addresses(resources: Resources) -> list[str]:
    """Every address of the server, and some that there are not."""
    app = application(resources)
    found = [route.path for route in app.router.routes if isinstance(route, Route)]
    return [re.sub(r"\{.*?\}", "pages.css", path) for path in found] + ["/nothing", "/%00"]


def test_every_answer_has_the_headers_of_safety(served: Resources) -> None:
    """Also refusals, other methods, and what there is not; a policy fits what it is sent with."""
    with TestClient(application(served), raise_server_exceptions=False) as client:
        for path in addresses(served):
            for method in ("GET", "POST", "OPTIONS", "BREW"):
                headers = client.request(method, path, headers=HTML).headers
                assert headers["x-content-type-options"] == "nosniff", (method, path)
                assert headers["referrer-policy"] in {"no-referrer", "same-origin"}
                assert "default-src 'none'" in headers["content-security-policy"]
                assert "camera=()" in headers["permissions-policy"]
                assert "server" not in headers
                assert "strict-transport-security" not in headers


def test_tls_is_remembered_only_by_way_of_tls(served: Resources) -> None:
    """Said in the clear it would count for nothing."""
    with TestClient(application(served), "https://bot.example.cn") as client:
        assert "max-age=" in client.get("/healthz").headers["strict-transport-security"]


def test_what_is_no_page_runs_nothing(served: Resources) -> None:
    """A script, a picture or data that is opened as a page may load nothing and be in no frame."""
    with TestClient(application(served)) as client:
        for path in ("/widget.js", "/widget/icon.svg", "/openapi.json", "/metrics"):
            policy = client.get(path).headers["content-security-policy"]
            assert "sandbox" in policy
            assert "frame-ancestors 'none'" in policy
