"""The conversation as a full page; without a script it is a plain form."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode

from msgspec import Struct, structs
from starlette.requests import Request
from starlette.responses import Response

from bot import sessions
from bot.answers import reply
from bot.conversing import respond
from bot.errors import StoreError
from bot.events import Events, news
from bot.limiting import hold_address, hold_session
from bot.messages import Message, Reply
from bot.problems import Problem
from bot.requests import id_of, resources_of
from bot.resources import Resources
from bot.traditional import HANS, HANT, converted, in_traditional
from bot.turns import in_turn
from bot.widget.forms import fields_of, region_named
from bot.widget.frame import language_wanted, page
from bot.widget.rendering import hidden, is_printable, option_buttons, reply_html
from bot.widget.wording import say

_AGAIN = frozenset({"region", "language"})  # what a conversation that begins anew takes along
_DIGITS = 10  # of the number of a line, at most


class Shown(Struct, frozen=True):
    """What the page shows: the last turn, what is still typed, what there is to say about it.

    `again` is the seconds after which it may be sent again.
    """

    language: str
    region: str | None = None
    session: str | None = None
    asked: str = ""
    said: Reply | None = None
    typed: str = ""
    notice: str = ""
    status: int = HTTPStatus.OK
    again: str = ""
    people: Events | None = None


async def chat(request: Request) -> Response:
    """The page before anything was asked."""
    resources = resources_of(request)
    region = region_named(resources, request.query_params.get("region"))
    shown = Shown(language_wanted(request), region)
    return _page(resources, shown, scripted=True)


async def asked(request: Request) -> Response:
    """The page with the answer to what its form sent."""
    resources = resources_of(request)
    try:
        fields = await fields_of(request)
    except Problem as problem:
        document = problem.document
        shown = Shown(language_wanted(request), notice=document.detail, status=document.status)
        return _page(resources, shown, scripted=False)
    shown = await _answered(request, resources, fields)
    response = _page(resources, shown, scripted=False)
    if shown.again:
        response.headers["Retry-After"] = shown.again
    return response


async def _answered(request: Request, resources: Resources, fields: dict[str, str]) -> Shown:
    language = HANT if fields.get("language") == HANT else HANS
    region = region_named(resources, fields.get("region"))
    given = fields.get("session", "")
    session = given if sessions.is_id(given) else None
    text = resources.service.redacted(fields.get("text", "").strip()).text
    if session and "look" in fields:
        looked = partial(_looked, resources, fields, Shown(language, region, session))
        return await resources.store.run(looked)
    if not text:
        return Shown(language, region, session, notice=say("chat_none", language))
    message = Message(id_of(request), "web", session or sessions.new_id(), text, datetime.now(UTC))
    try:
        await hold_address(request)
        await hold_session(request, session)
        work = partial(respond, resources, message, region=region)
        said = reply(await in_turn(request, work))
    except StoreError:
        notice = say("chat_out_of_reach", language)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return Shown(language, region, session, typed=text, notice=notice, status=status)
    except Problem as problem:
        return _put_off(problem, Shown(language, region, session, typed=text))
    said = in_traditional(said) if language == HANT else said
    typed = text if said.status == "error" else ""  # too long: to be made shorter, not lost
    shown = Shown(language, region, said.session, text, said, typed)
    return await resources.store.run(partial(_with_people, resources, fields, shown))


def _looked(resources: Resources, fields: dict[str, str], shown: Shown) -> Shown:
    """What an agent has said since the page was loaded."""
    try:
        found = _told_by_people(resources, fields, shown)
    except StoreError:
        notice = say("chat_out_of_reach", shown.language)
        return structs.replace(shown, notice=notice, status=HTTPStatus.SERVICE_UNAVAILABLE)
    if found.notice or (found.people and found.people.events):
        return found
    return structs.replace(found, notice=say("chat_looked", shown.language))


def _with_people(resources: Resources, fields: dict[str, str], shown: Shown) -> Shown:
    """What is shown, with what people said that was not; without it where that is out of reach."""
    try:
        return _told_by_people(resources, fields, shown)
    except StoreError:
        return shown


def _told_by_people(resources: Resources, fields: dict[str, str], shown: Shown) -> Shown:
    after = fields.get("after", "0")
    known = int(after) if after.isascii() and after.isdigit() and len(after) < _DIGITS else 0
    return structs.replace(shown, people=news(resources, shown.session or "", known))


def _put_off(problem: Problem, shown: Shown) -> Shown:
    """The page of who has to wait: what was typed is still there."""
    status = problem.document.status
    again = problem.headers.get("Retry-After", "1")
    sentence = "chat_wait" if status == HTTPStatus.TOO_MANY_REQUESTS else "chat_crowded"
    notice = say(sentence, shown.language, seconds=again)
    return structs.replace(shown, notice=notice, status=status, again=again)


def _page(resources: Resources, shown: Shown, *, scripted: bool) -> Response:
    language = shown.language
    carried = {
        "session": shown.session,
        "region": shown.region,
        "language": HANT if language == HANT else None,
        "after": str(shown.people.last) if shown.people and shown.people.last else None,
    }
    plain = say("chat_plain", language) if scripted else ""
    again = {key: value for key, value in carried.items() if value and key in _AGAIN}
    fields = {
        "region": escape(shown.region or ""),
        "plain": f"<noscript><p>{escape(plain)}</p></noscript>" if plain else "",
        "notice": f'<p class="notice" role="alert">{escape(shown.notice)}</p>'
        if shown.notice
        else "",
        "turn": _turn(shown, carried) + _people(shown, carried),
        "hidden": hidden(carried),
        "typed": escape(shown.typed),
        "anew": escape(f"chat?{urlencode(again)}" if again else "chat"),
        # Who came here by the form goes on by the form, so that no answer vanishes.
        "script": '<script src="widget.js" defer></script>' if scripted else "",
    }
    kept = {"region": shown.region}
    origins = resources.settings.origins
    response = page("chat.html", language, fields, kept=kept, framed_by=origins)
    response.status_code = shown.status
    return response


def _turn(shown: Shown, carried: dict[str, str | None]) -> str:
    if shown.said is None:
        return ""
    said, language = shown.said, shown.language
    line = f'<p class="asked"><b>{escape(say("chat_question", language))}</b>'
    line += f"{escape(shown.asked)}</p>"
    parts = [line, f'<div class="answer">{reply_html(said, language)}</div>']
    if said.options:
        label = escape(say("widget_options", language))
        buttons = f"<p>{label}</p>{option_buttons(said.options)}"
        parts.append(_form("chat", "choices", hidden(carried) + buttons))
    if is_printable(said):
        button = f"<button>{escape(say('widget_print', language))}</button>"
        parts.append(_form("print", "ways", hidden(carried) + button))
    return f'<article class="turn">{"".join(parts)}</article>'


def _people(shown: Shown, carried: dict[str, str | None]) -> str:
    """What people said, and the button that looks for more while they are there."""
    found, language = shown.people, shown.language
    if found is None:
        return ""
    label = escape(say("chat_agent", language))
    told = "".join(
        f"<p><b>{label}</b>{_lined(one.text, language)}</p>"
        if one.author == "agent"
        else f"<p>{_lined(one.text, language)}</p>"
        for one in found.events
    )
    shown_lines = f'<div class="answer people" role="status">{told}</div>' if told else ""
    if found.state == "bot":
        return shown_lines
    button = f'<button name="look" value="1">{escape(say("chat_look", language))}</button>'
    return shown_lines + _form("chat", "ways", hidden(carried) + button)


def _lined(text: str, language: str) -> str:
    told = converted(text) if language == HANT else text
    return escape(told).replace("\n", "<br>")


def _form(action: str, kind: str, content: str) -> str:
    return f'<form method="post" action="{action}" class="{kind}">{content}</form>'
