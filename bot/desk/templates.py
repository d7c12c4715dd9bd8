"""The pages of the desk: templates with every field escaped, and the files they load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from string import Template
from typing import get_args

import msgspec
from starlette.responses import HTMLResponse, Response

from bot import sessions
from bot.compose.wording import say
from bot.days import CHINA
from bot.desk.calls import reading
from bot.desk.phrases import phrase, phrases
from bot.flags import Flag
from bot.logins import Login
from bot.notes import Note
from bot.problems import Problem
from bot.service import Service
from knowledge.schema import POPULATIONS, Hospital

FOLDER = Path(__file__).parent
ASSETS = {
    "desk.js": "text/javascript",
    "search.js": "text/javascript",
    "caller.js": "text/javascript",
    "cards.js": "text/javascript",
    "elements.js": "text/javascript",
    "handovers.js": "text/javascript",
    "dialogue.js": "text/javascript",
    "desk.css": "text/css",
    "handovers.css": "text/css",
}


def desk(served: Service, login: Login) -> Response:
    """The desk of an agent; what its script needs lies in one attribute, as JSON."""
    packs = served.library.local
    told = {
        "words": phrases(),
        "csrf": login.csrf,
        "call": sessions.new_id(),
        "region": served.region or "",
        "regions": [
            {
                "id": pack.region.id,
                "name": pack.region.name,
                "diseases": [{"id": one.id, "name": one.short} for one in pack.diseases],
            }
            for pack in packs
        ],
        "hospitals": [{"id": one, "name": say(one)} for one in get_args(Hospital)],
        "schemes": [
            {
                "id": scheme,
                "name": say(scheme),
                "populations": [{"id": one, "name": say(one)} for one in populations],
            }
            for scheme, populations in POPULATIONS.items()
        ],
    }
    return _page(
        "desk.html",
        {"data": msgspec.json.encode(told).decode(), "packs": served.packs, **_of(login)},
    )


def handovers(served: Service, login: Login) -> Response:
    """The page on which an agent takes conversations over."""
    told = {
        "words": phrases(),
        "csrf": login.csrf,
        "call": sessions.new_id(),
        "region": served.region or "",
    }
    fields = {"data": msgspec.json.encode(told).decode(), **_of(login)}
    return _page("handovers.html", fields)


def login(wrong: str = "", *, name: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
    """The page to log in, with what was wrong the last time."""
    return _page("login.html", {"wrong": wrong, "name": name}, status=status)


def flags(found: Iterable[Flag], login: Login) -> Response:
    """All flags; an open one with the form that closes it."""
    rows = "".join(_flag(flag, login) for flag in found)
    return _page("flags.html", _of(login), safe={"rows": rows or _none("flags_none")})


def notes(found: Iterable[Note], served: Service, login: Login) -> Response:
    """One's own notes, each with the form that drops it."""
    rows = "".join(_note(note, served, login) for note in found)
    return _page("notes.html", _of(login), safe={"rows": rows or _none("notes_none")})


def asset(name: str, known: str | None) -> Response:
    """A script or the style; nothing but its tag where the browser has it. Raises Problem."""
    if name not in ASSETS:
        raise Problem("not_found", HTTPStatus.NOT_FOUND, path=name[:40])
    body, tag = _asset(name)
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if known == tag:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, media_type=ASSETS[name], headers=headers)


@cache
def _asset(name: str) -> tuple[bytes, str]:
    body = (FOLDER / name).read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'


@cache
def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text("utf-8"))


def _filled(name: str, fields: dict[str, str], safe: dict[str, str]) -> str:
    """A template with the words of the desk and these fields, all escaped but what is `safe`."""
    shown = {f"w_{key}": escape(text) for key, text in phrases().items()}
    shown |= {key: escape(text) for key, text in fields.items()}
    return _template(name).substitute(shown | safe)


def _page(
    name: str,
    fields: dict[str, str],
    *,
    status: HTTPStatus = HTTPStatus.OK,
    safe: dict[str, str] | None = None,
) -> Response:
    return HTMLResponse(_filled(name, fields, safe or {}), status)


def _of(login: Login) -> dict[str, str]:
    return {"agent": login.agent, "csrf": login.csrf}


def _none(name: str) -> str:
    return f'<p class="empty">{escape(phrase(name))}</p>'


def _flag(flag: Flag, login: Login) -> str:
    fields = {
        "number": str(flag.id),
        "heading": phrase("flag_number", id=flag.id),
        "question": flag.question,
        "answer": flag.answer,
        "remark": flag.remark,
        "understood": msgspec.json.encode(flag.understood).decode(),
        "raised": f"{flag.agent} {_when(flag.at)}",
        "packs": flag.packs,
        "because": flag.closed_because or "",
        "closed": f"{flag.closed_by} {_when(flag.closed)}" if flag.closed else "",
        "close_label": phrase("flag_close_of", id=flag.id),
        "csrf": login.csrf,
    }
    state = _filled("flag-closed.html" if flag.closed else "flag-open.html", fields, {})
    return _filled("flag.html", fields, {"state": state})


def _note(note: Note, served: Service, login: Login) -> str:
    known = "　".join(field.value for field in reading(served, note.context))
    at = _when(note.at)
    fields = {
        "number": str(note.id),
        "at": at,
        "known": known,
        "text": note.text,
        "drop_label": phrase("note_drop_of", at=at),
        "csrf": login.csrf,
    }
    return _filled("note.html", fields, {})


def _when(at: int) -> str:
    """A time as the agents' clock shows it."""
    return datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d %H:%M")
