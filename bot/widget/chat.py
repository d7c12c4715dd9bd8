"""The conversation as a full page; without a script it is a plain form."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from bot import sessions
from bot.answers import reply
from bot.conversing import respond
from bot.errors import StoreError
from bot.messages import Message, Reply
from bot.problems import Problem
from bot.requests import id_of, resources_of
from bot.resources import Resources
from bot.traditional import HANS, HANT, in_traditional
from bot.widget.forms import fields_of, region_named
from bot.widget.frame import language_wanted, page
from bot.widget.rendering import hidden, is_printable, option_buttons, reply_html
from bot.widget.wording import say


class Shown(Struct, frozen=True):
    """What the page shows: the last turn, what is still typed, what there is to say about it."""

    language: str
    region: str | None = None
    session: str | None = None
    asked: str = ""
    said: Reply | None = None
    typed: str = ""
    notice: str = ""
    status: int = HTTPStatus.OK


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
    answering = partial(_answered, resources, fields, id_of(request))
    return _page(resources, await resources.store.run(answering), scripted=False)


def _answered(resources: Resources, fields: dict[str, str], turn: str) -> Shown:
    language = HANT if fields.get("language") == HANT else HANS
    region = region_named(resources, fields.get("region"))
    given = fields.get("session", "")
    session = given if sessions.is_id(given) else None
    text = fields.get("text", "").strip()
    if not text:
        return Shown(language, region, session, notice=say("chat_none", language))
    message = Message(turn, "web", session or sessions.new_id(), text, datetime.now(UTC))
    try:
        said = reply(respond(resources, message, region=region))
    except StoreError:
        notice = say("chat_out_of_reach", language)
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return Shown(language, region, session, typed=text, notice=notice, status=status)
    said = in_traditional(said) if language == HANT else said
    typed = text if said.status == "error" else ""  # too long: to be made shorter, not lost
    return Shown(language, region, said.session, text, said, typed)


def _page(resources: Resources, shown: Shown, *, scripted: bool) -> Response:
    language = shown.language
    carried = {
        "session": shown.session,
        "region": shown.region,
        "language": HANT if language == HANT else None,
    }
    plain = say("chat_plain", language) if scripted else ""
    again = {key: value for key, value in carried.items() if value and key != "session"}
    fields = {
        "region": escape(shown.region or ""),
        "plain": f"<noscript><p>{escape(plain)}</p></noscript>" if plain else "",
        "notice": f'<p class="notice" role="alert">{escape(shown.notice)}</p>'
        if shown.notice
        else "",
        "turn": _turn(shown, carried),
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


def _form(action: str, kind: str, content: str) -> str:
    return f'<form method="post" action="{action}" class="{kind}">{content}</form>'
