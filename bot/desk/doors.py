"""Who may come in: each address of the desk stands behind one of these doors.

Where no agent is let in there is no desk: 404. A page sends who is not logged in to the login
page, data answers 401. What changes something also wants the token of the login and to be asked
for by a page of this server.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from urllib.parse import parse_qs

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot import agents, logins
from bot.logins import COOKIE, Login
from bot.problems import Problem
from bot.requests import body_of, resources_of
from bot.resources import Resources
from bot.store import Store

HOME = "/desk"
LOGIN = f"{HOME}/login"
_CSRF = "x-csrf-token"  # the header of a change; a form has a field `csrf`
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_MOST = 16 * 1024  # bytes of a form


class Visit(Struct, frozen=True):
    """A request of somebody who is logged in, and the fields of its form, if it has one."""

    request: Request
    resources: Resources
    login: Login
    form: dict[str, str] = {}


Handler = Callable[[Visit], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]


def open_to_all(handler: Endpoint) -> Endpoint:
    """An address for everybody, with the headers of the desk; none while nobody works there."""

    async def entered(request: Request) -> Response:
        await _hold_staffed(resources_of(request).store)
        return await handler(request)

    return _dressed(entered)


def _dressed(handler: Endpoint) -> Endpoint:
    async def entered(request: Request) -> Response:
        try:
            return dressed(await handler(request))
        except Problem as problem:
            return dressed(problem.response())

    return entered


def page(handler: Handler) -> Endpoint:
    """A page: who is not logged in is sent to log in."""

    async def entered(request: Request) -> Response:
        visit = await _visit(request)
        return await handler(visit) if visit else to_login()

    return _dressed(entered)


def data(handler: Handler) -> Endpoint:
    """Data that is read: 401 for who is not logged in."""

    async def entered(request: Request) -> Response:
        return await handler(await _known(request))

    return _dressed(entered)


def change(handler: Handler) -> Endpoint:
    """A change that a script asks for: with the token in a header."""

    async def entered(request: Request) -> Response:
        visit = await _known(request)
        _hold(visit, request.headers.get(_CSRF, ""))
        return await handler(visit)

    return _dressed(entered)


def form(handler: Handler) -> Endpoint:
    """A change that a form asks for: with the token in a field."""

    async def entered(request: Request) -> Response:
        visit = await _visit(request)
        if visit is None:
            return to_login()
        fields = await fields_of(request)
        _hold(visit, fields.get("csrf", ""))
        return await handler(Visit(request, visit.resources, visit.login, fields))

    return _dressed(entered)


def is_own(headers: Mapping[str, str]) -> bool:
    """Whether a page of this server asks: by its origin, else by what the browser says of it."""
    origin = headers.get("origin", "null")
    if origin != "null":
        host = headers.get("host")
        return bool(host) and origin.partition("://")[2] == host
    return headers.get("sec-fetch-site") == "same-origin"


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form; of one that comes twice the last. Raises Problem."""
    raw = await body_of(request, most=_MOST)
    try:
        found = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise Problem("query_form", HTTPStatus.BAD_REQUEST) from error
    return {name: values[-1] for name, values in found.items()}


def to_login() -> Response:
    """The way to the login page."""
    return RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)


def dressed(response: Response) -> Response:
    """A response with the headers of the desk, where it has none of its own."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


async def login_of(request: Request) -> Login | None:
    """Who sends a request. Raises Problem where there is no desk, and StoreError."""
    store, token = resources_of(request).store, request.cookies.get(COOKIE)
    login = await store.run(partial(logins.current, store, token)) if token else None
    if login is None:  # who is logged in works here
        await _hold_staffed(store)
    return login


async def _hold_staffed(store: Store) -> None:
    """Raises Problem where no agent is let in: then there is no desk, whoever asks."""
    if not await store.run(partial(agents.any_, store)):
        raise Problem("not_found", HTTPStatus.NOT_FOUND, path=HOME)


async def _visit(request: Request) -> Visit | None:
    login = await login_of(request)
    return Visit(request, resources_of(request), login) if login else None


async def _known(request: Request) -> Visit:
    visit = await _visit(request)
    if visit is None:
        headers = {"WWW-Authenticate": f'Session realm="{LOGIN}"'}
        raise Problem("login", HTTPStatus.UNAUTHORIZED, headers=headers)
    return visit


def _hold(visit: Visit, token: str) -> None:
    """Let a change through that this page asks for. Raises Problem."""
    if not (is_own(visit.request.headers) and logins.is_csrf(visit.login, token)):
        raise Problem("foreign", HTTPStatus.FORBIDDEN)
