"""The page that says in plain words what is kept, for how long, and how it is deleted."""

from __future__ import annotations

from html import escape

from starlette.requests import Request
from starlette.responses import Response

from bot.requests import resources_of
from bot.widget.frame import language_wanted, page
from bot.widget.wording import say

# What is kept, a row each: its name, and for how long.
_ROWS = ("state", "journal", "feedback", "people", "waiting", "account")


async def privacy(request: Request) -> Response:
    """The page, with the days of this deployment."""
    language = language_wanted(request)
    days = resources_of(request).settings.retention_days
    heads = say("privacy_head", language).split("|")
    fields = {
        "head": "".join(f'<th scope="col">{escape(head)}</th>' for head in heads),
        "rows": "\n".join(_row(name, language, days) for name in _ROWS),
    }
    return page("privacy.html", language, fields)


def _row(name: str, language: str, days: int) -> str:
    what, how_long = say(f"privacy_row_{name}", language, days=days).split("|")
    return f'<tr><th scope="row">{escape(what)}</th><td>{escape(how_long)}</td></tr>'
