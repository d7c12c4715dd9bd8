"""The addresses of the desk: its pages, and the data that its page asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import agents, flags, logins, notes, sessions, staffing
from bot.api import region_of
from bot.channels.pressure import CrowdedError, Pressure
from bot.days import today
from bot.desk import doors, handovers, templates
from bot.desk.calls import Expense, NotAnAmount, answered, hits, reckoned
from bot.desk.cards import card_of
from bot.desk.comparing import comparison
from bot.desk.doors import HOME, LOGIN, Visit, change, data, fields_of, form, open_to_all, page
from bot.desk.phrases import phrase
from bot.desk.sheets import Caller, sheet
from bot.flags import Flagged, Understood
from bot.limiting import LOGIN_ADDRESS, LOGIN_NAME, Limits, sender
from bot.logins import COOKIE, LONGEST
from bot.messages import Message
from bot.problems import Problem
from bot.requests import id_of, json_response, record_of, resources_of
from bot.search import Hit, index_of
from bot.store import Store
from bot.turns import in_turn
from knowledge.errors import UnknownRegion
from knowledge.schema import POPULATIONS

_PATIENCE = 20.0  # seconds that a login may take, the wait for others before it among them
_AGAIN = 2  # seconds after which who had to make room may try again
_HITS = 9  # that are shown while somebody types
_MOST_TYPED = 4000  # characters of a question, a remark, a note
_DIGITS = 9


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question of a call, and what is known of the caller."""

    call: str
    text: str
    caller: Caller = Caller()


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note to be kept."""

    text: str
    caller: Caller = Caller()


class Ended(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call that is over."""

    call: str


_question = msgspec.json.Decoder(Question)
_kept = msgspec.json.Decoder(Kept)
_ended = msgspec.json.Decoder(Ended)
_flagged = msgspec.json.Decoder(Flagged)
_expense = msgspec.json.Decoder(Expense)


async def desk(visit: Visit) -> Response:
    """The desk itself."""
    # Made before the first key is pressed, and never in the way of another request.
    await run_in_threadpool(index_of, visit.resources.service, today())
    return templates.desk(visit.resources.service, visit.login)


async def home(_visit: Visit) -> Response:
    """The address with a slash behind it."""
    return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)


async def login(request: Request) -> Response:
    """The page to log in; the desk for who is logged in."""
    if await doors.login_of(request):
        return RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    return templates.login()


async def log_in(request: Request) -> Response:
    """Look at a name and a password; the same answer for whatever is wrong with them."""
    if not doors.is_own(request.headers):
        return templates.login(phrase("login_origin"), status=HTTPStatus.FORBIDDEN)
    fields = await fields_of(request)
    name, password = fields.get("name", "").strip(), fields.get("password", "")
    if seconds := await _too_often(request, name):
        return _put_off("login_fast", name, HTTPStatus.TOO_MANY_REQUESTS, seconds)
    gate: Pressure = request.app.state.gate
    work = partial(_let_in, resources_of(request).store, name, password)
    try:
        token = await gate.within(_PATIENCE, work)
    except CrowdedError:
        return _put_off("login_crowded", name, HTTPStatus.SERVICE_UNAVAILABLE, _AGAIN)
    if token is None:
        wrong = phrase("login_wrong", failures=agents.FAILURES, minutes=agents.LOCKED // 60)
        return templates.login(wrong, name=name, status=HTTPStatus.FORBIDDEN)
    response = RedirectResponse(HOME, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE, token, max_age=LONGEST, path="/", secure=True, httponly=True, samesite="strict"
    )
    return response


async def _too_often(request: Request, name: str) -> int:
    """Count a try of an address and of a name; the seconds to wait, 0 where it may be looked at."""
    limits: Limits = request.app.state.limits
    waits = await limits.wait(LOGIN_ADDRESS, sender(request.scope))
    return waits or await limits.wait(LOGIN_NAME, name[:40])


def _let_in(store: Store, name: str, password: str) -> str | None:
    """The token of a new login; None for who is not admitted. Raises StoreError."""
    return logins.begin(store, name) if agents.admits(store, name, password) else None


def _put_off(sentence: str, name: str, status: HTTPStatus, seconds: int) -> Response:
    response = templates.login(phrase(sentence, seconds=seconds), name=name, status=status)
    response.headers["Retry-After"] = str(seconds)
    return response


async def log_out(visit: Visit) -> Response:
    """End the login."""
    store, token = visit.resources.store, visit.request.cookies.get(COOKIE, "")
    await store.run(partial(staffing.left, store, visit.login.agent))
    await store.run(partial(logins.end, store, token))
    response = RedirectResponse(LOGIN, HTTPStatus.SEE_OTHER)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return response


async def search(visit: Visit) -> Response:
    """What the typed text may stand for."""
    caller = _caller(visit, visit.request.query_params)
    text = visit.request.query_params.get("q", "")
    found = hits(visit.resources.service, text, caller, day=today(), limit=_HITS)
    return json_response({"hits": [_shown(visit, hit) for hit in found]})


async def card(visit: Visit) -> Response:
    """A card, whole."""
    asked = visit.request.query_params
    kind, id_, region = asked.get("kind", ""), asked.get("id", ""), asked.get("region", "")
    try:
        caller = _caller(visit, {**asked, "region": ""})  # of the card, not of the caller
        on = sheet(visit.resources.service, region, today(), caller)
        return json_response(card_of(on, kind, id_))
    except (LookupError, UnknownRegion) as error:
        raise Problem("card", HTTPStatus.NOT_FOUND, id=id_[:40]) from error


async def compared(visit: Visit) -> Response:
    """Two sides, row by row."""
    left, right = (visit.request.query_params.get(side, "") for side in ("left", "right"))
    try:
        return json_response(comparison(visit.resources.service, today(), left, right))
    except (LookupError, UnknownRegion) as error:
        raise Problem("card", HTTPStatus.NOT_FOUND, id=f"{left} {right}"[:80]) from error


async def calculated(visit: Visit) -> Response:
    """What an expense comes to. Changes nothing; a body, since what was spent is nobody's URL."""
    expense = await record_of(visit.request, _expense)
    try:
        return json_response(reckoned(visit.resources.service, expense, day=today()))
    except NotAnAmount as error:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("amount", status, key=error.key) from error
    except UnknownRegion as error:
        raise Problem("card", HTTPStatus.NOT_FOUND, id=expense.region[:40]) from error


async def asked(visit: Visit) -> Response:
    """A question as a turn of the call."""
    question = await record_of(visit.request, _question)
    text = _filled(question.text, "text")
    caller = _caller(visit, msgspec.structs.asdict(question.caller))
    call = question.call if sessions.is_id(question.call) else sessions.new_id()
    said = Message(id_of(visit.request), "desk", call, text, datetime.now(UTC))
    work = partial(answered, visit.resources, said, caller, day=today())
    return json_response(await in_turn(visit.request, work))


async def ended(visit: Visit) -> Response:
    """Forget a call, and name the next one."""
    over = await record_of(visit.request, _ended)
    store = visit.resources.store
    if sessions.is_id(over.call):
        await store.run(partial(sessions.forget, store, over.call))
    return json_response({"call": sessions.new_id()})


async def flag(visit: Visit) -> Response:
    """Keep what an agent holds to be wrong."""
    raised = await record_of(visit.request, _flagged)
    raised = msgspec.structs.replace(
        raised,
        remark=_bare(visit, _filled(raised.remark, "remark")),
        question=_bare(visit, _filled(raised.question, "question")),
        answer=_bare(visit, raised.answer),
        understood=_understood(visit, raised.understood),
    )
    store, packs = visit.resources.store, visit.resources.packs
    work = partial(flags.raise_flag, store, raised, agent=visit.login.agent, packs=packs)
    number = await store.run(work)
    return json_response({"id": number}, status=HTTPStatus.CREATED)


async def flags_page(visit: Visit) -> Response:
    """All flags, the open ones first."""
    store = visit.resources.store
    return templates.flags(await store.run(partial(flags.listed, store)), visit.login)


async def close_flag(visit: Visit) -> Response:
    """Close a flag with a reason."""
    number = _number(visit.request.path_params["number"])
    because = _bare(visit, _filled(visit.form.get("because", "").strip(), "because"))
    store, agent = visit.resources.store, visit.login.agent
    await store.run(partial(flags.close, store, number, by=agent, because=because))
    return RedirectResponse("/desk/flags", HTTPStatus.SEE_OTHER)


async def note(visit: Visit) -> Response:
    """Keep a note."""
    kept = await record_of(visit.request, _kept)
    text = _bare(visit, _filled(kept.text, "text"))
    told = msgspec.structs.asdict(kept.caller)
    _caller(visit, told)
    context = {name: value for name, value in told.items() if value}
    store, agent = visit.resources.store, visit.login.agent
    number = await store.run(partial(notes.save, store, agent, text, context))
    return json_response({"id": number}, status=HTTPStatus.CREATED)


async def notes_page(visit: Visit) -> Response:
    """One's own notes."""
    store = visit.resources.store
    found = await store.run(partial(notes.listed, store, visit.login.agent))
    return templates.notes(found, visit.resources.service, visit.login)


async def drop_note(visit: Visit) -> Response:
    """Drop a note of one's own."""
    number = _number(visit.request.path_params["number"])
    store = visit.resources.store
    await store.run(partial(notes.drop, store, visit.login.agent, number))
    return RedirectResponse("/desk/notes", HTTPStatus.SEE_OTHER)


async def asset(request: Request) -> Response:
    """A file of the page that holds nothing to hide: its scripts and its style."""
    return templates.asset(request.path_params["name"], request.headers.get("if-none-match"))


def _shown(visit: Visit, hit: Hit) -> dict[str, str]:
    region = visit.resources.service.library.pack(hit.region).region.name
    return {**msgspec.structs.asdict(hit), "region_name": region}


def _caller(visit: Visit, said: Mapping[str, str]) -> Caller:
    """What is known of the caller, every value one that there is. Raises Problem."""
    library = visit.resources.service.library
    region = region_of(visit.resources, said.get("region") or None) or ""
    known: dict[str, set[str]] = {
        "scheme": {*POPULATIONS},
        "population": {one for several in POPULATIONS.values() for one in several},
        "disease": {one.id for pack in library.packs for one in pack.diseases},
    }
    values = {name: said.get(name, "") for name in known}
    for name, value in values.items():
        if value and value not in known[name]:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            raise Problem("caller", status, key=name, value=value[:40])
    return Caller(region, **values)


def _filled(text: str, key: str) -> str:
    """A text that says something and is not too long. Raises Problem."""
    if not text.strip() or len(text) > _MOST_TYPED:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        raise Problem("typed", status, key=key, most=_MOST_TYPED)
    return text


def _bare(visit: Visit, text: str) -> str:
    """A text that may be kept: without numbers and names of persons.

    Nor with the character that no database server takes.
    """
    return visit.resources.service.redacted(text.replace("\x00", "")).text


def _understood(visit: Visit, said: Understood) -> Understood:
    """What was understood, as a page sends it: its texts as they may be kept."""
    return {
        _bare(visit, name): _bare(visit, value)
        if isinstance(value, str)
        else {_bare(visit, k): _bare(visit, v) for k, v in value.items()}
        if isinstance(value, dict)
        else value
        for name, value in said.items()
    }


def _number(text: str) -> int:
    """A number in an address. Raises Problem for none."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise Problem("card", HTTPStatus.NOT_FOUND, id=text[:40])
    return int(text)


ROUTES: list[BaseRoute] = [
    Route(HOME, page(desk)),
    Route(f"{HOME}/", page(home)),
    Route(LOGIN, open_to_all(login), methods=["GET"]),
    Route(LOGIN, open_to_all(log_in), methods=["POST"]),
    Route("/desk/logout", form(log_out), methods=["POST"]),
    Route("/desk/assets/{name}", open_to_all(asset)),
    Route("/desk/search", data(search)),
    Route("/desk/card", data(card)),
    Route("/desk/compare", data(compared)),
    Route("/desk/calculate", change(calculated), methods=["POST"]),
    Route("/desk/ask", change(asked), methods=["POST"]),
    Route("/desk/call", change(ended), methods=["POST"]),
    Route("/desk/flag", change(flag), methods=["POST"]),
    Route("/desk/flags", page(flags_page)),
    Route("/desk/flags/{number}/close", form(close_flag), methods=["POST"]),
    Route("/desk/note", change(note), methods=["POST"]),
    Route("/desk/notes", page(notes_page)),
    Route("/desk/notes/{number}/drop", form(drop_note), methods=["POST"]),
    *handovers.ROUTES,
]
